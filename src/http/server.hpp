// An HTTP/1.1 server for the services of this project: the voting machine and check-in
// on their own screen, a witness, a mirror, the centre. Written on Boost.Beast, which
// only server.cpp sees.
//
//   Router router;
//   router.on("GET", "/status", [](const Request&) { return Response::text(200, "ok");
//   }); URNA_TRY(auto server, Server::start(std::move(router), {.port = 8080}));
//   wait_for_stop_signal();
//   server->stop();
//
// What it does by itself: listens on this machine only unless told otherwise; limits
// the size and time of headers and bodies and the number of connections, in total
// (503) and of one address (429); refuses requests that pages of other sites send
// (gate.hpp); answers with strict headers; takes TLS 1.3 with client certificates when
// given keys. It writes no log: on_answer tells the caller what was answered.
//
// Thread rule: start, stop and port from one thread. Handlers run on the server's own
// threads: one at a time with threads = 1 (the default), else they must bear company.
// A handler that takes long holds up its thread. The TLS key is secret.
#pragma once

#include "http/router.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace urna::http {

// PEM texts. Nothing older than TLS 1.3 is spoken.
struct ServerTls {
  std::string certificates;  // the server's, then those up to the root
  std::string key;           // secret
  std::string client_roots;  // who may sign client certificates; empty: none asked for
  bool client_required = true;  // with client_roots: refuse clients without one
};

struct ServerOptions {
  std::string address = "127.0.0.1";  // or "::1", "0.0.0.0", ...
  std::uint16_t port = 0;             // 0: any free one
  bool beyond_this_machine = false;   // needed for an address that is not loopback
  // Names under which the server may be asked, besides localhost and the address.
  std::vector<std::string> hosts{};
  bool any_host = false;  // for public data that no browser's cookie or place protects
  unsigned threads = 1;
  std::size_t max_connections = 256;
  std::size_t max_per_address = 256;
  std::size_t header_limit = 16'384;
  std::chrono::milliseconds idle{15'000};      // for a header to arrive in whole
  std::chrono::milliseconds transfer{30'000};  // for a body, plus its bytes at
  std::uint64_t least_rate = 500;              // this many bytes a second
  std::chrono::milliseconds grace{5'000};      // for requests under way at stop()
  std::optional<ServerTls> tls{};
  // Called after each answer, from any of the threads: method, status, time; the path
  // is the route's pattern-free path and may be long-lived data: log with care.
  std::function<void(const Request&, unsigned status)> on_answer{};
};

class Server {
 public:
  // Begins to listen and to answer. Errors: listen_failed, tls_setup.
  [[nodiscard]] static Result<std::unique_ptr<Server>> start(Router router,
                                                             ServerOptions options);
  virtual ~Server() = default;  // stops
  [[nodiscard]] virtual std::uint16_t port() const = 0;
  // http://127.0.0.1:8080, for a person to open.
  [[nodiscard]] virtual std::string url() const = 0;
  // Accepts nothing more, lets requests under way end within the grace, then returns.
  virtual void stop() = 0;
  // Connections open now; refused since the start (429 and 503).
  [[nodiscard]] virtual std::size_t connections() const = 0;
  [[nodiscard]] virtual std::size_t refused() const = 0;
};

// Blocks until the process gets SIGINT or SIGTERM. Call block_stop_signals() before
// any thread starts, so that every thread leaves the signals to this one.
void block_stop_signals();
void wait_for_stop_signal();

// What the server would answer to these bytes on one connection, without a socket: for
// tests and fuzzing of everything between the bytes and the handler.
[[nodiscard]] std::string answer_bytes(const Router& router,
                                       const ServerOptions& options,
                                       std::string_view bytes);

}  // namespace urna::http
