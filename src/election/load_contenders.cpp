// lists.csv and candidates.csv: who stands in each contest, and from that the options
// of the ballot. A list may also stand in a `sum` award (a national list that no voter
// sees on a ballot but that wins seats by the votes of its cards elsewhere).
#include "base/errors.hpp"
#include "election/loading.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

namespace urna::election {
namespace {

constexpr std::size_t kMaxOptions = 1000;

// A contender while its rows are gathered.
struct Draft {
  Contender contender;
  std::vector<std::vector<PartyIndex>> groups;  // the cards of each option
  std::vector<std::pair<std::uint64_t, ListCandidate>> positions;
  Origin origin;
};

// The contest or `sum` award that a row belongs to.
struct Target {
  bool award = false;
  std::uint32_t index = 0;
  friend auto operator<=>(const Target&, const Target&) = default;
};

class ContenderReader {
 public:
  explicit ContenderReader(Loading& loading) : loading_(loading) {}

  void run() {
    read_lists();
    read_candidates();
    for (ContestIndex i = 0; i < loading_.model.contests.size(); ++i) finish_contest(i);
    for (AwardIndex i = 0; i < loading_.model.awards.size(); ++i) finish_award(i);
    check_unused_parties();
  }

 private:
  enum ListColumn : std::size_t { kListContest, kListCode, kListCards };
  enum CandidateColumn : std::size_t { kContest, kList, kPosition, kCode, kCards };

  std::optional<Target> target(const Rows& rows, std::size_t row) {
    const std::string_view code = rows.cell(row, 0);
    if (const auto found = loading_.contests.find(code);
        found != loading_.contests.end()) {
      return Target{false, found->second};
    }
    if (const auto found = loading_.awards.find(code); found != loading_.awards.end()) {
      if (loading_.model.awards[found->second].scope == Award::Scope::sum) {
        return Target{true, found->second};
      }
    }
    if (loading_.contests_usable) {
      loading_.report.problem(
          errors::unknown_contest, rows.place(row, "contest"),
          fmt::format("there is no contest {}", base::json_quoted(code)),
          "use a code of contests.csv, or of an award with \"scope\": \"sum\"");
    }
    return std::nullopt;
  }

  bool is_list(const Target& target) const {
    return target.award ||
           loading_.model.contests[target.index].kind == ContestKind::list;
  }

  // "A;B+C" as options: A alone, B and C on one joint card.
  std::vector<std::vector<PartyIndex>> cards(const Rows& rows, std::size_t row,
                                             std::size_t column) {
    std::vector<std::vector<PartyIndex>> groups;
    std::set<PartyIndex> seen;
    for (const std::string_view joint : split(rows.cell(row, column), ';')) {
      std::vector<PartyIndex> group;
      for (const std::string_view code : split(joint.empty() ? "?" : joint, '+')) {
        const auto found = loading_.parties.find(code);
        if (found == loading_.parties.end()) {
          if (!loading_.parties_usable) continue;
          loading_.report.problem(
              errors::unknown_party, rows.place(row, "cards"),
              fmt::format("there is no party {}",
                          base::json_quoted(joint.empty() ? joint : code)),
              "use codes of parties.csv: A;B for two cards, A+B for one joint card");
        } else if (!seen.insert(found->second).second) {
          loading_.report.problem(errors::card_twice, rows.place(row, "cards"),
                                  fmt::format("the card {} is named twice", code),
                                  "remove one");
        } else {
          group.push_back(found->second);
        }
      }
      if (!group.empty()) groups.push_back(std::move(group));
    }
    return groups;
  }

  void read_lists() {
    const auto rows =
        Rows::open(loading_, "lists.csv", {{"contest"}, {"code"}, {"cards", false}},
                   {"name"}, true);
    lists_usable_ = rows.has_value() || loading_.file("lists.csv") == nullptr;
    if (!rows) return;
    for (std::size_t row = 0; row < rows->size(); ++row) read_list(*rows, row);
  }

  void read_list(const Rows& rows, std::size_t row) {
    const auto where = target(rows, row);
    const std::string_view code = rows.code(loading_, row, kListCode, "code");
    Draft draft;
    draft.contender.code = code;
    draft.groups = cards(rows, row, kListCards);
    draft.origin = {"lists.csv", rows.place(row, "").line};
    const auto party = loading_.parties.find(code);
    const auto alliance = loading_.alliances.find(code);
    const bool known =
        party != loading_.parties.end() || alliance != loading_.alliances.end();
    draft.contender.name = rows.text(loading_, row, 0, !known, kTitleLimit);
    if (party != loading_.parties.end()) {
      if (draft.contender.name.empty()) {
        draft.contender.name = loading_.model.parties[party->second].name;
      }
      if (rows.cell(row, kListCards).empty()) draft.groups = {{party->second}};
    } else if (alliance != loading_.alliances.end()) {
      const Alliance& allied = loading_.model.alliances[alliance->second];
      if (draft.contender.name.empty()) draft.contender.name = allied.name;
      if (rows.cell(row, kListCards).empty()) {
        for (const PartyIndex one : allied.parties) draft.groups.push_back({one});
      }
    }
    if (draft.groups.empty() && rows.cell(row, kListCards).empty() && where &&
        where->award) {
      loading_.report.problem(
          errors::unknown_party, rows.place(row, "cards"),
          "a list of an award lives from the votes of its cards, and has none",
          "name its cards, or use the code of a party or an alliance");
    }
    if (!where) return;
    if (!is_list(*where)) {
      loading_.report.problem(
          errors::cells_for_kind, rows.place(row, "contest"),
          fmt::format("the contest {} is not a list contest", rows.cell(row, 0)),
          "put its candidates in candidates.csv");
      return;
    }
    add(*where, std::move(draft), rows.place(row, "code"), "a list");
  }

  void read_candidates() {
    const auto rows = Rows::open(loading_, "candidates.csv",
                                 {{"contest"},
                                  {"list", false},
                                  {"position", false},
                                  {"code", false},
                                  {"cards", false}},
                                 {"name"}, true);
    if (!rows) return;
    for (std::size_t row = 0; row < rows->size(); ++row) {
      const auto where = target(*rows, row);
      Text name = rows->text(loading_, row, 0, true, kTitleLimit);
      if (!where) continue;
      if (is_list(*where)) {
        read_list_candidate(*rows, row, *where, std::move(name));
      } else {
        read_candidate(*rows, row, *where, std::move(name));
      }
    }
  }

  void refuse_cell(const Rows& rows, std::size_t row, std::size_t column,
                   std::string_view name, std::string_view why) {
    if (rows.cell(row, column).empty()) return;
    loading_.report.problem(errors::cells_for_kind, rows.place(row, name),
                            std::string(why), "leave the cell empty");
  }

  void read_candidate(const Rows& rows, std::size_t row, const Target& where,
                      Text name) {
    if (loading_.model.contests[where.index].kind == ContestKind::question) {
      loading_.report.problem(errors::cells_for_kind, rows.place(row, "contest"),
                              "a question has the answers YES and NO, not candidates",
                              "remove the row, or change the kind of the contest");
      return;
    }
    refuse_cell(rows, row, kList, "list", "this contest has no lists");
    refuse_cell(rows, row, kPosition, "position",
                "candidates of this contest have no position; their order is that of "
                "the rows");
    Draft draft;
    draft.contender.code = rows.code(loading_, row, kCode, "code");
    draft.contender.name = std::move(name);
    draft.groups = cards(rows, row, kCards);
    draft.origin = {"candidates.csv", rows.place(row, "").line};
    add(where, std::move(draft), rows.place(row, "code"), "a candidate");
  }

  void read_list_candidate(const Rows& rows, std::size_t row, const Target& where,
                           Text name) {
    refuse_cell(rows, row, kCards, "cards", "the cards of a list stand in lists.csv");
    ListCandidate candidate;
    candidate.name = std::move(name);
    if (!rows.cell(row, kCode).empty()) {
      candidate.code = rows.code(loading_, row, kCode, "code");
    }
    const auto position = rows.number(loading_, row, kPosition, "position", 1, 10'000);
    if (!position && rows.cell(row, kPosition).empty()) {
      loading_.report.problem(errors::list_positions, rows.place(row, "position"),
                              "the position on the list is missing",
                              "number the candidates of each list 1, 2, 3 ...");
    }
    const std::string_view code = rows.cell(row, kList);
    const auto known = codes_[where].find(std::string(code));
    if (known == codes_[where].end()) {
      if (!lists_usable_) return;
      loading_.report.problem(errors::unknown_list, rows.place(row, "list"),
                              fmt::format("{} has no list {}", rows.cell(row, kContest),
                                          base::json_quoted(code)),
                              "add the list to lists.csv, or correct the code");
      return;
    }
    if (!position) return;
    Draft& draft = drafts_[where][known->second];
    const std::uint64_t next = draft.positions.size() + 1;
    if (*position != next) {
      loading_.report.problem(
          errors::list_positions, rows.place(row, "position"),
          fmt::format("position {} where {} comes next on the list {}", *position, next,
                      code),
          "write the candidates of each list in order: 1, 2, 3 ...");
    }
    draft.positions.emplace_back(*position, std::move(candidate));
  }

  void add(const Target& where, Draft draft, const base::Place& place,
           std::string_view what) {
    if (draft.contender.code.empty()) return;
    auto& drafts = drafts_[where];
    if (!codes_[where].emplace(draft.contender.code, drafts.size()).second) {
      loading_.report.problem(
          errors::duplicate_code, place,
          fmt::format("there is already {} with the code {} in this contest", what,
                      draft.contender.code),
          "give each its own code, or remove the repetition");
      return;
    }
    drafts.push_back(std::move(draft));
  }

  // The candidates of a list in order; reports too many or too few for the seats.
  std::vector<ListCandidate> finish_list(Draft& draft, std::uint32_t seats) {
    std::vector<ListCandidate> out;
    for (auto& [position, candidate] : draft.positions) {
      out.push_back(std::move(candidate));
    }
    const std::size_t most = std::size_t{seats} + loading_.model.substitutes;
    if (seats > 0 && out.size() > most) {
      loading_.report.problem(
          errors::list_long, draft.origin.place("code"),
          fmt::format("the list {} has {} candidates; {} seats and {} substitutes are "
                      "allowed",
                      draft.contender.code, out.size(), seats,
                      loading_.model.substitutes),
          "shorten the list, or raise 'substitutes' in election.json");
    } else if (out.size() < seats) {
      loading_.report.warning(
          errors::list_short, draft.origin.place("code"),
          fmt::format("the list {} has {} candidates for {} seats",
                      draft.contender.code, out.size(), seats),
          "add candidates, or accept that seats it wins beyond them stay empty");
    }
    return out;
  }

  void finish_contest(ContestIndex index) {
    Contest& contest = loading_.model.contests[index];
    if (contest.kind == ContestKind::question) {
      finish_question(index);
      return;
    }
    auto& drafts = drafts_[Target{false, index}];
    for (Draft& draft : drafts) {
      if (contest.kind == ContestKind::list) {
        draft.contender.candidates = finish_list(draft, contest.seats);
      }
    }
    build_options(index, drafts);
    check_contest(index, drafts);
  }

  void finish_question(ContestIndex index) {
    Contest& contest = loading_.model.contests[index];
    const Model& model = loading_.model;
    if (model.yes.empty() || model.no.empty()) {
      loading_.report.problem(
          errors::text_missing, {std::string(kHeaderFile), 0, "/answers"},
          fmt::format("the question {} needs the words for its answers", contest.code),
          "add \"answers\": {\"yes\": {...}, \"no\": {...}}");
    }
    for (const auto& [code, name] :
         {std::pair{"YES", &model.yes}, std::pair{"NO", &model.no}}) {
      const auto own = static_cast<std::uint32_t>(contest.options.size());
      contest.contenders.push_back({code, *name, {}, {}, {own}});
      contest.options.push_back({code, own, {}});
    }
  }

  void build_options(ContestIndex index, std::vector<Draft>& drafts) {
    Contest& contest = loading_.model.contests[index];
    const Model& model = loading_.model;
    for (Draft& draft : drafts) {
      const auto own = static_cast<ContenderIndex>(contest.contenders.size());
      if (draft.groups.empty()) draft.groups.emplace_back();
      for (auto& group : draft.groups) {
        for (const PartyIndex card : group) {
          draft.contender.parties.push_back(card);
          used_.insert(card);
        }
        const bool only = draft.groups.size() == 1 || group.empty();
        contest.options.push_back(
            {only ? draft.contender.code : model.parties[group.front()].code, own,
             std::move(group)});
      }
      contest.contenders.push_back(std::move(draft.contender));
    }
    if (loading_.contest_by_party[index]) {
      std::ranges::sort(contest.options, {}, [](const Option& option) {
        return std::pair{option.cards.empty() ? UINT32_MAX : option.cards.front(),
                         option.contender};
      });
    }
    for (OptionIndex i = 0; i < contest.options.size(); ++i) {
      contest.contenders[contest.options[i].contender].options.push_back(i);
    }
    if (contest.limit == 0) {  // approval without a number: any of them
      contest.limit = static_cast<std::uint32_t>(contest.options.size());
    }
  }

  void check_contest(ContestIndex index, const std::vector<Draft>& drafts) {
    const Contest& contest = loading_.model.contests[index];
    const Origin& origin = loading_.contest_origin[index];
    const std::size_t count = contest.options.size();
    if (count == 0) {
      if (!lists_usable_) return;
      loading_.report.problem(
          errors::few_options, origin.place("code"),
          fmt::format("nobody stands in the contest {}", contest.code),
          contest.kind == ContestKind::list ? "add its lists to lists.csv"
                                            : "add its candidates to candidates.csv");
      return;
    }
    if (count > kMaxOptions) {
      loading_.report.problem(
          errors::too_many_options, origin.place("code"),
          fmt::format("the contest {} has {} options; at most {} fit on sheets",
                      contest.code, count, kMaxOptions),
          "split the contest");
    }
    if (contest.limit > count) {
      loading_.report.problem(
          errors::bad_limit, origin.place("limit"),
          fmt::format("{} votes for {} options", contest.limit, count),
          "lower the limit, or add the candidates that are missing");
    }
    if (contest.kind == ContestKind::plurality &&
        contest.contenders.size() < contest.seats) {
      loading_.report.warning(
          errors::few_candidates, origin.place("seats"),
          fmt::format("{} candidates for {} seats", contest.contenders.size(),
                      contest.seats),
          "seats will stay empty; check whether candidates are missing");
    }
    check_option_codes(contest, drafts);
    check_cards(contest, drafts);
    check_names(contest, drafts);
  }

  void check_option_codes(const Contest& contest, const std::vector<Draft>& drafts) {
    std::set<std::string_view> seen;
    for (const Option& option : contest.options) {
      if (seen.insert(option.code).second) continue;
      loading_.report.problem(
          errors::duplicate_code, drafts[option.contender].origin.place("code"),
          fmt::format("two options of {} have the code {}", contest.code, option.code),
          "a candidate with several cards has one option for each card, with the "
          "card's code: change the code of the other candidate or party");
    }
  }

  // With one vote a card stands for one contender. With several votes a party may have
  // as many candidates as it likes.
  void check_cards(const Contest& contest, const std::vector<Draft>& drafts) {
    if (contest.kind == ContestKind::approval || contest.limit > 1) return;
    std::map<PartyIndex, ContenderIndex> seen;
    for (const Option& option : contest.options) {
      for (const PartyIndex card : option.cards) {
        const auto [there, fresh] = seen.emplace(card, option.contender);
        if (fresh) continue;
        loading_.report.problem(errors::card_twice,
                                drafts[option.contender].origin.place("cards"),
                                fmt::format("the card {} stands for {} and for {}",
                                            loading_.model.parties[card].code,
                                            contest.contenders[there->second].code,
                                            contest.contenders[option.contender].code),
                                "a card can back one of them only");
      }
    }
  }

  void check_names(const Contest& contest, const std::vector<Draft>& drafts) {
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < contest.contenders.size(); ++i) {
      const std::string_view name = contest.contenders[i].name.in(0);
      if (name.empty() || seen.insert(name).second) continue;
      loading_.report.warning(
          errors::same_name, drafts[i].origin.place("name"),
          fmt::format("two contenders of {} are called {}", contest.code,
                      base::json_quoted(name)),
          "add what tells them apart, or join them in one row with several cards");
    }
  }

  void finish_award(AwardIndex index) {
    Award& award = loading_.model.awards[index];
    std::map<PartyIndex, std::size_t> seen;
    for (Draft& draft : drafts_[Target{true, index}]) {
      AwardList list;
      list.candidates = finish_list(draft, award.seats);
      list.code = draft.contender.code;
      list.name = draft.contender.name;
      for (const auto& group : draft.groups) {
        for (const PartyIndex card : group) {
          const auto [there, fresh] = seen.emplace(card, award.lists.size());
          if (fresh) {
            list.cards.push_back(card);
            continue;
          }
          loading_.report.problem(
              errors::card_twice, draft.origin.place("cards"),
              fmt::format("the votes of card {} would go to {} and to {}",
                          loading_.model.parties[card].code,
                          award.lists[there->second].code, list.code),
              "a card can feed one list of an award only");
        }
      }
      award.lists.push_back(std::move(list));
    }
  }

  void check_unused_parties() {
    if (!lists_usable_ || !loading_.contests_usable) return;
    for (PartyIndex i = 0; i < loading_.model.parties.size(); ++i) {
      if (used_.contains(i)) continue;
      loading_.report.warning(
          errors::party_unused, loading_.party_origin[i].place("code"),
          fmt::format("the party {} has no card in any contest",
                      loading_.model.parties[i].code),
          "name it in the column 'cards' of a candidate or list, or remove it");
    }
  }

  Loading& loading_;
  std::map<Target, std::vector<Draft>> drafts_;
  std::map<Target, std::unordered_map<std::string, std::size_t>> codes_;
  std::set<PartyIndex> used_;
  bool lists_usable_ = false;
};

}  // namespace

void load_contenders(Loading& loading) {
  ContenderReader(loading).run();
}

}  // namespace urna::election
