#include "sheet/lost_machine.hpp"

#include "base/binary.hpp"
#include "sheet/errors.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::sheet {
namespace {

constexpr std::string_view kUse = "machine-lost";
constexpr std::size_t kSigners = 2;

std::unexpected<Error> refused(std::string why) {
  return fail(
      errors::bad_lost_machine, std::move(why),
      "two officials of the station declare a machine lost, at the machine that "
      "goes on");
}

Result<LostMachine> read_fields(ByteView file) {
  base::Reader r(file);
  LostMachine out;
  URNA_TRY(const std::string magic, r.text(64));
  if (magic != kLostMachineMagic) return refused("the magic is missing");
  URNA_TRY(out.definition, r.array<32>());
  URNA_TRY(out.station, r.text(16));
  URNA_TRY(out.segment, r.u32());
  if (!election::is_code(out.station) || out.segment < 1 || out.segment > 98) {
    return refused("it names no station or no segment");
  }
  const ByteView signed_part = file.first(r.offset());
  for (std::size_t i = 0; i < kSigners; ++i) {
    URNA_TRY(std::string role, r.text(16));
    if (!election::is_code(role)) return refused("a role is no code");
    URNA_TRY(const auto bytes, r.array<32>());
    URNA_TRY(const auto key, crypto::PublicKey::decode(bytes));
    URNA_TRY(const auto signature, r.array<64>());
    if (!crypto::verifies(key, kUse, signed_part, signature)) {
      return fail(errors::bad_signature,
                  fmt::format("the signature of {} does not verify", role),
                  "get the declaration again", out.station);
    }
    out.signers.push_back({std::move(role), key});
  }
  URNA_CHECK(r.finish());
  return out;
}

}  // namespace

Bytes declare_lost(const Hash32& definition, std::string_view station,
                   std::uint32_t segment, std::span<const Declarant> declarants) {
  base::Writer w;
  w.text(kLostMachineMagic);
  w.fixed(definition);
  w.text(station);
  w.u32(segment);
  const Bytes signed_part(w.view().begin(), w.view().end());
  for (const Declarant& one : declarants) {
    w.text(one.role);
    w.fixed(one.key->public_key().bytes());
    w.fixed(one.key->sign(kUse, signed_part));
  }
  return std::move(w).take();
}

Result<LostMachine> read_lost_machine(ByteView file) {
  auto out = read_fields(file);
  if (out || out.error().kind == errors::bad_signature) return out;
  return refused(std::move(out).error().message);
}

Result<void> check_lost_machine(const LostMachine& lost, const Hash32& definition,
                                std::string_view station, std::uint32_t segment,
                                std::span<const TrustedOfficial> trusted) {
  if (lost.definition != definition || lost.station != station) {
    return refused(fmt::format("it is about station {}{}", lost.station,
                               lost.station == station ? " in another election" : ""));
  }
  if (lost.segment != segment) {
    return refused(
        fmt::format("it is about machine {}, not {}", lost.segment, segment));
  }
  for (const LostMachine::Signer& signer : lost.signers) {
    const bool known = std::ranges::any_of(trusted, [&](const TrustedOfficial& t) {
      return t.key == signer.key && (t.station.empty() || t.station == station) &&
             (t.role.empty() || t.role == signer.role);
    });
    if (!known) {
      return fail(errors::wrong_certificate,
                  fmt::format("the election knows no {} with this key at station {}",
                              signer.role, station),
                  {}, std::string(station));
    }
  }
  if (lost.signers[0].key == lost.signers[1].key) {
    return fail(errors::same_signer,
                fmt::format("the key of {} signs twice", lost.signers[0].role), {},
                std::string(station));
  }
  return {};
}

}  // namespace urna::sheet
