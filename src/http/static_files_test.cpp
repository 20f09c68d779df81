#include "http/static_files.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace urna::http {
namespace {

namespace fs = std::filesystem;

class StaticFiles : public ::testing::Test {
 protected:
  StaticFiles() {
    folder_ = fs::temp_directory_path() / ("urna-static-" + std::to_string(::getpid()));
    fs::create_directories(folder_ / "web/sub");
    put("web/index.html", "<p>start</p>");
    put("web/app.js", "0123456789");
    put("web/.hidden", "secret");
    put("outside.txt", "secret");
    fs::create_symlink("../outside.txt", folder_ / "web/link.txt");
    fs::create_directory_symlink("..", folder_ / "web/up");
    router_.on("GET", "/{path...}",
               static_files(files_, (folder_ / "web").string(), {}));
  }
  ~StaticFiles() override { fs::remove_all(folder_); }

  void put(const char* name, std::string_view content) const {
    std::ofstream(folder_ / name) << content;
  }
  Response get(std::string path, std::vector<Header> headers = {}) {
    Request request;
    request.method = "GET";
    request.path = std::move(path);
    request.headers = std::move(headers);
    return router_.answer(std::move(request));
  }
  static std::string content(const Response& response) {
    if (!response.part) return std::string(response.body_text());
    const auto& part = *response.part;
    return std::string(as_text(part.file->read_at(part.offset, part.length).value()));
  }

  fs::path folder_;
  base::RealFiles files_;
  Router router_;
};

TEST_F(StaticFiles, ServesFilesWithTheirTypes) {
  const Response page = get("/");
  EXPECT_EQ(page.status, 200U);
  EXPECT_EQ(content(page), "<p>start</p>");
  EXPECT_EQ(page.header("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(get("/app.js").header("Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(media_type("tile/0/000"), "application/octet-stream");
}

TEST_F(StaticFiles, NothingHiddenLinkedOrOutside) {
  for (const char* path : {"/.hidden", "/link.txt", "/up/outside.txt", "/sub", "/sub/",
                           "/none", "/app.js/", "/app.js/x"}) {
    EXPECT_EQ(get(path).status, 404U) << path;
  }
}

TEST_F(StaticFiles, BrokenOffTransfersAreResumed) {
  const Response whole = get("/app.js");
  const std::string tag(*whole.header("ETag"));
  const Response rest = get("/app.js", {{"Range", "bytes=4-"}});
  EXPECT_EQ(rest.status, 206U);
  EXPECT_EQ(content(rest), "456789");
  EXPECT_EQ(rest.header("Content-Range"), "bytes 4-9/10");
  EXPECT_EQ(get("/app.js", {{"Range", "bytes=4-"}, {"If-Range", tag}}).status, 206U);
  EXPECT_EQ(get("/app.js", {{"Range", "bytes=4-"}, {"If-Range", "\"x\""}}).status,
            200U);
  EXPECT_EQ(get("/app.js", {{"Range", "bytes=10-"}}).status, 416U);
  EXPECT_EQ(get("/app.js", {{"If-None-Match", tag}}).status, 304U);
  put("web/app.js", "0123456780");
  EXPECT_EQ(get("/app.js", {{"If-None-Match", tag}}).status, 200U);
}

TEST(ParseRange, ReadsWhatTheStandardSays) {
  const auto is = [](const char* header, std::uint64_t first, std::uint64_t length) {
    const auto range = parse_range(header, 10);
    return range && range->first == first && range->length == length;
  };
  EXPECT_TRUE(is("bytes=0-", 0, 10));
  EXPECT_TRUE(is("bytes=0-0", 0, 1));
  EXPECT_TRUE(is("bytes=2-100", 2, 8));
  EXPECT_TRUE(is("bytes=-3", 7, 3));
  EXPECT_TRUE(is("bytes=-30", 0, 10));
  EXPECT_TRUE(is("bytes=10-", 0, 0));
  for (const char* ignored : {"bytes=", "bytes=-", "bytes=3-2", "bytes=a-", "lines=0-1",
                              "bytes=0-1,3-4", "bytes=0x1-", "bytes=+1-"}) {
    EXPECT_FALSE(parse_range(ignored, 10).has_value()) << ignored;
  }
}

}  // namespace
}  // namespace urna::http
