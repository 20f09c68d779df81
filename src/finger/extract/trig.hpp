// Transcendental functions that give the same bits on every machine: they use only
// +, -, *, / and sqrt, which IEEE 754 fixes exactly, and the build forbids fused
// multiply-add (UrnaOptions.cmake). The C library's versions differ between
// systems in the last bit, and one bit can move a minutia.
//
// Thread rule: pure functions.
#pragma once

#include <cmath>

namespace urna::finger {

inline constexpr double kPi = 3.14159265358979323846;

// sin on [-pi, pi] and beyond by whole turns; error below 1e-12 for |x| < 100.
[[nodiscard]] constexpr double det_sin(double x) {
  const double turns = x / (2 * kPi);
  const auto whole = static_cast<long long>(turns + (turns < 0 ? -0.5 : 0.5));
  x -= static_cast<double>(whole) * 2 * kPi;
  if (x > kPi / 2) x = kPi - x;
  if (x < -kPi / 2) x = -kPi - x;
  const double square = x * x;
  double term = x;
  double sum = x;
  for (int n = 1; n <= 11; ++n) {
    term *= -square / ((2.0 * n) * (2.0 * n + 1.0));
    sum += term;
  }
  return sum;
}

[[nodiscard]] constexpr double det_cos(double x) {
  return det_sin(x + kPi / 2);
}

// e^x for |x| < 700; relative error below 1e-13.
[[nodiscard]] constexpr double det_exp(double x) {
  int halvings = 0;
  while (x > 0.5 || x < -0.5) {
    x *= 0.5;
    ++halvings;
  }
  double term = 1;
  double sum = 1;
  for (int n = 1; n <= 14; ++n) {
    term *= x / n;
    sum += term;
  }
  for (int i = 0; i < halvings; ++i) sum *= sum;
  return sum;
}

// The angle of (x, y) in (-pi, pi]; error below 2e-6 rad. (0, 0) gives 0.
// Polynomial: Abramowitz and Stegun 4.4.49.
[[nodiscard]] inline float det_atan2(float y, float x) {
  const float ax = std::fabs(x);
  const float ay = std::fabs(y);
  const float large = ax > ay ? ax : ay;
  if (large == 0.0F) return 0.0F;
  const float a = (ax > ay ? ay : ax) / large;
  const float s = a * a;
  float r = 0.0028662257F;
  r = r * s - 0.0161657367F;
  r = r * s + 0.0429096138F;
  r = r * s - 0.0752896400F;
  r = r * s + 0.1065626393F;
  r = r * s - 0.1420889944F;
  r = r * s + 0.1999355085F;
  r = r * s - 0.3333314528F;
  r = r * s * a + a;
  if (ay > ax) r = 1.57079637F - r;
  if (x < 0) r = 3.14159274F - r;
  return y < 0 ? -r : r;
}

}  // namespace urna::finger
