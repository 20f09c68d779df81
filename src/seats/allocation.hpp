// What goes into an allocation of seats and what comes out: lists with votes, the
// rules, the recorded drawings of lots; and the seats with every step that led there,
// so that a newspaper can follow the award with a pencil.
//
// Used by the count, by `urna seats`, and by anybody who embeds this library. Pure:
// no input or output, no clock, no randomness. Lots are never drawn here: a tie stops
// with LotsNeeded, people draw in public, and the same allocation runs again with the
// drawing recorded. Plain values, free to share for reading. No secrets.
#pragma once

#include "base/result.hpp"
#include "seats/fraction.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace urna::seats {

using Votes = std::uint64_t;
using SeatCount = std::uint32_t;

// Limits that keep every product exact; allocate() refuses what exceeds them. Ten
// times the adults on earth, and a house nobody could seat.
inline constexpr Votes kMostVotes = 100'000'000'000;
inline constexpr SeatCount kMostSeats = 100'000;
inline constexpr std::size_t kMostLists = 100'000;

struct List {
  std::string name{};  // unique within its contest; used in drawings and output
  Votes votes = 0;
  std::string alliance{};                 // empty: stands alone
  std::optional<SeatCount> candidates{};  // how many seats it can fill; empty: any
  SeatCount districts_won = 0;            // for thresholds and compensatory systems
  SeatCount minimum = 0;  // divisor methods: seats it holds before any quotient
  std::optional<Fraction> threshold{};  // its own share, as for coalitions in Slovakia
};

// One seat problem: the lists of a constituency.
struct Contest {
  std::vector<List> lists{};
  Votes blank = 0;
};

enum class Method {
  dhondt,                  // quotients by 1, 2, 3, ...
  sainte_lague,            // by 1, 3, 5, ...
  modified_sainte_lague,   // by 1.4, 3, 5, ...
  hare_largest_remainder,  // quota votes/seats, then largest remainders
  hagenbach_bischoff,      // quota just above votes/(seats+1), then averages (Swiss)
  hagenbach_bischoff_remainders,  // quota votes/(seats+1) rounded, then remainders
  plurality,                      // the N with most votes, one seat each
  dutch_council,                  // Kieswet P 5 to P 10, with its profile
};

// How lists with equal quotients are separated.
enum class TieRule {
  lot,                  // always by lot
  more_votes_then_lot,  // the list with more votes; by lot where those are equal too
};

// A list takes part when its votes reach `share` of the valid votes. `or_districts`:
// it also takes part with that many districts won (New Zealand 1, Germany 3).
struct Threshold {
  Fraction share{};
  bool blanks_count = false;  // whether blank votes are part of the valid votes
  bool more_than = false;     // strictly more than the share, not "at least"
  std::optional<SeatCount> or_districts{};
};

// Choices inside the Dutch rules on which the law's two certified implementations
// differ, and the numbers that the law fixes. The defaults follow the newer one.
struct DutchProfile {
  SeatCount large_council_from = 19;   // P 7 from here up, P 8 below
  Fraction remainder_threshold{3, 4};  // P 8: least share of the quota
  bool absolute_majority = true;       // apply P 9
  bool list_exhaustion = true;         // apply P 10
  // Whether a seat gained by P 9 counts as the list's one residual seat when P 10
  // hands out freed seats below 19 seats (older program: yes).
  bool majority_seat_is_residual = false;
  // Whether exhausted lists leave before lots are drawn (older program: after).
  bool exhausted_leave_before_lots = true;
};

struct Rules {
  Method method = Method::dhondt;
  SeatCount seats = 0;
  Threshold threshold{};
  TieRule ties = TieRule::lot;
  DutchProfile dutch{};
  Fraction first_divisor{7, 5};  // modified-sainte-lague only
  // How the seats of an alliance are divided among its lists; empty: as `method`.
  std::optional<Method> within_alliance{};
};

// Lots are needed: `take` of the lists in `among` win. `stage` names the part of a
// larger award ("" for a single contest, "alliance X", "circuit 0101", ...).
struct LotsNeeded {
  std::string stage{};
  std::string reason{};
  std::vector<std::string> among{};
  SeatCount take = 1;
  bool to_lose = false;  // the drawn lists give up a seat instead (P 9, overhang)

  friend bool operator==(const LotsNeeded&, const LotsNeeded&) = default;
};

// A drawing as recorded: between whom, and who was drawn, in that order.
struct Drawing {
  std::string stage{};
  std::vector<std::string> among{};
  std::vector<std::string> drawn{};
};

enum class StepKind {
  excluded,           // below the threshold
  full_seats,         // whole quotas
  quotient,           // next highest quotient
  largest_remainder,  // next largest remainder
  unique_average,     // P 8: highest average, one each
  most_votes,         // plurality
  majority_loses,     // P 9: the list that gives up the last residual seat
  majority_gains,     // P 9: the list with the majority of votes
  exhausted,          // P 10: more seats than candidates, one goes back
  quota_excess,       // a rounded quota gave a seat too many: smallest remainder
  district_seats,     // seats won in districts
  overhang,           // districts beyond the proportional share, kept
  house_grows,        // the house grows until every minimum is covered
  unassigned,         // nobody is left who could take these seats
};

enum class Decided { by_value, by_more_votes, by_lot };

struct Step {
  StepKind kind = StepKind::quotient;
  std::optional<std::size_t> list{};  // index in the contest
  SeatCount seats = 1;                // how many seats this step moves
  Fraction value{};                   // the quotient, remainder or quota that decided
  Decided decided = Decided::by_value;
  std::vector<std::size_t> tied{};  // all lists with this value, when it decided alone
};

// A quotient of a list and whether it won a seat: the table under a divisor award.
struct Quotient {
  std::size_t list = 0;
  SeatCount number = 0;  // 1 for the first quotient
  Fraction divisor{};
  Fraction value{};
  bool won = false;
};

struct Allocation {
  std::string stage{};
  Method method = Method::dhondt;
  std::vector<std::string> names{};
  std::vector<Votes> votes{};
  std::vector<SeatCount> seats{};  // per list, in the order of the contest
  SeatCount house = 0;             // seats to award
  SeatCount unassigned = 0;
  std::optional<Fraction> quota{};
  std::vector<Step> steps{};
  std::vector<Quotient> quotients{};  // divisor methods: won ones and the first lost
  std::vector<LotsNeeded> lots{};     // not empty: the award waits for a drawing
  std::vector<std::string> notes{};   // what an official must look at
  std::vector<Allocation> inner{};    // one per alliance with several lists

  [[nodiscard]] bool complete() const { return lots.empty(); }
};

// The recorded drawings, and which of them were used. A drawing fits one tie: same
// stage, same lists, in any order.
class DrawingBook {
 public:
  explicit DrawingBook(std::span<const Drawing> drawings)
      : drawings_(drawings), used_(drawings.size(), false) {}

  // The lists drawn, or nothing when no drawing is recorded. Error: bad_drawing when
  // one is recorded but draws somebody else, twice, or too few.
  Result<std::optional<std::vector<std::string>>> find(const LotsNeeded& tie);
  // Error: unused_drawing, naming the first one that no tie asked for.
  [[nodiscard]] Result<void> all_used() const;

 private:
  std::span<const Drawing> drawings_;
  std::vector<bool> used_;
};

// Awards `rules.seats` to the lists of `contest`. Alliances are awarded as one list
// with the sum of their votes and then divided inside. Errors: too_large, no_lists,
// duplicate_list, bad_rule, bad_drawing. A result with `lots` is not an error: it
// says what has to be drawn, and its seats are those that are certain so far.
[[nodiscard]] Result<Allocation> allocate(const Contest& contest, const Rules& rules,
                                          DrawingBook& drawings,
                                          std::string_view stage = {});

// The same with the whole record of one award: unused drawings are an error too.
[[nodiscard]] Result<Allocation> allocate(const Contest& contest, const Rules& rules,
                                          std::span<const Drawing> drawings = {});

// "dhondt", "sainte-lague", ... and back. Error: unknown_method lists them all.
[[nodiscard]] std::string_view method_name(Method method);
[[nodiscard]] Result<Method> method_from(std::string_view name);

// The k-th divisor of a divisor method, k from 1. Only for divisor methods.
[[nodiscard]] Fraction divisor(Method method, SeatCount k,
                               const Fraction& first = {7, 5});
[[nodiscard]] bool is_divisor_method(Method method);

}  // namespace urna::seats
