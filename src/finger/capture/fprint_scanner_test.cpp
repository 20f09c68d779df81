// The libfprint scanner against libfprint's own virtual image device: a socket that
// takes pictures.
#include "finger/capture/fprint_scanner.hpp"

#include "finger/io_errors.hpp"
#include "finger/synth/impression.hpp"

#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <thread>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace urna::finger::capture {
namespace {

using namespace std::chrono_literals;

// Sends one picture (or a control message) to the virtual device.
class VirtualFinger {
 public:
  explicit VirtualFinger(std::string path) : path_(std::move(path)) {}

  void send(std::array<std::int32_t, 2> head, const std::vector<std::uint8_t>& pixels) {
    thread_ = std::jthread([this, head, pixels] {
      const int fd = connect();
      if (fd < 0) return;
      write_all(fd, head.data(), sizeof head);
      write_all(fd, pixels.data(), pixels.size());
      std::this_thread::sleep_for(200ms);  // closing counts as lifting the finger
      close(fd);
    });
  }

 private:
  [[nodiscard]] int connect() const {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path_.c_str(), sizeof address.sun_path - 1);
    for (int attempt = 0; attempt < 100; ++attempt) {
      const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
      if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
        return fd;
      }
      close(fd);
      std::this_thread::sleep_for(20ms);
    }
    return -1;
  }

  static void write_all(int fd, const void* data, std::size_t size) {
    const auto* at = static_cast<const char*>(data);
    while (size > 0) {
      const ssize_t n = ::send(fd, at, size, MSG_NOSIGNAL);
      if (n <= 0) return;
      at += n;
      size -= static_cast<std::size_t>(n);
    }
  }

  std::string path_;
  std::jthread thread_;
};

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
  VirtualFinger finger(socket_);
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
  VirtualFinger finger(socket_);
  finger.send({-1, 0}, {});  // control message: retry, general
  const auto seen = (*scanner)->capture(10s);
  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error().kind, errors::scanner_retry) << seen.error().text();
}

}  // namespace
}  // namespace urna::finger::capture
