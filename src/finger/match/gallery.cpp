#include "finger/match/gallery.hpp"

#include "finger/eval/dataset.hpp"
#include "finger/match/codec.hpp"
#include "finger/match/match.hpp"
#include "finger/match/overlay.hpp"
#include "finger/match/score.hpp"

#include <algorithm>
#include <mutex>
#include <tuple>

namespace urna::finger {

struct GalleryProbe {
  FilterProbe filter;
  OverlayProbe overlay;
};

namespace {

// Where the private format keeps its parts (codec.cpp).
constexpr std::size_t kSizeAt = 4;
constexpr std::size_t kCountAt = 13;
constexpr std::size_t kHeaderBytes = 18;
constexpr std::size_t kMinutiaBytes = 6;

constexpr std::size_t kOverlayRun = 256;  // candidates a thread takes at a time
constexpr std::size_t kMatchRun = 8;

// The minutiae that the filter knows, straight from the packed template.
int places_of(const std::uint8_t* bytes, CandidatePlaces& out) {
  const int size = std::min<int>(bytes[kCountAt], kFilterMinutiae);
  const std::uint8_t* m = bytes + kHeaderBytes;
  for (std::size_t k = 0; k < static_cast<std::size_t>(size); ++k, m += kMinutiaBytes) {
    std::uint64_t packed = 0;
    for (std::size_t byte = 0; byte < kMinutiaBytes; ++byte)
      packed |= std::uint64_t{m[byte]} << (8 * byte);
    out.x[k] = static_cast<std::int16_t>((packed & 0x3fffU) / kSubPixel);
    out.y[k] = static_cast<std::int16_t>((packed >> 14 & 0x3fffU) / kSubPixel);
    out.angle[k] = static_cast<std::int16_t>(packed >> 33 & 0xffU);
  }
  return size;
}

struct Scratch {
  Partners partners;
  CandidatePlaces places;
  Ballot ballot;
  OverlayPrint overlay;
};

GalleryProbe ready_probe(const Template& probe) {
  GalleryProbe ready;
  const Template ordered = by_use(probe);
  ready.filter = filter_probe(ordered);
  ready.overlay = overlay_probe(ordered);
  return ready;
}

// The ballot of one candidate. Returns its number of minutiae.
int hold_vote(const GalleryProbe& probe, const FilterBits& bits,
              const std::uint8_t* bytes, Scratch& scratch) {
  best_partners(probe.filter, bits, scratch.partners);
  const int size = places_of(bytes, scratch.places);
  vote(probe.filter, scratch.partners, scratch.places, size, scratch.ballot);
  return size;
}

int overlay_value(const GalleryProbe& probe, const FilterBits& bits,
                  const std::uint8_t* bytes, Scratch& scratch) {
  const int size = hold_vote(probe, bits, bytes, scratch);
  overlay_print(bytes, scratch.overlay);
  return overlay(probe.overlay, scratch.overlay,
                 best_motions(scratch.ballot, scratch.places, size));
}

std::size_t share_of(std::size_t size, double share, std::size_t at_least) {
  const auto part = static_cast<std::size_t>(share * static_cast<double>(size));
  return std::min(size, std::max(part, at_least));
}

std::size_t runs_of(std::size_t count, std::size_t run) {
  return (count + run - 1) / run;
}

}  // namespace

Result<std::size_t> Gallery::add(const Template& print) {
  Template kept = by_use(print);
  kept.singular_points.clear();
  URNA_TRY(const Bytes bytes, encode_template(kept));
  URNA_TRY(const Template rounded, decode_template(bytes));
  if (size_ % kBlock == 0) {
    if (!blocks_.empty()) blocks_.back()->packed.shrink_to_fit();
    blocks_.push_back(std::make_unique<Block>());
  }
  Block& block = *blocks_.back();
  block.filters.push_back(filter_bits(rounded));
  block.at.push_back(static_cast<std::uint32_t>(block.packed.size()));
  block.packed.insert(block.packed.end(), bytes.begin(), bytes.end());
  return size_++;
}

std::size_t Gallery::bytes_per_template() const {
  if (size_ == 0) return 0;
  std::size_t all = 0;
  for (const auto& block : blocks_)
    all += sizeof(Block) + block->filters.size() * sizeof(FilterBits) +
           block->at.size() * sizeof(std::uint32_t) + block->packed.size();
  return (all + size_ - 1) / size_;
}

const std::uint8_t* Gallery::bytes_at(std::size_t index) const {
  const Block& block = *blocks_[index / kBlock];
  return block.packed.data() + block.at[index % kBlock];
}

Template Gallery::at(std::size_t index) const {
  const std::uint8_t* bytes = bytes_at(index);
  const auto size = static_cast<std::size_t>(bytes[kSizeAt] | bytes[kSizeAt + 1] << 8);
  auto print = decode_template(ByteView(bytes, size));
  return print ? *std::move(print) : Template{};  // add() encoded it: always readable
}

std::vector<Gallery::Candidate> Gallery::voted(const GalleryProbe& probe,
                                               const SearchOptions& options) const {
  std::vector<std::uint16_t> votes(size_);
  run_parallel(blocks_.size(), options.threads, [&](std::size_t at) {
    const Block& block = *blocks_[at];
    Scratch scratch;
    for (std::size_t k = 0; k < block.filters.size(); ++k) {
      hold_vote(probe, block.filters[k], block.packed.data() + block.at[k], scratch);
      votes[at * kBlock + k] = static_cast<std::uint16_t>(agreement(scratch.ballot));
    }
  });
  // The least vote that still belongs to the share, ties included.
  std::vector<std::size_t> count(kMostAgreement + 1, 0);
  for (const std::uint16_t v : votes) ++count[v];
  const std::size_t keep = share_of(size_, options.overlaid, 4 * options.at_least);
  std::size_t least = kMostAgreement;
  for (std::size_t above = count[least]; above < keep && least > 0;
       above += count[least])
    --least;
  std::vector<Candidate> out;
  for (std::size_t k = 0; k < size_; ++k)
    if (votes[k] >= least) out.push_back({k, votes[k]});
  return out;
}

void Gallery::lay(const GalleryProbe& probe, const SearchOptions& options,
                  std::vector<Candidate>& candidates) const {
  const std::size_t keep = share_of(size_, options.matched, options.at_least);
  if (candidates.size() <= keep) return;
  run_parallel(
      runs_of(candidates.size(), kOverlayRun), options.threads, [&](std::size_t run) {
        Scratch scratch;
        const std::size_t end = std::min(candidates.size(), (run + 1) * kOverlayRun);
        for (std::size_t c = run * kOverlayRun; c < end; ++c) {
          Candidate& candidate = candidates[c];
          const Block& block = *blocks_[candidate.index / kBlock];
          candidate.value =
              overlay_value(probe, block.filters[candidate.index % kBlock],
                            bytes_at(candidate.index), scratch);
        }
      });
  std::nth_element(candidates.begin(),
                   candidates.begin() + static_cast<std::ptrdiff_t>(keep),
                   candidates.end(), [](const Candidate& a, const Candidate& b) {
                     return std::tuple(b.value, a.index) < std::tuple(a.value, b.index);
                   });
  candidates.resize(keep);
}

std::vector<Found> Gallery::match(const Template& probe, const SearchOptions& options,
                                  const std::vector<Candidate>& candidates) const {
  const Prepared prepared = prepare(probe);
  std::vector<Found> found;
  std::mutex mutex;
  run_parallel(
      runs_of(candidates.size(), kMatchRun), options.threads, [&](std::size_t run) {
        Matcher matcher;
        std::vector<Found> good;
        const std::size_t end = std::min(candidates.size(), (run + 1) * kMatchRun);
        for (std::size_t c = run * kMatchRun; c < end; ++c) {
          const std::size_t index = candidates[c].index;
          const Prepared other = prepare(at(index));
          const int s =
              score(matcher.compare(prepared, other), model_for(prepared, other));
          if (s >= options.threshold) good.push_back({index, s});
        }
        const std::lock_guard lock(mutex);
        found.insert(found.end(), good.begin(), good.end());
      });
  std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    return std::tuple(b.score, a.index) < std::tuple(a.score, b.index);
  });
  if (found.size() > options.most) found.resize(options.most);
  return found;
}

double widening(const Template& probe) {
  const auto size =
      static_cast<double>(std::max<std::size_t>(1, probe.minutiae.size()));
  return std::clamp(kProbeMinutiae / size, 1.0, 3.0);
}

std::vector<Found> Gallery::search(const Template& probe, SearchOptions options,
                                   SearchStatistics* statistics) const {
  std::vector<Candidate> candidates;
  SearchStatistics counts{.compared = size_, .overlaid = 0, .matched = 0};
  if (options.exhaustive) {
    for (std::size_t k = 0; k < size_; ++k) candidates.push_back({k, 0});
  } else {
    options.overlaid = std::min(1.0, options.overlaid * widening(probe));
    options.matched = std::min(1.0, options.matched * widening(probe));
    const GalleryProbe ready = ready_probe(probe);
    candidates = voted(ready, options);
    counts.overlaid = candidates.size();
    lay(ready, options, candidates);
  }
  counts.matched = candidates.size();
  if (statistics != nullptr) *statistics = counts;
  return match(probe, options, candidates);
}

std::vector<StageValues> Gallery::stage_values(const Template& probe) const {
  const GalleryProbe ready = ready_probe(probe);
  std::vector<StageValues> out(size_);
  Scratch scratch;
  for (std::size_t k = 0; k < size_; ++k) {
    const FilterBits& bits = blocks_[k / kBlock]->filters[k % kBlock];
    out[k].overlay = overlay_value(ready, bits, bytes_at(k), scratch);
    out[k].agreement = agreement(scratch.ballot);
  }
  return out;
}

}  // namespace urna::finger
