#include "finger/extract/extract.hpp"

#include "finger/errors.hpp"
#include "finger/extract/mask.hpp"
#include "finger/extract/trig.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <tuple>

namespace urna::finger {
namespace {

constexpr int kLowestDpi = 250;
constexpr int kHighestDpi = 1200;
constexpr int kSmallestSide = 80;   // pixels at 500 dpi: 4 mm
constexpr int kLargestSide = 1600;  // pixels at 500 dpi: 8 cm

Result<Image> normalise(const Image& image, const ExtractOptions& options) {
  const int dpi = options.dpi != 0 ? options.dpi : image.dpi != 0 ? image.dpi : 500;
  if (dpi < kLowestDpi || dpi > kHighestDpi)
    return fail(errors::input_resolution,
                "the resolution is " + std::to_string(dpi) + " dpi",
                "scan with 250 to 1200 dpi, or pass the true resolution");
  const int width = image.width * kStandardDpi / dpi;
  const int height = image.height * kStandardDpi / dpi;
  if (std::min(width, height) < kSmallestSide)
    return fail(errors::input_too_small,
                "at 500 dpi the image is " + std::to_string(width) + "x" +
                    std::to_string(height) + " pixels",
                "use an image of at least 80 pixels a side at 500 dpi (4 mm)");
  if (std::max(width, height) > kLargestSide)
    return fail(errors::input_too_large,
                "at 500 dpi the image is " + std::to_string(width) + "x" +
                    std::to_string(height) + " pixels",
                "cut out one finger, at most 1600 pixels a side at 500 dpi (8 cm)");
  return resample(image, dpi);
}

std::uint16_t iso_angle(float dx, float dy) {
  const float turns = det_atan2(-dy, dx) * static_cast<float>(65536.0 / (2 * kPi));
  return static_cast<std::uint16_t>(
      static_cast<std::int32_t>(std::floor(turns + 0.5F)) & 0xffff);
}

void fill_template(Extraction& all, const ExtractOptions& options) {
  Template& out = all.result;
  out.width = all.image.width;
  out.height = all.image.height;
  for (const Candidate& c : all.candidates) {
    if (c.quality < 0.1F) continue;
    Minutia m;
    m.x = static_cast<std::int16_t>(std::floor(c.x * kSubPixel + 0.5F));
    m.y = static_cast<std::int16_t>(std::floor(c.y * kSubPixel + 0.5F));
    m.angle = iso_angle(c.dx, c.dy);
    m.type = c.ending ? MinutiaType::ending : MinutiaType::bifurcation;
    m.quality = static_cast<std::uint8_t>(std::clamp(c.quality * 100.0F, 1.0F, 100.0F));
    out.minutiae.push_back(m);
  }
  std::sort(out.minutiae.begin(), out.minutiae.end(),
            [](const Minutia& a, const Minutia& b) {
              return std::tuple(b.quality, a.y, a.x) < std::tuple(a.quality, b.y, b.x);
            });
  if (out.minutiae.size() > static_cast<std::size_t>(options.max_minutiae))
    out.minutiae.resize(static_cast<std::size_t>(options.max_minutiae));
}

}  // namespace

Result<Extraction> extract_all(const Image& image, const ExtractOptions& options) {
  Extraction all;
  URNA_TRY(all.image, normalise(image, options));
  all.levelled = level(all.image);
  const int width = all.image.width;
  const int height = all.image.height;
  all.field = analyse(all.levelled);
  all.mask = find_mask(all.field, all.levelled);
  TileField tiles = interpolate(all.field, all.mask, width, height);
  const auto first = enhance(all.levelled, tiles, KernelShape::first);
  all.tiles = reestimate(first, tiles, width, height);
  all.enhanced = enhance(all.levelled, all.tiles, KernelShape::second);
  all.candidates = detect(all.enhanced, all.tiles, all.levelled);
  for (Candidate& c : all.candidates)
    c.quality = c.border < 8 || c.opposite < 6
                    ? 0.0F
                    : std::clamp(c.fit, 0.0F, 1.0F) * c.coherence;
  fill_template(all, options);
  return all;
}

Result<Template> extract(const Image& image, const ExtractOptions& options) {
  URNA_TRY(Extraction all, extract_all(image, options));
  return std::move(all.result);
}

}  // namespace urna::finger
