// The sub-commands of `urna`. Each lives in its own file, is thin (parse the
// options, call a room, print), and is added to the tree here and in main.cpp.
//
// Exit status: 0 done; 1 the answer is "no" (a check failed, a definition is
// wrong, a result conflicts); 2 the command could not be carried out (bad options,
// unreadable file). Reports for people go to standard output, progress and errors
// to standard error; `--json` gives the machine form.
#pragma once

#include "base/result.hpp"

#include <CLI/App.hpp>

namespace urna::cli {

inline constexpr int kYes = 0;
inline constexpr int kNo = 1;
inline constexpr int kError = 2;

// Where a command leaves its exit status: main() returns it.
struct Outcome {
  int status = kYes;
};

// Prints "error U1001: ..." with what to do next, and sets the status to kError.
void report_error(Outcome& outcome, const Error& error);

void add_sheet_command(CLI::App& app, Outcome& outcome);
void add_version_command(CLI::App& app, Outcome& outcome);
void add_key_command(CLI::App& app, Outcome& outcome);
void add_trustee_command(CLI::App& app, Outcome& outcome);
// urna trustee decrypt; called by add_trustee_command.
void add_trustee_decrypt_command(CLI::App& trustee, Outcome& outcome);
void add_tally_command(CLI::App& app, Outcome& outcome);
void add_ballot_command(CLI::App& app, Outcome& outcome);
// `urna ballot seal`, under the ballot command.
void add_ballot_seal_command(CLI::App& ballot, Outcome& outcome);
void add_seats_command(CLI::App& app, Outcome& outcome);
void add_election_command(CLI::App& app, Outcome& outcome);
void add_count_command(CLI::App& app, Outcome& outcome);
// urna log: mirror, check, serve, cosign and receipts of a transparency log.
void add_log_command(CLI::App& app, Outcome& outcome);
void add_witness_command(CLI::App& app, Outcome& outcome);
// urna finger extract, show, match and search; then eval.
void add_finger_commands(CLI::App& app, Outcome& outcome);
void add_finger_eval_command(CLI::App& app, Outcome& outcome);  // after the above
// urna finger convert and synth; adds the group `finger` where it is not there yet.
void add_finger_io_commands(CLI::App& app, Outcome& outcome);

// urna receipt check.
// urna roll import, device, official, package and destroy.
void add_roll_command(CLI::App& app, Outcome& outcome);
void add_receipt_command(CLI::App& app, Outcome& outcome);
// urna record init, add and status; urna verify.
void add_record_command(CLI::App& app, Outcome& outcome);
// urna results site and serve.
void add_results_command(CLI::App& app, Outcome& outcome);
void add_verify_command(CLI::App& app, Outcome& outcome);
// urna center send, take, status, conflicts, decide and withdraw.
void add_center_command(CLI::App& app, Outcome& outcome);
// urna pki authority, server, client and show.
void add_pki_command(CLI::App& app, Outcome& outcome);

}  // namespace urna::cli
