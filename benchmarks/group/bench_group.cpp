// Group arithmetic, one core: microseconds a point for decoding and multi-scalar
// multiplication on both CPU paths, beside libsodium doing the same one by one in the
// same run. Each figure is the median of several repetitions, in processor time of this
// thread, so that other programs disturb it little.
#include "../timing.hpp"
#include "group/cpu_path.hpp"
#include "group/point.hpp"
#include "group/secret.hpp"

#include <functional>
#include <vector>

#include <fmt/format.h>
#include <sodium.h>

namespace urna::group {
namespace {

constexpr std::size_t kPoints = 16384;

// Median microseconds of one call, divided by `items`.
double median_us(std::size_t items, const std::function<void()>& run) {
  return 1e6 * bench::median_seconds(7, run) / static_cast<double>(items);
}

struct Input {
  std::vector<ByteArray<32>> encodings;
  std::vector<Scalar> scalars;
  std::vector<Scalar128> weights;
  std::vector<Point> points;
};

Input make_input() {
  Input in;
  in.weights.resize(kPoints);
  for (std::size_t i = 0; i < kPoints; ++i) {
    in.encodings.push_back(base_mul(SecretScalar::random()).bytes());
    in.scalars.push_back(SecretScalar::random().declassify());
    randombytes_buf(in.weights[i].data(), in.weights[i].size());
  }
  in.points.resize(kPoints);
  std::vector<std::uint8_t> valid(kPoints);
  (void)decode_batch_var(in.encodings, in.points, valid);
  return in;
}

struct Row {
  const char* what;
  double goal_ifma;
  double goal_portable;
  double sodium;
  std::function<void()> run;
};

}  // namespace
}  // namespace urna::group

int main() {
  using namespace urna::group;
  Input in = make_input();
  std::vector<Point> out(kPoints);
  std::vector<std::uint8_t> valid(kPoints);
  volatile bool sink = false;
  constexpr std::size_t kFew = 512;
  const double sodium_decode = median_us(kFew, [&] {
    for (std::size_t i = 0; i < kFew; ++i) {
      sink = crypto_core_ristretto255_is_valid_point(in.encodings[i].data()) == 1;
    }
  });
  const double sodium_mul = median_us(kFew, [&] {
    Element sum;
    for (std::size_t i = 0; i < kFew; ++i) {
      sum += mul(in.scalars[i], Element::decode(in.encodings[i]).value());
    }
    sink = sum.is_identity();
  });
  const auto msm_of = [&](std::size_t n) {
    return [&, n] {
      sink = msm_var(std::span(in.scalars).first(n), std::span(in.points).first(n))
                 .is_identity_var();
    };
  };
  const Row rows[] = {
      {"batch decode", 0.45, 3.6, sodium_decode,
       [&] { sink = decode_batch_var(in.encodings, out, valid); }},
      {"msm 16384, 253-bit scalars", 1.5, 4.6, sodium_mul, msm_of(kPoints)},
      {"msm 16384, 128-bit scalars", 0.8, 2.4, sodium_mul,
       [&] { sink = msm128_var(in.weights, in.points).is_identity_var(); }},
      {"msm 1024, 253-bit scalars", 0, 0, sodium_mul, msm_of(1024)},
      {"msm 256, 253-bit scalars", 0, 0, sodium_mul, msm_of(256)},
      {"msm 16, 253-bit scalars", 0, 0, sodium_mul, msm_of(16)}};
  const std::size_t sizes[] = {kPoints, kPoints, kPoints, 1024, 256, 16};
  fmt::print("{:<28} {:>12} {:>9} {:>9} {:>10} {:>7}\n", "microseconds a point", "path",
             "measured", "at most", "libsodium", "ratio");
  for (const CpuPath path : {CpuPath::avx512_ifma, CpuPath::portable}) {
    testing::use_cpu_path(path);
    if (cpu_path() != path) continue;
    for (std::size_t i = 0; i < std::size(rows); ++i) {
      const Row& row = rows[i];
      const double us = median_us(sizes[i], row.run);
      const double goal = path == CpuPath::portable ? row.goal_portable : row.goal_ifma;
      fmt::print("{:<28} {:>12} {:>9.3f} {:>9} {:>10.2f} {:>6.1f}x\n", row.what,
                 cpu_path_name(), us, goal > 0 ? fmt::format("{:.2f}", goal) : "-",
                 row.sodium, row.sodium / us);
    }
  }
  return 0;
}
