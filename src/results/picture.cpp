#include "results/picture.hpp"

#include "base/binary.hpp"

#include <zlib.h>

namespace urna::results {
namespace {

// A chunk of PNG (ISO/IEC 15948, 5.3): length, type, data, CRC of type and data.
void chunk(base::Writer& out, std::string_view type, ByteView data) {
  out.u32_be(static_cast<std::uint32_t>(data.size()));
  Bytes named(type.begin(), type.end());
  append(named, data);
  out.fixed(named);
  out.u32_be(static_cast<std::uint32_t>(
      crc32(0, named.data(), static_cast<uInt>(named.size()))));
}

}  // namespace

Bytes qr_png(const sheet::QrMatrix& code) {
  const int side = code.size + 2 * sheet::kQuietModules;
  const auto stride =
      static_cast<std::size_t>((side + 7) / 8) + 1;  // filter byte first
  Bytes rows(stride * static_cast<std::size_t>(side), 0xff);
  for (int y = 0; y < side; ++y) {
    const std::size_t row = static_cast<std::size_t>(y) * stride;
    rows[row] = 0;  // no filter
    for (int x = 0; x < code.size; ++x) {
      const int module = y - sheet::kQuietModules;
      if (module < 0 || module >= code.size || !code.at(x, module)) continue;
      const int at = x + sheet::kQuietModules;
      auto& byte = rows[row + 1 + static_cast<std::size_t>(at / 8)];
      byte = static_cast<std::uint8_t>(byte & ~(0x80 >> (at % 8)));
    }
  }
  uLongf size = compressBound(static_cast<uLong>(rows.size()));
  Bytes packed(size);
  compress2(packed.data(), &size, rows.data(), static_cast<uLong>(rows.size()), 6);
  packed.resize(size);
  base::Writer out;
  out.fixed(std::array<std::uint8_t, 8>{0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
  base::Writer head;
  head.u32_be(static_cast<std::uint32_t>(side));
  head.u32_be(static_cast<std::uint32_t>(side));
  head.u8(1);  // bit a pixel
  head.u8(0);  // grey
  for (int i = 0; i < 3; ++i) head.u8(0);
  chunk(out, "IHDR", head.view());
  chunk(out, "IDAT", packed);
  chunk(out, "IEND", {});
  return std::move(out).take();
}

}  // namespace urna::results
