// contests.csv: what is voted on, where, with how many votes for how many seats.
#include "base/errors.hpp"
#include "election/loading.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::election {
namespace {

constexpr std::size_t kMaxContests = 20'000;
constexpr std::uint64_t kMaxLimit = 1000;
constexpr std::uint64_t kMaxContestSeats = 10'000;

enum Column : std::size_t { kCode, kKind, kArea, kLimit, kSeats, kAwards, kOrder };
enum TextColumn : std::size_t { kTitle, kText };

std::optional<ContestKind> kind_from(std::string_view name) {
  for (const ContestKind kind : {ContestKind::plurality, ContestKind::list,
                                 ContestKind::question, ContestKind::approval}) {
    if (contest_kind_name(kind) == name) return kind;
  }
  return std::nullopt;
}

void read_kind(Loading& loading, const Rows& rows, std::size_t row, Contest& contest) {
  const std::string_view name = rows.cell(row, kKind);
  if (const auto kind = kind_from(name)) {
    contest.kind = *kind;
    return;
  }
  loading.report.problem(
      errors::unknown_contest_kind, rows.place(row, "kind"),
      fmt::format("{} is not a kind of contest", base::json_quoted(name)),
      "use plurality, list, question or approval");
}

void read_area(Loading& loading, const Rows& rows, std::size_t row, Contest& contest) {
  contest.area = static_cast<AreaIndex>(loading.model.areas.size());  // none
  const std::string_view code = rows.cell(row, kArea);
  if (const auto found = loading.areas.find(code); found != loading.areas.end()) {
    contest.area = found->second;
  } else if (loading.areas_usable) {
    loading.report.problem(errors::unknown_area, rows.place(row, "area"),
                           fmt::format("there is no area {}", base::json_quoted(code)),
                           "use the code of the area whose voters decide this");
  }
}

// How many options a voter may choose. Approval without a number: all of them (the
// number is filled in when the options are known).
void read_limit(Loading& loading, const Rows& rows, std::size_t row, Contest& contest) {
  const auto limit = rows.number(loading, row, kLimit, "limit", 1, kMaxLimit);
  contest.limit = static_cast<std::uint32_t>(
      limit.value_or(contest.kind == ContestKind::approval ? 0 : 1));
  const bool single =
      contest.kind == ContestKind::list || contest.kind == ContestKind::question;
  if (single && contest.limit > 1) {
    loading.report.problem(errors::bad_limit, rows.place(row, "limit"),
                           fmt::format("a {} has one vote, not {}",
                                       contest_kind_name(contest.kind), contest.limit),
                           "write 1, or leave the cell empty");
    contest.limit = 1;
  }
}

void read_order(Loading& loading, const Rows& rows, std::size_t row) {
  const std::string_view order = rows.cell(row, kOrder);
  loading.contest_by_party.push_back(order == "parties");
  if (order.empty() || order == "parties" || order == "rows") return;
  loading.report.problem(errors::bad_value, rows.place(row, "order"),
                         fmt::format("{} is not an order", base::json_quoted(order)),
                         "write rows (as candidates.csv lists them) or parties (as "
                         "parties.csv lists their cards)");
}

}  // namespace

void load_contests(Loading& loading) {
  const auto rows = Rows::open(loading, "contests.csv",
                               {{"code"},
                                {"kind"},
                                {"area"},
                                {"limit", false},
                                {"seats", false},
                                {"awards", false},
                                {"order", false}},
                               {"title", "text"}, false);
  if (!rows) return;
  loading.contests_usable = true;
  if (rows->size() == 0 || rows->size() > kMaxContests) {
    loading.report.problem(
        rows->size() == 0 ? errors::few_options : errors::too_many,
        {"contests.csv", 0, {}}, fmt::format("the table has {} contests", rows->size()),
        fmt::format("an election has 1 to {} contests", kMaxContests));
    return;
  }
  Model& model = loading.model;
  for (std::size_t row = 0; row < rows->size(); ++row) {
    const std::string_view code = rows->code(loading, row, kCode, "code");
    const bool mine = claim_code(loading, loading.contests, code,
                                 static_cast<ContestIndex>(model.contests.size()),
                                 rows->place(row, "code"), "a contest");
    Contest contest;
    contest.code = code;
    read_kind(loading, *rows, row, contest);
    read_area(loading, *rows, row, contest);
    contest.title = rows->text(loading, row, kTitle, true, kTitleLimit);
    contest.text = rows->text(loading, row, kText,
                              contest.kind == ContestKind::question, kTextLimit, true);
    read_limit(loading, *rows, row, contest);
    contest.seats = static_cast<std::uint32_t>(
        rows->number(loading, row, kSeats, "seats", 0, kMaxContestSeats).value_or(0));
    if (contest.kind == ContestKind::question && contest.seats > 0) {
      loading.report.problem(errors::seats_sum, rows->place(row, "seats"),
                             "a question fills no seats", "leave the cell empty");
    }
    if (!mine) continue;
    read_order(loading, *rows, row);
    loading.contest_awards.push_back(rows->cell(row, kAwards));
    loading.contest_origin.push_back({"contests.csv", rows->place(row, "").line});
    model.contests.push_back(std::move(contest));
  }
}

}  // namespace urna::election
