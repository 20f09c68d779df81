#include "log/source.hpp"

#include "http/errors.hpp"
#include "log/errors.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::log {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 18;

class FolderSource final : public RecordSource {
 public:
  FolderSource(base::FileSystem& files, std::string folder)
      : files_(files), folder_(std::move(folder)) {}

  Result<bool> read(const std::string& path, std::uint64_t from, std::uint64_t limit,
                    const Sink& sink) override {
    const std::string full = base::join_path(folder_, path);
    if (files_.kind(full) != base::FileKind::file) return false;
    URNA_TRY(const auto file, files_.open(full, base::OpenMode::read));
    URNA_TRY(const std::uint64_t size, file->size());
    if (size > limit) {
      return fail(http::errors::answer_too_long,
                  fmt::format("{} has {} bytes, more than the {} it may have", full,
                              size, limit));
    }
    while (from < size) {
      const std::size_t count = std::min<std::uint64_t>(size - from, kPiece);
      URNA_TRY(const Bytes piece, file->read_at(from, count));
      URNA_CHECK(sink.take(piece));
      from += count;
    }
    return true;
  }

  bool passing(const Error&) const override { return false; }
  std::string name() const override { return folder_; }

 private:
  base::FileSystem& files_;
  std::string folder_;
};

class HttpSource final : public RecordSource {
 public:
  HttpSource(http::Url url, http::ClientOptions options)
      : url_(std::move(url)), client_(std::move(options)) {}

  Result<bool> read(const std::string& path, std::uint64_t from, std::uint64_t limit,
                    const Sink& sink) override {
    const http::Client::Download what{from, sink.restart, limit};
    URNA_TRY(const http::Response answer,
             client_.download(url_.below(path), what, sink.take));
    switch (answer.status) {
      case 200:
      case 206:
      case 416:  // the file ends where we are
        return true;
      case 404:
      case 410:
        return false;
      default:
        return fail(errors::mirror_source,
                    fmt::format("{} answers {} for {}", name(), answer.status, path),
                    "check the address");
    }
  }

  bool passing(const Error& error) const override {
    return error.kind == http::errors::no_connection ||
           error.kind == http::errors::timeout ||
           error.kind == http::errors::broken_off;
  }
  std::string name() const override { return url_.text(); }

 private:
  http::Url url_;
  http::Client client_;
};

}  // namespace

std::unique_ptr<RecordSource> folder_source(base::FileSystem& files,
                                            std::string folder) {
  return std::make_unique<FolderSource>(files, std::move(folder));
}

std::unique_ptr<RecordSource> http_source(http::Url url, http::ClientOptions options) {
  return std::make_unique<HttpSource>(std::move(url), std::move(options));
}

Result<std::optional<Bytes>> read_whole(RecordSource& source, const std::string& path,
                                        std::uint64_t limit) {
  Bytes out;
  const RecordSource::Sink sink{[&](ByteView piece) -> Result<void> {
                                  append(out, piece);
                                  return {};
                                },
                                [&]() -> Result<void> {
                                  out.clear();
                                  return {};
                                }};
  URNA_TRY(const bool there, source.read(path, 0, limit, sink));
  if (!there) return std::nullopt;
  return out;
}

}  // namespace urna::log
