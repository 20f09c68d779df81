#include "cli/passphrase.hpp"

#include "base/errors.hpp"
#include "base/file.hpp"

#include <cstdio>

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

// Reads a line with the echo switched off; the setting comes back in every case.
Result<crypto::SecretBytes> from_terminal() {
  termios before{};
  if (tcgetattr(STDIN_FILENO, &before) != 0) {
    return fail(base::errors::file_access,
                "there is no terminal to ask for a passphrase",
                "give --passphrase-file");
  }
  termios silent = before;
  silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  std::fputs("Passphrase: ", stderr);
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
  return file.empty() ? from_terminal() : from_file(file);
}

}  // namespace urna::cli
