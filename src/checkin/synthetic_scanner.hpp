// A reader on which anybody can put a synthetic finger; it is lifted after one picture.
// For demonstrations: every election of another mode refuses it.
//
// Thread rule: put() from any thread while another one waits in capture().
#pragma once

#include "finger/capture/scanner.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>

namespace urna::checkin {

class SyntheticScanner final : public finger::capture::Scanner {
 public:
  [[nodiscard]] std::string name() const override { return "synthetic fingers"; }
  [[nodiscard]] bool synthetic() const override { return true; }
  [[nodiscard]] Result<finger::Image> capture(
      std::chrono::milliseconds timeout) override;
  void put(finger::Image image);

 private:
  std::mutex mutex_;
  std::condition_variable there_;
  std::optional<finger::Image> image_;
};

}  // namespace urna::checkin
