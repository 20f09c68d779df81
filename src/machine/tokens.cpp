#include "machine/tokens.hpp"

#include "base/binary.hpp"
#include "base/encoding.hpp"
#include "crypto/transcript.hpp"
#include "machine/errors.hpp"

#include <algorithm>

namespace urna::machine {
namespace {

constexpr std::size_t kCharacters = 16;
constexpr std::size_t kRandomBytes = 10;

std::unexpected<Error> bad_token(std::string what) {
  return fail(errors::bad_token, std::move(what),
              "scan it again, or ask at check-in for another one");
}

}  // namespace

Hash32 token_hash(const Hash32& election, std::string_view station,
                  std::string_view characters) {
  return crypto::Transcript("token")
      .bytes(election)
      .text(station)
      .text(characters)
      .hash32();
}

Result<std::string> read_token(std::string_view typed) {
  std::string out;
  for (char c : typed) {
    if (c == ' ' || c == '-' || c == '\r' || c == '\n') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == '0') c = 'O';
    if (c == '1') c = 'I';
    if (c == '8') c = 'B';
    const bool good = (c >= 'A' && c <= 'Z') || (c >= '2' && c <= '7');
    if (!good || out.size() == kCharacters) return bad_token("this is not a token");
    out += c;
  }
  if (out.size() != kCharacters) return bad_token("the token is not complete");
  return out;
}

std::string token_text(std::string_view characters) {
  std::string out;
  for (std::size_t i = 0; i < characters.size(); ++i) {
    if (i != 0 && i % 4 == 0) out += '-';
    out += characters[i];
  }
  return out;
}

Result<TokenPool> TokenPool::make(std::vector<Token> sorted) {
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    if (sorted[i - 1].hash >= sorted[i].hash) {
      return bad_token("the pool of tokens is not in ascending order");
    }
  }
  return TokenPool(std::move(sorted));
}

std::optional<std::uint32_t> TokenPool::find(const Hash32& hash) const {
  const auto at = std::ranges::lower_bound(tokens_, hash, {}, &Token::hash);
  if (at == tokens_.end() || at->hash != hash) return std::nullopt;
  return static_cast<std::uint32_t>(at - tokens_.begin());
}

Result<NewTokens> make_tokens(base::Random& random, const Hash32& election,
                              std::string_view station, std::uint32_t style,
                              std::uint32_t count) {
  NewTokens out;
  for (std::uint32_t i = 0; i < count; ++i) {
    Bytes bytes(kRandomBytes);
    URNA_CHECK(random.fill(bytes));
    out.characters.push_back(base::to_base32(bytes));
    out.pool.push_back({token_hash(election, station, out.characters.back()), style});
  }
  std::ranges::sort(out.pool);
  // Equal tokens do not happen; were they to, the pool would be refused.
  return out;
}

Result<std::vector<Token>> read_token_pool(ByteView file, const Hash32& election,
                                           std::string_view station) {
  const auto refused = [](std::string why) {
    return fail(errors::bad_package, std::move(why),
                "take the token pool that was packed for this station");
  };
  base::Reader r(file);
  URNA_TRY(const std::string magic, r.text(64));
  if (magic != "urna-token-pool-1") return refused("this is not a token pool");
  URNA_TRY(const Hash32 of_election, r.array<32>());
  URNA_TRY(const std::string of_station, r.text(16));
  if (of_election != election || of_station != station) {
    return refused("the token pool is of another election or station");
  }
  URNA_TRY(const std::uint32_t count, r.u32());
  std::vector<Token> tokens;
  for (std::uint32_t i = 0; i < count; ++i) {
    Token token;
    URNA_TRY(token.hash, r.array<32>());
    URNA_TRY(token.style, r.u32());
    tokens.push_back(token);
  }
  URNA_CHECK(r.finish());
  URNA_CHECK(TokenPool::make(tokens));
  return tokens;
}

}  // namespace urna::machine
