#include "base/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace urna::base {
namespace {

using namespace std::chrono_literals;
constexpr std::chrono::nanoseconds kTerminalEvery = 200ms;
constexpr std::chrono::nanoseconds kPlainEvery = 10s;

std::string duration_text(double seconds) {
  const auto whole = static_cast<std::int64_t>(seconds + 0.5);
  if (whole < 120) return fmt::format("{} s", whole);
  if (whole < 7200) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

}  // namespace

Progress::Progress(Clock& clock, std::string what, std::string unit,
                   std::uint64_t total, std::FILE* out)
    : clock_(clock),
      what_(std::move(what)),
      unit_(std::move(unit)),
      total_(total),
      out_(out),
      terminal_(::isatty(::fileno(out)) == 1),
      start_(clock.steady()),
      next_show_((start_ + 1s).count()) {}

Progress::~Progress() {
  if (!shown_) return;
  show();
  if (terminal_) fmt::print(out_, "\n");
}

void Progress::add(std::uint64_t count) {
  done_ += count;
  const std::chrono::nanoseconds now = clock_.steady();
  std::int64_t due = next_show_.load();
  const auto every = terminal_ ? kTerminalEvery : kPlainEvery;
  if (now.count() < due) return;
  // Only the thread that moves the due time on shows the line.
  if (next_show_.compare_exchange_strong(due, (now + every).count())) {
    const std::scoped_lock lock(mutex_);
    show();
    shown_ = true;
  }
}

void Progress::show() {
  // \x1b[K clears what a longer line left behind.
  fmt::print(out_, "{}{}{}", terminal_ ? "\r" : "", text(),
             terminal_ ? "\x1b[K" : "\n");
  std::fflush(out_);
}

std::string Progress::text() const {
  const std::uint64_t done = done_;
  const double seconds =
      std::chrono::duration<double>(clock_.steady() - start_).count();
  const double rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
  std::string out = total_ == 0 ? fmt::format("{}  {} {}", what_, done, unit_)
                                : fmt::format("{}  {}/{} {} ({} %)", what_, done,
                                              total_, unit_, done * 100 / total_);
  if (rate > 0) {
    out +=
        rate >= 10 ? fmt::format("  {:.0f}/s", rate) : fmt::format("  {:.2f}/s", rate);
    if (total_ > done) {
      out += fmt::format("  {} left",
                         duration_text(static_cast<double>(total_ - done) / rate));
    }
  }
  return out;
}

void LateProgress::operator()(std::uint64_t done, std::uint64_t total) {
  const std::lock_guard lock(mutex_);
  if (!progress_) progress_ = std::make_unique<Progress>(clock_, what_, unit_, total);
  if (done <= done_) return;  // another thread was faster
  progress_->add(done - done_);
  done_ = done;
}

}  // namespace urna::base
