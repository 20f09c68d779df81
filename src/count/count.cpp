#include "count/count.hpp"

#include "base/encoding.hpp"
#include "count/errors.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <unordered_map>

#include <fmt/format.h>

namespace urna::count {
namespace {

using election::Definition;
using election::StationIndex;

// Everything that has come for one station, and what became of it.
struct Gathered {
  std::vector<std::uint32_t> documents;  // without repeats
};

class Tabulation {
 public:
  Tabulation(Definition definition, Documents documents, Decisions decisions,
             Said hypothetical)
      : definition_(std::move(definition)),
        documents_(std::move(documents)),
        decisions_(std::move(decisions)),
        hypothetical_(std::move(hypothetical)),
        totals_(definition_),
        stations_(definition_.stations().size()) {}

  Result<Count> run() &&;

 private:
  Result<void> check_decisions() const;
  void gather();
  Result<void> settle_station(StationIndex station);
  Result<void> settle_strays();
  std::optional<Conflict> find_conflict(StationIndex station,
                                        const std::vector<std::uint32_t>& documents);
  Result<std::vector<std::uint32_t>> decided(const Conflict& conflict,
                                             const Decision& decision) const;
  Result<void> count_documents(StationIndex station,
                               std::vector<std::uint32_t> documents);
  void look_at(StationIndex station, const Document& document);
  void notice(ErrorKind kind, std::optional<StationIndex> station, Said text) {
    notices_.push_back({kind, station, std::move(text)});
  }
  [[nodiscard]] std::optional<std::size_t> decision_for(const std::string& code) {
    const auto at = decision_at_.find(code);
    if (at == decision_at_.end()) return std::nullopt;
    decision_used_[at->second] = true;
    return at->second;
  }
  void describe_flaw(Conflict& conflict, const Document& document) const;
  [[nodiscard]] std::uint64_t ballots(const Document& document) const;
  [[nodiscard]] std::string votes_text(const Document& document) const;

  Definition definition_;
  Documents documents_;
  Decisions decisions_;
  Said hypothetical_;
  election::Totals totals_;
  std::vector<Station> stations_;
  std::vector<Gathered> gathered_;
  std::vector<std::uint32_t> strays_;  // of no station of the definition
  std::vector<Conflict> conflicts_;
  std::vector<Notice> notices_;
  std::unordered_map<std::string, std::size_t> decision_at_;
  std::vector<bool> decision_used_;
  std::vector<OddStation> odd_;
};

std::string_view spanish_title(ErrorKind kind) {
  for (const auto& [known, title] :
       {std::pair{errors::unknown_station, "mesa desconocida"},
        std::pair{errors::wrong_election, "resultado de otra elección"},
        std::pair{errors::not_signed, "resultado sin firma válida"},
        std::pair{errors::wrong_contests, "resultado que no corresponde a la boleta"},
        std::pair{errors::impossible_numbers, "números imposibles"},
        std::pair{errors::not_counted,
                  "la máquina no pudo contar; solo los custodios cuentan esta mesa"},
        std::pair{errors::bad_cell, "celda que no es un número"}}) {
    if (known == kind) return title;
  }
  return "resultado que no se puede leer";
}

std::string short_hash(const Hash32& hash) {
  return base::to_hex(ByteView(hash)).substr(0, 16);
}

Result<void> Tabulation::check_decisions() const {
  if (decisions_.election && *decisions_.election != definition_.hash())
    return fail(errors::decision_election,
                "the decisions are for the election " +
                    short_hash(*decisions_.election) + "..., this one is " +
                    short_hash(definition_.hash()) + "...",
                "use the decision file of this election", decisions_.file);
  return {};
}

void Tabulation::gather() {
  gathered_.resize(definition_.stations().size());
  const auto& all = documents_.all();
  std::unordered_map<std::string_view, std::uint32_t> stray_digests;
  std::size_t repeats = 0;
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    const Document& document = all[i];
    if (!document.station) {
      const auto key = as_text(ByteView(document.digest));
      if (stray_digests.emplace(key, i).second) strays_.push_back(i);
      continue;
    }
    auto& list = gathered_[*document.station].documents;
    const bool repeat = std::ranges::any_of(list, [&](std::uint32_t other) {
      return all[other].digest == document.digest &&
             (all[other].flaw == nullptr) == (document.flaw == nullptr);
    });
    if (repeat) {
      ++repeats;
    } else {
      list.push_back(i);
    }
  }
  if (repeats > 0)
    notice(errors::repeated, std::nullopt,
           {fmt::format("{} results came more than once, identical; each counts once",
                        repeats),
            fmt::format("{} resultados llegaron más de una vez, idénticos; cada uno "
                        "cuenta una vez",
                        repeats)});
}

std::uint64_t Tabulation::ballots(const Document& document) const {
  const std::uint64_t least =
      least_ballots(definition_, definition_.style_index_of(*document.station),
                    documents_.row(document));
  return std::max(document.figures.cast.value_or(0), least);
}

// Enough to find the document and to see that it differs.
std::string Tabulation::votes_text(const Document& document) const {
  return fmt::format("{} ({}…)", documents_.place(document),
                     short_hash(document.digest));
}

// What another room found wrong is said in its own (English) words; in Spanish the
// kind of fault comes first.
void Tabulation::describe_flaw(Conflict& conflict, const Document& document) const {
  const Error& flaw = *document.flaw;
  const std::string place = documents_.place(document);
  conflict.kind = flaw.kind;
  conflict.message = {
      fmt::format("{}: {}", place, flaw.message),
      fmt::format("{}: {} ({})", place, spanish_title(flaw.kind), flaw.message)};
  conflict.to_do = {flaw.to_do, flaw.to_do};
}

std::optional<Conflict> Tabulation::find_conflict(
    StationIndex station, const std::vector<std::uint32_t>& list) {
  const auto& all = documents_.all();
  Conflict conflict{.station = station,
                    .station_code = definition_.stations()[station].code,
                    .documents = list};
  for (const std::uint32_t i : list) {
    if (!all[i].flaw) continue;
    describe_flaw(conflict, all[i]);
    return conflict;
  }
  for (std::size_t a = 0; a < list.size(); ++a) {
    for (std::size_t b = a + 1; b < list.size(); ++b) {
      if (all[list[a]].segment != all[list[b]].segment) continue;
      conflict.kind = errors::two_documents;
      const std::string a_text = votes_text(all[list[a]]);
      const std::string b_text = votes_text(all[list[b]]);
      conflict.message = {
          fmt::format("two different results: {} and {}", a_text, b_text),
          fmt::format("dos resultados distintos: {} y {}", a_text, b_text)};
      conflict.to_do = {
          "compare both with the signed paper of the station and record a decision",
          "compare ambos con el papel firmado de la mesa y registre una decisión"};
      return conflict;
    }
  }
  std::uint64_t ballots_here = 0;
  std::optional<std::uint64_t> registered = definition_.stations()[station].registered;
  for (const std::uint32_t i : list) {
    ballots_here += ballots(all[i]);
    // The sheet's own number holds when it is larger: people may be added by law.
    if (all[i].figures.registered)
      registered = std::max(registered.value_or(0), *all[i].figures.registered);
  }
  if (registered && ballots_here > *registered) {
    conflict.kind = errors::too_many_votes;
    conflict.message = {fmt::format("{} ballots, but only {} registered voters",
                                    ballots_here, *registered),
                        fmt::format("{} votantes, pero solo {} electores inscritos",
                                    ballots_here, *registered)};
    conflict.to_do = {
        "check the result against the station's roll and record a decision",
        "compare el resultado con el cuaderno de la mesa y registre una decisión"};
    return conflict;
  }
  return std::nullopt;
}

Result<std::vector<std::uint32_t>> Tabulation::decided(const Conflict& conflict,
                                                       const Decision& decision) const {
  const auto& all = documents_.all();
  std::vector<std::uint32_t> out;
  for (const Hash32& digest : decision.counted) {
    const auto at = std::ranges::find_if(
        conflict.documents, [&](std::uint32_t i) { return all[i].digest == digest; });
    if (at == conflict.documents.end())
      return fail(errors::decision_unknown_document,
                  "no result of station " + decision.station + " has the hash " +
                      short_hash(digest) + "...",
                  "copy the hash from the conflict in the count's report",
                  decisions_.file);
    if (documents_.row(all[*at]).empty())
      return fail(errors::decision_uncountable,
                  "the result " + short_hash(digest) + "... of station " +
                      decision.station + " has no usable numbers",
                  "decide to count another result, or none", decisions_.file);
    const bool twice = std::ranges::any_of(out, [&](std::uint32_t other) {
      return all[other].segment == all[*at].segment;
    });
    if (twice)
      return fail(errors::decision_segments,
                  "the decision for station " + decision.station +
                      " counts two results for segment " +
                      std::to_string(all[*at].segment),
                  "count one result for each segment", decisions_.file);
    out.push_back(*at);
  }
  return out;
}

// What a counted document says that people should look at.
void Tabulation::look_at(StationIndex station, const Document& document) {
  const auto expected = definition_.stations()[station].registered;
  if (document.figures.registered && expected &&
      *document.figures.registered != *expected)
    notice(errors::registered_differs, station,
           {fmt::format("the result states {} registered voters, the definition {}",
                        *document.figures.registered, *expected),
            fmt::format("el resultado indica {} electores inscritos, la definición {}",
                        *document.figures.registered, *expected)});
  for (const Said& difference : document.differences)
    notice(errors::not_reconciled, station, difference);
}

Result<void> Tabulation::count_documents(StationIndex station,
                                         std::vector<std::uint32_t> list) {
  const auto& all = documents_.all();
  std::ranges::sort(list, {}, [&](std::uint32_t i) { return all[i].segment; });
  Station& entry = stations_[station];
  entry.state = StationState::counted;
  std::optional<std::uint64_t> registered = definition_.stations()[station].registered;
  for (std::size_t k = 0; k < list.size(); ++k) {
    const Document& document = all[list[k]];
    URNA_CHECK(totals_.add(station, documents_.row(document), document.figures));
    entry.ballots += ballots(document);
    if (document.origin == Origin::sheet) {
      entry.box = document.papers ? BoxState::counted : BoxState::not_yet_counted;
      entry.papers = document.papers.value_or(0);
    }
    if (document.figures.registered) registered = document.figures.registered;
    look_at(station, document);
    if (document.segment != k + 1 && entry.state == StationState::counted) {
      entry.state = StationState::partial;
      notice(errors::segment_missing, station,
             {fmt::format("segment {} has not come", k + 1),
              fmt::format("falta el segmento {}", k + 1)});
    }
  }
  entry.documents = std::move(list);
  if (entry.state == StationState::partial || !registered)
    odd_.push_back({.station = station,
                    .ballots = entry.ballots,
                    .partial = entry.state == StationState::partial,
                    .not_stated = !registered});
  return {};
}

Result<void> Tabulation::settle_station(StationIndex station) {
  std::vector<std::uint32_t>& list = gathered_[station].documents;
  if (list.empty()) return {};
  auto conflict = find_conflict(station, list);
  if (!conflict) return count_documents(station, std::move(list));
  conflict->decision = decision_for(conflict->station_code);
  stations_[station].state = StationState::conflict;
  if (conflict->decision) {
    URNA_TRY(std::vector<std::uint32_t> counted,
             decided(*conflict, decisions_.decisions[*conflict->decision]));
    if (counted.empty()) {
      stations_[station].state = StationState::set_aside;
    } else {
      URNA_CHECK(count_documents(station, std::move(counted)));
    }
  }
  conflicts_.push_back(std::move(*conflict));
  return {};
}

// Documents of no station: they can be set aside by a decision, never counted.
Result<void> Tabulation::settle_strays() {
  const auto& all = documents_.all();
  for (const std::uint32_t i : strays_) {
    Conflict conflict{.station_code = all[i].station_code, .documents = {i}};
    if (all[i].flaw) {
      describe_flaw(conflict, all[i]);
    } else {
      conflict.kind = errors::unknown_station;
      const std::string place = documents_.place(all[i]);
      conflict.message = {place + ": no station of this election",
                          place + ": no es una mesa de esta elección"};
    }
    if (!conflict.station_code.empty())
      conflict.decision = decision_for(conflict.station_code);
    if (conflict.decision && !decisions_.decisions[*conflict.decision].counted.empty())
      return fail(errors::decision_uncountable,
                  "'" + conflict.station_code +
                      "' is no station of this election and cannot be counted",
                  "count nothing (an empty list), or correct the definition",
                  decisions_.file);
    conflicts_.push_back(std::move(conflict));
  }
  return {};
}

Result<Count> Tabulation::run() && {
  URNA_CHECK(check_decisions());
  decision_used_.assign(decisions_.decisions.size(), false);
  for (std::size_t d = 0; d < decisions_.decisions.size(); ++d)
    decision_at_.emplace(decisions_.decisions[d].station, d);
  gather();
  for (StationIndex s = 0; s < stations_.size(); ++s) URNA_CHECK(settle_station(s));
  URNA_CHECK(settle_strays());
  for (std::size_t d = 0; d < decision_used_.size(); ++d) {
    if (decision_used_[d]) continue;
    return fail(errors::decision_no_conflict,
                "the decision for station '" + decisions_.decisions[d].station +
                    "' meets no conflict",
                "remove it, or check the station's code: a decision may not change a "
                "result that nothing speaks against",
                decisions_.file);
  }
  URNA_CHECK(totals_.finish());
  URNA_TRY(Awarded awarded, award_seats(totals_, odd_, decisions_.drawings));
  std::vector<ContestBound> bounds;
  for (election::ContestIndex c = 0; c < definition_.contests().size(); ++c) {
    const election::Contest& contest = definition_.contests()[c];
    ContestBound bound{.contest = c, .votes = totals_.by_contender(c)};
    bound.order.resize(bound.votes.size());
    std::iota(bound.order.begin(), bound.order.end(), std::size_t{0});
    std::ranges::sort(bound.order, [&](std::size_t a, std::size_t b) {
      return bound.votes[a] != bound.votes[b] ? bound.votes[a] > bound.votes[b] : a < b;
    });
    std::size_t most = 1;
    for (const auto& contender : contest.contenders)
      most = std::max(most, contender.options.size());
    const bool list = contest.kind == election::ContestKind::list;
    const std::size_t winners = list ? 1 : std::max<std::size_t>(contest.seats, 1);
    bound.bound =
        bound_winners(bound.votes, winners, missing_under(totals_, contest.area, odd_),
                      std::min<std::uint64_t>(contest.limit, most));
    bounds.push_back(std::move(bound));
  }
  return Count{.definition = std::move(definition_),
               .documents = std::move(documents_),
               .decisions = std::move(decisions_),
               .totals = std::move(totals_),
               .stations = std::move(stations_),
               .conflicts = std::move(conflicts_),
               .notices = std::move(notices_),
               .awards = std::move(awarded.awards),
               .bounds = std::move(bounds),
               .house = std::move(awarded.house),
               .hypothetical = std::move(hypothetical_)};
}

}  // namespace

Result<Count> tabulate(Definition definition, Documents documents, Decisions decisions,
                       Said hypothetical) {
  return Tabulation(std::move(definition), std::move(documents), std::move(decisions),
                    std::move(hypothetical))
      .run();
}

std::uint64_t least_ballots(const Definition& definition, election::StyleIndex style,
                            std::span<const std::uint64_t> row) {
  const election::BallotStyle& ballot = definition.styles()[style];
  std::uint64_t most = 0;
  for (std::size_t slot = 0; slot < ballot.contests.size(); ++slot) {
    const election::Contest& contest = definition.contests()[ballot.contests[slot]];
    const auto fields = row.subspan(ballot.field_start[slot], contest.fields());
    const std::size_t options = contest.options.size();
    std::uint64_t votes = 0, largest = 0;
    for (std::size_t o = 0; o < options; ++o) {
      votes += fields[o];
      largest = std::max(largest, fields[o]);
    }
    // No voter gives one option two votes, nor more than `limit` votes in all.
    const std::uint64_t marked =
        std::max((votes + contest.limit - 1) / contest.limit, largest);
    most = std::max(most, marked + fields[options] + fields[options + 1]);
  }
  return most;
}

std::size_t Count::open_conflicts() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      conflicts, [](const Conflict& conflict) { return !conflict.decision; }));
}

std::uint64_t Count::in_state(StationState state) const {
  return static_cast<std::uint64_t>(std::ranges::count_if(
      stations, [&](const Station& station) { return station.state == state; }));
}

std::uint64_t Count::boxes(BoxState state) const {
  return static_cast<std::uint64_t>(std::ranges::count(stations, state, &Station::box));
}

std::vector<std::uint64_t> Count::ballots_by_area() const {
  std::vector<std::uint64_t> out(definition.areas().size(), 0);
  for (const election::Place& place : definition.places()) {
    std::uint64_t here = 0;
    for (const StationIndex s : place.stations) here += stations[s].ballots;
    for (const election::AreaIndex a : place.areas) out[a] += here;
  }
  return out;
}

std::vector<seats::LotsNeeded> Count::lots() const {
  std::vector<seats::LotsNeeded> out;
  for (const AwardResult& award : awards)
    for (const AwardPart& part : award.parts)
      out.insert(out.end(), part.result.lots.begin(), part.result.lots.end());
  return out;
}

}  // namespace urna::count
