#include "crypto/secret_box.hpp"

#include "crypto/sodium.hpp"

#include <sodium.h>

namespace urna::crypto {
namespace {

constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
static_assert(kNonce + crypto_aead_xchacha20poly1305_ietf_ABYTES == kSecretBoxOverhead);

}  // namespace

Result<Bytes> seal_secret_box(base::Random& random,
                              std::span<const std::uint8_t, 32> key, ByteView context,
                              ByteView message) {
  detail::start_sodium();
  Bytes box(message.size() + kSecretBoxOverhead);
  const std::span<std::uint8_t> nonce(box.data(), kNonce);
  URNA_CHECK(random.fill(nonce));
  crypto_aead_xchacha20poly1305_ietf_encrypt(
      box.data() + kNonce, nullptr, message.data(), message.size(), context.data(),
      context.size(), nullptr, nonce.data(), key.data());
  return box;
}

std::optional<Bytes> open_secret_box(std::span<const std::uint8_t, 32> key,
                                     ByteView context, ByteView box) {
  detail::start_sodium();
  if (box.size() < kSecretBoxOverhead) return std::nullopt;
  Bytes message(box.size() - kSecretBoxOverhead);
  const ByteView sealed = box.subspan(kNonce);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          message.data(), nullptr, nullptr, sealed.data(), sealed.size(),
          context.data(), context.size(), box.data(), key.data()) != 0) {
    return std::nullopt;
  }
  return message;
}

}  // namespace urna::crypto
