// Ballot cryptography on the reference ballot (52 options in 8 contests, one vote
// each): sealing, one-by-one verification with libsodium only, and batch verification
// on both CPU paths, all in one run. Figures are medians; "per option" includes the
// option's share of the contest proofs.
#include "ballot/batch.hpp"
#include "ballot/testing/sample.hpp"
#include "ballot/verify.hpp"
#include "base/clock.hpp"
#include "group/cpu_path.hpp"

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace urna;
using namespace urna::ballot;

constexpr std::size_t kStation = 600;

double seconds(const auto& run) {
  const auto start = std::chrono::steady_clock::now();
  run();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
      .count();
}

double median(std::vector<double> times) {
  std::ranges::sort(times);
  return times[times.size() / 2];
}

double median_seconds(int runs, const auto& run) {
  std::vector<double> times;
  for (int i = 0; i < runs; ++i) times.push_back(seconds(run));
  return median(times);
}

void row(std::string_view what, double value, std::string_view unit, std::string goal) {
  fmt::print("{:<58} {:>10.3f} {:<10} {}\n", what, value, unit, goal);
}

double verify_all(const testing::Sample& sample, const std::vector<Bytes>& ballots,
                  unsigned threads) {
  return median_seconds(5, [&] {
    std::size_t next = 0;
    std::size_t bad = 0;
    const auto done = verify_stream(
        sample.station, sample.key,
        [&](Bytes& ballot) {
          if (next == ballots.size()) return false;
          ballot = ballots[next++];
          return true;
        },
        [&](std::uint64_t, const std::optional<Fault>& fault) { bad += fault ? 1 : 0; },
        threads);
    if (!done || bad != 0) std::abort();
  });
}

}  // namespace

int main() {
  testing::Sample sample({testing::reference_style()}, 1);
  const std::size_t options = sample.style().options();
  std::vector<Bytes> ballots;
  std::vector<double> sealing;
  for (std::size_t i = 0; i < kStation; ++i) {
    const Bytes bits = sample.random_bits(sample.style());
    sealing.push_back(
        seconds([&] { ballots.push_back(sample.seal_bits(bits).ballot); }));
  }
  fmt::print("reference ballot: {} options in 8 contests, {} bytes\n", options,
             ballots[0].size());
  row("sealing one ballot, libsodium only", 1e3 * median(sealing), "ms", "at most 15");

  constexpr std::size_t kFew = 10;
  const double single = median_seconds(3, [&] {
    for (std::size_t i = 0; i < kFew; ++i) {
      if (verify_ballot(sample.station, sample.key, ballots[i])) std::abort();
    }
  });
  const double reference = 1e6 * single / static_cast<double>(kFew * options);
  row("one by one, libsodium only, per option", reference, "us", "");
  for (const auto path : {group::CpuPath::avx512_ifma, group::CpuPath::portable}) {
    group::testing::use_cpu_path(path);
    if (group::cpu_path() != path) continue;
    const bool ifma = path == group::CpuPath::avx512_ifma;
    const double one = verify_all(sample, ballots, 1);
    const double per_option = 1e6 * one / static_cast<double>(kStation * options);
    const auto name = group::cpu_path_name();
    row(fmt::format("batch, {}, per option", name), per_option, "us",
        ifma ? "at most 13, aim 10" : "at most 52, aim 45");
    row(fmt::format("batch, {}, times faster than one by one", name),
        reference / per_option, "x", ifma ? "at least 20" : "at least 6");
    row(fmt::format("station of {} ballots, {}, one core", kStation, name), one, "s",
        ifma ? "under 0.5" : "");
    if (std::thread::hardware_concurrency() >= 2) {
      row(fmt::format("two cores against one, {}", name),
          one / verify_all(sample, ballots, 2), "x", "at least 1.9");
    }
  }
  return 0;
}
