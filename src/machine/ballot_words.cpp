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
  std::vector<bool> stands(definition.model().parties.size(), false);
  std::uint32_t first = 0;
  std::size_t at = 0;
  for (const election::ContestIndex index : definition.style_of(station).contests) {
    const election::Contest& contest = definition.contests()[index];
    std::vector<std::vector<std::string>> cards;
    for (const election::Option& option : contest.options) {
      std::vector<std::string> codes;
      for (const election::PartyIndex party : option.cards) {
        codes.push_back(definition.model().parties[party].code);
        stands[party] = true;
      }
      cards.push_back(std::move(codes));
    }
    out.contests.push_back({contest.code, names.contests[at].title,
                            std::string(contest.text.in(in)), contest.limit, first,
                            names.contests[at].options, std::move(cards)});
    first += static_cast<std::uint32_t>(contest.options.size());
    ++at;
  }
  for (std::size_t p = 0; p < stands.size(); ++p) {
    const election::Party& party = definition.model().parties[p];
    if (!stands[p]) continue;
    out.parties.push_back({party.code, std::string(party.name.in(in)), party.colour});
  }
  return out;
}

}  // namespace urna::machine
