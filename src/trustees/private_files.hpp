// A trustee's private files: their long-term keys, what they must remember during one
// attempt of a ceremony, and their share of the election key. All are key files
// (docs/formats/key-file.md) of kinds "trustee", "trustee-ceremony" and
// "trustee-share"; the layouts of their contents are in docs/formats/ceremony.md.
//
// Thread rule: plain values. Everything here is secret except the public parts.
#pragma once

#include "base/file.hpp"
#include "crypto/key_file.hpp"
#include "trustees/payload.hpp"

#include <string>
#include <vector>

namespace urna::trustees {

// How private files are written and read: where the bytes go, and under what.
struct Vault {
  base::FileSystem& files;
  base::Random& random;
  crypto::Stretch& passphrase;
  crypto::KeyFileCost cost = crypto::KeyFileCost::standard();

  [[nodiscard]] Result<void> write(const std::string& path, std::string_view kind,
                                   ByteView public_part, ByteView secret) const;
  [[nodiscard]] Result<crypto::SecretBytes> read(const std::string& path,
                                                 std::string_view kind) const;
};

// The keys whose public halves stand in the definition.
struct TrusteeKeys {
  crypto::SigningKey signing;
  crypto::BoxSecretKey box;

  [[nodiscard]] static Result<TrusteeKeys> generate(base::Random& random);
  [[nodiscard]] Result<void> save(const Vault& vault, const std::string& path) const;
  [[nodiscard]] static Result<TrusteeKeys> load(const Vault& vault,
                                                const std::string& path);
};

// What a trustee remembers between the steps of one attempt. Everything random is drawn
// at once in the beginning and stored before anything is published, so that any step
// can be repeated after a crash and gives the same bytes again.
struct CeremonyMemory {
  Binding binding;
  std::uint32_t trustee = 0;
  std::vector<SecretScalar> polynomial;          // k coefficients
  std::vector<crypto::BoxSecretKey> ephemerals;  // n, by receiver
  std::vector<Coefficient> coefficients;         // k, public, with their proofs
  // What this trustee has built on; zero until then. Never replaced.
  Hash32 commits{};
  Hash32 reveals{};
  Hash32 shares{};

  [[nodiscard]] static Result<CeremonyMemory> draw(base::Random& random,
                                                   const Binding& binding,
                                                   std::uint32_t trustee);
  [[nodiscard]] Result<void> save(const Vault& vault, const std::string& path) const;
  [[nodiscard]] static Result<CeremonyMemory> load(const Vault& vault,
                                                   const std::string& path,
                                                   const Binding& binding,
                                                   std::uint32_t trustee);
};

// The result for one trustee: z_l, and which key it belongs to.
struct KeyShare {
  Binding binding;
  std::uint32_t trustee = 0;
  Hash32 election_hash{};
  SecretScalar secret;  // z_l

  [[nodiscard]] Result<void> save(const Vault& vault, const std::string& path) const;
  [[nodiscard]] static Result<KeyShare> load(const Vault& vault,
                                             const std::string& path);
};

}  // namespace urna::trustees
