// Any bytes as scalars: both implementations of multi-scalar multiplication give the
// element that libsodium gives for the sum of the products. The points are multiples
// of G with known factors, repeated so that short inputs reach the large method too.
#include "group/cpu_path.hpp"
#include "group/point.hpp"

#include <cstdlib>
#include <cstring>
#include <vector>

using namespace urna;
using namespace urna::group;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 33 || size > 32 * 64) return 0;
  const std::size_t repeat = data[0] % 2 == 0 ? 1 : 300 / (size / 32) + 1;
  std::vector<Scalar> scalars;
  std::vector<Scalar> factors;
  std::vector<Point> points;
  for (std::size_t at = 1; at + 32 <= size; at += 32) {
    ByteArray<64> wide{};
    std::memcpy(wide.data(), data + at, 32);
    for (std::size_t k = 0; k < repeat; ++k) {
      scalars.push_back(Scalar::reduce_wide(wide));
      factors.push_back(Scalar::from_u64(data[at] % 4));
      points.push_back(mul_var(factors.back(), Point::generator()));
    }
  }
  const Element expected = base_mul(inner_product_var(scalars, factors));
  for (const CpuPath path : {CpuPath::portable, CpuPath::avx512_ifma}) {
    testing::use_cpu_path(path);
    if (msm_var(scalars, points).encode_var() != expected) std::abort();
  }
  return 0;
}
