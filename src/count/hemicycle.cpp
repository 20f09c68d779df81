#include "count/html.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

namespace urna::count {
namespace {

struct Seat {
  double angle;  // from the left end, 0 to pi
  double x;
  double y;
};

struct Layout {
  std::vector<Seat> seats;
  double radius = 0;
};

// Rows of equal spacing; each takes seats in proportion to its length, so that the
// gaps between seats are alike everywhere.
Layout lay_out(std::uint32_t total) {
  constexpr double kInner = 0.42;
  const int rows = std::max(
      1, static_cast<int>(std::lround(std::sqrt(static_cast<double>(total)) / 2.35)));
  const double step = rows > 1 ? (1.0 - kInner) / (rows - 1) : 0;
  std::vector<double> radii;
  double length = 0;
  for (int r = 0; r < rows; ++r) {
    radii.push_back(rows > 1 ? kInner + step * r : 0.8);
    length += radii.back();
  }
  Layout out;
  std::uint32_t placed = 0;
  double before = 0;
  for (const double radius : radii) {
    before += radius;
    // Rounding the running share keeps the sum exact.
    const auto until = static_cast<std::uint32_t>(std::lround(total * before / length));
    const std::uint32_t here = until - placed;
    placed = until;
    for (std::uint32_t s = 0; s < here; ++s) {
      const double share = here == 1 ? 0.5 : static_cast<double>(s) / (here - 1);
      const double angle = std::numbers::pi * share;
      out.seats.push_back(
          {angle, -radius * std::cos(angle), -radius * std::sin(angle)});
    }
  }
  const double across = std::numbers::pi * length / std::max(1U, total);
  // Small houses would otherwise be drawn with balloons.
  out.radius = std::min(0.42 * std::min(rows > 1 ? step : across, across), 0.085);
  std::ranges::sort(out.seats, [](const Seat& a, const Seat& b) {
    return a.angle != b.angle ? a.angle < b.angle : a.x < b.x;
  });
  return out;
}

}  // namespace

std::string hemicycle_svg(const std::vector<HemicycleGroup>& groups,
                          std::uint32_t hollow, std::string_view title,
                          std::string_view description) {
  std::uint32_t total = hollow;
  for (const HemicycleGroup& group : groups) total += group.seats;
  const Layout layout = lay_out(total);
  constexpr double kScale = 300;
  const double r = layout.radius * kScale;
  const double margin = r + 3;
  std::string out = fmt::format(
      "<svg class=\"hemicycle\" viewBox=\"{:.1f} {:.1f} {:.1f} {:.1f}\" role=\"img\" "
      "aria-labelledby=\"hemi-t hemi-d\"><title id=\"hemi-t\">{}</title>"
      "<desc id=\"hemi-d\">{}</desc>",
      -kScale - margin, -kScale - margin, 2 * (kScale + margin), kScale + 2 * margin,
      escaped(title), escaped(description));
  std::size_t at = 0;
  for (const HemicycleGroup& group : groups) {
    if (group.seats == 0) continue;
    out += fmt::format("<g fill=\"{}\"><title>{}: {}</title>", group.colour,
                       escaped(group.name), group.seats);
    for (std::uint32_t s = 0; s < group.seats; ++s, ++at)
      out += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\"/>",
                         layout.seats[at].x * kScale, layout.seats[at].y * kScale, r);
    out += "</g>";
  }
  if (hollow > 0) {
    out += "<g class=\"hollow\">";
    for (; at < layout.seats.size(); ++at)
      out += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\"/>",
                         layout.seats[at].x * kScale, layout.seats[at].y * kScale,
                         r - 0.8);
    out += "</g>";
  }
  out += fmt::format("<text x=\"0\" y=\"-6\" text-anchor=\"middle\">{}</text></svg>",
                     total);
  return out;
}

}  // namespace urna::count
