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

// Where the minutiae of a land on b, and how far from there the pairs found so far
// pull them: mx / sum and my / sum.
struct Landing {
  std::vector<float> x;
  std::vector<float> y;
  std::vector<float> mx;
  std::vector<float> my;
  std::vector<float> sum;
};

class Matcher {
 public:
  // The evidence that a and b are the same finger; all zero when nothing agrees.
  Evidence compare(const Prepared& a, const Prepared& b);
  [[nodiscard]] const Alignment& alignment() const { return best_; }

 private:
  struct Link {
    int a;
    int b;
    float similarity;
    float support;
    std::uint16_t turn;  // direction difference
  };

  void link(const Prepared& a, const Prepared& b);
  void relax(const Prepared& a, const Prepared& b);
  [[nodiscard]] float agree(const Prepared& a, const Prepared& b, const Link& s,
                            const Link& t) const;
  [[nodiscard]] float agree_both(const Prepared& a, const Prepared& b, const Link& s,
                                 const Link& t) const;
  bool align(const Prepared& a, const Prepared& b, std::size_t seed);
  void pair_up(const Prepared& a, const Prepared& b, int round);
  bool refit(const Prepared& a, const Prepared& b);
  Evidence weigh(const Prepared& a, const Prepared& b) const;

  std::vector<float> similarity_;
  std::vector<Link> links_;
  std::vector<float> next_;
  Landing landing_;
  std::vector<float> distance_;
  std::vector<std::uint8_t> near_;
  Alignment now_;
  Alignment best_;
};

}  // namespace urna::finger
