// An exact non-negative fraction: what quotas, quotients, remainders and thresholds
// are made of. No floating point anywhere in this room: two lists that differ by one
// vote in a billion must compare as different, and two that tie must tie.
//
// Numerator and denominator are 128-bit, kept in lowest terms. Multiplication stops
// the program on overflow rather than give a wrong seat; the limits that allocate()
// puts on votes and seats keep every product it forms far below that. Comparison
// never multiplies, so it cannot overflow at all.
#pragma once

#include "base/result.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace urna::seats {

__extension__ using Wide = unsigned __int128;

class Fraction {
 public:
  constexpr Fraction() = default;
  // `denominator` must not be 0.
  constexpr Fraction(Wide numerator, Wide denominator = 1)
      : numerator_(numerator), denominator_(denominator) {
    reduce();
  }

  [[nodiscard]] constexpr Wide numerator() const { return numerator_; }
  [[nodiscard]] constexpr Wide denominator() const { return denominator_; }
  [[nodiscard]] constexpr Wide floor() const { return numerator_ / denominator_; }
  // To the nearest whole number, halves up.
  [[nodiscard]] Wide rounded() const;

  [[nodiscard]] Fraction times(const Fraction& other) const;
  // `other` must not be 0.
  [[nodiscard]] Fraction over(const Fraction& other) const;
  // `other` must not be greater than this.
  [[nodiscard]] Fraction minus(const Fraction& other) const;

  friend std::strong_ordering operator<=>(const Fraction& a, const Fraction& b);
  friend bool operator==(const Fraction& a, const Fraction& b) = default;

  [[nodiscard]] std::string text() const;   // "1249/2", "7"
  [[nodiscard]] std::string mixed() const;  // "624 1/2", "7": as people write it

 private:
  constexpr void reduce() {
    Wide a = numerator_;
    Wide b = denominator_;
    while (b != 0) {
      const Wide r = a % b;
      a = b;
      b = r;
    }
    if (a > 1) {
      numerator_ /= a;
      denominator_ /= a;
    }
  }

  Wide numerator_ = 0;
  Wide denominator_ = 1;
};

[[nodiscard]] std::string wide_text(Wide value);

// "3%", "3.25 %", "3/100" or "0": a share. Error: bad_fraction.
[[nodiscard]] Result<Fraction> parse_share(std::string_view text);

}  // namespace urna::seats
