// A whole centre over the town of the tests, in a folder of its own, without a server:
// step by step in one thread, or running.
//
// Thread rule: one thread. Every key in it is known to everybody.
#pragma once

#include "center/run.hpp"
#include "center/testing/centre_world.hpp"

namespace urna::center::testing {

class SmallCentre {
 public:
  explicit SmallCentre(record::testing::World& world = town(),
                       IntakeLimits limits = {});

  // Ends the program without a word and starts it again.
  void restart();
  [[nodiscard]] Centre& operator*() { return running_->centre(); }
  [[nodiscard]] Centre* operator->() { return &running_->centre(); }
  [[nodiscard]] RunningCentre& running() { return *running_; }

  // Sends a document of the world's record, or these bytes.
  [[nodiscard]] Item send(std::string_view kind, std::string_view name,
                          std::string_view who = "point P1");
  [[nodiscard]] Item send(ByteView bytes, std::string_view who = "point P1");
  // Verifies everything that waits; publishes; gives where a document stands then.
  void verify();
  void publish();
  [[nodiscard]] Item now(const Hash32& hash);

  [[nodiscard]] std::string record() const { return temp_.at("record"); }
  [[nodiscard]] std::string side() const { return temp_.at("side"); }
  [[nodiscard]] record::Frame frame();
  [[nodiscard]] crypto::PublicKey receipt_key() const;

 private:
  TempFolder temp_;
  base::RealFiles files_;
  base::SystemClock clock_;
  record::testing::World& world_;
  IntakeLimits limits_;
  std::unique_ptr<RunningCentre> running_;
};

}  // namespace urna::center::testing
