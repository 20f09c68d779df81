#include "machine/program/package_command.hpp"

#include "base/encoding.hpp"
#include "base/errors.hpp"
#include "crypto/key_file.hpp"
#include "machine/station_kit.hpp"

#include <fmt/format.h>

namespace urna::machine {
namespace {

constexpr std::size_t kMaxFile = std::size_t{64} << 20;

Result<crypto::SigningKey> authority_key(base::FileSystem& files,
                                         const PackageOptions& options) {
  URNA_TRY(const Bytes file, base::read_file(files, options.key, 64 * 1024));
  URNA_TRY(Bytes passphrase, base::read_file(files, options.passphrase_file, 4096));
  while (!passphrase.empty() && passphrase.back() == '\n') passphrase.pop_back();
  auto key = crypto::open_signing_key(file, options.key, passphrase);
  crypto::wipe(passphrase);
  return key;
}

Result<void> write_kit(base::FileSystem& files, const PackageOptions& options,
                       const StationKit& kit) {
  const auto write = [&](const std::string& name, ByteView content) {
    return base::write_durable(files, base::join_path(options.out, name), content);
  };
  URNA_CHECK(base::make_folder_durable(files, options.out));
  URNA_CHECK(write(options.station + ".machine", kit.package));
  std::string tokens;
  for (const std::string& token : kit.tokens) tokens += token_text(token) + "\n";
  if (!tokens.empty()) {
    URNA_CHECK(write(options.station + ".tokens", as_bytes(tokens)));
  }
  for (const KitOfficial& official : kit.officials) {
    const std::string stick = base::join_path(options.out, official.role);
    URNA_CHECK(base::make_folder_durable(files, stick));
    URNA_CHECK(base::write_durable(files, base::join_path(stick, "official.key"),
                                   official.key_file));
    URNA_CHECK(write(official.role + ".pin", as_bytes(official.pin + "\n")));
    URNA_CHECK(write(official.role + "-" + options.station + ".certificate",
                     as_bytes(official.certificate + "\n")));
  }
  return {};
}

}  // namespace

Result<PageWords> read_page_words(base::FileSystem& files, const std::string& web) {
  const std::string path = base::join_path(web, "speech.json");
  URNA_TRY(const std::string text, base::read_text(files, path, 4u << 20));
  return parse_page_words(text, path);
}

Result<void> make_package(const PackageOptions& options) {
  base::RealFiles files;
  base::SystemRandom random;
  if (files.kind(options.out) != base::FileKind::missing) {
    return fail(base::errors::file_access,
                fmt::format("'{}' is there already", options.out),
                "tokens and keys are never overwritten: name another folder");
  }
  KitPlan plan;
  base::Report report;
  auto definition = election::read_definition_files(files, options.definition, report);
  if (!definition) return std::unexpected(report.first_problem());
  plan.definition = std::move(*definition);
  plan.station = options.station;
  plan.issue = options.issue;
  plan.segment = options.segment;
  plan.tokens = options.tokens;
  plan.roles = options.roles;
  if (!options.election_key.empty()) {
    URNA_TRY(plan.key_record, base::read_file(files, options.election_key, kMaxFile));
  }
  if (!options.token_pool.empty()) {
    URNA_TRY(plan.token_pool, base::read_file(files, options.token_pool, kMaxFile));
  }
  if (!options.tokens_of.empty()) {
    URNA_TRY(plan.first_package, base::read_file(files, options.tokens_of, kMaxFile));
  }
  if (options.sound) {
    URNA_TRY(const PageWords words, read_page_words(files, options.web));
    URNA_TRY(plan.voice, render_kit_voice(plan, words, speak_by_espeak));
  }
  URNA_TRY(const auto authority, authority_key(files, options));
  URNA_TRY(const StationKit kit, make_station_kit(random, plan, authority));
  URNA_CHECK(write_kit(files, options, kit));
  fmt::print("package   {}/{}.machine, for the machine\n", options.out,
             options.station);
  if (!kit.tokens.empty()) {
    fmt::print("tokens    {}/{}.tokens ({}), for check-in alone\n", options.out,
               options.station, kit.tokens.size());
  }
  for (const KitOfficial& official : kit.officials) {
    fmt::print(
        "official  {0}/{1}: the stick; {0}/{1}.pin: in a closed envelope;\n"
        "          {0}/{1}-{2}.certificate: for the record\n",
        options.out, official.role, options.station);
  }
  fmt::print("anchor    {}\n", base::to_hex(authority.public_key().bytes()));
  fmt::print("Hand each file to whom it belongs and keep no copy.\n");
  return {};
}

}  // namespace urna::machine
