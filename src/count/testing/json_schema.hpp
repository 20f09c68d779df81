// Just enough JSON Schema (draft 04 and 07) to check our files against the NIST
// schemas, and election.json against ours: type, enum, const, pattern, format uri and
// date-time by form, $ref, required, properties, additionalProperties, items, oneOf,
// the min and max of items, lengths and numbers, uniqueItems. A keyword it does
// not know is an error, so that nothing is skipped in silence. Also checks references:
// a property whose schema names "refTypes" must hold the @id of an object of one of
// those types. Tests only.
#pragma once

#include "base/json.hpp"

#include <string>
#include <vector>

namespace urna::count::testing {

// What is wrong, each with its JSON pointer; empty when the document is valid.
[[nodiscard]] std::vector<std::string> check_schema(const base::Json& schema,
                                                    const base::Json& document);

}  // namespace urna::count::testing
