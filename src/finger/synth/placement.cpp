#include "finger/synth/placement.hpp"

#include <algorithm>

namespace urna::finger::synth {

Placement::Placement(const Finger& finger, const Conditions& conditions, Random& random)
    : width_(static_cast<float>(conditions.width)),
      height_(static_cast<float>(conditions.height)),
      centre_(finger.centre),
      stretch_x_(random, conditions.width, conditions.height, 95),
      stretch_y_(random, conditions.width, conditions.height, 95),
      edge_(random, conditions.width, conditions.height, 26) {
  const auto f = [](double value) { return static_cast<float>(value); };
  const double angle = random.normal(0, conditions.rotation) * kPi / 180;
  cosine_ = f(cosine(angle));
  sine_ = f(sine(angle));
  scale_ = f(random.normal(1, 0.008 * conditions.distortion));
  contact_ = {f(conditions.width / 2.0 + random.normal(0, conditions.shift)),
              f(conditions.height * 0.46 + random.normal(0, conditions.shift * 1.3))};
  torsion_ = f(random.normal(0, 0.028) * conditions.distortion);
  pull_x_ = f(random.normal(0, 3.2) * conditions.distortion);
  pull_y_ = f(random.normal(0, 4.2) * conditions.distortion);
  stretch_ = f(1.1 * conditions.distortion);
  half_width_ = f(std::clamp(random.normal(142, 12), 100.0, 185.0));
  half_height_ = f(std::clamp(random.normal(186, 16), 130.0, 235.0));
  off_y_ = f(random.normal(8, 10));
  if (random.chance(conditions.partial)) {
    const double way = random.range(0, 2 * kPi);
    const double far = random.range(30, 75);
    off_x_ = f(far * cosine(way));
    off_y_ += f(far * sine(way));
    half_width_ *= f(random.range(0.65, 0.9));
    half_height_ *= f(random.range(0.6, 0.9));
  }
}

float Placement::sliding(float du, float dv) const {
  const float d =
      (du * du / (half_width_ * half_width_) + dv * dv / (half_height_ * half_height_));
  const float t = std::clamp((d - 0.08F) / 0.9F, 0.0F, 1.0F);
  return t * t * (3 - 2 * t);
}

Point Placement::to_finger(float u, float v) const {
  const float du = (u - contact_.x) * scale_;
  const float dv = (v - contact_.y) * scale_;
  const float slide = sliding(du, dv);
  const float turn = torsion_ * slide;
  // The noise fields are only defined over the window.
  const float nu = std::clamp(u, 0.0F, width_);
  const float nv = std::clamp(v, 0.0F, height_);
  const float x = du - dv * turn + pull_x_ * slide + stretch_ * stretch_x_.at(nu, nv);
  const float y = dv + du * turn + pull_y_ * slide + stretch_ * stretch_y_.at(nu, nv);
  return {centre_.x + cosine_ * x - sine_ * y, centre_.y + sine_ * x + cosine_ * y};
}

Point Placement::to_window(Point p) const {
  const float dx = p.x - centre_.x;
  const float dy = p.y - centre_.y;
  Point guess{contact_.x + cosine_ * dx + sine_ * dy,
              contact_.y - sine_ * dx + cosine_ * dy};
  for (int round = 0; round < 12; ++round) {
    const Point at = to_finger(guess.x, guess.y);
    const float ex = p.x - at.x;
    const float ey = p.y - at.y;
    guess.x += cosine_ * ex + sine_ * ey;
    guess.y += -sine_ * ex + cosine_ * ey;
  }
  return guess;
}

float Placement::contact(float u, float v) const {
  const float x = (u - contact_.x - off_x_) / half_width_;
  const float y = (v - contact_.y - off_y_) / half_height_;
  const float xx = x * x;
  const float yy = y * y;
  // Between an ellipse and a box: x^2 + y^2 with half of the fourth powers.
  const float d = 0.6F * (xx + yy) + 0.4F * (xx * xx + yy * yy);
  return 1 - d +
         0.06F * edge_.at(std::clamp(u, 0.0F, width_), std::clamp(v, 0.0F, height_));
}

}  // namespace urna::finger::synth
