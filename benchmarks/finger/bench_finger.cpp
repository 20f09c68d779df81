// What the fingerprint engine costs on one core: extraction of a 388x374 image, 1:1,
// 1:N against different fingers, and the bytes a template takes. Synthetic prints,
// so that everybody can repeat it.
#include "finger/extract/extract.hpp"
#include "finger/iso/templates.hpp"
#include "finger/match/codec.hpp"
#include "finger/match/gallery.hpp"
#include "finger/match/score.hpp"
#include "finger/synth/impression.hpp"

#include <benchmark/benchmark.h>

namespace {

using namespace urna::finger;

constexpr std::uint64_t kFingers = 40;

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

void one_to_many(benchmark::State& state) {
  Gallery gallery;
  for (int round = 0; round < 250; ++round)
    for (std::size_t k = 1; k < prints().size(); ++k) (void)gallery.add(prints()[k]);
  SearchStatistics statistics;
  for (auto _ : state)
    benchmark::DoNotOptimize(
        gallery.search(prints()[0], {.threshold = 60}, &statistics));
  state.counters["comparisons/s"] =
      benchmark::Counter(static_cast<double>(gallery.size()),
                         benchmark::Counter::kIsIterationInvariantRate);
  state.counters["bytes/template"] = static_cast<double>(gallery.bytes_per_template());
  state.counters["fully"] = static_cast<double>(statistics.matched_fully) /
                            static_cast<double>(statistics.compared);
}
BENCHMARK(one_to_many)->Unit(benchmark::kMillisecond);

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
