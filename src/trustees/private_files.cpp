#include "trustees/private_files.hpp"

#include "base/binary.hpp"
#include "trustees/errors.hpp"

#include <fmt/format.h>

namespace urna::trustees {

namespace {

constexpr std::string_view kKeysKind = "trustee";
constexpr std::string_view kMemoryKind = "trustee-ceremony";
constexpr std::string_view kShareKind = "trustee-share";
constexpr std::size_t kLargestPrivateFile = std::size_t{1} << 20;

// Fills guarded memory from the front; the sizes are fixed beforehand.
class SecretWriter {
 public:
  explicit SecretWriter(std::size_t size) : bytes_(size) {}
  void put(ByteView more) {
    std::ranges::copy(more,
                      bytes_.writable().begin() + static_cast<std::ptrdiff_t>(at_));
    at_ += more.size();
  }
  [[nodiscard]] ByteView view() const { return bytes_.expose(); }

 private:
  crypto::SecretBytes bytes_;
  std::size_t at_ = 0;
};

void write_binding(base::Writer& writer, const Binding& binding,
                   std::uint32_t trustee) {
  writer.fixed(binding.ceremony);
  writer.u32(binding.attempt);
  writer.u32(binding.trustees);
  writer.u32(binding.threshold);
  writer.fixed(binding.definition);
  writer.u32(trustee);
}

Result<std::pair<Binding, std::uint32_t>> read_binding(base::Reader& reader) {
  Binding binding;
  URNA_TRY(binding.ceremony, reader.array<32>());
  URNA_TRY(binding.attempt, reader.u32());
  URNA_TRY(binding.trustees, reader.u32());
  URNA_TRY(binding.threshold, reader.u32());
  URNA_TRY(binding.definition, reader.array<32>());
  URNA_TRY(const std::uint32_t trustee, reader.u32());
  return std::pair(binding, trustee);
}

std::unexpected<Error> bad_file(std::string message) {
  return fail(errors::bad_private_file, std::move(message),
              "use the private file that belongs to this trustee and attempt");
}

ByteArray<32> array_of(ByteView bytes) {
  ByteArray<32> array;
  std::ranges::copy(bytes, array.begin());
  return array;
}

}  // namespace

Result<void> Vault::write(const std::string& path, std::string_view kind,
                          ByteView public_part, ByteView secret) const {
  URNA_TRY(const Bytes file,
           crypto::seal_key_file(random, kind, public_part, secret, passphrase, cost));
  return base::write_durable(files, path, file);
}

Result<crypto::SecretBytes> Vault::read(const std::string& path,
                                        std::string_view kind) const {
  URNA_TRY(const Bytes file, base::read_file(files, path, kLargestPrivateFile));
  auto secret = crypto::open_key_file(file, kind, passphrase, cost);
  if (!secret) return std::unexpected(std::move(secret).error().at(path));
  return secret;
}

Result<TrusteeKeys> TrusteeKeys::generate(base::Random& random) {
  URNA_TRY(auto signing, crypto::SigningKey::generate(random));
  URNA_TRY(auto box, crypto::BoxSecretKey::generate(random));
  return TrusteeKeys{std::move(signing), std::move(box)};
}

Result<void> TrusteeKeys::save(const Vault& vault, const std::string& path) const {
  Bytes public_part = to_bytes(signing.public_key().bytes());
  append(public_part, box.public_key().bytes());
  SecretWriter secret(64);
  secret.put(signing.expose_seed());
  secret.put(box.expose());
  return vault.write(path, kKeysKind, public_part, secret.view());
}

Result<TrusteeKeys> TrusteeKeys::load(const Vault& vault, const std::string& path) {
  URNA_TRY(const crypto::SecretBytes secret, vault.read(path, kKeysKind));
  if (secret.size() != 64) return bad_file("the trustee's key file has a wrong length");
  return TrusteeKeys{
      crypto::SigningKey::from_seed(secret.expose().first<32>()),
      crypto::BoxSecretKey::from_bytes(secret.expose().subspan<32, 32>())};
}

Result<CeremonyMemory> CeremonyMemory::draw(base::Random& random,
                                            const Binding& binding,
                                            std::uint32_t trustee) {
  CeremonyMemory memory;
  memory.binding = binding;
  memory.trustee = trustee;
  for (std::uint32_t j = 0; j < binding.threshold; ++j) {
    URNA_TRY(SecretScalar secret, draw_scalar<R>(random));
    const Element element = R::base_mul(secret);
    if (element.is_identity()) return bad_file("drew a zero coefficient: draw again");
    URNA_TRY(const auto proof,
             prove_coefficient<R>(random, {binding, trustee, j}, secret, element));
    memory.polynomial.push_back(std::move(secret));
    memory.coefficients.push_back({element, proof});
  }
  for (std::uint32_t l = 0; l < binding.trustees; ++l) {
    URNA_TRY(auto ephemeral, crypto::BoxSecretKey::generate(random));
    memory.ephemerals.push_back(std::move(ephemeral));
  }
  return memory;
}

Result<void> CeremonyMemory::save(const Vault& vault, const std::string& path) const {
  base::Writer public_part;
  write_binding(public_part, binding, trustee);
  const Bytes proofs = encode_coefficients(coefficients);
  SecretWriter secret(32 * (polynomial.size() + ephemerals.size() + 3) + proofs.size());
  for (const SecretScalar& coefficient : polynomial) {
    secret.put(coefficient.secret_bytes());
  }
  for (const crypto::BoxSecretKey& ephemeral : ephemerals)
    secret.put(ephemeral.expose());
  secret.put(proofs);
  secret.put(commits);
  secret.put(reveals);
  secret.put(shares);
  return vault.write(path, kMemoryKind, public_part.view(), secret.view());
}

Result<CeremonyMemory> CeremonyMemory::load(const Vault& vault, const std::string& path,
                                            const Binding& binding,
                                            std::uint32_t trustee) {
  URNA_TRY(const Bytes file, base::read_file(vault.files, path, kLargestPrivateFile));
  URNA_TRY(const auto header, crypto::read_key_file_header(file));
  base::Reader header_reader(header.public_part);
  URNA_TRY(const auto place, read_binding(header_reader));
  if (place != std::pair(binding, trustee)) {
    return bad_file(
        fmt::format("{} belongs to another trustee, ceremony or attempt", path));
  }
  URNA_TRY(const crypto::SecretBytes secret, vault.read(path, kMemoryKind));
  base::Reader reader(secret.expose());
  CeremonyMemory memory;
  memory.binding = binding;
  memory.trustee = trustee;
  for (std::uint32_t j = 0; j < binding.threshold; ++j) {
    URNA_TRY(const ByteView bytes, reader.fixed(32));
    URNA_TRY(SecretScalar coefficient, SecretScalar::decode(bytes));
    memory.polynomial.push_back(std::move(coefficient));
  }
  for (std::uint32_t l = 0; l < binding.trustees; ++l) {
    URNA_TRY(const ByteView bytes, reader.fixed(32));
    memory.ephemerals.push_back(crypto::BoxSecretKey::from_bytes(bytes.first<32>()));
  }
  for (std::uint32_t j = 0; j < binding.threshold; ++j) {
    URNA_TRY(const ByteView bytes, reader.fixed(kCoefficientSize));
    URNA_TRY(const Coefficient coefficient, decode_coefficient(bytes));
    memory.coefficients.push_back(coefficient);
  }
  URNA_TRY(memory.commits, reader.array<32>());
  URNA_TRY(memory.reveals, reader.array<32>());
  URNA_TRY(memory.shares, reader.array<32>());
  URNA_CHECK(reader.finish());
  return memory;
}

Result<void> KeyShare::save(const Vault& vault, const std::string& path) const {
  base::Writer public_part;
  write_binding(public_part, binding, trustee);
  public_part.fixed(election_hash);
  return vault.write(path, kShareKind, public_part.view(), secret.secret_bytes());
}

Result<KeyShare> KeyShare::load(const Vault& vault, const std::string& path) {
  URNA_TRY(const Bytes file, base::read_file(vault.files, path, kLargestPrivateFile));
  URNA_TRY(const auto header, crypto::read_key_file_header(file));
  URNA_TRY(const crypto::SecretBytes bytes, vault.read(path, kShareKind));
  base::Reader reader(header.public_part);
  URNA_TRY(const auto place, read_binding(reader));
  URNA_TRY(const ByteView hash, reader.fixed(32));
  URNA_CHECK(reader.finish());
  URNA_TRY(SecretScalar secret, SecretScalar::decode(bytes.expose()));
  return KeyShare{place.first, place.second, array_of(hash), std::move(secret)};
}

}  // namespace urna::trustees
