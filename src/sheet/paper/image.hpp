// Pictures of paper: grey pixels from PNG, JPEG and PDF files. Input comes from
// anybody's telephone, so every size is limited and damage is an error, never a crash.
// PDF pages are turned into pixels by poppler's pdftoppm, a program of its own: a
// hostile PDF meets a separate process.
//
// Called by the code reader (qr.hpp) and by tests. Thread rule: plain values.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <functional>
#include <string>

namespace urna::sheet {

struct GrayImage {
  int width = 0;
  int height = 0;
  Bytes pixels;  // row by row, 0 black to 255 white

  [[nodiscard]] std::uint8_t at(int x, int y) const {
    return pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                  static_cast<std::size_t>(x)];
  }
};

inline constexpr std::size_t kMaxPixels = std::size_t{100} << 20;
inline constexpr int kMaxPdfPages = 60;

// PNG or JPEG, told apart by their first bytes. Errors: bad_picture,
// picture_too_large.
[[nodiscard]] Result<GrayImage> decode_picture(ByteView file);

[[nodiscard]] bool is_pdf(ByteView file);

// The pages of a PDF file, one at a time, until `page` returns false. Errors:
// no_pdf_reader, bad_picture, picture_too_large.
[[nodiscard]] Result<void> for_each_pdf_page(
    const std::string& path, const std::function<bool(const GrayImage&)>& page);

// Smaller by a whole factor, averaging; 1 gives a copy.
[[nodiscard]] GrayImage shrink(const GrayImage& image, int factor);

// A rectangle of the image, cut to its borders.
[[nodiscard]] GrayImage crop(const GrayImage& image, int left, int top, int width,
                             int height);

}  // namespace urna::sheet
