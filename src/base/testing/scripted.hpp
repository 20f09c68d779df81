// The scripted twins of the clock and random ports: the same script, the same run,
// byte for byte. Linked only into tests and the simulator (target urna_base_testing);
// a release program must never contain them.
#pragma once

#include "base/clock.hpp"

namespace urna::base::testing {

class ScriptedClock final : public Clock {
 public:
  explicit ScriptedClock(std::int64_t unix_seconds) : unix_seconds_(unix_seconds) {}

  [[nodiscard]] std::int64_t unix_seconds() override { return unix_seconds_; }
  [[nodiscard]] std::chrono::nanoseconds steady() override { return steady_; }

  // Time passes: both clocks move on.
  void advance(std::chrono::seconds by) {
    unix_seconds_ += by.count();
    steady_ += by;
  }
  // Somebody sets the clock: only the calendar moves, either way.
  void jump(std::chrono::seconds by) { unix_seconds_ += by.count(); }

 private:
  std::int64_t unix_seconds_;
  std::chrono::nanoseconds steady_{0};
};

// SplitMix64 (Steele, Lea, Flood 2014): repeatable, and worthless as a secret.
class ScriptedRandom final : public Random {
 public:
  explicit ScriptedRandom(std::uint64_t seed) : state_(seed) {}

  [[nodiscard]] Result<void> fill(std::span<std::uint8_t> out) override;
  [[nodiscard]] std::uint64_t next();

  // From now on fill() fails, as on a machine without a seeded generator.
  void break_down() { broken_ = true; }

 private:
  std::uint64_t state_;
  bool broken_ = false;
};

}  // namespace urna::base::testing
