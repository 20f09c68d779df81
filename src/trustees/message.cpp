#include "trustees/message.hpp"

#include "base/binary.hpp"
#include "trustees/errors.hpp"

#include <fmt/format.h>

namespace urna::trustees {

namespace {

constexpr std::string_view kMagic = "urna-cer";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kLongestPayload = std::size_t{1} << 20;
constexpr std::string_view kUse = "ceremony";

void write_header(base::Writer& writer, const Binding& binding, const Slot& slot) {
  writer.fixed(as_bytes(kMagic));
  writer.u32(kVersion);
  writer.fixed(binding.ceremony);
  writer.u32(binding.attempt);
  writer.u32(binding.trustees);
  writer.u32(binding.threshold);
  writer.fixed(binding.definition);
  writer.u8(static_cast<std::uint8_t>(slot.step));
  writer.u32(slot.trustee);
  writer.u32(slot.subject);
}

// What is signed: the header, then the hash of the payload.
Bytes signed_part(const Binding& binding, const Slot& slot, const Hash32& hash) {
  base::Writer writer;
  write_header(writer, binding, slot);
  writer.fixed(hash);
  return std::move(writer).take();
}

}  // namespace

std::string_view step_name(Step step) {
  switch (step) {
    case Step::commit:
      return "commit";
    case Step::reveal:
      return "reveal";
    case Step::shares:
      return "shares";
    case Step::confirm:
      return "confirm";
    case Step::complaint:
      return "complaint";
    case Step::answer:
      return "answer";
  }
  return "unknown";
}

Bytes Message::encode() const {
  base::Writer writer;
  write_header(writer, binding, slot);
  writer.var_bytes(payload);
  writer.fixed(citation.signature);
  return std::move(writer).take();
}

Result<Message> Message::decode(ByteView bytes) {
  base::Reader reader(bytes);
  Message message;
  URNA_TRY(const ByteView magic, reader.fixed(kMagic.size()));
  URNA_TRY(const std::uint32_t version, reader.u32());
  if (as_text(magic) != kMagic || version != kVersion) {
    return fail(errors::bad_message, "this is not a ceremony file of version 1");
  }
  URNA_TRY(message.binding.ceremony, reader.array<32>());
  URNA_TRY(message.binding.attempt, reader.u32());
  URNA_TRY(message.binding.trustees, reader.u32());
  URNA_TRY(message.binding.threshold, reader.u32());
  URNA_TRY(message.binding.definition, reader.array<32>());
  URNA_TRY(const std::uint8_t step, reader.u8());
  if (step < 1 || step > 6) {
    return fail(errors::bad_message, fmt::format("there is no ceremony step {}", step));
  }
  message.slot.step = static_cast<Step>(step);
  URNA_TRY(message.slot.trustee, reader.u32());
  URNA_TRY(message.slot.subject, reader.u32());
  URNA_TRY(const ByteView payload, reader.var_bytes(kLongestPayload));
  message.payload = to_bytes(payload);
  message.citation.payload_hash = payload_hash(payload);
  URNA_TRY(message.citation.signature, reader.array<64>());
  URNA_CHECK(reader.finish());
  return message;
}

Message sign_message(const Binding& binding, const Slot& slot, Bytes payload,
                     const crypto::SigningKey& key) {
  const Hash32 hash = payload_hash(payload);
  const crypto::Signature signature = key.sign(kUse, signed_part(binding, slot, hash));
  return Message{binding, slot, std::move(payload), {hash, signature}};
}

bool citation_holds(const Binding& binding, const Slot& slot, const Citation& citation,
                    const crypto::PublicKey& key) {
  return crypto::verifies(key, kUse, signed_part(binding, slot, citation.payload_hash),
                          citation.signature);
}

Hash32 payload_hash(ByteView payload) {
  return crypto::Transcript("ceremony-payload").bytes(payload).hash32();
}

Hash32 list_hash(Step step, std::span<const Citation> citations) {
  crypto::Transcript transcript("ceremony-list");
  transcript.u32(static_cast<std::uint32_t>(step));
  for (const Citation& citation : citations) transcript.bytes(citation.payload_hash);
  return transcript.hash32();
}

std::string file_name(const Slot& slot) {
  const std::string_view between = slot.step == Step::answer ? "to" : "about";
  if (slot.subject == 0) {
    return fmt::format("{}-{:02}.urna", step_name(slot.step), slot.trustee);
  }
  return fmt::format("{}-{:02}-{}-{:02}.urna", step_name(slot.step), slot.trustee,
                     between, slot.subject);
}

}  // namespace urna::trustees
