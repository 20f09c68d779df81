// Runs another program and waits for it: what it is given on standard input, what it
// answers on standard output. No shell, no inherited descriptors; its error output is
// thrown away, because it may repeat what it was given. Used for espeak-ng and lp.
//
// Thread rule: any thread. Secrets: `input` may be one; nothing of it is kept.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace urna::base {

struct ProgramResult {
  int status = 0;  // as the program ended; 128 + n after signal n
  Bytes output;
};

// `words`: the program, found on PATH, and its arguments. Error file_access when it
// cannot be started, or had not ended after `patience` (then it is killed).
[[nodiscard]] Result<ProgramResult> run_program(const std::vector<std::string>& words,
                                                ByteView input,
                                                std::chrono::milliseconds patience);

}  // namespace urna::base
