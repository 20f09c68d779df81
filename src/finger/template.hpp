// A fingerprint template: the minutiae of one impression at 500 dpi, and what our
// own extractor knows besides (quality, orientation map). The extractor makes it,
// the codecs in src/finger/iso read and write it, the matcher compares it.
//
// Everything is integer, so that a template is the same bytes on every machine.
// Thread rule: a plain value. It is biometric personal data.
#pragma once

#include <cstdint>
#include <vector>

namespace urna::finger {

// ISO/IEC 19794-2:2005 section 7.3: how the ridge ends here.
enum class MinutiaType : std::uint8_t { other = 0, ending = 1, bifurcation = 2 };

// One minutia. Positions are in 1/8 pixel at 500 dpi from the top left corner,
// y downwards, so that (0, 0) is the centre of the first pixel. The direction
// follows ISO/IEC 19794-2: counter-clockwise from the +x axis (as seen, y up),
// pointing from the minutia along the ridge that ends there, or for a bifurcation
// into the valley between its two branches; 65536 units are a full turn.
struct Minutia {
  std::int16_t x = 0;
  std::int16_t y = 0;
  std::uint16_t angle = 0;
  MinutiaType type = MinutiaType::other;
  std::uint8_t quality = 0;  // 1..100, 0 when not known

  friend bool operator==(const Minutia&, const Minutia&) = default;
};

inline constexpr int kSubPixel = 8;  // Minutia position units in one pixel

// What a map cell says about the ridges in it. A cell outside the print has
// period 0 and its orientation means nothing.
struct MapCell {
  std::uint8_t orientation = 0;  // of the ridge, ccw from +x; 256 units are 180 deg
  std::uint8_t period = 0;       // ridge period in 1/8 pixel; 0 outside the print

  friend bool operator==(const MapCell&, const MapCell&) = default;
};

// Orientation, ridge period and mask on a square grid: cell (i, j) describes the
// ridges around pixel ((i + 1/2) * step, (j + 1/2) * step).
struct RidgeMap {
  int step = 0;  // pixels; 0 when there is no map
  int columns = 0;
  int rows = 0;
  std::vector<MapCell> cells;  // columns * rows, row by row

  [[nodiscard]] bool empty() const { return step == 0; }
  friend bool operator==(const RidgeMap&, const RidgeMap&) = default;
};

// A core or delta found from the orientation field (Poincare index +1/2, -1/2).
struct SingularPoint {
  enum class Kind : std::uint8_t { core, delta };
  std::int16_t x = 0;  // 1/8 pixel, as in Minutia
  std::int16_t y = 0;
  Kind kind = Kind::core;
  std::uint16_t angle = 0;  // of the loop axis; 65536 units are a full turn

  friend bool operator==(const SingularPoint&, const SingularPoint&) = default;
};

// ISO/IEC 19794-2:2005 table 5.
enum class FingerPosition : std::uint8_t {
  unknown = 0,
  right_thumb = 1,
  right_index = 2,
  right_middle = 3,
  right_ring = 4,
  right_little = 5,
  left_thumb = 6,
  left_index = 7,
  left_middle = 8,
  left_ring = 9,
  left_little = 10,
};

// ISO/IEC 19794-2:2005 table 6.
enum class ImpressionType : std::uint8_t {
  live_plain = 0,
  live_rolled = 1,
  non_live_plain = 2,
  non_live_rolled = 3,
  swipe = 8,
};

inline constexpr int kMaxMinutiae = 255;  // what the ISO view header can count

struct Template {
  int width = 0;  // of the image at 500 dpi, pixels
  int height = 0;
  FingerPosition position = FingerPosition::unknown;
  ImpressionType impression = ImpressionType::live_plain;
  std::uint8_t quality = 0;  // of the whole image, 0..100
  std::vector<Minutia> minutiae;

  // Only our own extractor fills these in; a template read from a standard record
  // has none, and the matcher does without.
  RidgeMap map;
  std::vector<SingularPoint> singular_points;

  friend bool operator==(const Template&, const Template&) = default;
};

}  // namespace urna::finger
