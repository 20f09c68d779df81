// Any bytes as scalars: our arithmetic modulo l gives the bytes that libsodium gives.
#include "group/scalar.hpp"

#include <cstdlib>
#include <cstring>

#include <sodium.h>

using namespace urna;
using namespace urna::group;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 128) return 0;
  ByteArray<64> wide[2];
  std::memcpy(wide, data, sizeof wide);
  ByteArray<32> x;
  ByteArray<32> y;
  ByteArray<32> z;
  crypto_core_ristretto255_scalar_reduce(x.data(), wide[0].data());
  crypto_core_ristretto255_scalar_reduce(y.data(), wide[1].data());
  const Scalar a = Scalar::reduce_wide(wide[0]);
  const Scalar b = Scalar::reduce_wide(wide[1]);
  if (a.bytes() != x || b.bytes() != y) std::abort();
  if (Scalar::decode(x).value() != a) std::abort();
  crypto_core_ristretto255_scalar_mul(z.data(), x.data(), y.data());
  if ((a * b).bytes() != z) std::abort();
  crypto_core_ristretto255_scalar_add(z.data(), x.data(), y.data());
  if ((a + b).bytes() != z) std::abort();
  crypto_core_ristretto255_scalar_sub(z.data(), x.data(), y.data());
  if ((a - b).bytes() != z) std::abort();
  Scalar128 weight;
  std::memcpy(weight.data(), data, weight.size());
  if (mul128_var(weight, b) != Scalar::from_128(weight) * b) std::abort();
  return 0;
}
