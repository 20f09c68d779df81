// The front of a centre: takes documents piece by piece, makes them durable, answers
// with the signed receipt "received". Verification is someone else's (queue.hpp).
//
// The order that makes a crash harmless: the bytes lie durably on the shelf, then one
// transaction stores the item with its receipt, then the receipt is answered. Whatever
// breaks in between, the same document sent again ends in one item and one receipt.
//
// Load is shed before work is done: more requests at a time, more uploads, or more
// unverified bytes than the limits say are answered "busy"; what was accepted is never
// given up for what comes later. Short documents (tally sheets) have a share of their
// own, so that packages cannot keep them out.
//
// Thread rule: any thread. Public data; the receipt key is secret.
#pragma once

#include "base/clock.hpp"
#include "center/document.hpp"
#include "center/receipt.hpp"
#include "center/roles.hpp"
#include "center/shelf.hpp"
#include "center/store.hpp"
#include "crypto/sign.hpp"

#include <atomic>
#include <functional>

namespace urna::center {

struct IntakeLimits {
  std::size_t active = 8;     // pieces worked on at a time
  std::size_t uploads = 256;  // begun and not finished
  // Received and not yet verified, or under way.
  std::uint64_t backlog_bytes = std::uint64_t{64} << 30;
  std::uint64_t backlog_documents = 200'000;
  std::uint64_t piece = std::uint64_t{1} << 20;        // longest piece
  std::uint64_t spare_bytes = std::uint64_t{1} << 30;  // of the disk, kept free
};

struct Client {
  Identity identity;
  std::string certificate;  // SHA-256, lower-case hexadecimal
};

struct Piece {
  Hash32 hash{};  // of the whole document
  std::uint64_t offset = 0;
  std::uint64_t length = 0;  // of the whole document
  ByteView bytes;
};

struct Progress {
  std::uint64_t offset = 0;  // what is here
  std::optional<Item> item;  // once it is whole
};

class Intake {
 public:
  Intake(Shelf& shelf, Store& store, base::Clock& clock,
         const election::Definition& definition, crypto::SigningKey key,
         IntakeLimits limits)
      : shelf_(shelf),
        store_(store),
        clock_(clock),
        definition_(definition),
        key_(std::move(key)),
        limits_(limits) {}

  // Errors: bad_upload, document_too_long; centre_busy; wrong_offset (ask where() and
  // go on there); hash_differs (what arrived is dropped: start anew); not_accepted;
  // not_allowed; disk_full and database_full, and then nothing of it is kept.
  [[nodiscard]] Result<Progress> put(const Piece& piece, const Client& client);
  [[nodiscard]] Result<Progress> where(const Hash32& hash, const Client& client);

  // Called after each new item, from the thread that received it.
  std::function<void()> on_received;
  // How many bytes the disk has left; without it nothing is asked.
  std::function<std::uint64_t()> free_bytes;

  [[nodiscard]] const IntakeLimits& limits() const { return limits_; }
  [[nodiscard]] const crypto::PublicKey& key() const { return key_.public_key(); }
  // Signed now, for verdicts too.
  [[nodiscard]] std::string sign(Said said, const Item& item, std::string_view reason);

 private:
  Result<Progress> put_locked(const Piece& piece, const Client& client);
  Result<void> check_room(const Piece& piece);
  Result<Item> accept(const Piece& piece, ByteView whole, const Client& client);
  Result<void> authorise(const Identified& found, const Client& client) const;
  std::mutex& lock_of(const Hash32& hash) { return locks_[hash[0] % locks_.size()]; }

  Shelf& shelf_;
  Store& store_;
  base::Clock& clock_;
  const election::Definition& definition_;
  crypto::SigningKey key_;
  IntakeLimits limits_;
  std::atomic<std::size_t> active_ = 0;
  std::array<std::mutex, 64> locks_;  // documents, by the first byte of their hash
};

}  // namespace urna::center
