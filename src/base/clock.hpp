// The ports to time and to randomness. Programs use SystemClock and SystemRandom;
// the scripted twins in base/testing are linked only into tests and the simulator.
//
// Thread rule: both ports may be used from several threads.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <string>

namespace urna::base {

class Clock {
 public:
  virtual ~Clock() = default;
  // Seconds since 1970-01-01T00:00:00Z, as the machine believes; may jump.
  [[nodiscard]] virtual std::int64_t unix_seconds() = 0;
  // Never goes back; only differences mean anything.
  [[nodiscard]] virtual std::chrono::nanoseconds steady() = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] std::int64_t unix_seconds() override;
  [[nodiscard]] std::chrono::nanoseconds steady() override;
};

// "2020-12-06T18:30:00Z" for a count of seconds since 1970; years 0000 to 9999.
[[nodiscard]] std::string utc_text(std::int64_t unix_seconds);
// The inverse; accepts exactly that form and only dates that exist. Error: bad_number.
[[nodiscard]] Result<std::int64_t> parse_utc(std::string_view text);

class Random {
 public:
  virtual ~Random() = default;
  // Fills `out` or fails (no_random); never returns weaker bytes.
  [[nodiscard]] virtual Result<void> fill(std::span<std::uint8_t> out) = 0;

  // Uniform in [0, bound), bound > 0, without modulo bias.
  [[nodiscard]] Result<std::uint64_t> below(std::uint64_t bound);
};

// getrandom(2): blocks until the kernel's generator is seeded, then never fails.
class SystemRandom final : public Random {
 public:
  [[nodiscard]] Result<void> fill(std::span<std::uint8_t> out) override;
};

}  // namespace urna::base
