#include "http/static_files.hpp"

#include "base/csv.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::http {
namespace {

// Every part from the folder down must be a real folder, and the last a real file:
// so a symbolic link is never followed.
bool is_plain(base::FileSystem& files, const std::string& folder,
              std::string_view path) {
  std::string at = folder;
  while (true) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (part.empty() || part.starts_with('.')) return false;
    at = base::join_path(at, part);
    const bool last = slash == std::string_view::npos;
    if (files.kind(at) != (last ? base::FileKind::file : base::FileKind::folder)) {
      return false;
    }
    if (last) return true;
    path.remove_prefix(slash + 1);
  }
}

// Size and a checksum of the content's first and last bytes would not see every change,
// so the tag is made of all of it (FNV-1a, 64 bits; against accidents only).
Result<std::string> entity_tag(base::File& file, std::uint64_t size) {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (std::uint64_t at = 0; at < size;) {
    const std::size_t count = std::min<std::uint64_t>(size - at, 1 << 16);
    URNA_TRY(const Bytes bytes, file.read_at(at, count));
    for (const std::uint8_t byte : bytes) hash = (hash ^ byte) * 0x100000001B3;
    at += count;
  }
  return fmt::format("\"{:x}-{:016x}\"", size, hash);
}

// Above this, reading the whole file for a tag costs too much.
constexpr std::uint64_t kTagLimit = std::uint64_t{4} << 20;

Response send(const Request& request, std::shared_ptr<base::File> file,
              const std::string& path, const StaticOptions& options) {
  const auto size = file->size();
  if (!size) return Response::text(500, "the file cannot be read\n");
  Response out;
  out.with("Content-Type", options.type ? options.type(path) : media_type(path));
  out.with("Cache-Control",
           options.cache_control ? options.cache_control(path) : "no-cache");
  out.with("Accept-Ranges", "bytes");
  std::string tag;
  if (*size <= kTagLimit) {
    const auto made = entity_tag(*file, *size);
    if (!made) return Response::text(500, "the file cannot be read\n");
    tag = *made;
    out.with("ETag", tag);
    if (request.header("If-None-Match") == tag) {
      out.status = 304;
      return out;
    }
  }
  ByteRange range{0, *size};
  const auto asked = request.header("Range");
  const auto only_if = request.header("If-Range");
  if (asked && (!only_if || *only_if == tag)) {
    if (const auto part = parse_range(*asked, *size)) {
      if (part->length == 0) {
        return Response::text(416, "the file has no such bytes\n")
            .with("Content-Range", fmt::format("bytes */{}", *size));
      }
      range = *part;
      out.status = 206;
      out.with("Content-Range", fmt::format("bytes {}-{}/{}", range.first,
                                            range.first + range.length - 1, *size));
    }
  }
  out.part = FilePart{std::move(file), range.first, range.length};
  return out;
}

}  // namespace

std::string media_type(std::string_view path) {
  static constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {".html", "text/html; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".json", "application/json"},
      {".txt", "text/plain; charset=utf-8"},
      {".md", "text/plain; charset=utf-8"},
      {".csv", "text/csv; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".jpg", "image/jpeg"},
      {".webp", "image/webp"},
      {".ico", "image/x-icon"},
      {".woff2", "font/woff2"},
      {".pdf", "application/pdf"},
      {".wasm", "application/wasm"},
      {".mp3", "audio/mpeg"},
      {".ogg", "audio/ogg"},
      {".wav", "audio/wav"},
      {".webmanifest", "application/manifest+json"},
  };
  for (const auto& [ending, type] : kTypes) {
    if (path.ends_with(ending)) return std::string(type);
  }
  return "application/octet-stream";
}

std::optional<ByteRange> parse_range(std::string_view header, std::uint64_t size) {
  if (!header.starts_with("bytes=")) return std::nullopt;
  header.remove_prefix(6);
  const std::size_t dash = header.find('-');
  if (dash == std::string_view::npos || header.find(',') != std::string_view::npos) {
    return std::nullopt;
  }
  const auto number = [](std::string_view text) {
    return base::parse_count(text, INT64_MAX);
  };
  const std::string_view from = header.substr(0, dash);
  const std::string_view to = header.substr(dash + 1);
  if (from.empty()) {  // the last bytes
    const auto count = number(to);
    if (!count) return std::nullopt;
    const std::uint64_t length = std::min(*count, size);
    return ByteRange{size - length, length};
  }
  const auto first = number(from);
  if (!first) return std::nullopt;
  std::uint64_t last = size;  // one past the end
  if (!to.empty()) {
    const auto named = number(to);
    if (!named || *named < *first) return std::nullopt;
    last = std::min(*named + 1, size);
  }
  if (*first >= size) return ByteRange{0, 0};
  return ByteRange{*first, last - *first};
}

Handler static_files(base::FileSystem& files, std::string folder,
                     StaticOptions options) {
  return [&files, folder = std::move(folder),
          options = std::move(options)](const Request& request) {
    const auto param = request.params.find("path");
    std::string path = param == request.params.end() ? "" : param->second;
    if (path.empty() || path.ends_with('/')) {
      if (options.index.empty()) return not_found();
      path += options.index;
    }
    if (!is_plain(files, folder, path)) return not_found();
    auto file = files.open(base::join_path(folder, path), base::OpenMode::read);
    if (!file) return not_found();
    return send(request, std::shared_ptr<base::File>(std::move(*file)), path, options);
  };
}

}  // namespace urna::http
