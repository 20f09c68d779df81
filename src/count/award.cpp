#include "count/award.hpp"

#include "count/errors.hpp"
#include "seats/compensatory.hpp"

#include <algorithm>
#include <map>

namespace urna::count {
namespace {

using election::Award;
using election::AwardIndex;
using election::Contender;
using election::Contest;
using election::ContestIndex;
using election::Definition;
using election::PartyIndex;
using election::Totals;

class Groups {
 public:
  explicit Groups(const Definition& definition) : definition_(definition) {}

  // The group of a contender or list by its cards.
  std::size_t of(const std::vector<PartyIndex>& cards, std::string_view code,
                 const election::Text& name) {
    const auto& parties = definition_.parties();
    if (cards.empty())
      return make("=" + std::string(code), std::string(code), name, "", groups_.size());
    const auto alliance = parties[cards.front()].alliance;
    const bool together = std::ranges::all_of(
        cards, [&](PartyIndex p) { return parties[p].alliance == alliance; });
    if (alliance && together) {
      const auto& found = definition_.alliances()[*alliance];
      return make("*" + found.code, found.code, found.name, found.colour,
                  3 + *alliance);
    }
    const auto& first = parties[cards.front()];
    if (cards.size() == 1)
      return make(first.code, first.code, first.name, first.colour, cards.front());
    // A joint card of parties without an alliance: shown under the contender's name.
    return make("+" + std::string(code), std::string(code), name, first.colour,
                cards.front());
  }

  Group& operator[](std::size_t i) { return groups_[i]; }
  std::vector<Group>& all() { return groups_; }

 private:
  std::size_t make(std::string key, std::string code, const election::Text& name,
                   const std::string& colour, std::size_t tint) {
    const auto [at, fresh] = place_.try_emplace(std::move(key), groups_.size());
    if (fresh)
      groups_.push_back(
          {.code = std::move(code),
           .name = name,
           .colour = colour,
           .seats = std::vector<std::uint32_t>(definition_.awards().size(), 0),
           .tint = tint});
    return at->second;
  }

  const Definition& definition_;
  std::map<std::string, std::size_t> place_;
  std::vector<Group> groups_;
};

seats::Fraction fraction(const election::Share& share) {
  return {share.numerator, share.denominator};
}

class Awarder {
 public:
  Awarder(const Totals& totals, const std::vector<OddStation>& odd,
          std::span<const seats::Drawing> drawings)
      : totals_(totals),
        definition_(totals.definition()),
        odd_(odd),
        book_(drawings),
        groups_(totals.definition()) {}

  Result<Awarded> run();

 private:
  Result<seats::Rules> rules_of(const Award& award, std::uint32_t seats) const;
  Result<AwardPart> one_contest(const Award& award, ContestIndex contest);
  Result<AwardPart> one_sum(AwardIndex index);
  Result<void> mixed_member(const Award& award, AwardPart& part);
  [[nodiscard]] Missing missing_of(const Award& award) const;
  [[nodiscard]] std::vector<std::uint32_t> won_in(AwardIndex award) const;
  Result<AwardResult> award(AwardIndex index);
  House house();

  const Totals& totals_;
  const Definition& definition_;
  const std::vector<OddStation>& odd_;
  seats::DrawingBook book_;
  Groups groups_;
  std::vector<std::optional<AwardResult>> done_;
};

Result<seats::Rules> Awarder::rules_of(const Award& award, std::uint32_t seats) const {
  URNA_TRY(const seats::Method method, seats::method_from(award.method));
  seats::Rules rules{.method = method, .seats = seats};
  rules.ties = award.ties == election::Ties::lot ? seats::TieRule::lot
                                                 : seats::TieRule::more_votes_then_lot;
  if (award.first_divisor) rules.first_divisor = fraction(*award.first_divisor);
  if (award.threshold) {
    rules.threshold.share = fraction(award.threshold->share);
    rules.threshold.blanks_count = award.threshold->of != election::ShareOf::valid;
    rules.threshold.more_than = award.threshold->more_than;
    if (award.threshold->or_won_in)
      rules.threshold.or_districts = award.threshold->or_seats;
  }
  return rules;
}

// Ballots that count for the threshold beside the votes for lists.
std::uint64_t other_ballots(const Award& award, const election::ContestTotal& total) {
  const bool blanks =
      award.threshold && award.threshold->of == election::ShareOf::valid_and_blank;
  return blanks ? total.blank : 0;
}

std::uint64_t most_per_voter(const Contest& contest) {
  std::size_t most = 1;
  for (const Contender& contender : contest.contenders)
    most = std::max(most, contender.options.size());
  return std::min<std::uint64_t>(contest.limit, most);
}

Result<AwardPart> Awarder::one_contest(const Award& award, ContestIndex index) {
  const Contest& contest = definition_.contests()[index];
  const auto votes = totals_.by_contender(index);
  const auto total = totals_.total(index);
  AwardPart part{.contest = index};
  part.input.blank = other_ballots(award, total);
  for (std::size_t c = 0; c < contest.contenders.size(); ++c) {
    const Contender& contender = contest.contenders[c];
    seats::List list{.name = contender.code, .votes = votes[c]};
    if (contest.kind == election::ContestKind::plurality) {
      list.candidates = 1;
    } else if (!contender.candidates.empty()) {
      list.candidates = static_cast<seats::SeatCount>(contender.candidates.size());
    }
    part.input.lists.push_back(std::move(list));
    part.group.push_back(groups_.of(contender.parties, contender.code, contender.name));
  }
  URNA_TRY(part.rules, rules_of(award, contest.seats));
  URNA_TRY(part.result, seats::allocate(part.input, part.rules, book_,
                                        award.code + " " + contest.code));
  part.bound =
      bound_award(part.input, part.rules, part.result,
                  missing_under(totals_, contest.area, odd_), most_per_voter(contest));
  return part;
}

Missing Awarder::missing_of(const Award& award) const {
  Missing sum{.stations = 0, .voters = 0};
  for (const ContestIndex c : award.contests) {
    const Missing one = missing_under(totals_, definition_.contests()[c].area, odd_);
    sum.stations += one.stations;
    if (one.voters && sum.voters) {
      *sum.voters += *one.voters;
    } else {
      sum.voters.reset();
    }
  }
  // The roll of the whole election may be published where the regions' are not.
  const Missing all = missing_under(totals_, definition_.root(), odd_);
  if (all.voters && (!sum.voters || *all.voters > *sum.voters) &&
      definition_.areas()[definition_.root()].registered)
    sum.voters = all.voters;
  return sum;
}

std::vector<std::uint32_t> Awarder::won_in(AwardIndex index) const {
  std::vector<std::uint32_t> by_group;
  for (const AwardPart& part : done_[index]->parts) {
    for (std::size_t l = 0; l < part.group.size(); ++l) {
      if (part.group[l] >= by_group.size()) by_group.resize(part.group[l] + 1, 0);
      by_group[part.group[l]] += part.result.seats[l];
    }
  }
  return by_group;
}

// The award's seats include the direct ones. The list seats are what remains of each
// party's share; direct seats beyond it are kept, or the house grows around them.
Result<void> Awarder::mixed_member(const Award& award, AwardPart& part) {
  if (award.overhang == election::Overhang::grow) {
    // Only the lists that take part can ask for more seats.
    seats::Contest probe = part.input;
    URNA_TRY(const seats::Allocation plain,
             seats::allocate(probe, part.rules, std::span<const seats::Drawing>()));
    std::vector<seats::Votes> votes;
    std::vector<seats::SeatCount> minimum;
    std::vector<bool> outside(part.input.lists.size(), false);
    for (const seats::Step& step : plain.steps)
      if (step.kind == seats::StepKind::excluded) outside[*step.list] = true;
    for (std::size_t l = 0; l < part.input.lists.size(); ++l) {
      if (outside[l] || part.input.lists[l].votes == 0) continue;
      votes.push_back(part.input.lists[l].votes);
      minimum.push_back(part.input.lists[l].districts_won);
    }
    URNA_TRY(part.rules.seats, seats::grow_house(votes, minimum, part.rules.method,
                                                 award.seats, 4 * award.seats));
  }
  URNA_TRY(part.result,
           seats::allocate_with_overhang(part.input, part.rules, book_, award.code));
  for (std::size_t l = 0; l < part.input.lists.size(); ++l) {
    const seats::SeatCount direct = part.input.lists[l].districts_won;
    part.result.seats[l] -= std::min(direct, part.result.seats[l]);
  }
  return {};
}

Result<AwardPart> Awarder::one_sum(AwardIndex index) {
  const Award& award = definition_.awards()[index];
  const auto votes = totals_.by_award_list(index);
  AwardPart part;
  const auto source = award.direct      ? award.direct
                      : award.threshold ? award.threshold->or_won_in
                                        : std::nullopt;
  const auto won = source ? won_in(*source) : std::vector<std::uint32_t>{};
  for (const ContestIndex c : award.contests)
    part.input.blank += other_ballots(award, totals_.total(c));
  for (std::size_t l = 0; l < award.lists.size(); ++l) {
    const election::AwardList& list = award.lists[l];
    const std::size_t group = groups_.of(list.cards, list.code, list.name);
    seats::List entry{.name = list.code, .votes = votes[l]};
    if (!list.candidates.empty())
      entry.candidates = static_cast<seats::SeatCount>(list.candidates.size());
    if (group < won.size()) entry.districts_won = won[group];
    part.input.lists.push_back(std::move(entry));
    part.group.push_back(group);
  }
  URNA_TRY(part.rules, rules_of(award, award.seats));
  if (award.direct) {
    URNA_CHECK(mixed_member(award, part));
  } else {
    URNA_TRY(part.result, seats::allocate(part.input, part.rules, book_, award.code));
  }
  std::uint64_t per_voter = 1;
  for (const ContestIndex c : award.contests)
    per_voter = std::max(per_voter, most_per_voter(definition_.contests()[c]));
  part.bound =
      bound_award(part.input, part.rules, part.result, missing_of(award), per_voter);
  return part;
}

Result<AwardResult> Awarder::award(AwardIndex index) {
  const Award& award = definition_.awards()[index];
  AwardResult out{.award = index};
  if (award.scope == Award::Scope::sum) {
    URNA_TRY(AwardPart part, one_sum(index));
    out.parts.push_back(std::move(part));
    return out;
  }
  for (const ContestIndex contest : award.contests) {
    URNA_TRY(AwardPart part, one_contest(award, contest));
    out.parts.push_back(std::move(part));
  }
  return out;
}

House Awarder::house() {
  House out{.groups = {}, .seats = definition_.model().house_seats};
  std::uint32_t planned = 0;
  for (const auto& result : done_) {
    const Award& award = definition_.awards()[result->award];
    planned += award.seats;
    for (const AwardPart& part : result->parts) {
      for (std::size_t l = 0; l < part.group.size(); ++l) {
        Group& group = groups_[part.group[l]];
        group.seats[result->award] += part.result.seats[l];
        out.awarded += part.result.seats[l];
        // A sum award repeats the votes of its contests: only those count once.
        if (award.scope == Award::Scope::each &&
            part.rules.method != seats::Method::plurality)
          group.votes += part.input.lists[l].votes;
      }
    }
  }
  out.groups = groups_.all();
  out.elsewhere = out.seats > planned ? out.seats - planned : 0;
  return out;
}

// Awards that others wait for come first; the definition has no cycles.
Result<Awarded> Awarder::run() {
  const std::size_t n = definition_.awards().size();
  done_.resize(n);
  for (std::size_t pass = 0, left = n; left > 0; ++pass) {
    if (pass > n)
      return fail(errors::unsupported_award, "awards wait for one another in a circle");
    for (AwardIndex a = 0; a < n; ++a) {
      if (done_[a]) continue;
      const Award& award = definition_.awards()[a];
      const auto waits = [&](const std::optional<AwardIndex>& other) {
        return other && !done_[*other];
      };
      if (waits(award.direct) || (award.threshold && waits(award.threshold->or_won_in)))
        continue;
      URNA_TRY(done_[a], this->award(a));
      --left;
    }
  }
  URNA_CHECK(book_.all_used());
  Awarded out;
  out.house = house();
  for (auto& result : done_) out.awards.push_back(std::move(*result));
  return out;
}

// Sorts the house and renumbers the groups in the parts to match.
void sort_house(Awarded& awarded) {
  auto& groups = awarded.house.groups;
  std::vector<std::size_t> order(groups.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    if (groups[a].total() != groups[b].total())
      return groups[a].total() > groups[b].total();
    if (groups[a].votes != groups[b].votes) return groups[a].votes > groups[b].votes;
    return a < b;
  });
  std::vector<std::size_t> place(groups.size());
  std::vector<Group> sorted;
  for (std::size_t i = 0; i < order.size(); ++i) {
    place[order[i]] = i;
    sorted.push_back(std::move(groups[order[i]]));
  }
  groups = std::move(sorted);
  for (AwardResult& award : awarded.awards)
    for (AwardPart& part : award.parts)
      for (std::size_t& group : part.group) group = place[group];
}

}  // namespace

std::uint32_t Group::total() const {
  std::uint32_t sum = 0;
  for (const std::uint32_t s : seats) sum += s;
  return sum;
}

Result<Awarded> award_seats(const Totals& totals, const std::vector<OddStation>& odd,
                            std::span<const seats::Drawing> drawings) {
  URNA_TRY(Awarded awarded, Awarder(totals, odd, drawings).run());
  sort_house(awarded);
  return awarded;
}

}  // namespace urna::count
