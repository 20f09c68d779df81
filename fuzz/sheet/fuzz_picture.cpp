// Any bytes as a picture: decoded or refused, and searched for codes when small.
#include "sheet/paper/image.hpp"
#include "sheet/paper/qr.hpp"

using namespace urna;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto image = sheet::decode_picture(ByteView(data, size));
  if (image && image->width <= 600 && image->height <= 600)
    (void)sheet::read_qr(*image);
  return 0;
}
