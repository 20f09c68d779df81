// A folder of fingerprint images (or templates) named FINGER_IMPRESSION.ext or
// PERSON_FINGER_IMPRESSION.ext, read and extracted on all cores. Called by
// `urna finger eval` and finger_train.
//
// Thread rule: load() starts its own threads. Holds biometric personal data.
#pragma once

#include "base/result.hpp"
#include "finger/match/prepared.hpp"

#include <functional>
#include <string>
#include <vector>

namespace urna::finger {

struct Sample {
  std::string path;
  std::string finger;   // everything before the last underscore of the name
  Template print;       // empty when refused
  std::string refused;  // why, when the extractor refused the image
};

struct LoadOptions {
  int dpi = 0;                 // 0: what the image says, else 500
  int threads = 0;             // 0: one a core
  bool bare = false;           // drop what ISO minutiae records do not carry
  std::function<void()> step;  // called once an image, from any thread
};

// The image files of `folder` by name; not its sub-folders.
[[nodiscard]] Result<std::vector<Sample>> list_samples(const std::string& folder);
void load(std::vector<Sample>& samples, const LoadOptions& options);

// The template as an ISO/IEC 19794-2:2005 record would give it back: whole pixels,
// 256 directions, no map.
[[nodiscard]] Template bare_template(const Template& print);

// Runs work(0) .. work(count - 1) on `threads` threads (0: one a core).
void run_parallel(std::size_t count, int threads,
                  const std::function<void(std::size_t)>& work);

}  // namespace urna::finger
