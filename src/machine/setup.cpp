#include "machine/setup.hpp"

#include "base/binary.hpp"
#include "election/sealed.hpp"
#include "machine/errors.hpp"
#include "sheet/fields.hpp"
#include "trustees/election_key.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace urna::machine {
namespace {

constexpr std::string_view kMagic = "urna-machine-package-2";
constexpr std::string_view kUse = "machine-package";
constexpr std::size_t kMaxFile = std::size_t{64} << 20;
constexpr std::uint32_t kMaxTokens = 20'000;
constexpr std::uint32_t kMaxOfficials = 100;
constexpr std::uint32_t kMaxClips = 20'000;
constexpr std::size_t kMaxClip = std::size_t{4} << 20;

std::unexpected<Error> refused(std::string why) {
  return fail(errors::bad_package, std::move(why),
              "ask the electoral authority for the package of this machine");
}

Result<std::vector<Token>> read_tokens(base::Reader& r) {
  URNA_TRY(const std::uint32_t count, r.u32());
  if (count > kMaxTokens) return refused("too many tokens for one station");
  std::vector<Token> tokens;
  for (std::uint32_t i = 0; i < count; ++i) {
    Token token;
    URNA_TRY(token.hash, r.array<32>());
    URNA_TRY(token.style, r.u32());
    tokens.push_back(token);
  }
  return tokens;
}

Result<std::vector<SetupOfficial>> read_officials(base::Reader& r) {
  URNA_TRY(const std::uint32_t count, r.u32());
  if (count < 2 || count > kMaxOfficials) return refused("a station needs officials");
  std::vector<SetupOfficial> officials;
  for (std::uint32_t i = 0; i < count; ++i) {
    URNA_TRY(std::string role, r.text(16));
    URNA_TRY(std::string name, r.text(sheet::kMaxLabel));
    URNA_TRY(const auto bytes, r.array<32>());
    URNA_TRY(const auto key, crypto::PublicKey::decode(bytes));
    if (!election::is_code(role) || !sheet::is_label(name)) {
      return refused("an official's role or name is no code");
    }
    for (const SetupOfficial& other : officials) {
      if (other.key == key) return refused("two officials with one key");
    }
    officials.push_back({std::move(role), std::move(name), key});
  }
  return officials;
}

Result<std::vector<Clip>> read_voice(base::Reader& r) {
  URNA_TRY(const std::uint32_t count, r.u32());
  if (count > kMaxClips) return refused("too many pieces of sound");
  std::vector<Clip> voice;
  for (std::uint32_t i = 0; i < count; ++i) {
    Clip clip;
    URNA_TRY(clip.language, r.text(35));
    URNA_TRY(clip.text, r.text(64 * 1024));
    URNA_TRY(const ByteView wav, r.var_bytes(kMaxClip));
    clip.wav = to_bytes(wav);
    const auto key = [](const Clip& c) { return std::tie(c.language, c.text); };
    if (!voice.empty() && key(voice.back()) >= key(clip)) {
      return refused("the pieces of sound are not in order");
    }
    voice.push_back(std::move(clip));
  }
  return voice;
}

Result<SetupContent> read_content(base::Reader& r) {
  SetupContent c;
  URNA_TRY(c.issue, r.u32());
  URNA_TRY(const std::uint32_t files, r.u32());
  for (std::uint32_t i = 0; i < files; ++i) {
    URNA_TRY(std::string name, r.text(255));
    URNA_TRY(std::string bytes, r.text(kMaxFile));
    c.definition.files.emplace_back(std::move(name), std::move(bytes));
  }
  URNA_TRY(c.station, r.text(16));
  URNA_TRY(c.segment, r.u32());
  URNA_TRY(c.registered, r.u32());
  URNA_TRY(c.election_hash, r.array<32>());
  URNA_TRY(c.joint_key, r.array<32>());
  URNA_TRY(const ByteView record, r.var_bytes(kMaxFile));
  c.key_record = to_bytes(record);
  URNA_TRY(c.closing_key, r.array<32>());
  URNA_TRY(c.tokens, read_tokens(r));
  URNA_TRY(c.officials, read_officials(r));
  URNA_TRY(c.voice, read_voice(r));
  return c;
}

// K and He are the key ceremony's, unless this is a demonstration.
Result<void> check_key(const SetupContent& c, const election::Definition& definition) {
  if (c.key_record.empty()) {
    if (definition.model().mode == election::Mode::demo) return {};
    return refused("the package has no record of the key ceremony");
  }
  URNA_TRY(const auto record,
           trustees::ElectionKey::decode_for(definition, c.key_record));
  if (record.election_hash() != c.election_hash ||
      !equal(record.key().bytes(), c.joint_key)) {
    return refused("the key is not the one of the key ceremony");
  }
  return {};
}

Result<void> check_before(const SetupContent& c, const Hash32& definition,
                          const SetupBefore& before) {
  if (definition != before.definition) return refused("this is another election");
  if (c.station != before.station) {
    return refused(fmt::format("this machine is of station {}, the package of {}",
                               before.station, c.station));
  }
  if (c.issue <= before.issue) {
    return fail(errors::old_package,
                fmt::format("the machine has package {}, this is package {}",
                            before.issue, c.issue),
                "use the newest package");
  }
  return {};
}

}  // namespace

Bytes make_setup(const SetupContent& c, const crypto::SigningKey& authority) {
  base::Writer w;
  w.text(kMagic);
  w.u32(c.issue);
  w.u32(static_cast<std::uint32_t>(c.definition.files.size()));
  for (const auto& [name, bytes] : c.definition.files) {
    w.text(name);
    w.text(bytes);
  }
  w.text(c.station);
  w.u32(c.segment);
  w.u32(c.registered);
  w.fixed(c.election_hash);
  w.fixed(c.joint_key);
  w.var_bytes(c.key_record);
  w.fixed(c.closing_key);
  w.u32(static_cast<std::uint32_t>(c.tokens.size()));
  for (const Token& token : c.tokens) {
    w.fixed(token.hash);
    w.u32(token.style);
  }
  w.u32(static_cast<std::uint32_t>(c.officials.size()));
  for (const SetupOfficial& official : c.officials) {
    w.text(official.role);
    w.text(official.name);
    w.fixed(official.key.bytes());
  }
  w.u32(static_cast<std::uint32_t>(c.voice.size()));
  for (const Clip& clip : c.voice) {
    w.text(clip.language);
    w.text(clip.text);
    w.var_bytes(clip.wav);
  }
  const auto signature = authority.sign(kUse, w.view());
  w.fixed(signature);
  return std::move(w).take();
}

Result<Setup> read_setup(ByteView file, const crypto::PublicKey& anchor,
                         const std::optional<SetupBefore>& before) {
  base::Reader r(file);
  URNA_TRY(const std::string magic, r.text(64));
  if (magic != kMagic) return refused("this is not a machine package");
  URNA_TRY(SetupContent c, read_content(r));
  const ByteView signed_part = file.first(r.offset());
  URNA_TRY(const auto signature, r.array<64>());
  URNA_CHECK(r.finish());
  URNA_CHECK(crypto::check_signature(anchor, kUse, signed_part, signature,
                                     "the machine package"));
  base::Report report;
  const auto definition = election::parse_definition(c.definition, report);
  if (definition) election::check_sealed_voting(*definition, report);
  if (!definition || !report.ok()) return std::unexpected(report.first_problem());
  const auto& authorities = definition->model().device_authorities;
  if (std::ranges::find(authorities, anchor.bytes()) == authorities.end()) {
    return refused("the definition does not name the authority that signed");
  }
  const auto index = definition->find_station(c.station);
  if (!index) return refused("the definition has no such station");
  if (before) URNA_CHECK(check_before(c, definition->hash(), *before));
  URNA_CHECK(check_key(c, *definition));
  URNA_TRY(auto station,
           ballot::station_of(*definition, *index, c.election_hash, {c.segment}));
  for (const Token& token : c.tokens) {
    if (station.style(token.style) == nullptr) return refused("a token of no style");
  }
  URNA_TRY(const auto key, ballot::JointKey::decode(c.joint_key));
  URNA_TRY(const auto closing, crypto::BoxPublicKey::decode(c.closing_key));
  URNA_TRY(auto tokens, TokenPool::make(std::move(c.tokens)));
  return Setup{c.issue,
               c.segment,
               c.registered,
               *definition,
               *index,
               std::move(station),
               key,
               closing,
               std::move(tokens),
               std::move(c.officials),
               std::move(c.voice)};
}

}  // namespace urna::machine
