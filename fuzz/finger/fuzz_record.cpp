// Minutiae records: strict reading is the inverse of writing; what lenient reading
// makes of anything is writable after going through a template.
#include "finger/iso/templates.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace urna::finger::iso;
  const urna::ByteView bytes(data, size);
  const auto record = read_record(bytes);
  if (record) {
    const auto again = write_record(*record);
    if (!record->views.empty() && (!again || !urna::equal(*again, bytes))) std::abort();
  }
  const auto templates = decode(bytes, {.strictness = Strictness::lenient});
  if (!templates || templates->empty()) return 0;
  for (const Format format :
       {Format::iso_2005, Format::iso_2011, Format::ansi_2004, Format::ansi_2009}) {
    const auto written = encode(*templates, format);
    if (written && !decode(*written)) std::abort();
  }
  return 0;
}
