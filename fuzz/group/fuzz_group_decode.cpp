// Any bytes as element encodings, 32 at a time: libsodium, the portable decoder and the
// vector decoder give one verdict, and what is accepted encodes back to the same bytes.
#include "group/cpu_path.hpp"
#include "group/point.hpp"

#include <cstdlib>
#include <cstring>
#include <vector>

using namespace urna;
using namespace urna::group;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<ByteArray<32>> encodings(size / 32);
  if (encodings.empty()) return 0;
  std::memcpy(encodings.data(), data, encodings.size() * 32);
  std::vector<Point> points(encodings.size());
  std::vector<std::uint8_t> valid(encodings.size());
  for (const CpuPath path : {CpuPath::portable, CpuPath::avx512_ifma}) {
    testing::use_cpu_path(path);
    (void)decode_batch_var(encodings, points, valid);
    for (std::size_t i = 0; i < encodings.size(); ++i) {
      const bool expected = Element::decode(encodings[i]).has_value();
      if (expected != (valid[i] == 1)) std::abort();
      if (expected != Point::decode_var(encodings[i]).has_value()) std::abort();
      if (expected && points[i].encode_var().bytes() != encodings[i]) std::abort();
      if (!expected && !points[i].is_identity_var()) std::abort();
    }
  }
  return 0;
}
