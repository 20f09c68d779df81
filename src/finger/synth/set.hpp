// A folder of synthetic prints for tests, evaluation and demonstrations:
// `FINGER_IMPRESSION.png` (what `urna finger eval` expects) and `truth.csv` with every
// visible minutia of every image. The same options give the same files.
#pragma once

#include "base/file.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "finger/synth/impression.hpp"

#include <string>

namespace urna::finger::synth {

struct SetOptions {
  int fingers = 100;
  int impressions = 8;
  std::uint64_t seed = 1;
  Conditions conditions = {};
  int threads = 1;
};

// The header of truth.csv; directions as in Minutia, in degrees.
inline constexpr std::string_view kTruthHeader = "image,x,y,direction,type";

// The finger that set `seed` has at place `index`, counted from 0.
[[nodiscard]] std::uint64_t finger_seed(std::uint64_t seed, int index);

// Errors: bad_synth_request for impossible numbers, and those of the file system.
[[nodiscard]] Result<void> write_set(base::FileSystem& files, const std::string& folder,
                                     const SetOptions& options,
                                     base::Progress* progress = nullptr);

}  // namespace urna::finger::synth
