// The `urna` command: builds the tree of sub-commands and runs the chosen one.
#include "base/memory.hpp"
#include "cli/commands.hpp"
#include "cli/usage.hpp"

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

int main(int argc, char** argv) {
  urna::base::keep_freed_memory();
  CLI::App app{
      "Urna: elections that anybody can check, and fingerprint identity.\n"
      "Every command explains itself: urna COMMAND --help"};
  app.name("urna");
  urna::cli::use_short_lists(app);
  app.require_subcommand(1);

  urna::cli::Outcome outcome;
  urna::cli::add_election_command(app, outcome);
  urna::cli::add_count_command(app, outcome);
  urna::cli::add_seats_command(app, outcome);
  urna::cli::add_sheet_command(app, outcome);
  urna::cli::add_roll_command(app, outcome);
  urna::cli::add_ballot_command(app, outcome);
  urna::cli::add_key_command(app, outcome);
  urna::cli::add_trustee_command(app, outcome);
  urna::cli::add_tally_command(app, outcome);
  urna::cli::add_record_command(app, outcome);
  urna::cli::add_verify_command(app, outcome);
  urna::cli::add_results_command(app, outcome);
  urna::cli::add_receipt_command(app, outcome);
  urna::cli::add_log_command(app, outcome);
  urna::cli::add_witness_command(app, outcome);
  urna::cli::add_pki_command(app, outcome);
  urna::cli::add_center_command(app, outcome);
  urna::cli::add_finger_commands(app, outcome);
  urna::cli::add_finger_eval_command(app, outcome);
  urna::cli::add_finger_io_commands(app, outcome);
  urna::cli::add_version_command(app, outcome);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // help was asked for
    const std::vector<std::string> words(argv + 1, argv + argc);
    fmt::print(stderr, "{}", urna::cli::explain_usage(app, words, error));
    return urna::cli::kError;
  } catch (const std::exception& error) {
    fmt::print(stderr, "error: {}\n", error.what());
    return urna::cli::kError;
  }
  return outcome.status;
}
