#include "machine/ballot_words.hpp"

#include "sheet/definition_check.hpp"
#include "sheet/paper/names.hpp"

namespace urna::machine {

BallotWords ballot_words(const election::Definition& definition,
                         election::StationIndex station, std::string_view language) {
  const auto names = sheet::names_from_definition(
      sheet::blank_sheet(definition, station), definition, language);
  const std::size_t in = definition.find_language(language).value_or(0);
  BallotWords out;
  out.language = definition.model().languages[in];
  out.authority = names.authority;
  out.election = names.election;
  out.date = names.date;
  out.notice = names.notice;
  out.station = definition.stations()[station].code + "  " + names.station;
  std::uint32_t first = 0;
  std::size_t at = 0;
  for (const election::ContestIndex index : definition.style_of(station).contests) {
    const election::Contest& contest = definition.contests()[index];
    out.contests.push_back({contest.code, names.contests[at].title,
                            std::string(contest.text.in(in)), contest.limit, first,
                            names.contests[at].options});
    first += static_cast<std::uint32_t>(contest.options.size());
    ++at;
  }
  return out;
}

}  // namespace urna::machine
