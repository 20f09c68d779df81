// Many templates held for 1:N search. A search runs a cascade that ends early for
// almost everybody: a Hamming filter over short descriptors, a vote of the pairs that
// pass it, and the full matcher for the few that are left. What the cascade lets
// through is scored exactly as Matcher would.
//
// Memory: at most 1.2 kB a template (bytes_per_template()).
//
// Thread rule: const functions may run on many threads at once; add() may not run
// beside them. Holds biometric personal data.
#pragma once

#include "base/result.hpp"
#include "finger/match/match.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace urna::finger {

// Bits of the neighbourhood of a minutia: a 5x5 grid (21 cells within the circle) in
// six layers of direction, like Descriptor but coarser.
using ShortDescriptor = std::array<std::uint64_t, 2>;
inline constexpr int kFilterMinutiae = 24;  // the best of a template

struct Found {
  std::size_t index = 0;  // in the order of add()
  int score = 0;
};

struct FilterProbe;  // filter.hpp
struct FilterScratch;

struct SearchOptions {
  std::size_t most = 10;    // candidates returned, best first
  int threshold = 0;        // least score of a candidate
  int threads = 1;          // 0: one a core
  bool exhaustive = false;  // no cascade: the full matcher for everybody
};

struct SearchStatistics {
  std::size_t compared = 0;
  std::size_t matched_fully = 0;  // reached the last stage
};

class Gallery {
 public:
  // Rounds the template to the private format. Error: bad_template.
  [[nodiscard]] Result<std::size_t> add(const Template& print);
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] std::size_t bytes_per_template() const;
  [[nodiscard]] Template at(std::size_t index) const;

  [[nodiscard]] std::vector<Found> search(const Template& probe,
                                          const SearchOptions& options,
                                          SearchStatistics* statistics = nullptr) const;

  // Whether the filter uses the processor's vector population count; both ways give
  // the same answers. Switched off by tests.
  static bool vector_popcount();
  static void set_vector_popcount(bool wanted);

 private:
  struct Entry {
    std::uint64_t at;      // of its bytes in packed_
    std::uint32_t filter;  // of its first descriptor in filters_
    std::uint16_t bytes;
    std::uint8_t filters;  // how many descriptors
  };

  // The fast stages: whether a template is worth the full matcher.
  [[nodiscard]] bool promising(std::size_t index, const FilterProbe& probe,
                               FilterScratch& scratch) const;

  std::vector<Entry> entries_;
  std::vector<std::uint8_t> packed_;  // private templates, one after the other
  std::vector<ShortDescriptor> filters_;
};

// The fast stages on their own: the votes of the best pairs, kPairVotes for every
// minutia that falls on one of the other print, and kMapVotes for every per cent by
// which the ridge directions agree. A candidate is matched fully when its best pairs
// reach kLeastVote, and the sum kLeastSum (kLeastBareSum without maps).
inline constexpr int kPairVotes = 15;
inline constexpr int kMapVotes = 8;
inline constexpr int kLeastVote = 10;
inline constexpr int kLeastSum = 760;
inline constexpr int kLeastBareSum = 110;
[[nodiscard]] int filter_vote(const Template& probe, const Template& candidate);

}  // namespace urna::finger
