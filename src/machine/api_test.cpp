#include "machine/api.hpp"

#include "crypto/testing/cheap_key_files.hpp"
#include "machine/demo.hpp"

#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace urna::machine {
namespace {

using base::Json;

// A demonstration on the real disk, asked through the router as a page asks.
class ApiTest : public ::testing::Test {
 protected:
  ApiTest()
      : folder_(std::filesystem::temp_directory_path() /
                fmt::format("urna-machine-{}-{}", ::getpid(), ++made_)),
        tray_(folder_ / "tray"),
        printer_(files_, tray_) {
    Place place;
    place.folder = folder_ / "device";
    place.sticks = folder_ / "sticks";
    place.keeping_printer = true;
    place.cost = crypto::CheapKeyFiles::cost();
    DemoPlan plan;
    plan.definition = URNA_SOURCE_DIR "/examples/town";
    plan.voters = 10;
    auto demo = make_demo({files_, random_, clock_, printer_}, place, plan);
    EXPECT_TRUE(demo) << demo.error().text();
    demo_.emplace(std::move(*demo));
    api_.emplace(*demo_->machine, files_, "",
                 Demo{&printer_, tray_, [this] { return demo_->tokens[9]; },
                      [this] { return demo_slip(*demo_); }, demo_->officials});
    router_ = api_->router();
  }
  ~ApiTest() override { std::filesystem::remove_all(folder_); }

  http::Response ask(const std::string& method, const std::string& path,
                     const std::string& body = "") {
    http::Request request;
    request.method = method;
    request.path = path;
    request.body = to_bytes(as_bytes(body));
    return router_.answer(request);
  }
  Json post(const std::string& path, const std::string& body = "{}",
            unsigned status = 200) {
    const auto response = ask("POST", path, body);
    EXPECT_EQ(response.status, status) << path << ": " << response.body_text();
    return base::parse_json(response.body_text()).value();
  }
  static std::string state_of(const Json& answer) {
    return *answer.find("session")->find("state")->if_string();
  }
  std::string officials(const std::string& more = "") const {
    std::string list;
    for (const auto& official : demo_->officials) {
      list += fmt::format("{}{{\"stick\":\"{}\",\"pin\":\"{}\"}}",
                          list.empty() ? "" : ",", official.stick, official.pin);
    }
    return fmt::format("{{\"officials\":[{}]{}}}", list, more);
  }

  static inline int made_ = 0;
  std::filesystem::path folder_;
  std::string tray_;
  base::RealFiles files_;
  base::SystemRandom random_;
  base::SystemClock clock_;
  FolderPrinter printer_;
  std::optional<DemoStation> demo_;
  std::optional<Api> api_;
  http::Router router_;
};

TEST_F(ApiTest, VotesAndClosesThroughThePagesRequests) {
  post("/api/token", fmt::format("{{\"token\":\"{}\"}}", demo_->tokens[0]));
  post("/api/language", "{\"language\":\"en\"}");
  post("/api/session/begin");
  post("/api/choose", "{\"contest\":0,\"option\":1,\"on\":true}");
  post("/api/choose", "{\"contest\":0,\"option\":0,\"on\":true}", 409);
  Json answer = post("/api/session/review");
  EXPECT_EQ(answer.find("session")->find("choices")->items()[0].items().size(), 1u);
  answer = post("/api/session/confirm");
  EXPECT_EQ(state_of(answer), "deciding");
  EXPECT_TRUE(answer.find("session")->find("choices")->is_null())
      << "choices are told after sealing";
  EXPECT_EQ(ask("GET", "/api/demo/tray").body_text().find("uncut") != std::string::npos,
            true);
  answer = post("/api/session/cast");
  EXPECT_EQ(state_of(answer), "ended");
  EXPECT_EQ(*answer.find("session")->find("vote_counts")->if_bool(), true);
  EXPECT_EQ(answer.find("machine")->find("counts"), nullptr)
      << "numbers are told while the polls are open";
  post("/api/session/go-on");
  post("/api/token", fmt::format("{{\"token\":\"{}\"}}", demo_->tokens[0]), 409);

  post("/api/officials/close", "{\"reason\":\"x\"}", 409);
  post("/api/officials/close", officials(",\"reason\":\"x\""));
  post("/api/officials/export", officials(",\"stick\":\"president\""), 409);
  post("/api/officials/print-sheet", officials(",\"check_in\":\"nonsense\""), 409);
  // As scanners send it: other ends of lines, none at the end.
  std::string slip = demo_slip(*demo_).value();
  slip.pop_back();
  slip.replace(slip.find('\n'), 1, "\\r\\n");
  answer = post("/api/officials/print-sheet",
                officials(",\"unused\":9,\"check_in\":\"" + slip + "\""));
  EXPECT_EQ(*answer.find("machine")->find("counts")->find("cast")->if_int(), 1);
  post("/api/officials/sign-sheet", officials());
  post("/api/officials/export", officials(",\"stick\":\"president\""));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "sticks/president/N01.package"));
}

TEST_F(ApiTest, AnswersNonsenseWithoutMoving) {
  post("/api/token", "{\"token\":7}", 400);
  EXPECT_EQ(ask("POST", "/api/token", "{").status, 400u);
  post("/api/session/cast", "{}", 409);
  post("/api/session/nothing", "{}", 409);
  post("/api/officials/nothing", "{}", 400);
  EXPECT_EQ(ask("GET", "/api/nothing").status, 404u);
  EXPECT_EQ(ask("GET", "/tray/../device/device.key").status, 404u);
}

TEST_F(ApiTest, ASlipThatBreaksOffIsVoidAndTheChoicesStay) {
  post("/api/token", fmt::format("{{\"token\":\"{}\"}}", demo_->tokens[2]));
  post("/api/session/begin");
  post("/api/choose", "{\"contest\":0,\"option\":1,\"on\":true}");
  post("/api/session/review");
  post("/api/demo/printer", "{\"fault\":\"jam\",\"after\":1}");
  Json answer = post("/api/session/confirm");
  EXPECT_EQ(state_of(answer), "broken_slip");
  post("/api/demo/printer", "{\"fault\":\"none\"}");
  answer = post("/api/session/printer-ready");
  EXPECT_EQ(state_of(answer), "voting");
  EXPECT_EQ(answer.find("session")->find("choices")->items()[0].items().size(), 1u);
}

TEST_F(ApiTest, ABrokenPrinterIsNamedAndMended) {
  post("/api/token", fmt::format("{{\"token\":\"{}\"}}", demo_->tokens[1]));
  post("/api/session/begin");
  post("/api/session/review");
  post("/api/demo/printer", "{\"fault\":\"paper_out\"}");
  const Json refused = post("/api/session/confirm", "{}", 409);
  EXPECT_EQ(*refused.find("error")->find("number")->if_string(), "U6020");
  post("/api/demo/printer", "{\"fault\":\"none\"}");
  post("/api/session/confirm");
  post("/api/demo/printer", "{\"fault\":\"jam\"}");
  Json answer = post("/api/session/cast");
  EXPECT_EQ(state_of(answer), "cast_blocked");
  EXPECT_TRUE(*answer.find("session")->find("vote_counts")->if_bool());
  post("/api/session/end", "{}", 409);  // only an official may finish by hand
  post("/api/demo/printer", "{\"fault\":\"none\"}");
  answer = post("/api/session/printer-ready");
  EXPECT_EQ(state_of(answer), "ended");
}

}  // namespace
}  // namespace urna::machine
