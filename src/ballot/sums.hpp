// The sums of a station's ciphertexts: what the trustees decrypt. Adding the option
// ciphertexts of all cast ballots gives a ciphertext of the option's votes, because
// Enc(s; x) + Enc(t; y) = Enc(s + t; x + y).
//
// Called by verifiers and by each trustee's own program, on ballots that were verified
// before. Thread rule: one thread for one Sums. Public data only.
#pragma once

#include "ballot/ballot_bytes.hpp"
#include "group/point.hpp"

#include <map>
#include <vector>

namespace urna::ballot {

struct Ciphertext {
  group::Element alpha;
  group::Element beta;
  friend bool operator==(const Ciphertext&, const Ciphertext&) = default;
};

// The sums of one ballot style: contest by contest, its options and then its blank
// indicator, as they lie in the ballot.
struct StyleSums {
  std::uint32_t style = 0;
  std::uint64_t ballots = 0;
  std::vector<Ciphertext> fields;
};

class Sums {
 public:
  // Adds cast ballots. Error bad_point for a ballot that was not verified before.
  [[nodiscard]] Result<void> add(std::span<const BallotBytes> ballots);
  // One entry for each style that had a ballot, by style number.
  [[nodiscard]] std::vector<StyleSums> finish() const;

 private:
  struct Running {
    std::uint64_t ballots = 0;
    std::vector<group::Point> points;  // alpha, beta, alpha, beta, ...
  };
  std::map<std::uint32_t, Running> styles_;
};

}  // namespace urna::ballot
