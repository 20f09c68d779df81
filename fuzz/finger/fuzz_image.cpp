// Any bytes as any picture format: no crash, and a picture is as large as it says.
// Normalising it must not crash either.
#include "finger/io/normalise.hpp"
#include "finger/io/read.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace urna::finger::io;
  const auto picture = read_picture({data, size});
  if (!picture) return 0;
  if (picture->pixels.size() != std::size_t{picture->width} * picture->height)
    std::abort();
  if (picture->pixels.size() < 1U << 18) (void)normalise(*picture);
  return 0;
}
