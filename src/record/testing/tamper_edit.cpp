#include "record/testing/tamper_edit.hpp"

#include "crypto/sha256.hpp"
#include "group/element.hpp"
#include "group/secret.hpp"
#include "log/testing/memory_lock.hpp"
#include "sheet/box_count.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>

namespace urna::record::testing {
namespace {

[[noreturn]] void stop(std::string_view what) {
  std::fprintf(stderr, "tampering: %.*s\n", static_cast<int>(what.size()), what.data());
  std::abort();
}

template <class T>
T must(Result<T> result) {
  if (!result) stop(result.error().text());
  return std::move(*result);
}

template <class List>
auto find(List& documents, std::string_view kind, std::string_view name) {
  return std::ranges::find_if(documents, [&](const NewDocument& one) {
    return one.kind == kind && one.name == name;
  });
}

}  // namespace

Bytes& bytes_of(Documents& documents, std::string_view kind, std::string_view name) {
  const auto found = find(documents, kind, name);
  if (found == documents.end()) stop(fmt::format("no {} {}", kind, name));
  return found->bytes;
}

const Bytes& bytes_of(const Documents& documents, std::string_view kind,
                      std::string_view name) {
  const auto found = find(documents, kind, name);
  if (found == documents.end()) stop(fmt::format("no {} {}", kind, name));
  return found->bytes;
}

void replace(Documents& documents, std::string_view kind, std::string_view name,
             Bytes bytes) {
  bytes_of(documents, kind, name) = std::move(bytes);
}

void erase(Documents& documents, std::string_view kind, std::string_view name) {
  const auto found = find(documents, kind, name);
  if (found == documents.end()) stop(fmt::format("no {} {}", kind, name));
  documents.erase(found);
}

void replace_text(std::string& text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos) stop(fmt::format("no '{}'", from));
  text.replace(at, from.size(), to);
}

void replace_text(Bytes& bytes, std::string_view from, std::string_view to) {
  std::string text(as_text(bytes));
  replace_text(text, from, to);
  bytes = to_bytes(as_bytes(text));
}

void cut_line(std::string& text, std::string_view word) {
  const std::size_t at = text.find(word);
  if (at == std::string::npos) stop(fmt::format("no '{}'", word));
  const std::size_t begin = text.rfind('\n', at) + 1;  // npos + 1 is the beginning
  text.erase(begin, text.find('\n', at) + 1 - begin);
}

void edit(base::FileSystem& files, const std::string& folder, const std::string& path,
          const std::function<void(Bytes&)>& change) {
  const std::string whole = base::join_path(folder, path);
  Bytes bytes = must(base::read_file(files, whole));
  change(bytes);
  if (!base::write_durable(files, whole, bytes)) stop(whole);
}

void sign_checkpoint(base::FileSystem& files, const std::string& folder,
                     const std::function<void(log::Checkpoint&)>& change) {
  edit(files, folder, "checkpoint", [&](Bytes& bytes) {
    const log::Note old = must(log::parse_note(as_text(bytes)));
    log::Checkpoint checkpoint = must(log::parse_checkpoint(old.text));
    change(checkpoint);
    const std::string text = checkpoint.text();
    bytes = to_bytes(as_bytes(log::Note{text, {log_signer().sign(text)}}.format()));
  });
}

Result<void> write_anything(base::FileSystem& files, const std::string& folder,
                            std::span<const NewDocument> documents) {
  log::testing::MemoryLock lock;
  base::testing::ScriptedClock clock(1796600000);
  const std::string state = folder + ".state";
  URNA_CHECK(base::make_folder_durable(files, base::join_path(folder, "blob")));
  URNA_CHECK(base::make_folder_durable(files, state));
  URNA_TRY(log::Sequencer sequencer,
           log::Sequencer::create(files, {folder, state}, lock, clock, log_signer()));
  std::vector<Bytes> entries;
  std::string last;
  const auto put = [&](const NewDocument& one) -> Result<void> {
    if (one.kind == "-drop-blob") return files.remove(last);
    const Hash32 hash = crypto::sha256(one.bytes);
    entries.push_back(log::Document{one.kind, one.name, hash}.entry());
    last = base::join_path(folder, log::blob_path(hash));
    return base::write_durable(files, last, one.bytes);
  };
  const std::string key = log_signer().verifier().text() + "\n";
  URNA_CHECK(put({std::string(kinds::log_key), "log-key", to_bytes(as_bytes(key))}));
  URNA_CHECK(sequencer.append(entries));
  entries.clear();
  for (const NewDocument& one : documents) URNA_CHECK(put(one));
  return sequencer.append(entries);
}

void double_point(Bytes& ballot, std::size_t index) {
  const std::size_t at = ballot::kHeaderSize + 32 * index;
  const auto old = must(group::Element::decode(ByteView(ballot).subspan(at, 32)));
  const auto twice = old + old;
  std::ranges::copy(twice.bytes(), ballot.begin() + static_cast<std::ptrdiff_t>(at));
}

void bump_scalar(Bytes& ballot, std::size_t field) {
  for (std::size_t at = ballot::kHeaderSize + 32 * field; ++ballot[at] == 0; ++at) {
  }
}

Bytes sign_as_it_stands(const WorldStation& station) {
  Bytes bytes = station.content.encode();
  const auto signature =
      known_key(station.device)
          .sign(ballot::kPackageUse, ByteView(bytes).first(bytes.size() - 64));
  std::ranges::copy(signature, bytes.end() - 64);
  return bytes;
}

std::string forged_certificate(const World& world, const WorldStation& station) {
  return must(sheet::Certificate::issue(
                  {world.definition().model().mode, world.definition().hash(),
                   std::string(sheet::kMachineRole), station.code, station.device},
                  known_key(station.device).public_key(), known_key("nobody")))
      .text();
}

void change_station(WorldStation& station, const StationEdit& change) {
  const ballot::Station& old = station.content.box.station;
  Hash32 election = old.election_hash();
  std::string code = old.code();
  std::vector<std::uint32_t> segments = old.segments();
  change(election, code, segments);
  station.content.box.station =
      must(ballot::Station::make(election, code, segments, old.styles()));
}

void change_key(WorldStation& station) {
  const auto& old = station.content.box.key.element();
  station.content.box.key = must(ballot::JointKey::make(old + old));
}

void move_vote(sheet::ContestResult& contest) {
  for (std::size_t o = 0; o < contest.options.size(); ++o) {
    if (contest.options[o].votes == 0) continue;
    --contest.options[o].votes;
    ++contest.options[(o + 1) % contest.options.size()].votes;
    return;
  }
  contest.blank = *contest.blank - 1;
  ++contest.options[0].votes;
}

void add_blank_ballot(sheet::SheetFields& fields) {
  fields.cast = *fields.cast + 1;
  fields.sealed = *fields.sealed + 1;
  fields.activated = *fields.activated + 1;
  for (auto& contest : fields.contests) {
    contest.ballots = *contest.ballots + 1;
    contest.blank = *contest.blank + 1;
  }
}

Bytes signed_box_count(const World& world, const WorldStation& station,
                       const std::function<void(sheet::BoxCountFields&)>& change) {
  sheet::BoxCountFields fields;
  fields.mode = station.sheet.mode;
  fields.election = station.sheet.election;
  fields.station = station.code;
  fields.sheet = world.sign_sheet(station.sheet, station.device).sheet.digest();
  fields.papers = station.sheet.cast.value_or(0);
  fields.contests = {station.sheet.contests.front()};
  change(fields);
  const auto box = must(sheet::BoxCount::make(fields));
  const auto sign = [&](const char* role) {
    return must(sheet::OfficialSignature::sign(sheet::SignedDocument::box, box.digest(),
                                               station.code, role, "V-1",
                                               known_key(role)));
  };
  return to_bytes(
      as_bytes(sheet::to_file_text({box, {sign("PRESIDENT"), sign("SECRETARY")}})));
}

void sign_partial(World& world, trustees::Partial& partial, std::uint32_t trustee) {
  const Bytes bytes = partial.encode();
  partial.signature =
      trustees::testing::keys_from_seed(world.ceremony().person(trustee).seed)
          .signing.sign("decryption", ByteView(bytes).first(bytes.size() - 64));
}

}  // namespace urna::record::testing
