// Activation tokens as check-in makes and prints them (docs/formats/token.md). The
// voting machine reads the same format with code of its own: the two programs share
// nothing but the page. The authority makes a station's tokens: their texts go to
// check-in, sealed, and their hashes to the machine.
//
// Thread rule: plain values. A token is a secret of its voter until it is used; the
// hashes are not.
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"

#include <string>
#include <vector>

namespace urna::checkin {

inline constexpr std::size_t kTokenBytes = 10;

struct Token {
  ByteArray<kTokenBytes> bytes{};
  std::uint32_t style = 0;
};

// "K7QD-2XNA-4EFG-ZZ25".
[[nodiscard]] std::string token_text(const ByteArray<kTokenBytes>& token);

[[nodiscard]] Result<std::vector<Token>> make_tokens(base::Random& random,
                                                     std::uint32_t style,
                                                     std::uint32_t count);

// What the machine's package needs of them, as a file: docs/formats/token.md.
[[nodiscard]] Bytes token_pool_file(const Hash32& election, std::string_view station,
                                    const std::vector<Token>& tokens);

}  // namespace urna::checkin
