// A ballot box file: the sealed ballots of one station with everything a verifier needs
// to check them alone. docs/formats/ballot-box.md is the byte-level description. The
// public record carries the same ballots in station packages; a box file is what
// `urna ballot` reads and writes.
//
// Thread rule: plain values. Public data; openings belong to challenged ballots only.
#pragma once

#include "ballot/joint_key.hpp"
#include "ballot/station.hpp"
#include "ballot/station_check.hpp"

#include <vector>

namespace urna::ballot {

struct BoxBallot {
  Decision decision = Decision::cast;
  Bytes ballot;
  Bytes opening;  // challenged ballots only
};

struct Box {
  Station station;
  JointKey key;
  std::vector<BoxBallot> ballots;  // cast, challenged, voided; each sorted by code
};

[[nodiscard]] Bytes box_bytes(const Box& box);

// Error bad_box with the offset; the ballots themselves are not checked.
[[nodiscard]] Result<Box> parse_box(ByteView bytes);

// Puts the ballots into the order that the format wants.
void sort_box(Box& box);

// One finding of check_box(): which ballot (its position in the box), and what.
struct BoxFault {
  std::size_t position;
  Fault fault;
};

struct BoxReport {
  std::size_t cast = 0;
  std::size_t challenged = 0;
  std::size_t voided = 0;
  std::vector<BoxFault> faults;  // by position
};

// Every check of a station's ballots: proofs (in batches, with `threads` threads, or
// one by one with libsodium when `reference`), what must hold among them, openings.
[[nodiscard]] Result<BoxReport> check_box(const Box& box, unsigned threads,
                                          bool reference);

}  // namespace urna::ballot
