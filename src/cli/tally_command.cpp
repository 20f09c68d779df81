#include "base/encoding.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "cli/commands.hpp"
#include "cli/passphrase.hpp"
#include "trustees/decryption_desk.hpp"
#include "trustees/package.hpp"

#include <memory>

#include <CLI/App.hpp>
#include <fmt/format.h>

namespace urna::cli {
namespace {

using trustees::ElectionKey;

struct Options {
  std::string election;
  std::string election_key;
  std::string package;
  std::string key;
  std::string share;
  std::string ledger;
  std::string passphrase_file;
  std::string checkpoint;
  std::string proof;
  std::uint64_t index = 0;
  std::string log_key;
  std::vector<std::string> witnesses;
  std::uint32_t quorum = 1;
  std::string decision;
  std::string reason;
  std::string out;
  std::vector<std::string> partials;
  unsigned threads = 0;
  bool json = false;
};

struct Inputs {
  election::Definition definition;
  ElectionKey key;
  trustees::CheckedPackage package;
};

Result<Inputs> read_inputs(base::FileSystem& files, const Options& options) {
  URNA_TRY(auto definition, election::load_definition(options.election));
  URNA_TRY(const Bytes key_bytes,
           base::read_file(files, options.election_key, 1 << 24));
  URNA_TRY(auto key, ElectionKey::decode_for(definition, key_bytes));
  URNA_TRY(const Bytes bytes, base::read_file(files, options.package));
  auto package = trustees::check_package(definition, key, bytes, options.threads);
  if (!package) return std::unexpected(std::move(package).error().at(options.package));
  for (const std::string& finding : package->findings) {
    fmt::print(stderr, "excluded: {}\n", finding);
  }
  return Inputs{std::move(definition), std::move(key), *std::move(package)};
}

// One base64 hash a line.
Result<std::vector<Hash32>> read_proof(base::FileSystem& files,
                                       const std::string& path) {
  std::vector<Hash32> proof;
  if (path.empty()) return proof;
  URNA_TRY(const std::string text, base::read_text(files, path, 1 << 16));
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    URNA_TRY(const Bytes bytes, base::from_base64(text.substr(at, end - at)));
    URNA_TRY(const Hash32 hash, base::to_array<32>(bytes));
    proof.push_back(hash);
    at = end + 1;
  }
  return proof;
}

Result<log::Policy> read_policy(const Options& options) {
  URNA_TRY(const auto log_key, log::VerifierKey::parse(options.log_key));
  std::vector<log::VerifierKey> witnesses;
  for (const std::string& text : options.witnesses) {
    URNA_TRY(const auto witness, log::VerifierKey::parse(text));
    witnesses.push_back(witness);
  }
  return log::Policy::witnessed(log_key, witnesses, options.quorum);
}

Result<void> decrypt(const Options& options) {
  base::RealFiles files;
  base::SystemRandom random;
  URNA_TRY(const Inputs inputs, read_inputs(files, options));
  URNA_TRY(const auto policy, read_policy(options));
  log::Receipt receipt;
  URNA_TRY(receipt.checkpoint, base::read_text(files, options.checkpoint, 1 << 17));
  receipt.index = options.index;
  URNA_TRY(receipt.proof, read_proof(files, options.proof));
  std::optional<trustees::Decision> decision;
  if (!options.decision.empty()) {
    URNA_TRY(const Bytes bytes, base::read_file(files, options.decision, 1 << 24));
    URNA_TRY(decision, trustees::Decision::decode(bytes));
  }
  URNA_TRY(const auto passphrase, get_passphrase(options.passphrase_file));
  crypto::Stretch stretch(passphrase.expose());
  const trustees::Vault vault{files, random, stretch};
  URNA_TRY(auto keys, trustees::TrusteeKeys::load(vault, options.key));
  URNA_TRY(auto share, trustees::KeyShare::load(vault, options.share));
  URNA_TRY(auto desk,
           trustees::DecryptionDesk::open(files, random, options.ledger, inputs.key,
                                          std::move(share), std::move(keys), policy,
                                          trustees::decision_keys(inputs.definition)));
  URNA_TRY(const auto partial,
           desk.decrypt(inputs.package.sums, receipt, decision ? &*decision : nullptr));
  URNA_CHECK(base::write_durable(files, options.out, partial.encode()));
  fmt::print("{}: station {} by {}\n", options.out, inputs.package.sums.station,
             inputs.key.terms().title(partial.share.trustee));
  return {};
}

void print_totals(const Inputs& inputs, const trustees::Combination& combination) {
  const auto& sums = inputs.package.sums;
  fmt::print("station {}\n", sums.station);
  for (std::size_t c = 0; c < sums.contests.size(); ++c) {
    const auto& contest = inputs.definition.contests()[sums.contests[c].contest];
    const auto& totals = combination.totals->contests[c].fields;
    fmt::print("  {} ({} ballots)\n", contest.code, sums.contests[c].ballots);
    for (std::size_t i = 0; i < contest.options.size(); ++i) {
      fmt::print("    {:<16} {:>8}\n", contest.options[i].code, totals[i]);
    }
    fmt::print("    {:<16} {:>8}\n", "blank", totals.back());
  }
}

base::Json totals_json(const Inputs& inputs, const trustees::Combination& combination) {
  const auto& sums = inputs.package.sums;
  base::Json contests = base::Json::array();
  for (std::size_t c = 0; c < sums.contests.size(); ++c) {
    const auto& contest = inputs.definition.contests()[sums.contests[c].contest];
    const auto& totals = combination.totals->contests[c].fields;
    base::Json votes = base::Json::object();
    for (std::size_t i = 0; i < contest.options.size(); ++i) {
      votes.set(contest.options[i].code, totals[i]);
    }
    base::Json item = base::Json::object();
    item.set("contest", contest.code);
    item.set("ballots", sums.contests[c].ballots);
    item.set("votes", std::move(votes));
    item.set("blank", totals.back());
    contests.push(std::move(item));
  }
  base::Json used = base::Json::array();
  for (const std::uint32_t l : combination.totals->used) used.push(l);
  base::Json out = base::Json::object();
  out.set("station", sums.station);
  out.set("package", base::to_hex(sums.package));
  out.set("excluded", sums.excluded.size());
  out.set("trustees", std::move(used));
  out.set("contests", std::move(contests));
  return out;
}

// The answer is "no" when there are no totals.
Result<bool> combine(const Options& options) {
  base::RealFiles files;
  URNA_TRY(const Inputs inputs, read_inputs(files, options));
  std::vector<trustees::NamedFile> found;
  for (const std::string& path : options.partials) {
    URNA_TRY(Bytes bytes, base::read_file(files, path, 1 << 26));
    found.push_back({path, std::move(bytes)});
  }
  const auto combination = trustees::combine_partials(
      inputs.key, trustees::totals_log(inputs.key), inputs.package.sums, found);
  for (const trustees::Fault& fault : combination.faults) {
    fmt::print(stderr, "left out U{}: {}\n", fault.kind.number, fault.text);
  }
  if (!combination.totals) {
    fmt::print(stderr, "{}\n", combination.error->text());
    return false;
  }
  if (options.json) {
    fmt::print("{}", totals_json(inputs, combination).dump());
  } else {
    print_totals(inputs, combination);
  }
  return true;
}

Result<void> decide(const Options& options) {
  base::RealFiles files;
  base::SystemRandom random;
  URNA_TRY(const Inputs inputs, read_inputs(files, options));
  const auto& sums = inputs.package.sums;
  if (sums.excluded.empty()) {
    fmt::print("every ballot of station {} is valid: no decision is needed\n",
               sums.station);
    return {};
  }
  URNA_TRY(const auto passphrase, get_passphrase(options.passphrase_file));
  crypto::Stretch stretch(passphrase.expose());
  const trustees::Vault vault{files, random, stretch};
  URNA_TRY(const auto seed, vault.read(options.key, "signing"));
  const auto key = crypto::SigningKey::from_seed(seed.expose().first<32>());
  const auto decision =
      trustees::Decision::sign(inputs.key.election_hash(), sums.station, sums.package,
                               sums.excluded, options.reason, key);
  URNA_CHECK(base::write_durable(files, options.out, decision.encode()));
  fmt::print("{}: excludes {} ballots of station {}\n", options.out,
             sums.excluded.size(), sums.station);
  return {};
}

void add_inputs(CLI::App& command, Options& options) {
  command.add_option("--election", options.election, "The definition")->required();
  command.add_option("--election-key", options.election_key, "From trustee combine")
      ->required();
  command.add_option("--package", options.package, "The station's ballot box file")
      ->required();
  command.add_option("--threads", options.threads, "0: as many as the machine has");
}

}  // namespace

void add_trustee_decrypt_command(CLI::App& trustee, Outcome& outcome) {
  auto options = std::make_shared<Options>();
  auto* command =
      trustee.add_subcommand("decrypt", "Decrypt one station's totals: your part");
  add_inputs(*command, *options);
  command->add_option("--key", options->key, "Your trustee key file")->required();
  command->add_option("--share", options->share, "Your share of the key")->required();
  command->add_option("--ledger", options->ledger, "Folder of what you decrypted")
      ->required();
  command->add_option("--passphrase-file", options->passphrase_file,
                      "Read the passphrase from here instead of the terminal");
  command->add_option("--checkpoint", options->checkpoint, "Witnessed checkpoint")
      ->required();
  command->add_option("--index", options->index, "Of the package in the log");
  command->add_option("--proof", options->proof, "Inclusion proof, base64 lines");
  command->add_option("--log-key", options->log_key, "The log's key")->required();
  command->add_option("--witness", options->witnesses, "A witness's key; repeat")
      ->required();
  command->add_option("--quorum", options->quorum, "Witnesses needed")
      ->check(CLI::PositiveNumber);
  command->add_option("--decision", options->decision, "Names the excluded ballots");
  command->add_option("--out", options->out, "Where to write it")->required();
  command->callback([options, &outcome] {
    if (const auto done = decrypt(*options); !done) {
      report_error(outcome, done.error());
    }
  });
}

void add_tally_command(CLI::App& app, Outcome& outcome) {
  auto* tally = app.add_subcommand("tally", "From partial decryptions to totals");
  tally->require_subcommand(1);
  auto options = std::make_shared<Options>();

  auto* join = tally->add_subcommand("combine", "Combine k partial decryptions");
  add_inputs(*join, *options);
  join->add_option("partials", options->partials, "Files of trustee decrypt")
      ->required();
  join->add_flag("--json", options->json, "Machine form");
  join->callback([options, &outcome] {
    const auto good = combine(*options);
    if (!good) return report_error(outcome, good.error());
    if (!*good) outcome.status = kNo;
  });

  auto* exclude = tally->add_subcommand("decide", "Sign the exclusion of bad ballots");
  add_inputs(*exclude, *options);
  exclude->add_option("--key", options->key, "A signing key of the authority")
      ->required();
  exclude->add_option("--passphrase-file", options->passphrase_file,
                      "Read the passphrase from here instead of the terminal");
  exclude->add_option("--reason", options->reason, "One sentence")->required();
  exclude->add_option("--out", options->out, "Where to write it")->required();
  exclude->callback([options, &outcome] {
    if (const auto done = decide(*options); !done) {
      report_error(outcome, done.error());
    }
  });
}

}  // namespace urna::cli
