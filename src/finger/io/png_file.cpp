#include "finger/io/png_file.hpp"

#include "finger/io/grey.hpp"
#include "finger/io_errors.hpp"

#include <cmath>
#include <csetjmp>
#include <cstring>

#include <fmt/format.h>
#include <png.h>

namespace urna::finger::io {
namespace {

constexpr double kInchesPerMetre = 1.0 / 0.0254;

// libpng reports errors by longjmp. Everything that owns memory lives in these
// structs, outside the functions that call setjmp, so that nothing is skipped.
struct Failure {
  std::jmp_buf jump;
  char text[120] = "";
};

void on_error(png_structp png, png_const_charp text) {
  auto* failure = static_cast<Failure*>(png_get_error_ptr(png));
  std::strncpy(failure->text, text, sizeof failure->text - 1);
  std::longjmp(failure->jump, 1);
}

void on_warning(png_structp, png_const_charp) {}

struct ReadState {
  Failure failure;
  ByteView left;
  png_structp png = nullptr;
  png_infop info = nullptr;
  png_uint_32 width = 0;
  png_uint_32 height = 0;
  int channels = 0;
  Bytes rows;
  std::vector<png_bytep> pointers;

  ReadState() = default;
  ReadState(const ReadState&) = delete;
  ReadState& operator=(const ReadState&) = delete;
  ~ReadState() { png_destroy_read_struct(&png, &info, nullptr); }
};

void on_read(png_structp png, png_bytep out, std::size_t count) {
  auto* state = static_cast<ReadState*>(png_get_io_ptr(png));
  if (state->left.size() < count) png_error(png, "file ends too early");
  std::memcpy(out, state->left.data(), count);
  state->left = state->left.subspan(count);
}

// Reads the header and asks for 8 bits without palette. False: failure.text says why.
bool begin(ReadState& s) {
  if (setjmp(s.failure.jump) != 0) return false;
  png_set_user_limits(s.png, 0x7FFFFFFF, 0x7FFFFFFF);  // check_size says it better
  png_set_read_fn(s.png, &s, on_read);
  png_read_info(s.png, s.info);
  png_set_strip_16(s.png);
  png_set_expand(s.png);
  png_set_interlace_handling(s.png);
  png_read_update_info(s.png, s.info);
  s.width = png_get_image_width(s.png, s.info);
  s.height = png_get_image_height(s.png, s.info);
  s.channels = png_get_channels(s.png, s.info);
  return true;
}

bool read_rows(ReadState& s) {
  if (setjmp(s.failure.jump) != 0) return false;
  png_read_image(s.png, s.pointers.data());
  png_read_end(s.png, nullptr);
  return true;
}

Error damaged(const Failure& failure) {
  return Error{errors::corrupt_image, fmt::format("PNG: {}", failure.text), {}, {}};
}

std::uint8_t over_white(std::uint8_t value, std::uint8_t alpha) {
  return static_cast<std::uint8_t>((value * alpha + 255U * (255U - alpha) + 127U) /
                                   255U);
}

void to_grey(const ReadState& s, Picture& picture) {
  const std::uint8_t* in = s.rows.data();
  for (std::uint8_t& out : picture.pixels) {
    switch (s.channels) {
      case 1:
        out = in[0];
        break;
      case 2:
        out = over_white(in[0], in[1]);
        break;
      case 3:
        out = grey_of(in[0], in[1], in[2]);
        break;
      default:
        out = over_white(grey_of(in[0], in[1], in[2]), in[3]);
        break;
    }
    in += s.channels;
  }
}

struct WriteState {
  Failure failure;
  Bytes out;
  png_structp png = nullptr;
  png_infop info = nullptr;

  WriteState() = default;
  WriteState(const WriteState&) = delete;
  WriteState& operator=(const WriteState&) = delete;
  ~WriteState() { png_destroy_write_struct(&png, &info); }
};

void on_write(png_structp png, png_bytep bytes, std::size_t count) {
  append(static_cast<WriteState*>(png_get_io_ptr(png))->out, ByteView(bytes, count));
}

void on_flush(png_structp) {}

// What is written: grey or RGB rows, with a resolution above zero or none.
struct Rows {
  std::uint32_t width;
  std::uint32_t height;
  std::uint32_t channels;
  ByteView pixels;
  double dpi_x = 0;
  double dpi_y = 0;
};

bool write_all(WriteState& s, const Rows& rows) {
  if (setjmp(s.failure.jump) != 0) return false;
  png_set_write_fn(s.png, &s, on_write, on_flush);
  png_set_IHDR(s.png, s.info, rows.width, rows.height, 8,
               rows.channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY,
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  png_set_compression_level(s.png, 3);  // speed: sets of thousands are written
  if (rows.dpi_x > 0 && rows.dpi_y > 0) {
    const auto per_metre = [](double dpi) {
      return static_cast<png_uint_32>(std::lround(dpi * kInchesPerMetre));
    };
    png_set_pHYs(s.png, s.info, per_metre(rows.dpi_x), per_metre(rows.dpi_y),
                 PNG_RESOLUTION_METER);
  }
  png_write_info(s.png, s.info);
  const std::size_t row = std::size_t{rows.width} * rows.channels;
  for (std::uint32_t y = 0; y < rows.height; ++y) {
    png_write_row(s.png, rows.pixels.data() + y * row);
  }
  png_write_end(s.png, nullptr);
  return true;
}

}  // namespace

bool is_png(ByteView file) {
  return file.size() >= 8 && png_sig_cmp(file.data(), 0, 8) == 0;
}

Result<Picture> read_png(ByteView file) {
  if (!is_png(file)) return fail(errors::unknown_image_format, "not a PNG file");
  ReadState s;
  s.left = file;
  s.png =
      png_create_read_struct(PNG_LIBPNG_VER_STRING, &s.failure, on_error, on_warning);
  if (s.png != nullptr) s.info = png_create_info_struct(s.png);
  if (s.info == nullptr) return fail(errors::corrupt_image, "PNG: no memory");
  if (!begin(s)) return std::unexpected(damaged(s.failure));
  URNA_CHECK(check_size(s.width, s.height));
  const std::size_t row = png_get_rowbytes(s.png, s.info);
  if (row != std::size_t{s.width} * static_cast<std::size_t>(s.channels)) {
    return fail(errors::unsupported_image, "PNG: rows of unexpected size");
  }
  s.rows.resize(row * s.height);
  for (std::uint32_t y = 0; y < s.height; ++y) {
    s.pointers.push_back(s.rows.data() + y * row);
  }
  if (!read_rows(s)) return std::unexpected(damaged(s.failure));
  Picture picture = make_picture(s.width, s.height);
  to_grey(s, picture);
  png_uint_32 ppm_x = 0;
  png_uint_32 ppm_y = 0;
  int unit = 0;
  if (png_get_pHYs(s.png, s.info, &ppm_x, &ppm_y, &unit) != 0 &&
      unit == PNG_RESOLUTION_METER) {
    set_resolution(picture, ppm_x / kInchesPerMetre, ppm_y / kInchesPerMetre);
  }
  return picture;
}

namespace {

Result<Bytes> write_rows(const Rows& rows) {
  URNA_CHECK(check_size(rows.width, rows.height));
  if (rows.pixels.size() != std::size_t{rows.width} * rows.height * rows.channels)
    return fail(errors::corrupt_image, "PNG: pixels do not fill the picture");
  WriteState s;
  s.png =
      png_create_write_struct(PNG_LIBPNG_VER_STRING, &s.failure, on_error, on_warning);
  if (s.png != nullptr) s.info = png_create_info_struct(s.png);
  if (s.info == nullptr || !write_all(s, rows)) {
    return std::unexpected(damaged(s.failure));
  }
  return std::move(s.out);
}

}  // namespace

Result<Bytes> write_png(const Picture& picture) {
  return write_rows({picture.width, picture.height, 1, picture.pixels,
                     picture.dpi_x.value_or(0), picture.dpi_y.value_or(0)});
}

Result<Bytes> write_png_rgb(std::uint32_t width, std::uint32_t height,
                            ByteView pixels) {
  return write_rows({width, height, 3, pixels});
}

}  // namespace urna::finger::io
