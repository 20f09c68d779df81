#include "base/encoding.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "cli/commands.hpp"
#include "cli/key_input.hpp"
#include "cli/passphrase.hpp"
#include "trustees/private_files.hpp"

#include <CLI/App.hpp>
#include <fmt/format.h>

namespace urna::cli {
namespace {

struct Options {
  std::string file;
  std::string kind = "signing";
  std::string passphrase_file;
};

void print_public(ByteView public_part) {
  fmt::print("signing key  {}\n", base::to_hex(public_part.first(32)));
  if (public_part.size() == 64) {
    fmt::print("box key      {}\n", base::to_hex(public_part.subspan(32)));
  }
}

// What the definition says about a trustee, ready to be pasted into it.
void print_member(ByteView public_part) {
  base::Json member = base::Json::object();
  member.set("name", "YOUR NAME");
  member.set("signing_key", base::to_hex(public_part.first(32)));
  member.set("box_key", base::to_hex(public_part.subspan(32)));
  fmt::print("for the members of the trustees in election.json:\n{}", member.dump());
}

Result<void> make_key(const Options& options) {
  base::RealFiles files;
  base::SystemRandom random;
  URNA_CHECK(require_no_file(files, options.file));
  URNA_TRY(const auto passphrase, get_new_passphrase(options.passphrase_file));
  crypto::Stretch stretch(passphrase.expose());
  const trustees::Vault vault{files, random, stretch};
  URNA_TRY(const auto keys, trustees::TrusteeKeys::generate(random));
  Bytes public_part = to_bytes(keys.signing.public_key().bytes());
  if (options.kind == "trustee") {
    URNA_CHECK(keys.save(vault, options.file));
    append(public_part, keys.box.public_key().bytes());
  } else {
    URNA_CHECK(
        vault.write(options.file, "signing", public_part, keys.signing.expose_seed()));
  }
  fmt::print("{}\n", options.file);
  print_public(public_part);
  if (options.kind == "trustee") print_member(public_part);
  return {};
}

Result<void> show_key(const Options& options) {
  base::RealFiles files;
  URNA_TRY(const Bytes bytes, base::read_file(files, options.file, 1 << 20));
  auto header = crypto::read_key_file_header(bytes);
  if (!header) return std::unexpected(std::move(header).error().at(options.file));
  fmt::print("kind         {}\n", header->kind);
  if (header->public_part.size() == 32 || header->public_part.size() == 64) {
    print_public(header->public_part);
  }
  return {};
}

}  // namespace

void add_key_command(CLI::App& app, Outcome& outcome) {
  auto* key = app.add_subcommand("key", "Make and show key files");
  key->require_subcommand(1);
  auto options = std::make_shared<Options>();

  auto* make = key->add_subcommand("new", "Make a key and print its public part");
  make->add_option("file", options->file, "Where to write it")->required();
  make->add_option("--kind", options->kind, "What it is for")
      ->check(CLI::IsMember({"signing", "trustee"}));
  make->add_option("--passphrase-file", options->passphrase_file,
                   "Read the passphrase from here instead of the terminal");
  make->callback([options, &outcome] {
    if (const auto done = make_key(*options); !done) {
      report_error(outcome, done.error());
    }
  });

  auto* show =
      key->add_subcommand("show", "Print the public part; no passphrase needed");
  show->add_option("file", options->file, "The key file")->required();
  show->callback([options, &outcome] {
    if (const auto done = show_key(*options); !done) {
      report_error(outcome, done.error());
    }
  });
}

}  // namespace urna::cli
