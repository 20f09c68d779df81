// A definition in words: the tree of areas, the contests, the ballot styles, and what
// one station votes on. Called by `urna election show` and `urna election check`.
//
// Thread rule: pure functions on immutable data. Public data only.
#pragma once

#include "base/json.hpp"
#include "election/definition.hpp"

#include <string>

namespace urna::election {

// One paragraph: name, date, mode, hash, and how many of everything there are.
[[nodiscard]] std::string summary_text(const Definition& definition,
                                       std::size_t language);
[[nodiscard]] base::Json summary_json(const Definition& definition);

// The whole definition, readable from top to bottom. Areas are printed down to those
// that hold stations; `with_stations` lists these too.
[[nodiscard]] std::string definition_text(const Definition& definition,
                                          std::size_t language, bool with_stations);

// The ballot of one station, contest by contest and option by option.
[[nodiscard]] std::string station_text(const Definition& definition,
                                       StationIndex station, std::size_t language);
[[nodiscard]] base::Json station_json(const Definition& definition,
                                      StationIndex station);

}  // namespace urna::election
