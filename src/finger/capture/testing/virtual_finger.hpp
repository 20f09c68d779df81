// The finger on libfprint's virtual image reader, which is a socket that takes
// pictures: FP_VIRTUAL_IMAGE names it. Tests only.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace urna::finger::capture::testing {

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
      std::this_thread::sleep_for(
          std::chrono::milliseconds(200));  // closing counts as lifting the finger
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
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
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

}  // namespace urna::finger::capture::testing
