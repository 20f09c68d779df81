#include "count/err_report.hpp"

#include "base/encoding.hpp"
#include "count/words.hpp"

#include <algorithm>

namespace urna::count {
namespace {

using base::Json;
using election::AreaIndex;
using election::Contest;
using election::ContestKind;

Json typed(std::string_view type) {
  Json out = Json::object();
  out.set("@type", "ElectionResults." + std::string(type));
  return out;
}

class ErrReport {
 public:
  ErrReport(const Count& count, const ErrOptions& options)
      : count_(count), definition_(count.definition), options_(options) {}

  Json write();

 private:
  [[nodiscard]] Json text(const election::Text& text) const;
  [[nodiscard]] Json plain(std::string_view content) const;
  [[nodiscard]] Json units() const;
  [[nodiscard]] Json area_unit(AreaIndex area) const;
  [[nodiscard]] Json parties() const;
  [[nodiscard]] Json election_object() const;
  [[nodiscard]] Json contest(const ContestBound& bound) const;
  [[nodiscard]] Json selection(const Contest& contest, std::size_t contender) const;
  void add_votes(Json& counts, const Contest& contest, election::ContestIndex index,
                 std::size_t contender) const;
  [[nodiscard]] Json other_counts(election::ContestIndex index) const;
  [[nodiscard]] Json sum_award(const AwardResult& result) const;
  [[nodiscard]] Json candidates() const;
  [[nodiscard]] const AwardPart* award_of(election::ContestIndex contest) const;

  [[nodiscard]] std::string area_id(AreaIndex a) const {
    return "area-" + definition_.areas()[a].code;
  }
  [[nodiscard]] std::string station_id(election::StationIndex s) const {
    return "station-" + definition_.stations()[s].code;
  }
  [[nodiscard]] std::string party_id(election::PartyIndex p) const {
    return "party-" + definition_.parties()[p].code;
  }
  [[nodiscard]] static std::string selection_id(const Contest& contest,
                                                std::size_t contender) {
    return "selection-" + contest.code + "-" + contest.contenders[contender].code;
  }
  [[nodiscard]] static std::string candidate_id(const Contest& contest,
                                                std::size_t contender) {
    return "candidate-" + contest.code + "-" + contest.contenders[contender].code;
  }
  // A list without a party still needs one in this format: it is its own.
  [[nodiscard]] static std::string own_party_id(const Contest& contest,
                                                std::size_t contender) {
    return "list-" + contest.code + "-" + contest.contenders[contender].code;
  }

  const Count& count_;
  const election::Definition& definition_;
  const ErrOptions& options_;
};

Json ErrReport::plain(std::string_view content) const {
  Json line = typed("LanguageString");
  line.set("Content", content);
  line.set("Language", definition_.model().languages.front());
  Json out = typed("InternationalizedText");
  Json lines = Json::array();
  lines.push(std::move(line));
  out.set("Text", std::move(lines));
  return out;
}

Json ErrReport::text(const election::Text& value) const {
  if (value.same_everywhere() || value.empty()) return plain(value.in(0));
  Json lines = Json::array();
  for (std::size_t l = 0; l < definition_.model().languages.size(); ++l) {
    Json line = typed("LanguageString");
    line.set("Content", value.in(l));
    line.set("Language", definition_.model().languages[l]);
    lines.push(std::move(line));
  }
  Json out = typed("InternationalizedText");
  out.set("Text", std::move(lines));
  return out;
}

Json ErrReport::area_unit(AreaIndex a) const {
  const election::Area& area = definition_.areas()[a];
  const std::string& kind = definition_.model().area_kinds[area.kind].code;
  const election::AreaFigures& figures = count_.totals.figures(a);
  std::string type = "other";
  for (const auto& [code, name] :
       {std::pair{"STATE", "state"}, std::pair{"MUNICIPALITY", "municipality"},
        std::pair{"NATION", "country"}, std::pair{"COUNTRY", "country"},
        std::pair{"TOWN", "town"}, std::pair{"COUNTY", "county"}}) {
    if (kind == code) type = name;
  }
  Json out = typed("ReportingUnit");
  out.set("@id", area_id(a));
  Json composing = Json::array();
  for (AreaIndex b = 0; b < definition_.areas().size(); ++b) {
    const auto& parents = definition_.areas()[b].parents;
    if (std::ranges::find(parents, a) != parents.end()) composing.push(area_id(b));
  }
  if (options_.stations) {
    for (election::StationIndex s = 0; s < definition_.stations().size(); ++s)
      if (definition_.stations()[s].area == a) composing.push(station_id(s));
  }
  if (!composing.items().empty()) out.set("ComposingGpUnitIds", std::move(composing));
  out.set("Name", text(area.name));
  out.set("Type", type);
  if (type == "other") out.set("OtherType", kind);
  out.set("SubUnitsReported", figures.counted);
  out.set("TotalSubUnits", figures.stations);
  if (const auto roll = area.registered) {
    out.set("VotersRegistered", *roll);
  } else if (figures.not_stated == 0) {
    out.set("VotersRegistered", figures.registered);
  }
  return out;
}

Json ErrReport::units() const {
  Json out = Json::array();
  for (AreaIndex a = 0; a < definition_.areas().size(); ++a) out.push(area_unit(a));
  if (!options_.stations) return out;
  for (election::StationIndex s = 0; s < definition_.stations().size(); ++s) {
    const election::Station& station = definition_.stations()[s];
    Json unit = typed("ReportingUnit");
    unit.set("@id", station_id(s));
    unit.set("Name", text(station.name));
    unit.set("Number", station.code);
    unit.set("Type", "precinct");
    if (station.registered) unit.set("VotersRegistered", *station.registered);
    if (!count_.stations[s].documents.empty())
      unit.set("VotersParticipated", count_.stations[s].ballots);
    out.push(std::move(unit));
  }
  return out;
}

void set_colour(Json& party, const std::string& colour) {
  if (colour.size() != 7) return;
  std::string lower = colour.substr(1);
  for (char& c : lower)
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  party.set("Color", lower);
}

Json ErrReport::parties() const {
  Json out = Json::array();
  for (election::PartyIndex p = 0; p < definition_.parties().size(); ++p) {
    const election::Party& party = definition_.parties()[p];
    Json item = typed("Party");
    item.set("@id", party_id(p));
    item.set("Abbreviation", plain(party.short_name));
    set_colour(item, party.colour);
    item.set("Name", text(party.name));
    out.push(std::move(item));
  }
  for (const election::Alliance& alliance : definition_.alliances()) {
    Json item = typed("Coalition");
    item.set("@id", "alliance-" + alliance.code);
    set_colour(item, alliance.colour);
    item.set("Name", text(alliance.name));
    Json members = Json::array();
    for (const election::PartyIndex p : alliance.parties) members.push(party_id(p));
    item.set("PartyIds", std::move(members));
    out.push(std::move(item));
  }
  for (const Contest& contest : definition_.contests()) {
    if (contest.kind != ContestKind::list) continue;
    for (std::size_t c = 0; c < contest.contenders.size(); ++c) {
      if (!contest.contenders[c].parties.empty()) continue;
      Json item = typed("Party");
      item.set("@id", own_party_id(contest, c));
      item.set("Name", text(contest.contenders[c].name));
      out.push(std::move(item));
    }
  }
  for (const AwardResult& result : count_.awards) {
    const election::Award& award = definition_.awards()[result.award];
    for (const election::AwardList& list : award.lists) {
      if (!list.cards.empty()) continue;
      Json item = typed("Party");
      item.set("@id", "list-" + award.code + "-" + list.code);
      item.set("Name", text(list.name));
      out.push(std::move(item));
    }
  }
  return out;
}

Json vote_counts(std::string unit, std::uint64_t votes, std::string_view type) {
  Json out = typed("VoteCounts");
  out.set("Count", votes);
  out.set("GpUnitId", std::move(unit));
  out.set("Type", type);
  return out;
}

const AwardPart* ErrReport::award_of(election::ContestIndex contest) const {
  for (const AwardResult& result : count_.awards)
    for (const AwardPart& part : result.parts)
      if (part.contest == contest) return &part;
  return nullptr;
}

void ErrReport::add_votes(Json& counts, const Contest& contest,
                          election::ContestIndex index, std::size_t contender) const {
  const auto& options = contest.contenders[contender].options;
  for (AreaIndex a = 0; a < definition_.areas().size(); ++a) {
    const auto total = count_.totals.total(a, index);
    if (!total) continue;
    std::uint64_t votes = 0;
    for (const election::OptionIndex o : options) votes += total->options[o];
    counts.push(vote_counts(area_id(a), votes, "total"));
  }
  if (const AwardPart* part = award_of(index))
    counts.push(
        vote_counts(area_id(contest.area), part->result.seats[contender], "seats"));
  if (!options_.stations) return;
  for (election::StationIndex s = 0; s < count_.stations.size(); ++s) {
    const Station& station = count_.stations[s];
    const auto style = definition_.style_index_of(s);
    const auto slot = definition_.slot_of(style, index);
    if (!slot || station.documents.empty()) continue;
    const std::size_t start = definition_.styles()[style].field_start[*slot];
    std::uint64_t votes = 0;
    for (const std::uint32_t d : station.documents) {
      const auto row = count_.documents.row(count_.documents.all()[d]);
      for (const election::OptionIndex o : options) votes += row[start + o];
    }
    counts.push(vote_counts(station_id(s), votes, "total"));
  }
}

Json ErrReport::selection(const Contest& contest, std::size_t c) const {
  const election::Contender& contender = contest.contenders[c];
  const auto index =
      static_cast<election::ContestIndex>(&contest - definition_.contests().data());
  Json out;
  Json parties = Json::array();
  for (const election::PartyIndex p : contender.parties) parties.push(party_id(p));
  if (contest.kind == ContestKind::list) {
    out = typed("PartySelection");
    if (parties.items().empty()) parties.push(own_party_id(contest, c));
    out.set("PartyIds", std::move(parties));
  } else if (contest.kind == ContestKind::question) {
    out = typed("BallotMeasureSelection");
    out.set("Selection", text(contender.name));
  } else {
    out = typed("CandidateSelection");
    Json ids = Json::array();
    ids.push(candidate_id(contest, c));
    out.set("CandidateIds", std::move(ids));
    if (!parties.items().empty()) out.set("EndorsementPartyIds", std::move(parties));
  }
  out.set("@id", selection_id(contest, c));
  out.set("SequenceOrder", c + 1);
  Json counts = Json::array();
  add_votes(counts, contest, index, c);
  out.set("VoteCounts", std::move(counts));
  return out;
}

Json ErrReport::other_counts(election::ContestIndex index) const {
  Json out = Json::array();
  for (AreaIndex a = 0; a < definition_.areas().size(); ++a) {
    const auto total = count_.totals.total(a, index);
    if (!total) continue;
    Json item = typed("OtherCounts");
    item.set("GpUnitId", area_id(a));
    item.set("Overvotes", total->null);
    item.set("Undervotes", total->blank);
    out.push(std::move(item));
  }
  return out;
}

Json ErrReport::contest(const ContestBound& bound) const {
  const Contest& contest = definition_.contests()[bound.contest];
  Json out;
  std::string_view variation = "plurality";
  switch (contest.kind) {
    case ContestKind::list:
      out = typed("PartyContest");
      variation = "proportional";
      break;
    case ContestKind::question:
      out = typed("BallotMeasureContest");
      variation = "majority";
      break;
    case ContestKind::approval:
      variation = "approval";
      break;
    case ContestKind::plurality:
      if (contest.limit > 1) variation = "n-of-m";
      break;
  }
  if (out.is_null()) {
    out = typed("CandidateContest");
    if (contest.seats > 0) out.set("NumberElected", contest.seats);
    out.set("VotesAllowed", contest.limit);
  }
  out.set("@id", "contest-" + contest.code);
  out.set("BallotTitle", text(contest.title));
  out.set("ElectionDistrictId", area_id(contest.area));
  out.set("Name", contest.title.in(0));
  out.set("VoteVariation", variation);
  out.set("SequenceOrder", bound.contest + 1);
  const election::ContestTotal total = count_.totals.total(bound.contest);
  out.set("SubUnitsReported", total.counted);
  out.set("TotalSubUnits", total.stations);
  Json selections = Json::array();
  for (std::size_t c = 0; c < contest.contenders.size(); ++c)
    selections.push(selection(contest, c));
  out.set("ContestSelection", std::move(selections));
  if (contest.limit == 1) out.set("OtherCounts", other_counts(bound.contest));
  return out;
}

// Seats awarded on the sum of several contests: a party contest of its own.
Json ErrReport::sum_award(const AwardResult& result) const {
  const election::Award& award = definition_.awards()[result.award];
  const AwardPart& part = result.parts.front();
  Json out = typed("PartyContest");
  out.set("@id", "award-" + award.code);
  out.set("ElectionDistrictId", area_id(definition_.root()));
  out.set("Name", award.name.in(0));
  out.set("VoteVariation", "proportional");
  Json selections = Json::array();
  for (std::size_t l = 0; l < award.lists.size(); ++l) {
    const election::AwardList& list = award.lists[l];
    Json selection = typed("PartySelection");
    selection.set("@id", "selection-" + award.code + "-" + list.code);
    Json parties = Json::array();
    for (const election::PartyIndex p : list.cards) parties.push(party_id(p));
    if (parties.items().empty()) parties.push("list-" + award.code + "-" + list.code);
    selection.set("PartyIds", std::move(parties));
    Json counts = Json::array();
    const std::string root = area_id(definition_.root());
    counts.push(vote_counts(root, part.input.lists[l].votes, "total"));
    counts.push(vote_counts(root, part.result.seats[l], "seats"));
    selection.set("VoteCounts", std::move(counts));
    selections.push(std::move(selection));
  }
  out.set("ContestSelection", std::move(selections));
  return out;
}

Json ErrReport::candidates() const {
  Json out = Json::array();
  for (const Contest& contest : definition_.contests()) {
    if (contest.kind != ContestKind::plurality && contest.kind != ContestKind::approval)
      continue;
    for (std::size_t c = 0; c < contest.contenders.size(); ++c) {
      Json item = typed("Candidate");
      item.set("@id", candidate_id(contest, c));
      item.set("BallotName", text(contest.contenders[c].name));
      if (!contest.contenders[c].parties.empty())
        item.set("PartyId", party_id(contest.contenders[c].parties.front()));
      out.push(std::move(item));
    }
  }
  return out;
}

Json ErrReport::election_object() const {
  const election::Model& model = definition_.model();
  Json out = typed("Election");
  Json all = candidates();
  if (!all.items().empty()) out.set("Candidate", std::move(all));
  Json contests = Json::array();
  for (const ContestBound& bound : count_.bounds) contests.push(contest(bound));
  for (const AwardResult& result : count_.awards) {
    if (definition_.awards()[result.award].scope == election::Award::Scope::sum)
      contests.push(sum_award(result));
  }
  out.set("Contest", std::move(contests));
  out.set("ElectionScopeId", area_id(definition_.root()));
  out.set("EndDate", model.day.date);
  out.set("Name", text(model.name));
  out.set("StartDate", model.day.date);
  out.set("Type", "general");
  return out;
}

Json ErrReport::write() {
  const election::Model& model = definition_.model();
  const bool all = count_.in_state(StationState::counted) == count_.stations.size() &&
                   count_.open_conflicts() == 0;
  Json out = typed("ElectionReport");
  Json elections = Json::array();
  elections.push(election_object());
  out.set("Election", std::move(elections));
  out.set("Format", options_.stations ? "precinct-level" : "summary-contest");
  out.set("GeneratedDate", options_.generated);
  out.set("GpUnit", units());
  const bool test =
      model.mode != election::Mode::official || !count_.hypothetical.empty();
  if (test) out.set("IsTest", true);
  out.set("Issuer", model.authority.in(0));
  out.set("IssuerAbbreviation", model.code);
  std::string notes(model.notice.in(0));
  if (!count_.hypothetical.empty())
    notes +=
        (notes.empty() ? "" : " ") + ("Hypothetical: " + count_.hypothetical.english);
  if (!notes.empty()) out.set("Notes", notes);
  Json parties_here = parties();
  if (!parties_here.items().empty()) out.set("Party", std::move(parties_here));
  out.set("SequenceEnd", 1);
  out.set("SequenceStart", 1);
  out.set("Status", all ? "unofficial-complete" : "unofficial-partial");
  if (test)
    out.set("TestType", count_.hypothetical.empty()
                            ? std::string(election::mode_name(model.mode))
                            : std::string("hypothetical"));
  out.set("VendorApplicationId", "urna");
  return out;
}

}  // namespace

Json err_report(const Count& count, const ErrOptions& options) {
  return ErrReport(count, options).write();
}

}  // namespace urna::count
