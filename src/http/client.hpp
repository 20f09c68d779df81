// An HTTP/1.1 client: asks one server at a time and never waits longer than it was
// told. Used by mirrors, by whoever sends to a witness, and by devices that transmit.
// Follows no redirects, keeps no cookies, and verifies TLS servers always.
//
// Thread rule: one thread per Client; it keeps its connection open between requests to
// the same server. A TLS key is secret.
#pragma once

#include "http/message.hpp"
#include "http/path.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace urna::http {

// PEM texts.
struct ClientTls {
  std::string roots;         // who signs servers; empty: those of this machine
  std::string certificates;  // our own, where the server asks; may be empty
  std::string key;           // secret
};

struct ClientOptions {
  std::chrono::milliseconds connect{10'000};   // name, connection and TLS together
  std::chrono::milliseconds idle{30'000};      // longest silence while transferring
  std::chrono::milliseconds whole{3'600'000};  // longest request of all
  std::uint64_t body_limit = std::uint64_t{64} << 20;  // of an answer kept in memory
  ClientTls tls{};
};

// Takes a piece of an answer's body as it arrives; an error ends the transfer.
using BodySink = std::function<Result<void>(ByteView)>;

class Client {
 public:
  explicit Client(ClientOptions options = {});
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  ~Client();

  // Any status is an answer, not an error. Errors: tls_setup, no_connection, timeout,
  // broken_off, answer_too_long, bad_answer.
  [[nodiscard]] Result<Response> get(const Url& url, std::vector<Header> headers = {});
  [[nodiscard]] Result<Response> post(const Url& url, ByteView body,
                                      std::string_view type,
                                      std::vector<Header> headers = {});

  // PUT and HEAD, which may be repeated: over the connection that is there, and once
  // more when the server had closed it before it answered. A HEAD has no body.
  [[nodiscard]] Result<Response> put(const Url& url, ByteView body,
                                     std::vector<Header> headers = {});
  [[nodiscard]] Result<Response> head(const Url& url, std::vector<Header> headers = {});

  // Gives the body of a 200 answer to `sink` piece by piece, or of a 206 answer that
  // goes on at `from`: then `from` bytes of the file are there already. A server that
  // answers 200 although `from` is not 0 gets `restart()` called first. Bodies of other
  // answers are in the response. When the transfer breaks off, what the sink has got is
  // good: call again with a larger `from`.
  struct Download {
    std::uint64_t from = 0;
    std::function<Result<void>()> restart;  // forget what is there; needed if from > 0
    std::uint64_t limit = UINT64_MAX;       // of the whole file; answer_too_long above
  };
  [[nodiscard]] Result<Response> download(const Url& url, const Download& what,
                                          const BodySink& sink);

 private:
  struct Connection;
  struct Ask;
  [[nodiscard]] Result<Response> ask(const Ask& ask);
  ClientOptions options_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace urna::http
