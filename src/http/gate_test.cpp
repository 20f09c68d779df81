#include "http/gate.hpp"

#include <gtest/gtest.h>

namespace urna::http {
namespace {

const GateRules kRules{{"127.0.0.1:8080", "localhost:8080", "witness.example"}};

unsigned status(std::string method, std::vector<Header> headers,
                RouteOptions route = {}, const GateRules& rules = kRules) {
  Request request;
  request.method = std::move(method);
  request.headers = std::move(headers);
  const auto refusal = refuse_foreign(request, rules, route);
  return refusal ? refusal->status : 200;
}

const Header kHost{"Host", "127.0.0.1:8080"};

TEST(Gate, AnswersOnlyForItsOwnNames) {
  EXPECT_EQ(status("GET", {kHost}), 200U);
  EXPECT_EQ(status("GET", {{"host", "LOCALHOST:8080"}}), 200U);
  EXPECT_EQ(status("GET", {{"Host", "witness.example"}}), 200U);
  EXPECT_EQ(status("GET", {{"Host", "witness.example:443"}}), 200U);
  // DNS rebinding: the attacker's name points to this machine.
  EXPECT_EQ(status("GET", {{"Host", "attacker.example:8080"}}), 421U);
  EXPECT_EQ(status("GET", {{"Host", "localhost:9090"}}), 421U);
  EXPECT_EQ(status("GET", {{"Host", ""}}), 421U);
  EXPECT_EQ(status("GET", {}), 400U);
  EXPECT_EQ(status("GET", {kHost, kHost}), 400U);
  EXPECT_EQ(status("GET", {{"Host", "anything"}}, {}, {{}, true}), 200U);
}

TEST(Gate, RefusesWhatPagesOfOtherSitesSend) {
  EXPECT_EQ(status("POST", {kHost}), 200U);  // a program
  EXPECT_EQ(status("POST", {kHost, {"Origin", "http://127.0.0.1:8080"}}), 200U);
  for (const char* origin : {"null", "http://attacker.example", "http://localhost:8080",
                             "http://127.0.0.1", "http://127.0.0.1:8081", ""}) {
    EXPECT_EQ(status("POST", {kHost, {"Origin", origin}}), 403U) << origin;
    EXPECT_EQ(status("GET", {kHost, {"Origin", origin}}), 403U) << origin;
  }
  for (const char* site : {"cross-site", "same-site", "nonsense"}) {
    EXPECT_EQ(status("POST", {kHost, {"Sec-Fetch-Site", site}}), 403U);
    EXPECT_EQ(status("GET", {kHost, {"Sec-Fetch-Site", site}}), 403U);
    // A link that a person followed is fine; sending a form is not.
    const std::vector<Header> link = {kHost,
                                      {"Sec-Fetch-Site", site},
                                      {"Sec-Fetch-Mode", "navigate"},
                                      {"Sec-Fetch-Dest", "document"}};
    EXPECT_EQ(status("GET", link), 200U);
    EXPECT_EQ(status("POST", link), 403U);
    const std::vector<Header> frame = {kHost,
                                       {"Sec-Fetch-Site", site},
                                       {"Sec-Fetch-Mode", "navigate"},
                                       {"Sec-Fetch-Dest", "iframe"}};
    EXPECT_EQ(status("GET", frame), 403U);
  }
  EXPECT_EQ(status("GET", {kHost, {"Sec-Fetch-Site", "same-origin"}}), 200U);
  EXPECT_EQ(status("GET", {kHost, {"Sec-Fetch-Site", "none"}}), 200U);
}

TEST(Gate, UnderTlsOnlyHttpsIsTheSameOrigin) {
  const GateRules tls{{"a.example"}, false, true};
  const Header host{"Host", "a.example"};
  EXPECT_EQ(status("POST", {host, {"Origin", "https://a.example"}}, {}, tls), 200U);
  EXPECT_EQ(status("POST", {host, {"Origin", "http://a.example"}}, {}, tls), 403U);
}

TEST(Gate, OpenRoutesAreOpenAsFarAsTheySay) {
  const Header foreign{"Origin", "https://verifier.example"};
  const Header cross{"Sec-Fetch-Site", "cross-site"};
  EXPECT_EQ(status("GET", {kHost, foreign, cross}, {.public_read = true}), 200U);
  EXPECT_EQ(status("POST", {kHost, foreign, cross}, {.public_read = true}), 403U);
  EXPECT_EQ(status("POST", {kHost, foreign, cross}, {.any_origin = true}), 200U);
  EXPECT_EQ(status("GET", {{"Host", "x"}, foreign}, {.public_read = true}), 421U);
}

TEST(Gate, EveryAnswerIsStrictUnlessTheHandlerSaysOtherwise) {
  Response response = Response::text(200, "x").with("Cache-Control", "max-age=5");
  add_safety_headers(response, {.public_read = true});
  EXPECT_EQ(response.header("cache-control"), "max-age=5");
  EXPECT_EQ(response.header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(response.header("Access-Control-Allow-Origin"), "*");
  EXPECT_TRUE(
      response.header("Content-Security-Policy")->starts_with("default-src 'none'"));
  Response closed = Response::text(200, "x");
  add_safety_headers(closed, {});
  EXPECT_FALSE(closed.header("Access-Control-Allow-Origin").has_value());
  EXPECT_EQ(closed.header("Cache-Control"), "no-store");
}

}  // namespace
}  // namespace urna::http
