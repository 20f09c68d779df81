// Every text reader of the room on any bytes: it refuses, or gives back those bytes.
#include "base/bytes.hpp"
#include "sheet/box_count.hpp"
#include "sheet/signed_sheet.hpp"
#include "sheet/venezuela2024.hpp"

#include <cstdlib>

using namespace urna;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text(ByteView(data, size));
  if (const auto sheet = sheet::Sheet::parse(text)) {
    if (sheet->text() != text) std::abort();
    const auto again = sheet::Sheet::make(sheet->fields());
    if (!again || again->text() != text) std::abort();
  }
  if (const auto file = sheet::parse_signed_sheet(text)) {
    if (sheet::to_file_text(*file) != text) std::abort();
  }
  if (const auto box = sheet::BoxCount::parse(text)) {
    const auto again = sheet::BoxCount::make(box->fields());
    if (!again || again->text() != text) std::abort();
  }
  if (const auto acta = sheet::parse_venezuela_2024(text)) {
    if (sheet::to_text(*acta) != text) std::abort();
  }
  (void)sheet::parse_sheet_file(text);
  (void)sheet::parse_officials(text);
  (void)sheet::Certificate::parse(text);
  return 0;
}
