#include "http/path.hpp"

#include "http/errors.hpp"
#include "http/message.hpp"

#include <gtest/gtest.h>

namespace urna::http {
namespace {

TEST(DecodePath, TakesOneSpellingAndNothingThatClimbs) {
  EXPECT_EQ(decode_path("/").value(), "/");
  EXPECT_EQ(decode_path("/tile/0/x001/234.p/17").value(), "/tile/0/x001/234.p/17");
  EXPECT_EQ(decode_path("/a%20b/%C3%B1").value(), "/a b/\xC3\xB1");
  EXPECT_EQ(decode_path("/folder/").value(), "/folder/");
  for (const char* bad :
       {"",        "a",       "*",    "http://x/", "//",        "/a//b",   "/..",
        "/../etc", "/a/../b", "/./a", "/a/.",      "/%2e%2e/a", "/%2E./a", "/a%2Fb",
        "/a%2fb",  "/a\\b",   "/%5c", "/%00",      "/a%0Ab",    "/%",      "/%4",
        "/%zz",    "/\xFF",   "/%ff", "/a%7f"}) {
    EXPECT_FALSE(decode_path(bad).has_value()) << bad;
  }
  EXPECT_TRUE(decode_path("/" + std::string(1023, 'a')).has_value());
  EXPECT_EQ(decode_path("/" + std::string(1024, 'a')).error().kind, errors::bad_path);
}

TEST(ParseUrl, ReadsWhatItWrites) {
  for (const char* good :
       {"http://example.org/", "https://example.org/2020/record",
        "http://127.0.0.1:8080/", "https://[::1]:8443/a", "http://[::1]/"}) {
    EXPECT_EQ(parse_url(good).value().text(), good);
  }
  const Url url = parse_url("https://Example.org:443/a/").value();
  EXPECT_EQ(url.text(), "https://Example.org/a");
  EXPECT_EQ(url.below("tile/0/000").text(), "https://Example.org/a/tile/0/000");
  EXPECT_EQ(parse_url("http://h").value().below("x").path, "/x");
  for (const char* bad :
       {"", "example.org", "ftp://example.org", "http://", "http:///a", "http://a:0/",
        "http://a:65536/", "http://a:b/", "http://u@h/", "http://a/?q", "http://a/#f",
        "http://a/../b", "http://[::1/", "http://[::1]x/", "http://a:1:2/",
        "http://a b/"}) {
    EXPECT_EQ(parse_url(bad).error().kind, errors::bad_url) << bad;
  }
}

TEST(Request, QueryValuesAreDecoded) {
  Request request;
  request.query = "a=1&b=x%20y+z&c=%zz&a=2&d";
  EXPECT_EQ(request.query_value("a"), "1");
  EXPECT_EQ(request.query_value("b"), "x y z");
  EXPECT_FALSE(request.query_value("c").has_value());
  EXPECT_FALSE(request.query_value("d").has_value());
  EXPECT_FALSE(request.query_value("e").has_value());
}

}  // namespace
}  // namespace urna::http
