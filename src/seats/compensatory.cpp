#include "seats/compensatory.hpp"

#include "seats/errors.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

namespace urna::seats {
namespace {

// Lists that the threshold keeps out of the list award.
std::vector<bool> kept_out(const Allocation& award) {
  std::vector<bool> out(award.names.size(), false);
  for (const Step& step : award.steps) {
    if (step.kind == StepKind::excluded && step.list) out[*step.list] = true;
  }
  return out;
}

}  // namespace

Result<Allocation> allocate_with_overhang(const Contest& contest, const Rules& rules,
                                          std::span<const Drawing> drawings) {
  DrawingBook book(drawings);
  URNA_TRY(Allocation out, allocate_with_overhang(contest, rules, book, {}));
  URNA_CHECK(book.all_used());
  return out;
}

Result<Allocation> allocate_with_overhang(const Contest& contest, const Rules& rules,
                                          DrawingBook& book, std::string_view stage) {
  if (!is_divisor_method(rules.method))
    return fail(errors::bad_rule, "overhang needs a divisor method",
                "use sainte-lague, modified-sainte-lague or dhondt");
  // The threshold looks only at votes and districts, so a first pass finds who is out.
  std::vector<Drawing> none;
  DrawingBook no_drawings(none);
  URNA_TRY(const Allocation probe, allocate(contest, rules, no_drawings));
  const std::vector<bool> outside = kept_out(probe);
  SeatCount elsewhere = 0;
  for (std::size_t i = 0; i < outside.size(); ++i)
    if (outside[i]) elsewhere += contest.lists[i].districts_won;
  if (elsewhere >= rules.seats)
    return fail(errors::bad_rule, "districts won outside the list award fill the house",
                "check the districts won and the size of the house");

  Rules shared = rules;
  shared.seats = rules.seats - elsewhere;
  URNA_TRY(Allocation out, allocate(contest, shared, book, stage));
  out.house = rules.seats;
  if (!out.complete()) return out;
  for (std::size_t i = 0; i < contest.lists.size(); ++i) {
    const SeatCount won = contest.lists[i].districts_won;
    if (won <= out.seats[i]) continue;
    const SeatCount extra = won - out.seats[i];
    out.steps.push_back(
        {.kind = outside[i] ? StepKind::district_seats : StepKind::overhang,
         .list = i,
         .seats = extra});
    out.seats[i] = won;
    if (!outside[i]) out.house += extra;
  }
  return out;
}

Result<SeatCount> grow_house(const std::vector<Votes>& votes,
                             const std::vector<SeatCount>& minimum, Method method,
                             SeatCount seats, SeatCount limit) {
  std::vector<SeatCount> have(votes.size(), 0);
  std::vector<Fraction> next;
  next.reserve(votes.size());
  for (const Votes v : votes) next.push_back(Fraction(v).over(divisor(method, 1)));
  SeatCount house = 0;
  const auto satisfied = [&] {
    for (std::size_t i = 0; i < votes.size(); ++i)
      if (have[i] < minimum[i]) return false;
    return house >= seats;
  };
  while (!satisfied()) {
    if (house >= limit || votes.empty())
      return fail(errors::unbounded_house,
                  "the house would grow beyond " + std::to_string(limit) +
                      " seats to cover every minimum",
                  "check the districts won, or raise the limit");
    const Fraction top = *std::ranges::max_element(next);
    for (std::size_t i = 0; i < votes.size(); ++i) {
      if (next[i] != top) continue;
      ++have[i];
      ++house;
      next[i] = Fraction(votes[i]).over(divisor(method, have[i] + 1));
    }
  }
  return house;
}

namespace {

struct National {
  std::vector<std::string> parties;
  std::vector<Votes> votes;
};

// The parties that take part everywhere: the threshold is national.
National parties_taking_part(const std::vector<Region>& regions,
                             const GrowingHouse& rules) {
  std::vector<std::string> order;
  std::map<std::string, std::pair<Votes, SeatCount>> sums;
  Votes valid = rules.other_votes;
  for (const Region& region : regions) {
    for (const Region::Party& party : region.parties) {
      const auto [at, fresh] = sums.try_emplace(party.name);
      if (fresh) order.push_back(party.name);
      at->second.first += party.votes;
      at->second.second += party.districts;
      valid += party.votes;
    }
  }
  National out;
  for (const std::string& name : order) {
    const auto& [votes, districts] = sums.at(name);
    const bool share = Fraction(votes) >= rules.threshold.share.times(Fraction(valid));
    const bool won =
        rules.threshold.or_districts && districts >= *rules.threshold.or_districts;
    if (!share && !won) continue;
    out.parties.push_back(name);
    out.votes.push_back(votes);
  }
  return out;
}

class Growth {
 public:
  Growth(const std::vector<Region>& regions, const GrowingHouse& rules,
         DrawingBook& book)
      : regions_(regions), rules_(rules), book_(book) {}

  Result<GrownHouse> run();

 private:
  Result<void> seats_of_regions();
  Result<void> parties_within_regions();
  Result<void> grow();
  Result<void> lists_of_parties();
  [[nodiscard]] Rules plain(SeatCount seats) const {
    return {.method = rules_.method, .seats = seats};
  }
  bool waits(const Allocation& award) {
    out_.lots.insert(out_.lots.end(), award.lots.begin(), award.lots.end());
    return !award.complete();
  }

  const std::vector<Region>& regions_;
  const GrowingHouse& rules_;
  DrawingBook& book_;
  GrownHouse out_;
};

// s. 6(2) sentence 1: the seats of the house to the regions, by population.
Result<void> Growth::seats_of_regions() {
  Contest contest;
  for (const Region& region : regions_)
    contest.lists.push_back({.name = region.name, .votes = region.population});
  URNA_TRY(out_.regions, allocate(contest, plain(rules_.seats), book_, "regions"));
  waits(out_.regions);
  return {};
}

// s. 6(2)-(5): a region's seats to its party lists; a party's minimum is the sum of
// the larger of those and its districts, region by region.
Result<void> Growth::parties_within_regions() {
  out_.minimum.assign(out_.parties.size(), 0);
  for (std::size_t r = 0; r < regions_.size(); ++r) {
    Contest contest;
    std::vector<std::size_t> who;
    for (const Region::Party& party : regions_[r].parties) {
      const auto at = std::ranges::find(out_.parties, party.name);
      if (at == out_.parties.end()) continue;
      who.push_back(static_cast<std::size_t>(at - out_.parties.begin()));
      contest.lists.push_back(
          {.name = party.name, .votes = party.votes, .districts_won = party.districts});
    }
    if (contest.lists.empty() || out_.regions.seats[r] == 0) continue;
    URNA_TRY(Allocation award, allocate(contest, plain(out_.regions.seats[r]), book_,
                                        "region " + regions_[r].name));
    waits(award);
    for (std::size_t i = 0; i < who.size(); ++i)
      out_.minimum[who[i]] += std::max(award.seats[i], contest.lists[i].districts_won);
    out_.within.push_back(std::move(award));
  }
  return {};
}

// s. 6(5): more seats until the national award gives every party its minimum.
Result<void> Growth::grow() {
  const SeatCount base =
      std::max(rules_.seats,
               std::accumulate(out_.minimum.begin(), out_.minimum.end(), SeatCount{0}));
  URNA_TRY(out_.house, grow_house(out_.votes, out_.minimum, rules_.method, rules_.seats,
                                  std::max(rules_.limit, base)));
  Contest contest;
  for (std::size_t p = 0; p < out_.parties.size(); ++p)
    contest.lists.push_back({.name = out_.parties[p], .votes = out_.votes[p]});
  URNA_TRY(out_.national, allocate(contest, plain(out_.house), book_, "national"));
  out_.national.steps.push_back(
      {.kind = StepKind::house_grows, .seats = out_.house - rules_.seats});
  waits(out_.national);
  return {};
}

// s. 6(6): a party's seats to its regional lists, none below its districts.
Result<void> Growth::lists_of_parties() {
  for (std::size_t p = 0; p < out_.parties.size(); ++p) {
    Contest contest;
    for (const Region& region : regions_) {
      for (const Region::Party& party : region.parties) {
        if (party.name != out_.parties[p]) continue;
        contest.lists.push_back({.name = region.name,
                                 .votes = party.votes,
                                 .districts_won = party.districts,
                                 .minimum = party.districts});
      }
    }
    URNA_TRY(Allocation award, allocate(contest, plain(out_.national.seats[p]), book_,
                                        "party " + out_.parties[p]));
    waits(award);
    out_.lists.push_back(std::move(award));
  }
  return {};
}

Result<GrownHouse> Growth::run() {
  National national = parties_taking_part(regions_, rules_);
  out_.parties = std::move(national.parties);
  out_.votes = std::move(national.votes);
  URNA_CHECK(seats_of_regions());
  if (out_.lots.empty()) URNA_CHECK(parties_within_regions());
  if (out_.lots.empty()) URNA_CHECK(grow());
  if (out_.lots.empty()) URNA_CHECK(lists_of_parties());
  return std::move(out_);
}

}  // namespace

Result<GrownHouse> allocate_growing_house(const std::vector<Region>& regions,
                                          const GrowingHouse& rules,
                                          std::span<const Drawing> drawings) {
  if (!is_divisor_method(rules.method))
    return fail(errors::bad_rule, "a growing house needs a divisor method",
                "use sainte-lague");
  DrawingBook book(drawings);
  URNA_TRY(GrownHouse out, Growth(regions, rules, book).run());
  URNA_CHECK(book.all_used());
  return out;
}

}  // namespace urna::seats
