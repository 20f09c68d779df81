#include "finger/io/picture.hpp"

#include "finger/io_errors.hpp"

#include <cmath>

#include <fmt/format.h>

namespace urna::finger::io {

Picture make_picture(std::uint32_t width, std::uint32_t height) {
  Picture picture;
  picture.width = width;
  picture.height = height;
  picture.pixels.assign(std::size_t{width} * height, 0);
  return picture;
}

Result<void> check_size(std::uint64_t width, std::uint64_t height) {
  if (width == 0 || height == 0) {
    return fail(errors::corrupt_image,
                fmt::format("the header says {} x {} pixels", width, height));
  }
  if (width > kMaxSide || height > kMaxSide || width * height > kMaxPixels) {
    return fail(errors::input_too_large,
                fmt::format("{} x {} pixels; at most {} a side and {} in all", width,
                            height, kMaxSide, kMaxPixels),
                "crop the picture to one finger");
  }
  return {};
}

void set_resolution(Picture& picture, double dpi_x, double dpi_y) {
  const auto plausible = [](double dpi) {
    return std::isfinite(dpi) && dpi >= 90.0 && dpi <= 2500.0 &&
           std::abs(dpi - 96.0) > 0.5;
  };
  if (!plausible(dpi_x) || !plausible(dpi_y)) return;
  picture.dpi_x = dpi_x;
  picture.dpi_y = dpi_y;
}

}  // namespace urna::finger::io
