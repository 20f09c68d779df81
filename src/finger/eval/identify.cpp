#include "finger/eval/identify.hpp"

#include "base/clock.hpp"
#include "finger/match/gallery.hpp"

#include <algorithm>
#include <map>
#include <mutex>

namespace urna::finger {
namespace {

// Sums over the searches of one finger.
struct Sums {
  double searches = 0;
  double mates = 0;
  double rank1_full = 0;
  double rank1_cascade = 0;
  double missed_full = 0;
  double missed_cascade = 0;
  double lost = 0;
};

constexpr int kNotScored = -1;

std::vector<int> scores_of(const Gallery& gallery, const Template& probe,
                           const SearchOptions& options, SearchStatistics* statistics) {
  std::vector<int> out(gallery.size(), kNotScored);
  for (const Found& f : gallery.search(probe, options, statistics))
    out[f.index] = f.score;
  return out;
}

void add_search(const std::vector<Sample>& samples, std::size_t probe,
                const std::vector<int>& full, const std::vector<int>& cascade,
                int threshold, Sums& sums) {
  const std::string& finger = samples[probe].finger;
  int rival_full = kNotScored;
  int rival_cascade = kNotScored;
  for (std::size_t k = 0; k < samples.size(); ++k) {
    if (samples[k].finger == finger) continue;
    rival_full = std::max(rival_full, full[k]);
    rival_cascade = std::max(rival_cascade, cascade[k]);
  }
  sums.searches += 1;
  for (std::size_t k = 0; k < samples.size(); ++k) {
    if (k == probe || samples[k].finger != finger) continue;
    sums.mates += 1;
    sums.rank1_full += full[k] > rival_full ? 1 : 0;
    sums.rank1_cascade += cascade[k] > rival_cascade ? 1 : 0;
    sums.missed_full += full[k] < threshold ? 1 : 0;
    sums.missed_cascade += cascade[k] < threshold ? 1 : 0;
    sums.lost += full[k] >= threshold && cascade[k] < threshold ? 1 : 0;
  }
}

Rate rate(const std::vector<Sums>& fingers, double Sums::* field) {
  const auto over = [&](const std::vector<std::size_t>& chosen) {
    double sum = 0;
    double mates = 0;
    for (const std::size_t k : chosen) {
      sum += fingers[k].*field;
      mates += fingers[k].mates;
    }
    return mates > 0 ? sum / mates : 0.0;
  };
  std::vector<std::size_t> all(fingers.size());
  for (std::size_t k = 0; k < all.size(); ++k) all[k] = k;
  std::vector<double> draws;
  std::uint64_t state = 88172645463325252ULL;  // xorshift64*, fixed seed
  for (int draw = 0; draw < 200; ++draw) {
    std::vector<std::size_t> chosen;
    for (std::size_t k = 0; k < all.size(); ++k) {
      state ^= state >> 12;
      state ^= state << 25;
      state ^= state >> 27;
      chosen.push_back((state * 0x2545F4914F6CDD1DULL >> 33) % all.size());
    }
    draws.push_back(over(chosen));
  }
  std::sort(draws.begin(), draws.end());
  return {over(all), draws[5], draws[194]};
}

}  // namespace

Result<Identification> identify(const std::vector<Sample>& samples,
                                const IdentifyOptions& options) {
  Gallery gallery;
  for (const Sample& sample : samples) {
    Template print = sample.print;
    if (!sample.refused.empty()) print.width = print.height = 1;  // finds nobody
    URNA_CHECK(gallery.add(print));
  }
  SearchOptions cascade;
  cascade.most = samples.size();
  cascade.at_least = 1;
  SearchOptions full = cascade;
  full.exhaustive = true;

  std::map<std::string, Sums> fingers;
  Identification out;
  std::mutex mutex;
  base::SystemClock clock;
  const auto every = static_cast<std::size_t>(std::max(1, options.every));
  out.gallery = gallery.size();
  out.searches = (samples.size() + every - 1) / every;
  run_parallel(out.searches, options.threads, [&](std::size_t s) {
    const std::size_t probe = s * every;
    SearchStatistics statistics;
    const auto before = clock.steady();
    const auto fast = scores_of(gallery, samples[probe].print, cascade, &statistics);
    const auto after = clock.steady();
    const auto slow = scores_of(gallery, samples[probe].print, full, nullptr);
    {
      const std::lock_guard lock(mutex);
      out.seconds += std::chrono::duration<double>(after - before).count();
      out.matched += static_cast<double>(statistics.matched);
      add_search(samples, probe, slow, fast, options.threshold,
                 fingers[samples[probe].finger]);
    }
    if (options.step) options.step();
  });
  std::vector<Sums> sums;
  for (const auto& [name, finger] : fingers) {
    out.mates += static_cast<std::size_t>(finger.mates);
    sums.push_back(finger);
  }
  const auto searches = static_cast<double>(out.searches);
  out.seconds /= searches;
  out.matched /= searches * static_cast<double>(out.gallery);
  out.rank1_full = rate(sums, &Sums::rank1_full);
  out.rank1_cascade = rate(sums, &Sums::rank1_cascade);
  out.missed_full = rate(sums, &Sums::missed_full);
  out.missed_cascade = rate(sums, &Sums::missed_cascade);
  out.lost = rate(sums, &Sums::lost);
  return out;
}

}  // namespace urna::finger
