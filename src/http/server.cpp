#include "http/server.hpp"

#include "http/errors.hpp"
#include "http/gate.hpp"
#include "http/path.hpp"
#include "http/tls.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <list>
#include <mutex>
#include <sstream>
#include <thread>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <fmt/format.h>

namespace urna::http {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using tcp = net::ip::tcp;
using Parser = bhttp::request_parser<bhttp::vector_body<std::uint8_t>>;
using ErrorCode = boost::system::error_code;

constexpr auto kToken = net::as_tuple(net::use_awaitable);
constexpr std::size_t kPiece = std::size_t{64} << 10;
constexpr unsigned kMaxRequestsPerConnection = 10'000;
constexpr std::size_t kMaxTurningAway = 128;

// Everything about one request that is known before its body: what will answer it.
struct Plan {
  std::optional<Response> refusal;
  const Router::Route* route = nullptr;
  RouteOptions options;
  Request request;
};

struct Policy {
  Router router;
  ServerOptions options;
  GateRules gate;
};

Request to_request(const Parser& parser, const std::string& peer,
                   const std::optional<ClientCertificate>& client) {
  const auto& message = parser.get();
  Request out;
  out.method = std::string(message.method_string());
  out.peer = peer;
  out.client = client;
  for (const auto& field : message) {
    out.headers.push_back(
        {std::string(field.name_string()), std::string(field.value())});
  }
  return out;
}

Plan plan_answer(const Policy& policy, const Parser& parser, Request request) {
  Plan out;
  out.request = std::move(request);
  const std::string_view target(parser.get().target().data(),
                                parser.get().target().size());
  const std::size_t question = target.find('?');
  auto path = decode_path(target.substr(0, question));
  if (!path) {
    out.refusal = Response::text(400, path.error().message + "\n");
    return out;
  }
  out.request.path = std::move(*path);
  if (question != std::string_view::npos)
    out.request.query = target.substr(question + 1);
  Router::Match match = policy.router.find(out.request.method, out.request.path);
  if (match.route != nullptr) out.options = match.route->options;
  out.refusal = refuse_foreign(out.request, policy.gate, out.options);
  if (out.refusal) return out;
  if (match.route == nullptr) {
    out.refusal = match.allowed.empty() ? not_found() : wrong_method(match.allowed);
    return out;
  }
  const auto length = parser.content_length();
  if ((length && *length > out.options.body_limit) ||
      (parser.chunked() && out.options.body_limit == 0)) {
    out.refusal = Response::text(413, "the request's body is too long\n");
    return out;
  }
  out.route = match.route;
  out.request.params = std::move(match.params);
  return out;
}

Response call_handler(const Plan& plan) {
  // The one edge where an exception of a handler (out of memory, a library) must not
  // take the whole service down.
  try {
    return plan.route->handler(plan.request);
  } catch (const std::exception&) {
    return Response::text(500, "the server failed\n");
  }
}

Response finish_answer(Response response, const RouteOptions& route) {
  add_safety_headers(response, route);
  return response;
}

// The answer to bytes that are no request; nothing when there is nobody to tell.
std::optional<Response> answer_to(const ErrorCode& ec) {
  if (ec == bhttp::error::header_limit) {
    return Response::text(431, "the request's header is too long\n");
  }
  if (ec == bhttp::error::body_limit) {
    return Response::text(413, "the request's body is too long\n");
  }
  if (ec == beast::error::timeout) {
    return Response::text(408, "the request took too long\n");
  }
  const bool parser_error =
      &ec.category() == &make_error_code(bhttp::error::bad_target).category();
  if (!parser_error || ec == bhttp::error::end_of_stream ||
      ec == bhttp::error::partial_message) {
    return std::nullopt;
  }
  return Response::text(400, "not a request of HTTP/1.1\n");
}

void set_limits(Parser& parser, const ServerOptions& options) {
  parser.header_limit(static_cast<std::uint32_t>(options.header_limit));
  // The route sets the real limit once the header is known.
  parser.body_limit(boost::none);
}

using Head = bhttp::response<bhttp::empty_body>;

Head make_head(const Response& response, bool keep_alive) {
  Head head;
  head.version(11);
  head.result(response.status);
  for (const Header& header : response.headers) {
    head.insert(header.name, header.value);
  }
  const bool bodiless = response.status == 204 || response.status == 304;
  if (!bodiless) {
    head.content_length(response.part ? response.part->length : response.body.size());
  }
  head.keep_alive(keep_alive);
  return head;
}

bool sends_body(const Response& response, std::string_view method) {
  return method != "HEAD" && response.status != 204 && response.status != 304;
}

// What the sessions of one server share.
class Hub {
 public:
  Hub(Router router, ServerOptions options)
      : policy{std::move(router), std::move(options), {}} {}

  Policy policy;  // constant once sessions run
  std::atomic<bool> stopping = false;
  std::atomic<std::size_t> refused = 0;

  enum class Entry { admitted, address_full, full };

  Entry enter(const std::string& peer) {
    const std::lock_guard lock(mutex_);
    if (total_ >= policy.options.max_connections) return Entry::full;
    std::size_t& here = by_peer_[peer];
    if (here >= policy.options.max_per_address) return Entry::address_full;
    ++here;
    ++total_;
    return Entry::admitted;
  }

  void leave(const std::string& peer) {
    const std::lock_guard lock(mutex_);
    --total_;
    if (--by_peer_[peer] == 0) by_peer_.erase(peer);
    empty_.notify_all();
  }

  std::size_t total() const {
    const std::lock_guard lock(mutex_);
    return total_;
  }

  // So nearly full that idle connections should make room.
  bool crowded() const { return total() * 4 >= policy.options.max_connections * 3; }

  bool wait_empty(std::chrono::milliseconds longest) {
    std::unique_lock lock(mutex_);
    return empty_.wait_for(lock, longest, [&] { return total_ == 0; });
  }

  // Sessions register how to be closed: stop() wakes those that wait for a request.
  using Closer = std::function<void(bool even_when_busy)>;
  std::list<Closer>::iterator add_closer(Closer closer) {
    const std::lock_guard lock(mutex_);
    return closers_.insert(closers_.end(), std::move(closer));
  }
  void remove_closer(std::list<Closer>::iterator at) {
    const std::lock_guard lock(mutex_);
    closers_.erase(at);
  }
  void close_all(bool even_when_busy) {
    const std::lock_guard lock(mutex_);
    for (const Closer& closer : closers_) closer(even_when_busy);
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable empty_;
  std::size_t total_ = 0;
  std::map<std::string, std::size_t> by_peer_;
  std::list<Closer> closers_;
};

std::chrono::milliseconds time_for(const ServerOptions& options, std::uint64_t bytes) {
  return options.transfer + std::chrono::seconds(bytes / options.least_rate);
}

template <class Stream>
class Session {
 public:
  Session(Stream& stream, Hub& hub, std::string peer)
      : stream_(stream),
        hub_(hub),
        options_(hub.policy.options),
        peer_(std::move(peer)),
        buffer_(options_.header_limit + kPiece) {}

  net::awaitable<void> run(const bool& cancelled,
                           std::optional<ClientCertificate> client) {
    client_ = std::move(client);
    for (unsigned i = 0; i < kMaxRequestsPerConnection && !hub_.stopping; ++i) {
      busy_ = false;
      const bool again = co_await one_request();
      if (!again || cancelled) break;
    }
  }

  [[nodiscard]] bool busy() const { return busy_; }

 private:
  net::awaitable<bool> one_request() {
    Parser parser;
    set_limits(parser, options_);
    lowest().expires_after(options_.idle);
    auto [ec, read] =
        co_await bhttp::async_read_header(stream_, buffer_, parser, kToken);
    busy_ = true;
    if (ec) {
      if (auto answer = answer_to(ec)) {
        co_await send(finish_answer(std::move(*answer), {}), "GET", false);
      }
      co_return false;
    }
    Plan plan = plan_answer(hub_.policy, parser, to_request(parser, peer_, client_));
    if (plan.refusal) {
      // The body, if any, stays unread: only a request without one can be followed.
      const bool keep = parser.is_done() && may_keep(parser);
      co_return co_await answer(plan, std::move(*plan.refusal), keep);
    }
    if (!co_await read_body(parser, plan)) co_return false;
    plan.request.body = std::move(parser.get().body());
    const bool keep = may_keep(parser);
    Response response = call_handler(plan);
    co_return co_await answer(plan, std::move(response), keep);
  }

  bool may_keep(const Parser& parser) const {
    return parser.get().keep_alive() && !hub_.stopping && !hub_.crowded();
  }

  net::awaitable<bool> read_body(Parser& parser, const Plan& plan) {
    parser.body_limit(plan.options.body_limit);
    const std::uint64_t expected = parser.content_length().value_or(
        parser.chunked() ? plan.options.body_limit : 0);
    lowest().expires_after(time_for(options_, expected));
    if (beast::iequals(parser.get()[bhttp::field::expect], "100-continue")) {
      bhttp::response<bhttp::empty_body> go;
      go.version(11);
      go.result(bhttp::status::continue_);
      auto [ec, sent] = co_await bhttp::async_write(stream_, go, kToken);
      if (ec) co_return false;
    }
    auto [ec, read] = co_await bhttp::async_read(stream_, buffer_, parser, kToken);
    if (!ec) co_return true;
    if (auto refusal = answer_to(ec)) {
      co_await send(finish_answer(std::move(*refusal), plan.options), "POST", false);
    }
    co_return false;
  }

  net::awaitable<bool> answer(const Plan& plan, Response response, bool keep) {
    if (options_.on_answer) options_.on_answer(plan.request, response.status);
    const Response whole = finish_answer(std::move(response), plan.options);
    const bool sent = co_await send(whole, plan.request.method, keep);
    co_return sent&& keep;
  }

  net::awaitable<bool> send(const Response& response, std::string method, bool keep) {
    const std::uint64_t length =
        response.part ? response.part->length : response.body.size();
    lowest().expires_after(time_for(options_, length));
    Head head = make_head(response, keep);
    bhttp::response_serializer<bhttp::empty_body> serializer(head);
    auto [ec, n] = co_await bhttp::async_write_header(stream_, serializer, kToken);
    if (ec) co_return false;
    if (!sends_body(response, method)) co_return true;
    if (response.part) co_return co_await send_part(*response.part);
    auto [body_ec, m] =
        co_await net::async_write(stream_, net::buffer(response.body), kToken);
    co_return !body_ec;
  }

  net::awaitable<bool> send_part(const FilePart& part) {
    for (std::uint64_t at = 0; at < part.length;) {
      const std::size_t count = std::min<std::uint64_t>(part.length - at, kPiece);
      const auto piece = part.file->read_at(part.offset + at, count);
      // The length is promised already: a broken connection is the only honest answer.
      if (!piece) co_return false;
      auto [ec, n] = co_await net::async_write(stream_, net::buffer(*piece), kToken);
      if (ec) co_return false;
      at += count;
    }
    co_return true;
  }

  beast::tcp_stream& lowest() { return beast::get_lowest_layer(stream_); }

  Stream& stream_;
  Hub& hub_;
  const ServerOptions& options_;
  std::string peer_;
  std::optional<ClientCertificate> client_;
  beast::flat_buffer buffer_;
  bool busy_ = false;  // between a header and its answer
};

// Runs one session from its first byte to its last, and counts it out.
template <class Stream>
net::awaitable<void> run_session(Session<Stream>& session, beast::tcp_stream& lowest,
                                 Hub& hub, std::optional<ClientCertificate> client) {
  // What stop() posts runs on the session's own strand, perhaps after its end.
  struct Live {
    Session<Stream>* session;
    beast::tcp_stream* stream;
    bool cancelled = false;
  };
  const auto live = std::make_shared<Live>(Live{&session, &lowest});
  const auto at =
      hub.add_closer([live, executor = lowest.get_executor()](bool even_when_busy) {
        net::post(executor, [live, even_when_busy] {
          live->cancelled = true;
          if (live->stream == nullptr) return;
          if (live->session->busy() && !even_when_busy) return;
          ErrorCode ignored;
          live->stream->socket().shutdown(tcp::socket::shutdown_both, ignored);
        });
      });
  co_await session.run(live->cancelled, std::move(client));
  live->stream = nullptr;
  hub.remove_closer(at);
}

net::awaitable<void> serve_plain(tcp::socket socket, Hub& hub, std::string peer) {
  beast::tcp_stream stream(std::move(socket));
  Session<beast::tcp_stream> session(stream, hub, peer);
  co_await run_session(session, stream, hub, std::nullopt);
  ErrorCode ignored;
  stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
}

net::awaitable<void> serve_tls(tcp::socket socket, Hub& hub, std::string peer,
                               net::ssl::context& context) {
  beast::ssl_stream<beast::tcp_stream> stream(std::move(socket), context);
  beast::get_lowest_layer(stream).expires_after(hub.policy.options.idle);
  auto [ec] = co_await stream.async_handshake(net::ssl::stream_base::server, kToken);
  if (ec) co_return;
  auto client = peer_certificate(stream.native_handle());
  Session<beast::ssl_stream<beast::tcp_stream>> session(stream, hub, peer);
  co_await run_session(session, beast::get_lowest_layer(stream), hub,
                       std::move(client));
  beast::get_lowest_layer(stream).expires_after(std::chrono::seconds(2));
  auto [shutdown_ec] = co_await stream.async_shutdown(kToken);
  (void)shutdown_ec;  // the other end may be gone already
}

// Tells a client that there is no room. What it sends is read for a moment: closing a
// socket with unread bytes would take the answer away again.
net::awaitable<void> turn_away(tcp::socket socket, Hub& hub, Hub::Entry why) {
  beast::tcp_stream stream(std::move(socket));
  stream.expires_after(std::chrono::seconds(1));
  const std::string text = fmt::format(
      "HTTP/1.1 {}\r\nConnection: close\r\nRetry-After: 2\r\n"
      "Content-Length: 0\r\n\r\n",
      why == Hub::Entry::address_full ? "429 Too Many Requests"
                                      : "503 Service Unavailable");
  auto [ec, sent] = co_await net::async_write(stream, net::buffer(text), kToken);
  if (ec) co_return;
  ErrorCode ignored;
  stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
  std::array<char, 4096> unread;
  while (!hub.stopping) {
    auto [end, count] = co_await stream.async_read_some(net::buffer(unread), kToken);
    if (end) co_return;
  }
}

class BeastServer final : public Server {
 public:
  BeastServer(Router router, ServerOptions options,
              std::unique_ptr<net::ssl::context> tls)
      : io_(static_cast<int>(options.threads)),
        tls_(std::move(tls)),
        hub_(std::move(router), std::move(options)),
        acceptor_(net::make_strand(io_)) {}

  ~BeastServer() override { stop(); }

  ErrorCode listen(const tcp::endpoint& endpoint) {
    ErrorCode ec;
    acceptor_.open(endpoint.protocol(), ec);
    if (!ec) acceptor_.set_option(net::socket_base::reuse_address(true), ec);
    if (!ec) acceptor_.bind(endpoint, ec);
    if (!ec) acceptor_.listen(net::socket_base::max_listen_connections, ec);
    if (!ec) port_ = acceptor_.local_endpoint(ec).port();
    return ec;
  }

  // The gate needs the port, which is known only after listening.
  void run(GateRules gate) {
    hub_.policy.gate = std::move(gate);
    net::co_spawn(acceptor_.get_executor(), accept(), net::detached);
    for (unsigned i = 0; i < std::max(1U, hub_.policy.options.threads); ++i) {
      threads_.emplace_back([this] { io_.run(); });
    }
  }

  std::uint16_t port() const override { return port_; }
  std::string url() const override {
    Url url;
    url.tls = tls_ != nullptr;
    url.host = hub_.policy.options.address;
    url.port = port_;
    url.path = "/";
    return url.text();
  }
  std::size_t connections() const override { return hub_.total(); }
  std::size_t refused() const override { return hub_.refused; }

  void stop() override {
    if (hub_.stopping.exchange(true)) return;
    net::post(acceptor_.get_executor(), [this] {
      ErrorCode ignored;
      acceptor_.close(ignored);
    });
    hub_.close_all(false);
    if (!hub_.wait_empty(hub_.policy.options.grace)) hub_.close_all(true);
    (void)hub_.wait_empty(std::chrono::seconds(1));
    io_.stop();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

 private:
  net::awaitable<void> accept() {
    while (!hub_.stopping) {
      auto [ec, socket] =
          co_await acceptor_.async_accept(net::make_strand(io_), kToken);
      if (ec == net::error::operation_aborted || hub_.stopping) co_return;
      if (ec) {
        // Out of descriptors, most likely: give the open sessions time to end.
        net::steady_timer pause(acceptor_.get_executor(),
                                std::chrono::milliseconds(50));
        co_await pause.async_wait(kToken);
        continue;
      }
      admit(std::move(socket));
    }
  }

  void admit(tcp::socket socket) {
    ErrorCode ec;
    const auto endpoint = socket.remote_endpoint(ec);
    if (ec) return;
    const std::string peer = endpoint.address().to_string();
    const Hub::Entry entry = hub_.enter(peer);
    if (entry != Hub::Entry::admitted) {
      ++hub_.refused;
      if (tls_ || turning_away_ >= kMaxTurningAway) return;
      ++turning_away_;
      const auto strand = socket.get_executor();
      net::co_spawn(strand, turn_away(std::move(socket), hub_, entry),
                    [this](std::exception_ptr) { --turning_away_; });
      return;
    }
    socket.set_option(tcp::no_delay(true), ec);
    const auto executor = socket.get_executor();
    auto work = tls_ ? serve_tls(std::move(socket), hub_, peer, *tls_)
                     : serve_plain(std::move(socket), hub_, peer);
    net::co_spawn(executor, std::move(work),
                  [this, peer](std::exception_ptr) { hub_.leave(peer); });
  }

  net::io_context io_;
  std::unique_ptr<net::ssl::context> tls_;
  Hub hub_;
  tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
  std::atomic<std::size_t> turning_away_ = 0;
  std::vector<std::thread> threads_;
};

GateRules gate_of(const ServerOptions& options, const net::ip::address& address,
                  std::uint16_t port) {
  GateRules out;
  out.any_host = options.any_host;
  out.tls = options.tls.has_value();
  out.hosts = options.hosts;
  const std::string literal =
      address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
  // With the port, so that a page of another service on this machine stays foreign.
  for (const std::string& name : {literal, std::string("localhost")}) {
    const std::uint16_t usual = out.tls ? 443 : 80;
    out.hosts.push_back(port == usual ? name : fmt::format("{}:{}", name, port));
  }
  return out;
}

}  // namespace

Result<std::unique_ptr<Server>> Server::start(Router router, ServerOptions options) {
  ErrorCode ec;
  const auto address = net::ip::make_address(options.address, ec);
  const auto refuse = [&](std::string_view why, std::string_view to_do) {
    return fail(errors::listen_failed,
                fmt::format("cannot listen on {} port {}: {}", options.address,
                            options.port, why),
                std::string(to_do));
  };
  if (ec) return refuse("not an address", "give an address such as 127.0.0.1");
  if (!address.is_loopback() && !options.beyond_this_machine) {
    return refuse("other machines could reach it",
                  "say explicitly that they may, or use 127.0.0.1");
  }
  std::unique_ptr<net::ssl::context> tls;
  if (options.tls) {
    URNA_TRY(tls, server_context(*options.tls));
  }
  const tcp::endpoint endpoint(address, options.port);
  auto server =
      std::make_unique<BeastServer>(std::move(router), options, std::move(tls));
  if (const ErrorCode failed = server->listen(endpoint)) {
    return refuse(failed.message(), "stop the other program, or choose another port");
  }
  server->run(gate_of(options, address, server->port()));
  return server;
}

std::string answer_bytes(const Router& router, const ServerOptions& options,
                         std::string_view bytes) {
  const Policy policy{router, options,
                      gate_of(options, net::ip::make_address("127.0.0.1"), 80)};
  std::string out;
  while (!bytes.empty()) {
    Parser parser;
    set_limits(parser, options);
    parser.eager(false);
    ErrorCode ec;
    const auto put = [&](Response response, const RouteOptions& route, bool head) {
      const Response whole = finish_answer(std::move(response), route);
      Head message = make_head(whole, true);
      std::ostringstream text;
      text << message.base();
      out += text.str();
      if (!head) out += whole.body_text();
    };
    while (!ec && !bytes.empty() && !parser.is_header_done()) {
      bytes.remove_prefix(parser.put(net::buffer(bytes.data(), bytes.size()), ec));
      if (ec == bhttp::error::need_more) return out;
    }
    if (ec) {
      if (auto answer = answer_to(ec)) put(std::move(*answer), {}, false);
      return out;
    }
    Plan plan = plan_answer(policy, parser, to_request(parser, "127.0.0.1", {}));
    if (plan.refusal) {
      put(std::move(*plan.refusal), plan.options, plan.request.method == "HEAD");
      return out;
    }
    parser.body_limit(plan.options.body_limit);
    parser.eager(true);
    while (!ec && !bytes.empty() && !parser.is_done()) {
      bytes.remove_prefix(parser.put(net::buffer(bytes.data(), bytes.size()), ec));
    }
    if (ec || !parser.is_done()) {
      if (auto answer = answer_to(ec)) put(std::move(*answer), plan.options, false);
      return out;
    }
    plan.request.body = std::move(parser.get().body());
    put(call_handler(plan), plan.options, plan.request.method == "HEAD");
  }
  return out;
}

}  // namespace urna::http
