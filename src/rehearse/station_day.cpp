#include "rehearse/station_day.hpp"

#include "base/json.hpp"
#include "http/client.hpp"
#include "rehearse/errors.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::rehearse {
namespace {

using base::Json;

// The machine behind its address.
class Asked {
 public:
  explicit Asked(std::string address) : address_(std::move(address)) {}

  Result<Json> get(const std::string& path) {
    URNA_TRY(const auto url, http::parse_url(address_ + path));
    URNA_TRY(const auto response, client_.get(url));
    return read(path, response);
  }
  Result<Json> post(const std::string& path, const Json& body = Json::object()) {
    URNA_TRY(const auto url, http::parse_url(address_ + path));
    URNA_TRY(const auto response,
             client_.post(url, as_bytes(body.dump()), "application/json"));
    return read(path, response);
  }

 private:
  static Result<Json> read(const std::string& path, const http::Response& response) {
    if (response.status != 200) {
      return fail(errors::refused, fmt::format("{}: {} {}", path, response.status,
                                               response.body_text()));
    }
    return base::parse_json(response.body_text());
  }

  std::string address_;
  // Key files are slow to open by design, and a laptop may be busy.
  http::Client client_{{.idle = std::chrono::minutes(5)}};
};

Json credentials(const Plan& plan) {
  Json list = Json::array();
  for (const auto& [stick, pin] : plan.officials) {
    Json official = Json::object();
    official.set("stick", stick);
    official.set("pin", pin);
    list.push(std::move(official));
  }
  Json body = Json::object();
  body.set("officials", std::move(list));
  return body;
}

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
  explicit Player(const Plan& plan)
      : plan_(plan), machine_(plan.machine), random_(plan.seed) {}

  Result<Memory> day() {
    URNA_CHECK(machine_.post("/api/officials/test"));
    URNA_CHECK(machine_.post("/api/officials/print-zero", credentials(plan_)));
    URNA_CHECK(machine_.post("/api/officials/open", credentials(plan_)));
    for (std::uint32_t i = 0; i < plan_.voters; ++i) {
      URNA_CHECK(vote(plan_.tokens[i]));
    }
    Json closing = credentials(plan_);
    closing.set("reason", "rehearsal");
    URNA_CHECK(machine_.post("/api/officials/close", closing));
    Json printing = credentials(plan_);
    printing.set("check_in", "");
    printing.set("unused", plan_.tokens.size() - plan_.voters);
    URNA_CHECK(machine_.post("/api/officials/print-sheet", printing));
    URNA_CHECK(machine_.post("/api/officials/sign-sheet", credentials(plan_)));
    Json exporting = credentials(plan_);
    exporting.set("stick", plan_.officials[0].first);
    URNA_CHECK(machine_.post("/api/officials/export", exporting));
    return std::move(memory_);
  }

 private:
  std::uint32_t below(std::uint32_t n) {
    return static_cast<std::uint32_t>(random_() % n);
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
  std::mt19937_64 random_;
  Memory memory_;
};

}  // namespace

Result<Memory> play(const Plan& plan) {
  if (plan.officials.size() != 2 || plan.tokens.size() < plan.voters) {
    return fail(errors::bad_plan,
                fmt::format("{} officials, {} tokens for {} voters",
                            plan.officials.size(), plan.tokens.size(), plan.voters),
                "give two officials and a token for every voter");
  }
  return Player(plan).day();
}

std::string differences(const Memory& memory, const sheet::SheetFields& f) {
  std::string out;
  const auto compare = [&](std::string_view what, std::uint32_t remembered,
                           const sheet::Count& counted) {
    if (counted == remembered) return;
    out += fmt::format("{}: the voters remember {}, the sheet says {}\n", what,
                       remembered, counted ? std::to_string(*counted) : "nothing");
  };
  compare("cast", memory.cast, f.cast);
  compare("challenged", memory.challenged, f.challenged);
  compare("voided", memory.voided, f.voided);
  for (const Memory::Contest& contest : memory.contests) {
    const auto found =
        std::ranges::find(f.contests, contest.code, &sheet::ContestResult::code);
    if (found == f.contests.end() || found->options.size() != contest.votes.size()) {
      out += fmt::format("{}: the sheet has no such contest\n", contest.code);
      continue;
    }
    compare(contest.code + ", blank", contest.blank, found->blank);
    for (std::size_t o = 0; o < contest.votes.size(); ++o) {
      compare(fmt::format("{}, {}", contest.code, found->options[o].code),
              contest.votes[o], found->options[o].votes);
    }
  }
  return out;
}

}  // namespace urna::rehearse
