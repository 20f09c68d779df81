// How long a voter waits between the reader's picture and the decision: extraction,
// the comparison with the voter's stored prints, and the search for others among the
// station's prints. Against the goal of the design, in wall time on one thread, with
// pictures that were made before. Prints one line a figure.
//
// The station: 1,000 voters with one stored thumb each, impressions of 40 synthetic
// fingers; every probe therefore also finds others, the search's slow case.
#include "../timing.hpp"
#include "checkin/testing/world.hpp"
#include "finger/extract/extract.hpp"
#include "finger/match/codec.hpp"
#include "finger/synth/set.hpp"

#include <fmt/format.h>

namespace {

using namespace urna;

constexpr std::size_t kVoters = 1'000;
constexpr std::size_t kFingers = 40;
constexpr std::size_t kChecks = 300;

double percentile(std::vector<double> values, double p) {
  std::ranges::sort(values);
  return values[static_cast<std::size_t>(p * static_cast<double>(values.size() - 1))];
}

finger::Image picture(const std::vector<finger::synth::Finger>& fingers,
                      std::size_t voter, std::uint64_t touch) {
  return finger::synth::impression(fingers[voter % kFingers], touch,
                                   finger::synth::usual_conditions())
      .image;
}

}  // namespace

int main() {
  using checkin::testing::World;
  fmt::print("Making {} synthetic prints ...\n", kVoters);
  std::fflush(stdout);
  std::vector<finger::synth::Finger> fingers;
  for (std::size_t f = 0; f < kFingers; ++f) {
    fingers.push_back(
        finger::synth::finger(finger::synth::finger_seed(9, static_cast<int>(f))));
  }
  std::vector<std::vector<checkin::StoredPrint>> prints(kVoters);
  const auto thumb = finger::FingerPosition::right_thumb;
  for (std::size_t v = 0; v < kVoters; ++v) {
    const auto print = finger::extract(picture(fingers, v, v + 1));
    if (!print) continue;  // this voter has no stored print
    prints[v].push_back({thumb, World::must(finger::encode_template(*print))});
  }
  World world(kVoters, 1, 1, std::move(prints));
  const double loading =
      bench::seconds([&] { (void)world.ready(); }, bench::Timer::wall);
  auto station = world.ready();
  std::vector<double> times;
  std::size_t matched = 0;
  for (std::size_t i = 0; i < kChecks; ++i) {
    const finger::Image image = picture(fingers, i, 100'000 + i);
    World::must(station->begin(World::voter(i)));
    times.push_back(bench::seconds(
        [&] {
          const auto capture = station->captured(thumb, image);
          matched += capture && capture->matched ? 1 : 0;
        },
        bench::Timer::wall));
    station->cancel();
  }
  const double p99 = 1e3 * percentile(times, 0.99);
  fmt::print("{:<52} {:>9.1f} ms\n", "decision after capture, median",
             1e3 * percentile(times, 0.5));
  fmt::print("{:<52} {:>9.1f} ms   goal {:>7.0f} ms   {}\n",
             "decision after capture, p99 (extract, 1:1, 1:1,000)", p99, 150.0,
             p99 <= 150 ? "ok" : "MISSED");
  fmt::print("{:<52} {:>9} of {}\n", "matched by one finger and one try", matched,
             kChecks);
  fmt::print("{:<52} {:>9.1f} ms\n", "accepting the package and loading the station",
             1e3 * loading);
  return p99 <= 150 ? 0 : 1;
}
