// The result of the key ceremony as one public file: the terms, and every trustee's
// reveal and confirmation. Whoever opens it verifies all of it again, so that a
// machine, an observer and the final verifier each know for themselves that K is the
// sum of what the trustees committed to, and that all of them confirmed it.
// docs/formats/ceremony.md.
//
// Thread rule: immutable values. Public data only.
#pragma once

#include "trustees/board.hpp"

namespace urna::trustees {

class ElectionKey {
 public:
  // From a board on which all four rounds are complete; errors too_early and
  // attempt_failed name who is in the way.
  [[nodiscard]] static Result<ElectionKey> combine(const Board& board);

  // Verifies everything in the file. Error bad_key_record.
  [[nodiscard]] static Result<ElectionKey> decode(ByteView bytes);
  // The same, and that it is for this definition and its trustees' keys.
  [[nodiscard]] static Result<ElectionKey> decode_for(
      const election::Definition& definition, ByteView bytes);
  [[nodiscard]] Bytes encode() const;

  [[nodiscard]] const Terms& terms() const { return terms_; }
  [[nodiscard]] const Element& key() const { return joint_.key; }  // K
  [[nodiscard]] const Hash32& election_hash() const { return joint_.election_hash; }
  // Z_l, trustees from 1.
  [[nodiscard]] const Element& public_share(std::uint32_t trustee) const {
    return joint_.public_shares.at(trustee - 1);
  }

 private:
  ElectionKey(const Terms& terms, Joint joint, std::vector<Message> messages)
      : terms_(terms), joint_(std::move(joint)), messages_(std::move(messages)) {}
  Terms terms_;
  Joint joint_;
  std::vector<Message> messages_;  // n reveals, then n confirmations
};

}  // namespace urna::trustees
