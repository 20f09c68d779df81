// The private template: what decodes encodes to the same bytes, and the gallery, which
// reads the bytes in place, never looks beyond them.
#include "finger/match/codec.hpp"
#include "finger/match/gallery.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace urna::finger;
  const urna::ByteView bytes(data, size);
  const auto print = decode_template(bytes);
  if (!print) return 0;
  const auto again = encode_template(*print);
  if (!again || !urna::equal(*again, bytes)) std::abort();
  Gallery gallery;
  for (int k = 0; k < 3; ++k)
    if (!gallery.add(*print)) std::abort();
  // at_least 1: the second and third stage have to choose.
  (void)gallery.search(*print, {.at_least = 1});
  return 0;
}
