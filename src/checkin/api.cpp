#include "checkin/api.hpp"

#include "base/errors.hpp"
#include "checkin/errors.hpp"
#include "checkin/views.hpp"
#include "finger/io_errors.hpp"
#include "http/json_request.hpp"
#include "http/static_files.hpp"

#include <algorithm>

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
// How long a finger is waited for, and after what time the waiting looks up.
constexpr std::chrono::milliseconds kPatience{20'000};
constexpr std::chrono::milliseconds kSlice{500};

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

Result<Json> nothing(const Result<void>& done) {
  if (!done) return std::unexpected(done.error());
  return Json();
}

}  // namespace

Api::Api(Station& station, base::FileSystem& files, std::string web_folder,
         std::optional<Demo> demo)
    : station_(station),
      files_(files),
      web_(std::move(web_folder)),
      demo_(std::move(demo)) {}

Response Api::answer(const Request& request, const Step& step) {
  const std::lock_guard lock(mutex_);
  return answer_locked(request, step);
}

// The caller holds the lock.
Response Api::answer_locked(const Request& request, const Step& step) {
  const auto body = request.body.empty() ? Result<Json>(Json::object())
                                         : base::parse_json(request.text());
  Json out = Json::object();
  if (!body) {
    out.set("error", error_view(body.error()));
    return Response::json(400, out);
  }
  const Result<Json> done = step(*body);
  out.set("state", state_view(station_, demo_.has_value()));
  if (done) {
    out.set("result", *done);
    return Response::json(200, out);
  }
  out.set("error", error_view(done.error()));
  return Response::json(done.error().kind == base::errors::bad_json ? 400 : 409, out);
}

Result<Json> Api::find(const std::string& text) {
  Json out = Json::object();
  Json voters = Json::array();
  const auto found = station_.find(text);
  if (found) {
    for (const std::size_t voter : *found) voters.push(voter_view(station_, voter));
  } else if (found.error().kind != errors::other_station) {
    return std::unexpected(found.error());
  }
  out.set("voters", std::move(voters));
  const auto elsewhere = found ? std::nullopt : station_.elsewhere(text);
  out.set("elsewhere", elsewhere ? station_view(station_, *elsewhere) : Json());
  return out;
}

// Waits without the lock, a second at a time, so that everything else goes on and the
// end of the voter's check ends the waiting too.
Result<finger::Image> Api::wait_for_finger(std::uint64_t round) {
  const std::lock_guard one_at_a_time(scanner_mutex_);
  auto left = kPatience;
  while (round == round_) {
    auto image = station_.scanner()->capture(std::min(left, kSlice));
    if (image || image.error().kind != finger::errors::capture_timeout) return image;
    left -= std::min(left, kSlice);
    if (left.count() == 0) return image;
  }
  return fail(errors::not_ready, "the check of this voter has ended");
}

Response Api::capture(const Request& request) {
  std::optional<finger::FingerPosition> position;
  std::uint64_t round = 0;
  const Response asked = answer(request, [&](const Json& body) -> Result<Json> {
    URNA_TRY(position, finger_of(body));
    URNA_CHECK(station_.may_capture(*position));
    round = ++round_;
    return Json();
  });
  if (asked.status != 200) return asked;
  auto image = wait_for_finger(round);
  const std::lock_guard lock(mutex_);
  return answer_locked(request, [&](const Json&) -> Result<Json> {
    if (round != round_) {
      if (image) crypto::wipe(image->pixels);
      return fail(errors::not_ready, "the check of this voter has ended");
    }
    URNA_TRY(const Capture captured, station_.captured(*position, std::move(image)));
    return capture_view(captured);
  });
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
    return find(text);
  });
  post(router, "/api/begin", [this](const Json& body) -> Result<Json> {
    URNA_TRY(const std::string id, text_of(body, "id"));
    ++round_;
    return nothing(station_.begin(id));
  });
  router.on("POST", "/api/capture", [this](const Request& r) { return capture(r); },
            {.body_limit = kBodyLimit});
  post(router, "/api/cancel", [this](const Json&) -> Result<Json> {
    ++round_;
    station_.cancel();
    return Json();
  });
  post(router, "/api/admit", [this](const Json& body) -> Result<Json> {
    AdmitRequest request;
    request.assisted = flag_of(body, "assisted");
    request.cannot_give_prints = flag_of(body, "cannot_give_prints");
    URNA_TRY(request.officials, http::credentials_of<Credential>(body));
    ++round_;
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
  router.on("GET", "/api/sticks", [this](const Request&) {
    const std::lock_guard lock(mutex_);
    Json list = Json::array();
    if (const auto sticks = station_.officials().sticks()) {
      for (const Stick& stick : *sticks) {
        Json one = Json::object();
        one.set("stick", stick.name);
        one.set("official", stick.official);
        list.push(std::move(one));
      }
    }
    return Response::json(200, list);
  });
  two("/api/officials/open",
      [this](const Json&, const auto& given) { return station_.open(given); });
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
  two("/api/officials/close", [this](const Json&, const auto& given) {
    ++round_;
    return station_.close(given);
  });
  post(router, "/api/print-list",
       [this](const Json&) { return nothing(station_.print_emergency_list()); });
  post(router, "/api/print-slip", [this](const Json&) -> Result<Json> {
    URNA_CHECK(station_.print_slip());
    URNA_TRY(const std::string text, station_.slip());
    return Json(text);
  });
}

void Api::add_log_routes(http::Router& router) {
  post(router, "/api/exchange", [this](const Json& body) -> Result<Json> {
    URNA_TRY(const std::string stick, text_of(body, "stick"));
    URNA_TRY(const auto joined, station_.exchange_logs(stick));
    Json list = Json::array();
    for (const std::uint32_t device : joined) list.push(device);
    return list;
  });
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

// Whom to try: voters with synthetic fingers, one without a print, one of elsewhere.
Json Api::demo_people() {
  const std::lock_guard lock(mutex_);
  Json out = Json::object();
  Json voters = Json::array();
  Json without, elsewhere;
  if (const Setup* setup = station_.setup()) {
    for (const std::string& id : demo_->with_prints) {
      const auto place = setup->roll.find(id);
      if (place) voters.push(voter_view(station_, *place));
    }
    const auto none = std::ranges::find_if(setup->roll.voters, [&](const Voter& voter) {
      return voter.prints.empty() && station_.book().admissions(voter.id).empty();
    });
    if (none != setup->roll.voters.end()) without = Json(none->id);
    const std::string id = demo_id_elsewhere();
    if (station_.elsewhere(id)) elsewhere = Json(id);
  }
  out.set("voters", std::move(voters));
  out.set("without_print", std::move(without));
  out.set("elsewhere", std::move(elsewhere));
  return out;
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
    Json out = demo_people();
    Json papers = Json::array();
    if (const auto names = files_.list(demo_->tray)) {
      for (const std::string& name : *names) {
        if (name.ends_with(".png")) papers.push(name);
      }
    }
    out.set("officials", std::move(officials));
    out.set("papers", std::move(papers));
    return Response::json(200, out);
  });
  post(router, "/api/demo/finger", [this](const Json& body) -> Result<Json> {
    URNA_TRY(const std::string id, text_of(body, "id"));
    URNA_TRY(const auto position, finger_of(body));
    const auto placing = flag_of(body, "hurried") ? Placing::hurried : Placing::careful;
    return nothing(demo_->put_finger(id, position, placing));
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
