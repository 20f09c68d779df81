// What happened at one check-in device, append-only: who was admitted, when, with what
// outcome. Never a token, nor anything that could name one. Fixed-size sealed entries,
// so that a torn last write is told from damage and nothing can be exchanged or
// reordered; each entry's time is a hybrid logical clock (Kulkarni et al., "Logical
// Physical Clocks", 2014), so that the logs of several devices have one order whatever
// their clocks say. docs/formats/check-in-log.md has the bytes.
//
// Several devices of one station exchange whole logs, signed (export/import); event
// sets are joined in book.hpp.
//
// Thread rule: one thread. Personal data, sealed with the centre key.
#pragma once

#include "base/clock.hpp"
#include "base/file.hpp"
#include "crypto/secret.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace urna::checkin {

// Seconds since 1970 in the upper 44 bits, a counter below: never goes back, and is
// later than everything it has seen.
class HybridClock {
 public:
  explicit HybridClock(base::Clock& clock) : clock_(&clock) {}
  [[nodiscard]] std::uint64_t now();
  void saw(std::uint64_t time) { last_ = std::max(last_, time); }
  [[nodiscard]] static std::int64_t seconds(std::uint64_t time) {
    return static_cast<std::int64_t>(time >> 20);
  }

 private:
  base::Clock* clock_;
  std::uint64_t last_ = 0;
};

enum class EventKind : std::uint8_t {
  admitted = 1,  // voter, outcome, assisted; overridden when officials decided
  token_lost,    // a printed token did not reach its voter; another one followed
  alert,         // voter's finger resembles other's on this roll
  claim,         // voter came again; officials wrote it down
  reader_out,    // from here on without the reader
  reader_back,
  closed,  // issued and left
  opened,
};

// What the fingerprint check said (the slip's fields).
enum class Outcome : std::uint8_t {
  none,
  matched,
  not_matched,
  no_stored_print,
  not_taken,
  no_reader
};

struct Event {
  std::uint64_t time = 0;
  std::uint32_t device = 0;
  std::uint32_t number = 0;  // of this device's events, from 0
  EventKind kind = EventKind::admitted;
  Outcome outcome = Outcome::none;
  bool assisted = false;
  bool overridden = false;
  std::uint8_t official_a = 0, official_b = 0;  // places in the setup's list plus 1
  std::uint32_t issued = 0, left = 0;
  std::string voter, other;

  friend bool operator==(const Event&, const Event&) = default;
};

[[nodiscard]] std::string_view kind_name(EventKind kind);
[[nodiscard]] std::string_view outcome_name(Outcome outcome);

inline constexpr std::size_t kLogHeader = 56;
inline constexpr std::size_t kLogEntry = 104;

// The events of a log's bytes. A last entry that is incomplete or does not open was
// never confirmed and is left out; anything else that does not open is store_damaged.
struct ReadLog {
  std::uint32_t device = 0;
  std::vector<Event> events;
};
[[nodiscard]] Result<ReadLog> read_log(ByteView bytes, const Hash32& election,
                                       std::span<const std::uint8_t, 32> centre_key);

class EventLog {
 public:
  // Replaces what is there with an empty log.
  [[nodiscard]] static Result<void> create(base::FileSystem& files,
                                           const std::string& path,
                                           const Hash32& election,
                                           std::uint32_t device);
  [[nodiscard]] static Result<EventLog> open(base::FileSystem& files,
                                             base::Random& random,
                                             const std::string& path,
                                             const Hash32& election,
                                             std::span<const std::uint8_t, 32> key);

  // Fills in device and number; durable when it returns.
  [[nodiscard]] Result<Event> append(Event event);
  [[nodiscard]] const std::vector<Event>& events() const { return events_; }
  [[nodiscard]] std::uint32_t device() const { return device_; }
  // The confirmed bytes, for other devices.
  [[nodiscard]] Result<Bytes> bytes();

 private:
  EventLog(std::unique_ptr<base::File> file, base::Random& random,
           const Hash32& election)
      : file_(std::move(file)), random_(&random), election_(election) {}

  std::unique_ptr<base::File> file_;
  base::Random* random_;
  Hash32 election_;
  crypto::SecretArray<32> key_;
  std::uint32_t device_ = 0;
  std::vector<Event> events_;
};

}  // namespace urna::checkin
