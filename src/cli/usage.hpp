// What `urna` says when it was called wrongly: which word it did not understand, what
// there is instead, and where the help is. No secrets; one thread.
#pragma once

#include <span>
#include <string>

#include <CLI/CLI.hpp>

namespace urna::cli {

// Lists of commands show the first line of each description; a command's own help
// shows all of it.
void use_short_lists(CLI::App& app);

// `words` are the arguments after the program's name, and `error` what the parser made
// of them. Ends with a line end.
[[nodiscard]] std::string explain_usage(const CLI::App& app,
                                        std::span<const std::string> words,
                                        const CLI::ParseError& error);

}  // namespace urna::cli
