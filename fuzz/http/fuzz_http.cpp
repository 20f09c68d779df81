// Everything between the bytes of a connection and a handler, on any bytes: no crash,
// every answer is one of ours, and a handler sees only paths and bodies within bounds.
#include "http/path.hpp"
#include "http/server.hpp"
#include "http/static_files.hpp"

#include <cstdlib>

using namespace urna;

namespace {

void must(bool holds) {
  if (!holds) std::abort();
}

http::Response look(const http::Request& request) {
  must(request.path.starts_with('/') && request.path.size() <= 1024);
  must(request.path.find("/../") == std::string::npos);
  must(request.path.find('\0') == std::string::npos);
  must(request.body.size() <= 100);
  (void)request.query_value("a");
  if (const auto range = request.header("Range")) {
    if (const auto part = http::parse_range(*range, 1000)) {
      must(part->first + part->length <= 1000);
    }
  }
  return http::Response::text(200, "seen");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const http::Router router = [] {
    http::Router out;
    out.on("GET", "/a/{name}", look);
    out.on("POST", "/a/{name}", look, {.body_limit = 100});
    out.on("GET", "/{rest...}", look);
    return out;
  }();
  static const http::ServerOptions options;
  const std::string answer =
      http::answer_bytes(router, options, as_text(ByteView(data, size)));
  must(answer.empty() || answer.starts_with("HTTP/1.1 "));
  const std::string_view text = as_text(ByteView(data, size));
  if (const auto url = http::parse_url(text)) {
    must(http::parse_url(url->text()).value().text() == url->text());
  }
  return 0;
}
