// Card formats: both sizes, written back to the same bytes.
#include "finger/iso/card.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace urna::finger::iso;
  const urna::ByteView bytes(data, size);
  for (const CardSize card : {CardSize::normal, CardSize::compact}) {
    const auto read = decode_card(bytes, card);
    if (!read) continue;
    const auto again = encode_card(*read, {.size = card, .most = 255});
    if (!again || !urna::equal(*again, bytes)) std::abort();
  }
  return 0;
}
