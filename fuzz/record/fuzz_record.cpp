// The small parsers of the record: entries, parts of a verification, slips, event logs
// and the guess what a file is. The first byte chooses; what is accepted reads back.
#include "crypto/sha256.hpp"
#include "log/document.hpp"
#include "record/part.hpp"
#include "record/receipt.hpp"
#include "record/recorder.hpp"
#include "sheet/event_log.hpp"

#include <cstdlib>

using namespace urna;

namespace {

void part(ByteView bytes) {
  // The hash at the end would stop every input, so the right one is put there.
  Bytes whole = to_bytes(bytes);
  append(whole, crypto::sha256(bytes));
  const auto read = record::Part::decode(whole);
  if (read && read->encode() != whole) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView bytes(data + 1, size - 1);
  switch (data[0] % 5) {
    case 0: {
      const auto read = log::parse_document(bytes);
      if (read && !equal(read->entry(), bytes)) std::abort();
      break;
    }
    case 1:
      part(bytes);
      break;
    case 2:
      (void)record::parse_slip(as_text(bytes));
      break;
    case 3: {
      const auto read = sheet::parse_event_log(as_text(bytes));
      if (read && sheet::to_text(*read) != as_text(bytes)) std::abort();
      break;
    }
    default:
      (void)record::identify("input", to_bytes(bytes));
  }
  return 0;
}
