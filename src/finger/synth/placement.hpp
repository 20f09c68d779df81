// How one impression maps the scanner's window onto the finger. Used by
// impression.cpp.
#pragma once

#include "finger/synth/finger.hpp"
#include "finger/synth/impression.hpp"
#include "finger/synth/maths.hpp"

namespace urna::finger::synth {

class Placement {
 public:
  Placement(const Finger& finger, const Conditions& conditions, Random& random);

  // The point of the finger under a point of the window.
  [[nodiscard]] Point to_finger(float u, float v) const;

  // The point of the window where a point of the finger lies.
  [[nodiscard]] Point to_window(Point on_finger) const;

  // How firmly the skin touches: 1 in the middle, 0 at the edge, below 0 no contact.
  [[nodiscard]] float contact(float u, float v) const;

 private:
  // Skin sticks where it touches first and slides further out (Cappelli, Maio and
  // Maltoni, ICAPR 2001): 0 in the middle, 1 far away.
  [[nodiscard]] float sliding(float du, float dv) const;

  float width_;
  float height_;
  Point centre_;   // on the finger
  Point contact_;  // the same point in the window
  float cosine_ = 1;
  float sine_ = 0;
  float scale_ = 1;
  float torsion_ = 0;
  float pull_x_ = 0;
  float pull_y_ = 0;
  float half_width_ = 1;
  float half_height_ = 1;
  float off_x_ = 0;  // of the contact area from the contact point
  float off_y_ = 0;
  float stretch_ = 0;
  SmoothNoise stretch_x_;
  SmoothNoise stretch_y_;
  SmoothNoise edge_;
};

}  // namespace urna::finger::synth
