#include "finger/extract/plausible.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace urna::finger {
namespace {

constexpr int kApart = 3;  // cells: windows of 32 pixels hardly overlap there
constexpr float kPixelsPerCm2 = 38750.0F;

// A straight line between real prints and everything else, fitted by logistic
// regression on the sets of docs/fingerprints.md and 148 other pictures. Prints lie
// above -5, nearly all above 0.
constexpr float kLeastLikely = -7.0F;
float likely(const Traits& t) {
  return -45.5F + 11.4F * t.coherence + 13.1F * t.flow - 17.5F * t.spacing +
         11.6F * t.quality + 18.9F * t.held + 7.7F * t.energy;
}

}  // namespace

Traits traits_of(const RidgeField& field, const Plane<std::uint8_t>& mask,
                 const std::vector<Candidate>& candidates,
                 const std::vector<Minutia>& minutiae) {
  Traits out;
  int cells = 0;
  int pairs = 0;
  for (int y = 0; y < mask.height; ++y)
    for (int x = 0; x < mask.width; ++x) {
      if (mask.at(x, y) == 0) continue;
      const RidgeCell& here = field.at(x, y);
      ++cells;
      out.coherence += here.coherence;
      out.energy += std::min(here.energy, 3.0F);
      for (const auto& [i, j] : {std::array{x + kApart, y}, {x, y + kApart}}) {
        if (!mask.inside(i, j) || mask.at(i, j) == 0) continue;
        const RidgeCell& there = field.at(i, j);
        ++pairs;
        out.flow += here.cos2 * there.cos2 + here.sin2 * there.sin2;
        out.spacing +=
            2 * std::fabs(here.period - there.period) / (here.period + there.period);
      }
    }
  if (cells == 0 || pairs == 0 || minutiae.empty() || candidates.empty()) return {};
  out.coherence /= static_cast<float>(cells);
  out.energy /= static_cast<float>(cells);
  out.flow /= static_cast<float>(pairs);
  out.spacing /= static_cast<float>(pairs);
  const auto found = static_cast<float>(candidates.size());
  out.turns =
      found * kPixelsPerCm2 / static_cast<float>(cells * kFieldStep * kFieldStep);
  const auto held =
      std::count_if(candidates.begin(), candidates.end(),
                    [](const Candidate& c) { return c.quality >= kLeastQuality; });
  out.held = static_cast<float>(held) / found;
  int quality = 0;
  for (const Minutia& m : minutiae) quality += m.quality;
  out.quality =
      static_cast<float>(quality) / (100.0F * static_cast<float>(minutiae.size()));
  return out;
}

std::string why_no_finger(const Traits& t) {
  if (t.flow < 0.55F)
    return "the lines in the image change direction like text or noise, not like "
           "ridges";
  if (t.spacing > 0.21F)
    return "the lines in the image are not evenly spaced as ridges are";
  if (t.coherence < 0.36F || t.energy < 1.5F)
    return "the lines in the image are too blurred to be ridges";
  if (t.turns > 260.0F || t.held < 0.10F || t.quality < 0.35F ||
      likely(t) < kLeastLikely)
    return "the pattern in the image is not that of a finger";
  return {};
}

}  // namespace urna::finger
