// A fingerprint image as every part of src/finger passes it around: 8-bit grey,
// rows from the top, no padding, ridges dark on a light ground unless a reader
// says otherwise.
//
// Thread rule: a plain value. It is biometric personal data: callers decide how
// long it lives, and nothing here writes it anywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace urna::finger {

// The resolution at which everything after normalisation works (ISO/IEC 19794-4
// level 30/31), in pixels per inch.
inline constexpr int kStandardDpi = 500;

struct Image {
  int width = 0;
  int height = 0;
  int dpi = 0;                       // pixels per inch; 0 when the source does not say
  std::vector<std::uint8_t> pixels;  // width * height, row by row

  Image() = default;
  Image(int image_width, int image_height, int image_dpi, std::uint8_t grey = 255)
      : width(image_width),
        height(image_height),
        dpi(image_dpi),
        pixels(static_cast<std::size_t>(image_width) *
                   static_cast<std::size_t>(image_height),
               grey) {}

  [[nodiscard]] std::uint8_t& at(int x, int y) { return pixels[index(x, y)]; }
  [[nodiscard]] std::uint8_t at(int x, int y) const { return pixels[index(x, y)]; }

  friend bool operator==(const Image&, const Image&) = default;

 private:
  [[nodiscard]] std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
           static_cast<std::size_t>(x);
  }
};

}  // namespace urna::finger
