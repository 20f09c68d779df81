#include "machine/takeover.hpp"

#include "base/binary.hpp"
#include "machine/errors.hpp"
#include "sheet/certificate.hpp"
#include "sheet/lost_machine.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::machine {
namespace {

constexpr std::string_view kUsedMagic = "urna-used-tokens-1";
constexpr std::string_view kUsedUse = "used-tokens";

std::unexpected<Error> refused(std::string why) {
  return fail(errors::handover, std::move(why),
              "bring the stick with the first machine's export, or declare it lost");
}

}  // namespace

Bytes make_used_tokens(const Hash32& definition, const std::string& station,
                       std::uint32_t segment, const std::vector<bool>& used,
                       const crypto::SigningKey& device) {
  base::Writer w;
  w.text(kUsedMagic);
  w.fixed(definition);
  w.text(station);
  w.u32(segment);
  w.u32(static_cast<std::uint32_t>(used.size()));
  Bytes bits((used.size() + 7) / 8, 0);
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (used[i]) bits[i / 8] = static_cast<std::uint8_t>(bits[i / 8] | 1u << i % 8);
  }
  w.fixed(bits);
  const auto signature = device.sign(kUsedUse, w.view());
  w.fixed(signature);
  return std::move(w).take();
}

Result<std::vector<bool>> read_used_tokens(ByteView file, const Hash32& definition,
                                           const std::string& station,
                                           std::uint32_t segment, std::size_t tokens,
                                           const crypto::PublicKey& device) {
  base::Reader r(file);
  URNA_TRY(const std::string magic, r.text(64));
  URNA_TRY(const Hash32 election, r.array<32>());
  URNA_TRY(const std::string code, r.text(16));
  URNA_TRY(const std::uint32_t of_segment, r.u32());
  URNA_TRY(const std::uint32_t count, r.u32());
  if (magic != kUsedMagic || election != definition || code != station ||
      of_segment != segment || count != tokens) {
    return refused("the list of used tokens is not of the machine before this one");
  }
  URNA_TRY(const ByteView bits, r.fixed((tokens + 7) / 8));
  const ByteView signed_part = file.first(r.offset());
  URNA_TRY(const auto signature, r.array<64>());
  URNA_CHECK(r.finish());
  URNA_CHECK(crypto::check_signature(device, kUsedUse, signed_part, signature,
                                     "the list of used tokens"));
  std::vector<bool> used(bits.size() * 8);
  for (std::size_t i = 0; i < used.size(); ++i)
    used[i] = (bits[i / 8] >> i % 8 & 1) != 0;
  if (std::find(used.begin() + static_cast<std::ptrdiff_t>(tokens), used.end(), true) !=
      used.end()) {
    return refused("the list of used tokens has bits of no token");
  }
  used.resize(tokens);
  return used;
}

Result<Predecessor> read_predecessor(const Setup& setup, ByteView bytes,
                                     ByteView used_tokens) {
  URNA_TRY(auto package, ballot::parse_package(bytes));
  if (package.sheets.empty())
    return refused("the package of the first machine has no sheet");
  URNA_TRY(auto sheet, sheet::parse_signed_sheet(package.sheets.back()));
  URNA_TRY(const auto authorities,
           sheet::authority_keys(setup.definition.model().device_authorities));
  URNA_CHECK(sheet::check_signature(sheet, authorities));
  const auto& fields = sheet.sheet.fields();
  if (fields.election != setup.definition.hash() || fields.mode != setup.mode() ||
      fields.station != setup.station.code()) {
    return refused("the sheet on this stick is of another station");
  }
  if (fields.segment + 1 != setup.segment) {
    return refused(fmt::format("this is machine {} of the station, the sheet is of {}",
                               setup.segment, fields.segment));
  }
  if (package.box.station.election_hash() != setup.station.election_hash() ||
      package.box.key.element().bytes() != setup.key.element().bytes()) {
    return refused("the ballots on this stick are of another election");
  }
  const crypto::PublicKey& device = sheet.certificate->key();
  if (!ballot::package_signed_by(bytes, device)) {
    return refused("the package on this stick was changed");
  }
  URNA_TRY(auto used,
           read_used_tokens(used_tokens, setup.definition.hash(), setup.station.code(),
                            fields.segment, setup.tokens.tokens().size(), device));
  return Predecessor{std::move(package), std::move(sheet), std::move(used)};
}

Bytes make_declaration(const Setup& setup, const std::vector<Present>& officials) {
  std::vector<sheet::Declarant> declarants;
  for (const Present& official : officials) {
    declarants.push_back({official.who->role, &official.key});
  }
  return sheet::declare_lost(setup.definition.hash(), setup.station.code(),
                             setup.segment - 1, declarants);
}

Result<void> check_declaration(const Setup& setup, ByteView file) {
  std::vector<sheet::TrustedOfficial> trusted;
  for (const SetupOfficial& official : setup.officials) {
    trusted.push_back({setup.station.code(), official.role, official.key});
  }
  const auto lost = sheet::read_lost_machine(file);
  if (!lost) return refused(lost.error().message);
  const auto good = sheet::check_lost_machine(
      *lost, setup.definition.hash(), setup.station.code(), setup.segment - 1, trusted);
  if (!good) return refused(good.error().message);
  return {};
}

}  // namespace urna::machine
