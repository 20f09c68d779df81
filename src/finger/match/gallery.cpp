#include "finger/match/gallery.hpp"

#include "finger/eval/dataset.hpp"
#include "finger/match/codec.hpp"
#include "finger/match/filter.hpp"
#include "finger/match/score.hpp"

#include <algorithm>
#include <mutex>
#include <tuple>

namespace urna::finger {
namespace {

constexpr std::size_t kHeaderBytes = 18;  // of the private format
constexpr std::size_t kMinutiaBytes = 6;
constexpr std::size_t kChunk = 4096;

// The place of minutia k, straight from the packed template (codec.cpp).
Place place_at(const std::uint8_t* bytes, std::size_t k) {
  const std::uint8_t* m = bytes + kHeaderBytes + kMinutiaBytes * k;
  std::uint64_t packed = 0;
  for (std::size_t byte = 0; byte < kMinutiaBytes; ++byte)
    packed |= std::uint64_t{m[byte]} << (8 * byte);
  return {static_cast<std::int16_t>((packed & 0x3fffU) / kSubPixel),
          static_cast<std::int16_t>((packed >> 14 & 0x3fffU) / kSubPixel),
          static_cast<std::uint8_t>(packed >> 33)};
}

Template by_quality(Template print) {
  std::sort(print.minutiae.begin(), print.minutiae.end(),
            [](const Minutia& a, const Minutia& b) {
              return std::tuple(b.quality, a.y, a.x, a.angle) <
                     std::tuple(a.quality, b.y, b.x, b.angle);
            });
  return print;
}

}  // namespace

Result<std::size_t> Gallery::add(const Template& print) {
  URNA_TRY(const Bytes bytes, encode_template(by_quality(print)));
  URNA_TRY(const Template rounded, decode_template(bytes));
  const FilterPrint filter = describe_short(rounded);
  entries_.push_back({packed_.size(), static_cast<std::uint32_t>(filters_.size()),
                      static_cast<std::uint16_t>(bytes.size()),
                      static_cast<std::uint8_t>(filter.size)});
  packed_.insert(packed_.end(), bytes.begin(), bytes.end());
  filters_.insert(filters_.end(), filter.bits.begin(),
                  filter.bits.begin() + filter.size);
  return entries_.size() - 1;
}

std::size_t Gallery::bytes_per_template() const {
  if (entries_.empty()) return 0;
  const std::size_t all = entries_.size() * sizeof(Entry) + packed_.size() +
                          filters_.size() * sizeof(ShortDescriptor);
  return (all + entries_.size() - 1) / entries_.size();
}

Template Gallery::at(std::size_t index) const {
  const Entry& entry = entries_[index];
  auto print = decode_template(ByteView(packed_).subspan(entry.at, entry.bytes));
  return print ? *std::move(print) : Template{};  // add() encoded it: always readable
}

bool Gallery::promising(std::size_t index, const FilterProbe& probe,
                        FilterScratch& scratch) const {
  const Entry& entry = entries_[index];
  // Unused places are filled with empty descriptors, which pair with nothing.
  std::array<ShortDescriptor, kFilterMinutiae> bits{};
  std::copy_n(filters_.data() + entry.filter, entry.filters, bits.data());
  BestPartners partners{};
  best_partners(probe.filter, bits.data(), partners);
  std::array<Place, kFilterMinutiae> place{};
  for (std::size_t m = 0; m < entry.filters; ++m)
    place[m] = place_at(packed_.data() + entry.at, m);
  const Hypotheses hypotheses = vote(probe.filter, partners, place.data());
  if (hypotheses[0].votes < kLeastVote) return false;
  count_print(packed_.data() + entry.at, scratch.count);
  count_map(packed_.data() + entry.at, scratch.map);
  return worth_matching(probe, hypotheses, scratch);
}

std::vector<Found> Gallery::search(const Template& probe, const SearchOptions& options,
                                   SearchStatistics* statistics) const {
  const Template ordered = by_quality(probe);
  const Prepared prepared = prepare(ordered);
  const FilterProbe filter = filter_probe(ordered);
  std::vector<Found> found;
  std::mutex mutex;
  std::size_t fully = 0;
  const auto search_chunk = [&](std::size_t chunk) {
    Matcher matcher;
    FilterScratch scratch;
    std::vector<Found> good;
    std::size_t full = 0;
    const std::size_t end = std::min(entries_.size(), (chunk + 1) * kChunk);
    for (std::size_t k = chunk * kChunk; k < end; ++k) {
      if (!options.exhaustive && !promising(k, filter, scratch)) continue;
      ++full;
      const Prepared candidate = prepare(at(k));
      const int s =
          score(matcher.compare(prepared, candidate), model_for(prepared, candidate));
      if (s >= options.threshold) good.push_back({k, s});
    }
    const std::lock_guard lock(mutex);
    found.insert(found.end(), good.begin(), good.end());
    fully += full;
  };
  run_parallel((entries_.size() + kChunk - 1) / kChunk, options.threads, search_chunk);
  std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    return std::tuple(b.score, a.index) < std::tuple(a.score, b.index);
  });
  if (found.size() > options.most) found.resize(options.most);
  if (statistics != nullptr) *statistics = {entries_.size(), fully};
  return found;
}

}  // namespace urna::finger
