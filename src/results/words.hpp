// What the results site says beside the count's own words: the verifier's checks in
// both languages and the sentences about a station. Thread rule: constants.
#pragma once

#include "count/words.hpp"
#include "record/checks.hpp"
#include "results/evidence.hpp"

#include <string>
#include <string_view>

namespace urna::results {

using count::Language;

// One of two texts, by language.
[[nodiscard]] inline std::string_view either(Language language,
                                             std::string_view spanish,
                                             std::string_view english) {
  return language == Language::spanish ? spanish : english;
}

// What a check says when it passes.
[[nodiscard]] std::string_view check_says(record::Check check, Language language);
[[nodiscard]] std::string_view state_word(record::State state, Language language);
// "good", "bad" or "open": the mark of the style sheet.
[[nodiscard]] std::string_view state_class(record::State state);

// The sentence that leads a station's page.
[[nodiscard]] std::string station_sentence(const Evidence& evidence,
                                           election::StationIndex station,
                                           Language language);

}  // namespace urna::results
