#include "machine/vote_store.hpp"

#include "machine/errors.hpp"
#include "machine/store_files.hpp"

namespace urna::machine {
namespace {

// States of a record and of an ended session: at most one is tentative.
constexpr std::uint8_t kTentative = 1;
constexpr std::uint8_t kConfirmed = 2;
// States of a token or of an activation by officials.
constexpr std::uint8_t kInSession = 1;
constexpr std::uint8_t kUsed = 2;

constexpr std::uint8_t code(BallotState state) {
  return static_cast<std::uint8_t>(state);
}

std::unexpected<Error> wrong_moment(std::string what) {
  return fail(errors::wrong_moment, std::move(what));
}

std::unexpected<Error> damaged(std::string what) {
  return fail(errors::store_damaged, std::move(what),
              "take the machine out of service and keep it as evidence");
}

// Confirms or forgets the only tentative entry of an array, if there is one.
Result<void> settle_tentative(SlotArray& array, bool confirm) {
  const auto slots = array.in_state(kTentative);
  if (slots.size() > 1) return damaged("two entries of the store are unfinished");
  for (const std::uint32_t slot : slots) {
    if (confirm) {
      URNA_TRY(const SlotValue value, array.read(slot));
      URNA_CHECK(array.change(slot, kConfirmed, value.content));
    } else {
      URNA_CHECK(array.wipe(slot));
    }
  }
  return {};
}

}  // namespace

template <class Change>
Result<void> VoteStore::guarded(Change change) {
  if (stopped_) {
    return fail(errors::store_stopped,
                "the disk failed, so this machine accepts no more votes",
                "start the machine again: it will say whether the last vote counts");
  }
  Result<void> done = change();
  // A full array is an answer, not a failing disk: nothing was written.
  if (!done && done.error().kind != errors::store_full) stopped_ = true;
  return done;
}

Result<void> VoteStore::create(base::FileSystem& files, base::Random& random,
                               const std::string& folder, const StoreShape& shape) {
  return create_store_files(files, random, folder, shape);
}

VoteStore::VoteStore(const StoreShape& shape, const Hash32& id, SlotArray sealed,
                     std::optional<SlotArray> records, SlotArray tokens,
                     SlotArray activations, SlotArray ended)
    : shape_(shape),
      id_(id),
      sealed_(std::move(sealed)),
      records_(std::move(records)),
      tokens_(std::move(tokens)),
      activations_(std::move(activations)),
      ended_(std::move(ended)) {}

Result<VoteStore> VoteStore::open(base::FileSystem& files, base::Random& random,
                                  const std::string& folder) {
  URNA_TRY(StoreFiles opened, open_store_files(files, random, folder));
  VoteStore store(opened.shape, opened.id, std::move(opened.sealed),
                  std::move(opened.records), std::move(opened.tokens),
                  std::move(opened.activations), std::move(opened.ended));
  store.files_ = &files;
  store.folder_ = folder;
  URNA_CHECK(store.settle());
  return store;
}

// The recovery table. At most one ballot is pending or to be finished, because one
// session runs at a time and a ballot is finished before the next one is sealed.
Result<void> VoteStore::settle() {
  std::vector<std::uint32_t> open;
  for (const BallotState state :
       {BallotState::pending, BallotState::cast_to_finish,
        BallotState::challenged_to_finish, BallotState::voided_to_finish}) {
    for (const std::uint32_t slot : sealed_.in_state(code(state))) open.push_back(slot);
  }
  if (open.size() > 1) return damaged("two ballots of the store are unfinished");
  if (!open.empty()) current_ = open.front();
  URNA_CHECK(settle_pending());
  const bool cast =
      current_ && sealed_.state(*current_) == code(BallotState::cast_to_finish);
  if (records_) URNA_CHECK(settle_tentative(*records_, cast));
  URNA_CHECK(settle_session(cast));
  if (current_) {
    URNA_TRY(recovered_.unfinished, stored(*current_));
  }
  return {};
}

// A ballot nobody decided about is voided. When its body is not whole, its code was
// never printed, and it never was.
Result<void> VoteStore::settle_pending() {
  if (!current_ || sealed_.state(*current_) != code(BallotState::pending)) return {};
  URNA_TRY(const auto body, sealed_.read_body(*current_));
  if (body) return sealed_.change(*current_, code(BallotState::voided_to_finish), {});
  URNA_CHECK(sealed_.wipe(*current_));
  current_.reset();
  return {};
}

// A session in which a vote was cast is over; one that was ending without a vote ends
// if its token was used up already; any other never was.
Result<void> VoteStore::settle_session(bool cast) {
  bool running = false;
  for (const Session kind : {Session::token, Session::officials}) {
    const auto slots = sessions(kind).in_state(kInSession);
    if (slots.size() > 1 || (running && !slots.empty())) {
      return damaged("two sessions of the store are unfinished");
    }
    for (const std::uint32_t slot : slots) {
      running = true;
      if (cast) {
        URNA_CHECK(sessions(kind).change(slot, kUsed, {}));
      }
    }
  }
  // The entry of the ended session first: a token set free would look like one that
  // was used up before.
  URNA_CHECK(settle_tentative(ended_, !running));
  if (!running || cast) return {};
  recovered_.session_lost = true;
  for (const Session kind : {Session::token, Session::officials}) {
    for (const std::uint32_t slot : sessions(kind).in_state(kInSession)) {
      URNA_CHECK(sessions(kind).wipe(slot));
    }
  }
  return {};
}

StoreCounts VoteStore::counts() const {
  StoreCounts counts;
  const auto ballots = [&](BallotState state) { return sealed_.count(code(state)); };
  counts.pending = ballots(BallotState::pending);
  counts.cast = ballots(BallotState::cast) + ballots(BallotState::cast_to_finish);
  counts.challenged =
      ballots(BallotState::challenged) + ballots(BallotState::challenged_to_finish);
  counts.voided = ballots(BallotState::voided) + ballots(BallotState::voided_to_finish);
  counts.records = records_ ? records_->count(kConfirmed) : 0;
  counts.tokens_used = tokens_.count(kUsed);
  counts.by_officials = activations_.count(kUsed);
  counts.ended_without_vote = ended_.count(kConfirmed);
  return counts;
}

bool VoteStore::empty() const {
  return sealed_.used() == 0 && (!records_ || records_->used() == 0) &&
         tokens_.used() == 0 && activations_.used() == 0 && ended_.used() == 0;
}

bool VoteStore::has_room(std::uint32_t ballots) const {
  return records_ && sealed_.used() + ballots <= shape_.ballots &&
         records_->used() < shape_.sessions && ended_.used() < shape_.sessions;
}

bool VoteStore::token_used(std::uint32_t token) const {
  return token >= shape_.tokens || tokens_.state(token) == kUsed;
}

Result<void> VoteStore::begin(std::uint32_t token) {
  if (session_) return wrong_moment("a session is running");
  if (token >= shape_.tokens || tokens_.state(token) != 0) {
    return wrong_moment("this token was used before");
  }
  return guarded([&]() -> Result<void> {
    URNA_CHECK(tokens_.put(token, kInSession, {}));
    session_ = {Session::token, token};
    return {};
  });
}

Result<void> VoteStore::begin_by_officials() {
  if (session_) return wrong_moment("a session is running");
  return guarded([&]() -> Result<void> {
    URNA_TRY(const std::uint32_t slot, activations_.random_free());
    URNA_CHECK(activations_.put(slot, kInSession, {}));
    session_ = {Session::officials, slot};
    return {};
  });
}

Result<void> VoteStore::close_session() {
  URNA_CHECK(sessions(session_->kind).change(session_->slot, kUsed, {}));
  session_.reset();
  return {};
}

Result<void> VoteStore::end_without_vote() {
  if (!session_ || current_) return wrong_moment("no session that can end");
  return guarded([&]() -> Result<void> {
    URNA_TRY(const std::uint32_t slot, ended_.random_free());
    URNA_CHECK(ended_.put(slot, kTentative, {}));
    URNA_CHECK(close_session());
    return ended_.change(slot, kConfirmed, {});
  });
}

Result<void> VoteStore::put_pending(ByteView ballot) {
  if (!session_ || current_) return wrong_moment("no session that can seal a ballot");
  return guarded([&]() -> Result<void> {
    URNA_TRY(const std::uint32_t slot, sealed_.random_free());
    URNA_CHECK(sealed_.put(slot, code(BallotState::pending), {}, ballot));
    current_ = slot;
    return {};
  });
}

Result<void> VoteStore::decide(BallotState to, ByteView content) {
  if (!current_ || sealed_.state(*current_) != code(BallotState::pending)) {
    return wrong_moment("no ballot waits for a decision");
  }
  return sealed_.change(*current_, code(to), content);
}

Result<void> VoteStore::cast(ByteView sealed_record) {
  if (!session_ || !records_ || !current_ ||
      sealed_.state(*current_) != code(BallotState::pending)) {
    return wrong_moment("no ballot waits to be cast");
  }
  return guarded([&]() -> Result<void> {
    URNA_TRY(const std::uint32_t slot, records_->random_free());
    URNA_CHECK(records_->put(slot, kTentative, sealed_record));
    URNA_CHECK(decide(BallotState::cast_to_finish, {}));
    URNA_CHECK(close_session());
    return records_->change(slot, kConfirmed, sealed_record);
  });
}

Result<void> VoteStore::challenge(ByteView opening) {
  return guarded([&] { return decide(BallotState::challenged_to_finish, opening); });
}

Result<void> VoteStore::void_pending() {
  return guarded([&] { return decide(BallotState::voided_to_finish, {}); });
}

Result<void> VoteStore::finish() {
  if (!current_) return wrong_moment("no ballot is unfinished");
  const auto state = static_cast<BallotState>(sealed_.state(*current_));
  if (state == BallotState::pending) return wrong_moment("the ballot is undecided");
  return guarded([&]() -> Result<void> {
    const auto done = static_cast<BallotState>(code(state) + 3);
    URNA_TRY(const SlotValue value, sealed_.read(*current_));
    URNA_CHECK(sealed_.change(*current_, code(done), value.content));
    current_.reset();
    recovered_.unfinished.reset();
    return {};
  });
}

Result<StoredBallot> VoteStore::stored(std::uint32_t slot) {
  URNA_TRY(SlotValue value, sealed_.read(slot));
  URNA_TRY(auto body, sealed_.read_body(slot));
  if (!body) return damaged("a sealed ballot of the store no longer opens");
  return StoredBallot{static_cast<BallotState>(value.state), std::move(*body),
                      std::move(value.content)};
}

Result<std::vector<StoredBallot>> VoteStore::ballots() {
  std::vector<StoredBallot> all;
  for (std::uint32_t slot = 0; slot < shape_.ballots; ++slot) {
    if (sealed_.state(slot) == 0) continue;
    URNA_TRY(StoredBallot ballot, stored(slot));
    all.push_back(std::move(ballot));
  }
  return all;
}

Result<std::vector<Bytes>> VoteStore::records() {
  if (!records_) return wrong_moment("the records were destroyed");
  std::vector<Bytes> all;
  for (const std::uint32_t slot : records_->in_state(kConfirmed)) {
    URNA_TRY(SlotValue value, records_->read(slot));
    all.push_back(std::move(value.content));
  }
  return all;
}

Result<void> VoteStore::destroy_records() {
  if (!records_) return {};
  return guarded([&]() -> Result<void> {
    // The key first: from then on the records are noise, however far the rest comes.
    URNA_CHECK(destroy_record_key(*files_, folder_));
    URNA_CHECK(records_->wipe_all());
    records_.reset();
    return {};
  });
}

}  // namespace urna::machine
