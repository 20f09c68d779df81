// One file of the key ceremony: who says it, in which step, bound to the terms, signed.
// The signature covers the header and the hash of the payload, so that (payload hash,
// signature) alone proves that a trustee signed such a file. Such a Citation is 96
// bytes; later files carry the citations of everything they build on, and two
// citations by one trustee for one step convict him of equivocation. Byte layout:
// docs/formats/ceremony.md.
//
// Thread rule: plain values and pure functions. Public data: secrets are inside boxes.
#pragma once

#include "trustees/terms.hpp"

#include <string_view>
#include <vector>

namespace urna::trustees {

enum class Step : std::uint8_t {
  commit = 1,
  reveal = 2,
  shares = 3,
  confirm = 4,
  complaint = 5,
  answer = 6,
};
[[nodiscard]] std::string_view step_name(Step step);

// What a message is about. `subject` is the dealer complained about, or the complainer
// answered; 0 in the other steps.
struct Slot {
  Step step = Step::commit;
  std::uint32_t trustee = 0;
  std::uint32_t subject = 0;
  friend auto operator<=>(const Slot&, const Slot&) = default;
};

// Evidence that a trustee signed a message with this payload.
struct Citation {
  Hash32 payload_hash{};
  crypto::Signature signature{};
  friend bool operator==(const Citation&, const Citation&) = default;
};
inline constexpr std::size_t kCitationSize = 32 + 64;

struct Message {
  Binding binding;
  Slot slot;
  Bytes payload;
  Citation citation;  // of this message itself

  [[nodiscard]] Bytes encode() const;
  // Layout only; error bad_message. Whether it belongs here and who signed it is
  // for citation_holds() and the Board.
  [[nodiscard]] static Result<Message> decode(ByteView bytes);
};

[[nodiscard]] Message sign_message(const Binding& binding, const Slot& slot,
                                   Bytes payload, const crypto::SigningKey& key);

[[nodiscard]] bool citation_holds(const Binding& binding, const Slot& slot,
                                  const Citation& citation,
                                  const crypto::PublicKey& key);

[[nodiscard]] Hash32 payload_hash(ByteView payload);

// The hash of an ordered list of messages, by their payloads: of all commits, all
// reveals or all shares files.
[[nodiscard]] Hash32 list_hash(Step step, std::span<const Citation> citations);

// "commit-03.urna", "complaint-03-about-05.urna": the name under which programs write
// it. Reading goes by content; names mean nothing.
[[nodiscard]] std::string file_name(const Slot& slot);

}  // namespace urna::trustees
