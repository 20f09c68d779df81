#include "base/file.hpp"
#include "center/pki.hpp"
#include "center/roles.hpp"
#include "cli/commands.hpp"
#include "cli/key_input.hpp"
#include "cli/passphrase.hpp"

#include <CLI/App.hpp>
#include <fmt/format.h>

namespace urna::cli {
namespace {

struct Options {
  std::string file;
  center::PkiPlan plan;
  std::string passphrase_file;
  std::string authority;
  std::string authority_passphrase_file;
  std::string out;
  int days = 0;
};

constexpr std::size_t kMaxFile = 64 * 1024;

void print_info(const center::CertificateInfo& info) {
  fmt::print(
      "name         {}\nissued by    {}\nvalid        {} to {}\nfingerprint  {}\n",
      info.name, info.issuer, base::utc_text(info.from), base::utc_text(info.until),
      info.sha256);
}

Result<void> make(const Options& options) {
  base::RealFiles files;
  base::SystemClock clock;
  base::SystemRandom random;
  URNA_CHECK(require_no_file(files, options.file));
  const center::PkiMaker maker{clock, random};
  Result<Bytes> made = Bytes{};
  if (options.plan.purpose == center::Purpose::authority) {
    URNA_TRY(const auto passphrase, get_new_passphrase(options.passphrase_file));
    crypto::Stretch stretch(passphrase.expose());
    made = maker.authority(options.plan, stretch);
  } else {
    URNA_TRY(const Bytes root, base::read_file(files, options.authority, kMaxFile));
    URNA_TRY(const auto opens, get_passphrase(options.authority_passphrase_file));
    URNA_TRY(const auto passphrase, get_new_passphrase(options.passphrase_file));
    crypto::Stretch root_stretch(opens.expose());
    crypto::Stretch stretch(passphrase.expose());
    made = maker.issue(options.plan, root, root_stretch, stretch);
    if (!made) return std::unexpected(std::move(made).error().at(options.authority));
  }
  if (!made) return std::unexpected(std::move(made).error());
  URNA_CHECK(base::write_durable(files, options.file, *made));
  URNA_TRY(const std::string pem, center::certificates_of(*made));
  URNA_TRY(const auto info, center::read_certificate(pem));
  fmt::print("{}\n", options.file);
  print_info(info);
  return {};
}

// The answer is "no" when the certificate cannot be used now.
Result<bool> show(const Options& options) {
  base::RealFiles files;
  base::SystemClock clock;
  URNA_TRY(const Bytes file, base::read_file(files, options.file, kMaxFile));
  auto pem = center::certificates_of(file);
  if (!pem) return std::unexpected(std::move(pem).error().at(options.file));
  URNA_TRY(const auto info, center::read_certificate(*pem));
  print_info(info);
  if (!options.out.empty()) {
    URNA_CHECK(base::write_durable(files, options.out, as_bytes(*pem)));
    fmt::print("certificates {}\n", options.out);
  }
  const std::int64_t now = clock.unix_seconds();
  if (now >= info.from && now <= info.until) return true;
  fmt::print("{}\n", now > info.until ? "EXPIRED" : "NOT VALID YET");
  return false;
}

}  // namespace

void add_pki_command(CLI::App& app, Outcome& outcome) {
  auto* pki = app.add_subcommand(
      "pki", "Certificates for the network between stations and centre");
  pki->require_subcommand(1);
  auto options = std::make_shared<Options>();
  const auto common = [&](CLI::App* command, center::Purpose purpose, int days) {
    command->add_option("file", options->file, "Where to write key and certificate")
        ->required();
    command->add_option("--passphrase-file", options->passphrase_file,
                        "Of the new key; read from here instead of the terminal");
    command->add_option("--days", options->days,
                        fmt::format("How long it is valid (default: {})", days));
    if (purpose != center::Purpose::authority) {
      command->add_option("--authority", options->authority, "From urna pki authority")
          ->required();
      command->add_option("--authority-passphrase-file",
                          options->authority_passphrase_file, "Its passphrase");
    }
    command->callback([options, purpose, days, &outcome] {
      options->plan.purpose = purpose;
      options->plan.days = options->days != 0 ? options->days : days;
      if (const auto done = make(*options); !done) report_error(outcome, done.error());
    });
  };

  auto* authority = pki->add_subcommand(
      "authority", "Start a local authority; keep its key off the network");
  authority->add_option("--name", options->plan.name, "Such as 'Town election 2026'")
      ->required();
  common(authority, center::Purpose::authority, 400);

  auto* server = pki->add_subcommand("server", "A certificate for a centre's server");
  server->add_option("--name", options->plan.name, "For people")->default_val("centre");
  server
      ->add_option("--host", options->plan.hosts,
                   "Names and addresses under which clients reach it; repeat")
      ->required();
  common(server, center::Purpose::server, 60);

  auto* client = pki->add_subcommand(
      "client", "A certificate for a station, a transmission point or a person");
  client
      ->add_option("--name", options->plan.name,
                   "Role and name, such as 'station N01' (docs/center.md)")
      ->required();
  common(client, center::Purpose::client, 60);

  auto* view = pki->add_subcommand(
      "show", "What a certificate says; exit status 1 when it cannot be used now");
  view->add_option("file", options->file, "The key file")->required();
  view->add_option("--certificates", options->out,
                   "Write the certificates here (PEM): of an authority, what others "
                   "need to know it by");
  view->callback([options, &outcome] {
    const auto good = show(*options);
    if (!good) return report_error(outcome, good.error());
    if (!*good) outcome.status = kNo;
  });
}

}  // namespace urna::cli
