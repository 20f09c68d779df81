// The words on a printed sheet: the names behind a sheet's codes, from the election
// definition in one of its languages. Without a definition the codes themselves stand
// there; the numbers are the same.
//
// Thread rule: plain values. Public data.
#pragma once

#include "election/definition.hpp"
#include "sheet/sheet.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace urna::sheet {

struct ContestNames {
  std::string title;
  std::vector<std::string> options;  // in the order of the sheet
};

struct SheetNames {
  std::string authority;
  std::string election;
  std::string date;
  std::string notice;
  std::string station;                                     // its name, not its code
  std::vector<std::pair<std::string, std::string>> place;  // "State", "Miranda"
  std::vector<ContestNames> contests;                      // in the order of the sheet
  std::vector<std::string> signers;  // who signs on paper: role, and name when known
};

// President, secretary, ...: who signs where the definition names nobody.
[[nodiscard]] std::vector<std::string> usual_signers(std::string_view language);

[[nodiscard]] SheetNames names_from_codes(const SheetFields& fields,
                                          std::string_view language);

// For sheets that passed check_definition(). `language` falls back to the election's
// first language.
[[nodiscard]] SheetNames names_from_definition(const SheetFields& fields,
                                               const election::Definition& definition,
                                               std::string_view language);

}  // namespace urna::sheet
