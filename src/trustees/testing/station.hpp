// Sums of a made-up station under a ceremony's key, with known totals, and a log with
// witnesses for its package. Tests and benches only.
#pragma once

#include "log/checkpoint.hpp"
#include "log/merkle.hpp"
#include "trustees/decryption_desk.hpp"
#include "trustees/testing/ceremony.hpp"

#include <array>

namespace urna::trustees::testing {

// Enc(total; nonce) = (x G, (total + x) K).
inline Ciphertext<R> encrypt(base::Random& random, const Element& key,
                             std::uint64_t total) {
  const SecretScalar nonce = draw_scalar<R>(random).value();
  return {R::base_mul(nonce), R::mul(nonce + SecretScalar::from_u64(total), key)};
}

inline StationSums sums_of(base::Random& random, const Element& key,
                           const std::vector<std::vector<std::uint64_t>>& totals,
                           std::uint64_t ballots) {
  StationSums sums{"0101", {0}, Hash32{42}, {}, {}};
  for (std::uint32_t c = 0; c < totals.size(); ++c) {
    ContestSums contest{c, totals[c].empty() ? 0 : ballots, {}};
    for (const std::uint64_t total : totals[c]) {
      contest.fields.push_back(encrypt(random, key, total));
    }
    if (totals[c].empty()) contest.fields.resize(2);
    sums.contests.push_back(std::move(contest));
  }
  return sums;
}

// A log of one entry, its checkpoint cosigned by three witnesses.
class Witnesses {
 public:
  Witnesses() {
    for (std::uint8_t i = 0; i < 4; ++i) {
      ByteArray<32> seed{};
      seed[0] = static_cast<std::uint8_t>(200 + i);
      const bool is_log = i == 0;
      signers_.push_back(log::NoteSigner::make(
                             is_log ? "example.org/log" : fmt::format("witness-{}", i),
                             is_log ? log::KeyType::ed25519 : log::KeyType::cosignature,
                             crypto::SigningKey::from_seed(seed))
                             .value());
    }
  }
  [[nodiscard]] log::Policy policy(std::uint32_t quorum = 2) const {
    const std::array witnesses{signers_[1].verifier(), signers_[2].verifier(),
                               signers_[3].verifier()};
    return log::Policy::witnessed(signers_[0].verifier(), witnesses, quorum).value();
  }
  [[nodiscard]] log::Policy log_alone() const {
    return log::Policy::log_alone(signers_[0].verifier());
  }
  // Evidence for an entry, signed by the log and the first `count` witnesses.
  [[nodiscard]] log::Receipt receipt(ByteView entry, std::size_t count = 2) const {
    const log::Checkpoint checkpoint{"example.org/log", 1, log::leaf_hash(entry), {}};
    log::Note note{checkpoint.text(), {signers_[0].sign(checkpoint.text())}};
    for (std::size_t i = 1; i <= count; ++i) {
      note.signatures.push_back(signers_[i].sign(note.text, 1700000000));
    }
    return {{}, 0, {}, note.format()};
  }

 private:
  std::vector<log::NoteSigner> signers_;
};

}  // namespace urna::trustees::testing
