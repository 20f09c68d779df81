#include "finger/eval/dataset.hpp"

#include "finger/errors.hpp"
#include "finger/extract/extract.hpp"
#include "finger/io/read.hpp"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <thread>

namespace urna::finger {

void run_parallel(std::size_t count, int threads,
                  const std::function<void(std::size_t)>& work) {
  const auto wanted =
      threads > 0 ? static_cast<std::size_t>(threads)
                  : std::max<std::size_t>(1, std::thread::hardware_concurrency());
  std::atomic<std::size_t> next{0};
  const auto loop = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::thread> pool;
  for (std::size_t t = 1; t < std::min(wanted, count); ++t) pool.emplace_back(loop);
  loop();
  for (std::thread& thread : pool) thread.join();
}

Result<std::vector<Sample>> list_samples(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  std::vector<Sample> samples;
  fs::directory_iterator it(folder, error);
  if (error)
    return fail(errors::nothing_to_evaluate,
                "the folder cannot be read: " + error.message(),
                "give a folder of images named FINGER_IMPRESSION.png", folder);
  for (const auto& entry : it) {
    if (!entry.is_regular_file(error)) continue;
    const std::string stem = entry.path().stem().string();
    const std::size_t cut = stem.rfind('_');
    if (cut == std::string::npos || cut == 0) continue;
    samples.push_back({entry.path().string(), stem.substr(0, cut), {}, {}});
  }
  if (samples.size() < 2)
    return fail(errors::nothing_to_evaluate,
                "the folder holds fewer than two images named FINGER_IMPRESSION",
                "name images FINGER_IMPRESSION.png, for example 101_1.png", folder);
  std::sort(samples.begin(), samples.end(),
            [](const Sample& a, const Sample& b) { return a.path < b.path; });
  return samples;
}

Template bare_template(const Template& print) {
  Template bare = print;
  bare.map = {};
  bare.singular_points.clear();
  for (Minutia& m : bare.minutiae) {
    m.x = static_cast<std::int16_t>((m.x + kSubPixel / 2) / kSubPixel * kSubPixel);
    m.y = static_cast<std::int16_t>((m.y + kSubPixel / 2) / kSubPixel * kSubPixel);
    m.angle = static_cast<std::uint16_t>((m.angle + 128U) & 0xff00U);
  }
  return bare;
}

void load(std::vector<Sample>& samples, const LoadOptions& options) {
  run_parallel(samples.size(), options.threads, [&](std::size_t i) {
    Sample& sample = samples[i];
    io::ReadOptions read;
    if (options.dpi > 0) read.normalise.dpi = options.dpi;
    const auto image = io::read_image_file(sample.path, read);
    if (!image) {
      sample.refused = image.error().message;
    } else {
      auto print = extract(*image);
      if (print)
        sample.print = options.bare ? bare_template(*print) : *std::move(print);
      else
        sample.refused = print.error().message;
    }
    if (options.step) options.step();
  });
}

}  // namespace urna::finger
