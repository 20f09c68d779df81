// Counting at closing: the choice records are opened in memory with the closing key and
// added up. Nothing is counted before, and nothing but totals leaves this function.
//
// Thread rule: pure function. Secrets: the closing key and the opened records, which
// are wiped one by one.
#pragma once

#include "ballot/station.hpp"
#include "crypto/box.hpp"
#include "election/definition.hpp"
#include "sheet/sheet.hpp"

#include <vector>

namespace urna::machine {

// Fills the contests of a blank sheet of the station. Error count_mismatch for a record
// that does not open or that breaks a limit.
[[nodiscard]] Result<void> count_records(const std::vector<Bytes>& records,
                                         const crypto::BoxSecretKey& closing,
                                         const ballot::Station& station,
                                         sheet::SheetFields& fields);

}  // namespace urna::machine
