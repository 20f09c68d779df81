// The plots of evaluate.hpp and identify.hpp: DET curve, score distributions and the
// cascade's recall as SVG.
#include "finger/eval/evaluate.hpp"
#include "finger/eval/identify.hpp"
#include "finger/match/gallery.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace urna::finger {
namespace {

constexpr double kWidth = 640;
constexpr double kHeight = 480;
constexpr double kLeft = 70;
constexpr double kRight = 20;
constexpr double kTop = 40;
constexpr double kBottom = 55;

std::string begin(const std::string& title, const std::string& across,
                  const std::string& up) {
  std::string safe;
  for (const char c : title) {
    if (c == '&')
      safe += "&amp;";
    else if (c == '<')
      safe += "&lt;";
    else
      safe += c;
  }
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" "
      "font-family=\"sans-serif\" font-size=\"12\">\n"
      "<rect width=\"{0}\" height=\"{1}\" fill=\"white\"/>\n"
      "<text x=\"{2}\" y=\"22\" font-size=\"15\">{3}</text>\n"
      "<text x=\"{4}\" y=\"{5}\" text-anchor=\"middle\">{6}</text>\n"
      "<text transform=\"translate(16 {7}) rotate(-90)\" "
      "text-anchor=\"middle\">{8}</text>\n",
      kWidth, kHeight, kLeft, safe, (kLeft + kWidth - kRight) / 2, kHeight - 12, across,
      (kTop + kHeight - kBottom) / 2, up);
}

struct Axis {
  double from;
  double to;
  double pixel_from;
  double pixel_to;
  [[nodiscard]] double operator()(double v) const {
    const double at = pixel_from + (v - from) / (to - from) * (pixel_to - pixel_from);
    return std::clamp(at, std::min(pixel_from, pixel_to),
                      std::max(pixel_from, pixel_to));
  }
};

std::string grid_line(double x0, double y0, double x1, double y1) {
  return fmt::format(
      "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" "
      "stroke=\"#dddddd\"/>\n",
      x0, y0, x1, y1);
}

}  // namespace

std::string det_svg(const Curve& curve, const std::string& title) {
  const Axis x{-5, 0, kLeft, kWidth - kRight};
  const Axis y{-4, 0, kHeight - kBottom, kTop};
  const auto log_rate = [](double v) { return v <= 0 ? -9.0 : std::log10(v); };
  std::string out =
      begin(title, "false match rate (FMR)", "false non-match rate (FNMR)");
  for (int d = -5; d <= 0; ++d) {
    out += grid_line(x(d), kTop, x(d), kHeight - kBottom);
    out += fmt::format(
        "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">1e{}"
        "</text>\n",
        x(d), kHeight - kBottom + 16, d);
  }
  for (int d = -4; d <= 0; ++d) {
    out += grid_line(kLeft, y(d), kWidth - kRight, y(d));
    out += fmt::format(
        "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">1e{}"
        "</text>\n",
        kLeft - 6, y(d) + 4, d);
  }
  out += fmt::format(
      "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" "
      "stroke=\"#999999\" stroke-dasharray=\"4 4\"/>\n",
      x(-4), y(-4), x(0), y(0));
  std::string points;
  for (std::size_t t = 0; t < curve.fmr.size(); ++t)
    points += fmt::format("{:.1f},{:.1f} ", x(log_rate(curve.fmr[t])),
                          y(log_rate(curve.fnmr[t])));
  out += "<polyline fill=\"none\" stroke=\"#0b5394\" stroke-width=\"2\" points=\"" +
         points + "\"/>\n";
  return out + "</svg>\n";
}

std::string distribution_svg(const Curve& curve, const std::string& title) {
  // Bars of four score steps, on a logarithmic scale: the tails are what matters.
  constexpr std::size_t kStep = 4;
  const auto bins = (curve.genuine_share.size() + kStep - 1) / kStep;
  const Axis x{0, static_cast<double>(std::max<std::size_t>(bins, 1)), kLeft,
               kWidth - kRight};
  const Axis y{-6, 0, kHeight - kBottom, kTop};
  std::string out = begin(title, "score (-10 log10 FMR)", "share of comparisons");
  for (int d = -6; d <= 0; ++d) {
    out += grid_line(kLeft, y(d), kWidth - kRight, y(d));
    out += fmt::format(
        "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">1e{}"
        "</text>\n",
        kLeft - 6, y(d) + 4, d);
  }
  for (std::size_t b = 0; b <= bins; b += 5)
    out += fmt::format(
        "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}"
        "</text>\n",
        x(static_cast<double>(b)), kHeight - kBottom + 16, b * kStep);
  const auto bars = [&](const std::vector<double>& share, const char* colour,
                        double shift) {
    for (std::size_t b = 0; b < bins; ++b) {
      double sum = 0;
      for (std::size_t k = b * kStep; k < std::min(share.size(), (b + 1) * kStep); ++k)
        sum += share[k];
      if (sum <= 0) continue;
      const double top = y(std::log10(sum));
      const double left = x(static_cast<double>(b) + shift);
      const double right = x(static_cast<double>(b) + shift + 0.45);
      out += fmt::format(
          "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" "
          "fill=\"{}\"/>\n",
          left, top, right - left, kHeight - kBottom - top, colour);
    }
  };
  bars(curve.impostor_share, "#c0392b", 0.05);
  bars(curve.genuine_share, "#27774a", 0.5);
  out += fmt::format(
      "<text x=\"{0}\" y=\"{1}\" fill=\"#c0392b\">different fingers (left "
      "bars)</text>\n"
      "<text x=\"{0}\" y=\"{2}\" fill=\"#27774a\">same finger (right bars)</text>\n",
      kWidth - kRight - 190, kTop + 14, kTop + 30);
  return out + "</svg>\n";
}

std::string recall_csv(const Identification& result) {
  std::string out = "share,stage1,stage2\n";
  for (const Recall& r : result.recall)
    out += fmt::format("{},{:.5f},{:.5f}\n", r.share, r.stage1, r.stage2);
  return out;
}

// Both axes logarithmic: the share of the gallery that goes on, and what is lost.
std::string recall_svg(const Identification& result) {
  const Axis x{std::log10(0.005), std::log10(0.5), kLeft, kWidth - kRight};
  const Axis y{-4, -1, kHeight - kBottom, kTop};
  std::string out = begin("What each stage of the cascade loses",
                          "share of the gallery that goes on, %", "mates lost, %");
  for (int d = -4; d <= -1; ++d) {
    out += grid_line(kLeft, y(d), kWidth - kRight, y(d));
    out +=
        fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n",
                    kLeft - 6, y(d) + 4, 100 * std::pow(10, d));
  }
  std::string first;
  std::string second;
  for (const Recall& r : result.recall) {
    const double at = x(std::log10(r.share));
    const auto lost = [&](double recall) {
      return y(recall >= 1 ? -9 : std::log10(1 - recall));
    };
    out += grid_line(at, kTop, at, kHeight - kBottom);
    out += fmt::format(
        "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n", at,
        kHeight - kBottom + 16, 100 * r.share);
    first += fmt::format("{:.1f},{:.1f} ", at, lost(r.stage1));
    if (r.share <= SearchOptions{}.overlaid)
      second += fmt::format("{:.1f},{:.1f} ", at, lost(r.stage2));
  }
  const auto line = [&](const std::string& points, const char* dash) {
    out += fmt::format(
        "<polyline fill=\"none\" stroke=\"#0b5394\" stroke-width=\"2\" {} "
        "points=\"{}\"/>\n",
        dash, points);
  };
  line(first, "stroke-dasharray=\"6 4\"");
  line(second, "");
  out += fmt::format(
      "<text x=\"{0}\" y=\"{1}\" text-anchor=\"end\">dashed: stage 1, votes of "
      "neighbourhoods</text>\n"
      "<text x=\"{0}\" y=\"{2}\" text-anchor=\"end\">full: stages 1 and 2, prints laid "
      "on each other</text>\n",
      kWidth - kRight - 8, kTop + 16, kTop + 32);
  return out + "</svg>\n";
}

}  // namespace urna::finger
