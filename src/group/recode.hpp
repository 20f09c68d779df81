// Scalars as signed digits, the form in which multi-scalar multiplication reads them.
// Used inside src/group only, on public data; pure functions.
#pragma once

#include <cstdint>
#include <span>

namespace urna::group {

// How many signed window-bit digits hold every scalar below 2^bits.
[[nodiscard]] constexpr int digit_count(int bits, int window) {
  return (bits + 1 + window - 1) / window;
}

// `scalar` = sum of digits[i] * 2^(window * i), each digit from -2^(window-1) to
// 2^(window-1) - 1 (the last one may be any that remains). Little-endian limbs;
// digits.size() must be digit_count() of the scalar's bits; window from 1 to 16.
inline void recode_signed(std::span<const std::uint64_t> scalar, int window,
                          std::span<std::int32_t> digits) {
  const std::uint64_t mask = (std::uint64_t{1} << window) - 1;
  const std::uint64_t half = std::uint64_t{1} << (window - 1);
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const std::size_t bit = i * static_cast<std::size_t>(window);
    const std::size_t limb = bit / 64, shift = bit % 64;
    std::uint64_t value = 0;
    if (limb < scalar.size()) {
      value = scalar[limb] >> shift;
      if (shift != 0 && limb + 1 < scalar.size())
        value |= scalar[limb + 1] << (64 - shift);
    }
    value = (value & mask) + carry;
    carry = value >= half ? 1 : 0;
    digits[i] =
        static_cast<std::int32_t>(value) - static_cast<std::int32_t>(carry << window);
  }
}

}  // namespace urna::group
