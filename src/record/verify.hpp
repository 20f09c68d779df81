// The universal verifier: one call checks a record from the log's first byte to the
// last seat. A map over stations on any number of threads or machines, and an
// associative reduce: verify() is verify_part() for one shard of one, then conclude().
//
// Memory stays bounded however large the record is: packages are read one a thread, and
// no more than kBytesInFlight of them at once; of a station only its report stays.
//
// Needs no network, no database and no key. Thread rule: runs its own threads; one
// caller. Public data.
#pragma once

#include "base/clock.hpp"
#include "record/frame.hpp"
#include "record/part.hpp"
#include "record/station.hpp"

#include <functional>

namespace urna::record {

inline constexpr std::uint64_t kBytesInFlight = std::uint64_t{192} << 20;

struct VerifyOptions {
  Trust trust;
  std::vector<std::string> stations;  // only these; empty: all
  unsigned jobs = 0;                  // threads; 0: as many as the machine has
  bool reference = false;
  std::uint32_t shard = 0;
  std::uint32_t shards = 1;
  // An earlier verification: stations about which the record says nothing new are taken
  // from it. The caller trusts the file as it trusts this program's report.
  std::optional<Part> since;
  // Called now and then from any thread: so many of `total` stations are done.
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;
};

// The map: the stations of one shard. `frame` is read_frame()'s. Error unknown_station.
[[nodiscard]] Result<Part> verify_part(const Frame& frame,
                                       const VerifyOptions& options);

// The reduce: adds the checks of the result. `part` holds all that was asked for.
[[nodiscard]] Report conclude(const Frame& frame, Report report,
                              const VerifyOptions& options);

// Both. Error not_a_record, unknown_station; whatever else is wrong is in the report.
[[nodiscard]] Result<Report> verify(base::FileSystem& files, const std::string& folder,
                                    const VerifyOptions& options);

}  // namespace urna::record
