// Small discrete logarithms: the t with t K = T, for t from 0 to a bound. Baby steps
// (a table of the first multiples, made once and used for every field of every
// station), then giant steps over it (Shanks 1971). A total is at most the number of
// ballots, so most searches end in the table.
//
// Template over the group. Thread rule: immutable after construction; share freely.
// Variable time: totals are published.
#pragma once

#include "group/concept.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>

namespace urna::trustees {

template <group::Group G>
class SmallLog {
 public:
  // `base` is K, not the identity. Each table entry costs one addition, once.
  SmallLog(const typename G::Element& base, std::uint32_t table_size)
      : size_(std::max<std::uint32_t>(table_size, 1)) {
    typename G::Element multiple{};
    for (std::uint32_t t = 0; t < size_; ++t) {
      table_.emplace(key(multiple), t);
      multiple = multiple + base;
    }
    giant_ = multiple;
  }

  // nullopt when no t from 0 to `bound` fits.
  [[nodiscard]] std::optional<std::uint64_t> find_var(typename G::Element target,
                                                      std::uint64_t bound) const {
    for (std::uint64_t done = 0; done <= bound; done += size_) {
      if (const auto found = table_.find(key(target)); found != table_.end()) {
        const std::uint64_t t = done + found->second;
        return t <= bound ? std::optional(t) : std::nullopt;
      }
      target = target - giant_;
    }
    return std::nullopt;
  }

 private:
  [[nodiscard]] static std::string key(const typename G::Element& element) {
    const auto& bytes = element.bytes();
    return std::string(bytes.begin(), bytes.end());
  }

  std::uint32_t size_;
  std::unordered_map<std::string, std::uint32_t> table_;
  typename G::Element giant_;  // size_ * K
};

}  // namespace urna::trustees
