// The first half of a comparison: which minutiae of two prints look alike, and which
// of these pairs support each other. Internal to src/finger/match.
//
//   1. every minutia of one is compared with every minutia of the other by the
//      Hamming distance of their descriptors; the most alike pairs become links;
//   2. links support each other where their relative positions agree (relaxation,
//      after Cappelli, Ferrara, Maltoni, TPAMI 32(12), 2010, LSS-R).
//
// Thread rule: scratch memory, one a thread. Holds biometric personal data.
#pragma once

#include "finger/match/prepared.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace urna::finger {

inline constexpr std::size_t kMostLinks = 40;

// Minutia a of the one print taken to be minutia b of the other.
struct Link {
  int a = 0;
  int b = 0;
};

class Links {
 public:
  // Finds the links of a and b and lets them support each other.
  void find(const Prepared& a, const Prepared& b);

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] const Link& at(std::size_t k) const { return link_[k]; }
  // 0..1: how far the others agree with link k.
  [[nodiscard]] float support(std::size_t k) const { return support_[k]; }
  // 0..1: how well links s and t fit into one motion, seen from both ends; 0 for
  // a link and itself.
  [[nodiscard]] float compatibility(std::size_t s, std::size_t t) const {
    return compatibility_[s * kMostLinks + t];
  }
  // Of minutia i of a and j of b: 1 - the share of descriptor bits that differ.
  [[nodiscard]] float similarity(std::size_t i, std::size_t j) const {
    return similarity_[i * stride_ + j];
  }

 private:
  void compare_all(const Prepared& a, const Prepared& b);
  void choose(const Prepared& a, const Prepared& b);
  void relax(const Prepared& a, const Prepared& b);

  std::size_t size_ = 0;
  std::size_t stride_ = 0;
  std::array<Link, kMostLinks> link_{};
  alignas(64) std::array<float, kMostLinks> support_{};
  alignas(64) std::array<float, kMostLinks * kMostLinks> compatibility_{};
  std::vector<float> similarity_;        // a row of stride_ for each minutia of a
  std::vector<std::int64_t> best_of_b_;  // keys (links.cpp), the best and the second
  std::vector<std::int64_t> best_of_a_;
  std::vector<std::uint64_t> offers_;
};

}  // namespace urna::finger
