#include "group/scalar.hpp"

#include "group/errors.hpp"

#include <bit>
#include <cassert>
#include <cstring>
#include <vector>

namespace urna::group {
namespace {

static_assert(std::endian::native == std::endian::little,
              "scalar encodings are copied straight from little-endian limbs");

using u64 = std::uint64_t;
__extension__ using u128 = unsigned __int128;

// l = 2^252 + c with c below 2^125; every reduction below uses 2^252 = -c.
constexpr std::array<u64, 4> kOrder = {0x5812631a5cf5d3ed, 0x14def9dea2f79cd6, 0,
                                       0x1000000000000000};
constexpr std::array<u64, 2> kC = {kOrder[0], kOrder[1]};
constexpr u64 kTopMask = 0x0fffffffffffffff;  // bits 192 to 251 in the top limb

template <std::size_t N>
using Limbs = std::array<u64, N>;

// out = a + b, returning the carry.
u64 add_limbs(Limbs<4>& out, const Limbs<4>& a, const Limbs<4>& b) {
  u64 carry = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const u128 t = u128{a[i]} + b[i] + carry;
    out[i] = static_cast<u64>(t);
    carry = static_cast<u64>(t >> 64);
  }
  return carry;
}

// out = a - b, returning the borrow.
u64 sub_limbs(Limbs<4>& out, const Limbs<4>& a, const Limbs<4>& b) {
  u64 borrow = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const u128 t = u128{a[i]} - b[i] - borrow;
    out[i] = static_cast<u64>(t);
    borrow = static_cast<u64>(t >> 64) & 1;
  }
  return borrow;
}

bool below_order(const Limbs<4>& a) {
  Limbs<4> unused;
  return sub_limbs(unused, a, kOrder) == 1;
}

template <std::size_t A, std::size_t B>
Limbs<A + B> multiply(const Limbs<A>& a, const Limbs<B>& b) {
  Limbs<A + B> out{};
  for (std::size_t i = 0; i < A; ++i) {
    u64 carry = 0;
    for (std::size_t j = 0; j < B; ++j) {
      const u128 t = u128{a[i]} * b[j] + out[i + j] + carry;
      out[i + j] = static_cast<u64>(t);
      carry = static_cast<u64>(t >> 64);
    }
    out[i + B] = carry;
  }
  return out;
}

// Bits 252 and up of x, as N - 3 limbs.
template <std::size_t N>
Limbs<N - 3> high_part(const Limbs<N>& x) {
  Limbs<N - 3> out;
  for (std::size_t i = 0; i < N - 3; ++i) {
    out[i] = x[i + 3] >> 60;
    if (i + 4 < N) out[i] |= x[i + 4] << 4;
  }
  return out;
}

template <std::size_t N>
Limbs<4> low_part(const Limbs<N>& x) {
  return {x[0], x[1], x[2], x[3] & kTopMask};
}

// x modulo l for x below 2^512: x = lo0 - c*hi0, c*hi0 = lo1 - c*hi1 and so on; the
// four low parts are each below 2^252 and alternate in sign.
Limbs<4> reduce(const Limbs<8>& x) {
  const auto p1 = multiply(high_part(x), kC);   // 5 + 2 limbs, below 2^385
  const auto p2 = multiply(high_part(p1), kC);  // 4 + 2 limbs, below 2^258
  const auto p3 = multiply(high_part(p2), kC);  // 3 + 2 limbs, below 2^131
  Limbs<4> plus, minus, out;
  add_limbs(plus, low_part(x), low_part(p2));
  add_limbs(minus, low_part(p1), low_part(p3));
  if (sub_limbs(out, plus, minus) == 1) {
    while (add_limbs(out, out, kOrder) == 0) {
    }
  }
  while (!below_order(out)) sub_limbs(out, out, kOrder);
  return out;
}

// The same for x below 2^384: one low part fewer.
Limbs<4> reduce(const Limbs<6>& x) {
  const auto p1 = multiply(high_part(x), kC);   // 3 + 2 limbs, below 2^257
  const auto p2 = multiply(high_part(p1), kC);  // 2 + 2 limbs, below 2^130
  Limbs<4> plus, out;
  add_limbs(plus, low_part(x), p2);
  if (sub_limbs(out, plus, low_part(p1)) == 1) add_limbs(out, out, kOrder);
  while (!below_order(out)) sub_limbs(out, out, kOrder);
  return out;
}

}  // namespace

Result<Scalar> Scalar::decode(ByteView bytes) {
  Scalar out;
  if (bytes.size() == size) {
    std::memcpy(out.limbs_.data(), bytes.data(), size);
    if (below_order(out.limbs_)) return out;
  }
  return fail(errors::bad_scalar,
              "a scalar must be 32 little-endian bytes below the group order",
              "reject the message that contains it");
}

Scalar Scalar::from_u64(std::uint64_t value) {
  Scalar out;
  out.limbs_[0] = value;
  return out;
}

Scalar Scalar::from_128(const Scalar128& value) {
  Scalar out;
  std::memcpy(out.limbs_.data(), value.data(), value.size());
  return out;
}

Scalar Scalar::reduce_wide(const ByteArray<64>& wide) {
  Limbs<8> x;
  std::memcpy(x.data(), wide.data(), wide.size());
  Scalar out;
  out.limbs_ = reduce(x);
  return out;
}

Scalar Scalar::from_canonical(const ByteArray<32>& bytes) {
  Scalar out;
  std::memcpy(out.limbs_.data(), bytes.data(), size);
  return out;
}

ByteArray<32> Scalar::bytes() const {
  ByteArray<32> out;
  std::memcpy(out.data(), limbs_.data(), size);
  return out;
}

bool Scalar::is_zero() const {
  return *this == Scalar{};
}

Scalar operator+(const Scalar& a, const Scalar& b) {
  Scalar out;
  add_limbs(out.limbs_, a.limbs_, b.limbs_);  // below 2^254: no carry
  if (!below_order(out.limbs_)) sub_limbs(out.limbs_, out.limbs_, kOrder);
  return out;
}

Scalar operator-(const Scalar& a, const Scalar& b) {
  Scalar out;
  if (sub_limbs(out.limbs_, a.limbs_, b.limbs_) == 1) {
    add_limbs(out.limbs_, out.limbs_, kOrder);
  }
  return out;
}

Scalar operator*(const Scalar& a, const Scalar& b) {
  Scalar out;
  out.limbs_ = reduce(multiply(a.limbs_, b.limbs_));
  return out;
}

Scalar operator-(const Scalar& a) {
  return Scalar{} - a;
}

Scalar mul128_var(const Scalar128& weight, const Scalar& b) {
  Limbs<2> short_limbs;
  std::memcpy(short_limbs.data(), weight.data(), weight.size());
  Scalar out;
  out.limbs_ = reduce(multiply(short_limbs, b.limbs_));
  return out;
}

// a^(l-2), Fermat: inversions are rare and always batched where they matter.
Result<Scalar> Scalar::invert_var() const {
  if (is_zero()) {
    return fail(errors::no_inverse, "zero has no inverse modulo the group order");
  }
  Limbs<4> exponent = kOrder;
  exponent[0] -= 2;
  Scalar out = from_u64(1);
  for (std::size_t bit = 253; bit-- > 0;) {
    out *= out;
    if ((exponent[bit / 64] >> (bit % 64)) & 1) out *= *this;
  }
  return out;
}

Scalar inner_product_var(std::span<const Scalar> a, std::span<const Scalar> b) {
  assert(a.size() == b.size());
  Limbs<8> sum{};
  u64 above = 0;  // how often the sum passed 2^512
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto product = multiply(a[i].limbs_, b[i].limbs_);
    u64 carry = 0;
    for (std::size_t j = 0; j < 8; ++j) {
      const u128 t = u128{sum[j]} + product[j] + carry;
      sum[j] = static_cast<u64>(t);
      carry = static_cast<u64>(t >> 64);
    }
    above += carry;
  }
  Scalar low, two_to_256;
  low.limbs_ = reduce(sum);
  if (above == 0) return low;
  two_to_256.limbs_ = reduce(Limbs<8>{0, 0, 0, 0, 1, 0, 0, 0});
  return low + Scalar::from_u64(above) * two_to_256 * two_to_256;
}

Result<void> invert_batch_var(std::span<Scalar> values) {
  std::vector<Scalar> prefix;  // prefix[i] = values[0] * ... * values[i-1]
  prefix.reserve(values.size());
  Scalar product = Scalar::from_u64(1);
  for (const Scalar& value : values) {
    prefix.push_back(product);
    product *= value;
  }
  URNA_TRY(Scalar inverse, product.invert_var());
  for (std::size_t i = values.size(); i-- > 0;) {
    const Scalar original = values[i];
    values[i] = inverse * prefix[i];
    inverse *= original;
  }
  return {};
}

}  // namespace urna::group
