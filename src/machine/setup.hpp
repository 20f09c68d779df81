// What the election authority gives to one machine before the election, in one signed
// file: the definition, the station and segment, the public keys, the hashes of the
// station's tokens, who may officiate, and the ballot's voice.
// docs/formats/machine-package.md has the bytes. The machine believes one key, which
// was given to it by hand (the anchor), and refuses every package that this key did not
// sign, that is of another election or station than before, or not newer than the last
// one.
//
// Thread rule: immutable once read. Public data: token hashes and keys' public halves.
#pragma once

#include "ballot/definition.hpp"
#include "ballot/joint_key.hpp"
#include "crypto/box.hpp"
#include "crypto/sign.hpp"
#include "election/definition.hpp"
#include "machine/tokens.hpp"
#include "machine/voice.hpp"

#include <optional>
#include <string>
#include <vector>

namespace urna::machine {

struct SetupOfficial {
  std::string role;  // a code: PRESIDENT
  std::string name;  // a label
  crypto::PublicKey key;
};

// The content as its maker fills it in.
struct SetupContent {
  std::uint32_t issue = 1;  // grows with every package for a station
  election::DefinitionFiles definition;
  std::string station;
  std::uint32_t segment = 1;
  std::uint32_t registered = 0;
  Hash32 election_hash{};  // He
  ByteArray<32> joint_key{};
  Bytes key_record;  // election key record; empty only for demonstrations
  ByteArray<32> closing_key{};
  std::vector<Token> tokens;
  std::vector<SetupOfficial> officials;
  std::vector<Clip> voice;  // ascending by language and text; empty: no sound
};

[[nodiscard]] Bytes make_setup(const SetupContent& content,
                               const crypto::SigningKey& authority);

struct Setup {
  std::uint32_t issue;
  std::uint32_t segment;
  std::uint32_t registered;
  election::Definition definition;
  election::StationIndex station_index;
  ballot::Station station;
  ballot::JointKey key;
  crypto::BoxPublicKey closing_key;
  TokenPool tokens;
  std::vector<SetupOfficial> officials;
  std::vector<Clip> voice;

  [[nodiscard]] election::Mode mode() const { return definition.model().mode; }
};

// What a machine that had a package before insists on.
struct SetupBefore {
  Hash32 definition{};
  std::string station;
  std::uint32_t issue = 0;
};

// Errors: bad_package (with the reason), old_package, and those of the definition.
[[nodiscard]] Result<Setup> read_setup(ByteView file, const crypto::PublicKey& anchor,
                                       const std::optional<SetupBefore>& before = {});

}  // namespace urna::machine
