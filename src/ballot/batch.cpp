#include "ballot/batch.hpp"

#include "ballot/ballot_bytes.hpp"
#include "ballot/errors.hpp"
#include "ballot/proofs.hpp"
#include "ballot/verify.hpp"
#include "crypto/sha256.hpp"
#include "crypto/stream.hpp"
#include "group/point.hpp"

#include <algorithm>
#include <cassert>
#include <mutex>
#include <thread>

namespace urna::ballot {
namespace {

using group::Point;
using group::Scalar;
using group::Scalar128;

// A ballot that was read whole: only its equations are left to check.
struct Ready {
  std::size_t position;  // in the batch
  const BallotStyle* style;
  std::vector<ContestClaim> claims;
  std::size_t first_point;  // in the batch's points
};

struct Batch {
  const Station& station;
  const JointKey& key;
  std::span<const ByteView> ballots;
  std::vector<Ready> ready;
  std::vector<Point> points;
  std::vector<std::optional<Fault>> verdicts;
};

// The weights of one multi-scalar multiplication.
class Weights {
 public:
  Weights(const Hash32& seed, std::size_t count) : bytes_(16 * count) {
    crypto::fill_from_seed(seed, bytes_);
  }
  Scalar128 next() {
    Scalar128 out;
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(at_), 16, out.begin());
    at_ += 16;
    return out;
  }

 private:
  Bytes bytes_;
  std::size_t at_ = 0;
};

Result<Hash32> draw_seed(std::span<const ByteView> ballots, base::Random& random) {
  Hash32 own;
  URNA_CHECK(random.fill(own));
  crypto::Sha256 hash;
  hash.update(own);
  for (const ByteView& ballot : ballots) hash.update(ballot);
  return hash.finish();
}

// The sums that one fold needs: factors of full size for G, K and the ciphertexts,
// and the weights themselves for the commitments.
struct Fold {
  std::vector<Scalar> factors;
  std::vector<Point> points;
  std::vector<Scalar128> weights;
  std::vector<Point> commitments;
  Scalar of_generator;
  Scalar of_key;

  // Adds w1 * (a equation) + w2 * (b equation) of one branch; returns what the branch
  // adds to the factors of alpha and beta.
  std::pair<Scalar, Scalar> add(const BranchClaim& claim, const Point* commitment,
                                Weights& random) {
    const Scalar128 w1 = random.next();
    const Scalar128 w2 = random.next();
    of_generator += group::mul128_var(w1, claim.response);
    of_key += group::mul128_var(w2, claim.response - claim.challenge * claim.value);
    weights.push_back(w1);
    weights.push_back(w2);
    commitments.push_back(commitment[0]);
    commitments.push_back(commitment[1]);
    return {group::mul128_var(w1, claim.challenge),
            group::mul128_var(w2, claim.challenge)};
  }
};

void fold_contest(const ContestClaim& claim, const ContestPlace& place,
                  const Point* points, Weights& random, Fold& fold) {
  const Point* ciphertext = points + place.ciphertexts;
  const Point* commitment = points + place.commitments;
  const std::size_t options = claim.options.size();
  const std::size_t first = fold.factors.size();
  for (std::size_t i = 0; i < options; ++i) {
    Scalar alpha;
    Scalar beta;
    for (std::size_t j = 0; j < 2; ++j, commitment += 2) {
      const auto [a, b] = fold.add(claim.options[i].branch[j], commitment, random);
      alpha += a;
      beta += b;
    }
    fold.factors.push_back(alpha);
    fold.factors.push_back(beta);
  }
  // The contest proof is about sum of the options + gamma * blank: its share goes to
  // every option's factor instead of adding points.
  Scalar alpha;
  Scalar beta;
  for (const BranchClaim& branch : claim.branches) {
    const auto [a, b] = fold.add(branch, commitment, random);
    alpha += a;
    beta += b;
    commitment += 2;
  }
  for (std::size_t i = 0; i < options; ++i) {
    fold.factors[first + 2 * i] += alpha;
    fold.factors[first + 2 * i + 1] += beta;
  }
  fold.factors.push_back(claim.gamma * alpha);
  fold.factors.push_back(claim.gamma * beta);
  fold.points.insert(fold.points.end(), ciphertext, ciphertext + 2 * options + 2);
}

bool all_hold(const Batch& batch, std::span<const Ready> ballots, const Hash32& seed) {
  std::size_t commitments = 0;
  for (const Ready& ballot : ballots) {
    commitments += ballot.style->points() - ballot.style->ciphertext_points();
  }
  Weights random(seed, commitments);
  Fold fold;
  fold.weights.reserve(commitments);
  fold.commitments.reserve(commitments);
  for (const Ready& ballot : ballots) {
    const Point* points = &batch.points[ballot.first_point];
    for (std::size_t contest = 0; contest < ballot.claims.size(); ++contest) {
      fold_contest(ballot.claims[contest], ballot.style->place(contest), points, random,
                   fold);
    }
  }
  fold.factors.push_back(fold.of_generator);
  fold.points.push_back(Point::generator());
  fold.factors.push_back(fold.of_key);
  fold.points.push_back(Point::from_element_var(batch.key.element()));
  return group::sub_var(group::msm_var(fold.factors, fold.points),
                        group::msm128_var(fold.weights, fold.commitments))
      .is_identity_var();
}

// Halves the ballots until each that fails stands alone; says whether one does. Of a
// group that is known to fail, the second half need not be summed when the first holds.
Result<bool> find_faults(Batch& batch, std::span<const Ready> ballots,
                         bool known_to_fail, base::Random& random) {
  if (ballots.empty()) return false;
  if (!known_to_fail) {
    URNA_TRY(const Hash32 seed, draw_seed(batch.ballots, random));
    if (all_hold(batch, ballots, seed)) return false;
  }
  if (ballots.size() == 1) {
    const std::size_t position = ballots[0].position;
    auto fault = verify_ballot(batch.station, batch.key, batch.ballots[position]);
    // A disagreement of the two verifiers would be a mistake in this program.
    assert(fault.has_value());
    batch.verdicts[position] = std::move(fault);
    return true;
  }
  const std::size_t half = ballots.size() / 2;
  URNA_TRY(const bool in_first, find_faults(batch, ballots.first(half), false, random));
  URNA_CHECK(find_faults(batch, ballots.subspan(half), !in_first, random));
  return true;
}

// Reads every ballot; those that cannot be read get their verdict at once.
void read_all(Batch& batch) {
  std::vector<ByteArray<32>> encodings;
  for (std::size_t i = 0; i < batch.ballots.size(); ++i) {
    const auto ballot = BallotBytes::read(batch.station, batch.ballots[i]);
    if (!ballot) {
      batch.verdicts[i] = ballot.error();
      continue;
    }
    auto claims = read_claims(batch.station, *ballot);
    if (!claims) {
      batch.verdicts[i] = claims.error();
      continue;
    }
    batch.ready.push_back({i, &ballot->style(), *std::move(claims), encodings.size()});
    for (std::size_t p = 0; p < ballot->style().points(); ++p) {
      ByteArray<32>& to = encodings.emplace_back();
      std::ranges::copy(ballot->point(p), to.begin());
    }
  }
  batch.points.resize(encodings.size());
  std::vector<std::uint8_t> valid(encodings.size());
  (void)group::decode_batch_var(encodings, batch.points, valid);
  std::erase_if(batch.ready, [&](const Ready& ballot) {
    const BallotStyle& style = *ballot.style;
    for (std::size_t p = 0; p < style.points(); ++p) {
      if (valid[ballot.first_point + p] == 1) continue;
      batch.verdicts[ballot.position] = Fault{errors::bad_point, point_name(style, p)};
      return true;
    }
    for (std::size_t p = 0; p < style.ciphertext_points(); ++p) {
      if (encodings[ballot.first_point + p] != ByteArray<32>{}) continue;
      batch.verdicts[ballot.position] =
          Fault{errors::identity_point, point_name(style, p)};
      return true;
    }
    return false;
  });
}

// One thread of verify_stream(): takes a batch, verifies it, hands the verdicts on.
class Worker {
 public:
  struct Shared {
    const Station& station;
    const JointKey& key;
    const BallotSource& source;
    const VerdictSink& sink;
    std::size_t batch_size;
    std::mutex mutex;
    std::uint64_t next_position = 0;
    bool ended = false;
    std::optional<Error> error;
  };

  static void run(Shared& shared) {
    base::SystemRandom random;
    std::vector<Bytes> ballots;
    while (true) {
      const std::uint64_t first = take(shared, ballots);
      if (ballots.empty()) return;
      const std::vector<ByteView> views(ballots.begin(), ballots.end());
      const auto verdicts = verify_batch(shared.station, shared.key, views, random);
      const std::scoped_lock lock(shared.mutex);
      if (!verdicts) {
        shared.error = verdicts.error();
        shared.ended = true;
        return;
      }
      for (std::size_t i = 0; i < verdicts->size(); ++i) {
        shared.sink(first + i, (*verdicts)[i]);
      }
    }
  }

 private:
  static std::uint64_t take(Shared& shared, std::vector<Bytes>& ballots) {
    const std::scoped_lock lock(shared.mutex);
    const std::uint64_t first = shared.next_position;
    ballots.clear();
    while (!shared.ended && ballots.size() < shared.batch_size) {
      Bytes ballot;
      if (!shared.source(ballot)) {
        shared.ended = true;
        break;
      }
      ballots.push_back(std::move(ballot));
    }
    shared.next_position += ballots.size();
    return first;
  }
};

}  // namespace

Result<std::vector<std::optional<Fault>>> verify_batch(
    const Station& station, const JointKey& key, std::span<const ByteView> ballots,
    base::Random& random) {
  Batch batch{station, key, ballots, {}, {}, {}};
  batch.verdicts.resize(ballots.size());
  read_all(batch);
  // The list is read while its verdicts are written, so it stands apart.
  const std::vector<Ready> ready = std::move(batch.ready);
  URNA_CHECK(find_faults(batch, ready, false, random));
  return std::move(batch.verdicts);
}

Result<void> verify_stream(const Station& station, const JointKey& key,
                           const BallotSource& source, const VerdictSink& sink,
                           unsigned threads) {
  std::size_t most_options = 1;
  for (const BallotStyle& style : station.styles()) {
    most_options = std::max(most_options, style.options());
  }
  const std::size_t batch_size = std::max<std::size_t>(1, kBatchOptions / most_options);
  Worker::Shared shared{station, key, source, sink, batch_size, {}, 0, false, {}};
  if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::jthread> workers;
  for (unsigned i = 1; i < threads; ++i) {
    workers.emplace_back([&shared] { Worker::run(shared); });
  }
  Worker::run(shared);
  workers.clear();  // joins
  if (shared.error) return std::unexpected(*std::move(shared.error));
  return {};
}

}  // namespace urna::ballot
