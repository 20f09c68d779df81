// What the count says to people, in Spanish and English: words, numbers, sentences. One
// place for all reports, so that the terminal and the page never disagree.
//
// Thread rule: a Speech refers to its Count and may be shared for reading.
#pragma once

#include "count/count.hpp"
#include "seats/explain.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace urna::count {

using seats::Language;

[[nodiscard]] std::string_view language_tag(Language language);  // "es", "en"

enum class Word : std::uint8_t {
  results,
  stations_counted,
  of,
  missing,
  in_conflict,
  set_aside,
  partial,
  registered,
  not_stated,
  ballots,
  turnout,
  votes,
  share,
  seats,
  blank,
  null_votes,
  valid,
  winner,
  winners,
  leads,
  tied,
  nobody_yet,
  contest,
  contests,
  area,
  station,
  stations,
  state_counted,
  state_missing,
  state_partial,
  state_conflict,
  state_set_aside,
  conflicts,
  open_conflict,
  decided,
  decided_by,
  reason,
  notices,
  no_conflicts,
  what_is_missing,
  the_house,
  majority,
  not_awarded_here,
  awarded,
  list_or_party,
  candidate,
  total,
  lots_needed,
  how_seats,
  steps,
  quotients,
  could_change,
  cannot_change,
  complete,
  hypothetical,
  demo_mode,
  test_mode,
  other_language,
  every_level,
  evidence,
  definition_hash,
  counted_from,
  back_to,
  skip_to,
  independent,
  unassigned,
  elected,
  votes_needed,
  documents,
  most_votes,
  box_counted,
  box_not_yet_counted,
  boxes_counted,
  boxes_not_yet_counted,
  hand_count,
  kCount,
};

[[nodiscard]] std::string_view word(Word word, Language language);

class Speech {
 public:
  Speech(const Count& count, Language language);

  [[nodiscard]] Language language() const { return language_; }
  [[nodiscard]] bool spanish() const { return language_ == Language::spanish; }
  [[nodiscard]] std::string_view operator()(Word w) const { return word(w, language_); }
  // The text in this language, or the election's main one.
  [[nodiscard]] std::string_view operator()(const election::Text& text) const;
  [[nodiscard]] std::string_view operator()(const Said& said) const {
    return spanish() ? said.spanish : said.english;
  }

  [[nodiscard]] std::string number(std::uint64_t value) const;  // 7,304,224 7.304.224
  [[nodiscard]] std::string percent(std::uint64_t part, std::uint64_t whole) const;
  [[nodiscard]] std::string date(std::string_view iso) const;  // 6 December 2020

  [[nodiscard]] std::string seats(std::uint64_t n) const;
  [[nodiscard]] std::string_view state(StationState state) const;

  // Names for a bound: contenders of a contest, or lists of an award part.
  [[nodiscard]] std::string contender(election::ContestIndex contest,
                                      std::size_t index) const;
  [[nodiscard]] std::string list(const AwardResult& award, const AwardPart& part,
                                 std::size_t index) const;

  // "24,532 of 30,026 stations counted (81.7%)"
  [[nodiscard]] std::string completeness() const;
  // Whether what is missing could change who wins, with the arithmetic in words.
  [[nodiscard]] std::string winner_bound(const ContestBound& bound) const;
  [[nodiscard]] std::string seat_bound(const AwardResult& award,
                                       const AwardPart& part) const;
  // One sentence for a whole award: in how many contests seats could still change.
  [[nodiscard]] std::string award_bound(const AwardResult& award) const;
  // The names alone of those who lead or have won; "tied" or "no votes" where so.
  [[nodiscard]] std::string ahead(const ContestBound& bound) const;
  // Who leads or has won a contest, in one sentence.
  [[nodiscard]] std::string outcome(const ContestBound& bound) const;

 private:
  [[nodiscard]] std::string why(const Bound& bound, const std::string& ahead,
                                const std::string& behind) const;

  const Count& count_;
  Language language_;
  std::size_t text_language_ = 0;
};

}  // namespace urna::count
