#include "center/intake.hpp"

#include "base/encoding.hpp"
#include "base/errors.hpp"
#include "center/errors.hpp"
#include "crypto/sha256.hpp"
#include "record/index.hpp"

#include <fmt/format.h>

namespace urna::center {
namespace {

// Documents up to this length are short: sheets, box counts, certificates.
constexpr std::uint64_t kShort = 128 << 10;

std::unexpected<Error> busy(std::string why) {
  return fail(errors::centre_busy, std::move(why), "try again a little later");
}

// Counts itself in and out.
class Active {
 public:
  explicit Active(std::atomic<std::size_t>& count) : count_(count), number_(++count) {}
  ~Active() { --count_; }
  Active(const Active&) = delete;
  Active& operator=(const Active&) = delete;
  [[nodiscard]] std::size_t number() const { return number_; }

 private:
  std::atomic<std::size_t>& count_;
  std::size_t number_;
};

Result<void> check_header(const Piece& piece, const IntakeLimits& limits) {
  if (piece.length > kLongestDocument) {
    return fail(errors::document_too_long,
                fmt::format("{} bytes; the longest document has {}", piece.length,
                            kLongestDocument));
  }
  const bool fits =
      piece.offset <= piece.length && piece.bytes.size() <= piece.length - piece.offset;
  if (piece.length == 0 || !fits || piece.bytes.size() > limits.piece) {
    return fail(errors::bad_upload,
                fmt::format("{} bytes at {} of {}", piece.bytes.size(), piece.offset,
                            piece.length),
                fmt::format("send pieces of at most {} bytes within the document",
                            limits.piece));
  }
  return {};
}

UploadId upload_of(const Hash32& hash, const Client& client) {
  return {hash, client.certificate.substr(0, 16)};
}

}  // namespace

Result<Progress> Intake::where(const Hash32& hash, const Client& client) {
  const std::lock_guard lock(lock_of(hash));
  URNA_TRY(auto item, store_.find(hash));
  if (item) return Progress{item->bytes, std::move(item)};
  URNA_TRY(const std::uint64_t offset, shelf_.offset(upload_of(hash, client)));
  return Progress{offset, std::nullopt};
}

Result<Progress> Intake::put(const Piece& piece, const Client& client) {
  URNA_CHECK(check_header(piece, limits_));
  // One place is left for short documents when pieces of long ones hold all others.
  const Active here(active_);
  const std::size_t most = piece.length <= kShort ? limits_.active : limits_.active - 1;
  if (here.number() > most) {
    return busy(fmt::format("{} requests are being worked on", here.number() - 1));
  }
  const std::lock_guard lock(lock_of(piece.hash));
  return put_locked(piece, client);
}

Result<void> Intake::check_room(const Piece& piece) {
  URNA_TRY(const Tallies tallies, store_.tallies());
  const Tally& backlog = tallies[static_cast<std::size_t>(State::received)];
  const bool is_short = piece.length <= kShort;
  // Bytes are what packages cost; the number of documents is what sheets cost.
  if (!is_short && backlog.bytes + piece.length > limits_.backlog_bytes) {
    return busy(fmt::format("{} bytes wait to be verified", backlog.bytes));
  }
  if (backlog.documents >= limits_.backlog_documents) {
    return busy(fmt::format("{} documents wait to be verified", backlog.documents));
  }
  if (free_bytes) {
    // Twice: on the shelf, and in the record.
    const std::uint64_t spare =
        is_short ? limits_.spare_bytes / 2 : limits_.spare_bytes;
    if (free_bytes() < spare + 2 * piece.length) {
      return fail(base::errors::disk_full, "the centre's disk is nearly full",
                  "make room on the centre's disk; nothing that it accepted is lost");
    }
  }
  return {};
}

Result<Progress> Intake::put_locked(const Piece& piece, const Client& client) {
  URNA_TRY(auto known, store_.find(piece.hash));
  if (known) return Progress{known->bytes, std::move(known)};
  if (piece.offset == 0) URNA_CHECK(check_room(piece));

  const UploadId id = upload_of(piece.hash, client);
  const bool in_one = piece.offset == 0 && piece.bytes.size() == piece.length;
  Bytes arrived;
  ByteView whole = piece.bytes;
  if (!in_one) {
    if (!piece.bytes.empty()) URNA_CHECK(shelf_.append(id, piece.offset, piece.bytes));
    URNA_TRY(const std::uint64_t offset, shelf_.offset(id));
    if (offset < piece.length) return Progress{offset, std::nullopt};
    URNA_TRY(arrived, shelf_.arrived(id));
    whole = arrived;
  }
  auto item = accept(piece, whole, client);
  if (!item) {
    if (!in_one) shelf_.drop(id);
    return std::unexpected(std::move(item).error());
  }
  if (in_one) {
    URNA_CHECK(shelf_.keep_bytes(piece.hash, whole));
  } else {
    URNA_CHECK(shelf_.keep(id));
  }
  URNA_TRY(const bool fresh, store_.add(*item));
  if (fresh && on_received) on_received();
  return Progress{piece.length, *std::move(item)};
}

Result<Item> Intake::accept(const Piece& piece, ByteView whole, const Client& client) {
  if (whole.size() != piece.length || crypto::sha256(whole) != piece.hash) {
    return fail(errors::hash_differs,
                fmt::format("{} bytes arrived, and their hash is {}", whole.size(),
                            base::to_hex(crypto::sha256(whole))),
                "send it again from the start");
  }
  URNA_TRY(const Identified found, identify_document(whole));
  URNA_CHECK(authorise(found, client));
  Item item;
  item.hash = piece.hash;
  item.kind = found.kind;
  item.name = found.name;
  item.station = found.station;
  item.sheets = sheets_text(found.sheets);
  item.bytes = piece.length;
  item.sender = client.identity.text();
  item.time = clock_.unix_seconds();
  item.received = sign(Said::received, item, "");
  return item;
}

Result<void> Intake::authorise(const Identified& found, const Client& client) const {
  if (!found.station.empty() && !definition_.find_station(found.station)) {
    return fail(errors::not_accepted,
                fmt::format("the election has no station {}", found.station),
                "check that this is the right election's centre");
  }
  const Role role = client.identity.role;
  const bool own = role == Role::station && found.station == client.identity.name;
  const bool certificate = found.kind == record::kinds::certificate;
  const bool good =
      certificate ? may(role, Action::send_certificates)
                  : may(role, Action::send_any) || (own && may(role, Action::send_own));
  if (good) return {};
  return fail(errors::not_allowed,
              fmt::format("'{}' may not send the {} of {}", client.identity.text(),
                          found.kind, found.name),
              "docs/center.md lists who may do what");
}

std::string Intake::sign(Said said, const Item& item, std::string_view reason) {
  return sign_receipt({said, definition_.hash(), item.kind, item.name, item.hash,
                       item.bytes, clock_.unix_seconds(), one_line(reason)},
                      key_);
}

}  // namespace urna::center
