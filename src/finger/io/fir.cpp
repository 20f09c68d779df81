#include "finger/io/fir.hpp"

#include "finger/io/jpeg_file.hpp"
#include "finger/io/pgm.hpp"
#include "finger/io/png_file.hpp"
#include "finger/io/wsq.hpp"
#include "finger/io_errors.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace urna::finger::io {
namespace {

std::unexpected<Error> bad(std::string what) {
  return fail(errors::bad_image_record, std::move(what));
}

Result<Bytes> compress(const Picture& picture, FirCompression compression) {
  switch (compression) {
    case FirCompression::none:
      return picture.pixels;
    case FirCompression::wsq:
      return write_wsq(picture);
    case FirCompression::jpeg:
      return write_jpeg(picture);
    case FirCompression::png:
      return write_png(picture);
    default:
      return fail(errors::unsupported_image, "this compression is not written here",
                  "use none, WSQ, JPEG or PNG");
  }
}

Result<Picture> decompress(const FirView& view) {
  switch (view.compression) {
    case FirCompression::none:
    case FirCompression::packed:
      return read_raw(view.data, view.width, view.height);
    case FirCompression::wsq:
      return read_wsq(view.data);
    case FirCompression::jpeg:
      return read_jpeg(view.data);
    case FirCompression::png:
      return read_png(view.data);
    default:
      return fail(errors::unsupported_image, "the view holds JPEG 2000",
                  "convert it to PNG or WSQ with another program first");
  }
}

}  // namespace

bool is_fir(ByteView file) {
  return file.size() >= 8 && equal(file.first(4), as_bytes({"FIR\0", 4})) &&
         (equal(file.subspan(4, 4), as_bytes({"010\0", 4})) ||
          equal(file.subspan(4, 4), as_bytes({"020\0", 4})));
}

Result<Picture> decode_view(const FirView& view) {
  if (view.depth != 8) {
    return fail(errors::unsupported_image,
                fmt::format("the view has {} bits per pixel", view.depth),
                "only 8 bits are read");
  }
  URNA_CHECK(check_size(view.width, view.height));
  URNA_TRY(Picture picture, decompress(view));
  if (picture.width != view.width || picture.height != view.height) {
    return bad(fmt::format("the header says {} x {}, the picture is {} x {}",
                           view.width, view.height, picture.width, picture.height));
  }
  const double unit = view.resolution.units == 2 ? 2.54 : 1.0;
  const double x = view.resolution.image_x * unit;
  const double y = view.resolution.image_y * unit;
  // 197 per centimetre is how 500 dpi is written: 500.38 would only blur.
  const auto whole = [](double dpi) {
    return std::abs(dpi - 500.0) < 1.5 ? 500.0 : dpi;
  };
  set_resolution(picture, whole(x), whole(y));
  return picture;
}

Result<FirView> make_view(const Picture& picture, FirCompression compression) {
  if (picture.width > 0xFFFF || picture.height > 0xFFFF)
    return bad("picture too large");
  FirView view;
  view.width = static_cast<std::uint16_t>(picture.width);
  view.height = static_cast<std::uint16_t>(picture.height);
  const auto rate = [](const std::optional<double>& dpi) {
    return static_cast<std::uint16_t>(std::lround(dpi.value_or(500.0)));
  };
  view.resolution = {.units = 1,
                     .scan_x = rate(picture.dpi_x),
                     .scan_y = rate(picture.dpi_y),
                     .image_x = rate(picture.dpi_x),
                     .image_y = rate(picture.dpi_y)};
  view.compression = compression;
  view.quality = {FirQuality{}};
  URNA_TRY(view.data, compress(picture, compression));
  return view;
}

}  // namespace urna::finger::io
