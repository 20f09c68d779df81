#include "http/client.hpp"

#include "http/errors.hpp"
#include "http/server.hpp"
#include "http/static_files.hpp"
#include "http/testing/certificates.hpp"

#include <filesystem>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace urna::http {
namespace {

using std::chrono::milliseconds;

Url url_of(const Server& server, std::string path = "/") {
  Url url = parse_url(server.url()).value();
  url.path = std::move(path);
  return url;
}

Router small_router() {
  Router router;
  router.on("GET", "/who", [](const Request& request) {
    return Response::text(200, request.client ? request.client->common_name : "nobody");
  });
  router.on("POST", "/echo",
            [](const Request& request) { return Response::text(200, request.text()); },
            {.body_limit = 1 << 20});
  router.on("GET", "/big", [](const Request&) {
    return Response::bytes(Bytes(300'000, 7), "application/octet-stream");
  });
  return router;
}

// Answers every connection with these bytes, then hangs up: a server that misbehaves.
class Rude {
 public:
  explicit Rude(std::string bytes, bool hang = false)
      : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    ::bind(socket_, reinterpret_cast<sockaddr*>(&at), size);
    ::listen(socket_, 8);
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&at), &size);
    url_.host = "127.0.0.1";
    url_.port = ntohs(at.sin_port);
    url_.path = "/x";
    thread_ = std::thread([this, bytes = std::move(bytes), hang] {
      while (true) {
        const int one = ::accept(socket_, nullptr, nullptr);
        if (one < 0) return;
        std::array<char, 4096> unread;
        (void)!::recv(one, unread.data(), unread.size(), 0);
        (void)!::send(one, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (hang) std::this_thread::sleep_for(milliseconds(600));
        ::close(one);
      }
    });
  }
  Rude(const Rude&) = delete;
  Rude& operator=(const Rude&) = delete;
  ~Rude() {
    ::shutdown(socket_, SHUT_RDWR);
    thread_.join();
    ::close(socket_);
  }
  [[nodiscard]] const Url& url() const { return url_; }

 private:
  int socket_;
  Url url_;
  std::thread thread_;
};

TEST(Client, AsksOverOneConnection) {
  const auto server = Server::start(small_router(), {}).value();
  Client client;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(client.get(url_of(*server, "/who")).value().body_text(), "nobody");
  }
  EXPECT_EQ(server->connections(), 1U);
  const auto echo =
      client.post(url_of(*server, "/echo"), as_bytes("abc"), "text/plain");
  EXPECT_EQ(echo.value().body_text(), "abc");
  EXPECT_EQ(client.get(url_of(*server, "/none")).value().status, 404U);
  const Bytes too_much(2 << 20);
  EXPECT_EQ(
      client.post(url_of(*server, "/echo"), too_much, "text/plain").value().status,
      413U);
}

TEST(Client, AsksAgainWhenTheServerHasClosedItsConnection) {
  ServerOptions options;
  options.idle = milliseconds(100);
  const auto server = Server::start(small_router(), options).value();
  Client client;
  ASSERT_TRUE(client.get(url_of(*server, "/who")).has_value());
  std::this_thread::sleep_for(milliseconds(300));
  EXPECT_TRUE(client.get(url_of(*server, "/who")).has_value());
}

TEST(Client, NeverTakesMoreThanItWasTold) {
  const auto server = Server::start(small_router(), {}).value();
  Client client({.body_limit = 299'999});
  EXPECT_EQ(client.get(url_of(*server, "/big")).error().kind, errors::answer_too_long);
  Client enough({.body_limit = 300'000});
  EXPECT_EQ(enough.get(url_of(*server, "/big")).value().body.size(), 300'000U);
}

TEST(Client, NamesWhatWentWrong) {
  Client client({.idle = milliseconds(200)});
  const auto kind = [&](std::string bytes, bool hang = false) {
    const Rude rude(std::move(bytes), hang);
    return client.get(rude.url()).error().kind;
  };
  EXPECT_EQ(kind(""), errors::broken_off);
  EXPECT_EQ(kind("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"),
            errors::broken_off);
  EXPECT_EQ(kind("SSH-2.0-OpenSSH\r\n\r\n"), errors::bad_answer);
  EXPECT_EQ(kind("", true), errors::timeout);
  EXPECT_EQ(kind("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", true),
            errors::timeout);
  Url nowhere = parse_url("http://127.0.0.1:1/").value();
  EXPECT_EQ(client.get(nowhere).error().kind, errors::no_connection);
  nowhere = parse_url("http://no-such-host.invalid/").value();
  EXPECT_EQ(client.get(nowhere).error().kind, errors::no_connection);
}

TEST(Client, ResumesADownload) {
  base::RealFiles files;
  const auto folder = std::filesystem::temp_directory_path() /
                      ("urna-client-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  std::string content;
  for (int i = 0; i < 100'000; ++i) content += std::to_string(i);
  std::ofstream(folder / "file") << content;
  Router router;
  router.on("GET", "/{path...}", static_files(files, folder.string(), {}));
  const auto server = Server::start(std::move(router), {}).value();
  Client client;
  std::string got;
  const auto stop_at = [&](std::size_t size) -> BodySink {
    return [&, size](ByteView piece) -> Result<void> {
      got += as_text(piece);
      if (got.size() >= size) return fail(errors::broken_off, "cut");
      return {};
    };
  };
  const Url url = url_of(*server, "/file");
  EXPECT_FALSE(client.download(url, {}, stop_at(100'000)).has_value());
  const std::size_t first = got.size();
  EXPECT_GE(first, 100'000U);
  ASSERT_LT(first, content.size());
  const Client::Download rest{first, {}, content.size()};
  EXPECT_EQ(client.download(url, rest, stop_at(SIZE_MAX)).value().status, 206U);
  EXPECT_TRUE(got == content);
  got.clear();
  const Client::Download short_one{0, {}, content.size() - 1};
  EXPECT_EQ(client.download(url, short_one, stop_at(SIZE_MAX)).error().kind,
            errors::answer_too_long);
  std::filesystem::remove_all(folder);
}

class Tls : public ::testing::Test {
 protected:
  std::unique_ptr<Server> serve(const testing::Pem& pem,
                                const std::string& roots = "") {
    ServerOptions options;
    options.tls = ServerTls{pem.certificate, pem.key, roots};
    return Server::start(small_router(), std::move(options)).value();
  }
  static Result<std::string> who(const Server& server, ClientTls tls) {
    Client client({.tls = std::move(tls)});
    URNA_TRY(const Response response, client.get(url_of(server, "/who")));
    return std::string(response.body_text());
  }
  testing::TestRoot root_{"root"};
  testing::TestRoot other_{"other root"};
  testing::Pem good_ = root_.issue("server", "IP:127.0.0.1");
};

TEST_F(Tls, ServersAreVerified) {
  const auto server = serve(good_);
  EXPECT_EQ(who(*server, {root_.certificate(), "", ""}).value(), "nobody");
  EXPECT_FALSE(who(*server, {other_.certificate(), "", ""}).has_value());
  EXPECT_FALSE(who(*server, {}).has_value());
  const auto expired = serve(root_.issue("server", "IP:127.0.0.1", -1));
  EXPECT_FALSE(who(*expired, {root_.certificate(), "", ""}).has_value());
  const auto elsewhere = serve(root_.issue("server", "DNS:a.example"));
  EXPECT_FALSE(who(*elsewhere, {root_.certificate(), "", ""}).has_value());
}

TEST_F(Tls, ClientsAreVerified) {
  const auto server = serve(good_, root_.certificate());
  const auto with = [&](const testing::Pem& pem) {
    return who(*server, {root_.certificate(), pem.certificate, pem.key});
  };
  EXPECT_EQ(with(root_.issue("device 17", "DNS:d")).value(), "device 17");
  EXPECT_FALSE(with(other_.issue("device 17", "DNS:d")).has_value());
  EXPECT_FALSE(with(root_.issue("device 17", "DNS:d", -1)).has_value());
  EXPECT_FALSE(who(*server, {root_.certificate(), "", ""}).has_value());
}

TEST_F(Tls, OlderVersionsAreRefused) {
  const auto server = serve(good_);
  const auto connects = [&](int newest) {
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_max_proto_version(context, newest);
    BIO* bio = BIO_new_ssl_connect(context);
    const std::string to = "127.0.0.1:" + std::to_string(server->port());
    BIO_set_conn_hostname(bio, to.c_str());
    const bool done = BIO_do_handshake(bio) == 1;
    BIO_free_all(bio);
    SSL_CTX_free(context);
    return done;
  };
  EXPECT_TRUE(connects(TLS1_3_VERSION));
  EXPECT_FALSE(connects(TLS1_2_VERSION));
}

TEST_F(Tls, KeysThatDoNotFitAreNamed) {
  ServerOptions options;
  options.tls = ServerTls{good_.certificate, other_.issue("x", "DNS:x").key, ""};
  EXPECT_EQ(Server::start(small_router(), options).error().kind, errors::tls_setup);
  options.tls = ServerTls{"nonsense", "nonsense", ""};
  EXPECT_EQ(Server::start(small_router(), options).error().kind, errors::tls_setup);
}

}  // namespace
}  // namespace urna::http
