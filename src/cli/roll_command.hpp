// What the two files of `urna roll` share. Private to src/cli.
#pragma once

#include "cli/commands.hpp"

namespace urna::cli {

// device, official, package: what touches keys and tokens.
void add_roll_packing(CLI::App& roll, Outcome& outcome);

}  // namespace urna::cli
