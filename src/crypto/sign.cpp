#include "crypto/sign.hpp"

#include "crypto/errors.hpp"
#include "crypto/openssl.hpp"
#include "crypto/sodium.hpp"
#include "crypto/transcript.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <sodium.h>

namespace urna::crypto {

namespace {

Hash64 signed_bytes(std::string_view use, ByteView message) {
  return Transcript("signature").text(use).bytes(message).wide();
}

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

}  // namespace

Result<PublicKey> PublicKey::decode(ByteView bytes) {
  if (bytes.size() != 32) {
    return fail(errors::bad_public_key,
                fmt::format("a public key has 32 bytes, this has {}", bytes.size()));
  }
  detail::start_sodium();
  // On the curve, canonical, in the prime-order group and not the identity.
  if (crypto_core_ed25519_is_valid_point(bytes.data()) != 1) {
    return fail(errors::bad_public_key,
                "the 32 bytes are not a canonical Ed25519 key of full order",
                "ask the owner for the key again; a key made by `urna key new` passes");
  }
  ByteArray<32> copy;
  std::ranges::copy(bytes, copy.begin());
  return PublicKey(copy);
}

SigningKey SigningKey::from_seed(std::span<const std::uint8_t, 32> seed) {
  detail::start_sodium();
  SecretBytes secret(crypto_sign_SECRETKEYBYTES);
  ByteArray<32> public_bytes;
  crypto_sign_seed_keypair(public_bytes.data(), secret.writable().data(), seed.data());
  return SigningKey(std::move(secret), PublicKey(public_bytes));
}

Result<SigningKey> SigningKey::generate(base::Random& random) {
  SecretArray<32> seed;
  URNA_CHECK(random.fill(seed.writable()));
  return from_seed(seed.expose());
}

std::span<const std::uint8_t, 32> SigningKey::expose_seed() const {
  return secret_.expose().first<32>();
}

Signature SigningKey::sign(std::string_view use, ByteView message) const {
  return sign_raw(signed_bytes(use, message));
}

Signature SigningKey::sign_raw(ByteView message) const {
  Signature signature;
  crypto_sign_detached(signature.data(), nullptr, message.data(), message.size(),
                       secret_.expose().data());
  return signature;
}

bool verifies(const PublicKey& key, std::string_view use, ByteView message,
              const Signature& signature) {
  return verifies_raw(key, signed_bytes(use, message), signature);
}

bool verifies_raw(const PublicKey& key, ByteView message, const Signature& signature) {
  const std::unique_ptr<EVP_PKEY, FreeKey> evp_key(EVP_PKEY_new_raw_public_key(
      EVP_PKEY_ED25519, nullptr, key.bytes().data(), key.bytes().size()));
  const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  detail::must(evp_key != nullptr && context != nullptr, "Ed25519 key");
  detail::must(EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr,
                                    evp_key.get()) == 1,
               "EVP_DigestVerifyInit");
  return EVP_DigestVerify(context.get(), signature.data(), signature.size(),
                          message.data(), message.size()) == 1;
}

Result<void> check_signature(const PublicKey& key, std::string_view use,
                             ByteView message, const Signature& signature,
                             std::string_view what) {
  if (verifies(key, use, message, signature)) return {};
  return fail(errors::bad_signature,
              fmt::format("the signature of {} does not verify", what),
              "it was changed after signing, or signed by another key: do not use it");
}

std::vector<std::size_t> find_bad_signatures(std::span<const SignedMessage> messages,
                                             unsigned threads) {
  if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
  constexpr std::size_t kBlock = 64;
  std::atomic<std::size_t> next = 0;
  std::mutex lock;
  std::vector<std::size_t> bad;
  const auto work = [&] {
    for (std::size_t begin = next.fetch_add(kBlock); begin < messages.size();
         begin = next.fetch_add(kBlock)) {
      const std::size_t end = std::min(begin + kBlock, messages.size());
      for (std::size_t i = begin; i < end; ++i) {
        const SignedMessage& m = messages[i];
        if (verifies(m.key, m.use, m.message, m.signature)) continue;
        const std::scoped_lock guard(lock);
        bad.push_back(i);
      }
    }
  };
  {
    std::vector<std::jthread> helpers;
    for (unsigned i = 1; i < threads && messages.size() > kBlock * i; ++i) {
      helpers.emplace_back(work);
    }
    work();
  }
  std::ranges::sort(bad);
  return bad;
}

}  // namespace urna::crypto
