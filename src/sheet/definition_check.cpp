#include "sheet/definition_check.hpp"

#include "sheet/errors.hpp"

#include <fmt/format.h>

namespace urna::sheet {
namespace {

std::unexpected<Error> differs(std::string message) {
  return fail(errors::differs_from_definition, std::move(message),
              "the sheet was made with another definition: find out which, and who "
              "distributed it");
}

Result<void> check_contest(const ContestResult& said,
                           const election::Contest& defined) {
  if (said.code != defined.code) {
    return differs(fmt::format("contest {} stands where the ballot has {}", said.code,
                               defined.code));
  }
  if (said.limit != defined.limit) {
    return differs(fmt::format("contest {}: {} votes a voter, the definition says {}",
                               said.code, said.limit, defined.limit));
  }
  if (said.options.size() != defined.options.size()) {
    return differs(fmt::format("contest {}: {} options, the definition has {}",
                               said.code, said.options.size(), defined.options.size()));
  }
  for (std::size_t i = 0; i < said.options.size(); ++i) {
    if (said.options[i].code == defined.options[i].code) continue;
    return differs(fmt::format("contest {}: option {} is {}, the definition has {}",
                               said.code, i + 1, said.options[i].code,
                               defined.options[i].code));
  }
  return {};
}

}  // namespace

Result<election::StationIndex> check_definition(
    const SheetFields& f, const election::Definition& definition) {
  const std::string place = fmt::format("station {}", f.station);
  if (f.election != definition.hash()) {
    return fail(errors::not_this_election,
                fmt::format("the sheet is of election {}, this is election {}",
                            short_digest(f.election), short_digest(definition.hash())),
                "count it with the definition that it names", place);
  }
  if (f.mode != definition.model().mode) {
    return differs(fmt::format("the sheet is {}, the definition {}", to_text(f.mode),
                               to_text(definition.model().mode)));
  }
  const auto station = definition.find_station(f.station);
  if (!station) {
    return fail(errors::not_in_definition,
                fmt::format("the definition has no station {}", f.station),
                "nobody may vote at a station that was not announced", place);
  }
  if (!f.counted()) return *station;
  const auto& style = definition.style_of(*station);
  if (f.contests.size() != style.contests.size()) {
    return differs(fmt::format("station {}: {} contests, its ballot has {}", f.station,
                               f.contests.size(), style.contests.size()));
  }
  for (std::size_t i = 0; i < f.contests.size(); ++i) {
    auto same = check_contest(f.contests[i], definition.contests()[style.contests[i]]);
    if (!same) return std::unexpected(std::move(same).error().at(place));
  }
  return *station;
}

std::vector<std::uint64_t> to_row(const SheetFields& f) {
  std::vector<std::uint64_t> row;
  for (const ContestResult& contest : f.contests) {
    for (const OptionVotes& option : contest.options) row.push_back(option.votes);
    row.push_back(contest.blank.value_or(0));
    row.push_back(contest.null_votes.value_or(0));
  }
  return row;
}

SheetFields blank_sheet(const election::Definition& definition,
                        election::StationIndex station) {
  SheetFields f;
  f.mode = definition.model().mode;
  f.origin = Origin::imported;
  f.election = definition.hash();
  f.station = definition.stations()[station].code;
  f.registered = definition.stations()[station].registered;
  for (const election::ContestIndex index : definition.style_of(station).contests) {
    const election::Contest& contest = definition.contests()[index];
    ContestResult result;
    result.code = contest.code;
    result.limit = contest.limit;
    for (const election::Option& option : contest.options) {
      result.options.push_back({option.code, 0});
    }
    f.contests.push_back(std::move(result));
  }
  return f;
}

}  // namespace urna::sheet
