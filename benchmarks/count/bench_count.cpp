// How long a count takes. The first number is the whole way from the bytes of a table
// to 277 awarded seats on one core; the second verifies two signatures a station on all
// cores; the third shows that time grows with the number of stations and no faster.
#include "base/memory.hpp"
#include "count/count.hpp"
#include "count/errors.hpp"
#include "count/import.hpp"
#include "count/sheets.hpp"
#include "count/testing/nation.hpp"
#include "sheet/testing/samples.hpp"

#include <map>
#include <memory>
#include <thread>

#include <benchmark/benchmark.h>
#include <sys/resource.h>

namespace urna::count {
namespace {

constexpr std::size_t kNation = 25'075;

const testing::NationOptions kAssembly{.assembly = true};

struct Inputs {
  election::Definition definition;
  std::string table;
};

const Inputs& inputs(std::size_t stations) {
  static std::map<std::size_t, std::unique_ptr<Inputs>> made;
  auto& one = made[stations];
  if (!one) {
    testing::Synthetic data = testing::synthetic_nation(stations, 7);
    one = std::make_unique<Inputs>(
        Inputs{testing::nation(data.stations, kAssembly), std::move(data.table)});
  }
  return *one;
}

Count count_table(const Inputs& in) {
  Documents documents;
  base::Report report;
  import_table(in.definition, testing::synthetic_mapping(kAssembly), in.table,
               "table.csv", documents, report);
  auto count = tabulate(in.definition, std::move(documents));
  if (!count) std::abort();
  return std::move(*count);
}

void report_memory(benchmark::State& state) {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  state.counters["peak_MB"] = static_cast<double>(use.ru_maxrss) / 1024;
}

// Parsed, checked, added at every level, 277 seats awarded: one core.
void table_to_seats(benchmark::State& state) {
  const Inputs& in = inputs(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    const Count count = count_table(in);
    benchmark::DoNotOptimize(count.house.awarded);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  report_memory(state);
}
BENCHMARK(table_to_seats)->Arg(kNation)->Unit(benchmark::kMillisecond);

// Reading the definition itself, which a count does once.
void load_definition(benchmark::State& state) {
  const auto files =
      testing::nation_files(testing::synthetic_nation(kNation, 7).stations, kAssembly);
  for (auto _ : state) {
    base::Report report;
    const auto definition = election::parse_definition(files, report);
    benchmark::DoNotOptimize(definition->hash());
  }
}
BENCHMARK(load_definition)->Unit(benchmark::kMillisecond);

// Reads sheets as `urna count` reads a folder of them: on all cores.
SheetSources parse_all(const std::vector<std::string>& files, unsigned threads) {
  SheetSources sources;
  for (std::size_t i = 0; i < files.size(); ++i)
    sources.sheets.push_back({"sheets", fail(errors::unreadable, "not read yet")});
  std::vector<std::jthread> pool;
  for (unsigned t = 0; t < threads; ++t)
    pool.emplace_back([&, t] {
      for (std::size_t i = t; i < files.size(); i += threads)
        sources.sheets[i].sheet = sheet::parse_signed_sheet(files[i]);
    });
  pool.clear();
  return sources;
}

// Sheet and certificate signatures of every station verified, and the count made.
void signed_sheets(benchmark::State& state) {
  testing::NationOptions options;
  options.device_authorities = {sheet::testing::authority_key().public_key().bytes()};
  const auto definition =
      testing::nation(testing::synthetic_nation(kNation, 7).stations, options);
  std::vector<std::string> files;
  for (election::StationIndex s = 0; s < definition.stations().size(); ++s)
    files.push_back(
        sheet::to_file_text(testing::sign(testing::sheet_fields(definition, s, s))));
  for (auto _ : state) {
    SheetSources sources = parse_all(files, static_cast<unsigned>(state.range(0)));
    Documents documents;
    base::Report report;
    add_sheets(definition, std::move(sources),
               {.threads = static_cast<unsigned>(state.range(0))}, documents, report);
    const auto count = tabulate(definition, std::move(documents));
    if (!count || count->in_state(StationState::counted) != files.size()) std::abort();
  }
  report_memory(state);
}
BENCHMARK(signed_sheets)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

// Linear to a million stations.
BENCHMARK(table_to_seats)
    ->Name("growth")
    ->RangeMultiplier(4)
    ->Range(62'500, 1'000'000)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);

}  // namespace
}  // namespace urna::count

int main(int argc, char** argv) {
  urna::base::keep_freed_memory();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
