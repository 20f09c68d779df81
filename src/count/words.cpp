#include "count/words.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace urna::count {
namespace {

struct Pair {
  Word word;
  std::string_view english;
  std::string_view spanish;
};

constexpr std::array<Pair, static_cast<std::size_t>(Word::kCount)> kWords{{
    {Word::results, "Results", "Resultados"},
    {Word::stations_counted, "polling stations counted", "mesas contadas"},
    {Word::of, "of", "de"},
    {Word::missing, "missing", "faltan"},
    {Word::in_conflict, "in conflict", "en conflicto"},
    {Word::set_aside, "set aside", "apartadas"},
    {Word::partial, "incomplete", "incompletas"},
    {Word::registered, "Registered voters", "Electores inscritos"},
    {Word::not_stated, "not stated", "no consta"},
    {Word::ballots, "Ballots cast", "Votantes"},
    {Word::turnout, "Turnout", "Participación"},
    {Word::votes, "Votes", "Votos"},
    {Word::share, "Share", "Porcentaje"},
    {Word::seats, "Seats", "Escaños"},
    {Word::blank, "Blank", "En blanco"},
    {Word::null_votes, "Null", "Nulos"},
    {Word::valid, "Votes for options", "Votos a opciones"},
    {Word::winner, "Winner", "Ganador"},
    {Word::winners, "Winners", "Ganadores"},
    {Word::leads, "Leads", "Encabeza"},
    {Word::tied, "Tied", "Empate"},
    {Word::nobody_yet, "No votes counted yet", "Aún no hay votos contados"},
    {Word::contest, "Contest", "Elección"},
    {Word::contests, "Contests", "Elecciones"},
    {Word::area, "Area", "Ámbito"},
    {Word::station, "Polling station", "Mesa"},
    {Word::stations, "Polling stations", "Mesas"},
    {Word::state_counted, "counted", "contada"},
    {Word::state_missing, "missing", "falta"},
    {Word::state_partial, "incomplete", "incompleta"},
    {Word::state_conflict, "in conflict, not counted", "en conflicto, no contada"},
    {Word::state_set_aside, "set aside by decision", "apartada por decisión"},
    {Word::conflicts, "Conflicts", "Conflictos"},
    {Word::open_conflict, "open: counted 0 times", "abierto: cuenta 0 veces"},
    {Word::decided, "decided", "decidido"},
    {Word::decided_by, "decided by", "decidido por"},
    {Word::reason, "reason", "motivo"},
    {Word::notices, "Counted, but look at this", "Contado, pero conviene revisarlo"},
    {Word::no_conflicts, "No result is in conflict.",
     "Ningún resultado está en conflicto."},
    {Word::what_is_missing, "What is missing", "Lo que falta"},
    {Word::the_house, "The house", "La cámara"},
    {Word::majority, "Majority", "Mayoría"},
    {Word::not_awarded_here, "filled by other means", "se eligen por otra vía"},
    {Word::awarded, "awarded", "asignados"},
    {Word::list_or_party, "List", "Lista"},
    {Word::candidate, "Candidate", "Candidato"},
    {Word::total, "Total", "Total"},
    {Word::lots_needed, "Lots must be drawn", "Hace falta un sorteo"},
    {Word::how_seats, "How the seats were awarded", "Cómo se asignaron los escaños"},
    {Word::steps, "Steps", "Pasos"},
    {Word::quotients, "Quotients", "Cocientes"},
    {Word::could_change, "could change", "podría cambiar"},
    {Word::cannot_change, "cannot change", "no puede cambiar"},
    {Word::complete, "complete", "completo"},
    {Word::hypothetical, "Hypothetical", "Hipotético"},
    {Word::demo_mode, "Demonstration: not a real election",
     "Demostración: no es una elección real"},
    {Word::test_mode, "Test: not a real election", "Prueba: no es una elección real"},
    {Word::other_language, "Español", "English"},
    {Word::every_level, "Level by level", "Nivel por nivel"},
    {Word::evidence, "Evidence", "Prueba"},
    {Word::definition_hash, "Hash of the election definition",
     "Huella de la definición de la elección"},
    {Word::counted_from, "Counted from", "Contado a partir de"},
    {Word::back_to, "Back to", "Volver a"},
    {Word::skip_to, "Skip to the results", "Ir a los resultados"},
    {Word::independent, "Independent", "Independiente"},
    {Word::unassigned, "not assigned", "sin asignar"},
    {Word::elected, "elected", "elegido"},
    {Word::votes_needed, "needed", "necesarios"},
    {Word::documents, "results read", "resultados leídos"},
    {Word::most_votes, "Most votes", "Más votos"},
    {Word::box_counted, "papers in the box", "papeletas en la urna"},
    {Word::box_not_yet_counted, "box not yet counted", "urna aún no contada"},
    {Word::boxes_counted, "Ballot boxes counted by hand", "Urnas contadas a mano"},
    {Word::boxes_not_yet_counted, "not yet counted", "aún sin contar"},
    {Word::hand_count, "hand count", "conteo a mano"},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kWords.size(); ++i) {
    if (kWords[i].word != static_cast<Word>(i) || kWords[i].english.empty() ||
        kWords[i].spanish.empty())
      return false;
  }
  return true;
}
static_assert(in_order(), "every word needs both languages, in the order of Word");

constexpr std::array<std::string_view, 12> kMonthsEs{
    "enero", "febrero", "marzo",      "abril",   "mayo",      "junio",
    "julio", "agosto",  "septiembre", "octubre", "noviembre", "diciembre"};
constexpr std::array<std::string_view, 12> kMonthsEn{
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

}  // namespace

std::string_view language_tag(Language language) {
  return language == Language::spanish ? "es" : "en";
}

std::string_view word(Word w, Language language) {
  const Pair& pair = kWords[static_cast<std::size_t>(w)];
  return language == Language::spanish ? pair.spanish : pair.english;
}

Speech::Speech(const Count& count, Language language)
    : count_(count),
      language_(language),
      text_language_(
          count.definition.find_language(language_tag(language)).value_or(0)) {}

std::string_view Speech::operator()(const election::Text& text) const {
  return text.in(text_language_);
}

std::string Speech::number(std::uint64_t value) const {
  std::string digits = std::to_string(value);
  // Spanish groups from five digits on (RAE), English from four.
  if (spanish() && digits.size() < 5) return digits;
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, 1, spanish() ? '.' : ',');
  }
  return digits;
}

std::string Speech::percent(std::uint64_t part, std::uint64_t whole) const {
  if (whole == 0) return "–";
  const seats::Fraction tenths =
      seats::Fraction(part, whole).times(seats::Fraction(1000U));
  auto rounded = static_cast<std::uint64_t>(tenths.rounded());
  // Only all is "100%", only nothing is "0%".
  if (rounded == 1000 && part < whole) rounded = 999;
  if (rounded == 0 && part > 0) rounded = 1;
  return fmt::format("{}{}{}{}", rounded / 10, spanish() ? ',' : '.', rounded % 10,
                     spanish() ? "\u00a0%" : "%");
}

std::string Speech::date(std::string_view iso) const {
  if (iso.size() != 10) return std::string(iso);
  const auto month = static_cast<std::size_t>((iso[5] - '0') * 10 + (iso[6] - '0'));
  if (month < 1 || month > 12) return std::string(iso);
  std::string_view day = iso.substr(8);
  if (day.front() == '0') day.remove_prefix(1);
  return spanish()
             ? fmt::format("{} de {} de {}", day, kMonthsEs[month - 1],
                           iso.substr(0, 4))
             : fmt::format("{} {} {}", day, kMonthsEn[month - 1], iso.substr(0, 4));
}

std::string Speech::seats(std::uint64_t n) const {
  if (spanish()) return number(n) + (n == 1 ? " escaño" : " escaños");
  return number(n) + (n == 1 ? " seat" : " seats");
}

std::string_view Speech::state(StationState state) const {
  switch (state) {
    case StationState::missing:
      return (*this)(Word::state_missing);
    case StationState::counted:
      return (*this)(Word::state_counted);
    case StationState::partial:
      return (*this)(Word::state_partial);
    case StationState::conflict:
      return (*this)(Word::state_conflict);
    case StationState::set_aside:
      return (*this)(Word::state_set_aside);
  }
  return {};
}

std::string Speech::contender(election::ContestIndex contest, std::size_t index) const {
  return std::string(
      (*this)(count_.definition.contests()[contest].contenders[index].name));
}

std::string Speech::list(const AwardResult& award, const AwardPart& part,
                         std::size_t index) const {
  if (part.contest) return contender(*part.contest, index);
  return std::string(
      (*this)(count_.definition.awards()[award.award].lists[index].name));
}

std::string Speech::completeness() const {
  const std::uint64_t counted =
      count_.in_state(StationState::counted) + count_.in_state(StationState::partial);
  const std::uint64_t all = count_.stations.size();
  return fmt::format("{} {} {} {} ({})", number(counted), (*this)(Word::of),
                     number(all), (*this)(Word::stations_counted),
                     percent(counted, all));
}

std::string Speech::why(const Bound& bound, const std::string& ahead,
                        const std::string& behind) const {
  switch (bound.why) {
    case WhyNot::votes:
      return spanish()
                 ? fmt::format(
                       "con los {} electores que faltan, {} podría llegar a {} "
                       "frente a {} de {}",
                       number(*bound.missing.voters), behind,
                       number(bound.behind_at_most), number(bound.ahead_votes), ahead)
                 : fmt::format(
                       "with the {} voters not yet counted, {} could reach {} "
                       "against {} for {}",
                       number(*bound.missing.voters), behind,
                       number(bound.behind_at_most), number(bound.ahead_votes), ahead);
    case WhyNot::tied:
      return spanish() ? "hay un empate" : "it is tied as it stands";
    case WhyNot::unknown:
      return spanish() ? "no consta cuántos electores tienen las mesas que faltan"
                       : "how many voters the missing stations have is not stated";
    case WhyNot::method:
      return spanish() ? "para este método no hay una prueba mientras falten mesas"
                       : "there is no proof for this method while stations are missing";
    case WhyNot::threshold:
      return spanish() ? fmt::format("{} podría caer por debajo del umbral", ahead)
                       : fmt::format("{} could fall below the threshold", ahead);
    case WhyNot::none:
      break;
  }
  return {};
}

std::string Speech::winner_bound(const ContestBound& at) const {
  const Bound& bound = at.bound;
  if (bound.verdict == Verdict::complete)
    return spanish() ? "Todas las mesas están contadas." : "Every station is counted.";
  const std::string ahead = bound.ahead ? contender(at.contest, *bound.ahead) : "";
  const std::string behind = bound.behind ? contender(at.contest, *bound.behind) : "";
  if (bound.verdict == Verdict::could_change)
    return (spanish() ? "Lo que falta podría cambiar el resultado: "
                      : "What is missing could change the outcome: ") +
           why(bound, ahead, behind) + ".";
  if (!bound.missing.voters || !bound.behind)
    return spanish() ? "Lo que falta no puede cambiar el resultado."
                     : "What is missing cannot change the outcome.";
  return spanish()
             ? fmt::format(
                   "Lo que falta no puede cambiar el resultado: aunque los {} "
                   "electores que faltan hubieran elegido a {}, llegaría a {} "
                   "votos, menos que los {} de {}.",
                   number(*bound.missing.voters), behind, number(bound.behind_at_most),
                   number(bound.ahead_votes), ahead)
             : fmt::format(
                   "What is missing cannot change the outcome: even if all {} "
                   "voters not yet counted had chosen {}, that would make {} "
                   "votes, fewer than the {} for {}.",
                   number(*bound.missing.voters), behind, number(bound.behind_at_most),
                   number(bound.ahead_votes), ahead);
}

std::string Speech::seat_bound(const AwardResult& award, const AwardPart& part) const {
  const Bound& bound = part.bound;
  if (bound.verdict == Verdict::complete)
    return spanish() ? "Todas las mesas están contadas." : "Every station is counted.";
  if (bound.verdict == Verdict::cannot_change)
    return spanish() ? "Lo que falta no puede cambiar ningún escaño."
                     : "What is missing cannot change a single seat.";
  const std::string ahead = bound.ahead ? list(award, part, *bound.ahead) : "";
  const std::string behind = bound.behind ? list(award, part, *bound.behind) : "";
  return (spanish() ? "Lo que falta podría cambiar un escaño: "
                    : "What is missing could change a seat: ") +
         why(bound, ahead, behind) + ".";
}

std::string Speech::award_bound(const AwardResult& award) const {
  if (award.parts.size() == 1) return seat_bound(award, award.parts.front());
  std::uint64_t could = 0, complete = 0;
  for (const AwardPart& part : award.parts) {
    if (part.bound.verdict == Verdict::could_change) ++could;
    if (part.bound.verdict == Verdict::complete) ++complete;
  }
  const auto all = award.parts.size();
  if (complete == all)
    return spanish() ? "Todas las mesas están contadas." : "Every station is counted.";
  if (could == 0)
    return spanish() ? "Lo que falta no puede cambiar ningún escaño."
                     : "What is missing cannot change a single seat.";
  return spanish() ? fmt::format("Lo que falta podría cambiar escaños en {} de {}.",
                                 number(could), number(all))
                   : fmt::format("What is missing could change seats in {} of {}.",
                                 number(could), number(all));
}

namespace {

std::size_t winners_of(const election::Contest& contest, std::size_t contenders) {
  if (contest.kind == election::ContestKind::list) return 1;
  return std::min<std::size_t>(std::max(contest.seats, 1U), contenders);
}

bool no_votes(const ContestBound& at) {
  return at.order.empty() || at.votes[at.order.front()] == 0;
}

bool level(const ContestBound& at, std::size_t winners) {
  return winners < at.order.size() &&
         at.votes[at.order[winners - 1]] == at.votes[at.order[winners]];
}

}  // namespace

std::string Speech::ahead(const ContestBound& at) const {
  const election::Contest& contest = count_.definition.contests()[at.contest];
  if (no_votes(at)) return std::string((*this)(Word::nobody_yet));
  const std::size_t winners = winners_of(contest, at.order.size());
  if (level(at, winners)) return std::string((*this)(Word::tied));
  std::string names;
  for (std::size_t w = 0; w < winners; ++w)
    names += (w == 0 ? "" : ", ") + contender(at.contest, at.order[w]);
  return names;
}

std::string Speech::outcome(const ContestBound& at) const {
  const election::Contest& contest = count_.definition.contests()[at.contest];
  const std::size_t winners = winners_of(contest, at.order.size());
  if (no_votes(at) || level(at, winners)) return ahead(at) + ".";
  if (contest.kind == election::ContestKind::list)
    return fmt::format("{}: {}.", (*this)(Word::most_votes), ahead(at));
  // Nobody "has won" while something could still change it.
  const bool open = at.bound.verdict == Verdict::could_change;
  const Word label = open ? Word::leads : winners > 1 ? Word::winners : Word::winner;
  return fmt::format("{}: {}.", (*this)(label), ahead(at));
}

}  // namespace urna::count
