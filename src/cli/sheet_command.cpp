// `urna sheet`: tally sheets, from the numbers to the print and back.
#include "cli/sheet_command.hpp"

#include "sheet/errors.hpp"
#include "sheet/paper/collect.hpp"

#include <cstdio>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

namespace urna::cli {

Result<sheet::SignedSheet> load_sheet(const std::vector<std::string>& paths) {
  base::RealFiles files;
  sheet::Collection found = sheet::collect_sheets(files, paths);
  if (!found.errors.empty()) return std::unexpected(std::move(found.errors.front()));
  if (found.sheets.size() == 1) return std::move(found.sheets.front().sheet);
  return fail(sheet::errors::no_codes,
              fmt::format("{} sheets in what was given; exactly one is needed",
                          found.sheets.size()),
              "give one sheet file, or all pictures of one sheet");
}

Result<std::optional<election::Definition>> load_optional_definition(
    const std::string& folder) {
  if (folder.empty()) return std::optional<election::Definition>();
  base::Report report;
  auto definition = election::load_definition(folder, report);
  if (definition) return definition;
  fmt::print(stderr, "{}\n", report.text());
  return std::unexpected(report.first_problem());
}

Result<void> write_output(const std::string& path, ByteView bytes) {
  if (path == "-") {
    std::fwrite(bytes.data(), 1, bytes.size(), stdout);
    return {};
  }
  base::RealFiles files;
  return base::write_durable(files, path, bytes);
}

void report_findings(Outcome& outcome, const base::Report& report) {
  fmt::print(stderr, "{}\n", report.text());
  if (!report.ok()) outcome.status = kError;
}

void add_sheet_command(CLI::App& app, Outcome& outcome) {
  CLI::App* sheet = app.add_subcommand(
      "sheet",
      "Make, sign, print, photograph and check tally sheets\n\n"
      "A sheet is one line of text that is hashed and signed as it stands; its print\n"
      "carries the same text in QR codes (docs/formats/tally-sheet.md, qr-chain.md).");
  sheet->require_subcommand(1);
  add_sheet_making(*sheet, outcome);
  add_sheet_reading(*sheet, outcome);
}

}  // namespace urna::cli
