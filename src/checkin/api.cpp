#include "checkin/api.hpp"

#include "base/errors.hpp"
#include "checkin/errors.hpp"
#include "checkin/paper.hpp"
#include "http/json_request.hpp"
#include "http/static_files.hpp"

#include <fmt/format.h>

namespace urna::checkin {
namespace {

using base::Json;
using http::bad_request;
using http::error_view;
using http::Request;
using http::Response;
using http::text_of;

constexpr std::uint64_t kBodyLimit = 64 * 1024;
constexpr std::uint64_t kLogLimit = 64u << 20;
constexpr std::chrono::milliseconds kPatience{10'000};

bool flag_of(const Json& body, std::string_view key) {
  const Json* value = body.find(key);
  return value != nullptr && value->if_bool() != nullptr && *value->if_bool();
}

Result<finger::FingerPosition> finger_of(const Json& body) {
  URNA_TRY(const std::string name, text_of(body, "finger"));
  const auto position = position_of(name);
  if (!position) return bad_request(fmt::format("there is no finger '{}'", name));
  return *position;
}

Json count_view(const sheet::Count& count) {
  return count ? Json(*count) : Json();
}

Json totals_view(const Book& book) {
  const Totals& t = book.totals();
  Json c = Json::object();
  c.set("checked_in", count_view(t.counts.total));
  c.set("matched", count_view(t.counts.matched));
  c.set("not_matched", count_view(t.counts.not_matched));
  c.set("no_stored_print", count_view(t.counts.no_stored_print));
  c.set("not_taken", count_view(t.counts.not_taken));
  c.set("no_reader", count_view(t.counts.without_biometrics));
  c.set("decided_by_officials", t.overridden);
  c.set("assisted", t.assisted);
  c.set("alerts", t.alerts);
  c.set("claims", t.claims);
  c.set("tokens_lost", t.tokens_lost);
  return c;
}

Json capture_view(const Capture& capture) {
  Json c = Json::object();
  c.set("usable", capture.usable);
  c.set("quality", capture.quality);
  c.set("advice", capture.advice);
  c.set("tries_left", capture.tries_left);
  c.set("matched", capture.matched);
  c.set("resembles", capture.resembles ? Json(*capture.resembles) : Json());
  return c;
}

Result<Json> nothing(const Result<void>& done) {
  if (!done) return std::unexpected(done.error());
  return Json();
}

std::string sentence(const Station& station) {
  if (station.setup() == nullptr) return "This device has no package yet.";
  if (station.token_waits()) return "The last voter's token has not been printed.";
  if (station.closed()) return "Check-in has closed.";
  if (station.check()) return "A voter is being checked.";
  return "Ready for the next voter.";
}

}  // namespace

Api::Api(Station& station, base::FileSystem& files, std::string web_folder,
         std::optional<Demo> demo)
    : station_(station),
      files_(files),
      web_(std::move(web_folder)),
      demo_(std::move(demo)) {}

Json Api::voter_view(std::size_t place) const {
  const Voter& voter = station_.setup()->roll.voters[place];
  Json fingers = Json::array();
  for (const StoredPrint& print : voter.prints) {
    fingers.push(position_name(print.position));
  }
  const auto came = station_.book().admissions(voter.id);
  Json v = Json::object();
  v.set("id", voter.id);
  v.set("surnames", voter.surnames);
  v.set("names", voter.names);
  v.set("fingers", std::move(fingers));
  v.set("admitted_at",
        came.empty() ? Json() : Json(local_hour(*station_.setup(), came.front().time)));
  return v;
}

Json Api::state() const {
  Json s = Json::object();
  s.set("sentence", sentence(station_));
  s.set("demo", demo_.has_value());
  s.set("closed", station_.closed());
  s.set("token_waits", station_.token_waits());
  s.set("reader", station_.reader_works());
  s.set("prints", station_.has_prints());
  s.set("certificate", station_.has_certificate());
  Json check;
  if (const Setup* setup = station_.setup()) {
    s.set("station", setup->roll.station);
    s.set("device", setup->device);
    s.set("devices", setup->devices);
    s.set("mode", election::mode_name(setup->mode()));
    s.set("voters", setup->roll.voters.size());
    s.set("tokens_left", station_.tokens_left());
    s.set("totals", totals_view(station_.book()));
    Json twice = Json::array();
    for (const std::string& id : station_.book().admitted_twice()) twice.push(id);
    s.set("admitted_twice", std::move(twice));
    if (station_.check()) {
      check = voter_view(station_.check()->voter);
      check.set("matched", station_.check()->matched());
    }
  }
  s.set("check", std::move(check));
  return s;
}

Response Api::answer(const Request& request, const Step& step) {
  const std::lock_guard lock(mutex_);
  const auto body = request.body.empty() ? Result<Json>(Json::object())
                                         : base::parse_json(request.text());
  Json out = Json::object();
  if (!body) {
    out.set("error", error_view(body.error()));
    return Response::json(400, out);
  }
  const Result<Json> done = step(*body);
  out.set("state", state());
  if (done) {
    out.set("result", *done);
    return Response::json(200, out);
  }
  out.set("error", error_view(done.error()));
  return Response::json(done.error().kind == base::errors::bad_json ? 400 : 409, out);
}

void Api::post(http::Router& router, std::string_view path, Step step) {
  router.on(
      "POST", path,
      [this, step = std::move(step)](const Request& r) { return answer(r, step); },
      {.body_limit = kBodyLimit});
}

void Api::add_voter_routes(http::Router& router) {
  router.on("GET", "/api/state", [this](const Request& r) {
    return answer(r, [](const Json&) { return Result<Json>(Json()); });
  });
  post(router, "/api/find", [this](const Json& body) -> Result<Json> {
    URNA_TRY(const std::string text, text_of(body, "text"));
    URNA_TRY(const auto found, station_.find(text));
    Json list = Json::array();
    for (const std::size_t voter : found) list.push(voter_view(voter));
    return list;
  });
  post(router, "/api/begin", [this](const Json& body) -> Result<Json> {
    URNA_TRY(const std::string id, text_of(body, "id"));
    return nothing(station_.begin(id));
  });
  post(router, "/api/capture", [this](const Json& body) -> Result<Json> {
    URNA_TRY(const auto position, finger_of(body));
    URNA_TRY(const Capture capture, station_.capture(position, kPatience));
    return capture_view(capture);
  });
  post(router, "/api/cancel", [this](const Json&) -> Result<Json> {
    station_.cancel();
    return Json();
  });
  post(router, "/api/admit", [this](const Json& body) -> Result<Json> {
    AdmitRequest request;
    request.assisted = flag_of(body, "assisted");
    request.cannot_give_prints = flag_of(body, "cannot_give_prints");
    URNA_TRY(request.officials, http::credentials_of<Credential>(body));
    URNA_TRY(const Outcome outcome, station_.admit(request));
    return Json(outcome_name(outcome));
  });
  post(router, "/api/print-token",
       [this](const Json&) { return nothing(station_.print_token()); });
}

void Api::add_official_routes(http::Router& router) {
  const auto two = [this, &router](std::string_view path, auto step) {
    post(router, path, [step](const Json& body) -> Result<Json> {
      URNA_TRY(const auto given, http::credentials_of<Credential>(body));
      return nothing(step(body, given));
    });
  };
  two("/api/officials/replace-token",
      [this](const Json&, const auto& given) { return station_.replace_token(given); });
  two("/api/officials/claim",
      [this](const Json& body, const auto& given) -> Result<void> {
        URNA_TRY(const std::string id, text_of(body, "id"));
        return station_.record_claim(id, given);
      });
  two("/api/officials/reader", [this](const Json& body, const auto& given) {
    return station_.set_reader(flag_of(body, "works"), given);
  });
  two("/api/officials/close",
      [this](const Json&, const auto& given) { return station_.close(given); });
  post(router, "/api/print-list",
       [this](const Json&) { return nothing(station_.print_emergency_list()); });
  post(router, "/api/print-slip", [this](const Json&) -> Result<Json> {
    URNA_CHECK(station_.print_slip());
    URNA_TRY(const std::string text, station_.slip());
    return Json(text);
  });
}

void Api::add_log_routes(http::Router& router) {
  router.on("GET", "/api/log", [this](const Request&) {
    const std::lock_guard lock(mutex_);
    auto copy = station_.copy_log();
    if (copy) return Response::bytes(*std::move(copy), "application/octet-stream");
    Json out = Json::object();
    out.set("error", error_view(copy.error()));
    return Response::json(409, out);
  });
  router.on("POST", "/api/log",
            [this](const Request& r) {
              Request without_body;
              return answer(without_body, [&](const Json&) {
                return nothing(station_.join_log(r.body));
              });
            },
            {.body_limit = kLogLimit});
}

void Api::add_demo_routes(http::Router& router) {
  router.on("GET", "/api/demo", [this](const Request&) {
    Json officials = Json::array();
    for (const Credential& official : demo_->officials) {
      Json o = Json::object();
      o.set("stick", official.stick);
      o.set("pin", official.pin);
      officials.push(std::move(o));
    }
    Json voters = Json::array();
    for (const std::string& id : demo_->with_prints) voters.push(id);
    Json papers = Json::array();
    if (const auto names = files_.list(demo_->tray)) {
      for (const std::string& name : *names) {
        if (name.ends_with(".png")) papers.push(name);
      }
    }
    Json out = Json::object();
    out.set("officials", std::move(officials));
    out.set("voters", std::move(voters));
    out.set("papers", std::move(papers));
    return Response::json(200, out);
  });
  post(router, "/api/demo/finger", [this](const Json& body) -> Result<Json> {
    URNA_TRY(const std::string id, text_of(body, "id"));
    URNA_TRY(const auto position, finger_of(body));
    return nothing(demo_->put_finger(id, position));
  });
  router.on("GET", "/tray/{path...}", http::static_files(files_, demo_->tray, {}));
}

http::Router Api::router() {
  http::Router router;
  add_voter_routes(router);
  add_official_routes(router);
  add_log_routes(router);
  if (demo_) add_demo_routes(router);
  if (!web_.empty()) {
    router.on("GET", "/{path...}", http::static_files(files_, web_, {}));
  }
  return router;
}

}  // namespace urna::checkin
