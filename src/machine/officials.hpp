// Who may do what at the station: officials with a key file on a stick and a PIN. The
// key file (docs/formats/key-file.md, kind "official") holds the signing key and, for
// the two officials who keep the closing key, a half of it. Each important step asks
// for two different officials anew; nobody stays logged in.
//
// After five wrong PINs for a key, the machine waits before it tries again, twice as
// long each time; the count survives a restart. docs/threats.md says what a stolen
// stick is worth.
//
// Thread rule: one thread. Secrets: PINs, signing keys, halves of the closing key.
#pragma once

#include "base/clock.hpp"
#include "base/file.hpp"
#include "crypto/box.hpp"
#include "crypto/key_file.hpp"
#include "machine/setup.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace urna::machine {

inline constexpr std::string_view kOfficialKind = "official";

// One half of the closing key; both together are the key.
using ClosingHalf = crypto::SecretArray<32>;

// Splits a closing key: one half is random, the other what is missing.
struct ClosingHalves {
  ClosingHalf first, second;
};
[[nodiscard]] Result<ClosingHalves> split_closing_key(base::Random& random,
                                                      const crypto::BoxSecretKey& key);
// Error closing_key when the halves do not give the key whose public half is `expect`.
[[nodiscard]] Result<crypto::BoxSecretKey> join_closing_key(
    const ClosingHalf& a, const ClosingHalf& b, const crypto::BoxPublicKey& expect);

[[nodiscard]] Result<Bytes> make_official_file(
    base::Random& random, const crypto::SigningKey& key, const ClosingHalf* half,
    std::string_view pin, crypto::KeyFileCost cost = crypto::KeyFileCost::standard());

// Somebody who proved who they are, for one step.
struct Present {
  const SetupOfficial* who;
  crypto::SigningKey key;
  std::optional<ClosingHalf> half;
};

// What is typed at the machine: the stick's name and the PIN. Wiped by its owner.
struct Credential {
  std::string stick;
  std::string pin;
};

class Officials {
 public:
  // `sticks`: the folder in which sticks appear, each a folder of its own.
  // `state`: a small file that counts wrong PINs.
  Officials(base::FileSystem& files, base::Random& random, base::Clock& clock,
            std::string sticks, std::string state, crypto::KeyFileCost cost)
      : files_(files),
        random_(random),
        clock_(clock),
        sticks_(std::move(sticks)),
        state_(std::move(state)),
        cost_(cost) {}

  [[nodiscard]] Result<std::vector<std::string>> sticks();
  // Errors: locked_out (with the seconds), wrong_pin, not_official.
  [[nodiscard]] Result<Present> prove(const std::vector<SetupOfficial>& known,
                                      const Credential& credential);
  // Two different ones; two_officials otherwise.
  [[nodiscard]] Result<std::vector<Present>> prove_two(
      const std::vector<SetupOfficial>& known, const std::vector<Credential>& given);
  // Writes the official's key file again without the half of the closing key.
  [[nodiscard]] Result<void> forget_half(const Present& official,
                                         const Credential& credential);

  // The freshness counter on a stick; 0 when there is none yet.
  [[nodiscard]] Result<std::uint64_t> freshness(const std::string& stick,
                                                const std::string& device);
  [[nodiscard]] Result<void> set_freshness(const std::string& stick,
                                           const std::string& device,
                                           std::uint64_t value);

 private:
  struct Attempts {
    std::uint32_t wrong = 0;
    std::chrono::nanoseconds since{0};
  };
  [[nodiscard]] Result<void> load();
  [[nodiscard]] Result<void> save();
  [[nodiscard]] Result<void> check_lock(const Attempts& attempts) const;
  [[nodiscard]] Result<std::string> path(const std::string& stick,
                                         std::string_view file) const;

  base::FileSystem& files_;
  base::Random& random_;
  base::Clock& clock_;
  std::string sticks_;
  std::string state_;
  crypto::KeyFileCost cost_;
  std::map<std::string, Attempts> attempts_;  // by the key's public half, hexadecimal
  bool loaded_ = false;
};

}  // namespace urna::machine
