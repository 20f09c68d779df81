// The findings and errors of src/election: 2000 to 2199. docs/formats/definition.md
// lists them with what each means.
#pragma once

#include "base/result.hpp"

namespace urna::election::errors {

// The folder and its files
inline constexpr ErrorKind file_unknown{2000, "file not part of a definition"};
inline constexpr ErrorKind file_needed{2001, "file of the definition missing"};
inline constexpr ErrorKind bad_format{2002, "not a definition of this format"};
inline constexpr ErrorKind too_many{2003, "more rows than the format allows"};

// Codes and texts
inline constexpr ErrorKind bad_code{2010, "not a code"};
inline constexpr ErrorKind duplicate_code{2011, "the same code twice"};
inline constexpr ErrorKind text_missing{2012, "text missing in a language"};
inline constexpr ErrorKind bad_text{2013, "text with forbidden characters"};
inline constexpr ErrorKind text_too_long{2014, "text too long"};
inline constexpr ErrorKind bad_language{2015, "not a usable language"};
inline constexpr ErrorKind bad_colour{2016, "not a colour"};
inline constexpr ErrorKind bad_date{2017, "not a date or time"};
inline constexpr ErrorKind bad_value{2018, "value not allowed here"};
inline constexpr ErrorKind same_name{2019, "two things with one name"};
inline constexpr ErrorKind bad_key{2020, "not a usable public key"};

// Areas
inline constexpr ErrorKind unknown_kind{2030, "unknown area kind"};
inline constexpr ErrorKind unknown_area{2031, "unknown area"};
inline constexpr ErrorKind area_parents{2032, "area not placed as its kind asks"};
inline constexpr ErrorKind top_area{2033, "not exactly one area at the top"};
inline constexpr ErrorKind area_overlap{2034, "in two areas of one kind"};
inline constexpr ErrorKind area_no_stations{2035, "area without stations"};

// Stations
inline constexpr ErrorKind station_area{2040, "station in an area that holds none"};
inline constexpr ErrorKind station_missing_kind{2041,
                                                "station outside every area of a kind"};
inline constexpr ErrorKind registered_sum{2042, "registered voters do not add up"};
inline constexpr ErrorKind registered_not_stated{2043, "registered voters not stated"};
inline constexpr ErrorKind few_registered{2044, "too few voters to keep votes secret"};
inline constexpr ErrorKind no_stations{2045, "no stations"};

// Parties, alliances, candidates
inline constexpr ErrorKind unknown_party{2050, "unknown party"};
inline constexpr ErrorKind unknown_alliance{2051, "unknown alliance"};
inline constexpr ErrorKind alliance_size{2052, "alliance of fewer than two parties"};
inline constexpr ErrorKind unknown_contest{2053, "unknown contest"};
inline constexpr ErrorKind unknown_list{2054, "unknown list"};
inline constexpr ErrorKind card_twice{2055, "one card for two contenders"};
inline constexpr ErrorKind list_short{2056, "list shorter than the seats"};
inline constexpr ErrorKind list_long{2057, "list longer than allowed"};
inline constexpr ErrorKind list_positions{2058, "list positions not 1, 2, 3 ..."};
inline constexpr ErrorKind cells_for_kind{2059,
                                          "cell does not fit the kind of contest"};
inline constexpr ErrorKind party_unused{2060, "party without a card in any contest"};

// Contests
inline constexpr ErrorKind unknown_contest_kind{2070, "unknown contest kind"};
inline constexpr ErrorKind no_voters{2071, "contest nobody can vote in"};
inline constexpr ErrorKind no_ballot{2072, "station without a contest"};
inline constexpr ErrorKind few_options{2073, "too few options"};
inline constexpr ErrorKind bad_limit{2074, "limit does not fit the contest"};
inline constexpr ErrorKind few_candidates{2075, "fewer candidates than seats"};
inline constexpr ErrorKind too_many_options{2076, "too many options"};

// Awards and the house
inline constexpr ErrorKind unknown_award{2080, "unknown award"};
inline constexpr ErrorKind unknown_method{2081, "unknown seat method"};
inline constexpr ErrorKind award_mismatch{2082, "award does not fit its contests"};
inline constexpr ErrorKind seats_sum{2083, "seats do not add up"};
inline constexpr ErrorKind seats_not_awarded{2084, "seats that no award fills"};
inline constexpr ErrorKind votes_lost{2085, "votes that no list of the award receives"};
inline constexpr ErrorKind award_cycle{2086, "awards that wait for each other"};

// Trustees and officials
inline constexpr ErrorKind trustee_threshold{2090,
                                             "threshold does not fit the trustees"};
inline constexpr ErrorKind unknown_station{2091, "unknown station"};

// Sealed voting
inline constexpr ErrorKind sealed_limit{2100, "limit too high for sealed voting"};
inline constexpr ErrorKind sealed_cards{2101, "several cards and several votes"};
inline constexpr ErrorKind sealed_trustees{2102, "no trustees"};
inline constexpr ErrorKind sealed_keys{2103, "trustee without keys"};

// Totals
inline constexpr ErrorKind wrong_fields{2120, "row does not fit the ballot style"};
inline constexpr ErrorKind overflow{2121, "sum too large"};

// Import
inline constexpr ErrorKind bad_mapping{2140, "not a usable mapping"};
inline constexpr ErrorKind import_code{2141, "cell cannot become a code"};
inline constexpr ErrorKind import_conflict{2142, "rows contradict one another"};
inline constexpr ErrorKind import_no_name{2143, "no name found"};
inline constexpr ErrorKind folder_not_empty{2144, "folder already holds a definition"};

}  // namespace urna::election::errors
