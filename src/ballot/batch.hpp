// The batch verifier: all equations of many ballots, each multiplied by its own random
// 128-bit weight, folded into one multi-scalar multiplication. When the sum is the
// identity every equation holds, but for a chance of 2^-128; when it is not, the batch
// is halved until each bad ballot stands alone, and the reference verifier names its
// failing equation. The verdict is the reference verifier's on every input.
//
// The weights are drawn after the batch is fixed, from the operating system's
// randomness mixed with a hash of the whole batch, responses included: whoever made
// the ballots cannot know them.
//
// Thread rule: functions may run in several threads at once. Public data only.
#pragma once

#include "ballot/fault.hpp"
#include "ballot/joint_key.hpp"
#include "ballot/station.hpp"
#include "base/clock.hpp"

#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace urna::ballot {

// About how many options one batch should hold: enough for the multi-scalar
// multiplication to be cheap, small enough for the cache.
inline constexpr std::size_t kBatchOptions = 8192;

// One verdict a ballot, as verify_ballot() gives it. Error: no_random.
[[nodiscard]] Result<std::vector<std::optional<Fault>>> verify_batch(
    const Station& station, const JointKey& key, std::span<const ByteView> ballots,
    base::Random& random);

// Where a stream of ballots comes from: fills `ballot` and returns true, or false at
// the end. Called by one thread at a time.
using BallotSource = std::function<bool(Bytes& ballot)>;
// Gets each ballot's position in the stream and its verdict; one thread at a time, in
// any order.
using VerdictSink =
    std::function<void(std::uint64_t position, const std::optional<Fault>& fault)>;

// Verifies a stream with `threads` threads (0: as many as the machine has). Memory
// stays at one batch a thread, however long the stream is. Error: no_random.
[[nodiscard]] Result<void> verify_stream(const Station& station, const JointKey& key,
                                         const BallotSource& source,
                                         const VerdictSink& sink, unsigned threads = 0);

}  // namespace urna::ballot
