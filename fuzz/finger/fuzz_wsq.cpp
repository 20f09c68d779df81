// WSQ alone, past the format detection: tables, codes and transform.
#include "finger/io/wsq.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto picture = urna::finger::io::read_wsq({data, size});
  if (picture &&
      picture->pixels.size() != std::size_t{picture->width} * picture->height) {
    std::abort();
  }
  return 0;
}
