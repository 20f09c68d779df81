// A part of a verification as a file: what one machine found about some stations, to be
// brought together with the parts of others, or kept until next time. A part names the
// log's root and holds the report of the record, so that parts of different records are
// never mixed, and ends with a hash of itself, so that damage is found.
// docs/formats/verification-part.md is the byte-level description.
//
// Thread rule: plain values and pure functions. Public data.
#pragma once

#include "record/report.hpp"

namespace urna::record {

struct Part {
  RecordReport record;
  std::uint32_t shard = 0;  // of `shards`, from 0
  std::uint32_t shards = 1;
  std::map<std::string, StationReport> stations;

  [[nodiscard]] Bytes encode() const;
  // Error bad_part with the offset.
  [[nodiscard]] static Result<Part> decode(ByteView bytes);
};

// All parts of one verification as one report without the checks of the result.
// `record` is what the caller itself found in the log; `names` are the files, for
// messages. Errors: other_record, part_twice, part_missing.
[[nodiscard]] Result<Report> unite(const RecordReport& record,
                                   const std::vector<Part>& parts,
                                   const std::vector<std::string>& names);

}  // namespace urna::record
