// The station package: everything one polling station publishes after closing, as one
// file signed by its machine: the sealed ballots (a ballot box), the Merkle roots of
// the three groups, the signed tally sheets, check-in's slip and the public event log.
// docs/formats/station-package.md is the byte-level description.
//
// Made by the machine at closing; read by the trustees before they decrypt, by the
// record and by every verifier. Sheets, slip, events and certificate are texts of other
// rooms and pass through unread: the record holds them against one another.
//
// Thread rule: plain values and pure functions. Public data only.
#pragma once

#include "ballot/box.hpp"
#include "crypto/sign.hpp"

#include <array>
#include <string>
#include <vector>

namespace urna::ballot {

inline constexpr std::string_view kPackageUse = "station-package";
inline constexpr std::size_t kMaxPackage = std::size_t{1} << 27;  // 128 MiB

// Of the cast, the challenged and the voided ballots: RFC 9162 over their bytes, in the
// order of the box; a group without ballots has the empty root.
using GroupRoots = std::array<Hash32, 3>;
[[nodiscard]] GroupRoots group_roots(const Box& box);

struct StationPackage {
  Box box;
  GroupRoots roots{};
  std::vector<std::string> sheets;  // signed sheet files, one a segment, ascending
  std::string check_in;             // check-in's signed totals slip; may be empty
  std::string events;               // the public event log
  std::string certificate;          // of the machine that signs
  crypto::Signature signature{};

  // The file as these fields stand, right or wrong.
  [[nodiscard]] Bytes encode() const;
};

// The finished package: ballots sorted, roots computed, signed by the machine.
[[nodiscard]] Bytes make_package(StationPackage content, const crypto::SigningKey& key);

// Layout only; error bad_package with the offset, box_order. The roots, the signature
// and the texts are not checked.
[[nodiscard]] Result<StationPackage> parse_package(ByteView bytes);

// Whether this key signed exactly these bytes.
[[nodiscard]] bool package_signed_by(ByteView bytes, const crypto::PublicKey& key);

// The ballots of a station package; or, for rehearsals, of a plain ballot box file.
[[nodiscard]] Result<Box> box_of(ByteView bytes);

}  // namespace urna::ballot
