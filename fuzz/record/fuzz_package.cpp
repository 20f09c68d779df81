// Whatever the bytes, reading a station package ends in a package or in an error; what
// is accepted is written back to the same bytes.
#include "ballot/package.hpp"

#include <cstdlib>

using namespace urna;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto package = ballot::parse_package({data, size});
  if (package && !equal(package->encode(), {data, size})) std::abort();
  return 0;
}
