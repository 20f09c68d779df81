#include "seats/parallel.hpp"

#include "seats/errors.hpp"

#include <algorithm>
#include <unordered_map>

namespace urna::seats {
namespace {

class Parties {
 public:
  PartySeats& operator[](const std::string& name) {
    const auto [at, fresh] = place_.try_emplace(name, seats_.size());
    if (fresh) seats_.push_back({.party = name});
    return seats_[at->second];
  }
  std::vector<PartySeats> sorted() && {
    std::ranges::sort(seats_, [](const PartySeats& a, const PartySeats& b) {
      if (a.total() != b.total()) return a.total() > b.total();
      if (a.list_votes != b.list_votes) return a.list_votes > b.list_votes;
      return a.party < b.party;
    });
    return std::move(seats_);
  }

 private:
  std::unordered_map<std::string, std::size_t> place_;
  std::vector<PartySeats> seats_;
};

Contest national_contest(const std::vector<ParallelPart>& regions) {
  Contest sum;
  std::unordered_map<std::string_view, std::size_t> place;
  for (const ParallelPart& region : regions) {
    sum.blank += region.contest.blank;
    for (const List& list : region.contest.lists) {
      const auto [at, fresh] = place.try_emplace(list.name, sum.lists.size());
      if (fresh) {
        sum.lists.push_back({.name = list.name, .alliance = list.alliance});
      }
      sum.lists[at->second].votes += list.votes;
    }
  }
  return sum;
}

void collect(ParallelResult& out, const Allocation& part) {
  out.house += part.house;
  out.unassigned += part.unassigned;
  out.lots.insert(out.lots.end(), part.lots.begin(), part.lots.end());
}

}  // namespace

Result<ParallelResult> allocate_parallel(const ParallelSystem& system,
                                         std::span<const Drawing> drawings) {
  DrawingBook book(drawings);
  Parties parties;
  ParallelResult out{.house = system.reserved, .reserved = system.reserved};
  for (const ParallelPart& part : system.nominal) {
    if (part.party.size() != part.contest.lists.size())
      return fail(errors::bad_rule,
                  "'" + part.name + "' must name the party of every candidate");
    URNA_TRY(Allocation award, allocate(part.contest, part.rules, book, part.name));
    for (std::size_t i = 0; i < award.seats.size(); ++i)
      parties[part.party[i]].nominal += award.seats[i];
    collect(out, award);
    out.nominal.push_back(std::move(award));
  }
  for (const ParallelPart& part : system.regional) {
    URNA_TRY(Allocation award, allocate(part.contest, part.rules, book, part.name));
    for (std::size_t i = 0; i < award.seats.size(); ++i) {
      PartySeats& party = parties[part.contest.lists[i].name];
      party.regional += award.seats[i];
      party.list_votes += part.contest.lists[i].votes;
    }
    collect(out, award);
    out.regional.push_back(std::move(award));
  }
  if (system.national) {
    const Contest contest = national_contest(system.regional);
    URNA_TRY(Allocation award, allocate(contest, *system.national, book, "national"));
    for (std::size_t i = 0; i < award.seats.size(); ++i)
      parties[contest.lists[i].name].national += award.seats[i];
    collect(out, award);
    out.national = std::move(award);
  }
  URNA_CHECK(book.all_used());
  out.parties = std::move(parties).sorted();
  return out;
}

}  // namespace urna::seats
