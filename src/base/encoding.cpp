#include "base/encoding.hpp"

#include "base/errors.hpp"

#include <fmt/format.h>

namespace urna::base {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase32Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::string_view kBase64Digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Turns digits of `bits` bits each into bytes; the unused low bits of the last
// digit must be zero, so that no two texts mean the same bytes.
Result<Bytes> decode_digits(std::string_view text, std::string_view digits, int bits,
                            ErrorKind kind) {
  Bytes out;
  out.reserve(text.size() * static_cast<std::size_t>(bits) / 8);
  std::uint32_t buffer = 0;
  int filled = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t value = digits.find(text[i]);
    if (value == std::string_view::npos) {
      return fail(kind, fmt::format("{}: unexpected character at position {}",
                                    kind.title, i + 1));
    }
    buffer = (buffer << bits) | static_cast<std::uint32_t>(value);
    filled += bits;
    if (filled >= 8) {
      filled -= 8;
      out.push_back(static_cast<std::uint8_t>(buffer >> filled));
      buffer &= (1U << filled) - 1U;
    }
  }
  if (filled >= bits) {
    return fail(kind, fmt::format("{}: impossible length {}", kind.title, text.size()));
  }
  if (buffer != 0) {
    return fail(kind, fmt::format("{}: stray bits after the last byte", kind.title));
  }
  return out;
}

std::string encode_digits(ByteView bytes, std::string_view digits, int bits) {
  std::string out;
  std::uint32_t buffer = 0;
  int filled = 0;
  const std::uint32_t mask = (1U << bits) - 1U;
  for (const std::uint8_t byte : bytes) {
    buffer = (buffer << 8) | byte;
    filled += 8;
    while (filled >= bits) {
      filled -= bits;
      out += digits[(buffer >> filled) & mask];
    }
    buffer &= (1U << filled) - 1U;
  }
  if (filled > 0) out += digits[(buffer << (bits - filled)) & mask];
  return out;
}

}  // namespace

std::unexpected<Error> wrong_length_error(std::size_t want, std::size_t got) {
  return fail(errors::wrong_length,
              fmt::format("wrong length: expected {} bytes, found {}", want, got));
}

std::string to_hex(ByteView bytes) {
  return encode_digits(bytes, kHexDigits, 4);
}

Result<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) {
    return fail(errors::bad_hex, "not valid hexadecimal: odd number of digits",
                "use two digits 0-9 a-f for each byte");
  }
  return decode_digits(text, kHexDigits, 4, errors::bad_hex);
}

std::string to_base32(ByteView bytes) {
  return encode_digits(bytes, kBase32Digits, 5);
}

Result<Bytes> from_base32(std::string_view text) {
  return decode_digits(text, kBase32Digits, 5, errors::bad_base32);
}

std::string to_base64(ByteView bytes) {
  std::string out = encode_digits(bytes, kBase64Digits, 6);
  while (out.size() % 4 != 0) out += '=';
  return out;
}

Result<Bytes> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) {
    return fail(errors::bad_base64, "not valid base64: length is not a multiple of 4",
                "keep the '=' signs at the end");
  }
  std::string_view digits = text;
  for (int i = 0; i < 2 && digits.ends_with('='); ++i) digits.remove_suffix(1);
  URNA_TRY(Bytes out, decode_digits(digits, kBase64Digits, 6, errors::bad_base64));
  return out;
}

}  // namespace urna::base
