#include "cli/passphrase.hpp"

#include "base/errors.hpp"
#include "base/file.hpp"
#include "crypto/errors.hpp"
#include "crypto/key_file.hpp"

#include <array>
#include <csignal>
#include <cstdio>

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

namespace urna::cli {
namespace {

constexpr std::size_t kLongest = 1024;

Result<crypto::SecretBytes> from_file(const std::string& path) {
  base::RealFiles files;
  URNA_TRY(Bytes bytes, base::read_file(files, path, kLongest));
  const std::size_t length =
      !bytes.empty() && bytes.back() == '\n' ? bytes.size() - 1 : bytes.size();
  auto secret = crypto::SecretBytes::copy_of(ByteView(bytes).first(length));
  crypto::wipe(bytes);
  return secret;
}

volatile std::sig_atomic_t g_stopped_by = 0;

// While it lives, signals that would end the program only interrupt reading, so that
// the terminal can be put back first.
class HeldSignals {
 public:
  HeldSignals() {
    g_stopped_by = 0;
    struct sigaction note{};
    note.sa_handler = [](int signal) { g_stopped_by = signal; };
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
      sigaction(kSignals[i], &note, &before_[i]);
    }
  }
  ~HeldSignals() {
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
      sigaction(kSignals[i], &before_[i], nullptr);
    }
    if (g_stopped_by != 0) std::raise(g_stopped_by);
  }
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;

 private:
  static constexpr std::array kSignals = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};
  std::array<struct sigaction, kSignals.size()> before_{};
};

// Reads one line with the echo off, then puts the terminal back in every case.
Result<crypto::SecretBytes> from_terminal(const char* prompt) {
  termios before{};
  if (tcgetattr(STDIN_FILENO, &before) != 0) {
    return fail(base::errors::file_access,
                "there is no terminal to ask for a passphrase",
                "give --passphrase-file");
  }
  const HeldSignals held;
  termios silent = before;
  silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  std::fputs(prompt, stderr);
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  crypto::SecretArray<kLongest> line;
  std::size_t length = 0;
  char next = 0;
  while (length < kLongest && read(STDIN_FILENO, &next, 1) == 1 && next != '\n') {
    line.writable()[length++] = static_cast<std::uint8_t>(next);
  }
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
  std::fputs("\n", stderr);
  return crypto::SecretBytes::copy_of(line.expose().first(length));
}

}  // namespace

Result<crypto::SecretBytes> get_passphrase(const std::string& file) {
  return file.empty() ? from_terminal("Passphrase: ") : from_file(file);
}

Result<crypto::SecretBytes> get_new_passphrase(const std::string& file) {
  if (!file.empty()) return from_file(file);
  URNA_TRY(auto passphrase, from_terminal("New passphrase: "));
  if (passphrase.size() < crypto::kShortestPassphrase) {
    return fail(crypto::errors::weak_passphrase,
                fmt::format("a passphrase needs at least {} characters",
                            crypto::kShortestPassphrase),
                "four or five random words make a good one");
  }
  URNA_TRY(const auto again, from_terminal("The same again: "));
  if (!crypto::equal_secret(passphrase.expose(), again.expose())) {
    return fail(crypto::errors::wrong_passphrase, "the two passphrases differ",
                "no key was made; run the command again");
  }
  return passphrase;
}

}  // namespace urna::cli
