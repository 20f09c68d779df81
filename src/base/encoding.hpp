// Bytes as text: hexadecimal, base32 and base64 (RFC 4648), strict. Each value has
// exactly one accepted text; stray bits, wrong case, missing or extra padding and
// white space are refused. Pure functions; variable time, so for public data.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <string>
#include <string_view>

namespace urna::base {

// Lower-case hexadecimal, two digits a byte.
[[nodiscard]] std::string to_hex(ByteView bytes);
[[nodiscard]] Result<Bytes> from_hex(std::string_view text);

// RFC 4648 section 6, upper case, without padding.
[[nodiscard]] std::string to_base32(ByteView bytes);
[[nodiscard]] Result<Bytes> from_base32(std::string_view text);

// RFC 4648 section 4, with padding.
[[nodiscard]] std::string to_base64(ByteView bytes);
[[nodiscard]] Result<Bytes> from_base64(std::string_view text);

// Exactly N bytes, or an error that names both lengths.
template <std::size_t N>
[[nodiscard]] Result<ByteArray<N>> to_array(ByteView bytes);

template <std::size_t N>
[[nodiscard]] Result<ByteArray<N>> array_from_hex(std::string_view text);

// ---------------------------------------------------------------------------

[[nodiscard]] std::unexpected<Error> wrong_length_error(std::size_t want,
                                                        std::size_t got);

template <std::size_t N>
Result<ByteArray<N>> to_array(ByteView bytes) {
  if (bytes.size() != N) return wrong_length_error(N, bytes.size());
  ByteArray<N> out;
  std::ranges::copy(bytes, out.begin());
  return out;
}

template <std::size_t N>
Result<ByteArray<N>> array_from_hex(std::string_view text) {
  URNA_TRY(const Bytes bytes, from_hex(text));
  return to_array<N>(bytes);
}

}  // namespace urna::base
