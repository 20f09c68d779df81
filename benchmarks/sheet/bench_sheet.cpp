// What a sheet costs: reading its text, checking its two signatures, and all of that
// for every station of a national election; printing it and reading it back.
#include "sheet/chain.hpp"
#include "sheet/paper/qr.hpp"
#include "sheet/paper/sheet_print.hpp"
#include "sheet/testing/samples.hpp"

#include <benchmark/benchmark.h>

namespace urna::sheet {
namespace {

const std::vector<crypto::PublicKey>& authorities() {
  static const std::vector keys{testing::authority_key().public_key()};
  return keys;
}

void BM_parse(benchmark::State& state) {
  const std::string text = Sheet::make(testing::assembly_sheet(1))->text();
  for (auto _ : state) benchmark::DoNotOptimize(Sheet::parse(text));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(BM_parse)->Unit(benchmark::kMicrosecond);

void BM_check_signatures(benchmark::State& state) {
  const SignedSheet sheet = testing::sign_sample(testing::assembly_sheet(1));
  for (auto _ : state) {
    if (!check_signature(sheet, authorities())) state.SkipWithError("not verified");
  }
}
BENCHMARK(BM_check_signatures)->Unit(benchmark::kMicrosecond);

// Files of 25,075 signed sheets, read and verified on the given number of threads.
void BM_nation(benchmark::State& state) {
  constexpr std::uint32_t kStations = 25'075;
  std::string file;
  for (std::uint32_t i = 0; i < kStations; ++i) {
    file += to_file_text(testing::sign_sample(testing::assembly_sheet(i)));
  }
  for (auto _ : state) {
    std::vector<SignedSheet> sheets;
    for (auto& sheet : parse_sheet_file(file)) sheets.push_back(std::move(*sheet));
    const auto bad =
        check_signatures(sheets, authorities(), static_cast<unsigned>(state.range(0)));
    for (const auto& error : bad) {
      if (error) state.SkipWithError("not verified");
    }
  }
  state.counters["sheets/s"] = benchmark::Counter(
      static_cast<double>(kStations) * static_cast<double>(state.iterations()),
      benchmark::Counter::kIsRate);
}
BENCHMARK(BM_nation)->Arg(1)->Arg(2)->Iterations(1)->UseRealTime()->Unit(
    benchmark::kMillisecond);

Document document() {
  const SignedSheet sheet = testing::sign_sample(testing::assembly_sheet(1));
  return *sheet_document(sheet, names_from_codes(sheet.sheet.fields(), "es"), {});
}

void BM_print_roll(benchmark::State& state) {
  const Document printed = document();
  for (auto _ : state) benchmark::DoNotOptimize(to_images(printed, Medium::roll80));
}
BENCHMARK(BM_print_roll)->Unit(benchmark::kMillisecond);

void BM_read_codes_of_a4_page(benchmark::State& state) {
  const GrayImage page = to_images(document(), Medium::a4)->back();
  for (auto _ : state) {
    const auto texts =
        read_qr(page, [](const auto& found) { return read_chain(found).has_value(); });
    if (!read_chain(texts)) state.SkipWithError("not read");
  }
}
BENCHMARK(BM_read_codes_of_a4_page)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace urna::sheet

BENCHMARK_MAIN();
