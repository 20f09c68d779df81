#include "record/verify.hpp"

#include "record/errors.hpp"
#include "record/results.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include <fmt/format.h>

namespace urna::record {
namespace {

// Lets packages be read as long as they fit into the budget together; one larger than
// the budget is read alone.
class Budget {
 public:
  void take(std::uint64_t bytes) {
    std::unique_lock lock(mutex_);
    free_.wait(lock, [&] { return used_ == 0 || used_ + bytes <= kBytesInFlight; });
    used_ += bytes;
  }
  void give(std::uint64_t bytes) {
    {
      const std::lock_guard lock(mutex_);
      used_ -= bytes;
    }
    free_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable free_;
  std::uint64_t used_ = 0;
};

unsigned jobs_of(const VerifyOptions& options) {
  if (options.jobs > 0) return options.jobs;
  return std::max(1U, std::thread::hardware_concurrency());
}

// The stations asked for, in the definition's order.
Result<std::vector<election::StationIndex>> asked(const Frame& frame,
                                                  const VerifyOptions& options) {
  std::vector<election::StationIndex> list;
  if (!frame.definition) return list;
  std::set<std::string, std::less<>> wanted(options.stations.begin(),
                                            options.stations.end());
  for (const std::string& code : options.stations) {
    if (!frame.definition->find_station(code)) {
      return fail(errors::unknown_station,
                  fmt::format("the definition has no station {}", code));
    }
  }
  const auto stations = frame.definition->stations();
  for (election::StationIndex i = 0; i < stations.size(); ++i) {
    if (!wanted.empty() && !wanted.contains(stations[i].code)) continue;
    if (i % options.shards == options.shard) list.push_back(i);
  }
  return list;
}

// What an earlier verification found about a station of which nothing is new.
const StationReport* earlier(const Frame& frame, const VerifyOptions& options,
                             const std::string& code) {
  if (!options.since || options.since->record.election != frame.report.election) {
    return nullptr;
  }
  // Which of two packages counts is for the decisions to say, and these may be new.
  if (frame.index.versions(kinds::package, code).size() > 1) return nullptr;
  const auto found = options.since->stations.find(code);
  if (found == options.since->stations.end() ||
      found->second.fingerprint != frame.fingerprint(code)) {
    return nullptr;
  }
  return &found->second;
}

}  // namespace

Result<Part> verify_part(const Frame& frame, const VerifyOptions& options) {
  URNA_TRY(const auto list, asked(frame, options));
  Part part;
  part.record = frame.report;
  part.shard = options.shard;
  part.shards = options.shards;

  const unsigned jobs = jobs_of(options);
  const auto workers =
      static_cast<unsigned>(std::clamp<std::size_t>(list.size(), 1, jobs));
  const StationOptions station_options{std::max(1U, jobs / workers), options.reference};
  std::vector<StationReport> reports(list.size());
  std::atomic<std::size_t> next{0};
  std::atomic<std::uint64_t> done{0};
  Budget budget;
  const auto work = [&] {
    for (std::size_t i = next++; i < list.size(); i = next++) {
      const std::string& code = frame.definition->stations()[list[i]].code;
      if (const StationReport* known = earlier(frame, options, code)) {
        reports[i] = *known;
      } else {
        const std::uint64_t bytes = package_size(frame, code);
        budget.take(bytes);
        reports[i] = verify_station(frame, list[i], station_options);
        budget.give(bytes);
      }
      if (options.progress) options.progress(++done, list.size());
    }
  };
  {
    std::vector<std::jthread> threads;
    for (unsigned t = 1; t < workers; ++t) threads.emplace_back(work);
    work();
  }
  for (std::size_t i = 0; i < list.size(); ++i) {
    part.stations.emplace(frame.definition->stations()[list[i]].code,
                          std::move(reports[i]));
  }
  return part;
}

Report conclude(const Frame& frame, Report report, const VerifyOptions& options) {
  if (frame.definition && !options.stations.empty()) {
    for (const election::Station& station : frame.definition->stations()) {
      if (!report.stations.contains(station.code)) {
        report.not_asked.push_back(station.code);
      }
    }
  }
  check_results(frame, report);
  return report;
}

Result<Report> verify(base::FileSystem& files, const std::string& folder,
                      const VerifyOptions& options) {
  URNA_TRY(const Frame frame, read_frame(files, folder, options.trust));
  URNA_TRY(Part part, verify_part(frame, options));
  Report report;
  report.record = std::move(part.record);
  report.stations = std::move(part.stations);
  return conclude(frame, std::move(report), options);
}

}  // namespace urna::record
