#include "crypto/key_file.hpp"

#include "base/binary.hpp"
#include "base/encoding.hpp"
#include "crypto/errors.hpp"
#include "crypto/sha256.hpp"
#include "crypto/sodium.hpp"
#include "crypto/transcript.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <sodium.h>

namespace urna::crypto {

namespace {

constexpr std::string_view kMagic = "urna-key";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kSalt = crypto_pwhash_SALTBYTES;
constexpr std::size_t kNonce = crypto_secretbox_NONCEBYTES;
constexpr std::size_t kTag = crypto_secretbox_MACBYTES;
constexpr std::size_t kLongestPart = std::size_t{1} << 20;
// 4 GiB and 64 passes: more than any honest file asks for.
constexpr std::uint32_t kMostMemoryKib = 4u * 1024 * 1024;
constexpr std::uint32_t kMostPasses = 64;

// A file taken apart; the views point into it.
struct Parts {
  std::string kind;
  std::uint32_t passes;
  std::uint32_t memory_kib;
  ByteArray<kSalt> salt;
  Bytes public_part;
  ByteView header;  // everything up to here: authenticated
  ByteArray<kNonce> nonce;
  ByteView box;
};

Result<Parts> parse(ByteView file) {
  base::Reader reader(file);
  URNA_TRY(const ByteView magic, reader.fixed(kMagic.size()));
  if (as_text(magic) != kMagic) {
    return fail(errors::key_file_damaged, "this is not a key file");
  }
  URNA_TRY(const std::uint32_t version, reader.u32());
  if (version != kVersion) {
    return fail(
        errors::key_file_version,
        fmt::format("the key file has version {}, this program reads version {}",
                    version, kVersion),
        "use the program that made it, or a newer one");
  }
  Parts parts;
  URNA_TRY(parts.kind, reader.text(64));
  URNA_TRY(parts.passes, reader.u32());
  URNA_TRY(parts.memory_kib, reader.u32());
  URNA_TRY(parts.salt, reader.array<kSalt>());
  URNA_TRY(const ByteView public_part, reader.var_bytes(kLongestPart));
  parts.public_part = to_bytes(public_part);
  parts.header = file.first(reader.offset());
  URNA_TRY(parts.nonce, reader.array<kNonce>());
  URNA_TRY(parts.box, reader.var_bytes(kLongestPart));
  const ByteView before_checksum = file.first(reader.offset());
  URNA_TRY(const Hash32 checksum, reader.array<32>());
  URNA_CHECK(reader.finish());
  if (parts.box.size() < kTag || checksum != sha256(before_checksum)) {
    return fail(errors::key_file_damaged, "the key file's checksum does not match");
  }
  return parts;
}

// Damage of every sort is one error for the reader: fetch the backup.
Result<Parts> parse_or_damaged(ByteView file) {
  auto parts = parse(file);
  if (parts.has_value() || parts.error().kind == errors::key_file_version) return parts;
  return fail(errors::key_file_damaged,
              fmt::format("the key file is damaged: {}", parts.error().message),
              "restore it from its backup; no passphrase opens a damaged file",
              parts.error().where);
}

}  // namespace

// Makes the keys of files from a Stretch, stretching only when it must.
class KeyFileLock {
 public:
  explicit KeyFileLock(Stretch& passphrase) : it_(passphrase) {}

  // The salt of the last file, where it was stretched at this cost; else `fresh`.
  [[nodiscard]] ByteArray<kSalt> salt(const KeyFileCost& cost,
                                      const ByteArray<kSalt>& fresh) const {
    const bool kept =
        it_.passes_ == cost.passes() && it_.memory_kib_ == cost.memory_kib();
    return kept ? it_.salt_ : fresh;
  }

  // The box key binds the whole header: a file whose kind, cost or public part was
  // changed does not open.
  [[nodiscard]] Result<SecretArray<64>> box_key(std::uint32_t passes,
                                                std::uint32_t memory_kib,
                                                const ByteArray<kSalt>& salt,
                                                ByteView header) {
    URNA_CHECK(stretch(passes, memory_kib, salt));
    SecretArray<64> key;
    SecretTranscript("key-file")
        .bytes(it_.stretched_.expose())
        .bytes(header)
        .wide(key.writable());
    return key;
  }

  // After a file that did not open: nothing is written under its salt.
  void forget() { it_.passes_ = 0; }

 private:
  [[nodiscard]] Result<void> stretch(std::uint32_t passes, std::uint32_t memory_kib,
                                     const ByteArray<kSalt>& salt) {
    if (it_.passes_ == passes && it_.memory_kib_ == memory_kib && it_.salt_ == salt) {
      return {};
    }
    forget();
    if (crypto_pwhash(it_.stretched_.writable().data(), 32,
                      reinterpret_cast<const char*>(it_.passphrase_.data()),
                      it_.passphrase_.size(), salt.data(), passes,
                      std::size_t{memory_kib} * 1024,
                      crypto_pwhash_ALG_ARGON2ID13) != 0) {
      return fail(errors::key_file_cost,
                  fmt::format("no {} MiB of memory free to open the key file",
                              memory_kib / 1024),
                  "close other programs, or use a machine with more memory");
    }
    it_.passes_ = passes;
    it_.memory_kib_ = memory_kib;
    it_.salt_ = salt;
    return {};
  }

  Stretch& it_;
};

Result<Bytes> seal_key_file(base::Random& random, std::string_view kind,
                            ByteView public_part, ByteView secret, Stretch& passphrase,
                            KeyFileCost cost) {
  detail::start_sodium();
  if (passphrase.passphrase_size() < kShortestPassphrase) {
    return fail(
        errors::weak_passphrase,
        fmt::format("a passphrase needs at least {} characters", kShortestPassphrase),
        "four or five random words make a good one");
  }
  ByteArray<kSalt + kNonce> fresh;
  URNA_CHECK(random.fill(fresh));
  ByteArray<kSalt> salt;
  std::ranges::copy(ByteView(fresh).first(kSalt), salt.begin());
  const ByteView nonce = ByteView(fresh).subspan(kSalt);
  KeyFileLock lock(passphrase);
  salt = lock.salt(cost, salt);

  base::Writer writer;
  writer.fixed(as_bytes(kMagic));
  writer.u32(kVersion);
  writer.text(kind);
  writer.u32(cost.passes());
  writer.u32(cost.memory_kib());
  writer.fixed(salt);
  writer.var_bytes(public_part);
  URNA_TRY(const SecretArray<64> key,
           lock.box_key(cost.passes(), cost.memory_kib(), salt, writer.view()));
  Bytes box(kTag + secret.size());
  crypto_secretbox_easy(box.data(), secret.data(), secret.size(), nonce.data(),
                        key.expose().data());
  writer.fixed(nonce);
  writer.var_bytes(box);
  writer.fixed(sha256(writer.view()));
  return std::move(writer).take();
}

Result<KeyFileHeader> read_key_file_header(ByteView file) {
  URNA_TRY(Parts parts, parse_or_damaged(file));
  return KeyFileHeader{std::move(parts.kind), std::move(parts.public_part)};
}

Result<SecretBytes> open_key_file(ByteView file, std::string_view kind,
                                  Stretch& passphrase, KeyFileCost least) {
  detail::start_sodium();
  URNA_TRY(const Parts parts, parse_or_damaged(file));
  if (parts.kind != kind) {
    return fail(
        errors::key_file_kind,
        fmt::format("this is a key file of kind '{}', not '{}'", parts.kind, kind),
        "give the file that belongs to this step");
  }
  if (parts.passes < least.passes() || parts.memory_kib < least.memory_kib() ||
      parts.passes > kMostPasses || parts.memory_kib > kMostMemoryKib) {
    return fail(errors::key_file_cost,
                fmt::format("the key file asks for {} passes over {} KiB, outside what "
                            "this program accepts",
                            parts.passes, parts.memory_kib),
                "make the key again with this program");
  }
  KeyFileLock lock(passphrase);
  URNA_TRY(const SecretArray<64> key,
           lock.box_key(parts.passes, parts.memory_kib, parts.salt, parts.header));
  SecretBytes secret(parts.box.size() - kTag);
  if (crypto_secretbox_open_easy(secret.writable().data(), parts.box.data(),
                                 parts.box.size(), parts.nonce.data(),
                                 key.expose().data()) != 0) {
    lock.forget();
    return fail(errors::wrong_passphrase,
                "the passphrase does not open this key file, which is intact",
                "type it again; without it the key is lost");
  }
  return secret;
}

Result<Bytes> seal_key_file(base::Random& random, std::string_view kind,
                            ByteView public_part, ByteView secret, ByteView passphrase,
                            KeyFileCost cost) {
  Stretch stretch(passphrase);
  return seal_key_file(random, kind, public_part, secret, stretch, cost);
}

Result<SecretBytes> open_key_file(ByteView file, std::string_view kind,
                                  ByteView passphrase, KeyFileCost least) {
  Stretch stretch(passphrase);
  return open_key_file(file, kind, stretch, least);
}

Result<SigningKey> open_signing_key(ByteView file, const std::string& path,
                                    ByteView passphrase) {
  auto seed = open_key_file(file, kSigningKeyKind, passphrase);
  if (!seed) return std::unexpected(std::move(seed).error().at(path));
  if (seed->size() != 32) return base::wrong_length_error(32, seed->size());
  return SigningKey::from_seed(seed->expose().first<32>());
}

}  // namespace urna::crypto
