// ID numbers and names as people type them: case, accents, hyphens and spaces do not
// matter when a voter is looked for. Called by the roll's import and by the search.
//
// Thread rule: pure functions. Names are personal data; nothing here keeps them.
#pragma once

#include <string>
#include <string_view>

namespace urna::checkin {

inline constexpr std::size_t kMaxId = 20;

// Capital letters and digits only: "v-12.345.678" becomes "V12345678". Empty when
// nothing is left, or more than kMaxId characters.
[[nodiscard]] std::string id_number(std::string_view typed);

// Upper case without accents, words separated by single spaces: "Peña, María-José"
// becomes "PENA MARIA JOSE". Covers the Latin letters up to U+017F; other scripts stay
// as they are. `text` is valid UTF-8.
[[nodiscard]] std::string folded(std::string_view text);

// Whether every word of `words` begins a word of `text`; both are folded.
[[nodiscard]] bool words_begin(std::string_view words, std::string_view text);

}  // namespace urna::checkin
