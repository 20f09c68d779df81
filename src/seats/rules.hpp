// The workings shared by the allocation methods of this room; not for other rooms.
//
// A method sees "competitors" (lists or whole alliances that passed the threshold),
// gives them seats, and writes steps into an Allocation by competitor index.
#pragma once

#include "seats/allocation.hpp"

#include <functional>

namespace urna::seats {

// The state of one award while it runs.
class Award {
 public:
  Award(const Contest& contest, const Rules& rules, DrawingBook& drawings,
        Allocation& out)
      : contest_(contest),
        rules_(rules),
        drawings_(drawings),
        out_(out),
        in_(contest.lists.size(), true) {}

  [[nodiscard]] const Contest& contest() const { return contest_; }
  [[nodiscard]] const Rules& rules() const { return rules_; }
  [[nodiscard]] std::size_t size() const { return contest_.lists.size(); }
  [[nodiscard]] const List& list(std::size_t i) const { return contest_.lists[i]; }
  [[nodiscard]] SeatCount seats(std::size_t i) const { return out_.seats[i]; }
  [[nodiscard]] SeatCount given() const;
  [[nodiscard]] Allocation& out() { return out_; }

  // Takes part (passed the threshold), has votes, and has a candidate left.
  [[nodiscard]] bool takes_part(std::size_t i) const { return in_[i]; }
  void exclude(std::size_t i) { in_[i] = false; }
  [[nodiscard]] bool full(std::size_t i) const {
    return list(i).candidates && out_.seats[i] >= *list(i).candidates;
  }
  [[nodiscard]] bool can_take(std::size_t i) const {
    return in_[i] && list(i).votes > 0 && !full(i);
  }
  [[nodiscard]] Votes votes_taking_part() const;

  void give(std::size_t i, Step step);
  void take_back(std::size_t i, Step step);
  void leave_unassigned(SeatCount seats);

  struct Round {
    std::vector<std::size_t> winners{};  // at most `take`; empty: lots are needed
    std::vector<std::size_t> tied{};
    Fraction value{};
    std::vector<Decided> decided{};  // beside each winner
    [[nodiscard]] bool waiting() const { return winners.empty(); }
  };
  // The candidates with the highest (or lowest) value; when they are more than
  // `take`, the tie rule and then the recorded lots decide. Without a recorded lot
  // the need for one is written to the allocation and the round is waiting().
  [[nodiscard]] Result<Round> best(const std::vector<std::size_t>& candidates,
                                   const std::function<Fraction(std::size_t)>& value,
                                   SeatCount take, std::string_view reason,
                                   bool lowest = false);
  // Settles a tie among `tied` by the tie rule and the recorded lots.
  [[nodiscard]] Result<Round> settle(std::vector<std::size_t> tied, Fraction value,
                                     SeatCount take, std::string_view reason,
                                     bool lowest = false);

 private:
  [[nodiscard]] Result<bool> draw(Round& round, const std::vector<std::size_t>& equal,
                                  SeatCount take, std::string_view reason, bool lowest);

  const Contest& contest_;
  const Rules& rules_;
  DrawingBook& drawings_;
  Allocation& out_;
  std::vector<bool> in_;
};

// Each fills award.out(); a waiting tie ends the method early.
[[nodiscard]] Result<void> award_by_divisors(Award& award);
[[nodiscard]] Result<void> award_by_quota(Award& award);
[[nodiscard]] Result<void> award_by_plurality(Award& award);
[[nodiscard]] Result<void> award_dutch_council(Award& award);

// Excludes lists below the threshold, one step each.
void apply_threshold(Award& award);

}  // namespace urna::seats
