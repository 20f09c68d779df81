// Public scalars: integers modulo l = 2^252 + 27742317777372353535851937790883648493,
// the prime order of the Ristretto255 group (RFC 9496 section 4.4).
//
// Called by everything that verifies. A Scalar is always canonical (below l), so
// equality of values is equality of encodings. Thread rule: plain values.
// Never for secrets: arithmetic here is our own and may take variable time. Secret
// scalars live in group/secret.hpp.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <array>
#include <cstdint>
#include <span>

namespace urna::group {

// A 128-bit integer, little-endian: the random weights of batch verification.
using Scalar128 = ByteArray<16>;

class Scalar {
 public:
  static constexpr std::size_t size = 32;  // bytes of an encoding

  constexpr Scalar() = default;  // zero

  // Exactly 32 bytes, little-endian, below l; otherwise errors::bad_scalar.
  [[nodiscard]] static Result<Scalar> decode(ByteView bytes);
  [[nodiscard]] static Scalar from_u64(std::uint64_t value);
  [[nodiscard]] static Scalar from_128(const Scalar128& value);
  // 64 little-endian bytes (a hash) reduced modulo l.
  [[nodiscard]] static Scalar reduce_wide(const ByteArray<64>& wide);

  [[nodiscard]] ByteArray<32> bytes() const;
  [[nodiscard]] bool is_zero() const;

  // Four 64-bit limbs, least significant first; below l.
  [[nodiscard]] const std::array<std::uint64_t, 4>& limbs() const { return limbs_; }

  // 1/this modulo l; zero is errors::no_inverse.
  [[nodiscard]] Result<Scalar> invert_var() const;

  friend Scalar operator+(const Scalar& a, const Scalar& b);
  friend Scalar operator-(const Scalar& a, const Scalar& b);
  friend Scalar operator*(const Scalar& a, const Scalar& b);
  friend Scalar operator-(const Scalar& a);
  Scalar& operator+=(const Scalar& b) { return *this = *this + b; }
  Scalar& operator-=(const Scalar& b) { return *this = *this - b; }
  Scalar& operator*=(const Scalar& b) { return *this = *this * b; }
  friend bool operator==(const Scalar&, const Scalar&) = default;

 private:
  friend class SecretScalar;
  friend Scalar mul128_var(const Scalar128& weight, const Scalar& b);
  friend Scalar inner_product_var(std::span<const Scalar> a, std::span<const Scalar> b);
  // Copies without looking: the bytes are already known to be below l.
  [[nodiscard]] static Scalar from_canonical(const ByteArray<32>& bytes);

  std::array<std::uint64_t, 4> limbs_{};
};

// weight * b: about half the price of a full product.
[[nodiscard]] Scalar mul128_var(const Scalar128& weight, const Scalar& b);

// sum of a[i] * b[i], reduced once at the end. The spans have equal lengths.
[[nodiscard]] Scalar inner_product_var(std::span<const Scalar> a,
                                       std::span<const Scalar> b);

// Replaces every value by its inverse with one inversion in all (Montgomery's
// trick). Any zero is errors::no_inverse, and then nothing is changed.
[[nodiscard]] Result<void> invert_batch_var(std::span<Scalar> values);

}  // namespace urna::group
