// `urna roll device | official | package`: keys, and what a check-in device is given.
#include "base/csv.hpp"
#include "base/encoding.hpp"
#include "checkin/errors.hpp"
#include "checkin/officials.hpp"
#include "checkin/packing.hpp"
#include "cli/key_input.hpp"
#include "cli/passphrase.hpp"
#include "cli/roll_command.hpp"

#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <fmt/format.h>

namespace urna::cli {
namespace {

struct Options {
  std::string input, output, passphrase_file;
  std::string definition, station, officials, key;
  std::vector<std::string> devices;
  std::uint32_t tokens = 0;
};

void finish(const Result<void>& result, Outcome& outcome) {
  if (!result) report_error(outcome, result.error());
}

Result<void> device(const Options& o) {
  base::RealFiles files;
  base::SystemRandom random;
  URNA_TRY(const auto passphrase, get_new_passphrase(o.passphrase_file));
  URNA_TRY(const auto made,
           checkin::make_device(files, random, o.output, passphrase.expose(),
                                crypto::KeyFileCost::standard()));
  const std::string path = base::join_path(o.output, "device.pub");
  URNA_CHECK(base::write_durable(files, path, as_bytes(made.text())));
  fmt::print("The authority needs '{}'.\nKey to certify with role CHECKIN: {}\n", path,
             base::to_hex(made.signing.bytes()));
  return {};
}

Result<void> official(const Options& o) {
  base::RealFiles files;
  base::SystemRandom random;
  URNA_TRY(const auto pin, get_passphrase(o.passphrase_file));
  URNA_TRY(const auto key, crypto::SigningKey::generate(random));
  URNA_TRY(const Bytes file,
           checkin::make_official_file(random, key, as_text(pin.expose()),
                                       crypto::KeyFileCost::standard()));
  URNA_CHECK(base::make_folder_durable(files, o.output));
  const std::string path = base::join_path(o.output, "check-in.key");
  URNA_CHECK(require_no_file(files, path));
  URNA_CHECK(base::write_durable(files, path, file));
  fmt::print("{}\n", base::to_hex(key.public_key().bytes()));
  return {};
}

// role,name,key: one official a row.
Result<std::vector<checkin::Official>> read_officials(base::FileSystem& files,
                                                      const std::string& path) {
  URNA_TRY(std::string text, base::read_text(files, path, 1 << 20));
  base::Report report;
  const auto table = base::parse_csv(std::move(text), path, report);
  if (!report.ok()) return std::unexpected(report.first_problem());
  if (table.header() != std::vector<std::string_view>{"role", "name", "key"}) {
    return fail(checkin::errors::bad_package,
                fmt::format("'{}' does not have the columns role,name,key", path));
  }
  std::vector<checkin::Official> out;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    auto key = parse_public_key(files, std::string(table.cell(row, 2)));
    if (!key)
      return std::unexpected(std::move(key).error().at(table.place(row).text()));
    out.push_back(
        {std::string(table.cell(row, 0)), std::string(table.cell(row, 1)), *key});
  }
  return out;
}

Result<std::vector<checkin::Roll>> read_rolls(base::FileSystem& files,
                                              const std::string& folder) {
  URNA_TRY(const auto names, files.list(folder));
  std::vector<checkin::Roll> out;
  for (const std::string& name : names) {
    if (!name.ends_with(".roll")) continue;
    const std::string path = base::join_path(folder, name);
    URNA_TRY(const Bytes bytes, base::read_file(files, path));
    auto roll = checkin::decode_roll(bytes);
    if (!roll) return std::unexpected(std::move(roll).error().at(path));
    out.push_back(*std::move(roll));
  }
  return out;
}

Result<void> package(const Options& o) {
  base::RealFiles files;
  base::SystemRandom random;
  base::Report report;
  checkin::PackRequest request;
  auto definition = election::read_definition_files(files, o.definition, report);
  if (!definition) return std::unexpected(report.first_problem());
  request.definition = *std::move(definition);
  request.station = o.station;
  request.tokens = o.tokens;
  URNA_TRY(request.rolls, read_rolls(files, o.input));
  URNA_TRY(request.officials, read_officials(files, o.officials));
  for (const std::string& path : o.devices) {
    URNA_TRY(const std::string text, base::read_text(files, path, 4096));
    auto device = checkin::DevicePublic::parse(text);
    if (!device) return std::unexpected(std::move(device).error().at(path));
    request.devices.push_back(*device);
  }
  URNA_TRY(const auto authority, load_signing_key(files, o.key, o.passphrase_file));
  URNA_TRY(const auto packed, checkin::pack_station(random, request, authority));
  URNA_CHECK(base::make_folder_durable(files, o.output));
  for (std::size_t i = 0; i < packed.packages.size(); ++i) {
    const std::string path = base::join_path(
        o.output, fmt::format("{}-check-in-{}.package", o.station, i + 1));
    URNA_CHECK(base::write_durable(files, path, packed.packages[i]));
    fmt::print("{}\n", path);
  }
  const std::string pool = base::join_path(o.output, o.station + ".token-pool");
  URNA_CHECK(base::write_durable(files, pool, packed.token_pool));
  fmt::print("{}\n", pool);
  return {};
}

}  // namespace

void add_roll_packing(CLI::App& roll, Outcome& outcome) {
  const auto d = std::make_shared<Options>();
  CLI::App* device_command =
      roll.add_subcommand("device", "Make the keys of a check-in device");
  device_command->add_option("-o,--output", d->output, "the device's new folder")
      ->required();
  device_command->add_option("--passphrase-file", d->passphrase_file,
                             "the passphrase that opens the device (default: ask)");
  device_command->callback([d, &outcome] { finish(device(*d), outcome); });

  const auto f = std::make_shared<Options>();
  CLI::App* official_command = roll.add_subcommand(
      "official", "Make an official's key for check-in; prints the public key");
  official_command->add_option("-o,--output", f->output, "the official's stick")
      ->required();
  official_command->add_option("--pin-file", f->passphrase_file,
                               "the PIN, 8 characters or more (default: ask)");
  official_command->callback([f, &outcome] { finish(official(*f), outcome); });

  const auto p = std::make_shared<Options>();
  CLI::App* package_command = roll.add_subcommand(
      "package",
      "Pack one station's roll, prints and tokens for its check-in devices\n\n"
      "Signed by the authority, sealed to each device; the hashes of all tokens go to\n"
      "STATION.token-pool, for the voting machine's package.");
  package_command->add_option("ROLLS", p->input, "what 'urna roll import' wrote")
      ->required();
  package_command->add_option("--definition", p->definition, "the election's folder")
      ->required();
  package_command->add_option("--station", p->station, "code of the station")
      ->required();
  package_command
      ->add_option("--device", p->devices, "device.pub of each device of the station")
      ->required();
  package_command
      ->add_option("--officials", p->officials, "CSV: role,name,key; at least two")
      ->required();
  package_command->add_option("--tokens", p->tokens, "tokens for each device")
      ->required()
      ->check(CLI::Range(1, 100'000));
  package_command->add_option("--key", p->key, "key file of the authority")->required();
  package_command->add_option("--passphrase-file", p->passphrase_file,
                              "first line: the key's passphrase (default: ask)");
  package_command->add_option("-o,--output", p->output, "folder for the packages")
      ->required();
  package_command->callback([p, &outcome] { finish(package(*p), outcome); });
}

}  // namespace urna::cli
