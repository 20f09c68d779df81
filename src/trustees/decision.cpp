#include "trustees/decision.hpp"

#include "base/binary.hpp"
#include "trustees/errors.hpp"

#include <algorithm>

namespace urna::trustees {

namespace {

constexpr std::string_view kMagic = "urna-xcl";
constexpr std::uint32_t kVersion = 1;
constexpr std::string_view kUse = "exclusion-decision";
constexpr std::size_t kLongestReason = 4096;

Bytes unsigned_part(const Decision& decision) {
  base::Writer writer;
  writer.fixed(as_bytes(kMagic));
  writer.u32(kVersion);
  writer.fixed(decision.election_hash);
  writer.text(decision.station);
  writer.fixed(decision.package);
  writer.u32(static_cast<std::uint32_t>(decision.excluded.size()));
  for (const Hash32& code : decision.excluded) writer.fixed(code);
  writer.text(decision.reason);
  writer.fixed(decision.official.bytes());
  return std::move(writer).take();
}

}  // namespace

Decision Decision::sign(const Hash32& election_hash, std::string station,
                        const Hash32& package, std::vector<Hash32> excluded,
                        std::string reason, const crypto::SigningKey& key) {
  std::ranges::sort(excluded);
  Decision decision{election_hash,     std::move(station), package, std::move(excluded),
                    std::move(reason), key.public_key(),   {}};
  decision.signature = key.sign(kUse, unsigned_part(decision));
  return decision;
}

Bytes Decision::encode() const {
  Bytes bytes = unsigned_part(*this);
  append(bytes, signature);
  return bytes;
}

Result<Decision> Decision::decode(ByteView bytes) {
  const auto bad = [](const char* why) {
    return fail(errors::bad_decision, why,
                "ask the election authority for the signed decision document");
  };
  base::Reader reader(bytes);
  URNA_TRY(const ByteView magic, reader.fixed(kMagic.size()));
  URNA_TRY(const std::uint32_t version, reader.u32());
  if (as_text(magic) != kMagic || version != kVersion) {
    return bad("this is not a decision document of version 1");
  }
  URNA_TRY(const Hash32 election_hash, reader.array<32>());
  URNA_TRY(std::string station, reader.text(64));
  URNA_TRY(const Hash32 package, reader.array<32>());
  URNA_TRY(const std::uint32_t count, reader.u32());
  std::vector<Hash32> excluded;
  for (std::uint32_t i = 0; i < count; ++i) {
    URNA_TRY(const Hash32 code, reader.array<32>());
    excluded.push_back(code);
  }
  URNA_TRY(std::string reason, reader.text(kLongestReason));
  URNA_TRY(const ByteView key_bytes, reader.fixed(32));
  URNA_TRY(const crypto::PublicKey official, crypto::PublicKey::decode(key_bytes));
  URNA_TRY(const crypto::Signature signature, reader.array<64>());
  URNA_CHECK(reader.finish());
  if (excluded.empty() ||
      std::ranges::adjacent_find(excluded, std::ranges::greater_equal{}) !=
          excluded.end()) {
    return bad("the excluded ballots are missing or out of order");
  }
  const Decision decision{
      election_hash,     std::move(station), package,  std::move(excluded),
      std::move(reason), official,           signature};
  if (!crypto::verifies(official, kUse, unsigned_part(decision), signature)) {
    return bad("the signature of the decision does not verify");
  }
  return decision;
}

std::vector<crypto::PublicKey> decision_keys(const election::Definition& definition) {
  std::vector<crypto::PublicKey> keys;
  for (const election::Official& official : definition.model().officials) {
    if (official.station || !official.signing_key) continue;
    if (const auto key = crypto::PublicKey::decode(*official.signing_key)) {
      keys.push_back(*key);
    }
  }
  return keys;
}

}  // namespace urna::trustees
