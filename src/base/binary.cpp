#include "base/binary.hpp"

#include "base/errors.hpp"

#include <cassert>

#include <fmt/format.h>

namespace urna::base {

void Writer::var_bytes(ByteView bytes) {
  assert(bytes.size() <= std::numeric_limits<std::uint32_t>::max());
  u32(static_cast<std::uint32_t>(bytes.size()));
  fixed(bytes);
}

Result<ByteView> Reader::fixed(std::size_t count) {
  if (left() < count) {
    return fail(
        errors::short_input,
        fmt::format("input ends too early: {} bytes needed at offset {}, {} left",
                    count, offset_, left()));
  }
  const ByteView view = bytes_.subspan(offset_, count);
  offset_ += count;
  return view;
}

Result<ByteView> Reader::var_bytes(std::size_t limit) {
  const std::size_t start = offset_;
  URNA_TRY(const std::uint32_t length, u32());
  if (length > limit) {
    return fail(errors::too_long,
                fmt::format("part at offset {} says {} bytes, at most {} allowed",
                            start, length, limit));
  }
  return fixed(length);
}

Result<std::string> Reader::text(std::size_t limit) {
  const std::size_t start = offset_;
  URNA_TRY(const ByteView bytes, var_bytes(limit));
  if (!is_utf8(as_text(bytes))) {
    return fail(errors::bad_utf8, fmt::format("text at offset {} is not UTF-8", start));
  }
  return std::string(as_text(bytes));
}

Result<void> Reader::finish() const {
  if (left() == 0) return {};
  return fail(errors::trailing_bytes,
              fmt::format("{} bytes after the end, at offset {}", left(), offset_));
}

bool is_utf8(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  for (std::size_t i = 0; i < text.size();) {
    const unsigned char lead = byte(i);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    const std::size_t extra = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    if (lead < 0xC2 || lead > 0xF4 || i + extra >= text.size()) return false;
    // The second byte's range excludes overlong forms, surrogates and > U+10FFFF.
    const unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (byte(i + 1) < low || byte(i + 1) > high) return false;
    for (std::size_t k = 2; k <= extra; ++k) {
      if ((byte(i + k) & 0xC0) != 0x80) return false;
    }
    i += extra + 1;
  }
  return true;
}

}  // namespace urna::base
