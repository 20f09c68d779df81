// ./bench trustees: what a trustee and a verifier spend on one station of 600 ballots
// with 52 options in 8 contests (60 fields with the blank indicators), and what the key
// ceremony costs, one core.
#include "../timing.hpp"
#include "trustees/testing/station.hpp"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

namespace {

using namespace urna;
using namespace urna::trustees;

// Processor time of this thread, the best of five: the machine's other work does not
// count.
double milliseconds(const std::function<void()>& work) {
  double best = 1e9;
  for (int round = 0; round < 5; ++round) {
    best = std::min(best, 1e3 * bench::seconds(work));
  }
  return best;
}

void row(const char* what, double value, const char* goal) {
  fmt::print("{:<58} {:>9.2f} ms   {}\n", what, value, goal);
}

}  // namespace

int main() {
  trustees::testing::Ceremony ceremony(5, 3);
  const ElectionKey key = ceremony.key();
  base::testing::ScriptedRandom random(1);
  std::vector<std::vector<std::uint64_t>> totals;
  for (const std::size_t options : {4u, 4u, 6u, 6u, 8u, 8u, 8u, 8u}) {
    totals.emplace_back(options + 1, 137);
  }
  const StationSums sums = trustees::testing::sums_of(random, key.key(), totals, 600);
  const KeyShare share = ceremony.share(1);
  const crypto::SigningKey signing = trustees::testing::keys_from_seed(101).signing;

  fmt::print("one station: 600 ballots x 52 options, 60 fields; 3 of 5 trustees\n");
  std::optional<Partial> partial;
  row("a trustee's decryption, given the sums", milliseconds([&] {
        partial =
            make_partial(random, sums, share, key.public_share(1), signing).value();
      }),
      "goal: below 20");
  row("checking one trustee's decryption", milliseconds([&] {
        if (!check_partial(key, sums, *partial)) std::abort();
      }),
      "");
  std::vector<NamedFile> files;
  for (std::uint32_t l = 1; l <= 3; ++l) {
    files.push_back(
        {"p", make_partial(random, sums, ceremony.share(l), key.public_share(l),
                           trustees::testing::keys_from_seed(100 + l).signing)
                  .value()
                  .encode()});
  }
  std::optional<SmallLog<R>> log;
  row("the table of totals, once an election (2,048 entries)",
      milliseconds([&] { log.emplace(totals_log(key)); }), "");
  row("checking and combining three decryptions into totals", milliseconds([&] {
        if (!combine_partials(key, *log, sums, files).totals) std::abort();
      }),
      "");
  const Bytes record = key.encode();
  row("verifying the election key record, 5 trustees", milliseconds([&] {
        if (!ElectionKey::decode(record)) std::abort();
      }),
      "");
  fmt::print("one trustee's file: {} bytes; election key record: {} bytes\n",
             partial->encode().size(), record.size());
  return 0;
}
