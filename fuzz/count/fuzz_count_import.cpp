// Any bytes as a table of results: nothing may crash, and whatever is counted must pass
// the count's own checks. The first byte chooses between a table, a mapping, a decision
// file and cast-vote records.
#include "count/count.hpp"
#include "count/cvr.hpp"
#include "count/data_report.hpp"
#include "count/import.hpp"
#include "count/testing/nation.hpp"

#include <cstdlib>

namespace {

using namespace urna;
using namespace urna::count;

const election::Definition& definition() {
  static const auto made =
      count::testing::nation(count::testing::synthetic_nation(87, 1).stations, {});
  return made;
}

void table(std::string text) {
  Documents documents;
  base::Report report;
  import_table(definition(), count::testing::synthetic_mapping({}), std::move(text),
               "fuzz.csv", documents, report);
  const std::size_t rows = documents.all().size();
  const auto count = tabulate(definition(), std::move(documents));
  if (!count) return;
  const auto counted = count->in_state(StationState::counted);
  if (counted > rows) std::abort();
  for (const ContestBound& bound : count->bounds) {
    std::uint64_t sum = 0;
    for (const std::uint64_t votes : bound.votes) sum += votes;
    if (sum != count->totals.total(bound.contest).votes()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 4 == 0) {
    table(std::move(text));
    return 0;
  }
  const auto json = base::parse_json(text);
  if (!json) return 0;
  base::Report report;
  if (data[0] % 4 == 1) (void)read_mapping(*json, "m.json", report);
  if (data[0] % 4 == 2) (void)read_decisions(*json, "d.json", report);
  if (data[0] % 4 == 3) (void)tabulate_cvr(*json);
  return 0;
}
