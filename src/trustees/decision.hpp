// The document by which the election authority decides that a station is decrypted
// although ballots of it were excluded: it names every one of them. Signed by an
// official whom the definition lets sign for every station. Byte layout:
// docs/formats/decryption.md.
//
// Thread rule: plain values. Public data only.
#pragma once

#include "crypto/sign.hpp"
#include "election/definition.hpp"

#include <string>
#include <vector>

namespace urna::trustees {

struct Decision {
  Hash32 election_hash{};
  std::string station;
  Hash32 package{};
  std::vector<Hash32> excluded;  // leaf hashes SHA-256(00, ballot), ascending
  std::string reason;            // for people
  crypto::PublicKey official;
  crypto::Signature signature{};

  [[nodiscard]] static Decision sign(const Hash32& election_hash, std::string station,
                                     const Hash32& package,
                                     std::vector<Hash32> excluded, std::string reason,
                                     const crypto::SigningKey& key);
  [[nodiscard]] Bytes encode() const;
  // Error bad_decision for layout, order or signature.
  [[nodiscard]] static Result<Decision> decode(ByteView bytes);
};

// The keys that may sign decisions: officials of the definition for every station.
[[nodiscard]] std::vector<crypto::PublicKey> decision_keys(
    const election::Definition& definition);

}  // namespace urna::trustees
