// What a search loses to its cascade: prints searched among all others, once through
// the cascade and once with everybody compared fully. Called by `urna finger eval
// --search`.
//
// Thread rule: identify() starts its own threads. Holds biometric personal data.
#pragma once

#include "base/result.hpp"
#include "finger/eval/evaluate.hpp"

#include <functional>
#include <string>
#include <vector>

namespace urna::finger {

struct IdentifyOptions {
  int every = 1;  // searches every so-manieth print
  int threads = 0;
  int threshold = 60;          // what counts as found
  std::function<void()> step;  // called once a search
};

// Of the mates that full comparison puts first, the share that stage 1 puts among the
// best `share` of the gallery, and stage 2 among those that stage 1 lets through.
struct Recall {
  double share = 0;
  double stage1 = 0;
  double stage2 = 0;
};

// Rates over pairs of a search and one mate. Intervals by resampling fingers, as in
// Accuracy.
struct Identification {
  std::size_t gallery = 0;
  std::size_t searches = 0;
  std::size_t mates = 0;  // pairs of a search and another print of its finger
  Rate rank1_full;        // the mate scores higher than every other finger
  Rate rank1_cascade;
  Rate missed_full;     // mates below the threshold (FNIR)
  Rate missed_cascade;  // and those that the cascade never scored
  Rate lost;            // mates found by full comparison only
  double matched = 0;   // share of the gallery that reached the full matcher
  double seconds = 0;   // of one cascade search, on one thread
  std::vector<Recall> recall;
};

// Every mate is judged as if it alone were in the gallery with the other fingers. No
// floor for small galleries: the shares are those of a gallery of millions. Error:
// bad_template.
[[nodiscard]] Result<Identification> identify(const std::vector<Sample>& samples,
                                              const IdentifyOptions& options);

[[nodiscard]] std::string recall_csv(const Identification& result);
[[nodiscard]] std::string recall_svg(const Identification& result);

}  // namespace urna::finger
