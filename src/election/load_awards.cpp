// The awards of election.json: how votes become seats, as data. What the methods do
// is in urna::seats; here it is checked that they fit the contests and that all seats
// add up.
#include "base/errors.hpp"
#include "election/loading.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include <fmt/format.h>

namespace urna::election {
namespace {

constexpr std::size_t kMaxAwards = 1000;
constexpr std::string_view kPlurality = "plurality";

base::Place at(std::string pointer) {
  return {std::string(kHeaderFile), 0, std::move(pointer)};
}

// A choice among words; reported and nullopt for any other word.
template <class T>
std::optional<T> choice(Loading& loading, const std::optional<std::string>& word,
                        const std::string& pointer,
                        std::initializer_list<std::pair<std::string_view, T>> words) {
  if (!word) return std::nullopt;
  std::string known;
  for (const auto& [name, value] : words) {
    if (name == *word) return value;
    known += fmt::format("{}\"{}\"", known.empty() ? "" : ", ", name);
  }
  loading.report.problem(
      errors::bad_value, at(pointer),
      fmt::format("{} is not possible here", base::json_quoted(*word)),
      fmt::format("use one of {}", known));
  return std::nullopt;
}

// References among awards, resolved when all are read.
struct Pending {
  std::optional<std::string> direct;
  std::optional<std::string> or_won_in;
};

class AwardReader {
 public:
  AwardReader(Loading& loading, std::size_t index, const base::Json& value)
      : loading_(loading),
        pointer_(fmt::format("/awards/{}", index)),
        reader_(value, std::string(kHeaderFile), pointer_, loading.report) {}

  Award run(Pending& pending) {
    Award award;
    award.code = json_code(loading_, reader_.string("code"), reader_.pointer("code"));
    award.name =
        json_text(loading_, reader_.any("name"), reader_.pointer("name"), kTitleLimit);
    read_method(award);
    using Scope = Award::Scope;
    award.scope =
        choice<Scope>(loading_, reader_.string("scope"), reader_.pointer("scope"),
                      {{"each", Scope::each}, {"sum", Scope::sum}})
            .value_or(Scope::each);
    award.seats =
        static_cast<std::uint32_t>(reader_.integer("seats", 1, 100'000).value_or(0));
    award.ties = choice<Ties>(loading_, reader_.string("ties"), reader_.pointer("ties"),
                              {{"lot", Ties::lot},
                               {"more-votes-then-lot", Ties::more_votes_then_lot}})
                     .value_or(Ties::lot);
    if (const base::Json* threshold = reader_.optional_object("threshold")) {
      read_threshold(*threshold, award, pending);
    }
    read_first_divisor(award);
    read_direct(award, pending);
    if (const base::Json* parameters = reader_.optional_object("parameters")) {
      award.parameters = *parameters;
    }
    reader_.finish();
    return award;
  }

 private:
  void read_method(Award& award) {
    const auto method = reader_.string("method");
    if (!method) return;
    award.method = *method;
    const auto& known = award_methods();
    if (std::ranges::find(known, *method) != known.end()) return;
    std::string names;
    for (const auto name : known) {
      names += fmt::format("{}{}", names.empty() ? "" : ", ", name);
    }
    loading_.report.problem(
        errors::unknown_method, at(reader_.pointer("method")),
        fmt::format("{} is not a seat method", base::json_quoted(*method)),
        fmt::format("use one of {}", names));
  }

  void read_threshold(const base::Json& object, Award& award, Pending& pending) {
    base::ObjectReader inner(object, std::string(kHeaderFile),
                             reader_.pointer("threshold"), loading_.report);
    Threshold threshold;
    if (const auto text = inner.string("share")) {
      const auto share = parse_share(*text);
      if (!share || share->numerator > share->denominator) {
        loading_.report.problem(
            errors::bad_value, at(inner.pointer("share")),
            fmt::format("{} is not a share", base::json_quoted(*text)),
            "write an exact fraction such as \"3/100\"");
      } else {
        threshold.share = *share;
      }
    }
    threshold.of =
        choice<ShareOf>(
            loading_, inner.optional_string("of"), inner.pointer("of"),
            {{"valid", ShareOf::valid}, {"valid-and-blank", ShareOf::valid_and_blank}})
            .value_or(ShareOf::valid);
    threshold.more_than = inner.optional_boolean("more_than").value_or(false);
    pending.or_won_in = inner.optional_string("or_won_in");
    threshold.or_seats = static_cast<std::uint32_t>(
        inner.optional_integer("or_seats", 1, 10'000).value_or(1));
    inner.finish();
    award.threshold = threshold;
  }

  void read_first_divisor(Award& award) {
    const auto text = reader_.optional_string("first_divisor");
    if (!text) return;
    const auto share = parse_share(*text);
    if (!share || share->numerator < share->denominator) {
      loading_.report.problem(
          errors::bad_value, at(reader_.pointer("first_divisor")),
          fmt::format("{} is not a divisor of at least 1", base::json_quoted(*text)),
          "write an exact fraction such as \"7/5\"");
    } else {
      award.first_divisor = *share;
    }
    if (award.method == "modified-sainte-lague") return;
    loading_.report.problem(
        errors::bad_value, at(reader_.pointer("first_divisor")),
        fmt::format("{} has no first divisor of its own", award.method),
        "remove the field, or use modified-sainte-lague");
  }

  void read_direct(Award& award, Pending& pending) {
    pending.direct = reader_.optional_string("direct");
    const auto overhang = reader_.optional_string("overhang");
    award.overhang =
        choice<Overhang>(loading_, overhang, reader_.pointer("overhang"),
                         {{"keep", Overhang::keep}, {"grow", Overhang::grow}})
            .value_or(Overhang::keep);
    if (overhang && !pending.direct) {
      loading_.report.problem(errors::bad_value, at(reader_.pointer("overhang")),
                              "only an award that tops up direct seats has overhang",
                              "add \"direct\", or remove the field");
    }
    if (pending.direct && award.scope != Award::Scope::sum) {
      loading_.report.problem(
          errors::bad_value, at(reader_.pointer("direct")),
          "only an award with \"scope\": \"sum\" tops up direct seats",
          "change the scope, or remove the field");
    }
  }

  Loading& loading_;
  std::string pointer_;
  base::ObjectReader reader_;
};

std::optional<AwardIndex> resolve(Loading& loading,
                                  const std::optional<std::string>& code,
                                  AwardIndex own, const std::string& field) {
  if (!code) return std::nullopt;
  const auto found = loading.awards.find(*code);
  if (found != loading.awards.end() && found->second != own) return found->second;
  loading.report.problem(
      errors::unknown_award, at(fmt::format("/awards/{}/{}", own, field)),
      fmt::format("there is no other award {}", base::json_quoted(*code)),
      "use the code of another award of this list");
  return std::nullopt;
}

// Whether following direct and or_won_in from `start` comes back to it.
bool waits_for_itself(const std::vector<Award>& awards, AwardIndex start) {
  std::vector<bool> seen(awards.size(), false);
  std::vector<AwardIndex> open{start};
  while (!open.empty()) {
    const Award& award = awards[open.back()];
    open.pop_back();
    for (const auto next :
         {award.direct, award.threshold ? award.threshold->or_won_in : std::nullopt}) {
      if (!next) continue;
      if (*next == start) return true;
      if (!seen[*next]) open.push_back(*next);
      seen[*next] = true;
    }
  }
  return false;
}

// Joins contests and awards and checks that they fit.
class AwardLinker {
 public:
  explicit AwardLinker(Loading& loading) : loading_(loading), model_(loading.model) {}

  void run() {
    for (ContestIndex i = 0; i < model_.contests.size(); ++i) link(i);
    for (AwardIndex i = 0; i < model_.awards.size(); ++i) check(i);
    check_house();
    check_area_seats();
  }

 private:
  void link(ContestIndex index) {
    Contest& contest = model_.contests[index];
    const Origin& origin = loading_.contest_origin[index];
    std::size_t each = 0;
    for (const std::string_view code : split(loading_.contest_awards[index], ';')) {
      const auto found = loading_.awards.find(code);
      if (found == loading_.awards.end() ||
          std::ranges::find(contest.awards, found->second) != contest.awards.end()) {
        loading_.report.problem(
            errors::unknown_award, origin.place("awards"),
            found == loading_.awards.end()
                ? fmt::format("there is no award {}", base::json_quoted(code))
                : fmt::format("the award {} is named twice", code),
            "use codes of 'awards' in election.json, separated by semicolons");
        continue;
      }
      contest.awards.push_back(found->second);
      Award& award = model_.awards[found->second];
      award.contests.push_back(index);
      if (award.scope == Award::Scope::each) ++each;
      check_fit(contest, award, origin);
    }
    if (contest.seats > 0 && each != 1) {
      loading_.report.problem(errors::seats_not_awarded, origin.place("awards"),
                              fmt::format("{} awards fill the {} seats of {}", each,
                                          contest.seats, contest.code),
                              "name exactly one award with \"scope\": \"each\"");
    }
    if (contest.seats == 0 && each > 0) {
      loading_.report.problem(errors::award_mismatch, origin.place("seats"),
                              fmt::format("{} has no seats to award", contest.code),
                              "write the number of seats, or remove the award");
    }
  }

  void check_fit(const Contest& contest, const Award& award, const Origin& origin) {
    const bool list = contest.kind == ContestKind::list;
    const bool persons =
        contest.kind == ContestKind::plurality || contest.kind == ContestKind::approval;
    const bool by_plurality = award.method == kPlurality;
    const bool fits = award.scope == Award::Scope::each
                          ? (by_plurality ? persons : list)
                          : list || contest.kind == ContestKind::plurality;
    if (fits || award.method.empty()) return;
    loading_.report.problem(
        errors::award_mismatch, origin.place("awards"),
        fmt::format("the award {} ({}) does not fit a contest of kind {}", award.code,
                    award.method, contest_kind_name(contest.kind)),
        "plurality fills the seats of candidates, the other methods those of lists");
  }

  void check(AwardIndex index) {
    Award& award = model_.awards[index];
    const std::string pointer = fmt::format("/awards/{}", index);
    if (award.contests.empty()) {
      if (!loading_.contests_usable) return;
      loading_.report.problem(errors::award_mismatch, at(pointer + "/code"),
                              fmt::format("no contest feeds the award {}", award.code),
                              "name it in the column 'awards' of contests.csv");
      return;
    }
    if (award.scope == Award::Scope::sum) {
      check_sum(index);
      return;
    }
    std::uint64_t seats = 0;
    for (const ContestIndex contest : award.contests) {
      seats += model_.contests[contest].seats;
    }
    if (seats != award.seats) {
      loading_.report.problem(
          errors::seats_sum, at(pointer + "/seats"),
          fmt::format("the award {} fills {} seats, its {} contests have {}",
                      award.code, award.seats, award.contests.size(), seats),
          "correct the number here or the seats of the contests");
    }
  }

  void check_sum(AwardIndex index) {
    Award& award = model_.awards[index];
    const std::string pointer = fmt::format("/awards/{}", index);
    if (award.method == kPlurality) {
      loading_.report.problem(errors::award_mismatch, at(pointer + "/method"),
                              "plurality cannot award the sum of several contests",
                              "use a method for lists, or \"scope\": \"each\"");
    }
    if (award.direct && model_.awards[*award.direct].scope != Award::Scope::each) {
      loading_.report.problem(
          errors::award_mismatch, at(pointer + "/direct"),
          "direct seats come from an award with \"scope\": \"each\"",
          "name the award of the districts");
    }
    if (waits_for_itself(model_.awards, index)) {
      loading_.report.problem(
          errors::award_cycle, at(pointer),
          fmt::format("the award {} needs its own result", award.code),
          "look at 'direct' and 'or_won_in': one of them must go");
    }
    if (award.lists.empty()) derive_lists(index);
    check_lost_votes(index);
  }

  // Without rows in lists.csv, each list code of the feeding contests is one list with
  // all cards it has anywhere.
  void derive_lists(AwardIndex index) {
    Award& award = model_.awards[index];
    std::map<std::string_view, std::size_t> by_code;
    std::map<PartyIndex, std::size_t> by_card;
    for (const ContestIndex contest : award.contests) {
      for (const Contender& contender : model_.contests[contest].contenders) {
        if (contender.parties.empty()) continue;
        const auto [there, fresh] = by_code.emplace(contender.code, award.lists.size());
        if (fresh) award.lists.push_back({contender.code, contender.name, {}, {}});
        for (const PartyIndex card : contender.parties) {
          const auto [owner, first] = by_card.emplace(card, there->second);
          if (first) award.lists[there->second].cards.push_back(card);
          if (owner->second == there->second) continue;
          loading_.report.problem(
              errors::card_twice, loading_.contest_origin[contest].place("awards"),
              fmt::format(
                  "for the award {} the card {} stands for {} in one contest and "
                  "for {} in another",
                  award.code, model_.parties[card].code,
                  award.lists[owner->second].code, contender.code),
              fmt::format(
                  "say in lists.csv, with contest {}, which list each card feeds",
                  award.code));
        }
      }
    }
  }

  void check_lost_votes(AwardIndex index) {
    const Award& award = model_.awards[index];
    std::map<PartyIndex, std::size_t> owner;
    for (std::size_t i = 0; i < award.lists.size(); ++i) {
      for (const PartyIndex card : award.lists[i].cards) owner.emplace(card, i);
    }
    for (const ContestIndex contest : award.contests) {
      for (const Option& option : model_.contests[contest].options) {
        std::set<std::size_t> lists;
        for (const PartyIndex card : option.cards) {
          if (const auto found = owner.find(card); found != owner.end()) {
            lists.insert(found->second);
          }
        }
        if (lists.size() == 1) continue;
        const base::Place place = loading_.contest_origin[contest].place("awards");
        if (lists.empty()) {
          loading_.report.warning(
              errors::votes_lost, place,
              fmt::format("votes for {} in {} count for no list of the award {}",
                          option.code, model_.contests[contest].code, award.code),
              "add its card to a list of the award in lists.csv, or accept it");
        } else {
          loading_.report.problem(
              errors::card_twice, place,
              fmt::format("the joint card {} in {} belongs to {} lists of the award {}",
                          option.code, model_.contests[contest].code, lists.size(),
                          award.code),
              "a joint card must belong to one list as a whole");
        }
      }
    }
  }

  void check_house() {
    std::set<AwardIndex> topped_up;
    for (const Award& award : model_.awards) {
      if (award.direct) topped_up.insert(*award.direct);
    }
    std::uint64_t seats = 0;
    for (AwardIndex i = 0; i < model_.awards.size(); ++i) {
      if (!topped_up.contains(i)) seats += model_.awards[i].seats;
    }
    if (seats == model_.house_seats) return;
    loading_.report.problem(errors::seats_sum, at("/house_seats"),
                            fmt::format("the house has {} seats, the awards fill {}",
                                        model_.house_seats, seats),
                            "correct 'house_seats' or the seats of the awards");
  }

  // The seats that areas.csv declares for an area: those of all contests held in it
  // or in a part of it.
  void check_area_seats() {
    std::vector<std::uint64_t> sums(model_.areas.size(), 0);
    for (const Contest& contest : model_.contests) {
      if (contest.area >= loading_.area_within.size()) continue;
      for (const AreaIndex area : loading_.area_within[contest.area]) {
        sums[area] += contest.seats;
      }
    }
    for (std::size_t i = 0; i < sums.size(); ++i) {
      const auto declared = loading_.area_seats[i];
      if (!declared || *declared == sums[i]) continue;
      loading_.report.problem(
          errors::seats_sum, loading_.area_origin[i].place("seats"),
          fmt::format("{} should have {} seats, the contests in it have {}",
                      model_.areas[i].code, *declared, sums[i]),
          "correct the number here or the seats of the contests");
    }
  }

  Loading& loading_;
  Model& model_;
};

}  // namespace

void load_awards(Loading& loading) {
  const base::Json* list = loading.header.find("awards");
  if (list == nullptr || !list->is_array()) return;
  if (list->items().size() > kMaxAwards) {
    loading.report.problem(
        errors::too_many, at("/awards"),
        fmt::format("{} awards; at most {}", list->items().size(), kMaxAwards));
    return;
  }
  std::vector<Pending> pending(list->items().size());
  for (std::size_t i = 0; i < list->items().size(); ++i) {
    const base::Json& value = list->items()[i];
    loading.model.awards.push_back(AwardReader(loading, i, value).run(pending[i]));
    const base::Json* code = value.find("code");
    if (code == nullptr || code->if_string() == nullptr) continue;
    const std::string pointer = fmt::format("/awards/{}/code", i);
    if (!is_code(*code->if_string())) continue;
    claim_code(loading, loading.awards, *code->if_string(), static_cast<AwardIndex>(i),
               at(pointer), "an award");
    if (loading.contests.contains(*code->if_string())) {
      loading.report.problem(errors::duplicate_code, at(pointer),
                             fmt::format("there is already a contest with the code {}",
                                         *code->if_string()),
                             "contests and awards share their codes: change one");
    }
  }
  for (AwardIndex i = 0; i < pending.size(); ++i) {
    Award& award = loading.model.awards[i];
    award.direct = resolve(loading, pending[i].direct, i, "direct");
    if (award.threshold) {
      award.threshold->or_won_in =
          resolve(loading, pending[i].or_won_in, i, "threshold/or_won_in");
    }
  }
}

void link_awards(Loading& loading) {
  AwardLinker(loading).run();
}

}  // namespace urna::election
