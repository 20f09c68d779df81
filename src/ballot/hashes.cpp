#include "ballot/hashes.hpp"

#include "ballot/style.hpp"
#include "base/binary.hpp"

namespace urna::ballot {

namespace {

// `points` is a whole number of encodings; each becomes a part.
void add_points(crypto::Transcript& transcript, ByteView points) {
  for (std::size_t at = 0; at < points.size(); at += kFieldSize) {
    transcript.bytes(points.subspan(at, kFieldSize));
  }
}

}  // namespace

Hash32 ballot_hash(const Hash32& election_hash, std::string_view station,
                   const BallotIdentity& identity) {
  return crypto::Transcript("ballot")
      .bytes(election_hash)
      .text(station)
      .u32(identity.segment)
      .u32(identity.style)
      .bytes(identity.id)
      .hash32();
}

crypto::Hash64 option_challenge(const Hash32& hi, std::uint32_t contest,
                                std::uint32_t option, ByteView ciphertext,
                                ByteView commitments) {
  crypto::Transcript transcript("option");
  transcript.bytes(hi).u32(contest).u32(option);
  add_points(transcript, ciphertext);
  add_points(transcript, commitments);
  return transcript.wide();
}

crypto::Hash64 fold_challenge(const Hash32& hi, std::uint32_t contest,
                              ByteView ciphertexts) {
  crypto::Transcript transcript("fold");
  transcript.bytes(hi).u32(contest);
  add_points(transcript, ciphertexts);
  return transcript.wide();
}

crypto::Hash64 contest_challenge(const Hash32& hi, std::uint32_t contest,
                                 ByteView ciphertexts, ByteView commitments) {
  crypto::Transcript transcript("contest");
  transcript.bytes(hi).u32(contest);
  add_points(transcript, ciphertexts);
  add_points(transcript, commitments);
  return transcript.wide();
}

void nonce(const Hash32& hi, std::uint32_t contest, std::uint32_t option,
           std::span<const std::uint8_t, 32> xi, std::span<std::uint8_t, 64> out) {
  crypto::SecretTranscript("nonce").bytes(hi).u32(contest).u32(option).bytes(xi).wide(
      out);
}

Hash32 confirmation_code(const Hash32& hi, ByteView ciphertexts) {
  crypto::Transcript transcript("code");
  transcript.bytes(hi);
  add_points(transcript, ciphertexts);
  return transcript.hash32();
}

Bytes ballot_statement(const Hash32& election_hash, std::string_view station,
                       const Hash32& code) {
  base::Writer writer;
  writer.var_bytes(election_hash);
  writer.text(station);
  writer.var_bytes(code);
  return std::move(writer).take();
}

}  // namespace urna::ballot
