#include "cli/commands.hpp"

#include <cstdio>

#include <CLI/App.hpp>
#include <fmt/format.h>

namespace urna::cli {

void report_error(Outcome& outcome, const Error& error) {
  fmt::print(stderr, "{}\n", error.text());
  outcome.status = kError;
}

void add_version_command(CLI::App& app, Outcome&) {
  app.add_subcommand("version", "Show the version of this program")->callback([] {
    fmt::print("urna {}\n", URNA_VERSION);
  });
}

}  // namespace urna::cli
