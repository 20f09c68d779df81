// Pictures for people: an image with its minutiae, ridge directions and mask drawn
// on it, or two prints side by side with the paired minutiae joined.
//
// Thread rule: plain values.
#pragma once

#include "finger/extract/extract.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace urna::finger {

struct Colour {
  std::uint8_t r;
  std::uint8_t g;
  std::uint8_t b;
};

// An RGB picture to draw on; everything outside is ignored.
class Canvas {
 public:
  Canvas(int width, int height);
  void put(int x, int y, Colour colour);
  void line(float x0, float y0, float x1, float y1, Colour colour);
  void circle(float x, float y, float radius, Colour colour);
  void paste(const Image& image, int x, int y, int scale);

  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] int height() const { return height_; }
  [[nodiscard]] const std::vector<std::uint8_t>& pixels() const { return pixels_; }

 private:
  int width_;
  int height_;
  std::vector<std::uint8_t> pixels_;
};

struct ShowOptions {
  int scale = 2;
  bool enhanced = false;  // draw on the enhanced image instead of the input
  bool orientation = true;
  bool mask = true;
  bool singular = true;
};

// Red circles are endings, blue squares bifurcations; the stroke is the direction.
// Double circles are cores, triangles deltas.
[[nodiscard]] Canvas draw_extraction(const Extraction& extraction,
                                     const ShowOptions& options);
void draw_minutiae(Canvas& canvas, const Template& print, int x, int y, int scale);

// Two prints side by side with the minutiae that the matcher paired joined by lines.
[[nodiscard]] Canvas draw_pairs(const Image& left, const Template& a,
                                const Image& right, const Template& b);

}  // namespace urna::finger
