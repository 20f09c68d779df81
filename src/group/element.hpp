// Group elements as the protocol stores and sends them: the 32-byte Ristretto255
// encoding (RFC 9496), always valid and canonical, so two elements are equal exactly
// when their bytes are.
//
// Called by everything. All arithmetic on Elements goes through libsodium, in
// constant time, decoding and re-encoding every time: right for one ballot, too slow
// for millions; bulk work on public data uses group/point.hpp. Thread rule: plain
// values. An Element may be derived from secrets; operations here are safe then.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "group/scalar.hpp"

namespace urna::group {

class Element {
 public:
  static constexpr std::size_t size = 32;  // bytes of an encoding

  constexpr Element() = default;  // the identity, whose encoding is 32 zero bytes

  // Exactly 32 bytes that RFC 9496 section 4.3.1 accepts; otherwise
  // errors::bad_element. The identity is accepted: where the protocol forbids it, the
  // caller asks is_identity().
  [[nodiscard]] static Result<Element> decode(ByteView bytes);

  // The generator of RFC 9496 section 4 (the Ed25519 base point).
  [[nodiscard]] static Element generator();

  // The one-way map of RFC 9496 section 4.3.4: 64 uniform bytes to an element whose
  // discrete logarithm nobody knows.
  [[nodiscard]] static Element from_uniform(const ByteArray<64>& uniform);

  [[nodiscard]] const ByteArray<32>& bytes() const { return bytes_; }
  [[nodiscard]] bool is_identity() const;

  friend Element operator+(const Element& a, const Element& b);
  friend Element operator-(const Element& a, const Element& b);
  friend Element operator-(const Element& a) { return Element{} - a; }
  Element& operator+=(const Element& b) { return *this = *this + b; }
  Element& operator-=(const Element& b) { return *this = *this - b; }
  friend bool operator==(const Element&, const Element&) = default;

 private:
  friend class Point;           // encodes its own coordinates
  friend struct SodiumElement;  // wraps what libsodium returns
  ByteArray<32> bytes_{};
};

// factor * G and factor * e with libsodium. Factor 0 and the identity give the
// identity, where libsodium itself would report failure.
[[nodiscard]] Element base_mul(const Scalar& factor);
[[nodiscard]] Element mul(const Scalar& factor, const Element& e);

}  // namespace urna::group
