#include "finger/eval/evaluate.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace urna::finger {
namespace {

constexpr int kDraws = 200;

// Finger index of every sample.
std::vector<std::size_t> finger_index(const std::vector<Sample>& samples,
                                      std::size_t& count) {
  std::map<std::string, std::size_t> seen;
  std::vector<std::size_t> out;
  for (const Sample& s : samples)
    out.push_back(seen.emplace(s.finger, seen.size()).first->second);
  count = seen.size();
  return out;
}

// Weighted counts of scores: how many genuine and impostor pairs have each score.
struct Histogram {
  std::vector<double> genuine;
  std::vector<double> impostor;
  double genuine_sum = 0;
  double impostor_sum = 0;
};

struct Summary {
  double eer = 1;
  std::array<double, 3> fnmr_at{1, 1, 1};
  std::array<int, 3> threshold_at{};
  double zero_fmr = 1;
  int zero_threshold = 0;
};

Summary summarise(const Histogram& h) {
  Summary out;
  double missed = h.genuine_sum;  // genuine below the threshold
  double matched = 0;             // impostors at or above it
  const int top = static_cast<int>(h.genuine.size());
  std::array<bool, 3> open{true, true, true};
  bool zero_open = true;
  bool crossed = false;
  for (int t = top; t >= 0; --t) {
    const auto at = static_cast<std::size_t>(t);
    const double before_fnmr = missed / h.genuine_sum;
    const double before_fmr = matched / h.impostor_sum;
    if (t < top) {
      missed -= h.genuine[at];
      matched += h.impostor[at];
    }
    const double fnmr = missed / h.genuine_sum;
    const double fmr = matched / h.impostor_sum;
    for (std::size_t k = 0; k < 3; ++k) {
      const double limit = k == 0 ? 1e-2 : k == 1 ? 1e-3 : 1e-4;
      open[k] = open[k] && fmr <= limit + 1e-12;
      if (!open[k]) continue;
      out.fnmr_at[k] = fnmr;
      out.threshold_at[k] = t;
    }
    zero_open = zero_open && matched <= 0;
    if (zero_open) {
      out.zero_fmr = fnmr;
      out.zero_threshold = t;
    }
    if (!crossed && fmr >= fnmr) {
      crossed = true;
      // Between two thresholds the curve is taken as straight.
      const double d0 = before_fnmr - before_fmr;
      const double d1 = fmr - fnmr;
      const double w = d0 + d1 > 0 ? d0 / (d0 + d1) : 0.5;
      out.eer = before_fmr + w * (fmr - before_fmr);
    }
  }
  return out;
}

class Draws {
 public:
  std::uint32_t below(std::uint32_t bound) {  // xorshift64*, fixed seed
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return static_cast<std::uint32_t>((state_ * 0x2545F4914F6CDD1DULL >> 33) % bound);
  }

 private:
  std::uint64_t state_ = 88172645463325252ULL;
};

Rate with_interval(double value, std::vector<double> draws) {
  std::sort(draws.begin(), draws.end());
  return {value, draws[draws.size() * 25 / 1000],
          draws[draws.size() - 1 - draws.size() * 25 / 1000]};
}

int highest(const std::vector<PairScore>& pairs) {
  int top = 0;
  for (const PairScore& p : pairs) top = std::max(top, p.score);
  return top;
}

}  // namespace

std::vector<PairScore> compare_set(const std::vector<Sample>& samples, int threads,
                                   const std::function<void()>& step, Scoring scoring) {
  std::vector<Prepared> prints(samples.size());
  run_parallel(samples.size(), threads,
               [&](std::size_t i) { prints[i] = prepare(samples[i].print); });
  const std::size_t n = samples.size();
  std::vector<PairScore> out(n * (n - 1) / 2);
  run_parallel(n - 1, threads, [&](std::size_t i) {
    Matcher matcher;
    PairScore* row = out.data() + i * (2 * n - i - 1) / 2;
    for (std::size_t j = i + 1; j < n; ++j, ++row) {
      row->a = static_cast<std::uint32_t>(i);
      row->b = static_cast<std::uint32_t>(j);
      row->genuine = samples[i].finger == samples[j].finger;
      row->score = score(matcher.compare(prints[i], prints[j]),
                         model_for(prints[i], prints[j], scoring));
    }
    if (step) step();
  });
  return out;
}

Accuracy measure(const std::vector<Sample>& samples,
                 const std::vector<PairScore>& pairs) {
  Accuracy out;
  out.samples = samples.size();
  const auto finger = finger_index(samples, out.fingers);
  for (const Sample& s : samples) out.refused += s.refused.empty() ? 0U : 1U;

  const auto bins = static_cast<std::size_t>(highest(pairs)) + 1;
  Draws random;
  std::vector<double> eer;
  std::array<std::vector<double>, 3> fnmr;
  std::vector<double> zero;
  std::vector<double> weight(out.fingers, 1);
  for (int draw = -1; draw < kDraws; ++draw) {  // -1: the set as it is
    if (draw >= 0) {
      std::fill(weight.begin(), weight.end(), 0);
      for (std::size_t k = 0; k < out.fingers; ++k)
        weight[random.below(static_cast<std::uint32_t>(out.fingers))] += 1;
    }
    Histogram h;
    h.genuine.assign(bins, 0);
    h.impostor.assign(bins, 0);
    for (const PairScore& p : pairs) {
      const double wa = weight[finger[p.a]];
      const double w = p.genuine ? wa : wa * weight[finger[p.b]];
      (p.genuine ? h.genuine : h.impostor)[static_cast<std::size_t>(p.score)] += w;
      (p.genuine ? h.genuine_sum : h.impostor_sum) += w;
    }
    if (h.genuine_sum <= 0 || h.impostor_sum <= 0) continue;
    const Summary s = summarise(h);
    if (draw < 0) {
      out.genuine = static_cast<std::size_t>(h.genuine_sum);
      out.impostor = static_cast<std::size_t>(h.impostor_sum);
      out.eer.value = s.eer;
      out.zero_fmr.value = s.zero_fmr;
      out.zero_threshold = s.zero_threshold;
      for (std::size_t k = 0; k < 3; ++k) out.fnmr_at[k].value = s.fnmr_at[k];
      out.threshold_at = s.threshold_at;
      continue;
    }
    eer.push_back(s.eer);
    zero.push_back(s.zero_fmr);
    for (std::size_t k = 0; k < 3; ++k) fnmr[k].push_back(s.fnmr_at[k]);
  }
  if (eer.empty()) return out;
  out.eer = with_interval(out.eer.value, eer);
  out.zero_fmr = with_interval(out.zero_fmr.value, zero);
  for (std::size_t k = 0; k < 3; ++k)
    out.fnmr_at[k] = with_interval(out.fnmr_at[k].value, fnmr[k]);
  return out;
}

Curve curve_of(const std::vector<PairScore>& pairs) {
  const auto bins = static_cast<std::size_t>(highest(pairs)) + 1;
  Curve c;
  c.genuine_share.assign(bins, 0);
  c.impostor_share.assign(bins, 0);
  double genuine = 0;
  double impostor = 0;
  for (const PairScore& p : pairs) {
    (p.genuine ? c.genuine_share
               : c.impostor_share)[static_cast<std::size_t>(p.score)] += 1;
    (p.genuine ? genuine : impostor) += 1;
  }
  for (double& share : c.genuine_share) share /= std::max(genuine, 1.0);
  for (double& share : c.impostor_share) share /= std::max(impostor, 1.0);
  c.fmr.assign(bins + 1, 0);
  c.fnmr.assign(bins + 1, 0);
  for (std::size_t t = bins; t-- > 0;) c.fmr[t] = c.fmr[t + 1] + c.impostor_share[t];
  for (std::size_t t = 0; t < bins; ++t) c.fnmr[t + 1] = c.fnmr[t] + c.genuine_share[t];
  return c;
}

std::string summary_csv(const std::string& name, const Accuracy& a, bool header) {
  std::string out;
  if (header)
    out =
        "set,samples,fingers,refused,genuine,impostor,eer,eer_low,eer_high,"
        "fnmr_1e2,fnmr_1e2_low,fnmr_1e2_high,fnmr_1e3,fnmr_1e3_low,fnmr_1e3_high,"
        "fnmr_1e4,fnmr_1e4_low,fnmr_1e4_high,zero_fmr,zero_fmr_low,zero_fmr_high\n";
  out += fmt::format("{},{},{},{},{},{}", name, a.samples, a.fingers, a.refused,
                     a.genuine, a.impostor);
  for (const Rate& r : {a.eer, a.fnmr_at[0], a.fnmr_at[1], a.fnmr_at[2], a.zero_fmr})
    out += fmt::format(",{:.5f},{:.5f},{:.5f}", r.value, r.low, r.high);
  return out + "\n";
}

std::string curve_csv(const Curve& curve) {
  std::string out = "threshold,fmr,fnmr\n";
  for (std::size_t t = 0; t < curve.fmr.size(); ++t)
    out += fmt::format("{},{:.6f},{:.6f}\n", t, curve.fmr[t], curve.fnmr[t]);
  return out;
}

std::string pairs_csv(const std::vector<Sample>& samples,
                      const std::vector<PairScore>& pairs) {
  const auto name = [&](std::uint32_t at) {
    const std::string& path = samples[at].path;
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? path : path.substr(slash + 1);
  };
  std::string out = "a,b,genuine,score\n";
  for (const PairScore& p : pairs)
    out +=
        fmt::format("{},{},{},{}\n", name(p.a), name(p.b), p.genuine ? 1 : 0, p.score);
  return out;
}

}  // namespace urna::finger
