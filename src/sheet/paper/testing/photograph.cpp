#include "sheet/paper/testing/photograph.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numbers>
#include <random>

// jpeglib.h needs size_t and FILE before it.
#include <jpeglib.h>

namespace urna::sheet::testing {
namespace {

struct Point {
  double x, y;
};

// The projective map that takes (0,0), (1,0), (1,1), (0,1) to four points (Heckbert,
// Fundamentals of Texture Mapping, 1989, section 2.2.3), and its use on a point.
struct Projection {
  std::array<double, 8> m;

  static Projection onto(const std::array<Point, 4>& p) {
    const double dx1 = p[1].x - p[2].x, dx2 = p[3].x - p[2].x;
    const double dy1 = p[1].y - p[2].y, dy2 = p[3].y - p[2].y;
    const double sx = p[0].x - p[1].x + p[2].x - p[3].x;
    const double sy = p[0].y - p[1].y + p[2].y - p[3].y;
    const double det = dx1 * dy2 - dx2 * dy1;
    const double g = (sx * dy2 - dx2 * sy) / det;
    const double h = (dx1 * sy - sx * dy1) / det;
    return {{p[1].x - p[0].x + g * p[1].x, p[3].x - p[0].x + h * p[3].x, p[0].x,
             p[1].y - p[0].y + g * p[1].y, p[3].y - p[0].y + h * p[3].y, p[0].y, g, h}};
  }

  // The point of the unit square that lands on `q`.
  [[nodiscard]] Point back(Point q) const {
    const double a = m[0] - m[6] * q.x, b = m[1] - m[7] * q.x, c = q.x - m[2];
    const double d = m[3] - m[6] * q.y, e = m[4] - m[7] * q.y, f = q.y - m[5];
    const double det = a * e - b * d;
    return {(c * e - b * f) / det, (a * f - c * d) / det};
  }
};

double sample(const GrayImage& image, double x, double y) {
  constexpr double kTable = 90;  // the desk around the paper
  const int left = static_cast<int>(std::floor(x)),
            top = static_cast<int>(std::floor(y));
  if (left < 0 || top < 0 || left + 1 >= image.width || top + 1 >= image.height) {
    return kTable;
  }
  const double fx = x - left, fy = y - top;
  return (image.at(left, top) * (1 - fx) + image.at(left + 1, top) * fx) * (1 - fy) +
         (image.at(left, top + 1) * (1 - fx) + image.at(left + 1, top + 1) * fx) * fy;
}

std::array<Point, 4> corners_on_picture(const GrayImage& paper, const Camera& camera,
                                        std::mt19937& random) {
  std::uniform_real_distribution<double> wander(-camera.perspective,
                                                camera.perspective);
  const double width = paper.width * camera.scale, height = paper.height * camera.scale;
  const double turn = camera.turn_degrees * std::numbers::pi / 180;
  std::array<Point, 4> corners{{{-0.5, -0.5}, {0.5, -0.5}, {0.5, 0.5}, {-0.5, 0.5}}};
  for (Point& p : corners) {
    const double x = (p.x + wander(random)) * width;
    const double y = (p.y + wander(random)) * height;
    p = {x * std::cos(turn) - y * std::sin(turn),
         x * std::sin(turn) + y * std::cos(turn)};
  }
  return corners;
}

void blur_rows(std::vector<float>& pixels, int width, int height, double sigma) {
  const int reach = std::max(1, static_cast<int>(std::ceil(2.5 * sigma)));
  std::vector<float> kernel;
  float sum = 0;
  for (int i = -reach; i <= reach; ++i) {
    kernel.push_back(static_cast<float>(std::exp(-i * i / (2 * sigma * sigma))));
    sum += kernel.back();
  }
  std::vector<float> row(static_cast<std::size_t>(width));
  for (int y = 0; y < height; ++y) {
    float* line = pixels.data() + std::ptrdiff_t{y} * width;
    for (int x = 0; x < width; ++x) {
      float value = 0;
      for (int i = -reach; i <= reach; ++i) {
        value += kernel[static_cast<std::size_t>(i + reach)] *
                 line[std::clamp(x + i, 0, width - 1)];
      }
      row[static_cast<std::size_t>(x)] = value / sum;
    }
    std::ranges::copy(row, line);
  }
}

std::vector<float> transpose(const std::vector<float>& in, int width, int height) {
  std::vector<float> out(in.size());
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      out[static_cast<std::size_t>(x) * static_cast<std::size_t>(height) +
          static_cast<std::size_t>(y)] =
          in[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
             static_cast<std::size_t>(x)];
    }
  }
  return out;
}

}  // namespace

Camera random_camera(std::uint32_t seed) {
  std::mt19937 random(seed);
  const auto between = [&](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  };
  Camera c;
  c.scale = between(0.9, 1.4);
  c.turn_degrees = 90 * static_cast<double>(random() % 4) + between(-20, 20);
  c.perspective = between(0.0, 0.05);
  c.blur = between(0.6, 1.4);
  c.noise = between(3, 12);
  c.dimmest = between(0.5, 0.95);
  c.jpeg_quality = static_cast<int>(between(55, 90));
  return c;
}

Bytes photograph(const GrayImage& paper, const Camera& camera, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::array<Point, 4> corners = corners_on_picture(paper, camera, random);
  constexpr double kBorder = 30;
  Point low = corners[0], high = corners[0];
  for (const Point& p : corners) {
    low = {std::min(low.x, p.x), std::min(low.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  }
  for (Point& p : corners) p = {p.x - low.x + kBorder, p.y - low.y + kBorder};
  GrayImage out;
  out.width = static_cast<int>(high.x - low.x + 2 * kBorder);
  out.height = static_cast<int>(high.y - low.y + 2 * kBorder);
  const Projection projection = Projection::onto(corners);

  std::vector<float> light;
  light.reserve(static_cast<std::size_t>(out.width) *
                static_cast<std::size_t>(out.height));
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      const Point p = projection.back({static_cast<double>(x), static_cast<double>(y)});
      const double shade = camera.dimmest + (1 - camera.dimmest) *
                                                (static_cast<double>(x) / out.width +
                                                 static_cast<double>(y) / out.height) /
                                                2;
      light.push_back(static_cast<float>(
          shade * (20 + 0.85 * sample(paper, p.x * paper.width, p.y * paper.height))));
    }
  }
  blur_rows(light, out.width, out.height, camera.blur);
  light = transpose(light, out.width, out.height);
  blur_rows(light, out.height, out.width, camera.blur);
  light = transpose(light, out.height, out.width);
  // Drawn from a table: a picture has millions of pixels.
  std::normal_distribution<float> noise(0, static_cast<float>(camera.noise));
  std::vector<float> table(1U << 14U);
  for (float& value : table) value = noise(random);
  out.pixels.reserve(light.size());
  for (const float value : light) {
    out.pixels.push_back(static_cast<std::uint8_t>(
        std::clamp(value + table[random() >> 18U], 0.0F, 255.0F)));
  }
  return encode_jpeg(out, camera.jpeg_quality);
}

Bytes encode_jpeg(const GrayImage& image, int quality) {
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  unsigned char* data = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&jpeg, &data, &size);
  jpeg.image_width = static_cast<JDIMENSION>(image.width);
  jpeg.image_height = static_cast<JDIMENSION>(image.height);
  jpeg.input_components = 1;
  jpeg.in_color_space = JCS_GRAYSCALE;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, quality, TRUE);
  jpeg_start_compress(&jpeg, TRUE);
  Bytes row(static_cast<std::size_t>(image.width));
  while (jpeg.next_scanline < jpeg.image_height) {
    const auto from =
        image.pixels.begin() +
        std::ptrdiff_t{jpeg.next_scanline} * static_cast<std::ptrdiff_t>(image.width);
    std::copy(from, from + image.width, row.begin());
    JSAMPROW line = row.data();
    jpeg_write_scanlines(&jpeg, &line, 1);
  }
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  Bytes out(data, data + size);
  std::free(data);
  return out;
}

std::vector<GrayImage> overlapping_pieces(const GrayImage& strip, int height,
                                          int overlap) {
  std::vector<GrayImage> out;
  for (int top = 0; top == 0 || top + overlap < strip.height; top += height - overlap) {
    out.push_back(crop(strip, 0, top, strip.width, height));
  }
  return out;
}

}  // namespace urna::sheet::testing
