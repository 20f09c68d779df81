#include "finger/extract/detect.hpp"

#include "finger/extract/trig.hpp"

#include <algorithm>
#include <cmath>

namespace urna::finger {
namespace {

struct Vec {
  float x = 0;
  float y = 0;
};

// The unit vector across the ridges of a tile; its sign is arbitrary.
Vec normal_of(const Tile& tile) {
  // Half of the doubled angle without trigonometry: t = (1 + cos2, sin2).
  float c = 1 + tile.cos2;
  float s = tile.sin2;
  if (c < 1e-3F) {
    c = 0;
    s = 1;
  }
  const float length = std::sqrt(c * c + s * s);
  return {-s / length, c / length};
}

struct Sampler {
  const Plane<std::int16_t>& plane;

  [[nodiscard]] float at(float x, float y) const {
    const int ix = static_cast<int>(std::floor(x));
    const int iy = static_cast<int>(std::floor(y));
    if (ix < 0 || iy < 0 || ix + 1 >= plane.width || iy + 1 >= plane.height) return 0;
    const float fx = x - static_cast<float>(ix);
    const float fy = y - static_cast<float>(iy);
    const std::int16_t* a = plane.row(iy) + ix;
    const std::int16_t* b = plane.row(iy + 1) + ix;
    return (1 - fy) *
               ((1 - fx) * static_cast<float>(a[0]) + fx * static_cast<float>(a[1])) +
           fy * ((1 - fx) * static_cast<float>(b[0]) + fx * static_cast<float>(b[1]));
  }
};

// e and its derivative along n at a pixel.
struct Analytic {
  float e;
  float g;
};
Analytic analytic(const Plane<std::int16_t>& p, int x, int y, Vec n) {
  const auto gx = static_cast<float>(p.at(x + 1, y) - p.at(x - 1, y));
  const auto gy = static_cast<float>(p.at(x, y + 1) - p.at(x, y - 1));
  return {static_cast<float>(p.at(x, y)), n.x * gx + n.y * gy};
}

// Turns of (e, g) from a to b across the axis e = 0, g > 0.
int crossing(Analytic a, Analytic b) {
  const bool pa = a.e > 0;
  const bool pb = b.e > 0;
  if (pa == pb) return 0;
  const float at = a.e / (a.e - b.e);
  const float g = a.g + (b.g - a.g) * at;
  if (g <= 0) return 0;
  return pa ? 1 : -1;
}

class Detector {
 public:
  Detector(const Plane<std::int16_t>& enhanced, const TileField& tiles,
           const Levelled& image)
      : enhanced_(enhanced), tiles_(tiles), image_(image), sample_{enhanced} {}

  std::vector<Candidate> run() {
    find();
    for (std::size_t i = 0; i < found_.size(); ++i) describe(i);
    return std::move(found_);
  }

 private:
  [[nodiscard]] const Tile* tile_at(float x, float y) const {
    const int tx = static_cast<int>(std::floor(x / kTile));
    const int ty = static_cast<int>(std::floor(y / kTile));
    return tiles_.inside(tx, ty) && tiles_.at(tx, ty).inside ? &tiles_.at(tx, ty)
                                                             : nullptr;
  }

  void find() {
    for (int ty = 0; ty < tiles_.height; ++ty)
      for (int tx = 0; tx < tiles_.width; ++tx) {
        const Tile& tile = tiles_.at(tx, ty);
        if (!tile.inside) continue;
        const Vec n = normal_of(tile);
        for (int y = 0; y < kTile; ++y)
          for (int x = 0; x < kTile; ++x) quad(tx * kTile + x, ty * kTile + y, n, tile);
      }
  }

  void quad(int x, int y, Vec n, const Tile& tile) {
    const int px = x + kPad;
    const int py = y + kPad;
    const bool s = enhanced_.at(px, py) > 0;
    if ((enhanced_.at(px + 1, py) > 0) == s && (enhanced_.at(px, py + 1) > 0) == s &&
        (enhanced_.at(px + 1, py + 1) > 0) == s)
      return;
    const Analytic a = analytic(enhanced_, px, py, n);
    const Analytic b = analytic(enhanced_, px + 1, py, n);
    const Analytic c = analytic(enhanced_, px + 1, py + 1, n);
    const Analytic d = analytic(enhanced_, px, py + 1, n);
    const int turn = crossing(a, b) + crossing(b, c) + crossing(c, d) + crossing(d, a);
    if (turn == 0) return;

    // Where both planes through the corners vanish.
    const float ex = 0.5F * (b.e - a.e + c.e - d.e);
    const float ey = 0.5F * (d.e - a.e + c.e - b.e);
    const float gx = 0.5F * (b.g - a.g + c.g - d.g);
    const float gy = 0.5F * (d.g - a.g + c.g - b.g);
    const float e0 = 0.25F * (a.e + b.e + c.e + d.e);
    const float g0 = 0.25F * (a.g + b.g + c.g + d.g);
    const float det = ex * gy - ey * gx;
    float fx = 0;
    float fy = 0;
    if (det != 0) {
      fx = std::clamp((-e0 * gy + g0 * ey) / det, -0.5F, 0.5F);
      fy = std::clamp((-g0 * ex + e0 * gx) / det, -0.5F, 0.5F);
    }
    Candidate m;
    m.x = static_cast<float>(x) + 0.5F + fx;
    m.y = static_cast<float>(y) + 0.5F + fy;
    const float sign = turn > 0 ? 1.0F : -1.0F;
    m.dx = -n.y * sign;
    m.dy = n.x * sign;
    m.coherence = tile.coherence;
    turns_.push_back(turn > 0 ? 1 : -1);
    normals_.push_back(n);
    found_.push_back(m);
  }

  void describe(std::size_t index) {
    Candidate& m = found_[index];
    const Tile* tile = tile_at(m.x, m.y);
    const float period = tile != nullptr ? tile->period : 9.0F;
    const float reach = 0.6F * period;
    const float px = m.x + kPad;
    const float py = m.y + kPad;
    const float ahead = sample_.at(px + m.dx * reach, py + m.dy * reach);
    const float behind = sample_.at(px - m.dx * reach, py - m.dy * reach);
    m.ending = ahead > behind;
    m.contrast = std::fabs(ahead - behind) / kLevelUnit;
    neighbours(index);
    surroundings(m);
    for (const float radius : {5.0F, 8.0F, 11.0F})
      if (ring_turn(m, normals_[index], radius) == turns_[index]) ++m.ring;
  }

  void neighbours(std::size_t index) {
    Candidate& m = found_[index];
    m.opposite = 32;
    m.same = 32;
    for (std::size_t i = 0; i < found_.size(); ++i) {
      if (i == index) continue;
      const float dx = found_[i].x - m.x;
      const float dy = found_[i].y - m.y;
      const float d = std::sqrt(dx * dx + dy * dy);
      if (d < 24) ++m.crowd;
      if (d >= 32) continue;
      // Opposite: the directions point apart more than they agree.
      const float dot = found_[i].dx * m.dx + found_[i].dy * m.dy;
      if (dot < 0) {
        if (d < m.opposite) {
          m.opposite = d;
          m.opposite_angle = d > 0 ? (dx * m.dx + dy * m.dy) / d : 0;
        }
      } else {
        m.same = std::min(m.same, d);
      }
    }
  }

  void surroundings(Candidate& m) const {
    const int cx = static_cast<int>(m.x) + kPad;
    const int cy = static_cast<int>(m.y) + kPad;
    constexpr int kReach = 9;
    float ee = 0;
    float nn = 0;
    float en = 0;
    float count = 0;
    for (int y = cy - kReach; y <= cy + kReach; ++y)
      for (int x = cx - kReach; x <= cx + kReach; ++x) {
        if (x < 0 || y < 0 || x >= enhanced_.width || y >= enhanced_.height) continue;
        const auto e = static_cast<float>(enhanced_.at(x, y));
        const auto n = static_cast<float>(image_.pixels.at(x, y));
        ee += e * e;
        nn += n * n;
        en += e * n;
        count += 1;
      }
    m.amplitude = std::sqrt(ee / count) / kLevelUnit;
    m.fit = ee > 0 && nn > 0 ? en / std::sqrt(ee * nn) : 0;
    m.border = 32;
    const int tx0 = static_cast<int>(m.x) / kTile;
    const int ty0 = static_cast<int>(m.y) / kTile;
    for (int ty = ty0 - 8; ty <= ty0 + 8; ++ty)
      for (int tx = tx0 - 8; tx <= tx0 + 8; ++tx) {
        if (tiles_.inside(tx, ty) && tiles_.at(tx, ty).inside) continue;
        const float dx = static_cast<float>(tx * kTile) + 1.5F - m.x;
        const float dy = static_cast<float>(ty * kTile) + 1.5F - m.y;
        m.border = std::min(m.border, std::sqrt(dx * dx + dy * dy));
      }
  }

  // Turns of the phase along a circle, following the local normal.
  [[nodiscard]] int ring_turn(const Candidate& m, Vec start, float radius) const {
    constexpr int kSteps = 24;
    Vec n = start;
    Analytic first{};
    Analytic last{};
    int turns = 0;
    for (int k = 0; k <= kSteps; ++k) {
      const auto angle = 2 * kPi * (k % kSteps) / kSteps;
      const float x = m.x + radius * static_cast<float>(det_cos(angle));
      const float y = m.y + radius * static_cast<float>(det_sin(angle));
      if (const Tile* tile = tile_at(x, y)) {
        Vec next = normal_of(*tile);
        if (next.x * n.x + next.y * n.y < 0) next = {-next.x, -next.y};
        n = next;
      }
      const float px = x + kPad;
      const float py = y + kPad;
      const Analytic here{sample_.at(px, py), sample_.at(px + n.x, py + n.y) -
                                                  sample_.at(px - n.x, py - n.y)};
      if (k == 0)
        first = here;
      else if (k == kSteps)
        turns += crossing(last, first);
      else
        turns += crossing(last, here);
      last = here;
    }
    return turns;
  }

  const Plane<std::int16_t>& enhanced_;
  const TileField& tiles_;
  const Levelled& image_;
  Sampler sample_;
  std::vector<Candidate> found_;
  std::vector<int> turns_;
  std::vector<Vec> normals_;
};

}  // namespace

std::vector<Candidate> detect(const Plane<std::int16_t>& enhanced,
                              const TileField& tiles, const Levelled& image) {
  return Detector(enhanced, tiles, image).run();
}

}  // namespace urna::finger
