// The options that every command with a web server has, and running one until somebody
// presses Ctrl-C.
//
// Thread rule: one thread, which waits while the server's own threads answer.
#pragma once

#include "http/server.hpp"

#include <CLI/App.hpp>

namespace urna::cli {

struct ServeOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  bool beyond_this_machine = false;
  std::vector<std::string> hosts;
  unsigned threads = 4;
  std::string certificate;  // files
  std::string key;
};

void add_serve_options(CLI::App& command, ServeOptions& options);

// Prints where it listens. Public data only: answers under any host name when it
// listens beyond this machine and none is named.
[[nodiscard]] Result<void> serve_until_stopped(http::Router router,
                                               const ServeOptions& options);

}  // namespace urna::cli
