// What a results site shows, gathered from a public record and from nothing else: the
// signed sheets of every station added up (src/count), and what the verifier found
// about their sealed ballots, box counts and signatures (src/record).
//
// Called by `urna results`. Thread rule: gather() runs threads of its own; an Evidence
// is then only read. Public data.
#pragma once

#include "count/count.hpp"
#include "record/verify.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace urna::results {

// The papers of a station package, read without its sealed ballots, which are most of
// its bytes. Nothing is checked here: sheets carry their own signatures.
struct Papers {
  std::vector<std::string> sheets;  // signed sheet files, one a segment
  std::string check_in;             // check-in's signed slip; may be empty
};
// Errors: bad_papers, those of the disk.
[[nodiscard]] Result<Papers> read_papers(base::FileSystem& files,
                                         const std::string& path);

struct StationEvidence {
  std::optional<Hash32> package;    // the one that counts
  std::string no_package;           // why there is none
  std::vector<std::string> sheets;  // of that package
  // A machine of the station could not count: the trustees' totals are the only ones.
  bool trustees_only = false;
  std::string check_in;
  std::string box;  // the box count's file; empty: not yet counted
  std::optional<Hash32> box_hash;
  std::optional<Hash32> signatures;
  std::optional<Hash32> exclusion;
  std::vector<std::pair<std::string, Hash32>> decryptions;  // by name
  std::size_t notices = 0;  // of the count: numbers that should agree and do not
  const record::StationReport* report = nullptr;  // nothing: not verified
};

struct Evidence {
  std::unique_ptr<const record::Frame> frame;
  record::Report report;
  bool sealed = true;                     // the sealed ballots were verified
  std::vector<StationEvidence> stations;  // as in the definition
  std::unique_ptr<const count::Count> count;
  std::vector<std::string> findings;  // about documents that take no part

  [[nodiscard]] const election::Definition& definition() const {
    return count->definition;
  }
};

struct GatherOptions {
  record::VerifyOptions verify{};
  // Without the sealed ballots: sheets and boxes only. What takes hours for a nation
  // on one machine is then "not verified here", and the pages say so.
  bool sealed = true;
};

// Errors: not_a_record, no_definition, those of the count.
[[nodiscard]] Result<Evidence> gather(base::FileSystem& files,
                                      const std::string& folder,
                                      const GatherOptions& options);

// What a station's evidence says, in one word.
enum class Verdict : std::uint8_t {
  missing,  // nothing usable has come
  fails,    // something does not agree
  open,     // nothing disagrees, and something is not known yet
  agrees,   // everything was checked and agrees
};
[[nodiscard]] Verdict verdict_of(const Evidence& evidence,
                                 election::StationIndex station);
// Checks of the station that failed, and conflicts of the count.
[[nodiscard]] std::size_t failures_of(const Evidence& evidence,
                                      election::StationIndex station);

}  // namespace urna::results
