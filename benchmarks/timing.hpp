// Clocks and medians for the benchmarks, and what a second core of this machine gives
// at the moment. Benchmarks only.
#pragma once

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <thread>
#include <vector>

#include <sys/resource.h>

namespace urna::bench {

// Processor time does not count other programs; wall time is what a second core saves.
enum class Timer { thread, process, wall };

[[nodiscard]] inline double now(Timer timer) {
  timespec t{};
  clock_gettime(timer == Timer::thread    ? CLOCK_THREAD_CPUTIME_ID
                : timer == Timer::process ? CLOCK_PROCESS_CPUTIME_ID
                                          : CLOCK_MONOTONIC,
                &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

[[nodiscard]] double seconds(const auto& run, Timer timer = Timer::thread) {
  const double start = now(timer);
  run();
  return now(timer) - start;
}

[[nodiscard]] inline double median(std::vector<double> times) {
  std::ranges::sort(times);
  return times[times.size() / 2];
}

[[nodiscard]] double median_seconds(int runs, const auto& run,
                                    Timer timer = Timer::thread) {
  std::vector<double> times;
  for (int i = 0; i < runs; ++i) times.push_back(seconds(run, timer));
  return median(std::move(times));
}

// The most memory that the process has held so far.
[[nodiscard]] inline double peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

// Two loops of pure arithmetic that share nothing, one after the other and then at the
// same time, in wall time. On a host that others use too, this is below 2, and no
// program's gain can be above it.
[[nodiscard]] inline double two_loops_gain() {
  const auto loop = [] {
    volatile std::uint64_t sink = 0;
    std::uint64_t x = 88172645463325252ULL;
    for (int i = 0; i < 60'000'000; ++i) {
      x ^= x << 13;
      x ^= x >> 7;
      x ^= x << 17;
    }
    sink = x;
    (void)sink;
  };
  const double in_turn = seconds(
      [&] {
        loop();
        loop();
      },
      Timer::wall);
  const double together = seconds(
      [&] {
        std::jthread other(loop);
        loop();
      },
      Timer::wall);
  return in_turn / together;
}

}  // namespace urna::bench
