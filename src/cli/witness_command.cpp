#include "base/clock.hpp"
#include "base/file.hpp"
#include "cli/commands.hpp"
#include "cli/key_input.hpp"
#include "cli/passphrase.hpp"
#include "cli/serve_options.hpp"
#include "crypto/key_file.hpp"
#include "log/errors.hpp"
#include "log/policy.hpp"
#include "log/service.hpp"

#include <filesystem>

#include <CLI/App.hpp>
#include <fmt/format.h>

namespace urna::cli {
namespace {

// A key file of this kind holds the seed; its public part is the verifier key's text.
constexpr std::string_view kWitnessKeyKind = "witness";

struct Options {
  std::string file;
  std::string name;
  std::string passphrase_file;
  std::string state;
  std::string policy;
  std::vector<std::string> logs;
  ServeOptions serve;
};

Result<log::VerifierKey> public_key(ByteView key_file, const std::string& path) {
  const auto header = crypto::read_key_file_header(key_file);
  if (!header) return std::unexpected(Error(header.error()).at(path));
  return log::VerifierKey::parse(as_text(header->public_part));
}

Result<void> make_key(const Options& options) {
  base::RealFiles files;
  base::SystemRandom random;
  URNA_CHECK(require_no_file(files, options.file));
  crypto::SecretArray<32> seed;
  URNA_CHECK(random.fill(seed.writable()));
  URNA_TRY(const auto signer,
           log::NoteSigner::make(options.name, log::KeyType::cosignature,
                                 crypto::SigningKey::from_seed(seed.expose())));
  URNA_TRY(const auto passphrase, get_passphrase(options.passphrase_file));
  const std::string text = signer.verifier().text();
  URNA_TRY(const Bytes file,
           crypto::seal_key_file(random, kWitnessKeyKind, as_bytes(text), seed.expose(),
                                 passphrase.expose()));
  URNA_CHECK(base::write_durable(files, options.file, file));
  fmt::print("{}\n", text);
  return {};
}

Result<void> show_key(const Options& options) {
  base::RealFiles files;
  URNA_TRY(const Bytes bytes, base::read_file(files, options.file, 1 << 20));
  URNA_TRY(const auto key, public_key(bytes, options.file));
  fmt::print("{}\n", key.text());
  return {};
}

Result<log::NoteSigner> load_signer(base::FileSystem& files, const Options& options) {
  URNA_TRY(const Bytes bytes, base::read_file(files, options.file, 1 << 20));
  URNA_TRY(const auto key, public_key(bytes, options.file));
  URNA_TRY(const auto passphrase, get_passphrase(options.passphrase_file));
  auto seed = crypto::open_key_file(bytes, kWitnessKeyKind, passphrase.expose());
  if (!seed) return std::unexpected(std::move(seed).error().at(options.file));
  if (seed->size() != 32) {
    return fail(log::errors::bad_verifier_key,
                fmt::format("{} does not hold a witness key", options.file));
  }
  return log::NoteSigner::make(
      key.name(), log::KeyType::cosignature,
      crypto::SigningKey::from_seed(seed->expose().first<32>()));
}

Result<std::vector<log::VerifierKey>> known_logs(base::FileSystem& files,
                                                 const Options& options) {
  std::vector<log::VerifierKey> out;
  for (const std::string& text : options.logs) {
    URNA_TRY(log::VerifierKey key, log::VerifierKey::parse(text));
    out.push_back(std::move(key));
  }
  if (!options.policy.empty()) {
    URNA_TRY(const auto policy, log::read_policy(files, options.policy));
    for (const log::Policy::Log& log : policy.logs()) out.push_back(log.key);
  }
  if (out.empty()) {
    return fail(log::errors::bad_policy,
                "no log is named that this witness should know",
                "give --log KEY or --policy FILE");
  }
  return out;
}

Result<void> serve(const Options& options) {
  base::RealFiles files;
  base::SystemClock clock;
  URNA_TRY(const auto logs, known_logs(files, options));
  URNA_TRY(log::NoteSigner signer, load_signer(files, options));
  URNA_CHECK(base::make_folder_durable(files, options.state));
  URNA_TRY(const auto witness,
           log::Witness::open(files,
                              {base::join_path(options.state, "signed.sqlite"),
                               base::join_path(options.state, "evidence")},
                              clock, logs, std::move(signer)));
  http::Router router;
  log::add_witness_routes(router, *witness);
  fmt::print("witness {}\n", witness->key().text());
  for (const auto& log : logs) fmt::print("signs for {}\n", log.name());
  return serve_until_stopped(std::move(router), options.serve);
}

}  // namespace

void add_witness_command(CLI::App& app, Outcome& outcome) {
  auto* witness = app.add_subcommand(
      "witness", "Watch a record's log and sign what continues its past");
  witness->require_subcommand(1);
  auto options = std::make_shared<Options>();
  const auto run = [options, &outcome](Result<void> (*what)(const Options&)) {
    return [options, &outcome, what] {
      if (const auto done = what(*options); !done) report_error(outcome, done.error());
    };
  };
  const auto passphrase = [&](CLI::App* command) {
    command->add_option("--passphrase-file", options->passphrase_file,
                        "Read the passphrase from here instead of the terminal");
  };

  auto* make = witness->add_subcommand(
      "new", "Make a witness's key and print the line for policy files");
  make->add_option("file", options->file, "Where to write the key")->required();
  make->add_option("--name", options->name,
                   "Who this is, such as witness.university.example")
      ->required();
  passphrase(make);
  make->callback(run(make_key));

  auto* show = witness->add_subcommand(
      "show", "Print the public key of a key file; no passphrase needed");
  show->add_option("file", options->file, "The key file")->required();
  show->callback(run(show_key));

  auto* start = witness->add_subcommand(
      "serve",
      "Answer POST /add-checkpoint until Ctrl-C; docs/witness.md is the guide");
  start->add_option("--key", options->file, "From urna witness new")->required();
  start
      ->add_option("--state", options->state,
                   "Folder for what was signed: never delete it, never run two copies")
      ->required();
  start->add_option("--log", options->logs, "The key of a log to sign for; repeat");
  start->add_option("--policy", options->policy, "Or: all logs of this policy file");
  passphrase(start);
  add_serve_options(*start, options->serve);
  start->callback(run(serve));
}

}  // namespace urna::cli
