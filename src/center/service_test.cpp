// A centre as its clients meet it: HTTPS with certificates of both sides, real sockets.
#include "center/service.hpp"

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "center/errors.hpp"
#include "center/sender.hpp"
#include "center/testing/small_centre.hpp"
#include "crypto/sha256.hpp"
#include "http/errors.hpp"
#include "http/server.hpp"
#include "http/testing/certificates.hpp"

#include <atomic>

#include <gtest/gtest.h>

namespace urna::center {
namespace {

using http::testing::Pem;
using http::testing::TestRoot;
using testing::document_of;
using testing::SmallCentre;
using testing::town;

// Clients are known by their common names; these are for nobody.
const std::string kClientNames = "DNS:client.example";

// A centre behind a server, and clients with certificates.
class Service : public ::testing::Test {
 protected:
  SmallCentre centre;
  TestRoot root{"Town CA"};
  Pem server_pem = root.issue("centre", "IP:127.0.0.1");
  std::unique_ptr<http::Server> server;

  void SetUp() override { listen({.threads = 8}); }
  void listen(http::ServerOptions options) {
    server.reset();
    options.tls =
        http::ServerTls{server_pem.certificate, server_pem.key, root.certificate()};
    auto started = http::Server::start(centre_router(*centre), std::move(options));
    ASSERT_TRUE(started) << started.error().text();
    server = *std::move(started);
  }
  http::ClientOptions client_with(const Pem& pem) const {
    http::ClientOptions out;
    out.tls = {root.certificate(), pem.certificate, pem.key};
    return out;
  }
  SenderOptions options_of(const std::string& common_name) const {
    SenderOptions out;
    out.url = server->url();
    out.client = client_with(root.issue(common_name, kClientNames));
    out.patience = std::chrono::seconds(20);
    return out;
  }
  Sender sender(const std::string& common_name) const {
    return Sender(options_of(common_name));
  }
  http::Response get(const std::string& who, std::string_view path) {
    http::Client client(client_with(root.issue(who, kClientNames)));
    const auto url = http::parse_url(server->url()).value().below(path);
    auto answer = client.get(url);
    EXPECT_TRUE(answer) << answer.error().text();
    return answer ? *answer : http::Response{};
  }
};

TEST_F(Service, ReceiptsComeBackSignedAndSecondOnesFollow) {
  centre.running().start();
  auto options = options_of("station N01");
  options.verdict = std::chrono::seconds(20);
  options.centre_key = centre.receipt_key();
  Sender to(options);
  const Bytes package = document_of(town(), "package", "N01");
  const auto sent = to.send(package);
  ASSERT_TRUE(sent) << sent.error().text();
  EXPECT_EQ(sent->received.hash, crypto::sha256(package));
  ASSERT_TRUE(sent->verdict);
  EXPECT_EQ(sent->verdict->said, Said::verified);
  EXPECT_EQ(sent->bytes, package.size());
  // Again: the same receipts, and nothing is sent.
  const auto again = to.send(package);
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(again->received_file, sent->received_file);
  EXPECT_EQ(again->verdict_file, sent->verdict_file);
  EXPECT_EQ(again->bytes, 0U);
  centre.running().stop();
}

TEST_F(Service, UnknownExpiredAndWrongCertificatesAreRefusedAndTheSenderSaysWhy) {
  const auto error_with = [&](const Pem& pem) {
    auto options = options_of("station N01");
    options.client = client_with(pem);
    const auto sent = Sender(options).send(as_bytes("x"));
    return sent ? std::string("none") : sent.error().text();
  };
  const TestRoot stranger("Another CA");
  EXPECT_NE(error_with(stranger.issue("station N01", kClientNames)).find("unknown ca"),
            std::string::npos)
      << error_with(stranger.issue("station N01", kClientNames));
  EXPECT_NE(error_with(root.issue("station N01", kClientNames, -1))
                .find("certificate expired"),
            std::string::npos)
      << error_with(root.issue("station N01", kClientNames, -1));
  EXPECT_NE(error_with(Pem{}).find("certificate required"), std::string::npos)
      << error_with(Pem{});
  // A name without a role passes the transport, and nothing else.
  EXPECT_NE(error_with(root.issue("somebody", kClientNames)).find("U6405"),
            std::string::npos)
      << error_with(root.issue("somebody", kClientNames));
}

// The table of roles, request by request.
TEST_F(Service, AnswersEachRoleAsTheTableSays) {
  const std::vector<std::string> clients{"station N01", "point P1", "official ANA",
                                         "operator OPS", "observer PARTY"};
  const std::string hash(64, '0');
  const std::vector<std::pair<std::string, Action>> reads{
      {"v1/documents/" + hash, Action::see_document},
      {"v1/centre", Action::see_document},
      {"v1/status", Action::see_status},
      {"v1/queue", Action::see_queue},
      {"v1/documents/" + hash + "/bytes", Action::see_queue}};
  for (const std::string& who : clients) {
    const Role role = parse_identity(who)->role;
    for (const auto& [path, action] : reads) {
      EXPECT_EQ(get(who, path).status != 403, may(role, action)) << who << " " << path;
    }
    http::Client client(client_with(root.issue(who, kClientNames)));
    const auto base = http::parse_url(server->url()).value();
    const auto decision = client.post(base.below("v1/decisions"), as_bytes("x"), "a/b");
    EXPECT_EQ(decision->status != 403, may(role, Action::decide)) << who;
    const auto out = client.post(
        base.below("v1/clients/" + std::string(64, 'f') + "/withdraw"), {}, "a/b");
    EXPECT_EQ(out->status == 200, may(role, Action::withdraw)) << who;
    const auto put = client.put(base.below("v1/documents/" + hash), as_bytes("x"),
                                {{"Upload-Offset", "0"}, {"Upload-Length", "1"}});
    const bool sends = may(role, Action::send_own) || may(role, Action::send_any) ||
                       may(role, Action::send_certificates);
    EXPECT_EQ(put->status != 403, sends) << who;
  }
}

TEST_F(Service, WithdrawnCertificatesAreShutOut) {
  const Pem pem = root.issue("station N01", kClientNames);
  http::Client client(client_with(pem));
  const auto url = http::parse_url(server->url()).value();
  EXPECT_EQ(client.get(url.below("v1/centre"))->status, 200U);
  // What the server calls the certificate is what an operator withdraws.
  std::string seen;
  http::Router echo;
  echo.on("GET", "/", [&](const http::Request& request) {
    seen = request.client->sha256;
    return http::Response::text(200, "");
  });
  http::ServerOptions options;
  options.tls =
      http::ServerTls{server_pem.certificate, server_pem.key, root.certificate()};
  auto other = http::Server::start(std::move(echo), options);
  ASSERT_TRUE(
      http::Client(client_with(pem)).get(http::parse_url((*other)->url()).value()));
  const auto gone = sender("operator OPS").post("v1/clients/" + seen + "/withdraw", "");
  ASSERT_TRUE(gone) << gone.error().text();
  const auto answer = client.get(url.below("v1/centre"));
  EXPECT_EQ(answer->status, 403U);
  EXPECT_NE(answer->body_text().find("U6412"), std::string_view::npos);
}

TEST_F(Service, GoesOnAfterTheServerWasKilledInTheMiddle) {
  const Bytes package = document_of(town(), "package", "N02");
  IntakeLimits limits;
  limits.piece = 1024;
  SmallCentre small(town(), limits);
  http::ServerOptions options{.threads = 2};
  options.tls =
      http::ServerTls{server_pem.certificate, server_pem.key, root.certificate()};
  // Breaks off after some pieces, as a cable does.
  std::atomic<int> pieces = 0;
  const auto start = [&](std::uint16_t port) {
    options.port = port;
    options.on_answer = [&](const http::Request&, unsigned) { ++pieces; };
    return http::Server::start(centre_router(*small), options).value();
  };
  auto first = start(0);
  const std::uint16_t port = first->port();
  auto how = options_of("station N02");
  how.url = first->url();
  Sender to(how);
  std::jthread killer([&] {
    while (pieces < 4) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    first->stop();
    first.reset();
    small.restart();
    first = start(port);
  });
  const auto sent = to.send(package);
  killer.join();
  ASSERT_TRUE(sent) << sent.error().text();
  EXPECT_EQ(sent->received.hash, crypto::sha256(package));
  // What had arrived was not sent again, but for the piece under way.
  EXPECT_LE(sent->bytes, package.size());
}

TEST_F(Service, PiecesGrowWhileTheLineIsFast) {
  std::vector<std::size_t> sizes;
  listen({.threads = 1, .on_answer = [&](const http::Request& request, unsigned) {
            if (request.method == "PUT") sizes.push_back(request.body.size());
          }});
  const Bytes junk(700'000, 'x');
  const auto sent = sender("point P1").send(junk);
  ASSERT_FALSE(sent);  // not a document, which only the last piece shows
  EXPECT_EQ(sent.error().kind, errors::refused);
  EXPECT_EQ(std::vector<std::size_t>(sizes.begin(), sizes.begin() + 4),
            (std::vector<std::size_t>{65'536, 131'072, 262'144, 241'248}));
}

TEST_F(Service, SaysWhatIsWrongWithAnUpload) {
  http::Client client(client_with(root.issue("point P1", kClientNames)));
  const auto base = http::parse_url(server->url()).value();
  const Bytes sheet = to_bytes(as_bytes(town().stations()[0].content.sheets.front()));
  const auto put = [&](std::string_view hash, ByteView body, std::string offset,
                       std::string length) {
    return client
        .put(base.below("v1/documents/" + std::string(hash)), body,
             {{"Upload-Offset", std::move(offset)},
              {"Upload-Length", std::move(length)}})
        .value();
  };
  const std::string right = base::to_hex(crypto::sha256(sheet));
  const std::string size = std::to_string(sheet.size());
  EXPECT_EQ(put("xyz", sheet, "0", size).status, 400U);
  EXPECT_EQ(put(right, sheet, "-1", size).status, 400U);
  EXPECT_EQ(put(right, sheet, "0x", size).status, 400U);
  EXPECT_EQ(put(right, sheet, "0", "999999999999").status, 413U);
  EXPECT_EQ(put(std::string(64, '1'), sheet, "0", size).status, 422U);
  const auto partial = put(right, ByteView(sheet).first(100), "0", size);
  EXPECT_EQ(partial.status, 202U);
  EXPECT_EQ(*partial.header("Upload-Offset"), "100");
  const auto twice = put(right, ByteView(sheet).first(100), "0", size);
  EXPECT_EQ(twice.status, 409U);
  EXPECT_EQ(*twice.header("Upload-Offset"), "100");
  EXPECT_EQ(put(right, ByteView(sheet).subspan(100), "100", size).status, 200U);
  const auto large = client.put(base.below("v1/documents/" + right),
                                Bytes((1U << 20) + 1, 0), {{"Upload-Offset", "0"}});
  EXPECT_EQ(large->status, 413U);
}

TEST_F(Service, AFullDiskIsSaidAndNothingIsTakenHalf) {
  http::Client client(client_with(root.issue("point P1", kClientNames)));
  const auto base = http::parse_url(server->url()).value();
  const auto put = [&](ByteView document) {
    return client
        .put(base.below("v1/documents/" + base::to_hex(crypto::sha256(document))),
             document,
             {{"Upload-Offset", "0"},
              {"Upload-Length", std::to_string(document.size())}})
        .value();
  };
  const std::string sheet = town().stations()[0].content.sheets.front();
  centre->intake.free_bytes = [] { return std::uint64_t{1000}; };
  const auto full = put(as_bytes(sheet));
  EXPECT_EQ(full.status, 507U);
  EXPECT_TRUE(full.header("Retry-After"));
  EXPECT_TRUE(centre->store.all()->empty());
  EXPECT_FALSE(centre->shelf.has(crypto::sha256(as_bytes(sheet))));
  centre->intake.free_bytes = [] { return std::uint64_t{1} << 40; };
  EXPECT_EQ(put(as_bytes(sheet)).status, 200U);
}

// Ten times more than the centre works on at a time: it sheds with 429, everybody who
// comes back is served, and everything that was accepted is there.
TEST_F(Service, AFloodIsShedAndLosesNothingAccepted) {
  IntakeLimits limits;
  limits.active = 2;
  SmallCentre small(town(), limits);
  http::ServerOptions options{.threads = 16};
  options.tls =
      http::ServerTls{server_pem.certificate, server_pem.key, root.certificate()};
  std::atomic<int> shed = 0;
  options.on_answer = [&](const http::Request&, unsigned status) {
    shed += static_cast<int>(status == 429);
  };
  const auto flooded = http::Server::start(centre_router(*small), options).value();
  constexpr std::size_t kClients = 20;
  constexpr std::size_t kSheets = 15;
  std::atomic<std::size_t> lost = 0;
  {
    std::vector<std::jthread> clients;
    for (std::size_t c = 0; c < kClients; ++c) {
      auto how = options_of("point P" + std::to_string(c));
      how.url = flooded->url();
      how.patience = std::chrono::seconds(60);
      clients.emplace_back([&, c, how] {
        Sender to(how);
        to.sleep = [](auto) {
          std::this_thread::sleep_for(std::chrono::milliseconds(20));
        };
        for (std::size_t i = 0; i < kSheets; ++i) {
          sheet::SheetFields fields = town().stations()[0].sheet;
          fields.software = "R" + std::to_string(c) + "." + std::to_string(i);
          const auto sheet = town().sign_sheet(fields, "UM-000001");
          const std::string text = sheet::to_file_text(sheet);
          const auto sent = to.send(as_bytes(text));
          if (!sent || sent->received.hash != crypto::sha256(as_bytes(text))) ++lost;
        }
      });
    }
  }
  EXPECT_EQ(lost, 0U);
  EXPECT_GT(shed, 0);
  const auto all = small->store.all().value();
  EXPECT_EQ(all.size(), kClients * kSheets);
  for (const Item& item : all) EXPECT_TRUE(small->shelf.read(item.hash));
}

TEST_F(Service, TwoOfficialsDecideOverTheNetwork) {
  (void)centre.send("package", "N01");
  record::testing::WorldStation station = town().stations()[0];
  station.content.events += "20261206T190500-0400 SHEET-PRINTED 2\n";
  (void)centre.send(town().package(station));
  centre.verify();
  const auto queue =
      base::parse_json(sender("official ANA").get("v1/queue").value()).value();
  const auto& documents =
      queue.find("conflicts")->items()[0].find("documents")->items();
  ASSERT_EQ(documents.size(), 2U);
  Statement said;
  said.definition = town().definition().hash();
  said.family = "package";
  said.name = "N01";
  for (const auto& one : documents) {
    said.documents.push_back(
        base::array_from_hex<32>(*one.find("hash")->if_string()).value());
  }
  said.counts = said.documents.front();
  said.reason = "The box holds the other one's ballots.";
  said.date = "2026-12-07";
  const auto sign = [&](const std::string& who, const std::string& role) {
    const std::string text = said.text();
    return sender(who).post(
        "v1/decisions",
        text + sign_statement(text, role, "V", record::testing::known_key(role)));
  };
  EXPECT_NE(sign("official ANA", "PRESIDENT").value().find("false"), std::string::npos);
  EXPECT_NE(sign("official LUIS", "SECRETARY").value().find("true"), std::string::npos);
  EXPECT_EQ(centre.frame().package_of("N01").value(), *said.counts);
}

}  // namespace
}  // namespace urna::center
