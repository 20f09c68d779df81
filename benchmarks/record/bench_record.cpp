// The verification of a synthetic record, from files on the disk: ballots and megabytes
// a second, bytes a ballot, peak memory, the share of the time that goes into batch
// arithmetic and hashing, and what a second core gives, beside what it gives to two
// loops that share nothing in the same minute. Set URNA_BENCH_BALLOTS to change the
// ballots cast at each of the town's three stations.
#include "../timing.hpp"
#include "ballot/batch.hpp"
#include "ballot/package.hpp"
#include "ballot/sums.hpp"
#include "base/memory.hpp"
#include "crypto/sha256.hpp"
#include "record/testing/world.hpp"
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

void verify_with(base::FileSystem& files, const std::string& folder, unsigned jobs) {
  VerifyOptions options;
  options.jobs = jobs;
  const auto report = verify(files, folder, options);
  if (!report || report->failed()) {
    fmt::print(stderr, "the honest record does not verify\n");
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

}  // namespace

int main() {
  urna::base::keep_freed_memory();
  const char* given = std::getenv("URNA_BENCH_BALLOTS");
  testing::WorldOptions options;
  options.files = testing::example_files("examples/town");
  options.cast = given != nullptr ? std::strtoul(given, nullptr, 10) : 300;
  options.challenged = 5;
  options.voided = 5;
  testing::World world(options);
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

  const double cpu =
      bench::seconds([&] { verify_with(files, folder, 1); }, Timer::process);
  const double wall_one =
      bench::seconds([&] { verify_with(files, folder, 1); }, Timer::wall);
  const double wall_two =
      bench::seconds([&] { verify_with(files, folder, 2); }, Timer::wall);
  const double share = bench::seconds([&] { arithmetic(world); }, Timer::process) / cpu;
  const auto n = static_cast<double>(ballots);
  const double megabytes = static_cast<double>(bytes) / 1e6;
  fmt::print("{} ballots of 14 to 18 options, {:.1f} MB, 3 stations\n", ballots,
             megabytes);
  row("verified, one thread", n / cpu, "ballots/s");
  row("verified, one thread", megabytes / cpu, "MB/s");
  row("record", static_cast<double>(bytes) / n, "bytes/ballot");
  row("peak memory, the synthetic record included", peak_megabytes(), "MB",
      "(goal: < 1000)");
  row("of it, before the verification", before, "MB");
  row("share of batch arithmetic and hashing", 100 * share, "%", "(goal: >= 80)");
  row("gain of two cores", wall_one / wall_two, "x", "(goal: >= 1.9)");
  row("gain of two cores for loops that share nothing", bench::two_loops_gain(), "x");
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  std::filesystem::remove_all(folder + ".state", ignored);
  return 0;
}
