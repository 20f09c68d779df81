// A trustee's own program in the key ceremony: one function a step. Each looks at the
// Board, refuses when the step before is not complete or somebody is caught, stores
// durably what it must remember, and only then gives the file to publish.
//
// Any step may be repeated, after a crash or because a file got lost: it gives the same
// bytes again. No step can be repeated with other inputs: what a trustee has built on
// is remembered and never replaced.
//
// Thread rule: one desk, one thread. Holds secrets; the files it returns are public.
#pragma once

#include "trustees/board.hpp"
#include "trustees/private_files.hpp"

namespace urna::trustees {

class Desk {
 public:
  // `folder` holds the trustee's private files. Error not_a_trustee when the keys are
  // nobody's in these terms.
  [[nodiscard]] static Result<Desk> open(const Vault& vault, std::string folder,
                                         const Terms& terms, TrusteeKeys keys);

  [[nodiscard]] std::uint32_t trustee() const { return trustee_; }

  // Step 1: draws everything, stores it, and commits to the coefficients.
  [[nodiscard]] Result<Message> commit();
  // Step 2: needs all n commits, this trustee's own among them.
  [[nodiscard]] Result<Message> reveal(const Board& board);
  // Step 3: needs all reveals.
  [[nodiscard]] Result<Message> share(const Board& board);
  // Step 4: needs all shares. Checks every one for this trustee and stores the sum, the
  // share of the key. Error bad_share, naming the dealer, says to complain.
  [[nodiscard]] Result<Message> confirm(const Board& board);
  // Instead of step 4. Error nothing_wrong when the dealer's share is good.
  [[nodiscard]] Result<Message> complain(const Board& board, std::uint32_t dealer);
  // The dealer's answer to a complaint on the board: opens that one box to everybody.
  [[nodiscard]] Result<Message> answer(const Board& board, std::uint32_t complainer);

  // Forgets the polynomial and the ephemeral secrets, once the key is combined.
  [[nodiscard]] Result<void> forget();

  [[nodiscard]] std::string memory_path() const;
  [[nodiscard]] std::string share_path() const;

 private:
  Desk(const Vault& vault, std::string folder, const Terms& terms, TrusteeKeys keys,
       std::uint32_t trustee)
      : vault_(vault),
        folder_(std::move(folder)),
        terms_(terms),
        keys_(std::move(keys)),
        trustee_(trustee) {}

  [[nodiscard]] Message sign(Step step, std::uint32_t subject, Bytes payload) const;
  [[nodiscard]] Message commit_of(const CeremonyMemory& memory) const;
  [[nodiscard]] Result<CeremonyMemory> memory() const;
  // Refuses when somebody is caught or `step` is not complete.
  [[nodiscard]] Result<void> ready(const Board& board, Step step) const;
  // Remembers durably that this trustee builds on `hash`; refuses another one.
  [[nodiscard]] Result<void> bind(CeremonyMemory& memory, Hash32 CeremonyMemory::* what,
                                  const Hash32& hash) const;
  // The share that a dealer sent to this trustee, checked.
  [[nodiscard]] Result<SecretScalar> share_from(const Board& board,
                                                std::uint32_t dealer) const;
  // The sum of all shares, this trustee's own included: z_l.
  [[nodiscard]] Result<SecretScalar> sum_of_shares(const Board& board,
                                                   const CeremonyMemory& memory) const;

  Vault vault_;
  std::string folder_;
  Terms terms_;
  TrusteeKeys keys_;
  std::uint32_t trustee_;
};

}  // namespace urna::trustees
