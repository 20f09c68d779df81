#include "sheet/errors.hpp"
#include "sheet/paper/image.hpp"

#include <array>
#include <cctype>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <memory>
#include <optional>

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace urna::sheet {
namespace {

// Fine enough for a 0.5 mm module, coarse enough for a long roll.
constexpr const char* kDotsPerInch = "240";

std::unexpected<Error> no_reader(std::string_view why) {
  return fail(errors::no_pdf_reader,
              fmt::format("pdftoppm cannot turn the PDF into pictures: {}", why),
              "install poppler-utils (./setup does), or give the pages as PNG or JPEG");
}

// A running pdftoppm and the pipe it writes to; ended and waited for when it goes out
// of scope.
class Renderer {
 public:
  static Result<std::unique_ptr<Renderer>> start(const std::string& path) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return no_reader(std::strerror(errno));
    // A name that begins with '-' would be taken for an option.
    const std::string file = path.starts_with('/') ? path : "./" + path;
    const std::string last = std::to_string(kMaxPdfPages);
    std::array<const char*, 10> words{"pdftoppm",   "-q",   "-gray",      "-r",
                                      kDotsPerInch, "-l",   last.c_str(), file.c_str(),
                                      nullptr,      nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t child = 0;
    const int failed = posix_spawnp(&child, words[0], &actions, nullptr,
                                    const_cast<char* const*>(words.data()), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (failed != 0) {
      close(ends[0]);
      return no_reader(std::strerror(failed));
    }
    return std::unique_ptr<Renderer>(new Renderer(child, ends[0]));
  }

  Renderer(const Renderer&) = delete;
  Renderer& operator=(const Renderer&) = delete;
  ~Renderer() {
    close(from_);
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
  }

  // Exactly this many bytes; false at the end.
  bool read_bytes(std::uint8_t* to, std::size_t count) {
    while (count > 0) {
      const ssize_t got = ::read(from_, to, count);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return false;
      to += got;
      count -= static_cast<std::size_t>(got);
    }
    return true;
  }

 private:
  Renderer(pid_t child, int from) : child_(child), from_(from) {}
  pid_t child_;
  int from_;
};

// A number of a PGM header; nullopt at the end of the stream or on anything else.
std::optional<std::uint32_t> read_number(Renderer& pdf) {
  std::uint8_t c = ' ';
  while (std::isspace(c) != 0) {
    if (!pdf.read_bytes(&c, 1)) return std::nullopt;
  }
  std::uint32_t value = 0;
  for (int digits = 0; std::isdigit(c) != 0 && digits < 7; ++digits) {
    value = value * 10 + (c - '0');
    if (!pdf.read_bytes(&c, 1)) return std::nullopt;
  }
  if (std::isspace(c) == 0) return std::nullopt;
  return value;
}

}  // namespace

Result<void> for_each_pdf_page(const std::string& path,
                               const std::function<bool(const GrayImage&)>& page) {
  URNA_TRY(const auto pdf, Renderer::start(path));
  for (int pages = 0; pages < kMaxPdfPages; ++pages) {
    std::array<std::uint8_t, 2> magic{};
    if (!pdf->read_bytes(magic.data(), 2)) {
      if (pages > 0) return {};
      return fail(errors::bad_picture, "no page of the PDF could be drawn",
                  "open it in a PDF viewer: it may be damaged or protected", path);
    }
    const auto width = read_number(*pdf), height = read_number(*pdf);
    const auto white = read_number(*pdf);
    if (magic != std::array<std::uint8_t, 2>{'P', '5'} || !width || !height ||
        white != 255U || *width == 0 || *height == 0) {
      return no_reader("its output is not a PGM picture");
    }
    if (std::uint64_t{*width} * *height > kMaxPixels) {
      return fail(
          errors::picture_too_large,
          fmt::format("page {} would have {} x {} pixels", pages + 1, *width, *height),
          "print it on smaller pages", path);
    }
    GrayImage image;
    image.width = static_cast<int>(*width);
    image.height = static_cast<int>(*height);
    image.pixels.resize(std::size_t{*width} * *height);
    if (!pdf->read_bytes(image.pixels.data(), image.pixels.size())) {
      return no_reader("its output ends inside a page");
    }
    if (!page(image)) return {};
  }
  return {};
}

}  // namespace urna::sheet
