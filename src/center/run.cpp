#include "center/run.hpp"

#include <filesystem>

namespace urna::center {
namespace {

constexpr std::chrono::hours kStaleUpload{24};

}  // namespace

Result<std::unique_ptr<RunningCentre>> RunningCentre::open(
    base::FileSystem& files, base::Clock& clock, CentrePlan plan,
    crypto::SigningKey receipt_key, crypto::SigningKey log_key) {
  std::unique_ptr<RunningCentre> out(new RunningCentre(files, std::move(plan)));
  const CentrePlan& p = out->plan_;
  URNA_TRY(out->shelf_, Shelf::open(files, p.folder, p.limits.uploads));
  URNA_TRY(out->store_, open_sqlite_store(base::join_path(p.folder, "centre.sqlite")));
  URNA_TRY(out->judge_, Judge::open(files, p.places.record, p.folder));
  const election::Definition& definition = out->judge_->definition();
  out->intake_ = std::make_unique<Intake>(*out->shelf_, *out->store_, clock, definition,
                                          std::move(receipt_key), p.limits);
  out->queue_ =
      std::make_unique<Queue>(*out->judge_, *out->shelf_, *out->store_, *out->intake_);
  URNA_CHECK(out->queue_->recover());
  URNA_TRY(out->publisher_, Publisher::open(files, p.places, clock, std::move(log_key),
                                            *out->shelf_, *out->store_, definition));
  out->decisions_ = std::make_unique<Decisions>(
      *out->judge_, *out->shelf_, *out->store_, *out->queue_, *out->publisher_, clock);
  out->centre_ = std::make_unique<Centre>(
      Centre{clock, definition, *out->shelf_, *out->store_, *out->intake_, *out->queue_,
             *out->publisher_, *out->decisions_});
  RunningCentre* self = out.get();
  out->intake_->on_received = [self] { self->queue_->wake(); };
  out->intake_->free_bytes = [folder = p.folder]() -> std::uint64_t {
    std::error_code ec;
    const auto space = std::filesystem::space(folder, ec);
    return ec ? UINT64_MAX / 4 : space.available;
  };
  return out;
}

void RunningCentre::start() {
  queue_->start(plan_.workers);
  publishing_ =
      std::jthread([this](const std::stop_token& stop) { publish_until(stop); });
}

void RunningCentre::stop() {
  if (queue_) queue_->stop();
  if (!publishing_.joinable()) return;
  publishing_.request_stop();
  publishing_.join();
}

std::string RunningCentre::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

void RunningCentre::publish_until(const std::stop_token& stop) {
  auto side_due = std::chrono::steady_clock::now();
  while (true) {
    const bool last = stop.stop_requested();
    const auto published = publisher_->publish();
    Result<void> side;
    const auto now = std::chrono::steady_clock::now();
    if (last || now >= side_due) {
      side = publisher_->write_side();
      side_due = now + plan_.side_every;
      shelf_->drop_stale(now, kStaleUpload);
    }
    std::unique_lock lock(mutex_);
    trouble_ = !published ? published.error().text()
               : !side    ? side.error().text()
                          : std::string();
    if (last) return;
    // A batch gathers meanwhile: one signature of the log for many documents.
    change_.wait_for(lock, stop, plan_.publish_every, [] { return false; });
  }
}

}  // namespace urna::center
