#include "count/text_report.hpp"

#include "base/encoding.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::count {
namespace {

constexpr std::size_t kFullContests = 6;  // more than these are listed in one line
constexpr std::size_t kConflictsShown = 20;
constexpr std::size_t kNoticesShown = 10;

// Characters on the screen, not bytes.
std::size_t width(std::string_view text) {
  std::size_t n = 0;
  for (const char c : text)
    if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) ++n;
  return n;
}

std::string padded(std::string text, std::size_t to) {
  std::size_t has = width(text);
  if (has > to) {  // shortened at a character, with an ellipsis
    while (width(text) >= to ||
           (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U)
      text.pop_back();
    text += "…";
    has = to;
  }
  return text + std::string(to - has, ' ');
}

std::string bar(std::uint64_t part, std::uint64_t whole, std::size_t columns) {
  if (whole == 0) return {};
  const seats::Fraction eighths =
      seats::Fraction(part, whole).times(seats::Fraction(columns * 8));
  auto n = static_cast<std::size_t>(eighths.rounded());
  if (n == 0 && part > 0) n = 1;
  std::string out;
  for (std::size_t i = 0; i < n / 8; ++i) out += "█";
  static constexpr const char* kParts[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  return out + kParts[n % 8];
}

// A bar that shows what is left to do, too.
std::string progress(std::uint64_t part, std::uint64_t whole, std::size_t columns) {
  std::string out = bar(part, whole, columns);
  for (std::size_t i = width(out); i < columns; ++i) out += "░";
  return out;
}

class TextReport {
 public:
  TextReport(const Count& count, const TextOptions& options)
      : count_(count),
        options_(options),
        say_(count, options.language),
        area_(options.area.value_or(count.definition.root())) {}

  std::string write();

 private:
  void heading();
  void completeness();
  void boxes();
  void conflicts();
  void notices();
  void contests();
  void contest_in_full(const ContestBound& bound);
  void contest_in_short(const ContestBound& bound);
  void house();
  void awards();
  void areas();
  void line(std::string text = {}) { out_ += text + "\n"; }
  void section(std::string_view title) {
    line();
    line(std::string(title));
    std::string rule;
    for (std::size_t i = 0; i < width(title); ++i) rule += "─";
    line(rule);
  }

  const Count& count_;
  const TextOptions& options_;
  Speech say_;
  election::AreaIndex area_;
  std::string out_;
};

void TextReport::heading() {
  const election::Model& model = count_.definition.model();
  line(std::string(say_(model.name)));
  line(say_.date(model.day.date));
  if (model.mode == election::Mode::demo)
    line("! " + std::string(say_(Word::demo_mode)));
  if (model.mode == election::Mode::test)
    line("! " + std::string(say_(Word::test_mode)));
  if (!count_.hypothetical.empty())
    line(fmt::format("! {}: {}", say_(Word::hypothetical), say_(count_.hypothetical)));
  if (!model.notice.empty()) line(std::string(say_(model.notice)));
}

void TextReport::completeness() {
  line();
  line(say_.completeness());
  const std::uint64_t counted =
      count_.in_state(StationState::counted) + count_.in_state(StationState::partial);
  line(progress(counted, count_.stations.size(), 60));
  std::string rest;
  const auto item = [&](StationState state, Word label) {
    const std::uint64_t n = count_.in_state(state);
    if (n == 0) return;
    rest +=
        fmt::format("{}{} {}", rest.empty() ? "" : " · ", say_.number(n), say_(label));
  };
  item(StationState::missing, Word::missing);
  item(StationState::conflict, Word::in_conflict);
  item(StationState::partial, Word::partial);
  item(StationState::set_aside, Word::set_aside);
  if (!rest.empty()) line(rest);
  const election::AreaFigures& figures = count_.totals.figures(area_);
  std::uint64_t ballots = 0;
  for (const Station& station : count_.stations) ballots += station.ballots;
  if (area_ == count_.definition.root()) {
    const auto roll = count_.definition.areas()[area_].registered;
    line(fmt::format("{}: {}", say_(Word::registered),
                     say_.number(roll.value_or(figures.registered))));
    line(fmt::format("{}: {}", say_(Word::ballots), say_.number(ballots)));
    if (figures.not_stated_counted == 0 && figures.registered_counted > 0)
      line(fmt::format("{}: {}", say_(Word::turnout),
                       say_.percent(ballots, figures.registered_counted)));
  }
  boxes();
}

// The papers themselves: how many boxes people have opened and counted.
void TextReport::boxes() {
  const std::uint64_t counted = count_.boxes(BoxState::counted);
  const std::uint64_t waiting = count_.boxes(BoxState::not_yet_counted);
  if (counted + waiting == 0) return;
  std::string text =
      fmt::format("{}: {}", say_(Word::boxes_counted), say_.number(counted));
  if (waiting > 0)
    text += fmt::format(" · {}: {}", say_(Word::boxes_not_yet_counted),
                        say_.number(waiting));
  line(std::move(text));
}

void TextReport::conflicts() {
  if (count_.conflicts.empty()) return;
  section(say_(Word::conflicts));
  std::size_t shown = 0;
  for (const Conflict& conflict : count_.conflicts) {
    if (++shown > kConflictsShown) {
      line(fmt::format("… + {}", count_.conflicts.size() - kConflictsShown));
      break;
    }
    line(fmt::format("U{} {} {} ({})", conflict.kind.number, say_(Word::station),
                     conflict.station_code.empty() ? "–" : conflict.station_code,
                     say_(conflict.decision ? Word::decided : Word::open_conflict)));
    line("   " + std::string(say_(conflict.message)));
    for (const std::uint32_t d : conflict.documents)
      line("   " + base::to_hex(ByteView(count_.documents.all()[d].digest)) + "  " +
           count_.documents.place(count_.documents.all()[d]));
    if (conflict.decision) {
      const Decision& decision = count_.decisions.decisions[*conflict.decision];
      line(fmt::format("   {} {} ({}): {}", say_(Word::decided_by),
                       fmt::join(decision.decided_by, ", "), decision.date,
                       decision.reason));
    } else if (!conflict.to_do.empty()) {
      line("   -> " + std::string(say_(conflict.to_do)));
    }
  }
}

void TextReport::notices() {
  if (count_.notices.empty()) return;
  section(say_(Word::notices));
  std::size_t shown = 0;
  for (const Notice& notice : count_.notices) {
    if (++shown > kNoticesShown) {
      line(fmt::format("… + {}", count_.notices.size() - kNoticesShown));
      break;
    }
    line(fmt::format(
        "U{} {}{}", notice.kind.number,
        notice.station ? count_.definition.stations()[*notice.station].code + ": " : "",
        say_(notice.message)));
  }
}

void TextReport::contest_in_full(const ContestBound& bound) {
  const election::Contest& contest = count_.definition.contests()[bound.contest];
  const election::ContestTotal total = count_.totals.total(bound.contest);
  section(fmt::format("{} · {}", say_(contest.title),
                      say_(count_.definition.areas()[contest.area].name)));
  const std::uint64_t votes = total.votes();
  for (const std::size_t c : bound.order) {
    line(fmt::format("{} {:>12} {:>8}  {}",
                     padded(say_.contender(bound.contest, c), 30),
                     say_.number(bound.votes[c]), say_.percent(bound.votes[c], votes),
                     bar(bound.votes[c], votes, 24)));
  }
  line(fmt::format("{} {:>12}", padded(std::string(say_(Word::valid)), 30),
                   say_.number(votes)));
  line(fmt::format("{} {:>12}", padded(std::string(say_(Word::blank)), 30),
                   say_.number(total.blank)));
  line(fmt::format("{} {:>12}", padded(std::string(say_(Word::null_votes)), 30),
                   say_.number(total.null)));
  line(say_.outcome(bound));
  if (contest.kind != election::ContestKind::list || contest.awards.empty())
    line(say_.winner_bound(bound));
}

void TextReport::contest_in_short(const ContestBound& bound) {
  const election::Contest& contest = count_.definition.contests()[bound.contest];
  const Word verdict = bound.bound.verdict == Verdict::complete ? Word::complete
                       : bound.bound.verdict == Verdict::cannot_change
                           ? Word::cannot_change
                           : Word::could_change;
  line(fmt::format("{} {} [{}]", padded(std::string(say_(contest.title)), 32),
                   padded(say_.outcome(bound), 34), say_(verdict)));
}

void TextReport::contests() {
  std::vector<const ContestBound*> here;
  for (const ContestBound& bound : count_.bounds) {
    if (count_.totals.total(area_, bound.contest)) here.push_back(&bound);
  }
  const bool full = options_.all_contests || here.size() <= kFullContests;
  if (!full) section(say_(Word::contests));
  for (const ContestBound* bound : here) {
    if (full) {
      contest_in_full(*bound);
    } else {
      contest_in_short(*bound);
    }
  }
}

void TextReport::house() {
  const House& house = count_.house;
  if (house.seats == 0) return;
  section(fmt::format("{} · {} ({} {})", say_(Word::the_house), say_.seats(house.seats),
                      say_(Word::majority), house.seats / 2 + 1));
  for (const Group& group : house.groups) {
    if (group.total() == 0) continue;
    line(fmt::format("{} {:>5}  {}", padded(std::string(say_(group.name)), 34),
                     group.total(), bar(group.total(), house.seats, 36)));
  }
  if (house.elsewhere > 0)
    line(fmt::format("{} {:>5}", padded(std::string(say_(Word::not_awarded_here)), 34),
                     house.elsewhere));
}

void TextReport::awards() {
  for (const AwardResult& result : count_.awards) {
    const election::Award& award = count_.definition.awards()[result.award];
    section(fmt::format("{} · {}", say_(award.name), say_.seats(award.seats)));
    line(say_.award_bound(result));
    for (const AwardPart& part : result.parts) {
      for (const seats::LotsNeeded& lots : part.result.lots)
        line("! " + seats::lots_text(lots, options_.language));
      if (options_.steps) line("\n" + seats::explain(part.result, options_.language));
    }
  }
}

void TextReport::areas() {
  const election::Definition& definition = count_.definition;
  std::vector<election::AreaIndex> parts;
  for (election::AreaIndex a = 0; a < definition.areas().size(); ++a) {
    const auto& parents = definition.areas()[a].parents;
    if (std::ranges::find(parents, area_) != parents.end()) parts.push_back(a);
  }
  if (parts.empty()) return;
  section(fmt::format("{} · {}", say_(Word::every_level),
                      say_(definition.areas()[area_].name)));
  line(fmt::format("{} {:>9} {:>18} {:>14}", padded(std::string(say_(Word::area)), 34),
                   say_(Word::state_counted), say_(Word::stations),
                   say_(Word::ballots)));
  const std::vector<std::uint64_t> ballots = count_.ballots_by_area();
  for (const election::AreaIndex a : parts) {
    const election::AreaFigures& figures = count_.totals.figures(a);
    line(fmt::format("{} {:>9} {:>18} {:>14}",
                     padded(fmt::format("{} {}", definition.areas()[a].code,
                                        say_(definition.areas()[a].name)),
                            34),
                     say_.number(figures.counted), say_.number(figures.stations),
                     say_.number(ballots[a])));
  }
}

std::string TextReport::write() {
  heading();
  completeness();
  conflicts();
  notices();
  contests();
  house();
  awards();
  areas();
  return std::move(out_);
}

}  // namespace

std::string text_report(const Count& count, const TextOptions& options) {
  return TextReport(count, options).write();
}

}  // namespace urna::count
