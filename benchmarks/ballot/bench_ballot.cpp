// Ballot cryptography on the reference ballot (52 options in 8 contests, one vote
// each): sealing, one-by-one verification with libsodium only, and batch verification
// on both CPU paths, all in one run. Figures are medians; "per option" includes the
// option's share of the contest proofs.
#include "../timing.hpp"
#include "ballot/ballot_bytes.hpp"
#include "ballot/batch.hpp"
#include "ballot/sums.hpp"
#include "ballot/testing/sample.hpp"
#include "ballot/verify.hpp"
#include "base/clock.hpp"
#include "base/memory.hpp"
#include "group/cpu_path.hpp"
#include "group/point.hpp"

#include <algorithm>
#include <cstdlib>
#include <thread>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace urna;
using namespace urna::ballot;
using bench::median;
using bench::median_seconds;
using bench::peak_megabytes;
using bench::seconds;
using bench::Timer;
using bench::two_loops_gain;

constexpr std::size_t kStation = 600;

void row(std::string_view what, double value, std::string_view unit, std::string goal) {
  fmt::print("{:<58} {:>10.3f} {:<10} {}\n", what, value, unit, goal);
}

void verify_once(const testing::Sample& sample, const std::vector<Bytes>& ballots,
                 unsigned threads, std::size_t rounds = 1) {
  std::size_t next = 0;
  std::size_t bad = 0;
  const auto done = verify_stream(
      sample.station, sample.key,
      [&](Bytes& ballot) {
        if (next == rounds * ballots.size()) return false;
        ballot = ballots[next++ % ballots.size()];
        return true;
      },
      [&](std::uint64_t, const std::optional<Fault>& fault) { bad += fault ? 1U : 0U; },
      threads);
  if (!done || bad != 0) std::abort();
}

// What verification stands on, as in `./bench group`: 16,384 points at once.
void arithmetic_rows(const std::vector<Bytes>& ballots, const testing::Sample& sample,
                     bool ifma) {
  constexpr std::size_t kPoints = 16384;
  std::vector<ByteArray<32>> encodings;
  for (const Bytes& bytes : ballots) {
    const auto ballot = BallotBytes::read(sample.station, bytes).value();
    for (std::size_t i = 0; i < ballot.style().points(); ++i) {
      if (encodings.size() < kPoints) {
        std::ranges::copy(ballot.point(i), encodings.emplace_back().begin());
      }
    }
  }
  std::vector<group::Point> points(kPoints);
  std::vector<std::uint8_t> valid(kPoints);
  std::vector<group::Scalar> scalars;
  std::vector<group::Scalar128> weights(kPoints);
  base::SystemRandom random;
  for (group::Scalar128& weight : weights) {
    ByteArray<64> wide;
    if (!random.fill(weight) || !random.fill(wide)) std::abort();
    scalars.push_back(group::Scalar::reduce_wide(wide));
  }
  const auto each = [&](const auto& run) {
    return 1e6 * median_seconds(7, run) / static_cast<double>(kPoints);
  };
  const auto name = group::cpu_path_name();
  row(fmt::format("batch decode, {}, per point", name),
      each([&] { (void)group::decode_batch_var(encodings, points, valid); }), "us",
      ifma ? "at most 0.45" : "at most 3.6");
  row(fmt::format("16,384 points, 253-bit scalars, {}, per point", name),
      each([&] { (void)group::msm_var(scalars, points); }), "us",
      ifma ? "at most 1.5" : "at most 4.6");
  row(fmt::format("16,384 points, 128-bit scalars, {}, per point", name),
      each([&] { (void)group::msm128_var(weights, points); }), "us",
      ifma ? "at most 0.8" : "at most 2.4");
}

// Medians of five rounds, each with the machine's own gain beside it.
void two_core_rows(const testing::Sample& sample, const std::vector<Bytes>& ballots,
                   std::string_view name) {
  std::vector<double> gains;
  std::vector<double> machine;
  for (int round = 0; round < 5; ++round) {
    machine.push_back(two_loops_gain());
    // Enough batches that the last one of each thread does not matter.
    const double one =
        seconds([&] { verify_once(sample, ballots, 1, 4); }, Timer::wall);
    const double two =
        seconds([&] { verify_once(sample, ballots, 2, 4); }, Timer::wall);
    gains.push_back(one / two);
    machine.push_back(two_loops_gain());
  }
  row(fmt::format("two cores against one, {}", name), median(gains), "x",
      "at least 1.9, if the machine gives it:");
  row("  two loops that share nothing, in the same minute", median(machine), "x", "");
}

// The sums of a station's ciphertexts, which its trustees decrypt.
double sum_station(const testing::Sample& sample, const std::vector<Bytes>& ballots) {
  std::vector<BallotBytes> read;
  for (const Bytes& bytes : ballots) {
    read.push_back(BallotBytes::read(sample.station, bytes).value());
  }
  return median_seconds(5, [&] {
    Sums sums;
    if (!sums.add(read) || sums.finish().size() != 1) std::abort();
  });
}

}  // namespace

int main() {
  urna::base::keep_freed_memory();
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
    arithmetic_rows(ballots, sample, ifma);
    const double one = median_seconds(5, [&] { verify_once(sample, ballots, 1); });
    const double per_option = 1e6 * one / static_cast<double>(kStation * options);
    const auto name = group::cpu_path_name();
    row(fmt::format("batch, {}, per option", name), per_option, "us",
        ifma ? "at most 13, aim 10" : "at most 52, aim 45");
    row(fmt::format("batch, {}, times faster than one by one", name),
        reference / per_option, "x", ifma ? "at least 20" : "at least 6");
    row(fmt::format("station of {} ballots, {}, one core", kStation, name), one, "s",
        ifma ? "under 0.5" : "");
    if (std::thread::hardware_concurrency() >= 2) {
      two_core_rows(sample, ballots, name);
    }
    const double peak = peak_megabytes();
    verify_once(sample, ballots, 2, 10);
    row(fmt::format("memory that ten stations take above one, {}", name),
        peak_megabytes() - peak, "MB", "does not grow");
    row(fmt::format("sums of a station of {} ballots, {}", kStation, name),
        1e3 * sum_station(sample, ballots), "ms", ifma ? "under 100" : "");
  }
  return 0;
}
