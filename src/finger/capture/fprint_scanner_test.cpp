// The libfprint scanner against libfprint's own virtual image device: a socket that
// takes pictures.
#include "finger/capture/fprint_scanner.hpp"

#include "finger/capture/testing/virtual_finger.hpp"
#include "finger/io_errors.hpp"
#include "finger/synth/impression.hpp"

#include <array>
#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

namespace urna::finger::capture {
namespace {

using namespace std::chrono_literals;

class FprintScannerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::array<char, 32> pattern{"/tmp/urna_fprint_XXXXXX"};
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern.data();
    socket_ = folder_ + "/socket";
    setenv("FP_VIRTUAL_IMAGE", socket_.c_str(), 1);
  }
  void TearDown() override {
    unsetenv("FP_VIRTUAL_IMAGE");
    std::filesystem::remove_all(folder_);
  }

  std::string folder_;
  std::string socket_;
};

TEST_F(FprintScannerTest, DeliversThePictureThatTheReaderSaw) {
  auto scanner = FprintScanner::open();
  if (!scanner && scanner.error().kind == errors::no_scanner) {
    GTEST_SKIP() << "this libfprint was built without its virtual image device";
  }
  ASSERT_TRUE(scanner) << scanner.error().text();
  EXPECT_FALSE((*scanner)->name().empty());
  const Image shown = synth::impression(synth::finger(5), 1).image;
  testing::VirtualFinger finger(socket_);
  finger.send({shown.width, shown.height}, shown.pixels);
  const auto seen = (*scanner)->capture(10s);
  ASSERT_TRUE(seen) << seen.error().text();
  EXPECT_EQ(*seen, shown);
}

TEST_F(FprintScannerTest, SaysWhenNobodyCame) {
  auto scanner = FprintScanner::open();
  if (!scanner) GTEST_SKIP() << "no virtual image device";
  const auto seen = (*scanner)->capture(300ms);
  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error().kind, errors::capture_timeout) << seen.error().text();
}

TEST_F(FprintScannerTest, PassesOnThatTheFingerMustBePlacedAgain) {
  auto scanner = FprintScanner::open();
  if (!scanner) GTEST_SKIP() << "no virtual image device";
  testing::VirtualFinger finger(socket_);
  finger.send({-1, 0}, {});  // control message: retry, general
  const auto seen = (*scanner)->capture(10s);
  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error().kind, errors::scanner_retry) << seen.error().text();
}

}  // namespace
}  // namespace urna::finger::capture
