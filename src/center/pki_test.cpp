#include "center/pki.hpp"

#include "base/testing/scripted.hpp"
#include "center/errors.hpp"
#include "crypto/errors.hpp"
#include "crypto/testing/cheap_key_files.hpp"
#include "http/client.hpp"
#include "http/errors.hpp"
#include "http/server.hpp"

#include <gtest/gtest.h>

namespace urna::center {
namespace {

constexpr std::int64_t kDay = 86'400;

// One authority, whose files open with one passphrase; the clock is the real time,
// because OpenSSL asks the system's clock when two sides meet.
class Pki : public ::testing::Test {
 protected:
  base::SystemClock system;
  base::testing::ScriptedClock clock{system.unix_seconds()};
  base::SystemRandom random;
  PkiMaker maker{clock, random, crypto::CheapKeyFiles::cost()};
  crypto::Stretch passphrase{as_bytes("correct horse battery")};
  Bytes root;

  void SetUp() override {
    auto made = maker.authority({Purpose::authority, "Town CA", {}, 400}, passphrase);
    ASSERT_TRUE(made) << made.error().text();
    root = *std::move(made);
  }
  Result<Bytes> issue(const PkiPlan& plan) {
    return maker.issue(plan, root, passphrase, passphrase);
  }
  Result<TlsIdentity> open(const Bytes& file, Purpose purpose) {
    return open_identity(file, purpose, passphrase, clock,
                         crypto::CheapKeyFiles::cost());
  }
  TlsIdentity made(const PkiPlan& plan) {
    const auto file = issue(plan);
    if (!file) ADD_FAILURE() << file.error().text();
    return open(*file, plan.purpose).value();
  }
  // What a client with this identity gets from a server that asks for one.
  Result<http::Response> ask(const TlsIdentity* client, const TlsIdentity& server,
                             const std::string& client_roots) {
    http::Router router;
    router.on("GET", "/", [](const http::Request& request) {
      return http::Response::text(200, request.client->common_name);
    });
    http::ServerOptions options;
    options.tls = http::ServerTls{server.certificates, server.key, client_roots};
    auto running = http::Server::start(std::move(router), options);
    if (!running) return std::unexpected(running.error());
    http::ClientOptions asks;
    asks.tls.roots = certificates_of(root).value();
    if (client != nullptr) {
      asks.tls.certificates = client->certificates;
      asks.tls.key = client->key;
    }
    return http::Client(asks).get(http::parse_url((*running)->url()).value());
  }
};

TEST_F(Pki, ClientAndServerMeetByMutualTls) {
  const auto server = made({Purpose::server, "centre", {"127.0.0.1", "localhost"}, 9});
  const auto client = made({Purpose::client, "station N01", {}, 9});
  const auto answer = ask(&client, server, certificates_of(root).value());
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->body_text(), "station N01");
}

TEST_F(Pki, ClientsOfAnotherAuthorityWithoutOneOrOfAnotherKindAreTurnedAway) {
  const auto server = made({Purpose::server, "centre", {"127.0.0.1"}, 9});
  const std::string roots = certificates_of(root).value();
  EXPECT_FALSE(ask(nullptr, server, roots));
  // A server's certificate is not a client's.
  EXPECT_FALSE(ask(&server, server, roots));
  const Bytes other =
      maker.authority({Purpose::authority, "Town CA", {}, 9}, passphrase).value();
  const Bytes foreign =
      maker
          .issue({Purpose::client, "station N01", {}, 9}, other, passphrase, passphrase)
          .value();
  const auto impostor = open(foreign, Purpose::client).value();
  EXPECT_FALSE(ask(&impostor, server, roots));
}

TEST_F(Pki, ServersUnderAnotherNameOrWithAClientsCertificateAreNotBelieved) {
  const std::string roots = certificates_of(root).value();
  const auto client = made({Purpose::client, "station N01", {}, 9});
  const auto elsewhere = made({Purpose::server, "centre", {"centre.example"}, 9});
  EXPECT_FALSE(ask(&client, elsewhere, roots));
  const auto wrong = ask(&client, client, roots);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, http::errors::no_connection);
}

TEST_F(Pki, ExpiredCertificatesSaySoBeforeAnybodyIsAsked) {
  const Bytes file = issue({Purpose::client, "station N01", {}, 9}).value();
  clock.jump(std::chrono::seconds(10 * kDay));
  const auto expired = open(file, Purpose::client);
  ASSERT_FALSE(expired);
  EXPECT_EQ(expired.error().kind, errors::expired);
  EXPECT_NE(expired.error().message.find("station N01"), std::string::npos);
  clock.jump(std::chrono::seconds(-20 * kDay));
  EXPECT_EQ(open(file, Purpose::client).error().kind, errors::not_yet_valid);
  // Nor does an expired authority issue anything.
  clock.jump(std::chrono::seconds(500 * kDay));
  EXPECT_EQ(issue({Purpose::client, "station N01", {}, 9}).error().kind,
            errors::expired);
}

TEST_F(Pki, NothingOutlivesItsAuthority) {
  const auto late = made({Purpose::server, "centre", {"127.0.0.1"}, 3000});
  EXPECT_LE(late.info.until, clock.unix_seconds() + 400 * kDay);
  EXPECT_EQ(late.info.issuer, "Town CA");
}

TEST_F(Pki, FilesOfAnotherPurposeAndOtherPassphrasesAreRefused) {
  const Bytes file = issue({Purpose::client, "station N01", {}, 9}).value();
  EXPECT_EQ(open(file, Purpose::server).error().kind, errors::wrong_purpose);
  EXPECT_EQ(open(root, Purpose::client).error().kind, errors::wrong_purpose);
  crypto::Stretch wrong(as_bytes("another passphrase"));
  EXPECT_EQ(
      open_identity(file, Purpose::client, wrong, clock, crypto::CheapKeyFiles::cost())
          .error()
          .kind,
      crypto::errors::wrong_passphrase);
  // The private key is nowhere in the file in the clear.
  EXPECT_EQ(as_text(file).find("PRIVATE"), std::string_view::npos);
}

TEST_F(Pki, NamesThatNobodyCouldUseAreRefused) {
  EXPECT_EQ(issue({Purpose::client, "boss N01", {}, 9}).error().kind,
            errors::bad_identity);
  EXPECT_EQ(issue({Purpose::client, "station", {}, 9}).error().kind,
            errors::bad_identity);
  EXPECT_EQ(issue({Purpose::server, "centre", {}, 9}).error().kind,
            errors::bad_identity);
  EXPECT_EQ(issue({Purpose::server, "centre", {"a.example,URI:x"}, 9}).error().kind,
            errors::bad_identity);
  EXPECT_EQ(issue({Purpose::client, "station N01", {}, 0}).error().kind,
            errors::pki_failed);
  EXPECT_EQ(read_certificate("nonsense").error().kind, errors::bad_certificate);
}

}  // namespace
}  // namespace urna::center
