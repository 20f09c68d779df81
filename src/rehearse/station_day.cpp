#include "rehearse/station_day.hpp"

#include "base/json.hpp"
#include "rehearse/errors.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::rehearse {
namespace {

using base::Json;

// A contest as the machine shows it.
struct Shape {
  std::string code;
  std::uint32_t limit;
  std::uint32_t options;
};

Result<std::vector<Shape>> shapes(const Json& ballot) {
  std::vector<Shape> out;
  const Json* contests = ballot.find("contests");
  if (contests == nullptr) return fail(errors::refused, "the ballot has no contests");
  for (const Json& contest : contests->items()) {
    const Json* code = contest.find("code");
    const Json* limit = contest.find("limit");
    const Json* options = contest.find("options");
    if (code == nullptr || limit == nullptr || options == nullptr) {
      return fail(errors::refused, "a contest of the ballot lacks a part");
    }
    out.push_back({*code->if_string(), static_cast<std::uint32_t>(*limit->if_int()),
                   static_cast<std::uint32_t>(options->items().size())});
  }
  return out;
}

class Player {
 public:
  Player(const Plan& plan, base::FileSystem& files)
      : plan_(plan),
        machine_(plan.machine),
        check_in_(plan.check_in, files),
        random_(plan.seed) {}

  Result<Memory> day() {
    const bool with_check_in = !plan_.check_in.address.empty();
    URNA_CHECK(machine_.post("/api/officials/test"));
    URNA_CHECK(
        machine_.post("/api/officials/print-zero", credentials(plan_.officials)));
    URNA_CHECK(machine_.post("/api/officials/open", credentials(plan_.officials)));
    if (with_check_in) URNA_CHECK(check_in_.open());
    for (std::uint32_t i = 0; i < plan_.voters; ++i) {
      std::string token = with_check_in ? std::string() : plan_.tokens[i];
      if (with_check_in) {
        URNA_TRY(token, check_in_.admit(plan_.check_in.voters[i], random_));
      }
      URNA_CHECK(vote(token));
    }
    if (plan_.before_closing) plan_.before_closing();
    URNA_CHECK(close());
    return std::move(memory_);
  }

 private:
  std::uint32_t below(std::uint32_t n) {
    return static_cast<std::uint32_t>(random_() % n);
  }

  // Whoever came besides the voters of this plan: the machine's counts, which it tells
  // once it has closed, less what is remembered.
  Result<void> count_guests() {
    URNA_TRY(const base::Json state, machine_.get("/api/state"));
    const auto more = [&](const char* name, std::uint32_t known,
                          std::uint32_t& guests) -> Result<void> {
      URNA_TRY(const std::uint32_t all, count_at(state, {"machine", "counts", name}));
      if (all < known) {
        return fail(errors::refused, fmt::format("the machine lost some '{}'", name));
      }
      guests = all - known;
      return {};
    };
    URNA_CHECK(more("cast", memory_.cast, memory_.guests.cast));
    URNA_CHECK(more("challenged", memory_.challenged, memory_.guests.challenged));
    URNA_CHECK(more("voided", memory_.voided, memory_.guests.voided));
    unused_ = static_cast<std::uint32_t>(plan_.tokens.size()) - plan_.voters;
    if (plan_.check_in.address.empty()) return {};
    URNA_TRY(memory_.checked_in, check_in_.admitted());
    URNA_TRY(const std::uint32_t activated,
             count_at(state, {"machine", "counts", "activated"}));
    URNA_TRY(const std::uint32_t by_officials,
             count_at(state, {"machine", "counts", "by_officials"}));
    // Whoever got a token and does not vote gives it back.
    unused_ = *memory_.checked_in + by_officials - activated;
    return {};
  }

  Result<void> close() {
    Json closing = credentials(plan_.officials);
    closing.set("reason", "rehearsal");
    URNA_CHECK(machine_.post("/api/officials/close", closing));
    URNA_CHECK(count_guests());
    Json printing = credentials(plan_.officials);
    std::string slip;
    if (!plan_.check_in.address.empty()) {
      URNA_TRY(slip, check_in_.close());
    }
    printing.set("check_in", slip);
    printing.set("unused", unused_);
    URNA_CHECK(machine_.post("/api/officials/print-sheet", printing));
    URNA_CHECK(
        machine_.post("/api/officials/sign-sheet", credentials(plan_.officials)));
    Json exporting = credentials(plan_.officials);
    exporting.set("stick", plan_.officials[0].first);
    URNA_CHECK(machine_.post("/api/officials/export", exporting));
    return {};
  }

  // One voter: one in twenty tests the machine first, one in twenty starts again.
  Result<void> vote(const std::string& token) {
    Json activation = Json::object();
    activation.set("token", token);
    URNA_CHECK(machine_.post("/api/token", activation));
    Json language = Json::object();
    language.set("language", below(2) == 0 ? "es" : "en");
    URNA_CHECK(machine_.post("/api/language", language));
    URNA_TRY(const Json ballot, machine_.get("/api/ballot"));
    URNA_TRY(const auto contests, shapes(ballot));
    if (memory_.contests.empty()) {
      for (const Shape& shape : contests) {
        memory_.contests.push_back(
            {shape.code, std::vector<std::uint32_t>(shape.options), 0});
      }
    }
    URNA_CHECK(machine_.post("/api/session/begin"));
    URNA_TRY(auto chosen, choose(contests));
    const std::uint32_t mood = below(20);
    if (mood < 2) {
      URNA_CHECK(seal());
      URNA_CHECK(machine_.post(mood == 0 ? "/api/session/challenge"
                                         : "/api/session/start-again"));
      ++(mood == 0 ? memory_.challenged : memory_.voided);
      // The session goes on: with the choices of before, or after the opened ballot.
      if (mood == 0) URNA_CHECK(machine_.post("/api/session/go-on"));
      URNA_TRY(const Json state, machine_.get("/api/state"));
      URNA_CHECK(clear(state, contests));
      URNA_TRY(chosen, choose(contests));
    }
    URNA_CHECK(seal());
    URNA_CHECK(machine_.post("/api/session/cast"));
    URNA_CHECK(machine_.post("/api/session/go-on"));
    remember(chosen);
    return {};
  }

  Result<void> seal() {
    URNA_CHECK(machine_.post("/api/session/review"));
    URNA_CHECK(machine_.post("/api/session/confirm"));
    return {};
  }

  Result<void> mark(std::size_t contest, std::uint32_t option, bool on) {
    Json body = Json::object();
    body.set("contest", contest);
    body.set("option", option);
    body.set("on", on);
    URNA_CHECK(machine_.post("/api/choose", body));
    return {};
  }

  // Between nothing and the limit in each contest.
  Result<std::vector<std::vector<std::uint32_t>>> choose(
      const std::vector<Shape>& contests) {
    std::vector<std::vector<std::uint32_t>> chosen(contests.size());
    for (std::size_t c = 0; c < contests.size(); ++c) {
      std::vector<std::uint32_t> options(contests[c].options);
      for (std::uint32_t o = 0; o < contests[c].options; ++o) options[o] = o;
      std::ranges::shuffle(options, random_);
      const std::uint32_t most = std::min(contests[c].limit, contests[c].options);
      const std::uint32_t votes = below(10) == 0 ? 0 : 1 + below(most);
      for (std::uint32_t v = 0; v < votes; ++v) {
        URNA_CHECK(mark(c, options[v], true));
        chosen[c].push_back(options[v]);
      }
    }
    return chosen;
  }

  // Takes back whatever the screen still shows.
  Result<void> clear(const Json& state, const std::vector<Shape>& contests) {
    const Json* session = state.find("session");
    const Json* choices = session == nullptr ? nullptr : session->find("choices");
    if (choices == nullptr || choices->is_null()) return {};
    for (std::size_t c = 0; c < contests.size(); ++c) {
      for (const Json& option : choices->items()[c].items()) {
        URNA_CHECK(mark(c, static_cast<std::uint32_t>(*option.if_int()), false));
      }
    }
    return {};
  }

  void remember(const std::vector<std::vector<std::uint32_t>>& chosen) {
    ++memory_.cast;
    for (std::size_t c = 0; c < chosen.size(); ++c) {
      if (chosen[c].empty()) ++memory_.contests[c].blank;
      for (const std::uint32_t option : chosen[c]) ++memory_.contests[c].votes[option];
    }
  }

  const Plan& plan_;
  Asked machine_;
  CheckIn check_in_;
  std::mt19937_64 random_;
  Memory memory_;
  std::uint32_t unused_ = 0;
};

}  // namespace

Result<Memory> play(const Plan& plan, base::FileSystem& files) {
  const bool with_check_in = !plan.check_in.address.empty();
  const std::size_t most =
      with_check_in ? plan.check_in.voters.size() : plan.tokens.size();
  if (plan.officials.size() != 2 || most < plan.voters ||
      (with_check_in && plan.check_in.officials.size() != 2)) {
    return fail(errors::bad_plan,
                fmt::format("{} officials, {} {} for {} voters", plan.officials.size(),
                            most, with_check_in ? "ID numbers" : "tokens", plan.voters),
                "give two officials, and a token or an ID number for every voter");
  }
  return Player(plan, files).day();
}

std::string differences(const Memory& memory, const sheet::SheetFields& f) {
  std::string out;
  // Guests' choices are their own: they may have added as many as they are.
  const auto compare = [&](std::string_view what, std::uint32_t remembered,
                           const sheet::Count& counted, std::uint32_t guests = 0) {
    if (counted && *counted >= remembered && *counted <= remembered + guests) return;
    out += fmt::format("{}: the voters remember {}, the sheet says {}\n", what,
                       remembered, counted ? std::to_string(*counted) : "nothing");
  };
  const Memory::Guests& guests = memory.guests;
  compare("cast", memory.cast + guests.cast, f.cast);
  compare("challenged", memory.challenged + guests.challenged, f.challenged);
  compare("voided", memory.voided + guests.voided, f.voided);
  if (memory.checked_in) compare("checked in", *memory.checked_in, f.check_in.total);
  for (const Memory::Contest& contest : memory.contests) {
    const auto found =
        std::ranges::find(f.contests, contest.code, &sheet::ContestResult::code);
    if (found == f.contests.end() || found->options.size() != contest.votes.size()) {
      out += fmt::format("{}: the sheet has no such contest\n", contest.code);
      continue;
    }
    compare(contest.code + ", blank", contest.blank, found->blank, guests.cast);
    for (std::size_t o = 0; o < contest.votes.size(); ++o) {
      compare(fmt::format("{}, {}", contest.code, found->options[o].code),
              contest.votes[o], found->options[o].votes, guests.cast);
    }
  }
  return out;
}

}  // namespace urna::rehearse
