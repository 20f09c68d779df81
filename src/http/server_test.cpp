#include "http/server.hpp"

#include "base/file.hpp"
#include "http/errors.hpp"

#include <array>
#include <atomic>
#include <thread>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace urna::http {
namespace {

using std::chrono::milliseconds;

// A bare socket: to send what no client would send.
class Raw {
 public:
  explicit Raw(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    timeval longest{5, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
  }
  Raw(const Raw&) = delete;
  Raw& operator=(const Raw&) = delete;
  ~Raw() { ::close(socket_); }
  [[nodiscard]] bool connected() const { return connected_; }
  void send(std::string_view text) const {
    (void)!::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
  }
  // Everything until the server closes.
  [[nodiscard]] std::string rest() const {
    std::string out;
    std::array<char, 4096> piece;
    while (true) {
      const auto n = ::recv(socket_, piece.data(), piece.size(), 0);
      if (n <= 0) return out;
      out.append(piece.data(), static_cast<std::size_t>(n));
    }
  }
  // One answer's header and as much of its body as came along.
  [[nodiscard]] std::string some() const {
    std::array<char, 65536> piece;
    const auto n = ::recv(socket_, piece.data(), piece.size(), 0);
    return n <= 0 ? "" : std::string(piece.data(), static_cast<std::size_t>(n));
  }

 private:
  int socket_;
  bool connected_ = false;
};

Router echo_router() {
  Router router;
  router.on("GET", "/hello/{name}", [](const Request& request) {
    return Response::text(200, "hello " + request.params.at("name"));
  });
  router.on("POST", "/echo",
            [](const Request& request) { return Response::text(200, request.text()); },
            {.body_limit = 1000});
  router.on("GET", "/throw",
            [](const Request&) -> Response { throw std::runtime_error("x"); });
  return router;
}

std::string request(std::string_view line, std::string_view more = "",
                    std::string_view body = "") {
  std::string out(line);
  out += " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
  out += more;
  out += "\r\n";
  out += body;
  return out;
}

std::unique_ptr<Server> serve(ServerOptions options = {},
                              Router router = echo_router()) {
  options.hosts.push_back("localhost");
  return Server::start(std::move(router), std::move(options)).value();
}

std::string ask(const Server& server, const std::string& bytes) {
  const Raw raw(server.port());
  raw.send(bytes);
  return raw.rest();
}

bool has(const std::string& answer, std::string_view text) {
  return answer.find(text) != std::string::npos;
}

TEST(Server, AnswersAndRoutes) {
  const auto server = serve();
  const std::string answer = ask(*server, request("GET /hello/ana"));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\nhello ana")) << answer;
  EXPECT_TRUE(has(answer, "X-Content-Type-Options: nosniff"));
  EXPECT_TRUE(has(answer, "Content-Length: 9"));
  const std::string head = ask(*server, request("HEAD /hello/ana"));
  EXPECT_TRUE(has(head, "Content-Length: 9") && head.ends_with("\r\n\r\n")) << head;
  EXPECT_TRUE(has(ask(*server, request("GET /none")), " 404 "));
  const std::string wrong = ask(*server, request("GET /echo"));
  EXPECT_TRUE(has(wrong, " 405 ") && has(wrong, "Allow: POST")) << wrong;
  EXPECT_TRUE(has(ask(*server, request("GET /throw")), " 500 "));
}

TEST(Server, LimitsHeadersAndBodies) {
  const auto server = serve();
  const auto post = [&](std::size_t size) {
    return ask(*server,
               request("POST /echo", "Content-Length: " + std::to_string(size) + "\r\n",
                       std::string(size, 'x')));
  };
  EXPECT_TRUE(has(post(1000), " 200 "));
  EXPECT_TRUE(has(post(1001), " 413 "));
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  EXPECT_TRUE(has(ask(*server, request("POST /echo", chunked, "3\r\nabc\r\n0\r\n\r\n")),
                  "\r\n\r\nabc"));
  std::string much;
  for (int i = 0; i < 200; ++i) much += "a\r\n0123456789\r\n";
  EXPECT_TRUE(has(ask(*server, request("POST /echo", chunked, much)), " 413 "));
  const std::string long_header = "X: " + std::string(20'000, 'x') + "\r\n";
  EXPECT_TRUE(has(ask(*server, request("GET /hello/a", long_header)), " 431 "));
}

TEST(Server, RefusesWhatIsNoRequest) {
  const auto server = serve();
  const std::vector<std::string> nonsense = {
      std::string("nonsense\r\n\r\n"),
      std::string("GET / HTTP/9.9\r\n\r\n"),
      std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xFC", 9) + "\r\n\r\n",
      request("GET /../etc/passwd"),
      request("GET /%00"),
      request("GET //a"),
      request("GET /hello/a", "Host: localhost\r\n"),
      request("POST /echo", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"),
      request("POST /echo", "Content-Length: -1\r\n"),
      request("POST /echo", "Content-Length: 99999999999999999999\r\n")};
  for (const std::string& bytes : nonsense) {
    EXPECT_TRUE(ask(*server, bytes).starts_with("HTTP/1.1 400 ")) << bytes;
  }
  EXPECT_TRUE(
      has(ask(*server, request("GET /hello/a", "Origin: http://evil\r\n")), " 403 "));
  EXPECT_TRUE(has(ask(*server,
                      "GET /hello/a HTTP/1.1\r\nHost: evil\r\n"
                      "Connection: close\r\n\r\n"),
                  " 421 "));
  EXPECT_TRUE(has(ask(*server, request("GET /hello/a")), " 200 "));
}

TEST(Server, SlowClientsAreLetGo) {
  ServerOptions options;
  options.idle = milliseconds(200);
  options.transfer = milliseconds(200);
  const auto server = serve(options);
  const auto started = std::chrono::steady_clock::now();
  const Raw silent(server->port());
  const Raw half(server->port());
  half.send("GET /hello/a HTTP/1.1\r\nHo");
  const Raw body(server->port());
  body.send(request("POST /echo", "Content-Length: 100\r\n", "only this"));
  EXPECT_TRUE(has(silent.rest(), " 408 ") || silent.rest().empty());
  EXPECT_TRUE(has(half.rest(), " 408 ") || half.rest().empty());
  EXPECT_TRUE(has(body.rest(), " 408 ") || body.rest().empty());
  EXPECT_LT(std::chrono::steady_clock::now() - started, milliseconds(3000));
}

TEST(Server, ShedsWhatIsTooMuchAndKeepsWhatItAccepted) {
  ServerOptions options;
  options.max_connections = 10;
  const auto server = serve(options);
  std::vector<std::unique_ptr<Raw>> inside;
  for (int i = 0; i < 10; ++i) {
    inside.push_back(std::make_unique<Raw>(server->port()));
    inside.back()->send("GET /hello/a HTTP/1.1\r\n");
  }
  while (server->connections() < 10) std::this_thread::yield();
  for (int i = 0; i < 20; ++i) {
    const std::string answer = ask(*server, request("GET /hello/a"));
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 503 ")) << answer;
    EXPECT_TRUE(has(answer, "Retry-After: 2"));
  }
  EXPECT_EQ(server->refused(), 20U);
  for (const auto& raw : inside) {
    raw->send("Host: localhost\r\n\r\n");
    EXPECT_TRUE(has(raw->some(), " 200 OK"));
  }
  inside.clear();
  while (server->connections() > 0) std::this_thread::yield();
  EXPECT_TRUE(has(ask(*server, request("GET /hello/a")), " 200 "));
}

TEST(Server, OneAddressCannotTakeEverything) {
  ServerOptions options;
  options.max_per_address = 2;
  const auto server = serve(options);
  const Raw one(server->port());
  const Raw two(server->port());
  while (server->connections() < 2) std::this_thread::yield();
  EXPECT_TRUE(ask(*server, request("GET /hello/a")).starts_with("HTTP/1.1 429 "));
}

TEST(Server, StopsGracefully) {
  std::atomic<bool> inside = false;
  Router router;
  router.on("GET", "/slow", [&](const Request&) {
    inside = true;
    std::this_thread::sleep_for(milliseconds(300));
    return Response::text(200, "done");
  });
  auto server = serve({}, std::move(router));
  const Raw idle(server->port());
  const Raw busy(server->port());
  busy.send("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
  while (!inside) std::this_thread::yield();
  const auto started = std::chrono::steady_clock::now();
  server->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - started, milliseconds(3000));
  EXPECT_TRUE(has(busy.rest(), "done"));
  EXPECT_EQ(idle.rest(), "");
  EXPECT_FALSE(Raw(server->port()).connected());
  server->stop();  // again is fine
}

TEST(Server, AnswersManyOnSeveralThreads) {
  ServerOptions options;
  options.threads = 4;
  std::atomic<int> answered = 0;
  options.on_answer = [&](const Request&, unsigned status) {
    if (status == 200) ++answered;
  };
  const auto server = serve(options);
  std::vector<std::thread> clients;
  std::atomic<int> good = 0;
  for (int c = 0; c < 8; ++c) {
    clients.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        if (has(ask(*server, request("GET /hello/x")), "hello x")) ++good;
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(good, 400);
  EXPECT_EQ(answered, 400);
}

TEST(Server, ListensOnThisMachineOnlyUnlessTold) {
  const auto refused = [](ServerOptions options) {
    const auto server = Server::start(echo_router(), std::move(options));
    return !server && server.error().kind == errors::listen_failed;
  };
  EXPECT_TRUE(refused({.address = "0.0.0.0"}));
  EXPECT_TRUE(refused({.address = "::"}));
  EXPECT_TRUE(refused({.address = "localhost"}));
  const auto first = serve();
  EXPECT_TRUE(refused({.port = first->port()}));
  EXPECT_TRUE(
      Server::start(echo_router(), {.address = "0.0.0.0", .beyond_this_machine = true})
          .has_value());
}

TEST(AnswerBytes, DoesWhatTheServerDoes) {
  const ServerOptions options;
  const Router router = echo_router();
  const auto answer = [&](std::string_view bytes) {
    return answer_bytes(router, options, bytes);
  };
  EXPECT_TRUE(
      has(answer("GET /hello/a HTTP/1.1\r\nHost: localhost\r\n\r\n"), "hello a"));
  const std::string two =
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc"
      "GET /hello/b HTTP/1.1\r\nHost: localhost\r\n\r\n";
  EXPECT_TRUE(has(answer(two), "abc") && has(answer(two), "hello b")) << answer(two);
  EXPECT_TRUE(has(answer("x\r\n\r\n"), " 400 "));
  EXPECT_EQ(answer("GET / HT"), "");
}

}  // namespace
}  // namespace urna::http
