#include "record/part.hpp"

#include "base/binary.hpp"
#include "crypto/sha256.hpp"
#include "record/errors.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::record {
namespace {

constexpr std::string_view kMagic = "urna-verification-part-1";
constexpr std::size_t kMaxText = std::size_t{1} << 20;
constexpr std::uint32_t kMaxStations = 10'000'000;
constexpr std::uint32_t kMaxFields = 1'000'000;

Result<std::optional<Hash32>> read_optional_hash(base::Reader& r) {
  URNA_TRY(const std::uint8_t there, r.u8());
  if (there > 1) return fail(errors::bad_part, "a flag is neither 0 nor 1");
  if (there == 0) return std::optional<Hash32>{};
  URNA_TRY(const Hash32 hash, r.array<32>());
  return std::optional<Hash32>{hash};
}

void write_optional_hash(base::Writer& w, const std::optional<Hash32>& hash) {
  w.u8(hash ? 1 : 0);
  if (hash) w.fixed(*hash);
}

}  // namespace

// Between Findings and bytes; a friend, so that no other code can make up an outcome.
struct FindingsCodec {
  static void write(base::Writer& w, const Findings& findings) {
    for (std::size_t i = 0; i < kChecks; ++i) {
      w.u8(static_cast<std::uint8_t>(findings.outcomes_[i].state));
      w.text(findings.outcomes_[i].why);
      w.u64(findings.counts_[i]);
    }
    w.u32(static_cast<std::uint32_t>(findings.failures_.size()));
    for (const Failure& failure : findings.failures_) {
      w.u8(static_cast<std::uint8_t>(failure.check));
      for (const std::string* text :
           {&failure.station, &failure.file, &failure.ballot, &failure.what}) {
        w.text(*text);
      }
    }
  }

  static Result<Findings> read(base::Reader& r) {
    Findings findings;
    for (std::size_t i = 0; i < kChecks; ++i) {
      URNA_TRY(const std::uint8_t state, r.u8());
      if (state > 2) return fail(errors::bad_part, "an outcome is no state");
      findings.outcomes_[i].state = static_cast<State>(state);
      URNA_TRY(findings.outcomes_[i].why, r.text(kMaxText));
      URNA_TRY(findings.counts_[i], r.u64());
      if ((state == 2) != (findings.counts_[i] > 0)) {
        return fail(errors::bad_part, "a check and its failures do not fit together");
      }
    }
    URNA_TRY(const std::uint32_t count, r.u32());
    if (count > kChecks * Findings::kMostFailures) {
      return fail(errors::bad_part, "too many failures");
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      Failure failure;
      URNA_TRY(const std::uint8_t check, r.u8());
      if (check < 1 || check > kChecks || findings.counts_[check - 1] == 0) {
        return fail(errors::bad_part, "a failure of no failed check");
      }
      failure.check = static_cast<Check>(check);
      for (std::string* text :
           {&failure.station, &failure.file, &failure.ballot, &failure.what}) {
        URNA_TRY(*text, r.text(kMaxText));
      }
      findings.failures_.push_back(std::move(failure));
    }
    return findings;
  }
};

namespace {

void write_record(base::Writer& w, const RecordReport& record) {
  w.text(record.origin);
  w.u64(record.size);
  w.fixed(record.root);
  write_optional_hash(w, record.definition);
  write_optional_hash(w, record.election);
  w.text(record.name);
  FindingsCodec::write(w, record.findings);
}

Result<RecordReport> read_record(base::Reader& r) {
  RecordReport record;
  URNA_TRY(record.origin, r.text(kMaxText));
  URNA_TRY(record.size, r.u64());
  URNA_TRY(record.root, r.array<32>());
  URNA_TRY(record.definition, read_optional_hash(r));
  URNA_TRY(record.election, read_optional_hash(r));
  URNA_TRY(record.name, r.text(kMaxText));
  URNA_TRY(record.findings, FindingsCodec::read(r));
  return record;
}

void write_station(base::Writer& w, const StationReport& station) {
  w.fixed(station.fingerprint);
  FindingsCodec::write(w, station.findings);
  for (const std::uint64_t number :
       {station.cast, station.challenged, station.voided, station.bytes}) {
    w.u64(number);
  }
  w.u8(station.row ? 1 : 0);
  if (!station.row) return;
  w.u32(static_cast<std::uint32_t>(station.row->size()));
  for (const std::uint64_t votes : *station.row) w.u64(votes);
}

Result<StationReport> read_station(base::Reader& r) {
  StationReport station;
  URNA_TRY(station.fingerprint, r.array<32>());
  URNA_TRY(station.findings, FindingsCodec::read(r));
  for (std::uint64_t* number :
       {&station.cast, &station.challenged, &station.voided, &station.bytes}) {
    URNA_TRY(*number, r.u64());
  }
  URNA_TRY(const std::uint8_t has_row, r.u8());
  if (has_row > 1) return fail(errors::bad_part, "a flag is neither 0 nor 1");
  if (has_row == 0) return station;
  URNA_TRY(const std::uint32_t fields, r.u32());
  if (fields > kMaxFields) return fail(errors::bad_part, "too many fields");
  station.row.emplace();
  for (std::uint32_t i = 0; i < fields; ++i) {
    URNA_TRY(const std::uint64_t votes, r.u64());
    station.row->push_back(votes);
  }
  return station;
}

Result<Part> read_part(base::Reader& r) {
  URNA_TRY(const std::string magic, r.text(64));
  if (magic != kMagic) return fail(errors::bad_part, "not a part of a verification");
  Part part;
  URNA_TRY(part.record, read_record(r));
  URNA_TRY(part.shard, r.u32());
  URNA_TRY(part.shards, r.u32());
  if (part.shard >= part.shards) return fail(errors::bad_part, "no such shard");
  URNA_TRY(const std::uint32_t count, r.u32());
  if (count > kMaxStations) return fail(errors::bad_part, "too many stations");
  for (std::uint32_t i = 0; i < count; ++i) {
    URNA_TRY(std::string code, r.text(64));
    if (!part.stations.empty() && code <= part.stations.rbegin()->first) {
      return fail(errors::bad_part, "the stations are not in order");
    }
    URNA_TRY(StationReport station, read_station(r));
    part.stations.emplace_hint(part.stations.end(), std::move(code),
                               std::move(station));
  }
  URNA_CHECK(r.finish());
  return part;
}

}  // namespace

Bytes Part::encode() const {
  base::Writer w;
  w.text(kMagic);
  write_record(w, record);
  w.u32(shard);
  w.u32(shards);
  w.u32(static_cast<std::uint32_t>(stations.size()));
  for (const auto& [code, station] : stations) {
    w.text(code);
    write_station(w, station);
  }
  Bytes bytes = std::move(w).take();
  append(bytes, crypto::sha256(bytes));
  return bytes;
}

Result<Part> Part::decode(ByteView bytes) {
  if (bytes.size() < 32) return fail(errors::bad_part, "the file is too short");
  const ByteView content = bytes.first(bytes.size() - 32);
  if (!equal(crypto::sha256(content), bytes.last(32))) {
    return fail(errors::bad_part, "the file is damaged: its hash does not fit",
                "make this part again");
  }
  base::Reader r(content);
  auto part = read_part(r);
  if (part) return part;
  Error error = std::move(part).error();
  error.kind = errors::bad_part;
  return std::unexpected(std::move(error).at(fmt::format("offset {}", r.offset())));
}

Result<Report> unite(const RecordReport& record, const std::vector<Part>& parts,
                     const std::vector<std::string>& names) {
  Report report;
  report.record = record;
  if (parts.empty()) return fail(errors::part_missing, "no parts were given");
  const std::uint32_t shards = parts.front().shards;
  std::vector<const std::string*> from(shards, nullptr);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Part& part = parts[i];
    const std::string& name = names.at(i);
    if (part.shards != shards || part.record != record) {
      return fail(
          errors::other_record,
          "it was made from another state of the record, with other options, or "
          "for another number of shards",
          "make all parts from the same copy with the same options", name);
    }
    if (from.at(part.shard) != nullptr) {
      return fail(errors::part_twice,
                  fmt::format("shard {}/{} is in {} too", part.shard + 1, shards,
                              *from[part.shard]),
                  {}, name);
    }
    from[part.shard] = &name;
    for (const auto& [code, station] : part.stations) {
      if (!report.stations.emplace(code, station).second) {
        return fail(errors::part_twice, fmt::format("station {} is in two parts", code),
                    {}, name);
      }
    }
  }
  const auto missing = std::ranges::find(from, nullptr);
  if (missing != from.end()) {
    return fail(
        errors::part_missing,
        fmt::format("shard {}/{} is missing", missing - from.begin() + 1, shards),
        "verify that shard and give its file too");
  }
  return report;
}

}  // namespace urna::record
