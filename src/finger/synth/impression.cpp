#include "finger/synth/impression.hpp"

#include "finger/synth/maths.hpp"
#include "finger/synth/placement.hpp"

#include <algorithm>

namespace urna::finger::synth {
namespace {

constexpr float kVisibleContact = 0.10F;  // below, ridges break up
constexpr float kVisibleMargin = 6;       // pixels from the edge of the image

// What the sensor makes of skin: grey levels and blur.
struct Tone {
  float ground = 244;
  float contrast = 200;
  float slope_x = 0;  // grey levels across the picture
  float slope_y = 0;
  float grain = 2;
  int blurs = 1;
};

struct Skin {
  float bias = 0;      // above 0 ridges are broad, below 0 thin
  float gain = 3;      // how sharp the edge of a ridge is
  float pores = 0.5F;  // how open
  float scars = 1;
  float speckle = 0.3F;
  float patches = 0.3F;
};

Tone draw_tone(const Conditions& conditions, Random& random) {
  const auto f = [](double value) { return static_cast<float>(value); };
  Tone tone;
  if (conditions.sensor == Sensor::optical) {
    tone.ground = f(random.range(225, 252));
    tone.contrast = f(random.range(150, 215));
    tone.grain = f(2.2 * conditions.noise);
  } else {
    tone.ground = f(random.range(140, 185));
    tone.contrast = f(random.range(75, 120));
    tone.grain = f(3.5 * conditions.noise);
  }
  tone.slope_x = f(random.normal(0, 7) * conditions.noise);
  tone.slope_y = f(random.normal(0, 7) * conditions.noise);
  tone.blurs = random.chance(0.35) ? 2 : 1;
  return tone;
}

Skin draw_skin(const Conditions& conditions, Random& random) {
  const auto f = [](double value) { return static_cast<float>(value); };
  const double pressure = std::clamp(
      conditions.pressure + random.normal(0, conditions.variation), -1.3, 1.3);
  const double moisture = std::clamp(
      conditions.moisture + random.normal(0, conditions.variation), -1.3, 1.3);
  const double dry = std::max(0.0, -moisture);
  Skin skin;
  skin.bias = f(0.10 + 0.30 * pressure + 0.38 * moisture);
  skin.gain = f(2.6 - 0.5 * moisture);
  skin.pores = f(std::clamp(0.45 - 0.5 * moisture, 0.0, 1.0) * random.range(0.5, 1.2));
  skin.scars = f(random.range(0.6, 1.1) * (1 - 0.25 * pressure));
  skin.speckle = f((0.30 + 0.75 * dry) * conditions.noise);
  skin.patches = f((0.28 + 0.30 * std::abs(moisture)) * conditions.noise);
  return skin;
}

struct Sampled {
  float ridge;
  float pore;
  float scar;
};

Sampled sample(const Finger& finger, Point p) {
  if (!(p.x >= 0 && p.y >= 0 && p.x < kPlaneWidth - 1 && p.y < kPlaneHeight - 1)) {
    return {0, 0, 0};
  }
  const auto ix = static_cast<std::size_t>(p.x);
  const auto iy = static_cast<std::size_t>(p.y);
  const float fx = p.x - static_cast<float>(ix);
  const float fy = p.y - static_cast<float>(iy);
  const std::size_t at = iy * kPlaneWidth + ix;
  const float w00 = (1 - fx) * (1 - fy);
  const float w10 = fx * (1 - fy);
  const float w01 = (1 - fx) * fy;
  const float w11 = fx * fy;
  const auto mix4 = [&](const std::vector<float>& plane) {
    return w00 * plane[at] + w10 * plane[at + 1] + w01 * plane[at + kPlaneWidth] +
           w11 * plane[at + kPlaneWidth + 1];
  };
  return {mix4(finger.ridge), mix4(finger.pores), mix4(finger.scars)};
}

// How much of each pixel the skin darkens, 0 to 1.
std::vector<float> press(const Finger& finger, const Placement& placement,
                         const Skin& skin, const Conditions& conditions,
                         Random& random) {
  const int width = conditions.width;
  const int height = conditions.height;
  const SmoothNoise broad(random, width, height, 42);
  const SmoothNoise middle(random, width, height, 9);
  const SmoothNoise fine(random, width, height, 2.3);
  std::vector<float> ink(
      static_cast<std::size_t>(width) * static_cast<std::size_t>(height), 0);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const auto u = static_cast<float>(x);
      const auto v = static_cast<float>(y);
      const float contact = placement.contact(u, v);
      if (contact < -0.12F) continue;
      const Sampled s = sample(finger, placement.to_finger(u, v));
      const float edge = std::max(0.0F, 0.30F - contact);
      const float local = skin.bias + skin.patches * broad.at(u, v) +
                          0.22F * std::min(contact, 1.0F) - 3.6F * edge;
      const float rough = skin.speckle * (0.55F + 2.2F * edge) *
                          (0.8F * fine.at(u, v) + 0.75F * middle.at(u, v));
      float value = skin.gain * (s.ridge + local + rough - 1.3F * skin.pores * s.pore -
                                 2.4F * skin.scars * s.scar);
      value = 0.5F + 0.5F * value / std::sqrt(1 + value * value);
      ink[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
          static_cast<std::size_t>(x)] = value;
    }
  }
  return ink;
}

// Specks of dirt on the glass, and what an earlier finger left.
void add_dirt(std::vector<float>& ink, const Conditions& conditions, Random& random) {
  const int specks = static_cast<int>(random.range(0, 30) * conditions.noise);
  for (int i = 0; i < specks; ++i) {
    const int cx = random.below(conditions.width);
    const int cy = random.below(conditions.height);
    const double radius = random.range(0.5, 2.2);
    const auto dark = static_cast<float>(random.range(0.1, 0.7));
    for (int y = std::max(0, cy - 3); y <= std::min(conditions.height - 1, cy + 3);
         ++y) {
      for (int x = std::max(0, cx - 3); x <= std::min(conditions.width - 1, cx + 3);
           ++x) {
        if ((x - cx) * (x - cx) + (y - cy) * (y - cy) > radius * radius) continue;
        float& value = ink[static_cast<std::size_t>(y) *
                               static_cast<std::size_t>(conditions.width) +
                           static_cast<std::size_t>(x)];
        value = std::max(value, dark);
      }
    }
  }
}

// A 1-2-1 blur in both directions; the border row and column stay.
void blur(std::vector<float>& values, int width, int height) {
  const auto w = static_cast<std::size_t>(width);
  std::vector<float> out = values;
  for (std::size_t y = 0; y < static_cast<std::size_t>(height); ++y) {
    for (std::size_t x = 1; x + 1 < w; ++x) {
      const float* p = values.data() + y * w + x;
      out[y * w + x] = 0.25F * p[-1] + 0.5F * p[0] + 0.25F * p[1];
    }
  }
  for (std::size_t y = 1; y + 1 < static_cast<std::size_t>(height); ++y) {
    for (std::size_t x = 0; x < w; ++x) {
      const float* p = out.data() + y * w + x;
      values[y * w + x] = 0.25F * p[-width] + 0.5F * p[0] + 0.25F * p[width];
    }
  }
}

Image expose(const std::vector<float>& ink, const Tone& tone,
             const Conditions& conditions, Random& random) {
  Image image(conditions.width, conditions.height, kStandardDpi);
  const SmoothNoise shade(random, conditions.width, conditions.height, 60);
  std::size_t at = 0;
  for (int y = 0; y < conditions.height; ++y) {
    const float fy =
        static_cast<float>(y) / static_cast<float>(conditions.height) - 0.5F;
    // Capacitive sensors read row by row, each with its own offset.
    const float row = conditions.sensor == Sensor::capacitive
                          ? tone.grain * 0.5F * static_cast<float>(random.unit() - 0.5)
                          : 0;
    for (int x = 0; x < conditions.width; ++x, ++at) {
      const float fx =
          static_cast<float>(x) / static_cast<float>(conditions.width) - 0.5F;
      const std::uint64_t bits = random.bits();
      const auto dice = static_cast<int>((bits & 0xFF) + (bits >> 8 & 0xFF) +
                                         (bits >> 16 & 0xFF) + (bits >> 24 & 0xFF)) -
                        510;
      const float grain = tone.grain * static_cast<float>(dice) / 148.0F;
      const float value =
          tone.ground + tone.slope_x * fx + tone.slope_y * fy + row +
          1.5F * shade.at(static_cast<float>(x), static_cast<float>(y)) -
          tone.contrast * ink[at] + grain * (0.4F + 0.6F * ink[at]);
      image.pixels[at] = static_cast<std::uint8_t>(std::clamp(value, 0.0F, 255.0F));
    }
  }
  return image;
}

// Inside the picture, firmly touching, and not under a scar.
bool visible(Point at, const Placement& placement, const Conditions& conditions) {
  return at.x >= kVisibleMargin && at.y >= kVisibleMargin &&
         at.x < static_cast<float>(conditions.width) - kVisibleMargin &&
         at.y < static_cast<float>(conditions.height) - kVisibleMargin &&
         placement.contact(at.x, at.y) > kVisibleContact;
}

std::int16_t to_units(float pixels) {
  return static_cast<std::int16_t>(std::floor(pixels * kSubPixel + 0.5F));
}

Template see(const Finger& finger, const Placement& placement,
             const Conditions& conditions) {
  Template out;
  out.width = conditions.width;
  out.height = conditions.height;
  for (const TrueMinutia& m : finger.minutiae) {
    const Point at = placement.to_window({m.x, m.y});
    if (!visible(at, placement, conditions)) continue;
    if (sample(finger, {m.x, m.y}).scar > 0.4F) continue;
    const double a = double{m.angle};
    const Point ahead = placement.to_window({static_cast<float>(m.x + 6 * cosine(a)),
                                             static_cast<float>(m.y - 6 * sine(a))});
    const double angle =
        arc_tangent(double{at.y} - double{ahead.y}, double{ahead.x} - double{at.x});
    const auto units = static_cast<int>(std::floor(angle / (2 * kPi) * 65536 + 0.5));
    out.minutiae.push_back({.x = to_units(at.x),
                            .y = to_units(at.y),
                            .angle = static_cast<std::uint16_t>(units & 0xFFFF),
                            .type = m.type,
                            .quality = 0});
  }
  const auto add = [&](const std::vector<Point>& points, SingularPoint::Kind kind) {
    for (const Point& p : points) {
      const Point at = placement.to_window(p);
      if (!visible(at, placement, conditions)) continue;
      out.singular_points.push_back(
          {.x = to_units(at.x), .y = to_units(at.y), .kind = kind, .angle = 0});
    }
  };
  add(finger.cores, SingularPoint::Kind::core);
  add(finger.deltas, SingularPoint::Kind::delta);
  return out;
}

}  // namespace

Conditions clean_conditions() {
  Conditions out;
  out.rotation = 4;
  out.shift = 8;
  out.distortion = 0.5;
  out.variation = 0.15;
  out.noise = 0.4;
  out.partial = 0;
  return out;
}

Conditions usual_conditions() {
  Conditions out;
  out.rotation = 10;
  out.shift = 20;
  out.distortion = 1.7;
  out.variation = 0.55;
  out.noise = 1.5;
  out.partial = 0.25;
  return out;
}

Conditions hard_conditions() {
  Conditions out;
  out.rotation = 14;
  out.shift = 26;
  out.distortion = 2.4;
  out.variation = 0.75;
  out.noise = 1.9;
  out.partial = 0.35;
  return out;
}

Impression impression(const Finger& finger, std::uint64_t seed,
                      const Conditions& conditions) {
  Random random(mix(mix(finger.seed, 1000), seed));
  const Placement placement(finger, conditions, random);
  const Skin skin = draw_skin(conditions, random);
  const Tone tone = draw_tone(conditions, random);
  std::vector<float> ink = press(finger, placement, skin, conditions, random);
  add_dirt(ink, conditions, random);
  for (int i = 0; i < tone.blurs; ++i) blur(ink, conditions.width, conditions.height);
  Impression out;
  out.image = expose(ink, tone, conditions, random);
  out.truth = see(finger, placement, conditions);
  return out;
}

}  // namespace urna::finger::synth
