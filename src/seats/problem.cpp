#include "seats/problem.hpp"

#include "base/csv.hpp"
#include "seats/compensatory.hpp"
#include "seats/errors.hpp"

#include <utility>

namespace urna::seats {
namespace {

using base::Json;
using base::ObjectReader;
using base::Place;
using base::Report;

class ProblemReader {
 public:
  ProblemReader(std::string file, Report& report)
      : file_(std::move(file)), report_(report) {}

  Problem read(const Json& json, const std::string& pointer);
  List read_list(const Json& json, const std::string& pointer);
  Drawing read_drawing(const Json& json, const std::string& pointer);

 private:
  void read_threshold(ObjectReader& from, Threshold& rule);
  void read_dutch(ObjectReader& from, DutchProfile& profile);
  void read_short_lists(ObjectReader& from, const Json& votes, Contest& contest);
  std::vector<std::string> names(ObjectReader& from, std::string_view key);
  std::optional<Fraction> share(ObjectReader& from, std::string_view key);
  void bad(const std::string& pointer, std::string message, std::string to_do = {}) {
    report_.problem(errors::bad_problem, Place{file_, 0, pointer}, std::move(message),
                    std::move(to_do));
  }
  std::optional<SeatCount> optional_seats(ObjectReader& from, std::string_view key) {
    const auto value = from.optional_integer(key, 0, kMostSeats);
    return value ? std::optional(static_cast<SeatCount>(*value)) : std::nullopt;
  }

  std::string file_;
  Report& report_;
};

std::optional<Fraction> ProblemReader::share(ObjectReader& from, std::string_view key) {
  const auto text = from.optional_string(key);
  if (!text) return std::nullopt;
  auto value = parse_share(*text);
  if (!value) {
    report_.add(value.error(), Place{file_, 0, from.pointer(key)});
    return std::nullopt;
  }
  return *value;
}

std::vector<std::string> ProblemReader::names(ObjectReader& from,
                                              std::string_view key) {
  std::vector<std::string> out;
  const Json* array = from.array(key);
  if (array == nullptr) return out;
  for (const Json& item : array->items()) {
    if (const std::string* name = item.if_string()) {
      out.push_back(*name);
    } else {
      bad(from.pointer(key), "every entry must be the name of a list, in quotes");
    }
  }
  return out;
}

List ProblemReader::read_list(const Json& json, const std::string& pointer) {
  ObjectReader from(json, file_, pointer, report_);
  List list;
  list.name = from.string("name").value_or("");
  list.votes = static_cast<Votes>(
      from.integer("votes", 0, std::int64_t{kMostVotes}).value_or(0));
  list.alliance = from.optional_string("alliance").value_or("");
  list.candidates = optional_seats(from, "candidates");
  list.districts_won = optional_seats(from, "districts_won").value_or(0);
  list.minimum = optional_seats(from, "minimum").value_or(0);
  list.threshold = share(from, "threshold");
  from.finish();
  return list;
}

// "votes": [480, 160, ...] names the lists "1", "2", ...: as council reports do.
void ProblemReader::read_short_lists(ObjectReader& from, const Json& votes,
                                     Contest& contest) {
  const Json* candidates = from.optional_array("candidates");
  const Json* districts = from.optional_array("districts_won");
  const auto number = [&](const Json* array,
                          std::size_t i) -> std::optional<SeatCount> {
    if (array == nullptr) return std::nullopt;
    const auto* value =
        i < array->items().size() ? array->items()[i].if_int() : nullptr;
    if (value != nullptr && *value >= 0 && *value <= kMostSeats)
      return static_cast<SeatCount>(*value);
    bad(from.pointer("candidates"), "give one whole number for each list");
    return std::nullopt;
  };
  for (std::size_t i = 0; i < votes.items().size(); ++i) {
    const auto* value = votes.items()[i].if_int();
    if (value == nullptr || *value < 0) {
      bad(from.pointer("votes"), "votes must be whole numbers, 0 or more");
      continue;
    }
    contest.lists.push_back({.name = std::to_string(i + 1),
                             .votes = static_cast<Votes>(*value),
                             .candidates = number(candidates, i),
                             .districts_won = number(districts, i).value_or(0)});
  }
}

void ProblemReader::read_threshold(ObjectReader& from, Threshold& rule) {
  const Json* json = from.optional_object("threshold");
  if (json == nullptr) return;
  ObjectReader inner(*json, file_, from.pointer("threshold"), report_);
  rule.share = share(inner, "share").value_or(Fraction{});
  rule.blanks_count = inner.optional_boolean("blanks_count").value_or(false);
  rule.more_than = inner.optional_boolean("more_than").value_or(false);
  rule.or_districts = optional_seats(inner, "or_districts");
  inner.finish();
}

void ProblemReader::read_dutch(ObjectReader& from, DutchProfile& profile) {
  const Json* json = from.optional_object("dutch");
  if (json == nullptr) return;
  ObjectReader inner(*json, file_, from.pointer("dutch"), report_);
  const auto flag = [&](std::string_view key, bool& value) {
    value = inner.optional_boolean(key).value_or(value);
  };
  profile.large_council_from =
      optional_seats(inner, "large_council_from").value_or(profile.large_council_from);
  profile.remainder_threshold =
      share(inner, "remainder_threshold").value_or(profile.remainder_threshold);
  flag("absolute_majority", profile.absolute_majority);
  flag("list_exhaustion", profile.list_exhaustion);
  flag("majority_seat_is_residual", profile.majority_seat_is_residual);
  flag("exhausted_leave_before_lots", profile.exhausted_leave_before_lots);
  inner.finish();
}

Drawing ProblemReader::read_drawing(const Json& json, const std::string& pointer) {
  ObjectReader from(json, file_, pointer, report_);
  Drawing drawing;
  drawing.stage = from.optional_string("stage").value_or("");
  drawing.among = names(from, "among");
  drawing.drawn = names(from, "drawn");
  from.optional_string("note");
  from.finish();
  return drawing;
}

Problem ProblemReader::read(const Json& json, const std::string& pointer) {
  ObjectReader from(json, file_, pointer, report_);
  Problem problem;
  Rules& rules = problem.rules;
  const auto method = [&](const std::optional<std::string>& name,
                          std::string_view key) {
    if (!name) return std::optional<Method>();
    auto found = method_from(*name);
    if (found) return std::optional(*found);
    report_.add(found.error(), Place{file_, 0, from.pointer(key)});
    return std::optional<Method>();
  };
  rules.method = method(from.string("method"), "method").value_or(rules.method);
  rules.within_alliance =
      method(from.optional_string("within_alliance"), "within_alliance");
  rules.seats =
      static_cast<SeatCount>(from.integer("seats", 1, kMostSeats).value_or(0));
  problem.contest.blank = static_cast<Votes>(
      from.optional_integer("blank", 0, std::int64_t{kMostVotes}).value_or(0));
  problem.overhang = from.optional_boolean("overhang").value_or(false);
  read_threshold(from, rules.threshold);
  read_dutch(from, rules.dutch);
  if (const auto ties = from.optional_string("ties")) {
    if (*ties == "more-votes-then-lot") {
      rules.ties = TieRule::more_votes_then_lot;
    } else if (*ties != "lot") {
      bad(from.pointer("ties"), "'" + *ties + "' is not a way to break ties",
          "use \"lot\" or \"more-votes-then-lot\"");
    }
  }
  if (const Json* votes = from.optional_array("votes")) {
    read_short_lists(from, *votes, problem.contest);
  } else if (const Json* lists = from.array("lists")) {
    for (std::size_t i = 0; i < lists->items().size(); ++i)
      problem.contest.lists.push_back(read_list(
          lists->items()[i], from.pointer("lists") + "/" + std::to_string(i)));
  }
  if (const Json* drawings = from.optional_array("drawings")) {
    for (std::size_t i = 0; i < drawings->items().size(); ++i)
      problem.drawings.push_back(read_drawing(
          drawings->items()[i], from.pointer("drawings") + "/" + std::to_string(i)));
  }
  from.finish();
  return problem;
}

}  // namespace

Problem read_problem(const Json& json, const std::string& file,
                     const std::string& pointer, Report& report) {
  return ProblemReader(file, report).read(json, pointer);
}

std::vector<Drawing> read_drawings(const Json& json, const std::string& file,
                                   const std::string& pointer, Report& report) {
  ProblemReader reader(file, report);
  std::vector<Drawing> out;
  for (std::size_t i = 0; i < json.items().size(); ++i)
    out.push_back(
        reader.read_drawing(json.items()[i], pointer + "/" + std::to_string(i)));
  return out;
}

Contest read_lists(std::string text, const std::string& file, Report& report) {
  const base::CsvTable table = base::parse_csv(std::move(text), file, report);
  Contest contest;
  if (table.header().empty()) return contest;
  const auto column = [&](std::string_view name, bool required) {
    const auto at = table.column(name);
    if (!at && required)
      report.problem(errors::bad_problem, Place{file, 1, std::string(name)},
                     "the table has no column '" + std::string(name) + "'",
                     "name the columns list,votes in the first row");
    return at;
  };
  const auto name = column("list", true), votes = column("votes", true);
  if (!name || !votes) return contest;
  const auto alliance = column("alliance", false);
  const auto candidates = column("candidates", false);
  const auto districts = column("districts_won", false);
  const auto count = [&](std::size_t row, std::size_t at, std::uint64_t high) {
    auto value = base::parse_count(table.cell(row, at), high);
    if (value) return *value;
    report.add(value.error(), table.place(row, table.header()[at]));
    return std::uint64_t{0};
  };
  for (std::size_t row = 0; row < table.rows(); ++row) {
    List list;
    list.name = table.cell(row, *name);
    list.votes = count(row, *votes, kMostVotes);
    if (alliance) list.alliance = table.cell(row, *alliance);
    if (candidates && !table.cell(row, *candidates).empty())
      list.candidates = static_cast<SeatCount>(count(row, *candidates, kMostSeats));
    if (districts && !table.cell(row, *districts).empty())
      list.districts_won = static_cast<SeatCount>(count(row, *districts, kMostSeats));
    contest.lists.push_back(std::move(list));
  }
  return contest;
}

Result<Allocation> solve(const Problem& problem) {
  if (problem.overhang)
    return allocate_with_overhang(problem.contest, problem.rules, problem.drawings);
  return allocate(problem.contest, problem.rules, problem.drawings);
}

}  // namespace urna::seats
