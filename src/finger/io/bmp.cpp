#include "finger/io/bmp.hpp"

#include "base/binary.hpp"
#include "finger/io/grey.hpp"
#include "finger/io_errors.hpp"

#include <array>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

namespace urna::finger::io {
namespace {

constexpr double kInchesPerMetre = 1.0 / 0.0254;

struct Header {
  std::uint32_t pixel_offset = 0;
  std::uint32_t info_size = 0;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  bool top_down = false;
  std::uint16_t bits = 0;
  double ppm_x = 0;
  double ppm_y = 0;
  std::uint32_t colours = 0;
};

Result<Header> read_header(base::Reader& in) {
  Header h;
  URNA_CHECK(in.fixed(10));  // magic, file size (often wrong), reserved
  URNA_TRY(h.pixel_offset, in.u32());
  URNA_TRY(h.info_size, in.u32());
  if (h.info_size < 40 || h.info_size > 124) {
    return fail(errors::unsupported_image,
                fmt::format("BMP information header of {} bytes", h.info_size),
                "save it as PNG");
  }
  URNA_TRY(const std::uint32_t width, in.u32());
  URNA_TRY(const std::uint32_t raw_height, in.u32());
  const auto height = static_cast<std::int32_t>(raw_height);
  h.width = width;
  h.top_down = height < 0;
  h.height = h.top_down ? 0U - raw_height : raw_height;
  URNA_CHECK(check_size(h.width, h.height));
  URNA_TRY(const std::uint16_t planes, in.u16());
  URNA_TRY(h.bits, in.u16());
  URNA_TRY(const std::uint32_t compression, in.u32());
  if (planes != 1 || compression != 0 ||
      (h.bits != 8 && h.bits != 24 && h.bits != 32)) {
    return fail(errors::unsupported_image,
                fmt::format("BMP with {} bits, compression {}", h.bits, compression),
                "save it uncompressed with 8 or 24 bits, or as PNG");
  }
  URNA_CHECK(in.u32());  // image size, often 0
  URNA_TRY(const std::uint32_t ppm_x, in.u32());
  URNA_TRY(const std::uint32_t ppm_y, in.u32());
  h.ppm_x = ppm_x;
  h.ppm_y = ppm_y;
  URNA_TRY(h.colours, in.u32());
  return h;
}

// The grey value of each palette entry; entries the file lacks stay black.
Result<std::array<std::uint8_t, 256>> read_palette(ByteView file, const Header& h) {
  std::array<std::uint8_t, 256> grey{};
  const std::uint32_t count = h.colours == 0 ? 256 : h.colours;
  const std::size_t begin = 14U + h.info_size;
  if (count > 256 || begin + 4U * count > file.size()) {
    return fail(errors::corrupt_image,
                fmt::format("BMP palette of {} colours does not fit", count));
  }
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t* entry = file.data() + begin + 4 * i;
    grey[i] = grey_of(entry[2], entry[1], entry[0]);
  }
  return grey;
}

}  // namespace

bool is_bmp(ByteView file) {
  return file.size() >= 2 && file[0] == 'B' && file[1] == 'M';
}

Result<Picture> read_bmp(ByteView file) {
  base::Reader in(file);
  URNA_TRY(const Header h, read_header(in));
  const std::size_t stride = (std::size_t{h.width} * h.bits / 8 + 3) & ~std::size_t{3};
  if (h.pixel_offset > file.size() ||
      file.size() - h.pixel_offset < stride * h.height) {
    return fail(
        errors::corrupt_image,
        fmt::format("BMP of {} x {} needs {} bytes of pixels, {} are there", h.width,
                    h.height, stride * h.height,
                    file.size() - std::min<std::size_t>(file.size(), h.pixel_offset)));
  }
  std::array<std::uint8_t, 256> palette{};
  if (h.bits == 8) {
    URNA_TRY(palette, read_palette(file, h));
  }
  Picture picture = make_picture(h.width, h.height);
  const std::size_t step = h.bits / 8U;
  for (std::uint32_t y = 0; y < h.height; ++y) {
    const std::uint32_t stored = h.top_down ? y : h.height - 1 - y;
    const std::uint8_t* row = file.data() + h.pixel_offset + stride * stored;
    std::uint8_t* out = picture.pixels.data() + std::size_t{y} * h.width;
    for (std::uint32_t x = 0; x < h.width; ++x, row += step) {
      out[x] = step == 1 ? palette[row[0]] : grey_of(row[2], row[1], row[0]);
    }
  }
  set_resolution(picture, h.ppm_x / kInchesPerMetre, h.ppm_y / kInchesPerMetre);
  return picture;
}

Bytes write_bmp(const Picture& picture) {
  const std::uint32_t stride = (picture.width + 3U) & ~3U;
  const std::uint32_t size = stride * picture.height;
  constexpr std::uint32_t kPixelOffset = 14 + 40 + 256 * 4;
  const auto per_metre = [](const std::optional<double>& dpi) {
    return dpi ? static_cast<std::uint32_t>(std::lround(*dpi * kInchesPerMetre)) : 0U;
  };
  base::Writer out;
  out.fixed(as_bytes("BM"));
  out.u32(kPixelOffset + size);
  out.u32(0);
  out.u32(kPixelOffset);
  out.u32(40);
  out.u32(picture.width);
  out.u32(picture.height);
  out.u16(1);
  out.u16(8);
  out.u32(0);
  out.u32(size);
  out.u32(per_metre(picture.dpi_x));
  out.u32(per_metre(picture.dpi_y));
  out.u32(256);
  out.u32(0);
  for (std::uint32_t i = 0; i < 256; ++i) out.u32(i * 0x010101U);
  const Bytes padding(stride - picture.width, 0);
  for (std::uint32_t y = picture.height; y-- > 0;) {
    out.fixed(ByteView(picture.pixels)
                  .subspan(std::size_t{y} * picture.width, picture.width));
    out.fixed(padding);
  }
  return std::move(out).take();
}

}  // namespace urna::finger::io
