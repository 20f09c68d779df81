#include "crypto/secret.hpp"

#include "crypto/sodium.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <sodium.h>

namespace urna::crypto {

void detail::start_sodium() {
  static const bool started = sodium_init() >= 0;
  if (started) return;
  std::fputs("fatal: libsodium could not start (no randomness from the system?)\n",
             stderr);
  std::abort();
}

void wipe(std::span<std::uint8_t> bytes) {
  sodium_memzero(bytes.data(), bytes.size());
}

bool equal_secret(ByteView a, ByteView b) {
  if (a.size() != b.size()) return false;
  return sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

SecretBytes::SecretBytes(std::size_t size) : size_(size) {
  detail::start_sodium();
  data_ = static_cast<std::uint8_t*>(sodium_malloc(size));
  if (data_ == nullptr) {
    std::fputs("fatal: no guarded memory for a secret\n", stderr);
    std::abort();
  }
  if (size > 0) std::memset(data_, 0, size);
}

SecretBytes SecretBytes::copy_of(ByteView source) {
  SecretBytes copy(source.size());
  std::ranges::copy(source, copy.data_);
  return copy;
}

SecretBytes::~SecretBytes() {
  sodium_free(data_);
}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

}  // namespace urna::crypto
