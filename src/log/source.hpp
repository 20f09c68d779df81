// Where the files of a public record come from: a folder (a disk, a USB stick) or a web
// server. Both hand out the same immutable files under the same names, and both can go
// on where a transfer broke off.
//
// Thread rule: one thread per source. Public data.
#pragma once

#include "base/file.hpp"
#include "http/client.hpp"
#include "http/path.hpp"

#include <functional>
#include <memory>
#include <string>

namespace urna::log {

class RecordSource {
 public:
  virtual ~RecordSource() = default;

  struct Sink {
    std::function<Result<void>(ByteView)> take;  // the next bytes
    std::function<Result<void>()> restart;       // the source begins anew from byte 0
  };
  // Gives the file's bytes from `from` on to the sink; nothing when it ends there.
  // False when the source has no such file. Errors: those of the sink; what the disk or
  // the network says; http::errors::answer_too_long above `limit` bytes of the file.
  [[nodiscard]] virtual Result<bool> read(const std::string& path, std::uint64_t from,
                                          std::uint64_t limit, const Sink& sink) = 0;
  // Whether the error may go away when one tries again.
  [[nodiscard]] virtual bool passing(const Error& error) const = 0;
  [[nodiscard]] virtual std::string name() const = 0;
};

[[nodiscard]] std::unique_ptr<RecordSource> folder_source(base::FileSystem& files,
                                                          std::string folder);
[[nodiscard]] std::unique_ptr<RecordSource> http_source(
    http::Url url, http::ClientOptions options = {});

// A whole small file. Nothing when the source has none.
[[nodiscard]] Result<std::optional<Bytes>> read_whole(RecordSource& source,
                                                      const std::string& path,
                                                      std::uint64_t limit);

}  // namespace urna::log
