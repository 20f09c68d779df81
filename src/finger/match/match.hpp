// One print against another: from local similarity to global consensus to a score.
//
//   1. every minutia of one is compared with every minutia of the other by the
//      Hamming distance of their descriptors;
//   2. the best pairs support each other where their relative positions agree
//      (relaxation, after Cappelli, Ferrara, Maltoni, TPAMI 32(12), 2010, LSS-R);
//   3. from the best supported pair the prints are aligned and all minutiae paired
//      again, with a tolerance that follows the skin's local displacement;
//   4. what was found becomes a handful of numbers (Evidence), and those become the
//      score.
//
// Thread rule: pure; a Matcher only holds scratch memory, one a thread.
#pragma once

#include "finger/match/links.hpp"
#include "finger/match/prepared.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace urna::finger {

// What one alignment of two prints shows. The score is a function of this alone.
struct Evidence {
  static constexpr int kCount = 16;
  std::array<float, kCount> value{};
};

struct MinutiaPair {
  int a = 0;
  int b = 0;
  float weight = 0;
};

struct Alignment {
  float cos = 1;  // maps a point of a onto b: b = R a + t
  float sin = 0;
  float tx = 0;
  float ty = 0;
  std::vector<MinutiaPair> pairs;
};

// Where the minutiae of a land on b, and where the pairs found so far pull them.
struct Landing {
  static constexpr std::size_t kMost = kMatchMinutiae;
  std::size_t size = 0;
  alignas(64) std::array<float, kMost> x{};
  alignas(64) std::array<float, kMost> y{};
  alignas(64) std::array<float, kMost> pulled_x{};
  alignas(64) std::array<float, kMost> pulled_y{};
};

// What each pair says about how far points really land from there: that around (x, y)
// the error is (ex, ey), with a weight.
struct Pulls {
  std::size_t size = 0;
  std::array<std::int32_t, kMatchMinutiae> own{};  // the minutia of a
  std::array<float, kMatchMinutiae> x{};
  std::array<float, kMatchMinutiae> y{};
  std::array<float, kMatchMinutiae> ex{};
  std::array<float, kMatchMinutiae> ey{};
  std::array<float, kMatchMinutiae> weight{};
};

class Matcher {
 public:
  // The evidence that a and b are the same finger; all zero when nothing agrees.
  Evidence compare(const Prepared& a, const Prepared& b);
  [[nodiscard]] const Alignment& alignment() const { return best_; }

 private:
  static constexpr std::size_t kBestLinks = 8;  // whose support is evidence

  std::size_t best_links(std::array<std::size_t, kBestLinks>& out) const;
  void land(const Prepared& a, const Prepared& b, bool pulled);
  bool align(const Prepared& a, const Prepared& b, std::size_t seed);
  void pair_up(const Prepared& a, const Prepared& b, int round);
  bool refit(const Prepared& a, const Prepared& b);
  Evidence weigh(const Prepared& a, const Prepared& b) const;

  Links links_;
  Landing landing_;
  Pulls pulls_;
  std::vector<std::uint64_t> offers_;
  Alignment now_;
  Alignment best_;
};

}  // namespace urna::finger
