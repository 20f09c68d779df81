// The first stage of Gallery's cascade: for every minutia of a candidate the probe
// minutia with the most alike neighbourhood, by population count, and how many of
// those pairs agree on one motion. Everybody in the gallery goes through it, so it is
// written for speed; integers throughout, the same on every machine. Internal to
// src/finger/match.
//
// Thread rule: pure functions. Holds biometric personal data.
#pragma once

#include "finger/template.hpp"

#include <array>
#include <cstdint>

namespace urna::finger {

inline constexpr int kFilterMinutiae = 26;  // of a candidate, the best to be found by
inline constexpr int kProbeMinutiae = 48;

// What the gallery keeps of a candidate: bits of the neighbourhoods of its minutiae, a
// 5x5 grid (21 cells within the circle) in six layers of direction, like Descriptor
// but coarser. Word by word, so that eight minutiae fill a vector. Unused ones are 0.
struct FilterBits {
  std::array<std::uint64_t, kFilterMinutiae> low{};
  std::array<std::uint64_t, kFilterMinutiae> high{};
};

// Minutiae by how surely another impression shows them with the same neighbours: by
// quality times the part of the neighbourhood that lies in the print. The first
// kFilterMinutiae of the result are the candidate's, kProbeMinutiae the probe's.
[[nodiscard]] Template by_use(Template print);

// Both want the order of by_use().
[[nodiscard]] FilterBits filter_bits(const Template& print);

// Where minutiae lie: pixels, and 256 directions counter-clockwise as in Minutia.
// Padded to whole vectors.
template <std::size_t kSize>
struct Places {
  std::array<std::int16_t, kSize> x{};
  std::array<std::int16_t, kSize> y{};
  std::array<std::int16_t, kSize> angle{};
};
inline constexpr int kVoters = 32;
static_assert(kVoters >= kFilterMinutiae);
using CandidatePlaces = Places<kVoters>;

struct FilterProbe {
  std::array<std::uint64_t, kProbeMinutiae> low{};
  std::array<std::uint64_t, kProbeMinutiae> high{};
  std::array<std::int32_t, kProbeMinutiae> count{};  // bits set
  Places<kProbeMinutiae> place;
  int size = 0;
};
[[nodiscard]] FilterProbe filter_probe(const Template& print);

// The best partner of each candidate minutia: 4 * common bits - bits of both, which is
// above zero where more than half of the bits are shared, and the probe's minutia (of
// equal ones the last).
struct Partners {
  std::array<std::int32_t, kVoters> value{};
  std::array<std::int32_t, kVoters> index{};
};
void best_partners(const FilterProbe& probe, const FilterBits& candidate,
                   Partners& out);
void best_partners_portable(const FilterProbe& probe, const FilterBits& candidate,
                            Partners& out);

// How strongly the pairs agree when pair s lays the prints on each other: the sum of
// the weights of those that agree, for every s.
using Votes = std::array<std::int16_t, kVoters>;
struct Ballot {
  alignas(64) Votes votes{};
  alignas(64) std::array<std::int16_t, kVoters> ax{};  // the partner, in the probe
  alignas(64) std::array<std::int16_t, kVoters> ay{};
  alignas(64) std::array<std::int16_t, kVoters> turn{};  // candidate less probe, 0..255
  alignas(64) std::array<std::int16_t, kVoters> weight{};  // 0 where nobody votes
  alignas(64) std::array<std::int16_t, kVoters> partner{};
};
// `candidate` holds `size` minutiae, at most kFilterMinutiae.
void vote(const FilterProbe& probe, const Partners& partners,
          const CandidatePlaces& candidate, int size, Ballot& out);
void vote_portable(const FilterProbe& probe, const Partners& partners,
                   const CandidatePlaces& candidate, int size, Ballot& out);

// What stage 1 ranks by, 0..kMostAgreement: the three strongest votes over what all
// pairs could have given, so that a small print, which has few pairs, is not drowned by
// large ones that agree by chance.
inline constexpr int kMostAgreement = 3071;
[[nodiscard]] int agreement(const Ballot& ballot);

// Whether both use the processor's 512-bit vectors and their population count. The
// portable ways give the same answers; tests switch to them.
[[nodiscard]] bool filter_uses_vectors();
void allow_filter_vectors(bool wanted);

// cos(2 pi k / 256), and the sine through it, the same on every machine.
[[nodiscard]] float cosine256(int angle);
inline float sine256(int angle) {
  return cosine256(angle - 64);
}

}  // namespace urna::finger
