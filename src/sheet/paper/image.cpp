#include "sheet/paper/image.hpp"

#include "sheet/errors.hpp"

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdio>

#include <fmt/format.h>
#include <png.h>

// jpeglib.h needs size_t and FILE before it.
#include <jpeglib.h>

namespace urna::sheet {
namespace {

std::unexpected<Error> bad(std::string_view why) {
  return fail(errors::bad_picture, fmt::format("the picture cannot be read: {}", why),
              "save it again as PNG or JPEG, or take the photograph again");
}

Result<void> check_size(std::uint64_t width, std::uint64_t height) {
  if (width == 0 || height == 0) return bad("it has no pixels");
  if (width > 100'000 || height > 100'000 || width * height > kMaxPixels) {
    return fail(errors::picture_too_large,
                fmt::format("the picture has {} x {} pixels, more than {} million",
                            width, height, kMaxPixels >> 20),
                "save it smaller: 12 million pixels are plenty");
  }
  return {};
}

Result<GrayImage> decode_png(ByteView file) {
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&png, file.data(), file.size()) == 0) {
    return bad(png.message);
  }
  const auto checked = check_size(png.width, png.height);
  if (!checked) {
    png_image_free(&png);
    return std::unexpected(checked.error());
  }
  png.format = PNG_FORMAT_GRAY;
  GrayImage out;
  out.width = static_cast<int>(png.width);
  out.height = static_cast<int>(png.height);
  out.pixels.resize(PNG_IMAGE_SIZE(png));
  const png_color white{255, 255, 255};  // behind transparent pixels
  if (png_image_finish_read(&png, &white, out.pixels.data(), 0, nullptr) == 0) {
    return bad(png.message);
  }
  return out;
}

struct JpegErrors {
  jpeg_error_mgr base;
  std::jmp_buf jump;
  std::array<char, JMSG_LENGTH_MAX> message;
};

[[noreturn]] void jpeg_failed(j_common_ptr jpeg) {
  auto* errors = reinterpret_cast<JpegErrors*>(jpeg->err);
  jpeg->err->format_message(jpeg, errors->message.data());
  std::longjmp(errors->jump, 1);
}

void jpeg_silent(j_common_ptr, int) {}

// libjpeg leaves by longjmp, so nothing with a destructor may live in these two.
bool jpeg_open(jpeg_decompress_struct& jpeg, JpegErrors& errors, ByteView file) {
  jpeg.err = jpeg_std_error(&errors.base);
  errors.base.error_exit = jpeg_failed;
  errors.base.emit_message = jpeg_silent;
  if (setjmp(errors.jump) != 0) return false;
  jpeg_create_decompress(&jpeg);
  jpeg_mem_src(&jpeg, file.data(), static_cast<unsigned long>(file.size()));
  jpeg_read_header(&jpeg, TRUE);
  jpeg.out_color_space = JCS_GRAYSCALE;
  return true;
}

bool jpeg_rows(jpeg_decompress_struct& jpeg, JpegErrors& errors, std::uint8_t* pixels) {
  if (setjmp(errors.jump) != 0) return false;
  jpeg_start_decompress(&jpeg);
  while (jpeg.output_scanline < jpeg.output_height) {
    JSAMPROW row = pixels + std::size_t{jpeg.output_scanline} * jpeg.output_width;
    jpeg_read_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_decompress(&jpeg);
  return true;
}

Result<GrayImage> decode_jpeg(ByteView file) {
  jpeg_decompress_struct jpeg{};
  JpegErrors errors{};
  const bool opened = jpeg_open(jpeg, errors, file);
  Result<GrayImage> out = bad(errors.message.data());
  if (opened) {
    const auto checked = check_size(jpeg.image_width, jpeg.image_height);
    if (!checked) {
      out = std::unexpected(checked.error());
    } else {
      GrayImage image;
      image.width = static_cast<int>(jpeg.image_width);
      image.height = static_cast<int>(jpeg.image_height);
      image.pixels.resize(std::size_t{jpeg.image_width} * jpeg.image_height);
      if (jpeg_rows(jpeg, errors, image.pixels.data())) {
        out = std::move(image);
      } else {
        out = bad(errors.message.data());
      }
    }
  }
  jpeg_destroy_decompress(&jpeg);
  return out;
}

}  // namespace

Result<GrayImage> decode_picture(ByteView file) {
  constexpr std::array<std::uint8_t, 4> kPng{0x89, 'P', 'N', 'G'};
  constexpr std::array<std::uint8_t, 3> kJpeg{0xFF, 0xD8, 0xFF};
  if (file.size() >= 4 && equal(file.first(4), kPng)) return decode_png(file);
  if (file.size() >= 3 && equal(file.first(3), kJpeg)) return decode_jpeg(file);
  return bad("it is neither PNG nor JPEG");
}

bool is_pdf(ByteView file) {
  return as_text(file).starts_with("%PDF-");
}

GrayImage shrink(const GrayImage& image, int factor) {
  GrayImage out;
  out.width = std::max(1, image.width / factor);
  out.height = std::max(1, image.height / factor);
  out.pixels.reserve(static_cast<std::size_t>(out.width) *
                     static_cast<std::size_t>(out.height));
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      int sum = 0, seen = 0;
      for (int dy = 0; dy < factor && y * factor + dy < image.height; ++dy) {
        for (int dx = 0; dx < factor && x * factor + dx < image.width; ++dx) {
          sum += image.at(x * factor + dx, y * factor + dy);
          ++seen;
        }
      }
      out.pixels.push_back(static_cast<std::uint8_t>(sum / seen));
    }
  }
  return out;
}

GrayImage crop(const GrayImage& image, int left, int top, int width, int height) {
  left = std::clamp(left, 0, image.width - 1);
  top = std::clamp(top, 0, image.height - 1);
  GrayImage out;
  out.width = std::clamp(width, 1, image.width - left);
  out.height = std::clamp(height, 1, image.height - top);
  out.pixels.reserve(static_cast<std::size_t>(out.width) *
                     static_cast<std::size_t>(out.height));
  for (int y = 0; y < out.height; ++y) {
    const auto row =
        image.pixels.begin() + std::ptrdiff_t{top + y} * image.width + left;
    out.pixels.insert(out.pixels.end(), row, row + out.width);
  }
  return out;
}

}  // namespace urna::sheet
