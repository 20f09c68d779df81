#include "finger/extract/extract.hpp"

#include "finger/errors.hpp"
#include "finger/extract/mask.hpp"
#include "finger/extract/plausible.hpp"
#include "finger/extract/singular.hpp"
#include "finger/extract/trig.hpp"
#include "finger/match/codec.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <tuple>

namespace urna::finger {
namespace {

constexpr int kLowestDpi = 250;
constexpr int kHighestDpi = 1200;
constexpr int kFinestMapStep = 16;      // pixels a cell of the template's ridge map
constexpr float kLeastContrast = 2.5F;  // grey levels, standard deviation
constexpr int kSmallestPrint = 6000;    // pixels at 500 dpi: 15 mm2
constexpr float kLeastClarity = 0.3F;
constexpr std::size_t kFewestMinutiae = 3;
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
  const auto units = static_cast<std::int32_t>(
      std::floor(turns / static_cast<float>(kAngleUnit) + 0.5F));
  return static_cast<std::uint16_t>((static_cast<unsigned>(units) * kAngleUnit) &
                                    0xffffU);
}

std::int16_t sub_pixel(float at, int size) {
  const int units = static_cast<int>(std::floor(at * kSubPixel + 0.5F));
  return static_cast<std::int16_t>(std::clamp(units, 0, size * kSubPixel - 1));
}

// The tiles averaged onto the coarse map that travels with the template.
RidgeMap make_map(const TileField& tiles, int width, int height, int step) {
  RidgeMap map;
  map.step = step;
  map.columns = (width + step - 1) / step;
  map.rows = (height + step - 1) / step;
  map.cells.resize(static_cast<std::size_t>(map.columns * map.rows));
  const int per = step / kTile;
  for (int j = 0; j < map.rows; ++j)
    for (int i = 0; i < map.columns; ++i) {
      float c = 0;
      float s = 0;
      float period = 0;
      int inside = 0;
      for (int y = j * per; y < (j + 1) * per; ++y)
        for (int x = i * per; x < (i + 1) * per; ++x) {
          if (!tiles.inside(x, y) || !tiles.at(x, y).inside) continue;
          const Tile& tile = tiles.at(x, y);
          c += tile.cos2;
          s += tile.sin2;
          period += tile.period;
          ++inside;
        }
      if (inside * 2 < per * per) continue;
      MapCell& cell = map.cells[static_cast<std::size_t>(j * map.columns + i)];
      const float turn = det_atan2(-s, c) * static_cast<float>(128.0 / kPi);
      const auto code = static_cast<unsigned>(static_cast<std::int32_t>(
          std::floor(turn / static_cast<float>(kOrientationUnit) + 0.5F)));
      cell.orientation = static_cast<std::uint8_t>((code * kOrientationUnit) & 0xffU);
      const float quarters = 4 * period / static_cast<float>(inside) + 0.5F;
      cell.period = static_cast<std::uint8_t>(
          kPeriodUnit * static_cast<unsigned>(std::clamp(quarters, 1.0F, 63.0F)));
    }
  return map;
}

void fill_template(Extraction& all, const ExtractOptions& options) {
  Template& out = all.result;
  out.width = all.image.width;
  out.height = all.image.height;
  for (const Candidate& c : all.candidates) {
    if (c.quality < kLeastQuality) continue;
    Minutia m;
    m.x = sub_pixel(c.x, out.width);
    m.y = sub_pixel(c.y, out.height);
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
  // The finest map with which the private format holds the template.
  for (int step = kFinestMapStep; step <= 64; step += 8) {
    out.map = make_map(all.tiles, out.width, out.height, step);
    if (encoded_size(out) <= kMostTemplateBytes) break;
  }
  // Singular points where there is room left: the matcher does without.
  out.singular_points =
      find_singular_points(all.field, all.mask, out.width, out.height);
  if (encoded_size(out) > kMostTemplateBytes) out.singular_points.clear();
}

// Area of the print in pixels and how clear its ridges are, 0..1.
struct Clarity {
  int area = 0;
  float ridges = 0;
};

Clarity clarity_of(const Extraction& all) {
  Clarity out;
  int cells = 0;
  float sum = 0;
  for (std::size_t k = 0; k < all.mask.data.size(); ++k) {
    if (all.mask.data[k] == 0) continue;
    ++cells;
    sum += all.field.data[k].coherence;
  }
  out.area = cells * kFieldStep * kFieldStep;
  if (cells > 0) out.ridges = sum / static_cast<float>(cells);
  return out;
}

// Refuses what is no finger, and prints too small to say anything about.
Result<void> check_print(const Extraction& all) {
  const Clarity clarity = clarity_of(all);
  if (clarity.area < kSmallestPrint / 4 || clarity.ridges < kLeastClarity)
    return fail(errors::no_ridges, "no fingerprint ridges stand out in the image",
                "check that the picture shows one finger at 500 dpi, dark on light");
  if (clarity.area < kSmallestPrint)
    return fail(
        errors::print_too_small,
        "only " + std::to_string(clarity.area / 388) + " mm2 of the finger show",
        "put the whole fingertip flat on the glass");
  if (all.result.minutiae.size() < kFewestMinutiae)
    return fail(errors::no_ridges, "hardly a ridge in the image ends or forks",
                "check that the picture shows one finger at 500 dpi, dark on light");
  const std::string why = why_no_finger(
      traits_of(all.field, all.mask, all.candidates, all.result.minutiae));
  if (!why.empty())
    return fail(errors::no_ridges, why,
                "check that the picture shows one finger at 500 dpi, dark on light");
  return {};
}

// Version 1: area x clarity, 0..100. 60 is a good flat print.
std::uint8_t image_quality(const Extraction& all) {
  const Clarity clarity = clarity_of(all);
  const float area = std::min(1.0F, static_cast<float>(clarity.area) / 75000.0F);
  const float ridges = std::clamp((clarity.ridges - 0.3F) / 0.5F, 0.0F, 1.0F);
  return static_cast<std::uint8_t>(100.0F * std::sqrt(area) * ridges + 0.5F);
}

}  // namespace

Result<Extraction> extract_all(const Image& image, const ExtractOptions& options) {
  Extraction all;
  URNA_TRY(all.image, normalise(image, options));
  all.levelled = level(all.image);
  if (all.levelled.typical_contrast < kLeastContrast)
    return fail(errors::input_blank, "the image shows next to no contrast",
                "clean the glass, moisten a dry finger a little, and capture again");
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
  URNA_CHECK(check_print(all));
  all.result.quality = image_quality(all);
  return all;
}

Result<Template> extract(const Image& image, const ExtractOptions& options) {
  URNA_TRY(Extraction all, extract_all(image, options));
  return std::move(all.result);
}

}  // namespace urna::finger
