#include "trustees/payload.hpp"

#include "base/binary.hpp"
#include "trustees/errors.hpp"

namespace urna::trustees {

namespace {

void write_citations(base::Writer& writer, std::span<const Citation> citations) {
  for (const Citation& citation : citations) {
    writer.fixed(citation.payload_hash);
    writer.fixed(citation.signature);
  }
}

Result<Citation> read_citation(base::Reader& reader) {
  Citation citation;
  URNA_TRY(citation.payload_hash, reader.array<32>());
  URNA_TRY(citation.signature, reader.array<64>());
  return citation;
}

Result<std::vector<Citation>> read_citations(base::Reader& reader,
                                             std::uint32_t count) {
  std::vector<Citation> citations;
  for (std::uint32_t i = 0; i < count; ++i) {
    URNA_TRY(const Citation citation, read_citation(reader));
    citations.push_back(citation);
  }
  return citations;
}

}  // namespace

Result<Coefficient> decode_coefficient(ByteView bytes) {
  base::Reader reader(bytes);
  URNA_TRY(const ByteView element, reader.fixed(32));
  URNA_TRY(const ByteView commitment, reader.fixed(32));
  URNA_TRY(const ByteView response, reader.fixed(32));
  URNA_CHECK(reader.finish());
  Coefficient coefficient;
  URNA_TRY(coefficient.element, Element::decode(element));
  URNA_TRY(coefficient.proof.commitment, Element::decode(commitment));
  URNA_TRY(coefficient.proof.response, Scalar::decode(response));
  return coefficient;
}

Bytes encode_coefficients(std::span<const Coefficient> coefficients) {
  base::Writer writer;
  for (const Coefficient& coefficient : coefficients) {
    writer.fixed(coefficient.element.bytes());
    writer.fixed(coefficient.proof.commitment.bytes());
    writer.fixed(coefficient.proof.response.bytes());
  }
  return std::move(writer).take();
}

Hash32 coefficients_hash(const Binding& binding, std::uint32_t trustee,
                         ByteView coefficients) {
  crypto::Transcript transcript("commit");
  binding.add_to(transcript);
  return transcript.u32(trustee).bytes(coefficients).hash32();
}

Bytes CommitPayload::encode() const {
  return to_bytes(coefficients_hash);
}

Result<CommitPayload> CommitPayload::decode(ByteView bytes) {
  base::Reader reader(bytes);
  CommitPayload payload;
  URNA_TRY(payload.coefficients_hash, reader.array<32>());
  URNA_CHECK(reader.finish());
  return payload;
}

Bytes RevealPayload::encode() const {
  base::Writer writer;
  writer.fixed(encode_coefficients(coefficients));
  write_citations(writer, commits);
  return std::move(writer).take();
}

Result<RevealPayload> RevealPayload::decode(const Binding& binding, ByteView bytes) {
  base::Reader reader(bytes);
  RevealPayload payload;
  for (std::uint32_t j = 0; j < binding.threshold; ++j) {
    URNA_TRY(const ByteView one, reader.fixed(kCoefficientSize));
    URNA_TRY(const Coefficient coefficient, decode_coefficient(one));
    payload.coefficients.push_back(coefficient);
  }
  URNA_TRY(payload.commits, read_citations(reader, binding.trustees));
  URNA_CHECK(reader.finish());
  return payload;
}

Bytes SharesPayload::encode() const {
  base::Writer writer;
  write_citations(writer, reveals);
  for (const Bytes& box : boxes) writer.fixed(box);
  return std::move(writer).take();
}

Result<SharesPayload> SharesPayload::decode(const Binding& binding,
                                            std::uint32_t dealer, ByteView bytes) {
  base::Reader reader(bytes);
  SharesPayload payload;
  URNA_TRY(payload.reveals, read_citations(reader, binding.trustees));
  for (std::uint32_t l = 1; l <= binding.trustees; ++l) {
    URNA_TRY(const ByteView box, reader.fixed(l == dealer ? 0 : kShareBoxSize));
    payload.boxes.push_back(to_bytes(box));
  }
  URNA_CHECK(reader.finish());
  return payload;
}

std::string share_context(const Binding& binding, std::uint32_t dealer,
                          std::uint32_t receiver) {
  crypto::Transcript transcript("share");
  binding.add_to(transcript);
  const Hash32 hash = transcript.u32(dealer).u32(receiver).hash32();
  return std::string(as_text(hash));
}

Bytes ConfirmPayload::encode() const {
  base::Writer writer;
  write_citations(writer, shares);
  writer.fixed(election_hash);
  return std::move(writer).take();
}

Result<ConfirmPayload> ConfirmPayload::decode(const Binding& binding, ByteView bytes) {
  base::Reader reader(bytes);
  ConfirmPayload payload;
  URNA_TRY(payload.shares, read_citations(reader, binding.trustees));
  URNA_TRY(payload.election_hash, reader.array<32>());
  URNA_CHECK(reader.finish());
  return payload;
}

Bytes ComplaintPayload::encode() const {
  base::Writer writer;
  write_citations(writer, std::span(&shares, 1));
  return std::move(writer).take();
}

Result<ComplaintPayload> ComplaintPayload::decode(ByteView bytes) {
  base::Reader reader(bytes);
  ComplaintPayload payload;
  URNA_TRY(payload.shares, read_citation(reader));
  URNA_CHECK(reader.finish());
  return payload;
}

Bytes AnswerPayload::encode() const {
  return to_bytes(ephemeral);
}

Result<AnswerPayload> AnswerPayload::decode(ByteView bytes) {
  base::Reader reader(bytes);
  AnswerPayload payload;
  URNA_TRY(payload.ephemeral, reader.array<32>());
  URNA_CHECK(reader.finish());
  return payload;
}

}  // namespace urna::trustees
