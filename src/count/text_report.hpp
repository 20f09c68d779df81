// The count for a terminal: how complete it is, what is in conflict, who leads, whether
// that can change, the seats, and a table by area. UTF-8, 80 columns, no colours.
#pragma once

#include "count/words.hpp"

#include <optional>
#include <string>

namespace urna::count {

struct TextOptions {
  Language language = Language::english;
  // The area whose parts are listed; empty: the whole election.
  std::optional<election::AreaIndex> area{};
  bool all_contests = false;  // every contest in full, not only the first ones
  bool steps = false;         // every step of every award
};

[[nodiscard]] std::string text_report(const Count& count, const TextOptions& options);

}  // namespace urna::count
