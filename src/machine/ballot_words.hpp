// The ballot of a station in words, in every language of the election: what screens
// show and slips print. Made once when the machine starts. Thread rule: immutable.
// Public data.
#pragma once

#include "ballot/style.hpp"
#include "election/definition.hpp"

#include <string>
#include <vector>

namespace urna::machine {

struct WordedContest {
  std::string code;
  std::string title;
  std::string text;
  std::uint32_t limit = 1;
  std::uint32_t first = 0;  // its first option's place among all options of the style
  std::vector<std::string> options;
  // The codes of the party cards that stand for each option; none for an answer.
  std::vector<std::vector<std::string>> cards;
};

struct WordedParty {
  std::string code;
  std::string name;
  std::string colour;  // "#rrggbb" or empty
};

struct BallotWords {
  std::string language;
  std::string authority, election, date, notice, station;
  std::vector<WordedContest> contests;
  // Those with a card in one of the contests, in the order of the definition.
  std::vector<WordedParty> parties;
};

[[nodiscard]] BallotWords ballot_words(const election::Definition& definition,
                                       election::StationIndex station,
                                       std::string_view language);

}  // namespace urna::machine
