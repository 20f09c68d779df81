#include "http/client.hpp"

#include "http/errors.hpp"
#include "http/tls.hpp"

#include <algorithm>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
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
using ErrorCode = boost::system::error_code;
using PlainStream = beast::tcp_stream;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;

constexpr auto kToken = net::as_tuple(net::use_awaitable);
constexpr std::size_t kPiece = std::size_t{64} << 10;
constexpr std::uint32_t kHeaderLimit = 65'536;

std::unexpected<Error> no_connection(const Url& url, const ErrorCode& ec) {
  if (ec == beast::error::timeout) {
    return fail(errors::timeout, fmt::format("no connection to {} in time", url.text()),
                "check the address and the network, then try again");
  }
  return fail(errors::no_connection,
              fmt::format("no connection to {}: {}", url.text(), ec.message()),
              "check the address and the network, then try again");
}

std::unexpected<Error> broken(const Url& url, const ErrorCode& ec) {
  if (ec == beast::error::timeout) {
    return fail(errors::timeout, fmt::format("{} fell silent", url.text()),
                "try again; what has arrived is kept where that is possible");
  }
  const bool nonsense =
      &ec.category() == &make_error_code(bhttp::error::bad_target).category();
  if (nonsense && ec != bhttp::error::end_of_stream &&
      ec != bhttp::error::partial_message) {
    return fail(errors::bad_answer,
                fmt::format("{} does not answer as HTTP/1.1 asks: {}", url.text(),
                            ec.message()),
                "check that this is the right address");
  }
  return fail(
      errors::broken_off,
      fmt::format("the transfer from {} broke off: {}", url.text(), ec.message()),
      "try again");
}

}  // namespace

struct Client::Connection {
  net::io_context io{1};
  std::unique_ptr<net::ssl::context> tls;
  std::unique_ptr<PlainStream> plain;
  std::unique_ptr<TlsStream> secure;
  beast::flat_buffer buffer;
  std::string server;  // scheme, host and port that this is a connection to
};

struct Client::Ask {
  const Url* url;
  std::string method;
  std::vector<Header> headers;
  ByteView body;
  std::uint64_t keep_limit;  // of a body that is kept in the response
  const Download* download = nullptr;
  const BodySink* sink = nullptr;
};

namespace {

using Parser = bhttp::response_parser<bhttp::buffer_body>;

struct Deadline {
  std::chrono::steady_clock::time_point end;
  [[nodiscard]] bool passed() const { return std::chrono::steady_clock::now() > end; }
};

// The parts of Client::Ask that an exchange needs, with the options beside.
struct Exchange {
  const Url& url;
  std::string_view method;
  const std::vector<Header>& headers;
  ByteView body;
  std::uint64_t keep_limit;
  const Client::Download* download;
  const BodySink* sink;
  const ClientOptions& options;
  Deadline deadline;
  bool nothing_answered = true;  // so that a stale connection may be replaced
  bool keep_alive = false;
};

std::string server_of(const Url& url) {
  return fmt::format("{}|{}|{}", url.tls, url.host, url.port);
}

template <class Stream>
net::awaitable<ErrorCode> send_request(Stream& stream, Exchange& x) {
  bhttp::request<bhttp::span_body<const std::uint8_t>> request;
  request.version(11);
  request.method_string(x.method);
  request.target(x.url.path);
  request.set(bhttp::field::host, x.url.authority());
  request.set(bhttp::field::user_agent, "urna");
  for (const Header& header : x.headers) request.set(header.name, header.value);
  request.body() = {x.body.data(), x.body.size()};
  if (!x.body.empty() || x.method != "GET") request.content_length(x.body.size());
  beast::get_lowest_layer(stream).expires_after(x.options.idle);
  auto [ec, sent] = co_await bhttp::async_write(stream, request, kToken);
  co_return ec;
}

// Where the pieces of the body go; decided once the header is known.
Result<void> take_piece(Exchange& x, bool streams, std::uint64_t& got, ByteView piece,
                        Response& out) {
  got += piece.size();
  if (streams) {
    if (got > x.download->limit) {
      return fail(
          errors::answer_too_long,
          fmt::format("{} is longer than {} bytes", x.url.text(), x.download->limit));
    }
    return (*x.sink)(piece);
  }
  if (got > x.keep_limit) {
    return fail(errors::answer_too_long,
                fmt::format("the answer of {} is longer than {} bytes", x.url.text(),
                            x.keep_limit));
  }
  append(out.body, piece);
  return {};
}

// Whether a download's answer goes to the sink, and from which byte on.
Result<bool> begin_download(const Exchange& x, const Response& head,
                            std::uint64_t& got) {
  if (x.sink == nullptr) return false;
  if (head.status == 206) {
    const auto range = head.header("Content-Range");
    const std::string want = fmt::format("bytes {}-", x.download->from);
    if (!range || !range->starts_with(want)) {
      return fail(errors::bad_answer,
                  fmt::format("{} sent another part than was asked for", x.url.text()));
    }
    got = x.download->from;
    return true;
  }
  if (head.status != 200) return false;
  if (x.download->from > 0 && x.download->restart) URNA_CHECK(x.download->restart());
  return true;
}

template <class Stream>
net::awaitable<Result<Response>> receive(Stream& stream, beast::flat_buffer& buffer,
                                         Exchange& x) {
  Parser parser;
  parser.header_limit(kHeaderLimit);
  parser.body_limit(boost::none);
  parser.skip(x.method == "HEAD");  // its answer names a length and has no body
  beast::get_lowest_layer(stream).expires_after(x.options.idle);
  auto [ec, read] = co_await bhttp::async_read_header(stream, buffer, parser, kToken);
  if (ec) co_return broken(x.url, ec);
  x.nothing_answered = false;
  Response out;
  out.status = parser.get().result_int();
  for (const auto& field : parser.get()) {
    out.headers.push_back(
        {std::string(field.name_string()), std::string(field.value())});
  }
  std::uint64_t got = 0;
  const auto streams = begin_download(x, out, got);
  if (!streams) co_return std::unexpected(streams.error());
  Bytes piece(kPiece);
  while (!parser.is_done()) {
    if (x.deadline.passed()) co_return broken(x.url, beast::error::timeout);
    parser.get().body().data = piece.data();
    parser.get().body().size = piece.size();
    beast::get_lowest_layer(stream).expires_after(x.options.idle);
    auto [body_ec, n] = co_await bhttp::async_read_some(stream, buffer, parser, kToken);
    const std::size_t count = piece.size() - parser.get().body().size;
    // Also before an error: what arrived is good, and a resumed download starts there.
    if (count > 0) {
      auto taken = take_piece(x, *streams, got, ByteView(piece).first(count), out);
      if (!taken) co_return std::unexpected(std::move(taken).error());
    }
    if (body_ec && body_ec != bhttp::error::need_buffer) {
      co_return broken(x.url, body_ec);
    }
  }
  x.keep_alive = parser.get().keep_alive();
  co_return out;
}

template <class Stream>
net::awaitable<Result<Response>> exchange(Stream& stream, beast::flat_buffer& buffer,
                                          Exchange& x) {
  const ErrorCode ec = co_await send_request(stream, x);
  // A server that refuses a long body answers before it has read it.
  if (ec && ec != net::error::broken_pipe && ec != net::error::connection_reset) {
    co_return broken(x.url, ec);
  }
  co_return co_await receive(stream, buffer, x);
}

net::awaitable<ErrorCode> connect(net::io_context& io, PlainStream& stream,
                                  const Url& url, const ClientOptions& options) {
  tcp::resolver resolver(io);
  auto [ec, found] =
      co_await resolver.async_resolve(url.host, std::to_string(url.port), kToken);
  if (ec) co_return ec;
  stream.expires_after(options.connect);
  auto [connect_ec, endpoint] = co_await stream.async_connect(found, kToken);
  if (!connect_ec) {
    ErrorCode ignored;
    stream.socket().set_option(tcp::no_delay(true), ignored);
  }
  co_return connect_ec;
}

net::awaitable<ErrorCode> handshake(TlsStream& stream, const Url& url) {
  if (SSL_set_tlsext_host_name(stream.native_handle(), url.host.c_str()) != 1) {
    co_return make_error_code(boost::system::errc::invalid_argument);
  }
  stream.set_verify_callback(net::ssl::host_name_verification(url.host));
  auto [ec] = co_await stream.async_handshake(net::ssl::stream_base::client, kToken);
  co_return ec;
}

}  // namespace

Client::Client(ClientOptions options) : options_(std::move(options)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

Result<Response> Client::ask(const Ask& ask) {
  const Url& url = *ask.url;
  if (connection_ && connection_->server != server_of(url)) connection_.reset();
  const bool reused = connection_ != nullptr;
  if (!reused) {
    connection_ = std::make_unique<Connection>();
    connection_->server = server_of(url);
    if (url.tls) {
      URNA_TRY(connection_->tls, client_context(options_.tls));
    }
  }
  Connection& c = *connection_;
  Exchange x{
      url,      ask.method,     ask.headers,
      ask.body, ask.keep_limit, ask.download,
      ask.sink, options_,       {std::chrono::steady_clock::now() + options_.whole}};
  Result<Response> result = no_connection(url, {});
  const auto work = [&]() -> net::awaitable<void> {
    if (!reused) {
      c.plain = url.tls ? nullptr : std::make_unique<PlainStream>(c.io);
      c.secure = url.tls ? std::make_unique<TlsStream>(c.io, *c.tls) : nullptr;
      PlainStream& lowest = url.tls ? beast::get_lowest_layer(*c.secure) : *c.plain;
      ErrorCode ec = co_await connect(c.io, lowest, url, options_);
      if (!ec && url.tls) ec = co_await handshake(*c.secure, url);
      if (ec) {
        result = no_connection(url, ec);
        co_return;
      }
    }
    if (url.tls) {
      result = co_await exchange(*c.secure, c.buffer, x);
    } else {
      result = co_await exchange(*c.plain, c.buffer, x);
    }
  };
  c.io.restart();
  // An exception can only be one of ours that is out of memory; it goes up.
  net::co_spawn(c.io, work(), [](std::exception_ptr problem) {
    if (problem) std::rethrow_exception(problem);
  });
  c.io.run();
  // A POST may have been acted on; the others can be repeated.
  const bool stale = !result && reused && x.nothing_answered && ask.method != "POST" &&
                     result.error().kind != errors::timeout;
  if (!result || !x.keep_alive) connection_.reset();
  return stale ? this->ask(ask) : std::move(result);
}

Result<Response> Client::get(const Url& url, std::vector<Header> headers) {
  return ask({&url, "GET", std::move(headers), {}, options_.body_limit});
}

Result<Response> Client::post(const Url& url, ByteView body, std::string_view type,
                              std::vector<Header> headers) {
  // Never over a connection that the server may have closed: the caller could not know
  // whether the request was acted on.
  connection_.reset();
  headers.push_back({"Content-Type", std::string(type)});
  return ask({&url, "POST", std::move(headers), body, options_.body_limit});
}

Result<Response> Client::put(const Url& url, ByteView body,
                             std::vector<Header> headers) {
  return ask({&url, "PUT", std::move(headers), body, options_.body_limit});
}

Result<Response> Client::head(const Url& url, std::vector<Header> headers) {
  return ask({&url, "HEAD", std::move(headers), {}, options_.body_limit});
}

Result<Response> Client::download(const Url& url, const Download& what,
                                  const BodySink& sink) {
  std::vector<Header> headers;
  if (what.from > 0) headers.push_back({"Range", fmt::format("bytes={}-", what.from)});
  return ask({&url, "GET", std::move(headers), {}, options_.body_limit, &what, &sink});
}

}  // namespace urna::http
