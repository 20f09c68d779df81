#include "group/secret.hpp"

#include "group/errors.hpp"
#include "group/sodium_element.hpp"

#include <algorithm>
#include <cstring>

#include <sodium.h>

namespace urna::group {
namespace {

// Byte by byte with a mask: no branch and no index depends on the bit.
ByteArray<32> select_bytes(std::uint8_t bit, const ByteArray<32>& if_zero,
                           const ByteArray<32>& if_one) {
  const auto mask = static_cast<std::uint8_t>(-bit);
  ByteArray<32> out;
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<std::uint8_t>(if_zero[i] ^ (mask & (if_zero[i] ^ if_one[i])));
  }
  return out;
}

}  // namespace

SecretScalar::SecretScalar(SecretScalar&& other) noexcept : bytes_(other.bytes_) {
  sodium_memzero(other.bytes_.data(), size);
}

SecretScalar& SecretScalar::operator=(SecretScalar&& other) noexcept {
  if (this != &other) {
    bytes_ = other.bytes_;
    sodium_memzero(other.bytes_.data(), size);
  }
  return *this;
}

SecretScalar::~SecretScalar() {
  sodium_memzero(bytes_.data(), size);
}

SecretScalar SecretScalar::random() {
  ensure_sodium();
  SecretScalar out;
  crypto_core_ristretto255_scalar_random(out.bytes_.data());
  return out;
}

SecretScalar SecretScalar::from_wide(std::span<const std::uint8_t, 64> wide) {
  SecretScalar out;
  crypto_core_ristretto255_scalar_reduce(out.bytes_.data(), wide.data());
  return out;
}

Result<SecretScalar> SecretScalar::decode(ByteView bytes) {
  SecretScalar out;
  if (bytes.size() == size) {
    // Reducing changes exactly the encodings that are not canonical.
    ByteArray<64> wide{};
    std::ranges::copy(bytes, wide.begin());
    crypto_core_ristretto255_scalar_reduce(out.bytes_.data(), wide.data());
    sodium_memzero(wide.data(), wide.size());
    if (sodium_memcmp(out.bytes_.data(), bytes.data(), size) == 0) return out;
  }
  return fail(errors::bad_scalar,
              "a secret scalar must be 32 little-endian bytes below the group order",
              "the file or message that contains it is damaged: use another copy");
}

SecretScalar SecretScalar::from_public(const Scalar& value) {
  SecretScalar out;
  out.bytes_ = value.bytes();
  return out;
}

SecretScalar SecretScalar::from_u64(std::uint64_t value) {
  SecretScalar out;
  std::memcpy(out.bytes_.data(), &value, sizeof value);
  return out;
}

Scalar SecretScalar::declassify() const {
  return Scalar::from_canonical(bytes_);
}

SecretScalar SecretScalar::clone() const {
  SecretScalar out;
  out.bytes_ = bytes_;
  return out;
}

SecretScalar operator+(const SecretScalar& a, const SecretScalar& b) {
  SecretScalar out;
  crypto_core_ristretto255_scalar_add(out.bytes_.data(), a.bytes_.data(),
                                      b.bytes_.data());
  return out;
}

SecretScalar operator-(const SecretScalar& a, const SecretScalar& b) {
  SecretScalar out;
  crypto_core_ristretto255_scalar_sub(out.bytes_.data(), a.bytes_.data(),
                                      b.bytes_.data());
  return out;
}

SecretScalar operator*(const SecretScalar& a, const SecretScalar& b) {
  SecretScalar out;
  crypto_core_ristretto255_scalar_mul(out.bytes_.data(), a.bytes_.data(),
                                      b.bytes_.data());
  return out;
}

SecretScalar operator*(const Scalar& a, const SecretScalar& b) {
  SecretScalar out;
  crypto_core_ristretto255_scalar_mul(out.bytes_.data(), a.bytes().data(),
                                      b.bytes_.data());
  return out;
}

SecretScalar operator-(const SecretScalar& a) {
  SecretScalar out;
  crypto_core_ristretto255_scalar_negate(out.bytes_.data(), a.bytes_.data());
  return out;
}

SecretScalar SecretScalar::select(std::uint8_t bit, const SecretScalar& if_zero,
                                  const SecretScalar& if_one) {
  SecretScalar out;
  out.bytes_ = select_bytes(bit, if_zero.bytes_, if_one.bytes_);
  return out;
}

Element base_mul(const SecretScalar& factor) {
  return SodiumElement::base_mul(factor.secret_bytes().data());
}

Element mul(const SecretScalar& factor, const Element& e) {
  return SodiumElement::mul(factor.secret_bytes().data(), e);
}

Element select(std::uint8_t bit, const Element& if_zero, const Element& if_one) {
  return SodiumElement::wrap(select_bytes(bit, if_zero.bytes(), if_one.bytes()));
}

}  // namespace urna::group
