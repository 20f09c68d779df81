// Whatever the bytes, reading a box file ends in a box or in an error; what is accepted
// is written back to the same bytes.
#include "ballot/box.hpp"

#include <cstdlib>

using namespace urna;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto box = ballot::parse_box({data, size});
  if (box && !equal(ballot::box_bytes(*box), {data, size})) std::abort();
  return 0;
}
