// What the fingerprint engine costs on one core: extraction of a 388x374 image, 1:1,
// 1:N against different fingers and how many are found first, and the bytes a template
// takes. Synthetic prints, so that everybody can repeat it. URNA_BENCH_CROWD=1000000
// searches a million templates (1.2 GB; two minutes to make them).
#include "finger/extract/extract.hpp"
#include "finger/iso/templates.hpp"
#include "finger/match/codec.hpp"
#include "finger/match/gallery.hpp"
#include "finger/match/score.hpp"
#include "finger/synth/impression.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <random>

#include <benchmark/benchmark.h>

namespace {

using namespace urna::finger;

constexpr std::uint64_t kFingers = 40;

// Templates of strangers.
std::size_t crowd_size() {
  const char* wanted = std::getenv("URNA_BENCH_CROWD");
  return wanted == nullptr ? 20000 : std::strtoul(wanted, nullptr, 10);
}

synth::Conditions frame() {
  synth::Conditions conditions;
  conditions.width = 388;
  conditions.height = 374;
  return conditions;
}

const std::vector<Template>& prints() {
  static const auto made = [] {
    std::vector<Template> out;
    for (std::uint64_t seed = 1; seed <= kFingers; ++seed)
      out.push_back(
          extract(synth::impression(synth::finger(seed), seed, frame()).image).value());
    return out;
  }();
  return made;
}

void extraction(benchmark::State& state) {
  const Image image = synth::impression(synth::finger(1), 1, frame()).image;
  for (auto _ : state) benchmark::DoNotOptimize(extract(image));
}
BENCHMARK(extraction)->Unit(benchmark::kMillisecond);

void one_to_one(benchmark::State& state) {
  std::vector<Prepared> prepared;
  for (const Template& print : prints()) prepared.push_back(prepare(print));
  Matcher matcher;
  std::size_t at = 0;
  for (auto _ : state) {
    const Prepared& a = prepared[at % prepared.size()];
    const Prepared& b = prepared[(at * 7 + 1) % prepared.size()];
    benchmark::DoNotOptimize(score(matcher.compare(a, b), ScoreModel::with_maps));
    ++at;
  }
}
BENCHMARK(one_to_one)->Unit(benchmark::kMicrosecond);

// Other impressions of the same fingers, as enrolled people give them at the table.
const std::vector<Template>& second_prints() {
  static const auto made = [] {
    std::vector<Template> out;
    for (std::uint64_t seed = 1; seed <= kFingers; ++seed)
      out.push_back(
          extract(synth::impression(synth::finger(seed), 1000 + seed, frame()).image)
              .value());
    return out;
  }();
  return made;
}

// A stranger made from a print: places and directions of every minutia moved at random
// and a fifth of them left out, so that no neighbourhood is the same again, while
// density, areas and ridge directions stay those of prints.
Template stranger(Template print, std::minstd_rand& random) {
  const auto about = [&](int most) {
    return static_cast<int>(random() % static_cast<unsigned>(2 * most + 1)) - most;
  };
  std::erase_if(print.minutiae, [&](const Minutia&) { return random() % 5 == 0; });
  for (Minutia& m : print.minutiae) {
    m.x = static_cast<std::int16_t>(
        std::clamp(m.x + about(30 * kSubPixel), 0, print.width * kSubPixel - 1));
    m.y = static_cast<std::int16_t>(
        std::clamp(m.y + about(30 * kSubPixel), 0, print.height * kSubPixel - 1));
    m.angle = static_cast<std::uint16_t>(m.angle + about(4000));
  }
  return print;
}

// The prints, and behind them a crowd.
const Gallery& crowd() {
  static const auto made = [] {
    auto gallery = std::make_unique<Gallery>();
    std::minstd_rand random(1);
    for (const Template& print : prints()) (void)gallery->add(print);
    for (std::size_t k = 0; k < crowd_size(); ++k)
      (void)gallery->add(stranger(prints()[k % prints().size()], random));
    return gallery;
  }();
  return *made;
}

void one_to_many(benchmark::State& state) {
  const Gallery& gallery = crowd();
  const Template& probe = second_prints()[0];
  allow_filter_vectors(state.range(0) != 0);
  SearchStatistics statistics;
  for (auto _ : state)
    benchmark::DoNotOptimize(gallery.search(probe, {.threshold = 70}, &statistics));
  allow_filter_vectors(true);
  state.counters["comparisons/s"] =
      benchmark::Counter(static_cast<double>(gallery.size()),
                         benchmark::Counter::kIsIterationInvariantRate);
  state.counters["bytes/template"] = static_cast<double>(gallery.bytes_per_template());
  state.counters["overlaid"] = static_cast<double>(statistics.overlaid) /
                               static_cast<double>(statistics.compared);
  state.counters["matched"] = static_cast<double>(statistics.matched) /
                              static_cast<double>(statistics.compared);
}
BENCHMARK(one_to_many)
    ->ArgName("vectors")
    ->Arg(1)
    ->Arg(0)
    ->Unit(benchmark::kMillisecond);

// The share of second impressions whose finger comes first. A fortieth of the strangers
// have the finger's own ridge map, which makes it harder than with people.
void found_first(benchmark::State& state) {
  const Gallery& gallery = crowd();
  constexpr std::size_t kProbes = 20;
  const std::vector<Template>& probes = second_prints();
  std::size_t first = 0;
  for (auto _ : state) {
    first = 0;
    for (std::size_t k = 0; k < kProbes; ++k) {
      const auto found = gallery.search(probes[k], {.most = 1});
      first += !found.empty() && found[0].index == k ? 1U : 0U;
    }
  }
  state.counters["first"] = static_cast<double>(first) / kProbes;
  state.counters["templates"] = static_cast<double>(gallery.size());
}
BENCHMARK(found_first)->Iterations(1)->Unit(benchmark::kSecond);

void template_bytes(benchmark::State& state) {
  std::size_t own = 0;
  std::size_t iso_bytes = 0;
  for (auto _ : state) {
    own = iso_bytes = 0;
    for (const Template& print : prints()) {
      own += encode_template(print).value().size();
      iso_bytes += iso::encode(std::span(&print, 1)).value().size();
    }
  }
  state.counters["private"] = static_cast<double>(own) / kFingers;
  state.counters["iso2005"] = static_cast<double>(iso_bytes) / kFingers;
}
BENCHMARK(template_bytes);

}  // namespace

BENCHMARK_MAIN();
