#include "finger/eval/identify.hpp"

#include "base/clock.hpp"
#include "finger/match/gallery.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <tuple>

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

// Where the stages put one mate that full comparison puts first: the share of the
// gallery before it, over what widening() makes of it. Beyond 1 in stage 2 when stage 1
// does not let it through.
struct Standing {
  double stage1 = 0;
  double stage2 = 0;
};

// One probe against everybody. Strangers are the prints of other fingers.
class Search {
 public:
  Search(const Gallery& gallery, const std::vector<Sample>& samples, std::size_t probe)
      : values_(gallery.stage_values(samples[probe].print)),
        scores_(gallery.size(), kNotScored) {
    SearchOptions everybody;
    everybody.most = gallery.size();
    everybody.exhaustive = true;
    for (const Found& f : gallery.search(samples[probe].print, everybody))
      scores_[f.index] = f.score;
    for (std::size_t k = 0; k < samples.size(); ++k) {
      if (samples[k].finger != samples[probe].finger)
        strangers_.push_back(k);
      else if (k != probe)
        mates_.push_back(k);
    }
    const double wider = widening(samples[probe].print);
    options_.overlaid *= wider;
    options_.matched *= wider;
    run_cascade();
  }

  void add_to(Sums& sums, int threshold, std::vector<Standing>& standings) const {
    sums.searches += 1;
    for (const std::size_t mate : mates_) {
      const Standing standing = stand(mate);
      const bool passes = standing.stage2 < options_.matched;
      const int score = scores_[mate];
      sums.mates += 1;
      sums.rank1_full += score > rival_ ? 1 : 0;
      sums.rank1_cascade += passes && score > surviving_rival_ ? 1 : 0;
      sums.missed_full += score < threshold ? 1 : 0;
      sums.missed_cascade += score < threshold || !passes ? 1 : 0;
      sums.lost += score >= threshold && !passes ? 1 : 0;
      if (score > rival_) standings.push_back(standing);
    }
  }

 private:
  // Lets the strangers through the cascade.
  void run_cascade() {
    const auto size = static_cast<double>(strangers_.size() + 1);
    std::vector<std::size_t> left = strangers_;
    const auto keep_best = [&](double share, auto&& value) {
      std::sort(left.begin(), left.end(), [&](std::size_t a, std::size_t b) {
        return std::tuple(value(b), a) < std::tuple(value(a), b);
      });
      left.resize(std::min(left.size(), static_cast<std::size_t>(share * size) + 1));
    };
    for (const std::size_t k : left) rival_ = std::max(rival_, scores_[k]);
    keep_best(options_.overlaid, [&](std::size_t k) { return values_[k].agreement; });
    overlaid_ = left;
    keep_best(options_.matched, [&](std::size_t k) { return values_[k].overlay; });
    for (const std::size_t k : left)
      surviving_rival_ = std::max(surviving_rival_, scores_[k]);
  }

  [[nodiscard]] Standing stand(std::size_t mate) const {
    const auto size = static_cast<double>(strangers_.size() + 1);
    const auto before1 = std::count_if(
        strangers_.begin(), strangers_.end(),
        [&](std::size_t k) { return values_[k].agreement > values_[mate].agreement; });
    const auto before2 = std::count_if(
        overlaid_.begin(), overlaid_.end(),
        [&](std::size_t k) { return values_[k].overlay > values_[mate].overlay; });
    Standing out;
    out.stage1 = static_cast<double>(before1) / size;
    out.stage2 =
        out.stage1 < options_.overlaid ? static_cast<double>(before2) / size : 2;
    return out;
  }

  SearchOptions options_;  // for its shares
  std::vector<StageValues> values_;
  std::vector<int> scores_;
  std::vector<std::size_t> strangers_;
  std::vector<std::size_t> mates_;
  std::vector<std::size_t> overlaid_;  // strangers that stage 1 lets through
  int rival_ = kNotScored;
  int surviving_rival_ = kNotScored;
};

std::vector<Recall> recall_of(const std::vector<Standing>& standings) {
  std::vector<Recall> out;
  const auto all = static_cast<double>(std::max<std::size_t>(1, standings.size()));
  for (const double share :
       {0.005, 0.01, 0.015, 0.02, 0.025, 0.03, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5}) {
    const auto within = [&](double Standing::* at) {
      return static_cast<double>(
                 std::count_if(standings.begin(), standings.end(),
                               [&](const Standing& s) { return s.*at < share; })) /
             all;
    };
    out.push_back({share, within(&Standing::stage1), within(&Standing::stage2)});
  }
  return out;
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
  cascade.at_least = 1;
  std::map<std::string, Sums> fingers;
  std::vector<Standing> standings;
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
    (void)gallery.search(samples[probe].print, cascade, &statistics);
    const auto after = clock.steady();
    const Search search(gallery, samples, probe);
    {
      const std::lock_guard lock(mutex);
      out.seconds += std::chrono::duration<double>(after - before).count();
      out.matched += static_cast<double>(statistics.matched);
      search.add_to(fingers[samples[probe].finger], options.threshold, standings);
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
  out.recall = recall_of(standings);
  return out;
}

}  // namespace urna::finger
