// Activation tokens: what check-in hands to a voter and the machine takes once. A token
// is 16 characters of base32 (80 random bits) in groups of four, "K7QD-2XNA-4EFG-ZZ25",
// printed as a QR code and typed where no scanner is. It stands for a ballot style and
// nothing else. The machine holds only hashes, in ascending order, so that neither its
// files nor the place of a mark say when a token was handed out.
//
// Check-in and machine share this format and nothing else: docs/formats/token.md.
// Thread rule: plain values. A token is a secret of its voter until it is used; the
// pool of hashes is not.
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace urna::machine {

// H("token"; definition hash, station, the 16 characters).
[[nodiscard]] Hash32 token_hash(const Hash32& election, std::string_view station,
                                std::string_view characters);

// The 16 characters of what was typed or scanned: case, spaces and '-' do not matter,
// and 0, 1 and 8 are read as O, I and B. Error bad_token.
[[nodiscard]] Result<std::string> read_token(std::string_view typed);
[[nodiscard]] std::string token_text(std::string_view characters);

struct Token {
  Hash32 hash{};
  std::uint32_t style = 0;
  friend auto operator<=>(const Token&, const Token&) = default;
};

class TokenPool {
 public:
  // Error bad_token: not strictly ascending.
  [[nodiscard]] static Result<TokenPool> make(std::vector<Token> sorted);

  [[nodiscard]] std::optional<std::uint32_t> find(const Hash32& hash) const;
  [[nodiscard]] const std::vector<Token>& tokens() const { return tokens_; }

 private:
  explicit TokenPool(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}
  std::vector<Token> tokens_;
};

// The hashes of a pool file that check-in's packing made for this election and station
// (docs/formats/token.md). Error bad_package: another election or station, or damaged.
[[nodiscard]] Result<std::vector<Token>> read_token_pool(ByteView file,
                                                         const Hash32& election,
                                                         std::string_view station);

// New tokens for a station, and the pool of their hashes. The texts go to check-in, the
// pool to the machine.
struct NewTokens {
  std::vector<std::string> characters;
  std::vector<Token> pool;
};
[[nodiscard]] Result<NewTokens> make_tokens(base::Random& random,
                                            const Hash32& election,
                                            std::string_view station,
                                            std::uint32_t style, std::uint32_t count);

}  // namespace urna::machine
