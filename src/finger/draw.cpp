#include "finger/draw.hpp"

#include "finger/match/match.hpp"

#include <algorithm>
#include <cmath>

namespace urna::finger {
namespace {

constexpr Colour kEnding{220, 30, 30};
constexpr Colour kBifurcation{30, 70, 230};
constexpr Colour kRidge{20, 160, 60};
constexpr Colour kMask{250, 160, 0};
constexpr Colour kSingular{230, 0, 200};
constexpr Colour kPair{20, 160, 60};

}  // namespace

Canvas::Canvas(int width, int height)
    : width_(width),
      height_(height),
      pixels_(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3,
              255) {}

void Canvas::put(int x, int y, Colour colour) {
  if (x < 0 || y < 0 || x >= width_ || y >= height_) return;
  std::uint8_t* pixel =
      pixels_.data() + 3 * (static_cast<std::ptrdiff_t>(y) * width_ + x);
  pixel[0] = colour.r;
  pixel[1] = colour.g;
  pixel[2] = colour.b;
}

void Canvas::line(float x0, float y0, float x1, float y1, Colour colour) {
  const float length = std::max({std::fabs(x1 - x0), std::fabs(y1 - y0), 1.0F});
  for (float at = 0; at <= length; at += 0.5F)
    put(static_cast<int>(std::lround(x0 + (x1 - x0) * at / length)),
        static_cast<int>(std::lround(y0 + (y1 - y0) * at / length)), colour);
}

void Canvas::circle(float x, float y, float radius, Colour colour) {
  const int steps = static_cast<int>(8 * radius) + 8;
  for (int k = 0; k < steps; ++k) {
    const float angle = 6.2831853F * static_cast<float>(k) / static_cast<float>(steps);
    put(static_cast<int>(std::lround(x + radius * std::cos(angle))),
        static_cast<int>(std::lround(y + radius * std::sin(angle))), colour);
  }
}

void Canvas::paste(const Image& image, int x, int y, int scale) {
  for (int j = 0; j < image.height * scale; ++j)
    for (int i = 0; i < image.width * scale; ++i) {
      const std::uint8_t grey = image.at(i / scale, j / scale);
      put(x + i, y + j, {grey, grey, grey});
    }
}

void draw_minutiae(Canvas& canvas, const Template& print, int x, int y, int scale) {
  for (const Minutia& m : print.minutiae) {
    const auto s = static_cast<float>(scale);
    const float cx =
        static_cast<float>(x) + (static_cast<float>(m.x) / kSubPixel + 0.5F) * s;
    const float cy =
        static_cast<float>(y) + (static_cast<float>(m.y) / kSubPixel + 0.5F) * s;
    const float angle = static_cast<float>(m.angle) * 6.2831853F / 65536.0F;
    const float dx = std::cos(angle) * s;
    const float dy = -std::sin(angle) * s;
    const Colour colour = m.type == MinutiaType::ending ? kEnding : kBifurcation;
    if (m.type == MinutiaType::ending) {
      canvas.circle(cx, cy, 3 * s, colour);
    } else {
      canvas.line(cx - 3 * s, cy - 3 * s, cx + 3 * s, cy - 3 * s, colour);
      canvas.line(cx - 3 * s, cy + 3 * s, cx + 3 * s, cy + 3 * s, colour);
      canvas.line(cx - 3 * s, cy - 3 * s, cx - 3 * s, cy + 3 * s, colour);
      canvas.line(cx + 3 * s, cy - 3 * s, cx + 3 * s, cy + 3 * s, colour);
    }
    canvas.line(cx + 3 * dx, cy + 3 * dy, cx + (3 + 0.08F * m.quality) * dx,
                cy + (3 + 0.08F * m.quality) * dy, colour);
  }
}

// Cores as double circles, deltas as triangles; a stroke shows where they look.
void draw_singular_points(Canvas& canvas, const Template& print, int scale) {
  const auto s = static_cast<float>(scale);
  for (const SingularPoint& p : print.singular_points) {
    const float x = (static_cast<float>(p.x) / kSubPixel + 0.5F) * s;
    const float y = (static_cast<float>(p.y) / kSubPixel + 0.5F) * s;
    const float angle = static_cast<float>(p.angle) * 6.2831853F / 65536.0F;
    const bool core = p.kind == SingularPoint::Kind::core;
    if (core) {
      canvas.circle(x, y, 6 * s, kSingular);
      canvas.circle(x, y, 7 * s, kSingular);
    } else {
      canvas.line(x, y - 8 * s, x + 7 * s, y + 5 * s, kSingular);
      canvas.line(x + 7 * s, y + 5 * s, x - 7 * s, y + 5 * s, kSingular);
      canvas.line(x - 7 * s, y + 5 * s, x, y - 8 * s, kSingular);
    }
    canvas.line(x, y, x + 16 * s * std::cos(angle), y - 16 * s * std::sin(angle),
                kSingular);
  }
}

Canvas draw_extraction(const Extraction& extraction, const ShowOptions& options) {
  Image base = extraction.image;
  if (options.enhanced)
    for (int y = 0; y < base.height; ++y)
      for (int x = 0; x < base.width; ++x)
        base.at(x, y) = static_cast<std::uint8_t>(
            std::clamp(128 - extraction.enhanced.at(x + kPad, y + kPad) / 2, 0, 255));
  const int s = options.scale;
  Canvas canvas(base.width * s, base.height * s);
  canvas.paste(base, 0, 0, s);
  const auto& mask = extraction.mask;
  for (int j = 0; j < mask.height; ++j)
    for (int i = 0; i < mask.width; ++i) {
      if (mask.at(i, j) == 0) continue;
      const auto x = static_cast<float>(i * kFieldStep * s);
      const auto y = static_cast<float>(j * kFieldStep * s);
      const auto step = static_cast<float>(kFieldStep * s);
      if (options.mask) {
        const auto outside = [&](int a, int b) {
          return !mask.inside(a, b) || mask.at(a, b) == 0;
        };
        if (outside(i - 1, j)) canvas.line(x, y, x, y + step, kMask);
        if (outside(i + 1, j)) canvas.line(x + step, y, x + step, y + step, kMask);
        if (outside(i, j - 1)) canvas.line(x, y, x + step, y, kMask);
        if (outside(i, j + 1)) canvas.line(x, y + step, x + step, y + step, kMask);
      }
      if (options.orientation) {
        const int tx = std::min(i * kFieldStep / kTile, extraction.tiles.width - 1);
        const int ty = std::min(j * kFieldStep / kTile, extraction.tiles.height - 1);
        const Tile& tile = extraction.tiles.at(tx, ty);
        const float angle = 0.5F * std::atan2(tile.sin2, tile.cos2);
        const float dx = std::cos(angle) * step * 0.35F;
        const float dy = std::sin(angle) * step * 0.35F;
        const float cx = static_cast<float>(tx * kTile + 2) * static_cast<float>(s);
        const float cy = static_cast<float>(ty * kTile + 2) * static_cast<float>(s);
        canvas.line(cx - dx, cy - dy, cx + dx, cy + dy, kRidge);
      }
    }
  draw_minutiae(canvas, extraction.result, 0, 0, s);
  if (options.singular) draw_singular_points(canvas, extraction.result, s);
  return canvas;
}

Canvas draw_pairs(const Image& left, const Template& a, const Image& right,
                  const Template& b) {
  constexpr int kScale = 2;
  constexpr int kGap = 20;
  const int shift = (left.width + kGap) * kScale;
  Canvas canvas(shift + right.width * kScale,
                std::max(left.height, right.height) * kScale);
  canvas.paste(left, 0, 0, kScale);
  canvas.paste(right, shift, 0, kScale);
  draw_minutiae(canvas, a, 0, 0, kScale);
  draw_minutiae(canvas, b, shift, 0, kScale);
  Matcher matcher;
  const Prepared pa = prepare(a);
  const Prepared pb = prepare(b);
  matcher.compare(pa, pb);
  for (const MinutiaPair& pair : matcher.alignment().pairs) {
    const auto i = static_cast<std::size_t>(pair.a);
    const auto j = static_cast<std::size_t>(pair.b);
    canvas.line(pa.x[i] * kScale, pa.y[i] * kScale,
                static_cast<float>(shift) + pb.x[j] * kScale, pb.y[j] * kScale, kPair);
  }
  return canvas;
}

}  // namespace urna::finger
