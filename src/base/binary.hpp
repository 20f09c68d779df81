// The one way to write and read our binary formats. Integers are little-endian
// unless a foreign format demands otherwise (the _be functions); variable parts
// carry their u32 length in front. The reader never guesses: short input,
// over-long parts and trailing bytes are errors that give the offset.
//
//   Writer w; w.u32(7); w.var_bytes(name); Bytes b = std::move(w).take();
//   Reader r(b); URNA_TRY(auto n, r.u32()); ... URNA_CHECK(r.finish());
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <concepts>
#include <limits>
#include <string>
#include <string_view>

namespace urna::base {

class Writer {
 public:
  void u8(std::uint8_t value) { bytes_.push_back(value); }
  void u16(std::uint16_t value) { little(value); }
  void u32(std::uint32_t value) { little(value); }
  void u64(std::uint64_t value) { little(value); }
  void u16_be(std::uint16_t value) { big(value); }
  void u32_be(std::uint32_t value) { big(value); }
  void u64_be(std::uint64_t value) { big(value); }

  // Bytes whose length the format fixes: written as they are.
  void fixed(ByteView bytes) { append(bytes_, bytes); }

  // u32 length, then the bytes. The caller keeps parts below 4 GiB.
  void var_bytes(ByteView bytes);
  void text(std::string_view text) { var_bytes(as_bytes(text)); }

  [[nodiscard]] ByteView view() const { return bytes_; }
  [[nodiscard]] Bytes take() && { return std::move(bytes_); }

 private:
  template <std::unsigned_integral T>
  void little(T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      bytes_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    }
  }
  template <std::unsigned_integral T>
  void big(T value) {
    for (std::size_t i = sizeof(T); i-- > 0;) {
      bytes_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    }
  }

  Bytes bytes_;
};

// Views into the bytes it was given: they must outlive the reader and its results.
class Reader {
 public:
  explicit Reader(ByteView bytes) : bytes_(bytes) {}

  [[nodiscard]] Result<std::uint8_t> u8() { return little<std::uint8_t>(); }
  [[nodiscard]] Result<std::uint16_t> u16() { return little<std::uint16_t>(); }
  [[nodiscard]] Result<std::uint32_t> u32() { return little<std::uint32_t>(); }
  [[nodiscard]] Result<std::uint64_t> u64() { return little<std::uint64_t>(); }
  [[nodiscard]] Result<std::uint16_t> u16_be() { return big<std::uint16_t>(); }
  [[nodiscard]] Result<std::uint32_t> u32_be() { return big<std::uint32_t>(); }
  [[nodiscard]] Result<std::uint64_t> u64_be() { return big<std::uint64_t>(); }

  // Exactly `count` bytes.
  [[nodiscard]] Result<ByteView> fixed(std::size_t count);

  template <std::size_t N>
  [[nodiscard]] Result<ByteArray<N>> array() {
    URNA_TRY(const ByteView view, fixed(N));
    ByteArray<N> out;
    std::ranges::copy(view, out.begin());
    return out;
  }

  // A part with its u32 length in front, refused above `limit` bytes.
  [[nodiscard]] Result<ByteView> var_bytes(std::size_t limit);

  // The same, checked to be UTF-8.
  [[nodiscard]] Result<std::string> text(std::size_t limit);

  [[nodiscard]] std::size_t offset() const { return offset_; }
  [[nodiscard]] std::size_t left() const { return bytes_.size() - offset_; }

  // Succeeds only when every byte has been read.
  [[nodiscard]] Result<void> finish() const;

 private:
  template <std::unsigned_integral T>
  Result<T> little() {
    URNA_TRY(const ByteView view, fixed(sizeof(T)));
    T value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      value = static_cast<T>(value | static_cast<T>(T{view[i]} << (8 * i)));
    }
    return value;
  }
  template <std::unsigned_integral T>
  Result<T> big() {
    URNA_TRY(const ByteView view, fixed(sizeof(T)));
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) value = (value << 8) | view[i];
    return static_cast<T>(value);
  }

  ByteView bytes_;
  std::size_t offset_ = 0;
};

// Strict UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace urna::base
