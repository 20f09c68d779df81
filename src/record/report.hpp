// What a verification found: for every check whether it passed, failed or was not run,
// and why. Nothing passes by default: a check that nobody reached is "not run".
//
// A StationReport is what the map over stations gives, a Report the union of any number
// of them; uniting is associative and does not depend on order, so parts of a
// verification made anywhere come together to the same report (part.hpp).
//
// Thread rule: plain values. Public data.
#pragma once

#include "base/json.hpp"
#include "election/definition.hpp"
#include "record/checks.hpp"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace urna::record {

enum class State : std::uint8_t { not_run = 0, passed = 1, failed = 2 };
[[nodiscard]] std::string_view state_name(State state);

struct Outcome {
  State state = State::not_run;
  std::string why = "not reached";  // of not_run

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

// One reason why a check failed.
struct Failure {
  Check check{};
  std::string station;  // code; empty for the record as a whole
  std::string file;     // within the record, such as blob/1f..
  std::string ballot;   // "cast ballot 3 (MLYP-FVYR-...)"; empty when it is not one
  std::string what;     // what was found, with the equation or the two values

  friend bool operator==(const Failure&, const Failure&) = default;
};

// Collects outcomes and failures of one station or of the record as a whole.
class Findings {
 public:
  // Of one check, no more failures than this are kept word for word.
  static constexpr std::size_t kMostFailures = 20;

  // A check that failed stays failed, whatever is said later.
  void pass(Check check);
  void fail(Failure failure);
  void skip(Check check, std::string why);

  [[nodiscard]] const Outcome& of(Check check) const {
    return outcomes_.at(number(check) - 1);
  }
  [[nodiscard]] bool failed(Check check) const {
    return of(check).state == State::failed;
  }
  [[nodiscard]] const std::vector<Failure>& failures() const { return failures_; }
  // How many there were, kept or not.
  [[nodiscard]] std::uint64_t count(Check check) const {
    return counts_.at(number(check) - 1);
  }
  friend bool operator==(const Findings&, const Findings&) = default;

 private:
  friend struct FindingsCodec;
  std::array<Outcome, kChecks> outcomes_{};
  std::array<std::uint64_t, kChecks> counts_{};
  std::vector<Failure> failures_;
};

struct StationReport {
  Hash32 fingerprint{};  // of what the record held about the station
  Findings findings;
  std::uint64_t cast = 0;
  std::uint64_t challenged = 0;
  std::uint64_t voided = 0;
  std::uint64_t bytes = 0;  // of the package
  // Decrypted totals as election::BallotStyle lays them out; none without them.
  std::optional<std::vector<std::uint64_t>> row;

  friend bool operator==(const StationReport&, const StationReport&) = default;
};

// What the log and election files say, checked once.
struct RecordReport {
  std::string origin;
  std::uint64_t size = 0;
  Hash32 root{};
  std::optional<Hash32> definition;
  std::optional<Hash32> election;  // He
  std::string name;                // of the election
  Findings findings;

  friend bool operator==(const RecordReport&, const RecordReport&) = default;
};

struct Report {
  RecordReport record;
  std::map<std::string, StationReport> stations;  // by code
  std::vector<std::string> not_asked;             // stations left out on request
  Findings result;

  struct Count {
    std::uint64_t passed = 0;
    std::uint64_t failed = 0;
    std::uint64_t not_run = 0;
  };
  // Over the record (one) or over all stations.
  [[nodiscard]] Count count(Check check) const;
  [[nodiscard]] bool failed() const;
  [[nodiscard]] std::uint64_t not_run() const;  // checks with something not run

  // For people; for programs. Neither says when or how fast: the same record gives the
  // same text.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] base::Json to_json() const;
};

// "the message (at place)": the middle of a sentence about what is wrong.
[[nodiscard]] std::string said(const Error& error);

}  // namespace urna::record
