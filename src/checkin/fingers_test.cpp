// The fingerprint check with synthetic fingers, and the service in front of it.
#include "base/testing/scripted.hpp"
#include "checkin/api.hpp"
#include "checkin/demo.hpp"
#include "checkin/errors.hpp"
#include "crypto/testing/cheap_key_files.hpp"

#include <filesystem>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

namespace urna::checkin {
namespace {

using base::Json;
using finger::FingerPosition;

class Fingers : public ::testing::Test {
 protected:
  Fingers() {
    std::filesystem::remove_all(folder_);
    plan_.definition = URNA_SOURCE_DIR "/examples/town";
    plan_.voters = 20;
    plan_.with_prints = 2;
    auto made = make_demo(ports(), place(), plan_);
    EXPECT_TRUE(made) << made.error().text();
    demo_ = *std::move(made);
  }
  ~Fingers() override { std::filesystem::remove_all(folder_); }

  Ports ports() { return {files_, random_, clock_, printer_, &scanner_}; }
  Place place() {
    return {folder_ + "/device", folder_ + "/sticks", crypto::CheapKeyFiles::cost()};
  }
  // The finger of `whose` is put down where the voter was asked for `position`.
  Capture touch(std::size_t whose, FingerPosition position) {
    scanner_.put(demo_impression(plan_, whose, position, ++touches_));
    auto captured = demo_.station->capture(position, std::chrono::milliseconds(1));
    EXPECT_TRUE(captured) << captured.error().text();
    return captured.value_or(Capture{});
  }
  Station& station() { return *demo_.station; }

  std::string folder_ = std::filesystem::temp_directory_path() /
                        ("urna-fingers-" + std::to_string(::getpid()));
  base::RealFiles files_;
  base::testing::ScriptedRandom random_{5};
  base::testing::ScriptedClock clock_{1'778'400'000};
  FolderPrinter printer_{files_, folder_ + "/tray"};
  SyntheticScanner scanner_;
  DemoPlan plan_;
  DemoStation demo_;
  std::uint64_t touches_ = 0;
};

Json ask(http::Router& router, const std::string& method, const std::string& path,
         const std::string& body, unsigned status) {
  http::Request request;
  request.method = method;
  request.path = path;
  request.body = to_bytes(as_bytes(body));
  const auto answer = router.answer(std::move(request));
  EXPECT_EQ(answer.status, status) << path << ": " << answer.body_text();
  return base::parse_json(answer.body_text()).value_or(Json());
}

TEST_F(Fingers, TheRightFingerAdmits) {
  ASSERT_TRUE(station().begin(demo_id(0)));
  EXPECT_EQ(station().admit({}).error().kind, errors::not_decided);
  const Capture right = touch(0, FingerPosition::right_thumb);
  EXPECT_TRUE(right.usable);
  EXPECT_FALSE(right.resembles);
  const Capture left = touch(0, FingerPosition::left_thumb);
  EXPECT_TRUE(left.matched);
  const auto outcome = station().admit({});
  ASSERT_TRUE(outcome) << outcome.error().text();
  EXPECT_EQ(*outcome, Outcome::matched);
  EXPECT_EQ(station().book().totals().overridden, 0u);
}

TEST_F(Fingers, AnothersFingerRaisesAnAlertAndTwoOfficialsDecide) {
  ASSERT_TRUE(station().begin(demo_id(0)));
  const Capture capture = touch(1, FingerPosition::right_thumb);
  EXPECT_FALSE(capture.matched);
  ASSERT_TRUE(capture.resembles);
  EXPECT_EQ(*capture.resembles, demo_id(1));
  EXPECT_EQ(station().admit({}).error().kind, errors::not_official);
  const auto outcome = station().admit({false, false, demo_.officials});
  ASSERT_TRUE(outcome) << outcome.error().text();
  EXPECT_EQ(*outcome, Outcome::not_matched);
  EXPECT_EQ(station().book().totals().alerts, 1u);
  EXPECT_EQ(station().book().totals().overridden, 1u);
}

TEST_F(Fingers, PoorPicturesAskAgainAndTriesEnd) {
  ASSERT_TRUE(station().begin(demo_id(0)));
  const auto nothing =
      station().capture(FingerPosition::right_thumb, std::chrono::milliseconds(1));
  ASSERT_TRUE(nothing);
  EXPECT_EQ(nothing->advice, "no_finger");
  EXPECT_EQ(nothing->tries_left, kTriesPerFinger) << "nothing was tried";
  for (std::uint32_t i = 1; i <= kTriesPerFinger; ++i) {
    const auto blank =
        station().captured(FingerPosition::right_thumb, finger::Image(320, 400, 500));
    ASSERT_TRUE(blank);
    EXPECT_FALSE(blank->usable);
    EXPECT_EQ(blank->advice, "no_finger");
    EXPECT_EQ(blank->tries_left, kTriesPerFinger - i);
  }
  EXPECT_EQ(station()
                .captured(FingerPosition::right_thumb, finger::Image(320, 400, 500))
                .error()
                .kind,
            errors::poor_print);
  EXPECT_EQ(station().admit({}).error().kind, errors::not_decided);
  const auto outcome = station().admit({false, true, demo_.officials});
  ASSERT_TRUE(outcome) << outcome.error().text();
  EXPECT_EQ(*outcome, Outcome::not_taken);
}

TEST_F(Fingers, APictureThatCameBeforeIsNotComparedAgain) {
  const auto image = demo_impression(plan_, 0, FingerPosition::right_thumb, 9);
  ASSERT_TRUE(station().begin(demo_id(0)));
  const auto first = station().captured(FingerPosition::right_thumb, image);
  ASSERT_TRUE(first) << first.error().text();
  EXPECT_TRUE(first->usable);
  station().cancel();
  // Also for another voter, and brightened a little.
  ASSERT_TRUE(station().begin(demo_id(1)));
  auto copy = image;
  for (auto& grey : copy.pixels) {
    grey = static_cast<std::uint8_t>(std::min(255, grey + 6));
  }
  const auto again = station().captured(FingerPosition::right_thumb, copy);
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_FALSE(again->usable);
  EXPECT_EQ(again->advice, "replayed");
  EXPECT_EQ(again->tries_left, kTriesPerFinger - 1);
  EXPECT_EQ(station().admit({}).error().kind, errors::not_decided);
}

TEST_F(Fingers, WaitingForAFingerHoldsUpNobodyAndEndsWithTheCheck) {
  Api api(station(), files_, "", std::nullopt);
  auto router = api.router();
  const std::string thumb = R"({"finger": "right_thumb"})";
  const std::string who = R"({"id": ")" + demo_id(0) + R"("})";
  (void)ask(router, "POST", "/api/begin", who, 200);
  const auto began = std::chrono::steady_clock::now();
  std::jthread waiting([&] { (void)ask(router, "POST", "/api/capture", thumb, 409); });
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  (void)ask(router, "GET", "/api/state", "", 200);
  (void)ask(router, "POST", "/api/cancel", "", 200);
  waiting.join();
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));
  (void)ask(router, "POST", "/api/begin", who, 200);
  scanner_.put(demo_impression(plan_, 0, FingerPosition::right_thumb, 3));
  const auto seen = ask(router, "POST", "/api/capture", thumb, 200);
  EXPECT_TRUE(*seen.find("result")->find("usable")->if_bool());
}

TEST_F(Fingers, NoImageIsStoredAndDestroyedTemplatesAreGone) {
  ASSERT_TRUE(station().begin(demo_id(0)));
  (void)touch(0, FingerPosition::right_thumb);
  ASSERT_TRUE(station().admit({false, false, demo_.officials}));
  const std::vector<std::string> expected{"certificate", "device.key",    "events",
                                          "prints.key",  "prints.sealed", "setup",
                                          "tokens"};
  EXPECT_EQ(files_.list(folder_ + "/device").value(), expected);
  for (const char* name : {"prints.key", "prints.sealed"}) {
    ASSERT_TRUE(erase_file(files_, random_, folder_ + "/device/" + name));
  }
  EXPECT_EQ(files_.kind(folder_ + "/device/prints.key"), base::FileKind::missing);
}

TEST_F(Fingers, TheServiceDoesADayAndNeverSaysAToken) {
  const auto put = [&](const std::string&, FingerPosition position,
                       Placing) -> Result<void> {
    scanner_.put(demo_impression(plan_, 0, position, ++touches_));
    return {};
  };
  Api api(station(), files_, "",
          Demo{folder_ + "/tray", demo_.officials, put, demo_.with_prints});
  auto router = api.router();
  const std::string both =
      R"("officials": [{"stick": "president", "pin": ")" + demo_.officials[0].pin +
      R"("}, {"stick": "secretary", "pin": ")" + demo_.officials[1].pin + R"("}])";
  const auto state = ask(router, "GET", "/api/state", "", 200);
  EXPECT_EQ(*state.find("state")->find("voters")->if_int(), 20);
  const auto found = ask(router, "POST", "/api/find", R"({"text": "ana"})", 200);
  const Json* voters = found.find("result")->find("voters");
  ASSERT_FALSE(voters->items().empty());
  const std::string id = *voters->items()[0].find("id")->if_string();
  EXPECT_EQ(id, demo_id(0));
  const std::string who = R"({"id": ")" + id + R"("})";
  (void)ask(router, "POST", "/api/begin", who, 200);
  for (const char* finger : {"right_thumb", "left_thumb"}) {
    const std::string body =
        R"({"id": ")" + id + R"(", "finger": ")" + finger + R"("})";
    (void)ask(router, "POST", "/api/demo/finger", body, 200);
    (void)ask(router, "POST", "/api/capture", body, 200);
  }
  const auto admitted = ask(router, "POST", "/api/admit", R"({"assisted": true})", 200);
  EXPECT_EQ(*admitted.find("result")->if_string(), "matched");
  const auto again = ask(router, "POST", "/api/begin", who, 409);
  EXPECT_EQ(*again.find("error")->find("number")->if_string(), "U6232");
  (void)ask(router, "POST", "/api/find", "{", 400);
  (void)ask(router, "POST", "/api/capture", R"({"finger": "nose"})", 400);
  (void)ask(router, "POST", "/api/print-list", "", 200);
  (void)ask(router, "POST", "/api/print-slip", "", 409);
  (void)ask(router, "POST", "/api/officials/close", "{" + both + "}", 200);
  const auto slip = ask(router, "POST", "/api/print-slip", "", 200);
  EXPECT_TRUE(slip.find("result")->if_string()->starts_with("URNA:CHECKIN/1"));
  EXPECT_NE(slip.find("result")->if_string()->find("CHECKEDIN:1 MATCHED:1"),
            std::string::npos);
  const auto demo = ask(router, "GET", "/api/demo", "", 200);
  EXPECT_GE(demo.find("papers")->items().size(), 3u);
  // Four groups of four, as a token is written.
  EXPECT_EQ(admitted.dump().find("token_text"), std::string::npos);
  EXPECT_EQ(admitted.find("token"), nullptr);
}

}  // namespace
}  // namespace urna::checkin
