#include "finger/synth/set.hpp"

#include "finger/io/png_file.hpp"
#include "finger/io_errors.hpp"
#include "finger/synth/maths.hpp"

#include <atomic>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include <fmt/format.h>

namespace urna::finger::synth {
namespace {

std::string file_name(int finger, int impression) {
  return fmt::format("{}_{}.png", finger + 1, impression + 1);
}

std::string_view name_of(MinutiaType type) {
  return type == MinutiaType::ending        ? "ending"
         : type == MinutiaType::bifurcation ? "bifurcation"
                                            : "other";
}

std::string truth_rows(const std::string& image, const Template& truth) {
  std::string out;
  for (const Minutia& m : truth.minutiae) {
    out +=
        fmt::format("{},{:.3f},{:.3f},{:.2f},{}\n", image, m.x / double{kSubPixel},
                    m.y / double{kSubPixel}, m.angle * 360.0 / 65536, name_of(m.type));
  }
  return out;
}

Result<Bytes> encode(const Image& image) {
  io::Picture picture;
  picture.width = static_cast<std::uint32_t>(image.width);
  picture.height = static_cast<std::uint32_t>(image.height);
  picture.pixels = image.pixels;
  picture.dpi_x = picture.dpi_y = image.dpi;
  return io::write_png(picture);
}

// Fingers are handed out one by one to a few threads; what each finger adds to
// truth.csv is kept apart, so that the file does not depend on who was faster.
class SetWriter {
 public:
  SetWriter(base::FileSystem& files, const std::string& folder,
            const SetOptions& options, base::Progress* progress)
      : files_(files), folder_(folder), options_(options), progress_(progress) {
    truth_.resize(static_cast<std::size_t>(options.fingers));
  }

  Result<void> write() {
    std::vector<std::jthread> threads;
    for (int i = 1; i < options_.threads; ++i) threads.emplace_back([this] { work(); });
    work();
    threads.clear();
    if (error_) return std::unexpected(*error_);
    std::string all(kTruthHeader);
    all += '\n';
    for (const std::string& part : truth_) all += part;
    return base::write_durable(files_, base::join_path(folder_, "truth.csv"),
                               as_bytes(all));
  }

 private:
  void work() {
    for (int index = next_++; index < options_.fingers; index = next_++) {
      const auto done = write_finger(index);
      if (done) continue;
      const std::scoped_lock lock(mutex_);
      if (!error_) error_ = done.error();
      next_ = options_.fingers;
    }
  }

  Result<void> write_finger(int index) {
    const Finger made = finger(finger_seed(options_.seed, index));
    for (int i = 0; i < options_.impressions; ++i) {
      const Impression one =
          impression(made, static_cast<std::uint64_t>(i), options_.conditions);
      const std::string name = file_name(index, i);
      URNA_TRY(const Bytes png, encode(one.image));
      URNA_CHECK(base::write_durable(files_, base::join_path(folder_, name), png));
      truth_[static_cast<std::size_t>(index)] += truth_rows(name, one.truth);
      if (progress_ != nullptr) progress_->add();
    }
    return {};
  }

  base::FileSystem& files_;
  const std::string& folder_;
  const SetOptions& options_;
  base::Progress* progress_;
  std::vector<std::string> truth_;
  std::atomic<int> next_{0};
  std::mutex mutex_;
  std::optional<Error> error_;
};

}  // namespace

std::uint64_t finger_seed(std::uint64_t seed, int index) {
  return mix(seed, 0x66696E676572U + static_cast<std::uint64_t>(index));
}

Result<void> write_set(base::FileSystem& files, const std::string& folder,
                       const SetOptions& options, base::Progress* progress) {
  const Conditions& c = options.conditions;
  if (options.fingers < 1 || options.fingers > 1'000'000 || options.impressions < 1 ||
      options.impressions > 1000 || options.threads < 1 || c.width < 96 ||
      c.height < 96 || c.width > 1000 || c.height > 1000) {
    return fail(
        errors::bad_synth_request,
        fmt::format("{} fingers x {} impressions of {} x {} pixels", options.fingers,
                    options.impressions, c.width, c.height),
        "1 to 1000000 fingers, 1 to 1000 impressions, 96 to 1000 pixels a side");
  }
  URNA_CHECK(files.make_folder(folder));
  return SetWriter(files, folder, options, progress).write();
}

}  // namespace urna::finger::synth
