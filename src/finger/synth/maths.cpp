#include "finger/synth/maths.hpp"

#include <algorithm>
#include <bit>

namespace urna::finger::synth {

double sine(double x) {
  // To [-pi, pi], then to [-pi/2, pi/2], then the Taylor series to x^19.
  x -= 2 * kPi * std::floor(x / (2 * kPi) + 0.5);
  if (x > kPi / 2) x = kPi - x;
  if (x < -kPi / 2) x = -kPi - x;
  const double s = x * x;
  double term = x;
  double sum = x;
  for (int k = 2; k <= 18; k += 2) {
    term *= -s / (k * (k + 1));
    sum += term;
  }
  return sum;
}

double arc_tangent(double y, double x) {
  if (x == 0 && y == 0) return 0;
  const double ax = std::abs(x);
  const double ay = std::abs(y);
  double t = std::min(ax, ay) / std::max(ax, ay);
  // Three halvings bring the argument below 0.1, where ten terms are exact enough.
  for (int i = 0; i < 3; ++i) t = t / (1 + std::sqrt(1 + t * t));
  const double s = t * t;
  double sum = 0;
  double power = t;
  for (int k = 1; k <= 11; k += 2) {
    sum += power / k;
    power *= -s;
  }
  double angle = 8 * sum;
  if (ay > ax) angle = kPi / 2 - angle;
  if (x < 0) angle = kPi - angle;
  return y < 0 ? -angle : angle;
}

double exponential(double x) {
  x = std::clamp(x, -60.0, 60.0) / 4096;
  double value = 1 + x * (1 + x / 2 * (1 + x / 3 * (1 + x / 4)));
  for (int i = 0; i < 12; ++i) value *= value;
  return value;
}

std::uint64_t mix(std::uint64_t seed, std::uint64_t purpose) {
  std::uint64_t z = seed + 0x9E3779B97F4A7C15U * (purpose + 1);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31);
}

Random::Random(std::uint64_t seed) {
  for (std::size_t i = 0; i < state_.size(); ++i) state_[i] = mix(seed, i);
}

std::uint64_t Random::bits() {
  const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
  const std::uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

double Random::unit() {
  return static_cast<double>(bits() >> 11) * 0x1.0p-53;
}

double Random::normal(double mean, double sigma) {
  double sum = -6;
  for (int i = 0; i < 12; ++i) sum += unit();
  return mean + sigma * sum;
}

SmoothNoise::SmoothNoise(Random& random, int width, int height, double cell)
    : columns_(static_cast<int>(width / cell) + 3),
      inverse_cell_(static_cast<float>(1 / cell)) {
  const int rows = static_cast<int>(height / cell) + 3;
  values_.reserve(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows));
  // Four uniform numbers are normal enough here, and cheap.
  for (int i = 0; i < columns_ * rows; ++i) {
    double sum = -2;
    for (int k = 0; k < 4; ++k) sum += random.unit();
    values_.push_back(static_cast<float>(sum * 1.7320508));
  }
}

float SmoothNoise::at(float x, float y) const {
  const float gx = x * inverse_cell_;
  const float gy = y * inverse_cell_;
  const int ix = static_cast<int>(gx);
  const int iy = static_cast<int>(gy);
  float fx = gx - static_cast<float>(ix);
  float fy = gy - static_cast<float>(iy);
  fx = fx * fx * (3 - 2 * fx);
  fy = fy * fy * (3 - 2 * fy);
  const float* p = values_.data() + iy * columns_ + ix;
  const float top = p[0] + (p[1] - p[0]) * fx;
  const float bottom = p[columns_] + (p[columns_ + 1] - p[columns_]) * fx;
  return top + (bottom - top) * fy;
}

void SmoothNoise::row(int y, std::vector<float>& out) const {
  for (std::size_t x = 0; x < out.size(); ++x) {
    out[x] = at(static_cast<float>(x), static_cast<float>(y));
  }
}

}  // namespace urna::finger::synth
