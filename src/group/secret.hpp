// Secret scalars: nonces, key shares, encryption randomness. Every operation that
// depends on one goes through libsodium in constant time; nothing here branches on or
// indexes by a secret.
//
// Called by sealing, the ceremony and decryption. A SecretScalar cannot be copied or
// printed, and is wiped when it dies or is moved from (a moved-from one is zero). It
// holds its 32 bytes in place: a ballot needs hundreds, and a guarded page for each
// would cost more than the arithmetic. Thread rule: like a std::unique_ptr.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "group/element.hpp"
#include "group/scalar.hpp"

#include <cstdint>
#include <span>

namespace urna::group {

class SecretScalar {
 public:
  static constexpr std::size_t size = 32;  // bytes of an encoding

  SecretScalar(SecretScalar&& other) noexcept;
  SecretScalar& operator=(SecretScalar&& other) noexcept;
  SecretScalar(const SecretScalar&) = delete;
  SecretScalar& operator=(const SecretScalar&) = delete;
  ~SecretScalar();

  // Uniform, from the operating system's generator.
  [[nodiscard]] static SecretScalar random();
  // 64 bytes (a hash of secrets) reduced modulo l. The caller wipes `wide`.
  [[nodiscard]] static SecretScalar from_wide(std::span<const std::uint8_t, 64> wide);
  // 32 bytes read back from an opened box or key file; errors::bad_scalar when not
  // 32 bytes below l. (Whether bytes are canonical is not secret.)
  [[nodiscard]] static Result<SecretScalar> decode(ByteView bytes);
  // A public value on its way into a secret computation.
  [[nodiscard]] static SecretScalar from_public(const Scalar& value);
  // A small secret number, such as the bit that says whether an option is chosen.
  [[nodiscard]] static SecretScalar from_u64(std::uint64_t value);

  // The encoding, for sealing into a box or key file only.
  [[nodiscard]] std::span<const std::uint8_t, 32> secret_bytes() const {
    return bytes_;
  }
  // The value as a public Scalar: only for what the protocol publishes, such as the
  // response of a proof or the opening of a challenged ballot.
  [[nodiscard]] Scalar declassify() const;

  // An explicit second copy, where a value must live in two places.
  [[nodiscard]] SecretScalar clone() const;

  friend SecretScalar operator+(const SecretScalar& a, const SecretScalar& b);
  friend SecretScalar operator-(const SecretScalar& a, const SecretScalar& b);
  friend SecretScalar operator*(const SecretScalar& a, const SecretScalar& b);
  friend SecretScalar operator*(const Scalar& a, const SecretScalar& b);
  friend SecretScalar operator-(const SecretScalar& a);

  // if_one when bit is 1, if_zero when bit is 0, in constant time.
  [[nodiscard]] static SecretScalar select(std::uint8_t bit,
                                           const SecretScalar& if_zero,
                                           const SecretScalar& if_one);

 private:
  SecretScalar() = default;

  ByteArray<32> bytes_{};  // little-endian, below l
};

// factor * G and factor * e. The identity is a legal result and a legal input.
[[nodiscard]] Element base_mul(const SecretScalar& factor);
[[nodiscard]] Element mul(const SecretScalar& factor, const Element& e);

// if_one when bit is 1, if_zero when bit is 0, in constant time.
[[nodiscard]] Element select(std::uint8_t bit, const Element& if_zero,
                             const Element& if_one);

}  // namespace urna::group
