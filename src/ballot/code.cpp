#include "ballot/code.hpp"

#include "ballot/errors.hpp"
#include "base/encoding.hpp"

#include <fmt/format.h>

namespace urna::ballot {

namespace {
constexpr std::size_t kGroup = 4;
}

std::string code_text(const Hash32& code) {
  const std::string plain = base::to_base32(code);
  std::string grouped;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    if (i > 0 && i % kGroup == 0) grouped += '-';
    grouped += plain[i];
  }
  return grouped;
}

Result<Hash32> parse_code(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i % (kGroup + 1) != kGroup) plain += text[i];
  }
  if (const auto bytes = base::from_base32(plain); bytes && bytes->size() == 32) {
    Hash32 code;
    std::ranges::copy(*bytes, code.begin());
    if (code_text(code) == text) return code;
  }
  return fail(errors::bad_code, fmt::format("'{}'", text),
              "copy all 13 groups of four characters, with '-' between them");
}

}  // namespace urna::ballot
