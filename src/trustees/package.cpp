#include "trustees/package.hpp"

#include "ballot/package.hpp"
#include "ballot/sums.hpp"
#include "log/merkle.hpp"
#include "trustees/errors.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace urna::trustees {

namespace {

std::unexpected<Error> failing(std::string message) {
  return fail(errors::station_failing, std::move(message),
              "get the package of this station and election again");
}

// The definition's ballot style of the station, and nothing else, must be in the box.
Result<void> check_style(const election::Definition& definition,
                         election::StationIndex station, const ballot::Station& given) {
  const election::StyleIndex number = definition.style_index_of(station);
  const ballot::BallotStyle* style = given.style(number);
  if (given.styles().size() != 1 || style == nullptr) {
    return failing(
        fmt::format("the package of station {} has other ballot styles than "
                    "the definition gives it",
                    given.code()));
  }
  const auto& contests = definition.style_of(station).contests;
  bool same = style->contests().size() == contests.size();
  for (std::size_t c = 0; same && c < contests.size(); ++c) {
    const election::Contest& contest = definition.contests()[contests[c]];
    same = style->contests()[c] ==
           ballot::ContestShape{static_cast<std::uint32_t>(contest.options.size()),
                                contest.limit};
  }
  if (same) return {};
  return failing(
      fmt::format("the ballots of station {} have other contests than the "
                  "definition",
                  given.code()));
}

Result<ballot::StyleSums> sum_valid(const ballot::Box& box,
                                    const std::set<std::size_t>& faulty) {
  std::vector<ballot::BallotBytes> valid;
  for (std::size_t i = 0; i < box.ballots.size(); ++i) {
    if (box.ballots[i].decision != ballot::Decision::cast || faulty.contains(i))
      continue;
    auto read = ballot::BallotBytes::read(box.station, box.ballots[i].ballot);
    if (!read) return std::unexpected(read.error().error());
    valid.push_back(*read);
  }
  ballot::Sums sums;
  URNA_CHECK(sums.add(valid));
  const auto by_style = sums.finish();
  return by_style.empty() ? ballot::StyleSums{} : by_style.front();
}

}  // namespace

Result<election::StationIndex> check_belongs(const election::Definition& definition,
                                             const ElectionKey& key,
                                             const ballot::Box& box) {
  if (box.station.election_hash() != key.election_hash() ||
      box.key.element() != key.key()) {
    return failing("the package belongs to another election or key");
  }
  const auto station = definition.find_station(box.station.code());
  if (!station) {
    return failing(fmt::format("the definition has no station {}", box.station.code()));
  }
  URNA_CHECK(check_style(definition, *station, box.station));
  return *station;
}

Result<CheckedPackage> check_package(const election::Definition& definition,
                                     const ElectionKey& key, ByteView bytes,
                                     unsigned threads) {
  URNA_TRY(const ballot::Box box, ballot::box_of(bytes));
  URNA_CHECK(check_belongs(definition, key, box));
  URNA_TRY(const ballot::BoxReport report, ballot::check_box(box, threads, false));
  return sum_package(definition, box, crypto::sha256(bytes), report);
}

Result<CheckedPackage> sum_package(const election::Definition& definition,
                                   const ballot::Box& box, const Hash32& hash,
                                   const ballot::BoxReport& report) {
  const auto station = definition.find_station(box.station.code());
  if (!station) {
    return failing(fmt::format("the definition has no station {}", box.station.code()));
  }
  CheckedPackage package;
  std::set<std::size_t> faulty;
  for (const auto& [position, fault] : report.faults) {
    faulty.insert(position);
    package.findings.push_back(fmt::format(
        "ballot {} ({}): {}", position,
        ballot::decision_name(box.ballots[position].decision), fault.text()));
  }
  StationSums& sums = package.sums;
  sums.station = box.station.code();
  sums.segments = box.station.segments();
  std::ranges::sort(sums.segments);
  sums.package = hash;
  for (const std::size_t position : faulty) {
    sums.excluded.push_back(log::leaf_hash(box.ballots[position].ballot));
  }
  std::ranges::sort(sums.excluded);
  const auto repeated = std::ranges::unique(sums.excluded);
  sums.excluded.erase(repeated.begin(), repeated.end());

  URNA_TRY(const ballot::StyleSums style_sums, sum_valid(box, faulty));
  std::size_t at = 0;
  for (const election::ContestIndex c : definition.style_of(*station).contests) {
    ContestSums contest{c, style_sums.ballots, {}};
    const std::size_t fields = definition.contests()[c].options.size() + 1;
    contest.fields.resize(fields);
    for (std::size_t i = 0; style_sums.ballots > 0 && i < fields; ++i) {
      const ballot::Ciphertext& field = style_sums.fields.at(at++);
      contest.fields[i] = {field.alpha, field.beta};
    }
    sums.contests.push_back(std::move(contest));
  }
  return package;
}

}  // namespace urna::trustees
