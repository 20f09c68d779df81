// What the sub-commands of `urna sheet` share. Private to src/cli.
#pragma once

#include "base/file.hpp"
#include "base/report.hpp"
#include "cli/commands.hpp"
#include "election/definition.hpp"
#include "sheet/signed_sheet.hpp"

#include <optional>
#include <string>
#include <vector>

namespace urna::cli {

// Making and signing: make, import, certify, sign, endorse, box.
void add_sheet_making(CLI::App& sheet, Outcome& outcome);
// Reading and checking: read, verify, show, print.
void add_sheet_reading(CLI::App& sheet, Outcome& outcome);

// A sheet from one file, or from pictures of it.
[[nodiscard]] Result<sheet::SignedSheet> load_sheet(
    const std::vector<std::string>& paths);

// Prints every finding when the definition is bad.
[[nodiscard]] Result<std::optional<election::Definition>> load_optional_definition(
    const std::string& folder);

// "-" is standard output.
[[nodiscard]] Result<void> write_output(const std::string& path, ByteView bytes);

// Prints the findings to standard error and sets the status.
void report_findings(Outcome& outcome, const base::Report& report);

}  // namespace urna::cli
