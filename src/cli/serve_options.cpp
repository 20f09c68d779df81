#include "cli/serve_options.hpp"

#include "base/file.hpp"

#include <cstdio>

#include <fmt/format.h>

namespace urna::cli {

void add_serve_options(CLI::App& command, ServeOptions& options) {
  command.add_option("--port", options.port, "0: any free one");
  command.add_option("--address", options.address, "Of the network card to listen on");
  command.add_flag("--beyond-this-machine", options.beyond_this_machine,
                   "Let other machines reach it");
  command.add_option("--host", options.hosts,
                     "A name that it is asked under; repeat (default: any)");
  command.add_option("--threads", options.threads, "That answer at the same time")
      ->check(CLI::Range(1, 64));
  auto* certificate = command.add_option("--certificate", options.certificate,
                                         "For https: the certificates, PEM");
  command.add_option("--certificate-key", options.key, "For https: their key, PEM")
      ->needs(certificate);
}

Result<void> serve_until_stopped(http::Router router, const ServeOptions& options) {
  http::ServerOptions server_options;
  server_options.address = options.address;
  server_options.port = options.port;
  server_options.beyond_this_machine = options.beyond_this_machine;
  server_options.hosts = options.hosts;
  server_options.any_host = options.hosts.empty() && options.beyond_this_machine;
  server_options.threads = options.threads;
  base::RealFiles files;
  if (!options.certificate.empty()) {
    http::ServerTls tls;
    URNA_TRY(tls.certificates, base::read_text(files, options.certificate, 1 << 20));
    URNA_TRY(tls.key, base::read_text(files, options.key, 1 << 20));
    server_options.tls = std::move(tls);
  }
  http::block_stop_signals();
  URNA_TRY(const auto server,
           http::Server::start(std::move(router), std::move(server_options)));
  fmt::print("listening on {} until Ctrl-C\n", server->url());
  std::fflush(stdout);
  http::wait_for_stop_signal();
  server->stop();
  fmt::print("stopped\n");
  return {};
}

}  // namespace urna::cli
