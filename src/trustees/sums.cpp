#include "trustees/sums.hpp"

#include "log/document.hpp"
#include "trustees/errors.hpp"

#include <algorithm>
#include <functional>

namespace urna::trustees {

Result<DecryptionStatement<R>> statement_of(const Hash32& election_hash,
                                            const StationSums& sums) {
  const auto bad = [](const char* why) { return fail(errors::bad_sums, why); };
  const auto ascending = [](const auto& values, auto projection) {
    return std::ranges::adjacent_find(values, std::ranges::greater_equal{},
                                      projection) == values.end();
  };
  if (sums.station.empty()) return bad("the sums name no station");
  if (sums.segments.empty() || !ascending(sums.segments, std::identity{})) {
    return bad("the segments are missing or out of order");
  }
  if (!ascending(sums.contests, &ContestSums::contest)) {
    return bad("the contests are out of order");
  }
  DecryptionStatement<R> statement{election_hash, sums.station, sums.package, {}};
  for (const ContestSums& contest : sums.contests) {
    if (contest.fields.empty()) return bad("a contest has no fields");
    if (contest.ballots == 0) continue;
    statement.fields.insert(statement.fields.end(), contest.fields.begin(),
                            contest.fields.end());
  }
  return statement;
}

Bytes package_entry(const StationSums& sums) {
  return log::Document{std::string(kPackageKind), sums.station, sums.package}.entry();
}

}  // namespace urna::trustees
