#include "base/process.hpp"

#include "base/errors.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace urna::base {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int descriptor = -1) : descriptor_(descriptor) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }
  void close() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
  }
  void take(int descriptor) { descriptor_ = descriptor; }
  [[nodiscard]] int get() const { return descriptor_; }
  [[nodiscard]] bool open() const { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

struct Pipe {
  Descriptor read, write;
  [[nodiscard]] bool make() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
    read.take(ends[0]);
    write.take(ends[1]);
    return true;
  }
};

// A program that ends before it has read everything must not end this one with it.
class IgnoreBrokenPipe {
 public:
  IgnoreBrokenPipe() : before_(std::signal(SIGPIPE, SIG_IGN)) {}
  IgnoreBrokenPipe(const IgnoreBrokenPipe&) = delete;
  IgnoreBrokenPipe& operator=(const IgnoreBrokenPipe&) = delete;
  ~IgnoreBrokenPipe() { std::signal(SIGPIPE, before_); }

 private:
  void (*before_)(int);
};

// Feeds and reads until the program closes its output; false when time is up.
bool talk(Pipe& in, Pipe& out, ByteView input, Bytes& output,
          std::chrono::milliseconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  if (input.empty()) in.write.close();
  std::array<std::uint8_t, 65'536> part{};
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    std::array<pollfd, 2> wait{pollfd{out.read.get(), POLLIN, 0},
                               pollfd{in.write.get(), POLLOUT, 0}};
    const nfds_t count = in.write.open() ? 2 : 1;
    if (::poll(wait.data(), count, static_cast<int>(left.count())) < 0 &&
        errno != EINTR) {
      return false;
    }
    if (count == 2 && wait[1].revents != 0) {
      const ssize_t put = ::write(in.write.get(), input.data(), input.size());
      if (put > 0) input = input.subspan(static_cast<std::size_t>(put));
      if (input.empty() || (put < 0 && errno != EAGAIN && errno != EINTR)) {
        in.write.close();
      }
    }
    if (wait[0].revents == 0) continue;
    const ssize_t got = ::read(out.read.get(), part.data(), part.size());
    if (got == 0) return true;
    if (got > 0) output.insert(output.end(), part.begin(), part.begin() + got);
    if (got < 0 && errno != EINTR) return false;
  }
}

std::unexpected<Error> not_started(const std::string& program) {
  return fail(errors::file_access, fmt::format("'{}' cannot be started", program),
              "install it (tools/packages.txt says what needs it)");
}

}  // namespace

Result<ProgramResult> run_program(const std::vector<std::string>& words, ByteView input,
                                  std::chrono::milliseconds patience) {
  Pipe in, out;
  if (!in.make() || !out.make()) return not_started(words.front());
  ::fcntl(in.write.get(), F_SETFL, O_NONBLOCK);
  std::vector<char*> arguments;
  for (const std::string& word : words) {
    arguments.push_back(const_cast<char*>(word.c_str()));
  }
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.read.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out.write.get(), STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int failed = ::posix_spawnp(&child, arguments.front(), &actions, nullptr,
                                    arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return not_started(words.front());
  in.read.close();
  out.write.close();
  const IgnoreBrokenPipe ignore;
  ProgramResult result;
  const bool whole = talk(in, out, input, result.output, patience);
  if (!whole) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!whole) {
    return fail(errors::file_access,
                fmt::format("'{}' did not end in time", words.front()));
  }
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

}  // namespace urna::base
