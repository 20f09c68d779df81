#include "machine/api.hpp"

#include "ballot/code.hpp"
#include "base/errors.hpp"
#include "http/json_request.hpp"
#include "http/static_files.hpp"
#include "machine/errors.hpp"

#include <array>
#include <charconv>

#include <fmt/format.h>

namespace urna::machine {
namespace {

using base::Json;
using http::bad_request;
using http::error_view;
using http::Request;
using http::Response;
using http::text_of;

constexpr std::uint64_t kBodyLimit = 64 * 1024;

Result<std::uint32_t> number_of(const Json& body, std::string_view key) {
  const Json* value = body.find(key);
  if (value == nullptr || value->if_int() == nullptr || *value->if_int() < 0 ||
      *value->if_int() > UINT32_MAX) {
    return bad_request(fmt::format("the request has no number '{}'", key));
  }
  return static_cast<std::uint32_t>(*value->if_int());
}

// A scanner or a keyboard ends lines in its own way; the slip itself ends in a line
// feed.
std::string as_scanned(std::string text) {
  std::erase(text, '\r');
  const auto end = text.find_last_not_of(" \n");
  text.erase(end == std::string::npos ? 0 : end + 1);
  if (!text.empty()) text += '\n';
  return text;
}

struct EventName {
  std::string_view name;
  VoterEvent event;
};
constexpr std::array<EventName, 10> kEvents{
    {{"begin", VoterEvent::begin},
     {"review", VoterEvent::to_review},
     {"back", VoterEvent::back},
     {"confirm", VoterEvent::confirm},
     {"cast", VoterEvent::cast},
     {"start-again", VoterEvent::start_again},
     {"challenge", VoterEvent::challenge},
     {"go-on", VoterEvent::go_on},
     {"end", VoterEvent::end},
     {"printer-ready", VoterEvent::printer_ready}}};

bool blocked(Voter state) {
  return state == Voter::cast_blocked || state == Voter::open_blocked ||
         state == Voter::void_blocked || state == Voter::leave_blocked;
}

Json ballot_view(const BallotWords& words) {
  Json contests = Json::array();
  for (const WordedContest& contest : words.contests) {
    Json options = Json::array();
    for (const std::string& option : contest.options) options.push(option);
    Json c = Json::object();
    c.set("code", contest.code);
    c.set("title", contest.title);
    c.set("text", contest.text);
    c.set("limit", contest.limit);
    c.set("options", std::move(options));
    Json cards = Json::array();
    for (const auto& codes : contest.cards) {
      Json list = Json::array();
      for (const std::string& code : codes) list.push(code);
      cards.push(std::move(list));
    }
    c.set("cards", std::move(cards));
    contests.push(std::move(c));
  }
  Json parties = Json::array();
  for (const WordedParty& party : words.parties) {
    Json p = Json::object();
    p.set("code", party.code);
    p.set("name", party.name);
    p.set("colour", party.colour);
    parties.push(std::move(p));
  }
  Json out = Json::object();
  out.set("language", words.language);
  out.set("authority", words.authority);
  out.set("election", words.election);
  out.set("date", words.date);
  out.set("notice", words.notice);
  out.set("station", words.station);
  out.set("contests", std::move(contests));
  out.set("parties", std::move(parties));
  return out;
}

}  // namespace

Api::Api(Machine& machine, base::FileSystem& files, std::string web_folder,
         std::optional<Demo> demo)
    : machine_(machine),
      files_(files),
      web_(std::move(web_folder)),
      demo_(std::move(demo)) {}

void Api::tick() {
  const std::lock_guard lock(mutex_);
  if (machine_.session() == nullptr) return;
  // What a time-out meets is shown by the next state; there is nobody to tell here.
  (void)machine_.session()->tick();
  (void)machine_.settle();
}

Json Api::machine_view() const {
  Json m = Json::object();
  m.set("state", describe(machine_.life()).name);
  m.set("sentence", describe(machine_.life()).text);
  m.set("found", name_of(machine_.found()));
  m.set("demo", demo_.has_value());
  Json languages = Json::array();
  if (const Setup* setup = machine_.setup()) {
    m.set("mode", election::mode_name(setup->mode()));
    m.set("station", setup->station.code());
    m.set("segment", setup->segment);
    m.set("voice", !setup->voice.empty());
    const auto& model = setup->definition.model();
    for (const auto& tag : model.languages) languages.push(tag);
    m.set("date", model.day.date);
    m.set("opens", model.day.opens);
    m.set("closes", model.day.closes);
  }
  m.set("languages", std::move(languages));
  m.set("signatures", machine_.signatures());
  m.set("transmits", machine_.can_transmit());
  // Numbers only when the polls are closed: while they are open, how many have voted
  // is for the poll book to say.
  if (machine_.store() != nullptr && machine_.session() == nullptr) {
    const StoreCounts counts = machine_.store()->counts();
    Json c = Json::object();
    c.set("activated", counts.activated());
    c.set("by_officials", counts.by_officials);
    c.set("cast", counts.cast);
    c.set("ended_without_vote", counts.ended_without_vote);
    c.set("sealed", counts.sealed());
    c.set("challenged", counts.challenged);
    c.set("voided", counts.voided);
    m.set("counts", std::move(c));
  }
  return m;
}

Json Api::session_view() {
  VoterSession* session = machine_.session();
  if (session == nullptr) return Json();
  Json s = Json::object();
  s.set("state", describe(session->state()).name);
  s.set("sentence", describe(session->state()).text);
  s.set("language", session->language());
  s.set("vote_counts", session->vote_counts());
  s.set("tests_left", session->tests_left());
  s.set("printer", fault_name(session->fault()));
  s.set("printer_help", fault_help(session->fault(), session->language()));
  const auto left = session->seconds_left();
  s.set("seconds_left", left ? Json(*left) : Json());
  s.set("warning_at", session->patience().warning.count());
  s.set("code", session->code() ? Json(ballot::code_text(*session->code())) : Json());
  Json choices;
  if (const ByteView bits = session->shown_choices(); !bits.empty()) {
    choices = Json::array();
    for (const WordedContest& contest : session->slips().words().contests) {
      Json chosen = Json::array();
      for (std::size_t o = 0; o < contest.options.size(); ++o) {
        if (bits[contest.first + o] == 1) chosen.push(o);
      }
      choices.push(std::move(chosen));
    }
  }
  s.set("choices", std::move(choices));
  return s;
}

Json Api::state() {
  Json out = Json::object();
  out.set("machine", machine_view());
  out.set("session", session_view());
  return out;
}

Response Api::answer(const Request& request, const Step& step) {
  const std::lock_guard lock(mutex_);
  const auto body = request.body.empty() ? Result<Json>(Json::object())
                                         : base::parse_json(request.text());
  if (!body) {
    Json out = Json::object();
    out.set("error", error_view(body.error()));
    return Response::json(400, out);
  }
  const Result<void> done = step(*body);
  // A disk that fails here stops the machine, which the state then says.
  (void)machine_.settle();
  Json out = state();
  if (done) return Response::json(200, out);
  out.set("error", error_view(done.error()));
  return Response::json(done.error().kind == base::errors::bad_json ? 400 : 409, out);
}

Result<void> Api::event(const std::string& name, const Json& body) {
  VoterSession* session = machine_.session();
  const auto* found = std::ranges::find(kEvents, name, &EventName::name);
  if (session == nullptr || found == kEvents.end()) {
    return fail(errors::not_now, std::string(refusal(machine_.life())));
  }
  // Finishing a piece of paper by hand is an official's business.
  if (found->event == VoterEvent::end && blocked(session->state())) {
    URNA_TRY(const auto given, http::credentials_of<Credential>(body));
    if (given.empty()) {
      return fail(errors::not_official, "an official must confirm this",
                  "present a stick and its PIN");
    }
    URNA_CHECK(machine_.officials().prove(machine_.setup()->officials, given.front()));
  }
  return session->handle(found->event);
}

void Api::add_voter_routes(http::Router& router) {
  const http::RouteOptions with_body{.body_limit = kBodyLimit};
  router.on("GET", "/api/state", [this](const Request&) {
    const std::lock_guard lock(mutex_);
    return Response::json(200, state());
  });
  router.on("GET", "/api/ballot", [this](const Request&) {
    const std::lock_guard lock(mutex_);
    VoterSession* session = machine_.session();
    if (session == nullptr) return http::not_found();
    return Response::json(200, ballot_view(session->slips().words()));
  });
  router.on(
      "POST", "/api/token",
      [this](const Request& r) {
        return answer(r, [this](const Json& body) -> Result<void> {
          URNA_TRY(const std::string token, text_of(body, "token"));
          return machine_.show_token(token);
        });
      },
      with_body);
  router.on(
      "POST", "/api/language",
      [this](const Request& r) {
        return answer(r, [this](const Json& body) -> Result<void> {
          URNA_TRY(const std::string language, text_of(body, "language"));
          if (machine_.session() == nullptr) {
            return fail(errors::not_now, std::string(refusal(machine_.life())));
          }
          return machine_.session()->set_language(language);
        });
      },
      with_body);
  router.on(
      "POST", "/api/choose",
      [this](const Request& r) {
        return answer(r, [this](const Json& body) -> Result<void> {
          URNA_TRY(const std::uint32_t contest, number_of(body, "contest"));
          URNA_TRY(const std::uint32_t option, number_of(body, "option"));
          const Json* on = body.find("on");
          if (on == nullptr || on->if_bool() == nullptr) {
            return bad_request("the request has no truth value 'on'");
          }
          VoterSession* session = machine_.session();
          if (session == nullptr) {
            return fail(errors::not_now, std::string(refusal(machine_.life())));
          }
          return *on->if_bool() ? session->choose(contest, option)
                                : session->unchoose(contest, option);
        });
      },
      with_body);
  router.on(
      "POST", "/api/session/{event}",
      [this](const Request& r) {
        return answer(
            r, [&](const Json& body) { return event(r.params.at("event"), body); });
      },
      with_body);
}

Result<void> Api::official_step(const std::string& name, const Json& body) {
  URNA_TRY(const auto given, http::credentials_of<Credential>(body));
  if (name == "test") return machine_.test();
  if (name == "print-zero") return machine_.print_zero(given);
  if (name == "open") return machine_.open(given);
  if (name == "take-over") {
    URNA_TRY(const std::string stick, text_of(body, "stick"));
    URNA_TRY(const std::string folder, machine_.stick_folder(stick));
    return machine_.take_over(given, folder);
  }
  if (name == "declare-lost") return machine_.declare_lost(given);
  if (name == "pause") return machine_.pause(given);
  if (name == "resume") return machine_.resume(given);
  if (name == "activate") return machine_.activate(given);
  if (name == "print-copy") return machine_.print_copy();
  if (name == "sign-sheet") return machine_.sign_sheet(given);
  if (name == "transmit") return machine_.transmit();
  if (name == "archive") return machine_.archive();
  if (name == "wipe") return machine_.wipe(given);
  if (name == "close") {
    const auto reason = text_of(body, "reason");
    return machine_.close(given, reason ? *reason : std::string());
  }
  if (name == "print-sheet" || name == "print-uncounted") {
    const auto slip = text_of(body, "check_in");
    const auto unused = number_of(body, "unused");
    const std::string check_in = slip ? as_scanned(*slip) : std::string();
    const sheet::Count left = unused ? sheet::Count(*unused) : std::nullopt;
    return name == "print-sheet" ? machine_.print_sheet(given, check_in, left)
                                 : machine_.print_uncounted(given, check_in, left);
  }
  if (name == "export") {
    URNA_TRY(const std::string stick, text_of(body, "stick"));
    URNA_TRY(const std::string folder, machine_.stick_folder(stick));
    return machine_.export_to(folder);
  }
  return bad_request("there is no such step");
}

void Api::add_official_routes(http::Router& router) {
  router.on("GET", "/api/sticks", [this](const Request&) {
    const std::lock_guard lock(mutex_);
    Json list = Json::array();
    if (const auto sticks = machine_.officials().sticks()) {
      for (const std::string& stick : *sticks) list.push(stick);
    }
    return Response::json(200, list);
  });
  router.on("POST", "/api/officials/{step}",
            [this](const Request& r) {
              return answer(r, [&](const Json& body) {
                return official_step(r.params.at("step"), body);
              });
            },
            {.body_limit = kBodyLimit});
}

// The clips come out of memory: no file's time says which of them somebody heard.
void Api::add_voice_routes(http::Router& router) {
  router.on("GET", "/api/voice", [this](const Request&) {
    const std::lock_guard lock(mutex_);
    Json out = Json::object();
    const Setup* setup = machine_.setup();
    if (setup == nullptr) return Response::json(200, out);
    Json language = Json::object();
    for (std::size_t n = 0; n < setup->voice.size(); ++n) {
      const Clip& clip = setup->voice[n];
      language.set(clip.text, n);
      if (n + 1 < setup->voice.size() &&
          setup->voice[n + 1].language == clip.language) {
        continue;
      }
      out.set(clip.language, std::move(language));
      language = Json::object();
    }
    return Response::json(200, out);
  });
  router.on("GET", "/voice/{number}", [this](const Request& r) {
    const std::lock_guard lock(mutex_);
    const Setup* setup = machine_.setup();
    const std::string& text = r.params.at("number");
    std::size_t n = 0;
    const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (setup == nullptr || bad != std::errc() || end != text.data() + text.size() ||
        n >= setup->voice.size()) {
      return http::not_found();
    }
    return Response::bytes(setup->voice[n].wav, "audio/wav");
  });
}

void Api::add_demo_routes(http::Router& router) {
  router.on("GET", "/api/demo/tray", [this](const Request&) {
    Json list = Json::array();
    if (const auto names = files_.list(demo_->tray)) {
      for (const std::string& name : *names) {
        if (name.ends_with(".png")) list.push(name);
      }
    }
    return Response::json(200, list);
  });
  router.on("GET", "/tray/{path...}",
            http::static_files(files_, demo_->tray,
                               {.index = "", .cache_control = {}, .type = {}}));
  router.on("POST", "/api/demo/token",
            [this](const Request&) {
              const std::lock_guard lock(mutex_);
              Json out = Json::object();
              out.set("token", demo_->next_token());
              return Response::json(200, out);
            },
            {.body_limit = kBodyLimit});
  router.on("GET", "/api/demo/officials", [this](const Request&) {
    Json list = Json::array();
    for (const Credential& official : demo_->officials) {
      Json o = Json::object();
      o.set("stick", official.stick);
      o.set("pin", official.pin);
      list.push(std::move(o));
    }
    return Response::json(200, list);
  });
  router.on("GET", "/api/demo/check-in", [this](const Request&) {
    const std::lock_guard lock(mutex_);
    const auto slip = demo_->check_in_slip();
    if (!slip) return http::not_found();
    Json out = Json::object();
    out.set("check_in", *slip);
    return Response::json(200, out);
  });
  router.on("POST", "/api/demo/printer",
            [this](const Request& r) {
              return answer(r, [this](const Json& body) -> Result<void> {
                URNA_TRY(const std::string name, text_of(body, "fault"));
                for (const auto fault : {PrinterFault::none, PrinterFault::offline,
                                         PrinterFault::cover_open,
                                         PrinterFault::paper_out, PrinterFault::jam}) {
                  if (fault_name(fault) != name) continue;
                  const auto after = number_of(body, "after");
                  demo_->printer->set_fault(fault, after ? *after : 0);
                  return {};
                }
                return bad_request("there is no such fault");
              });
            },
            {.body_limit = kBodyLimit});
}

http::Router Api::router() {
  http::Router router;
  add_voter_routes(router);
  add_official_routes(router);
  add_voice_routes(router);
  if (demo_) add_demo_routes(router);
  if (!web_.empty()) {
    router.on("GET", "/{path...}", http::static_files(files_, web_, {}));
  }
  return router;
}

}  // namespace urna::machine
