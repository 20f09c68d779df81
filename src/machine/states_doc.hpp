// Writes docs/machine-states.md from the two tables: a diagram (Mermaid), the
// transitions, and for every state what is refused. states_test.cpp fails when the
// page is not what this writes. Thread rule: pure function.
#pragma once

#include <string>

namespace urna::machine {

[[nodiscard]] std::string states_page();

}  // namespace urna::machine
