// Many templates held for 1:N search. A search is a cascade of three stages, each
// looking closer at the part of the gallery that the one before found most alike:
//
//   1. everybody: pairs of minutiae by population count, and their vote (filter.hpp);
//   2. the best 40 %: the prints laid on each other by those votes (overlay.hpp);
//   3. the best 2 %: the full matcher, whose score is the answer.
//
// The parts are shares of the gallery and not fixed thresholds, so that a poor probe
// is given the same chance and every search takes the same time. A probe of few
// minutiae says less about each candidate, but comparing it costs less too: it gets
// larger shares for the same work (widening()). Of a gallery of a few hundred everybody
// reaches stage 3.
//
// Memory: below 1.2 kB a template (bytes_per_template()), in blocks that never move.
//
// Thread rule: const functions may run on many threads at once; add() may not run
// beside them. Holds biometric personal data.
#pragma once

#include "base/result.hpp"
#include "finger/match/filter.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace urna::finger {

struct Found {
  std::size_t index = 0;  // in the order of add()
  int score = 0;
};

struct SearchOptions {
  std::size_t most = 10;       // candidates returned, best first
  int threshold = 0;           // least score of a candidate
  int threads = 1;             // 0: one a core
  bool exhaustive = false;     // no cascade: the full matcher for everybody
  std::size_t at_least = 200;  // templates that reach stage 3 however small the gallery
  double overlaid = 0.40;      // share of the gallery that reaches stage 2,
  double matched = 0.02;       // and stage 3, both times widening()
};

struct SearchStatistics {
  std::size_t compared = 0;  // stage 1
  std::size_t overlaid = 0;  // reached stage 2
  std::size_t matched = 0;   // reached stage 3
};

// How much larger the shares are for this probe: 1 from kProbeMinutiae minutiae up,
// to 3.
[[nodiscard]] double widening(const Template& probe);

// What stages 1 and 2 think of one template; only the order means anything.
struct StageValues {
  int agreement = 0;
  int overlay = 0;
};

struct GalleryProbe;  // gallery.cpp

class Gallery {
 public:
  // Keeps the template in the private format, without singular points, which no search
  // uses. Error: bad_template.
  [[nodiscard]] Result<std::size_t> add(const Template& print);
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t bytes_per_template() const;
  // The template as stored; its minutiae may be in another order.
  [[nodiscard]] Template at(std::size_t index) const;

  [[nodiscard]] std::vector<Found> search(const Template& probe, SearchOptions options,
                                          SearchStatistics* statistics = nullptr) const;

  // Every template through both stages, to study what a search loses (identify.hpp).
  [[nodiscard]] std::vector<StageValues> stage_values(const Template& probe) const;

 private:
  // Templates that lie together; all but the last block are full.
  struct Block {
    std::vector<FilterBits> filters;
    std::vector<std::uint32_t> at;     // of each template in `packed`
    std::vector<std::uint8_t> packed;  // private templates, one after the other
  };
  static constexpr std::size_t kBlock = 4096;

  struct Candidate {
    std::size_t index;
    int value;
  };

  [[nodiscard]] const std::uint8_t* bytes_at(std::size_t index) const;
  // Stage 1 and 2; both best first by value, ties by index, cut to what is kept.
  [[nodiscard]] std::vector<Candidate> voted(const GalleryProbe& probe,
                                             const SearchOptions& options) const;
  void lay(const GalleryProbe& probe, const SearchOptions& options,
           std::vector<Candidate>& candidates) const;
  [[nodiscard]] std::vector<Found> match(
      const Template& probe, const SearchOptions& options,
      const std::vector<Candidate>& candidates) const;

  std::vector<std::unique_ptr<Block>> blocks_;
  std::size_t size_ = 0;
};

}  // namespace urna::finger
