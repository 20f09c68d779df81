// A whole centre in one process: its parts in the order in which they need one another,
// the workers that verify and the one that publishes. urna-center puts a server before
// it; tests and the benchmark use it without.
//
// Thread rule: open, start and stop from one thread. Its keys are secret.
#pragma once

#include "center/service.hpp"

namespace urna::center {

struct CentrePlan {
  std::string folder;    // its own: database, documents, uploads
  PublishPlaces places;  // record, the log's private folder, static files beside it
  IntakeLimits limits;
  unsigned workers = 1;  // threads that verify
  std::chrono::milliseconds publish_every{1000};
  std::chrono::seconds side_every{10};  // intake.json and sheets/
};

class RunningCentre {
 public:
  // Errors: not_ready, and those of database, disk and record.
  [[nodiscard]] static Result<std::unique_ptr<RunningCentre>> open(
      base::FileSystem& files, base::Clock& clock, CentrePlan plan,
      crypto::SigningKey receipt_key, crypto::SigningKey log_key);
  ~RunningCentre() { stop(); }
  RunningCentre(const RunningCentre&) = delete;
  RunningCentre& operator=(const RunningCentre&) = delete;

  void start();
  // Everything accepted stays; what is being verified is verified after the next start.
  void stop();

  [[nodiscard]] Centre& centre() { return *centre_; }
  // The last thing that went wrong while publishing; empty when nothing did.
  [[nodiscard]] std::string trouble() const;

 private:
  RunningCentre(base::FileSystem& files, CentrePlan plan)
      : files_(files), plan_(std::move(plan)) {}
  void publish_until(const std::stop_token& stop);

  base::FileSystem& files_;
  CentrePlan plan_;
  std::unique_ptr<Shelf> shelf_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Judge> judge_;
  std::unique_ptr<Intake> intake_;
  std::unique_ptr<Queue> queue_;
  std::unique_ptr<Publisher> publisher_;
  std::unique_ptr<Decisions> decisions_;
  std::unique_ptr<Centre> centre_;

  mutable std::mutex mutex_;
  std::condition_variable_any change_;
  std::string trouble_;
  std::jthread publishing_;
};

}  // namespace urna::center
