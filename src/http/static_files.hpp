// Serves a folder: pages of a device, or the files of a public record. Only regular
// files inside the folder; no listing, no hidden files, no symbolic links. Large files
// are streamed, and a transfer that broke off can be resumed (Range, If-Range).
//
// Thread rule: the handler may run on several threads when the FileSystem may.
#pragma once

#include "base/file.hpp"
#include "http/router.hpp"

#include <string>

namespace urna::http {

struct StaticOptions {
  // What "/" and "/folder/" serve; empty: 404.
  std::string index = "index.html";
  // Cache-Control for a path inside the folder; empty function: "no-cache" (ask again,
  // cheap thanks to the entity tag).
  std::function<std::string(std::string_view path)> cache_control;
  // The media type of a path; empty function: media_type().
  std::function<std::string(std::string_view path)> type;
};

// Add it as router.on("GET", "/{path...}", static_files(files, "web", {})): the route's
// parameter must be called `path`. `files` must outlive the handler.
[[nodiscard]] Handler static_files(base::FileSystem& files, std::string folder,
                                   StaticOptions options);

// By the ending of the name; application/octet-stream when it is not known.
[[nodiscard]] std::string media_type(std::string_view path);

// What a Range header asks of `size` bytes: first and length. Nothing: send all (no
// header, or several ranges). A range outside gives length 0: 416.
struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t length = 0;
};
[[nodiscard]] std::optional<ByteRange> parse_range(std::string_view header,
                                                   std::uint64_t size);

}  // namespace urna::http
