// The voting machine's memory of votes: crash-safe, and silent about order and time.
// Called by the machine's session core; nothing else touches the folder.
//
// Five slot arrays (slots.hpp), each entry in a slot that the operating system's
// randomness picks:
//
//   sealed       every sealed ballot whose code was printed, with its state: pending,
//                cast, challenged (with its opening) or voided
//   records      for every cast ballot, what it chose, in a box that only the closing
//                key opens; at an independently drawn slot, without id or code
//   tokens       for every activation token of the station, in the order of the
//                tokens' hashes: free, in session, used
//   activations  sessions that two officials began without a token
//   ended        sessions that ended without a vote
//
// Nothing stored joins a ballot to a record. While a vote is being cast, the new record
// is marked "tentative" and the ballot "to be finished"; there is at most one of each,
// which is all that recovery needs to know. Afterwards every cast ballot and every
// record looks like every other.
//
// Casting, in order, every step synced: record tentative; ballot cast-to-be-finished
// (from here on the vote counts); token used; record confirmed; [the paper's footer is
// printed]; ballot cast. docs/formats/vote-store.md describes the bytes and proves the
// recovery table; docs/threats.md says what an attacker can still learn.
//
// After any error of the disk the store answers store_stopped until it is opened
// again: only reading the disk anew tells what really happened.
//
// Thread rule: one thread. Secrets: the store's keys; records are sealed before they
// come here, and a ballot's seed never does.
#pragma once

#include "machine/slots.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace urna::machine {

struct StoreShape {
  std::uint32_t ballots = 0;      // slots for sealed ballots
  std::uint32_t sessions = 0;     // slots for records, activations and ended sessions
  std::uint32_t tokens = 0;       // of the station's pool
  std::uint32_t ballot_size = 0;  // of the largest style
  std::uint32_t opening_size = 0;
  std::uint32_t record_size = 0;

  friend bool operator==(const StoreShape&, const StoreShape&) = default;
};

// Every number is counted anew from the slots; nothing is a running counter.
struct StoreCounts {
  std::uint32_t pending = 0;
  std::uint32_t cast = 0;
  std::uint32_t challenged = 0;
  std::uint32_t voided = 0;
  std::uint32_t records = 0;
  std::uint32_t tokens_used = 0;
  std::uint32_t by_officials = 0;
  std::uint32_t ended_without_vote = 0;

  [[nodiscard]] std::uint32_t sealed() const { return cast + challenged + voided; }
  [[nodiscard]] std::uint32_t activated() const { return tokens_used + by_officials; }
  friend bool operator==(const StoreCounts&, const StoreCounts&) = default;
};

enum class BallotState : std::uint8_t {
  pending = 1,
  cast_to_finish = 2,
  challenged_to_finish = 3,
  voided_to_finish = 4,
  cast = 5,
  challenged = 6,
  voided = 7,
};

struct StoredBallot {
  BallotState state;
  Bytes ballot;
  Bytes opening;  // challenged ballots only
};

// What the last run left unfinished, after recovery has settled it.
struct Recovered {
  // A ballot whose paper is not finished: its decision stands and will not change.
  std::optional<StoredBallot> unfinished;
  // A session was interrupted and no vote of it counts; its token can be used again.
  bool session_lost = false;
  [[nodiscard]] bool clean() const { return !unfinished && !session_lost; }
};

class VoteStore {
 public:
  // Makes the folder and its files, full of random bytes, under new keys. A folder
  // whose making was interrupted is made anew; a finished one: store_not_empty.
  [[nodiscard]] static Result<void> create(base::FileSystem& files,
                                           base::Random& random,
                                           const std::string& folder,
                                           const StoreShape& shape);
  // Opens and settles what an interruption left. Errors: store_damaged.
  [[nodiscard]] static Result<VoteStore> open(base::FileSystem& files,
                                              base::Random& random,
                                              const std::string& folder);

  [[nodiscard]] const StoreShape& shape() const { return shape_; }
  [[nodiscard]] const Hash32& id() const { return id_; }
  [[nodiscard]] const Recovered& recovered() const { return recovered_; }
  [[nodiscard]] StoreCounts counts() const;
  [[nodiscard]] bool stopped() const { return stopped_; }
  // Nothing was ever stored: what opening the polls demands.
  [[nodiscard]] bool empty() const;
  // Room for one more session with `ballots` sealed ballots.
  [[nodiscard]] bool has_room(std::uint32_t ballots) const;

  [[nodiscard]] bool token_used(std::uint32_t token) const;
  [[nodiscard]] bool in_session() const { return session_.has_value(); }

  // A session begins; wrong_moment when one is running or the token was used.
  [[nodiscard]] Result<void> begin(std::uint32_t token);
  [[nodiscard]] Result<void> begin_by_officials();
  // It ends without a vote; not while a ballot is pending or to be finished.
  [[nodiscard]] Result<void> end_without_vote();

  // The sealed ballot, before anything of it is printed.
  [[nodiscard]] Result<void> put_pending(ByteView ballot);
  // The decisions about the pending ballot. When one returns, it is durable.
  [[nodiscard]] Result<void> cast(ByteView sealed_record);
  [[nodiscard]] Result<void> challenge(ByteView opening);
  [[nodiscard]] Result<void> void_pending();
  // The paper of the decided ballot is complete.
  [[nodiscard]] Result<void> finish();

  // All decided ballots; the caller sorts them by code.
  [[nodiscard]] Result<std::vector<StoredBallot>> ballots();
  // The confirmed records, in the order of their slots, which says nothing.
  [[nodiscard]] Result<std::vector<Bytes>> records();
  // Overwrites every record and forgets their key: when the sheet is signed.
  [[nodiscard]] Result<void> destroy_records();
  [[nodiscard]] bool records_destroyed() const { return !records_; }

 private:
  enum class Session : std::uint8_t { token, officials };
  struct Running {
    Session kind;
    std::uint32_t slot;
  };

  VoteStore(const StoreShape& shape, const Hash32& id, SlotArray sealed,
            std::optional<SlotArray> records, SlotArray tokens, SlotArray activations,
            SlotArray ended);

  [[nodiscard]] Result<void> settle();
  [[nodiscard]] Result<void> settle_pending();
  [[nodiscard]] Result<void> settle_session(bool cast);
  [[nodiscard]] Result<void> decide(BallotState to, ByteView content);
  [[nodiscard]] Result<void> close_session();
  [[nodiscard]] Result<StoredBallot> stored(std::uint32_t slot);
  [[nodiscard]] SlotArray& sessions(Session kind) {
    return kind == Session::token ? tokens_ : activations_;
  }
  // Runs a change of the disk; any error stops the store.
  template <class Change>
  [[nodiscard]] Result<void> guarded(Change change);

  StoreShape shape_;
  Hash32 id_;
  SlotArray sealed_;
  std::optional<SlotArray> records_;
  SlotArray tokens_;
  SlotArray activations_;
  SlotArray ended_;

  std::optional<Running> session_;
  std::optional<std::uint32_t> current_;  // slot of the pending or unfinished ballot
  Recovered recovered_;
  base::FileSystem* files_ = nullptr;
  std::string folder_;
  bool stopped_ = false;
};

}  // namespace urna::machine
