// The verification of a synthetic record, from files on the disk: ballots and megabytes
// a second, bytes a ballot, peak memory, the share of the processor time that goes into
// batch arithmetic and hashing, and what a second core gives, beside what it gives to
// two loops that share nothing.
//
// Everything is measured in turn, round after round, and the medians of the rounds'
// ratios are printed: what slows the machine for a while then slows both sides. Shares
// are of processor time and do not mind other programs; a second core can only be
// measured when there is one free, which the loops tell. URNA_BENCH_BALLOTS changes the
// ballots cast at each of the sixteen stations, URNA_BENCH_ROUNDS the rounds.
#include "../timing.hpp"
#include "ballot/batch.hpp"
#include "ballot/package.hpp"
#include "ballot/sums.hpp"
#include "base/memory.hpp"
#include "crypto/sha256.hpp"
#include "record/testing/tamper_edit.hpp"
#include "record/verify.hpp"
#include "trustees/package.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>
#include <unistd.h>

namespace {

using namespace urna;
using namespace urna::record;
using bench::peak_megabytes;
using bench::Timer;

void row(std::string_view what, double value, std::string_view unit,
         std::string_view goal = "") {
  fmt::print("{:<58} {:>10.2f} {:<12} {}\n", what, value, unit, goal);
}

// The example's town with more stations, so that two threads always have work.
election::DefinitionFiles large_town(std::size_t stations) {
  auto files = testing::example_files("examples/town");
  const std::size_t more = stations - 3;
  for (auto& [name, text] : files.files) {
    if (name == "stations.csv") {
      for (std::size_t i = 1; i <= more; ++i) {
        text += fmt::format("B{:02},NORTE,Mesa {},Table {},Calle del Sol {},400\n", i,
                            i, i, i);
      }
    } else if (name == "areas.csv") {
      testing::replace_text(text, "1270", fmt::format("{}", 1270 + 400 * more));
      testing::replace_text(text, ",800,", fmt::format(",{},", 800 + 400 * more));
    }
  }
  return files;
}

struct Cost {
  double cpu = 0;
  double wall = 0;
};

Cost cost_of(const auto& run) {
  Cost cost;
  cost.wall = bench::seconds([&] { cost.cpu = bench::seconds(run, Timer::process); },
                             Timer::wall);
  return cost;
}

void verify_with(base::FileSystem& files, const std::string& folder, unsigned jobs) {
  VerifyOptions options;
  options.jobs = jobs;
  const auto report = verify(files, folder, options);
  if (!report || report->failed()) {
    fmt::print(stderr, "the honest record does not verify\n{}\n",
               report ? report->text() : report.error().text());
    std::exit(1);
  }
}

// What cannot be left out: proofs, sums, hashes and the trustees' proofs, by
// themselves.
void arithmetic(const testing::World& world) {
  const auto log = trustees::totals_log(world.key());
  for (const NewDocument& one : world.documents()) {
    (void)crypto::sha256(one.bytes);
    if (one.kind != kinds::package) continue;
    const auto package = ballot::parse_package(one.bytes).value();
    (void)crypto::sha512(one.bytes);  // of the package's signature
    const auto report = ballot::check_box(package.box, 1, false).value();
    (void)ballot::group_roots(package.box);
    const auto sums = trustees::sum_package(world.definition(), package.box,
                                            crypto::sha256(one.bytes), report)
                          .value();
    std::vector<trustees::NamedFile> files;
    for (const NewDocument& other : world.documents()) {
      if (other.kind == kinds::decryption && other.name.starts_with(one.name + "-")) {
        files.push_back({other.name, other.bytes});
      }
    }
    (void)trustees::combine_partials(world.key(), log, sums.sums, files);
  }
}

std::size_t given(const char* name, std::size_t otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::strtoul(text, nullptr, 10) : otherwise;
}

struct Rounds {
  std::vector<double> cpu, share, gain, loops, of_loops;
};

Rounds measure(const testing::World& world, base::FileSystem& files,
               const std::string& folder, std::size_t rounds) {
  Rounds out;
  for (std::size_t i = 0; i < rounds; ++i) {
    const Cost one = cost_of([&] { verify_with(files, folder, 1); });
    const Cost two = cost_of([&] { verify_with(files, folder, 2); });
    const double loops = bench::two_loops_gain();
    const Cost needed = cost_of([&] { arithmetic(world); });
    out.cpu.push_back(one.cpu);
    out.share.push_back(100 * needed.cpu / one.cpu);
    out.gain.push_back(one.wall / two.wall);
    out.loops.push_back(loops);
    out.of_loops.push_back(100 * out.gain.back() / loops);
  }
  return out;
}

}  // namespace

int main() {
  urna::base::keep_freed_memory();
  testing::WorldOptions options;
  options.files = large_town(16);
  options.cast = given("URNA_BENCH_BALLOTS", 100);
  options.challenged = 2;
  options.voided = 2;
  const testing::World world(options);
  base::RealFiles files;
  const std::string folder = (std::filesystem::temp_directory_path() /
                              fmt::format("bench_record.{}", getpid()))
                                 .string();
  if (!testing::write_record(files, folder, world.documents())) return 1;
  std::uint64_t bytes = 0;
  std::size_t ballots = 0;
  for (const NewDocument& one : world.documents()) bytes += one.bytes.size();
  for (const auto& station : world.stations()) {
    ballots += station.content.box.ballots.size();
  }
  const double before = peak_megabytes();
  const Rounds found = measure(world, files, folder, given("URNA_BENCH_ROUNDS", 7));
  const double cpu = bench::median(found.cpu);
  const auto n = static_cast<double>(ballots);
  const double megabytes = static_cast<double>(bytes) / 1e6;
  fmt::print(
      "{} ballots of 14 to 18 options, {:.1f} MB, {} stations; medians of {} "
      "rounds\n",
      ballots, megabytes, world.stations().size(), found.cpu.size());
  row("verified, one core's processor time", n / cpu, "ballots/s");
  row("verified, one core's processor time", megabytes / cpu, "MB/s");
  row("record", static_cast<double>(bytes) / n, "bytes/ballot");
  row("peak memory, the synthetic record included", peak_megabytes(), "MB",
      "(goal: < 1000)");
  row("of it, before the verification", before, "MB");
  row("share of batch arithmetic and hashing", bench::median(found.share), "%",
      "(goal: >= 80)");
  row("gain of two cores", bench::median(found.gain), "x", "(goal: >= 1.9)");
  row("gain of two cores for loops that share nothing", bench::median(found.loops),
      "x");
  row("the first of the second, round by round", bench::median(found.of_loops), "%");
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  std::filesystem::remove_all(folder + ".state", ignored);
  return 0;
}
