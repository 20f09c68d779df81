#include "checkin/synthetic_scanner.hpp"

#include "finger/io_errors.hpp"

namespace urna::checkin {

Result<finger::Image> SyntheticScanner::capture(std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  if (!there_.wait_for(lock, timeout, [&] { return image_.has_value(); })) {
    return fail(finger::errors::capture_timeout, "no finger was put on the reader");
  }
  finger::Image out = *std::move(image_);
  image_.reset();
  return out;
}

void SyntheticScanner::put(finger::Image image) {
  {
    const std::lock_guard lock(mutex_);
    image_ = std::move(image);
  }
  there_.notify_one();
}

}  // namespace urna::checkin
