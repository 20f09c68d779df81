#include "group/element.hpp"

#include "group/errors.hpp"
#include "group/sodium_element.hpp"

#include <cassert>
#include <cstdio>
#include <cstdlib>

#include <sodium.h>

namespace urna::group {

void ensure_sodium() {
  static const bool started = sodium_init() >= 0;
  if (started) return;
  std::fputs("libsodium could not start: no randomness from the system\n", stderr);
  std::abort();
}

Element SodiumElement::wrap(const ByteArray<32>& valid) {
  Element out;
  out.bytes_ = valid;
  return out;
}

// libsodium returns -1 when the product is the identity; its output is then 32 zero
// bytes, which is the identity's encoding, so the return value carries no news.
Element SodiumElement::base_mul(const std::uint8_t* factor) {
  ensure_sodium();
  Element out;
  [[maybe_unused]] const int rc =
      crypto_scalarmult_ristretto255_base(out.bytes_.data(), factor);
  return out;
}

Element SodiumElement::mul(const std::uint8_t* factor, const Element& e) {
  ensure_sodium();
  Element out;
  [[maybe_unused]] const int rc =
      crypto_scalarmult_ristretto255(out.bytes_.data(), factor, e.bytes_.data());
  return out;
}

Result<Element> Element::decode(ByteView bytes) {
  ensure_sodium();
  // libsodium 1.0.18 ignores the top bit, which RFC 9496 wants clear.
  if (bytes.size() == size && (bytes[31] & 0x80) == 0 &&
      crypto_core_ristretto255_is_valid_point(bytes.data()) == 1) {
    Element out;
    std::ranges::copy(bytes, out.bytes_.begin());
    return out;
  }
  return fail(errors::bad_element,
              "a group element must be 32 bytes that RFC 9496 accepts",
              "reject the message that contains it");
}

Element Element::generator() {
  static const Element g = base_mul(Scalar::from_u64(1));
  return g;
}

Element Element::from_uniform(const ByteArray<64>& uniform) {
  ensure_sodium();
  Element out;
  const int rc = crypto_core_ristretto255_from_hash(out.bytes_.data(), uniform.data());
  assert(rc == 0);
  (void)rc;
  return out;
}

bool Element::is_identity() const {
  return *this == Element{};
}

Element operator+(const Element& a, const Element& b) {
  Element out;
  const int rc =
      crypto_core_ristretto255_add(out.bytes_.data(), a.bytes_.data(), b.bytes_.data());
  assert(rc == 0);
  (void)rc;
  return out;
}

Element operator-(const Element& a, const Element& b) {
  Element out;
  const int rc =
      crypto_core_ristretto255_sub(out.bytes_.data(), a.bytes_.data(), b.bytes_.data());
  assert(rc == 0);
  (void)rc;
  return out;
}

Element base_mul(const Scalar& factor) {
  return SodiumElement::base_mul(factor.bytes().data());
}

Element mul(const Scalar& factor, const Element& e) {
  return SodiumElement::mul(factor.bytes().data(), e);
}

}  // namespace urna::group
