// The command line of the verifier, the same in `urna verify` and in the stand-alone
// `urna-verify`. Exit status: 0 nothing failed, 1 a check failed, 2 the verification
// could not be carried out.
#pragma once

namespace CLI {
class App;
}

namespace urna::record {

// Adds the options and what happens to `app`; `status` gets the exit status.
void add_verify_options(CLI::App& app, int& status);

}  // namespace urna::record
