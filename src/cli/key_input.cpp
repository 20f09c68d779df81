#include "cli/key_input.hpp"

#include "base/encoding.hpp"
#include "base/errors.hpp"
#include "cli/passphrase.hpp"
#include "crypto/key_file.hpp"

#include <fmt/format.h>

namespace urna::cli {
namespace {

constexpr std::size_t kMaxKeyFile = 64 * 1024;

}  // namespace

Result<crypto::SigningKey> load_signing_key(base::FileSystem& files,
                                            const std::string& path,
                                            const std::string& passphrase_file) {
  URNA_TRY(const Bytes file, base::read_file(files, path, kMaxKeyFile));
  URNA_TRY(const crypto::SecretBytes passphrase, get_passphrase(passphrase_file));
  return crypto::open_signing_key(file, path, passphrase.expose());
}

Result<void> require_no_file(base::FileSystem& files, const std::string& path) {
  if (files.kind(path) == base::FileKind::missing) return {};
  return fail(base::errors::file_access, fmt::format("{} exists", path),
              "keys are never overwritten: choose another name");
}

Result<crypto::PublicKey> load_public_key(base::FileSystem& files,
                                          const std::string& path) {
  URNA_TRY(const Bytes file, base::read_file(files, path, kMaxKeyFile));
  auto header = crypto::read_key_file_header(file);
  if (!header) return std::unexpected(std::move(header).error().at(path));
  return crypto::PublicKey::decode(header->public_part);
}

Result<crypto::PublicKey> parse_public_key(base::FileSystem& files,
                                           const std::string& text) {
  if (files.kind(text) == base::FileKind::file) return load_public_key(files, text);
  auto bytes = base::array_from_hex<32>(text);
  if (!bytes) {
    return fail(base::errors::bad_hex,
                fmt::format("'{}' is neither a key file nor a public key", text),
                "give 64 digits 0-9 a-f, or the name of a key file");
  }
  return crypto::PublicKey::decode(*bytes);
}

}  // namespace urna::cli
