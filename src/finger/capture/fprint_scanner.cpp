#include "finger/capture/fprint_scanner.hpp"

#include "finger/io_errors.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include <fmt/format.h>

// Its headers use C casts and old declarations that our warnings refuse.
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#endif
#include <libfprint-2/fprint.h>
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

namespace urna::finger::capture {
namespace {

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
template <class T>
using Owned = std::unique_ptr<T, Unref>;

struct FreeError {
  void operator()(GError* error) const { g_error_free(error); }
};
using OwnedError = std::unique_ptr<GError, FreeError>;

// Cancels a blocking call of libfprint after a time, unless it ends before.
class Deadline {
 public:
  Deadline(GCancellable* cancel, std::chrono::milliseconds timeout)
      : thread_([this, cancel, timeout] {
          std::unique_lock lock(mutex_);
          if (!done_condition_.wait_for(lock, timeout, [this] { return done_; })) {
            g_cancellable_cancel(cancel);
          }
        }) {}
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  ~Deadline() {
    {
      const std::scoped_lock lock(mutex_);
      done_ = true;
    }
    done_condition_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable done_condition_;
  bool done_ = false;
  std::jthread thread_;  // last, so that it ends before what it uses
};

Error to_error(const GError* error) {
  const std::string text = error == nullptr ? "no reason given" : error->message;
  if (error != nullptr && error->domain == FP_DEVICE_RETRY) {
    return {errors::scanner_retry, text, {}, "lift the finger and place it again"};
  }
  if (error != nullptr && error->domain == FP_DEVICE_ERROR &&
      error->code == FP_DEVICE_ERROR_REMOVED) {
    return {errors::no_scanner, text, {}, "plug the reader in again"};
  }
  if (error != nullptr && error->domain == G_IO_ERROR &&
      error->code == G_IO_ERROR_CANCELLED) {
    return {errors::capture_timeout, "no finger was placed in time", {}, {}};
  }
  return {errors::scanner_failed, text, {}, "unplug the reader and plug it in again"};
}

Result<io::Picture> to_picture(FpImage* image) {
  const guint width = fp_image_get_width(image);
  const guint height = fp_image_get_height(image);
  URNA_CHECK(io::check_size(width, height));
  gsize length = 0;
  const guchar* data = fp_image_get_data(image, &length);
  if (data == nullptr || length != gsize{width} * height) {
    return fail(errors::scanner_failed, "the reader delivered an incomplete picture");
  }
  io::Picture picture = io::make_picture(width, height);
  picture.pixels.assign(data, data + length);
  const double dpi = fp_image_get_ppmm(image) * 25.4;
  io::set_resolution(picture, dpi, dpi);
  return picture;
}

}  // namespace

struct FprintScanner::Device {
  Owned<FpContext> context;
  FpDevice* device = nullptr;  // owned by the context

  ~Device() {
    if (device != nullptr && fp_device_is_open(device) != FALSE) {
      fp_device_close_sync(device, nullptr, nullptr);
    }
  }
};

FprintScanner::FprintScanner(std::unique_ptr<Device> device,
                             const FprintOptions& options)
    : device_(std::move(device)), options_(options) {}

FprintScanner::~FprintScanner() = default;

Result<std::unique_ptr<FprintScanner>> FprintScanner::open(
    const FprintOptions& options) {
  auto found = std::make_unique<Device>();
  found->context.reset(fp_context_new());
  const GPtrArray* devices = fp_context_get_devices(found->context.get());
  std::string others;
  for (guint i = 0; devices != nullptr && i < devices->len; ++i) {
    auto* device = static_cast<FpDevice*>(devices->pdata[i]);
    if (fp_device_has_feature(device, FP_DEVICE_FEATURE_CAPTURE) != FALSE) {
      found->device = device;
      break;
    }
    others +=
        fmt::format("{}{}", others.empty() ? "" : ", ", fp_device_get_name(device));
  }
  if (found->device == nullptr) {
    return fail(
        errors::no_scanner,
        others.empty() ? "libfprint finds no reader"
                       : fmt::format("no reader delivers pictures: {}", others),
        "plug in a reader, or use a folder that the vendor's program writes to");
  }
  GError* raw = nullptr;
  if (fp_device_open_sync(found->device, nullptr, &raw) == FALSE) {
    const OwnedError error(raw);
    return std::unexpected(to_error(error.get()));
  }
  return std::unique_ptr<FprintScanner>(new FprintScanner(std::move(found), options));
}

std::string FprintScanner::name() const {
  return fp_device_get_name(device_->device);
}

Result<Image> FprintScanner::capture(std::chrono::milliseconds timeout) {
  const Owned<GCancellable> cancel(g_cancellable_new());
  GError* raw = nullptr;
  Owned<FpImage> image;
  {
    const Deadline deadline(cancel.get(), timeout);
    image.reset(fp_device_capture_sync(device_->device, TRUE, cancel.get(), &raw));
  }
  const OwnedError error(raw);
  if (!image) return std::unexpected(to_error(error.get()));
  URNA_TRY(const io::Picture picture, to_picture(image.get()));
  io::NormaliseOptions normal;
  normal.assumed_dpi = options_.assumed_dpi;
  normal.polarity = options_.polarity;
  return io::normalise(picture, normal);
}

}  // namespace urna::finger::capture
