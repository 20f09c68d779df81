// One station's part of the electoral roll: who votes here, with the fingerprint
// templates that the authority holds of them. Made by roll_import, kept by the
// authority as a roll file, sealed into a check-in package for a device.
//
// Voters stand in ascending order of their ID numbers; an index into Roll::voters names
// a voter within one roll. docs/formats/check-in-package.md has the bytes.
//
// Thread rule: plain values. Personal and biometric data: roll files stay with the
// authority, and a device holds them sealed only.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "finger/template.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace urna::checkin {

struct StoredPrint {
  finger::FingerPosition position = finger::FingerPosition::unknown;
  Bytes bytes;  // a private template (finger/match/codec.hpp)
};

struct Voter {
  std::string id;  // as id_number() makes it
  std::string surnames;
  std::string names;
  std::vector<StoredPrint> prints;

  [[nodiscard]] std::string full_name() const { return names + " " + surnames; }
};

struct Roll {
  Hash32 definition{};
  std::string station;
  std::vector<Voter> voters;

  [[nodiscard]] std::optional<std::size_t> find(std::string_view id) const;
};

// Voters without their prints, and prints by the voter's place.
[[nodiscard]] Bytes encode_voters(const Roll& roll);
[[nodiscard]] Bytes encode_prints(const Roll& roll);
// Errors: bad_roll with the reason; decode_prints needs the voters.
[[nodiscard]] Result<Roll> decode_voters(ByteView bytes);
[[nodiscard]] Result<void> decode_prints(ByteView bytes, Roll& roll);

// Both parts in one file.
[[nodiscard]] Bytes encode_roll(const Roll& roll);
[[nodiscard]] Result<Roll> decode_roll(ByteView bytes);

// "right_thumb" and back; nullopt for other words.
[[nodiscard]] std::string_view position_name(finger::FingerPosition position);
[[nodiscard]] std::optional<finger::FingerPosition> position_of(std::string_view name);

}  // namespace urna::checkin
