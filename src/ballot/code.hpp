// The confirmation code in the form people read, type and compare: RFC 4648 base32 in
// groups of four, "K7QD-2XNA-...". Printed on the receipt before the voter decides;
// looked up in the public record afterwards. Thread rule: pure functions. No secrets.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <string>
#include <string_view>

namespace urna::ballot {

// 13 groups of four characters with '-' between them, 64 characters in all.
[[nodiscard]] std::string code_text(const Hash32& code);

// Exactly what code_text() gives; anything else is errors::bad_code. A page that
// takes typed codes normalises case and spaces before it calls this.
[[nodiscard]] Result<Hash32> parse_code(std::string_view text);

}  // namespace urna::ballot
