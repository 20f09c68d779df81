// What a simulated day draws its luck from, and what it writes down. Both follow from
// the seed alone: the same seed gives the same diary, byte for byte.
//
// Thread rule: one thread for one day.
#pragma once

#include "base/testing/scripted.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace urna::simulate {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}

  [[nodiscard]] std::uint32_t below(std::uint32_t bound) {
    return static_cast<std::uint32_t>(random_.next() % bound);
  }
  // True once in `times`; never for 0.
  [[nodiscard]] bool once_in(std::uint32_t times) {
    return times != 0 && below(times) == 0;
  }
  // Dice of their own for one part of the day: what that part throws changes nothing
  // for the others.
  [[nodiscard]] Dice for_part() { return Dice(random_.next()); }
  template <class T>
  void shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size(); i > 1; --i) {
      std::swap(items[i - 1], items[below(static_cast<std::uint32_t>(i))]);
    }
  }

 private:
  base::testing::ScriptedRandom random_;
};

class Diary {
 public:
  template <class... Args>
  void write(fmt::format_string<Args...> text, Args&&... args) {
    lines_.push_back(fmt::format(text, std::forward<Args>(args)...));
  }
  // Something that must never happen. The day goes on where it can.
  template <class... Args>
  void problem(fmt::format_string<Args...> text, Args&&... args) {
    problems_.push_back(fmt::format(text, std::forward<Args>(args)...));
    lines_.push_back("PROBLEM: " + problems_.back());
  }

  [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }
  [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }
  [[nodiscard]] std::string text() const;

 private:
  std::vector<std::string> lines_;
  std::vector<std::string> problems_;
};

}  // namespace urna::simulate
