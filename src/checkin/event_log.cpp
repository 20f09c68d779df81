#include "checkin/event_log.hpp"

#include "base/binary.hpp"
#include "checkin/errors.hpp"
#include "checkin/words.hpp"
#include "crypto/secret_box.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace urna::checkin {
namespace {

constexpr std::string_view kMagic = "urna-check-in-log-1\n";
constexpr std::size_t kPlain = kLogEntry - crypto::kSecretBoxOverhead;
static_assert(kMagic.size() + 32 + 4 == kLogHeader);

constexpr std::array<std::string_view, 9> kKinds{
    "",           "admitted",    "token_lost", "alert", "claim",
    "reader_out", "reader_back", "closed",     "opened"};
constexpr std::array<std::string_view, 6> kOutcomes{
    "none", "matched", "not_matched", "no_stored_print", "not_taken", "no_reader"};

Bytes entry_context(const Hash32& election, std::uint32_t device,
                    std::uint32_t number) {
  base::Writer w;
  w.text("check-in-log");
  w.fixed(election);
  w.u32(device);
  w.u32(number);
  return std::move(w).take();
}

void put_id(base::Writer& w, std::string_view id) {
  Bytes padded(kMaxId, 0);
  std::ranges::copy(as_bytes(id), padded.begin());
  w.fixed(padded);
}

Result<std::string> get_id(base::Reader& r) {
  URNA_TRY(const ByteView padded, r.fixed(kMaxId));
  const auto end = std::ranges::find(padded, std::uint8_t{0});
  std::string id(as_text(padded.first(static_cast<std::size_t>(end - padded.begin()))));
  if (id_number(id) != id ||
      !std::all_of(end, padded.end(), [](std::uint8_t b) { return b == 0; })) {
    return fail(errors::store_damaged, "an entry of the log has an impossible voter");
  }
  return id;
}

Bytes encode(const Event& event) {
  base::Writer w;
  w.u64(event.time);
  w.u8(static_cast<std::uint8_t>(event.kind));
  w.u8(static_cast<std::uint8_t>(event.outcome));
  w.u8(
      static_cast<std::uint8_t>((event.assisted ? 1 : 0) | (event.overridden ? 2 : 0)));
  w.u8(event.official_a);
  w.u8(event.official_b);
  w.u8(0);
  w.u16(0);
  w.u32(event.issued);
  w.u32(event.left);
  put_id(w, event.voter);
  put_id(w, event.other);
  return std::move(w).take();
}
static_assert(8 + 6 + 2 + 8 + 2 * kMaxId == kPlain);

Result<Event> decode(ByteView bytes, std::uint32_t device, std::uint32_t number) {
  base::Reader r(bytes);
  Event out;
  out.device = device;
  out.number = number;
  URNA_TRY(out.time, r.u64());
  URNA_TRY(const std::uint8_t kind, r.u8());
  URNA_TRY(const std::uint8_t outcome, r.u8());
  URNA_TRY(const std::uint8_t flags, r.u8());
  URNA_TRY(out.official_a, r.u8());
  URNA_TRY(out.official_b, r.u8());
  URNA_TRY(const std::uint8_t zero, r.u8());
  URNA_TRY(const std::uint16_t zeros, r.u16());
  URNA_TRY(out.issued, r.u32());
  URNA_TRY(out.left, r.u32());
  URNA_TRY(out.voter, get_id(r));
  URNA_TRY(out.other, get_id(r));
  URNA_CHECK(r.finish());
  if (kind == 0 || kind >= kKinds.size() || outcome >= kOutcomes.size() || flags > 3 ||
      zero != 0 || zeros != 0) {
    return fail(errors::store_damaged, "an entry of the log says something unknown");
  }
  out.kind = static_cast<EventKind>(kind);
  out.outcome = static_cast<Outcome>(outcome);
  out.assisted = (flags & 1U) != 0;
  out.overridden = (flags & 2U) != 0;
  return out;
}

}  // namespace

std::uint64_t HybridClock::now() {
  const std::int64_t seconds = std::max<std::int64_t>(0, clock_->unix_seconds());
  last_ = std::max(last_ + 1, static_cast<std::uint64_t>(seconds) << 20);
  return last_;
}

std::string_view kind_name(EventKind kind) {
  return kKinds[static_cast<std::size_t>(kind)];
}

std::string_view outcome_name(Outcome outcome) {
  return kOutcomes[static_cast<std::size_t>(outcome)];
}

Result<ReadLog> read_log(ByteView bytes, const Hash32& election,
                         std::span<const std::uint8_t, 32> key) {
  base::Reader r(bytes);
  ReadLog out;
  const auto magic = r.fixed(kMagic.size());
  if (!magic || as_text(*magic) != kMagic) {
    return fail(errors::store_damaged, "this is no log of check-in");
  }
  URNA_TRY(const auto log_election, r.array<32>());
  URNA_TRY(out.device, r.u32());
  if (log_election != election) {
    return fail(errors::store_damaged, "the log is of another election");
  }
  while (r.left() >= kLogEntry) {
    URNA_TRY(const ByteView entry, r.fixed(kLogEntry));
    const auto number = static_cast<std::uint32_t>(out.events.size());
    const auto opened = crypto::open_secret_box(
        key, entry_context(election, out.device, number), entry);
    if (!opened && r.left() < kLogEntry) break;  // torn by a power cut
    if (!opened) {
      return fail(errors::store_damaged,
                  fmt::format("entry {} of device {}'s log does not open", number + 1,
                              out.device),
                  "keep the device, and go on with the paper list");
    }
    URNA_TRY(Event event, decode(*opened, out.device, number));
    out.events.push_back(std::move(event));
  }
  return out;
}

Result<void> EventLog::create(base::FileSystem& files, const std::string& path,
                              const Hash32& election, std::uint32_t device) {
  base::Writer w;
  w.fixed(as_bytes(kMagic));
  w.fixed(election);
  w.u32(device);
  return base::write_durable(files, path, w.view());
}

Result<EventLog> EventLog::open(base::FileSystem& files, base::Random& random,
                                const std::string& path, const Hash32& election,
                                std::span<const std::uint8_t, 32> key) {
  URNA_TRY(auto file, files.open(path, base::OpenMode::update));
  // As in TokenDrawer::open: what is read now must survive a power cut.
  URNA_CHECK(file->sync());
  URNA_TRY(const Bytes bytes, base::read_file(files, path));
  URNA_TRY(ReadLog read, read_log(bytes, election, key));
  EventLog out(std::move(file), random, election);
  std::ranges::copy(key, out.key_.writable().begin());
  out.device_ = read.device;
  out.events_ = std::move(read.events);
  return out;
}

Result<Event> EventLog::append(Event event) {
  event.device = device_;
  event.number = static_cast<std::uint32_t>(events_.size());
  URNA_TRY(const Bytes box,
           crypto::seal_secret_box(*random_, key_.expose(),
                                   entry_context(election_, device_, event.number),
                                   encode(event)));
  URNA_CHECK(
      file_->write_at(kLogHeader + std::uint64_t{event.number} * kLogEntry, box));
  URNA_CHECK(file_->sync());
  events_.push_back(event);
  return event;
}

Result<Bytes> EventLog::bytes() {
  return file_->read_at(0, kLogHeader + events_.size() * kLogEntry);
}

}  // namespace urna::checkin
