// How fast the voting machine is where a voter or an official waits, against the goals
// of its design: the 52-option ballot, on this machine's disk. Printing is excluded
// where the goal excludes it. Prints one line a figure.
#include "ballot/package.hpp"
#include "ballot/testing/sample.hpp"
#include "crypto/box.hpp"
#include "machine/count.hpp"
#include "machine/session.hpp"
#include "sheet/paper/sheet_print.hpp"
#include "sheet/signed_sheet.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>

#include <fmt/format.h>
#include <unistd.h>

namespace {

using namespace urna;
using Clock = std::chrono::steady_clock;

double ms(Clock::time_point since) {
  return std::chrono::duration<double, std::milli>(Clock::now() - since).count();
}

double percentile(std::vector<double> values, double p) {
  std::ranges::sort(values);
  return values[static_cast<std::size_t>(p * static_cast<double>(values.size() - 1))];
}

void line(const char* what, double value, double goal) {
  fmt::print("{:<52} {:>9.1f} ms   goal {:>7.0f} ms   {}\n", what, value, goal,
             value <= goal ? "ok" : "MISSED");
}

struct Bench {
  ballot::testing::Sample sample{{ballot::testing::reference_style()}, 1, "0101001"};
  base::RealFiles files;
  base::SystemRandom random;
  crypto::BoxSecretKey closing = crypto::BoxSecretKey::generate(random).value();
  std::string folder = std::filesystem::temp_directory_path() /
                       fmt::format("urna-bench-machine-{}", ::getpid());

  machine::StoreShape shape() const {
    const auto& style = sample.style();
    machine::StoreShape s;
    s.sessions = 1'100;
    s.ballots = 1'400;
    s.tokens = 1'100;
    s.ballot_size = static_cast<std::uint32_t>(style.ballot_size());
    s.opening_size = static_cast<std::uint32_t>(style.opening_size());
    s.record_size =
        static_cast<std::uint32_t>(4 + style.options() + crypto::kBoxOverhead);
    return s;
  }

  void vote(machine::VoteStore& store, std::uint32_t token, std::vector<double>& sealed,
            std::vector<double>& cast) {
    const Bytes bits = sample.random_bits(sample.style());
    (void)store.begin(token).value();
    auto start = Clock::now();
    const auto choices = ballot::Choices::make(sample.style(), bits).value();
    const auto ballot =
        ballot::seal(sample.station, 0, 1, sample.key, choices, random).value();
    store.put_pending(ballot.ballot).value();
    sealed.push_back(ms(start));
    start = Clock::now();
    Bytes record(4);
    append(record, bits);
    store
        .cast(crypto::seal_box(random, closing.public_key(),
                               machine::record_context(sample.station), record)
                  .value())
        .value();
    cast.push_back(ms(start));
    store.finish().value();
  }

  sheet::SheetFields blank() const {
    sheet::SheetFields f;
    f.mode = sheet::Mode::test;
    f.station = "0101001";
    f.device = "M1";
    f.opened = f.closed = sheet::LocalTime{};
    f.registered = 1'000;
    f.activated = f.cast = f.sealed = 1'000;
    f.activated_by_officials = f.ended_without_vote = f.challenged = f.voided = 0;
    std::uint32_t number = 0;
    for (const auto& shape : sample.style().contests()) {
      sheet::ContestResult contest;
      contest.code = fmt::format("C{}", ++number);
      for (std::uint32_t o = 0; o < shape.options; ++o) {
        contest.options.push_back({fmt::format("O{}", o + 1), 0});
      }
      f.contests.push_back(std::move(contest));
    }
    return f;
  }

  // From the closing keys to the printed sheet's pixels and the package's bytes.
  double close(machine::VoteStore& store) {
    const auto start = Clock::now();
    sheet::SheetFields fields = blank();
    machine::count_records(store.records().value(), closing, sample.station, fields)
        .value();
    const auto key = crypto::SigningKey::from_seed(ByteArray<32>{3});
    const auto certificate =
        sheet::Certificate::issue({sheet::Mode::test, fields.election,
                                   std::string(sheet::kMachineRole), "0101001", "M1"},
                                  key.public_key(), key)
            .value();
    const auto sheet =
        sheet::sign_sheet(sheet::Sheet::make(fields).value(), certificate, key).value();
    const auto document =
        sheet::sheet_document(sheet, sheet::names_from_codes(fields, "es"), {}).value();
    (void)sheet::to_images(document, sheet::Medium::roll80).value();
    return ms(start);
  }
};

}  // namespace

int main() {
  Bench bench;
  auto start = Clock::now();
  machine::VoteStore::create(bench.files, bench.random, bench.folder, bench.shape())
      .value();
  fmt::print("making the store of 1,400 slots took {:.0f} ms\n", ms(start));
  {
    auto store =
        machine::VoteStore::open(bench.files, bench.random, bench.folder).value();
    std::vector<double> sealed, cast;
    for (std::uint32_t i = 0; i < 1'000; ++i) bench.vote(store, i, sealed, cast);
    line("confirm to durable, sealing included, median", percentile(sealed, 0.5), 150);
    line("confirm to durable, sealing included, p99", percentile(sealed, 0.99), 150);
    line("cast to durable, median", percentile(cast, 0.5), 150);
    line("cast to durable, p99", percentile(cast, 0.99), 150);
  }
  start = Clock::now();
  auto store =
      machine::VoteStore::open(bench.files, bench.random, bench.folder).value();
  line("restart with 1,000 ballots stored", ms(start), 1'000);
  line("closing 1,000 ballots to the drawn sheet", bench.close(store), 10'000);
  std::filesystem::remove_all(bench.folder);
}
