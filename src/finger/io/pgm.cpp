#include "finger/io/pgm.hpp"

#include "finger/io_errors.hpp"

#include <fmt/format.h>

namespace urna::finger::io {
namespace {

// Walks the text part of a PNM file: numbers, white space, comments to line end.
class Tokens {
 public:
  explicit Tokens(ByteView file) : file_(file) {}

  Result<std::uint32_t> number() {
    skip_blank();
    const std::size_t begin = at_;
    std::uint64_t value = 0;
    while (at_ < file_.size() && file_[at_] >= '0' && file_[at_] <= '9') {
      value = value * 10 + (file_[at_] - '0');
      if (value > 0xFFFFFFFFU) break;
      ++at_;
    }
    if (at_ == begin || value > 0xFFFFFFFFU) {
      return fail(errors::corrupt_image,
                  fmt::format("PGM: no number at byte {}", begin));
    }
    return static_cast<std::uint32_t>(value);
  }

  // The single white-space byte before binary pixels.
  Result<void> one_blank() {
    if (at_ >= file_.size() || !is_blank(file_[at_])) {
      return fail(errors::corrupt_image, "PGM: no white space after the header");
    }
    ++at_;
    return {};
  }

  void skip(std::size_t count) { at_ += count; }
  [[nodiscard]] ByteView rest() const { return file_.subspan(at_); }

 private:
  static bool is_blank(std::uint8_t c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }
  void skip_blank() {
    while (at_ < file_.size()) {
      if (is_blank(file_[at_])) {
        ++at_;
      } else if (file_[at_] == '#') {
        while (at_ < file_.size() && file_[at_] != '\n') ++at_;
      } else {
        return;
      }
    }
  }

  ByteView file_;
  std::size_t at_ = 0;
};

std::uint8_t scaled(std::uint32_t value, std::uint32_t most) {
  return static_cast<std::uint8_t>((value * 255U + most / 2) / most);
}

Result<void> read_binary(ByteView data, std::uint32_t most, Bytes& out) {
  const std::size_t step = most > 255 ? 2 : 1;
  if (data.size() < out.size() * step) {
    return fail(errors::corrupt_image,
                fmt::format("PGM: {} bytes of pixels wanted, {} are there",
                            out.size() * step, data.size()));
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::uint32_t value =
        step == 1 ? data[i] : data[2 * i] * 256U + data[2 * i + 1];
    if (value > most) return fail(errors::corrupt_image, "PGM: pixel above maximum");
    out[i] = scaled(value, most);
  }
  return {};
}

}  // namespace

bool is_pgm(ByteView file) {
  return file.size() >= 3 && file[0] == 'P' && (file[1] == '5' || file[1] == '2') &&
         (file[2] == '\n' || file[2] == ' ' || file[2] == '\r' || file[2] == '\t' ||
          file[2] == '#');
}

Result<Picture> read_pgm(ByteView file) {
  if (!is_pgm(file)) return fail(errors::unknown_image_format, "not a PGM file");
  Tokens in(file);
  in.skip(2);
  URNA_TRY(const std::uint32_t width, in.number());
  URNA_TRY(const std::uint32_t height, in.number());
  URNA_TRY(const std::uint32_t most, in.number());
  URNA_CHECK(check_size(width, height));
  if (most == 0 || most > 65535) {
    return fail(errors::corrupt_image, fmt::format("PGM: maximum value {}", most));
  }
  Picture picture;
  const std::size_t count = std::size_t{width} * height;
  if (file[1] == '5') {
    URNA_CHECK(in.one_blank());
    if (in.rest().size() < count) {  // before memory is taken
      return fail(errors::corrupt_image, "PGM: fewer bytes than pixels");
    }
    picture = make_picture(width, height);
    URNA_CHECK(read_binary(in.rest(), most, picture.pixels));
    return picture;
  }
  if (in.rest().size() < count) {
    return fail(errors::corrupt_image, "PGM: fewer characters than pixels");
  }
  picture = make_picture(width, height);
  for (std::uint8_t& pixel : picture.pixels) {
    URNA_TRY(const std::uint32_t value, in.number());
    if (value > most) return fail(errors::corrupt_image, "PGM: pixel above maximum");
    pixel = scaled(value, most);
  }
  return picture;
}

Bytes write_pgm(const Picture& picture) {
  Bytes out = to_bytes(
      as_bytes(fmt::format("P5\n{} {}\n255\n", picture.width, picture.height)));
  append(out, picture.pixels);
  return out;
}

Result<Picture> read_raw(ByteView pixels, std::uint32_t width, std::uint32_t height) {
  URNA_CHECK(check_size(width, height));
  if (pixels.size() != std::size_t{width} * height) {
    return fail(errors::bad_raw_size,
                fmt::format("{} x {} needs {} bytes, the file has {}", width, height,
                            std::size_t{width} * height, pixels.size()),
                "give the size the scanner uses, as WIDTHxHEIGHT");
  }
  Picture picture;
  picture.width = width;
  picture.height = height;
  picture.pixels = to_bytes(pixels);
  return picture;
}

}  // namespace urna::finger::io
