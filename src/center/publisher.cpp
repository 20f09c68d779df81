#include "center/publisher.hpp"

#include "base/encoding.hpp"
#include "center/errors.hpp"
#include "record/checkpoint.hpp"

#include <map>

#include <fmt/format.h>

namespace urna::center {
namespace {

namespace kinds = record::kinds;

constexpr std::size_t kBatch = 256;
constexpr std::uint64_t kBatchBytes = std::uint64_t{64} << 20;

std::string sheet_path(const std::string& side, const Item& item) {
  const auto sheets = parse_sheets_text(item.sheets);
  const std::uint32_t segment = sheets.empty() ? 0 : sheets.front().segment;
  return base::join_path(side,
                         fmt::format("sheets/{}-{}-{}.sheet", item.station, segment,
                                     base::to_hex(ByteView(item.hash)).substr(0, 16)));
}

// What a station has sent, in the order of what says most.
std::string_view station_state(const std::vector<const Item*>& items) {
  const auto any = [&](std::string_view kind, State state) {
    return std::ranges::any_of(items, [&](const Item* item) {
      return item->kind == kind && item->state == state;
    });
  };
  const bool sheet = any(kSheetKind, State::published);
  if (any(kinds::package, State::conflict) || any(kSheetKind, State::conflict)) {
    return "conflict";
  }
  if (any(kinds::package, State::published)) return "published";
  if (any(kinds::package, State::verified) || any(kinds::package, State::received)) {
    return "arrived";
  }
  if (sheet) return "sheet only";
  if (any(kinds::package, State::refused) || any(kSheetKind, State::refused)) {
    return "refused";
  }
  return "missing";
}

base::Json item_json(const Item& item) {
  base::Json out = base::Json::object();
  out.set("kind", item.kind);
  out.set("name", item.name);
  out.set("hash", base::to_hex(item.hash));
  out.set("bytes", item.bytes);
  out.set("received", base::utc_text(item.time));
  out.set("state", state_name(item.state));
  if (!item.reason.empty()) out.set("reason", item.reason);
  return out;
}

}  // namespace

base::Json status_json(const std::vector<Item>& items,
                       const election::Definition& definition) {
  std::map<std::string_view, std::vector<const Item*>> by_station;
  for (const Item& item : items) by_station[item.station].push_back(&item);
  base::Json stations = base::Json::array();
  for (const auto& station : definition.stations()) {
    const auto found = by_station.find(station.code);
    base::Json one = base::Json::object();
    one.set("station", station.code);
    base::Json documents = base::Json::array();
    if (found == by_station.end()) {
      one.set("state", "missing");
    } else {
      one.set("state", station_state(found->second));
      for (const Item* item : found->second) documents.push(item_json(*item));
    }
    one.set("documents", std::move(documents));
    stations.push(std::move(one));
  }
  base::Json out = base::Json::object();
  out.set("format", "urna-intake-1");
  out.set("definition", base::to_hex(definition.hash()));
  out.set("stations", std::move(stations));
  return out;
}

Result<std::unique_ptr<Publisher>> Publisher::open(
    base::FileSystem& files, PublishPlaces places, base::Clock& clock,
    crypto::SigningKey log_key, Shelf& shelf, Store& store,
    const election::Definition& definition) {
  std::unique_ptr<Publisher> out(new Publisher(
      files, std::move(places), clock, std::move(log_key), shelf, store, definition));
  URNA_TRY(out->lock_,
           log::open_sqlite_lock(base::join_path(out->places_.state, "lock.sqlite")));
  URNA_CHECK(out->reopen());
  if (!out->places_.side.empty()) {
    URNA_CHECK(
        base::make_folder_durable(files, base::join_path(out->places_.side, "sheets")));
  }
  return out;
}

Result<void> Publisher::reopen() {
  recorder_.reset();
  URNA_TRY(const auto top, record::read_checkpoint(files_, places_.record));
  URNA_TRY(auto signer, log::NoteSigner::make(
                            top.checkpoint.origin, log::KeyType::ed25519,
                            crypto::SigningKey::from_seed(log_key_.expose_seed())));
  URNA_TRY(auto recorder,
           record::Recorder::open(files_, {places_.record, places_.state}, *lock_,
                                  clock_, std::move(signer)));
  recorder_.emplace(std::move(recorder));
  return {};
}

Result<void> Publisher::add(const std::vector<record::NewDocument>& documents) {
  const std::lock_guard lock(mutex_);
  return add_locked(documents);
}

Result<void> Publisher::add_locked(const std::vector<record::NewDocument>& documents) {
  if (!recorder_) URNA_CHECK(reopen());
  if (recorder_->add(documents)) return {};
  // Another program may have written to the log, or the disk was full for a moment.
  URNA_CHECK(reopen());
  auto added = recorder_->add(documents);
  if (added) return {};
  recorder_.reset();
  return std::unexpected(std::move(added).error());
}

Result<std::optional<Bytes>> Publisher::last(std::string_view kind,
                                             std::string_view name) {
  const std::lock_guard lock(mutex_);
  if (!recorder_) URNA_CHECK(reopen());
  const auto hash = recorder_->index().last(kind, name);
  if (!hash) return std::nullopt;
  return record::read_blob(files_, places_.record, kind, *hash);
}

std::uint64_t Publisher::log_size() {
  const std::lock_guard lock(mutex_);
  return recorder_ ? recorder_->log().size() : 0;
}

bool Publisher::record_differs(const Item& item) const {
  const auto& versions = recorder_->index().versions(item.kind, item.name);
  return std::ranges::any_of(
      versions, [&](const auto& version) { return version.hash != item.hash; });
}

Result<Publisher::Batch> Publisher::next_batch() {
  Batch out;
  std::uint64_t bytes = 0;
  URNA_TRY(auto items, store_.in_state(State::verified, kBatch));
  for (Item& item : items) {
    if (bytes > 0 && bytes + item.bytes > kBatchBytes) break;
    if (record_differs(item)) {
      URNA_CHECK(store_.move(item.hash, State::verified, State::conflict,
                             "the record has another document of this name", ""));
      continue;
    }
    bytes += item.bytes;
    URNA_TRY(Bytes content, shelf_.read(item.hash));
    out.documents.push_back({item.kind, item.name, std::move(content)});
    out.items.push_back(std::move(item));
  }
  return out;
}

Result<std::size_t> Publisher::publish() {
  const std::lock_guard lock(mutex_);
  if (!recorder_) URNA_CHECK(reopen());
  std::size_t count = 0;
  for (;;) {
    URNA_TRY(const Batch batch, next_batch());
    if (batch.items.empty()) return count;
    URNA_CHECK(add_locked(batch.documents));
    for (const Item& item : batch.items) {
      URNA_CHECK(store_.move(item.hash, State::verified, State::published, "", ""));
    }
    count += batch.items.size();
  }
}

Result<void> Publisher::write_sheet(const Item& item) {
  const std::string path = sheet_path(places_.side, item);
  if (files_.kind(path) != base::FileKind::missing) return {};
  URNA_TRY(const Bytes bytes, shelf_.read(item.hash));
  return base::write_durable(files_, path, bytes);
}

Result<void> Publisher::write_side() {
  if (places_.side.empty()) return {};
  const std::lock_guard lock(mutex_);
  URNA_TRY(const auto items, store_.all());
  for (const Item& item : items) {
    if (item.kind == kSheetKind && item.state == State::published) {
      URNA_CHECK(write_sheet(item));
    }
  }
  std::string text = status_json(items, definition_).dump();
  if (text == side_written_) return {};
  URNA_CHECK(base::write_durable(files_, base::join_path(places_.side, "intake.json"),
                                 as_bytes(text)));
  side_written_ = std::move(text);
  return {};
}

}  // namespace urna::center
