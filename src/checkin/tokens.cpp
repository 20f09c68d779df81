#include "checkin/tokens.hpp"

#include "base/binary.hpp"
#include "base/encoding.hpp"
#include "crypto/transcript.hpp"

#include <algorithm>

namespace urna::checkin {

std::string token_text(const ByteArray<kTokenBytes>& token) {
  std::string out = base::to_base32(token);
  for (const std::size_t at : {std::size_t{12}, std::size_t{8}, std::size_t{4}}) {
    out.insert(at, 1, '-');
  }
  return out;
}

Result<std::vector<Token>> make_tokens(base::Random& random, std::uint32_t style,
                                       std::uint32_t count) {
  std::vector<Token> out(count);
  for (Token& token : out) {
    URNA_CHECK(random.fill(token.bytes));
    token.style = style;
  }
  return out;
}

Bytes token_pool_file(const Hash32& election, std::string_view station,
                      const std::vector<Token>& tokens) {
  std::vector<std::pair<Hash32, std::uint32_t>> pool;
  for (const Token& token : tokens) {
    pool.emplace_back(crypto::Transcript("token")
                          .bytes(election)
                          .text(station)
                          .text(base::to_base32(token.bytes))
                          .hash32(),
                      token.style);
  }
  std::ranges::sort(pool);
  base::Writer w;
  w.text("urna-token-pool-1");
  w.fixed(election);
  w.text(station);
  w.u32(static_cast<std::uint32_t>(pool.size()));
  for (const auto& [hash, style] : pool) {
    w.fixed(hash);
    w.u32(style);
  }
  return std::move(w).take();
}

}  // namespace urna::checkin
