// "The machine of this segment is lost": what two officials of a station sign when a
// spare machine goes on and there is nothing left to read of the one before it. The
// machine makes it, the public record carries it, the verifier asks for it where a
// station's first segments have no sheet. docs/formats/handover.md has the bytes.
//
// Thread rule: plain values and pure functions. Public data; the officials' SigningKeys
// are not.
#pragma once

#include "sheet/officials.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace urna::sheet {

inline constexpr std::string_view kLostMachineMagic = "urna-machine-lost-1";
inline constexpr std::size_t kMaxLostMachine = 4096;

struct LostMachine {
  struct Signer {
    std::string role;
    crypto::PublicKey key;
  };
  Hash32 definition{};
  std::string station;
  std::uint32_t segment = 0;    // of the lost machine, from 1
  std::vector<Signer> signers;  // two; each has signed, and whether they may is open
};

struct Declarant {
  std::string_view role;  // a code
  const crypto::SigningKey* key;
};

// The bytes, by exactly two declarants.
[[nodiscard]] Bytes declare_lost(const Hash32& definition, std::string_view station,
                                 std::uint32_t segment,
                                 std::span<const Declarant> declarants);

// Reads it and verifies both signatures. Errors: bad_lost_machine, bad_signature.
[[nodiscard]] Result<LostMachine> read_lost_machine(ByteView file);

// Whether it is about this machine and by two different people whom the election trusts
// at this station. Errors: bad_lost_machine, wrong_certificate, same_signer.
[[nodiscard]] Result<void> check_lost_machine(const LostMachine& lost,
                                              const Hash32& definition,
                                              std::string_view station,
                                              std::uint32_t segment,
                                              std::span<const TrustedOfficial> trusted);

}  // namespace urna::sheet
