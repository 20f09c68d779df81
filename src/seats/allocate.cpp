#include "seats/allocation.hpp"
#include "seats/errors.hpp"
#include "seats/rules.hpp"

#include <array>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace urna::seats {
namespace {

struct Named {
  Method method;
  std::string_view name;
};
constexpr std::array kMethods{
    Named{Method::dhondt, "dhondt"},
    Named{Method::sainte_lague, "sainte-lague"},
    Named{Method::modified_sainte_lague, "modified-sainte-lague"},
    Named{Method::hare_largest_remainder, "largest-remainder"},
    Named{Method::hagenbach_bischoff, "hagenbach-bischoff"},
    Named{Method::hagenbach_bischoff_remainders, "hagenbach-bischoff-remainders"},
    Named{Method::plurality, "plurality"},
    Named{Method::dutch_council, "dutch-council"},
};

Result<void> check_input(const Contest& contest, const Rules& rules) {
  if (contest.lists.empty())
    return fail(errors::no_lists, "there are no lists to give seats to",
                "give at least one list with its votes");
  if (contest.lists.size() > kMostLists || rules.seats > kMostSeats)
    return fail(errors::too_large, "at most " + std::to_string(kMostLists) +
                                       " lists and " + std::to_string(kMostSeats) +
                                       " seats can be allocated");
  if (rules.seats == 0)
    return fail(errors::bad_rule, "there are no seats to allocate",
                "set the number of seats to at least 1");
  Votes sum = contest.blank;
  std::unordered_set<std::string_view> names;
  for (const List& list : contest.lists) {
    if (list.votes > kMostVotes || contest.blank > kMostVotes ||
        (sum += list.votes) > kMostVotes)
      return fail(errors::too_large,
                  "the votes together exceed " + std::to_string(kMostVotes));
    if (!names.insert(list.name).second)
      return fail(errors::duplicate_list, "'" + list.name + "' is listed twice",
                  "give every list once, with a name of its own");
  }
  return {};
}

Allocation blank_allocation(const Contest& contest, const Rules& rules,
                            std::string_view stage) {
  Allocation out{.stage = std::string(stage),
                 .method = rules.method,
                 .seats = std::vector<SeatCount>(contest.lists.size(), 0),
                 .house = rules.seats};
  for (const List& list : contest.lists) {
    out.names.push_back(list.name);
    out.votes.push_back(list.votes);
  }
  return out;
}

Result<Allocation> allocate_flat(const Contest& contest, const Rules& rules,
                                 DrawingBook& drawings, std::string_view stage) {
  Allocation out = blank_allocation(contest, rules, stage);
  Award award(contest, rules, drawings, out);
  apply_threshold(award);
  if (is_divisor_method(rules.method)) {
    URNA_CHECK(award_by_divisors(award));
  } else if (rules.method == Method::plurality) {
    URNA_CHECK(award_by_plurality(award));
  } else if (rules.method == Method::dutch_council) {
    URNA_CHECK(award_dutch_council(award));
  } else {
    URNA_CHECK(award_by_quota(award));
  }
  return out;
}

// An alliance as the outer award sees it: one list with the members' sum.
struct Blocks {
  Contest contest;
  std::vector<std::vector<std::size_t>> members;  // per block, list indexes
};

Blocks form_blocks(const Contest& contest) {
  Blocks blocks;
  blocks.contest.blank = contest.blank;
  std::unordered_map<std::string_view, std::size_t> place;
  for (std::size_t i = 0; i < contest.lists.size(); ++i) {
    const List& list = contest.lists[i];
    const bool alone = list.alliance.empty();
    const auto known = alone ? place.end() : place.find(list.alliance);
    if (known == place.end()) {
      if (!alone) place.emplace(list.alliance, blocks.members.size());
      blocks.contest.lists.push_back(list);
      if (!alone) blocks.contest.lists.back().name = list.alliance;
      blocks.members.push_back({i});
      continue;
    }
    List& block = blocks.contest.lists[known->second];
    block.votes += list.votes;
    block.districts_won += list.districts_won;
    // A block can fill every seat when one of its lists can.
    if (block.candidates && list.candidates) {
      *block.candidates += *list.candidates;
    } else {
      block.candidates.reset();
    }
    blocks.members[known->second].push_back(i);
  }
  return blocks;
}

// Surplus agreements and list alliances: the block is awarded as one list, then its
// seats are divided inside (Israel, Knesset Elections Law s. 82 "Bader-Ofer";
// Switzerland, Federal Act on Political Rights art. 42).
Result<Allocation> allocate_blocks(const Contest& contest, const Rules& rules,
                                   DrawingBook& drawings, std::string_view stage) {
  const Blocks blocks = form_blocks(contest);
  URNA_TRY(Allocation outer, allocate_flat(blocks.contest, rules, drawings, stage));
  Allocation out = blank_allocation(contest, rules, stage);
  out.unassigned = outer.unassigned;
  out.lots = outer.lots;
  out.notes = outer.notes;
  out.quota = outer.quota;
  for (std::size_t b = 0; b < blocks.members.size(); ++b) {
    const auto& members = blocks.members[b];
    if (members.size() == 1) {
      out.seats[members.front()] = outer.seats[b];
      continue;
    }
    if (!outer.complete() || outer.seats[b] == 0) continue;
    Contest inside;
    for (const std::size_t i : members) inside.lists.push_back(contest.lists[i]);
    Rules within{.method = rules.within_alliance.value_or(rules.method),
                 .seats = outer.seats[b],
                 .ties = rules.ties,
                 .dutch = rules.dutch};
    const std::string name = (stage.empty() ? "" : std::string(stage) + ", ") +
                             "alliance " + blocks.contest.lists[b].name;
    URNA_TRY(Allocation inner, allocate_flat(inside, within, drawings, name));
    for (std::size_t m = 0; m < members.size(); ++m)
      out.seats[members[m]] = inner.seats[m];
    out.unassigned += inner.unassigned;
    out.lots.insert(out.lots.end(), inner.lots.begin(), inner.lots.end());
    out.inner.push_back(std::move(inner));
  }
  // The award between blocks comes first in the explanation.
  out.inner.insert(out.inner.begin(), std::move(outer));
  return out;
}

}  // namespace

Result<Allocation> allocate(const Contest& contest, const Rules& rules,
                            DrawingBook& drawings, std::string_view stage) {
  URNA_CHECK(check_input(contest, rules));
  for (const List& list : contest.lists) {
    if (!list.alliance.empty()) return allocate_blocks(contest, rules, drawings, stage);
  }
  return allocate_flat(contest, rules, drawings, stage);
}

Result<Allocation> allocate(const Contest& contest, const Rules& rules,
                            std::span<const Drawing> drawings) {
  DrawingBook book(drawings);
  URNA_TRY(Allocation out, allocate(contest, rules, book));
  URNA_CHECK(book.all_used());
  return out;
}

std::string_view method_name(Method method) {
  for (const Named& named : kMethods) {
    if (named.method == method) return named.name;
  }
  return {};
}

Result<Method> method_from(std::string_view name) {
  std::string known;
  for (const Named& named : kMethods) {
    if (named.name == name) return named.method;
    known += (known.empty() ? "" : ", ") + std::string(named.name);
  }
  return fail(errors::unknown_method, "there is no method '" + std::string(name) + "'",
              "use one of: " + known);
}

}  // namespace urna::seats
