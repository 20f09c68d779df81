#include "crypto/transcript.hpp"

#include "crypto/openssl.hpp"

#include <limits>

#include <openssl/evp.h>
#include <sodium.h>

namespace urna::crypto {

namespace {

std::array<std::uint8_t, 4> little_u32(std::uint32_t value) {
  return {static_cast<std::uint8_t>(value), static_cast<std::uint8_t>(value >> 8),
          static_cast<std::uint8_t>(value >> 16),
          static_cast<std::uint8_t>(value >> 24)};
}

// A longer part could not be framed; no caller has one.
std::uint32_t frame_length(std::size_t size) {
  detail::must(size <= std::numeric_limits<std::uint32_t>::max(), "a part above 4 GiB");
  return static_cast<std::uint32_t>(size);
}

detail::DigestContext copy_of(const detail::DigestContext& context) {
  detail::DigestContext copy(EVP_MD_CTX_new());
  detail::must(copy != nullptr && EVP_MD_CTX_copy_ex(copy.get(), context.get()) == 1,
               "EVP_MD_CTX_copy");
  return copy;
}

}  // namespace

Transcript::Transcript(std::string_view tag) {
  text(kProtocolPrefix);
  text(tag);
}

Transcript::Transcript(const Transcript& other) : used_(other.used_) {
  std::memcpy(buffer_.data(), other.buffer_.data(), used_);
  if (other.long_) long_ = copy_of(other.long_);
}

Transcript& Transcript::operator=(const Transcript& other) {
  if (this != &other) *this = Transcript(other);
  return *this;
}

Transcript& Transcript::u32(std::uint32_t value) {
  begin_part(4);
  const auto bytes = little_u32(value);
  put(bytes.data(), bytes.size());
  return *this;
}

Transcript& Transcript::bytes(ByteView part) {
  begin_part(frame_length(part.size()));
  put(part.data(), part.size());
  return *this;
}

Transcript& Transcript::begin_part(std::uint32_t length) {
  const auto bytes = little_u32(length);
  put(bytes.data(), bytes.size());
  return *this;
}

Transcript& Transcript::piece(ByteView some) {
  put(some.data(), some.size());
  return *this;
}

void Transcript::put(const std::uint8_t* data, std::size_t size) {
  if (size > kBuffer - used_) {
    spill();
    if (size > kBuffer) {
      detail::must(EVP_DigestUpdate(long_.get(), data, size) == 1, "EVP_DigestUpdate");
      return;
    }
  }
  if (size == 0) return;
  std::memcpy(buffer_.data() + used_, data, size);
  used_ += size;
}

void Transcript::spill() {
  if (!long_) long_ = detail::new_sha512();
  detail::must(EVP_DigestUpdate(long_.get(), buffer_.data(), used_) == 1,
               "EVP_DigestUpdate");
  used_ = 0;
}

Hash64 Transcript::wide() const {
  const ByteView rest(buffer_.data(), used_);
  if (!long_) return sha512(rest);
  const detail::DigestContext context = copy_of(long_);
  Hash64 hash;
  unsigned int length = 0;
  detail::must(EVP_DigestUpdate(context.get(), rest.data(), rest.size()) == 1 &&
                   EVP_DigestFinal_ex(context.get(), hash.data(), &length) == 1,
               "EVP_DigestFinal");
  return hash;
}

Hash32 Transcript::hash32() const {
  const Hash64 all = wide();
  Hash32 half;
  std::copy_n(all.begin(), half.size(), half.begin());
  return half;
}

static_assert(sizeof(crypto_hash_sha512_state) == 208);
static_assert(alignof(crypto_hash_sha512_state) <= 16);

namespace {
crypto_hash_sha512_state* sodium_state(std::array<std::uint8_t, 208>& bytes) {
  return reinterpret_cast<crypto_hash_sha512_state*>(bytes.data());
}
}  // namespace

SecretTranscript::SecretTranscript(std::string_view tag) {
  crypto_hash_sha512_init(sodium_state(state_));
  text(kProtocolPrefix);
  text(tag);
}

SecretTranscript::~SecretTranscript() {
  sodium_memzero(state_.data(), state_.size());
}

SecretTranscript& SecretTranscript::u32(std::uint32_t value) {
  return bytes(little_u32(value));
}

SecretTranscript& SecretTranscript::bytes(ByteView part) {
  const auto length = little_u32(frame_length(part.size()));
  crypto_hash_sha512_update(sodium_state(state_), length.data(), length.size());
  crypto_hash_sha512_update(sodium_state(state_), part.data(), part.size());
  return *this;
}

void SecretTranscript::wide(std::span<std::uint8_t, 64> out) {
  crypto_hash_sha512_final(sodium_state(state_), out.data());
  sodium_memzero(state_.data(), state_.size());
}

}  // namespace urna::crypto
