// A voter's finger on a real driver: libfprint's virtual image reader delivers the
// picture, check-in compares it, and the same picture presented again is refused.
#include "base/testing/scripted.hpp"
#include "checkin/demo.hpp"
#include "crypto/testing/cheap_key_files.hpp"
#include "finger/capture/fprint_scanner.hpp"
#include "finger/capture/testing/virtual_finger.hpp"
#include "finger/io_errors.hpp"

#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

namespace urna::checkin {
namespace {

using namespace std::chrono_literals;
using finger::FingerPosition;

class OnLibfprint : public ::testing::Test {
 protected:
  OnLibfprint() {
    std::filesystem::create_directories(folder_);
    setenv("FP_VIRTUAL_IMAGE", socket_.c_str(), 1);
  }
  ~OnLibfprint() override {
    unsetenv("FP_VIRTUAL_IMAGE");
    std::filesystem::remove_all(folder_);
  }

  std::string folder_ = std::filesystem::temp_directory_path() /
                        ("urna-fprint-" + std::to_string(::getpid()));
  std::string socket_ = folder_ + "/socket";
};

TEST_F(OnLibfprint, AdmitsTheVoterAndRefusesAPictureThatCameBefore) {
  auto scanner = finger::capture::FprintScanner::open();
  if (!scanner && scanner.error().kind == finger::errors::no_scanner) {
    GTEST_SKIP() << "this libfprint was built without its virtual image device";
  }
  ASSERT_TRUE(scanner) << scanner.error().text();
  base::RealFiles files;
  base::testing::ScriptedRandom random{5};
  base::testing::ScriptedClock clock{1'778'400'000};
  FolderPrinter printer(files, folder_ + "/tray");
  DemoPlan plan;
  plan.definition = URNA_SOURCE_DIR "/examples/town";
  plan.voters = 3;
  plan.with_prints = 1;
  auto demo = make_demo(
      {files, random, clock, printer, scanner->get()},
      {folder_ + "/device", folder_ + "/sticks", crypto::CheapKeyFiles::cost()}, plan);
  ASSERT_TRUE(demo) << demo.error().text();
  Station& station = *demo->station;
  ASSERT_TRUE(station.begin(demo_id(0)));
  const auto touch = [&](std::uint64_t number) {
    const auto picture = demo_impression(plan, 0, FingerPosition::right_thumb, number);
    finger::capture::testing::VirtualFinger finger(socket_);
    finger.send({picture.width, picture.height}, picture.pixels);
    return station.capture(FingerPosition::right_thumb, 10s);
  };
  const auto first = touch(1);
  ASSERT_TRUE(first) << first.error().text();
  EXPECT_TRUE(first->usable) << first->advice;
  EXPECT_TRUE(first->matched);
  const auto again = touch(1);
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_FALSE(again->usable);
  EXPECT_EQ(again->advice, "replayed");
  EXPECT_EQ(again->tries_left, 1u);
  const auto outcome = station.admit({});
  ASSERT_TRUE(outcome) << outcome.error().text();
  EXPECT_EQ(*outcome, Outcome::matched);
}

}  // namespace
}  // namespace urna::checkin
