// A group so small that a test can try everything: the integers modulo a small prime
// `order`, written additively, with generator 1. Discrete logarithms are plain to see,
// which is the point: a proof that should hold for exactly one statement can be tried
// with every statement. Tests only; nothing here is secret.
//
// The order is a template argument: a larger one leaves fewer accidents, a smaller one
// fewer cases.
#pragma once

#include "group/concept.hpp"
#include "group/errors.hpp"

#include <random>

namespace urna::group::testing {

template <std::uint32_t order>
class ToyNumber {
 public:
  constexpr ToyNumber() = default;
  constexpr explicit ToyNumber(std::uint64_t value)
      : value_(static_cast<std::uint32_t>(value % order)) {}

  [[nodiscard]] static Result<ToyNumber> decode(ByteView bytes) {
    std::uint32_t value = 0;
    if (bytes.size() != 4) return fail(errors::bad_scalar, "a toy number has 4 bytes");
    for (std::size_t i = 4; i-- > 0;) value = value << 8 | bytes[i];
    if (value >= order) return fail(errors::bad_scalar, "not below the toy order");
    return ToyNumber(value);
  }
  [[nodiscard]] ByteArray<4> bytes() const {
    ByteArray<4> out;
    for (std::size_t i = 0; i < 4; ++i) {
      out[i] = static_cast<std::uint8_t>(value_ >> (8 * i));
    }
    return out;
  }
  [[nodiscard]] constexpr std::uint32_t value() const { return value_; }

  friend ToyNumber operator+(ToyNumber a, ToyNumber b) {
    return ToyNumber(std::uint64_t{a.value_} + b.value_);
  }
  friend ToyNumber operator-(ToyNumber a, ToyNumber b) {
    return ToyNumber(std::uint64_t{a.value_} + order - b.value_);
  }
  friend ToyNumber operator-(ToyNumber a) { return ToyNumber() - a; }
  friend ToyNumber operator*(ToyNumber a, ToyNumber b) {
    return ToyNumber(std::uint64_t{a.value_} * b.value_);
  }
  friend bool operator==(const ToyNumber&, const ToyNumber&) = default;

 protected:
  // All 64 bytes count, so that a test of completeness sees every one of them.
  [[nodiscard]] static ToyNumber reduce(std::span<const std::uint8_t, 64> wide) {
    std::uint64_t value = 0;
    for (std::size_t i = 64; i-- > 0;) value = (value * 256 + wide[i]) % order;
    return ToyNumber(value);
  }

  std::uint32_t value_ = 0;
};

template <std::uint32_t order>
struct ToyGroup {
  using Number = ToyNumber<order>;

  // An element: e stands for e G.
  struct Element : Number {
    Element() = default;
    explicit Element(Number n) : Number(n) {}
    [[nodiscard]] static Result<Element> decode(ByteView bytes) {
      URNA_TRY(const Number n, Number::decode(bytes));
      return Element(n);
    }
    [[nodiscard]] static Element generator() { return Element(Number(1)); }
    [[nodiscard]] bool is_identity() const { return this->value_ == 0; }
    friend Element operator+(const Element& a, const Element& b) {
      return Element(Number(a) + Number(b));
    }
    friend Element operator-(const Element& a, const Element& b) {
      return Element(Number(a) - Number(b));
    }
    friend bool operator==(const Element&, const Element&) = default;
  };

  struct Scalar : Number {
    Scalar() = default;
    explicit Scalar(Number n) : Number(n) {}
    [[nodiscard]] static Result<Scalar> decode(ByteView bytes) {
      URNA_TRY(const Number n, Number::decode(bytes));
      return Scalar(n);
    }
    [[nodiscard]] static Scalar from_u64(std::uint64_t v) { return Scalar(Number(v)); }
    [[nodiscard]] static Scalar reduce_wide(const ByteArray<64>& wide) {
      return Scalar(Number::reduce(wide));
    }
    [[nodiscard]] bool is_zero() const { return this->value_ == 0; }
    [[nodiscard]] Result<Scalar> invert_var() const {
      for (std::uint32_t i = 1; i < order; ++i) {
        if ((Number(i) * *this).value() == 1) return from_u64(i);
      }
      return fail(errors::no_inverse, "zero has no inverse");
    }
    friend Scalar operator+(const Scalar& a, const Scalar& b) {
      return Scalar(Number(a) + Number(b));
    }
    friend Scalar operator-(const Scalar& a, const Scalar& b) {
      return Scalar(Number(a) - Number(b));
    }
    friend Scalar operator-(const Scalar& a) { return Scalar() - a; }
    friend Scalar operator*(const Scalar& a, const Scalar& b) {
      return Scalar(Number(a) * Number(b));
    }
    friend bool operator==(const Scalar&, const Scalar&) = default;
  };

  struct SecretScalar : Number {
    explicit SecretScalar(Number n) : Number(n) {}
    SecretScalar(SecretScalar&&) = default;
    SecretScalar& operator=(SecretScalar&&) = default;
    SecretScalar(const SecretScalar&) = delete;
    SecretScalar& operator=(const SecretScalar&) = delete;

    // Seeded per process: tests repeat.
    [[nodiscard]] static SecretScalar random() {
      static std::mt19937_64 source(1);
      return SecretScalar(Number(source() % order));
    }
    [[nodiscard]] static SecretScalar from_wide(
        std::span<const std::uint8_t, 64> wide) {
      return SecretScalar(Number::reduce(wide));
    }
    [[nodiscard]] static Result<SecretScalar> decode(ByteView bytes) {
      URNA_TRY(const Number n, Number::decode(bytes));
      return SecretScalar(n);
    }
    [[nodiscard]] static SecretScalar from_u64(std::uint64_t v) {
      return SecretScalar(Number(v));
    }
    [[nodiscard]] static SecretScalar from_public(const Scalar& s) {
      return SecretScalar(s);
    }
    [[nodiscard]] static SecretScalar select(std::uint8_t bit, const SecretScalar& zero,
                                             const SecretScalar& one) {
      return bit == 1 ? one.clone() : zero.clone();
    }
    [[nodiscard]] SecretScalar clone() const { return SecretScalar(Number(*this)); }
    [[nodiscard]] Scalar declassify() const { return Scalar(Number(*this)); }
    [[nodiscard]] ByteArray<4> secret_bytes() const { return this->bytes(); }
    friend SecretScalar operator+(const SecretScalar& a, const SecretScalar& b) {
      return SecretScalar(Number(a) + Number(b));
    }
    friend SecretScalar operator-(const SecretScalar& a, const SecretScalar& b) {
      return SecretScalar(Number(a) - Number(b));
    }
    friend SecretScalar operator-(const SecretScalar& a) {
      return SecretScalar(Number() - Number(a));
    }
    friend SecretScalar operator*(const SecretScalar& a, const SecretScalar& b) {
      return SecretScalar(Number(a) * Number(b));
    }
    friend SecretScalar operator*(const Scalar& a, const SecretScalar& b) {
      return SecretScalar(Number(a) * Number(b));
    }
  };

  [[nodiscard]] static Element base_mul(const Scalar& s) { return Element(s); }
  [[nodiscard]] static Element base_mul(const SecretScalar& s) { return Element(s); }
  [[nodiscard]] static Element mul(const Scalar& s, const Element& e) {
    return Element(Number(s) * Number(e));
  }
  [[nodiscard]] static Element mul(const SecretScalar& s, const Element& e) {
    return Element(Number(s) * Number(e));
  }
};

static_assert(Group<ToyGroup<13>>);

}  // namespace urna::group::testing
