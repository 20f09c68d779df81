// Bytes that must not leak: they cannot be copied, compared with ==, printed or turned
// into a string, and they are wiped when they go out of scope.
//
//   SecretBytes     any length, on guarded, locked pages of their own (sodium_malloc):
//                   for keys that live as long as the program. A few microseconds and
//                   four pages each.
//   SecretArray<N>  fixed length, held in place and wiped: for nonces and other values
//                   that live for one function call.
//
// Who looks inside says so: expose() gives a view, and every call of it is a place to
// review. Thread rule: like any plain value.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstddef>

namespace urna::crypto {

// Overwrites memory in a way the compiler may not remove.
void wipe(std::span<std::uint8_t> bytes);

// Constant time for equal lengths; the lengths themselves are public.
[[nodiscard]] bool equal_secret(ByteView a, ByteView b);

class SecretBytes {
 public:
  // Zeroes, to be filled through writable().
  explicit SecretBytes(std::size_t size);
  // Takes a copy and leaves `source` as it was: the caller wipes what it read from.
  [[nodiscard]] static SecretBytes copy_of(ByteView source);

  ~SecretBytes();
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  SecretBytes(SecretBytes&& other) noexcept;
  SecretBytes& operator=(SecretBytes&& other) noexcept;

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] ByteView expose() const { return {data_, size_}; }
  [[nodiscard]] std::span<std::uint8_t> writable() { return {data_, size_}; }

 private:
  std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

template <std::size_t N>
class SecretArray {
 public:
  SecretArray() : bytes_{} {}
  ~SecretArray() { wipe(bytes_); }
  SecretArray(const SecretArray&) = delete;
  SecretArray& operator=(const SecretArray&) = delete;
  // Moving leaves nothing behind.
  SecretArray(SecretArray&& other) noexcept : bytes_(other.bytes_) {
    wipe(other.bytes_);
  }
  SecretArray& operator=(SecretArray&& other) noexcept {
    if (this != &other) {
      bytes_ = other.bytes_;
      wipe(other.bytes_);
    }
    return *this;
  }

  [[nodiscard]] std::span<const std::uint8_t, N> expose() const { return bytes_; }
  [[nodiscard]] std::span<std::uint8_t, N> writable() { return bytes_; }

 private:
  ByteArray<N> bytes_;
};

}  // namespace urna::crypto
