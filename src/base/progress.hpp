// Shows how far a long job is, on standard error: done of total, rate, time left. One
// line rewritten in place on a terminal; a plain line every few seconds otherwise;
// nothing for jobs that end within a second.
//
// Thread rule: add() from any thread; one Progress per job.
#pragma once

#include "base/clock.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>

namespace urna::base {

class Progress {
 public:
  // "Verifying ballots", 1200 of "ballots"; total 0 when it is not known.
  Progress(Clock& clock, std::string what, std::string unit, std::uint64_t total,
           std::FILE* out = stderr);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();  // ends the line

  void add(std::uint64_t count = 1);

  // The line as it stands: "Verifying ballots  300/1200 (25 %)  600/s  2 s left".
  [[nodiscard]] std::string text() const;

 private:
  void show();

  Clock& clock_;
  std::string what_;
  std::string unit_;
  std::uint64_t total_;
  std::FILE* out_;
  bool terminal_;
  bool shown_ = false;
  std::chrono::nanoseconds start_;
  std::atomic<std::int64_t> next_show_;
  std::atomic<std::uint64_t> done_{0};
  std::mutex mutex_;
};

// The same for a job whose length is known only once it has begun: it is called with
// how far the job is. Any thread.
class LateProgress {
 public:
  LateProgress(std::string what, std::string unit)
      : what_(std::move(what)), unit_(std::move(unit)) {}
  void operator()(std::uint64_t done, std::uint64_t total);

 private:
  SystemClock clock_;
  std::string what_;
  std::string unit_;
  std::uint64_t done_ = 0;
  std::unique_ptr<Progress> progress_;
  std::mutex mutex_;
};

}  // namespace urna::base
