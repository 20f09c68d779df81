#include "seats/errors.hpp"
#include "seats/rules.hpp"

#include <algorithm>

namespace urna::seats {

SeatCount Award::given() const {
  SeatCount sum = 0;
  for (const SeatCount s : out_.seats) sum += s;
  return sum;
}

Votes Award::votes_taking_part() const {
  Votes sum = 0;
  for (std::size_t i = 0; i < size(); ++i) {
    if (in_[i]) sum += list(i).votes;
  }
  return sum;
}

void Award::give(std::size_t i, Step step) {
  step.list = i;
  out_.seats[i] += step.seats;
  out_.steps.push_back(std::move(step));
}

void Award::take_back(std::size_t i, Step step) {
  step.list = i;
  out_.seats[i] -= step.seats;
  out_.steps.push_back(std::move(step));
}

void Award::leave_unassigned(SeatCount seats) {
  if (seats == 0) return;
  out_.unassigned += seats;
  out_.steps.push_back({.kind = StepKind::unassigned, .seats = seats});
}

Result<Award::Round> Award::best(const std::vector<std::size_t>& candidates,
                                 const std::function<Fraction(std::size_t)>& value,
                                 SeatCount take, std::string_view reason, bool lowest) {
  std::vector<std::size_t> tied;
  Fraction top;
  for (const std::size_t i : candidates) {
    const Fraction v = value(i);
    const bool better = lowest ? v < top : v > top;
    if (tied.empty() || better) {
      top = v;
      tied.assign(1, i);
    } else if (v == top) {
      tied.push_back(i);
    }
  }
  return settle(std::move(tied), top, take, reason, lowest);
}

Result<Award::Round> Award::settle(std::vector<std::size_t> tied, Fraction value,
                                   SeatCount take, std::string_view reason,
                                   bool lowest) {
  Round round{.tied = tied, .value = value};
  if (tied.size() <= take) {
    round.winners = std::move(tied);
    round.decided.assign(round.winners.size(), Decided::by_value);
    return round;
  }
  std::vector<std::size_t> equal = tied;
  if (rules_.ties == TieRule::more_votes_then_lot) {
    std::ranges::sort(equal, [&](std::size_t a, std::size_t b) {
      if (list(a).votes == list(b).votes) return a < b;
      return (list(a).votes < list(b).votes) == lowest;
    });
    // Everybody clearly ahead of the list on the border wins by votes; only those
    // level with it need a lot.
    const Votes border = list(equal[take - 1]).votes;
    std::vector<std::size_t> level;
    for (const std::size_t i : equal) {
      if (list(i).votes == border) level.push_back(i);
      const bool ahead = lowest ? list(i).votes < border : list(i).votes > border;
      if (!ahead) continue;
      round.winners.push_back(i);
      round.decided.push_back(Decided::by_more_votes);
    }
    equal = std::move(level);
  }
  const auto open = take - static_cast<SeatCount>(round.winners.size());
  if (equal.size() <= open) {
    for (const std::size_t i : equal) {
      round.winners.push_back(i);
      round.decided.push_back(Decided::by_more_votes);
    }
    return round;
  }
  URNA_TRY(const bool drawn, draw(round, equal, open, reason, lowest));
  if (!drawn) {
    round.winners.clear();
    round.decided.clear();
  }
  return round;
}

Result<bool> Award::draw(Round& round, const std::vector<std::size_t>& equal,
                         SeatCount take, std::string_view reason, bool lowest) {
  LotsNeeded need{.stage = out_.stage,
                  .reason = std::string(reason),
                  .take = take,
                  .to_lose = lowest};
  for (const std::size_t i : equal) need.among.push_back(list(i).name);
  URNA_TRY(const auto names, drawings_.find(need));
  if (!names) {
    out_.lots.push_back(std::move(need));
    return false;
  }
  for (const std::string& name : *names) {
    const auto at = std::ranges::find_if(
        equal, [&](std::size_t i) { return list(i).name == name; });
    round.winners.push_back(*at);
    round.decided.push_back(Decided::by_lot);
  }
  return true;
}

Result<std::optional<std::vector<std::string>>> DrawingBook::find(
    const LotsNeeded& tie) {
  const auto sorted = [](std::vector<std::string> names) {
    std::ranges::sort(names);
    return names;
  };
  const auto among = sorted(tie.among);
  for (std::size_t d = 0; d < drawings_.size(); ++d) {
    const Drawing& drawing = drawings_[d];
    if (used_[d] || drawing.stage != tie.stage || sorted(drawing.among) != among)
      continue;
    auto drawn = sorted(drawing.drawn);
    const bool distinct = std::ranges::adjacent_find(drawn) == drawn.end();
    if (!distinct || drawn.size() != tie.take || !std::ranges::includes(among, drawn)) {
      return fail(errors::bad_drawing,
                  "the recorded drawing" +
                      (tie.stage.empty() ? "" : " for '" + tie.stage + "'") +
                      " must draw " + std::to_string(tie.take) + " of the " +
                      std::to_string(among.size()) + " lists it was held among",
                  "record exactly the lists that were drawn, each once");
    }
    used_[d] = true;
    return std::optional(drawing.drawn);
  }
  return std::nullopt;
}

Result<void> DrawingBook::all_used() const {
  for (std::size_t d = 0; d < drawings_.size(); ++d) {
    if (used_[d]) continue;
    std::string among;
    for (const std::string& name : drawings_[d].among)
      among += (among.empty() ? "" : ", ") + name;
    return fail(
        errors::unused_drawing,
        "no tie asks for the recorded drawing among " + among +
            (drawings_[d].stage.empty() ? "" : " for '" + drawings_[d].stage + "'"),
        "remove the drawing, or check that votes, rules and stage are the ones "
        "it was held for");
  }
  return {};
}

void apply_threshold(Award& award) {
  const Threshold& rule = award.rules().threshold;
  Votes valid = rule.blanks_count ? award.contest().blank : 0;
  for (const List& list : award.contest().lists) valid += list.votes;
  for (std::size_t i = 0; i < award.size(); ++i) {
    const List& list = award.list(i);
    const Fraction need = list.threshold.value_or(rule.share).times(Fraction(valid));
    const Fraction have{list.votes};
    const bool passes = rule.more_than ? have > need : have >= need;
    const bool by_district =
        rule.or_districts && list.districts_won >= *rule.or_districts;
    if (passes || by_district) continue;
    award.exclude(i);
    award.out().steps.push_back(
        {.kind = StepKind::excluded, .list = i, .seats = 0, .value = need});
  }
}

}  // namespace urna::seats
