// Image to template: the one entry to the extractor. Called by the tools, by
// enrolment and check-in, and by the evaluation.
//
// Thread rule: extract() is pure and may run on many threads at once. Images and
// templates are biometric personal data.
#pragma once

#include "base/result.hpp"
#include "finger/extract/detect.hpp"
#include "finger/extract/enhance.hpp"
#include "finger/extract/plane.hpp"
#include "finger/image.hpp"
#include "finger/template.hpp"

#include <vector>

namespace urna::finger {

struct ExtractOptions {
  int dpi = 0;  // overrides what the image says; 0 takes image.dpi, or 500
  int max_minutiae = 72;
};

[[nodiscard]] Result<Template> extract(const Image& image,
                                       const ExtractOptions& options = {});

// Everything the stages found, for `show` and for training.
struct Extraction {
  Image image;  // at 500 dpi
  Levelled levelled;
  RidgeField field;
  Plane<std::uint8_t> mask;  // as field; 1 inside the print
  TileField tiles;
  Plane<std::int16_t> enhanced;  // padded by kPad
  std::vector<Candidate> candidates;
  Template result;
};
[[nodiscard]] Result<Extraction> extract_all(const Image& image,
                                             const ExtractOptions& options = {});

}  // namespace urna::finger
