// What the protocol needs from a group of prime order: written once as a concept, so
// that proofs and key shares can be tested exhaustively over a group of a dozen
// elements (group/testing/toy_group.hpp) and run over Ristretto255 in elections.
//
// A Group G names three value types and two products:
//   G::Element       +, -, ==, decode(ByteView), bytes(), is_identity(), generator(),
//                    default-constructed: the identity
//   G::Scalar        public; +, -, *, ==, decode, bytes(), from_u64, reduce_wide(64)
//   G::SecretScalar  moves only; +, -, *, random(), from_wide(64), from_u64,
//                    from_public, clone(), select(bit, if_zero, if_one), declassify()
//   G::base_mul(s) = s G and G::mul(s, e) for both kinds of scalar; constant time for
//   secret ones. The identity is a legal input and result everywhere.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "group/element.hpp"
#include "group/scalar.hpp"
#include "group/secret.hpp"

#include <concepts>
#include <cstdint>
#include <span>

namespace urna::group {

template <class G>
concept Group =
    requires(const typename G::Element& e, const typename G::Scalar& s,
             const typename G::SecretScalar& x, ByteView bytes,
             const ByteArray<64>& wide, std::span<const std::uint8_t, 64> secret_wide) {
      { e + e } -> std::same_as<typename G::Element>;
      { e - e } -> std::same_as<typename G::Element>;
      { e == e } -> std::same_as<bool>;
      { e.is_identity() } -> std::same_as<bool>;
      { G::Element::decode(bytes) } -> std::same_as<Result<typename G::Element>>;
      { G::Element::generator() } -> std::same_as<typename G::Element>;
      { ByteView(e.bytes()) };

      { s + s } -> std::same_as<typename G::Scalar>;
      { s - s } -> std::same_as<typename G::Scalar>;
      { s* s } -> std::same_as<typename G::Scalar>;
      { s == s } -> std::same_as<bool>;
      { G::Scalar::decode(bytes) } -> std::same_as<Result<typename G::Scalar>>;
      { G::Scalar::from_u64(std::uint64_t{}) } -> std::same_as<typename G::Scalar>;
      { G::Scalar::reduce_wide(wide) } -> std::same_as<typename G::Scalar>;
      { s.invert_var() } -> std::same_as<Result<typename G::Scalar>>;

      { x + x } -> std::same_as<typename G::SecretScalar>;
      { x - x } -> std::same_as<typename G::SecretScalar>;
      { x* x } -> std::same_as<typename G::SecretScalar>;
      { s* x } -> std::same_as<typename G::SecretScalar>;
      { G::SecretScalar::random() } -> std::same_as<typename G::SecretScalar>;
      {
        G::SecretScalar::from_wide(secret_wide)
      } -> std::same_as<typename G::SecretScalar>;
      {
        G::SecretScalar::from_u64(std::uint64_t{})
      } -> std::same_as<typename G::SecretScalar>;
      { G::SecretScalar::from_public(s) } -> std::same_as<typename G::SecretScalar>;
      {
        G::SecretScalar::select(std::uint8_t{}, x, x)
      } -> std::same_as<typename G::SecretScalar>;
      { x.clone() } -> std::same_as<typename G::SecretScalar>;
      { x.declassify() } -> std::same_as<typename G::Scalar>;

      { G::base_mul(s) } -> std::same_as<typename G::Element>;
      { G::base_mul(x) } -> std::same_as<typename G::Element>;
      { G::mul(s, e) } -> std::same_as<typename G::Element>;
      { G::mul(x, e) } -> std::same_as<typename G::Element>;
    };

// The group of elections.
struct Ristretto {
  using Element = group::Element;
  using Scalar = group::Scalar;
  using SecretScalar = group::SecretScalar;

  [[nodiscard]] static Element base_mul(const Scalar& s) { return group::base_mul(s); }
  [[nodiscard]] static Element base_mul(const SecretScalar& s) {
    return group::base_mul(s);
  }
  [[nodiscard]] static Element mul(const Scalar& s, const Element& e) {
    return group::mul(s, e);
  }
  [[nodiscard]] static Element mul(const SecretScalar& s, const Element& e) {
    return group::mul(s, e);
  }
};

static_assert(Group<Ristretto>);

}  // namespace urna::group
