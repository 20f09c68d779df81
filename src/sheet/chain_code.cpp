#include "sheet/chain_code.hpp"

#include "base/encoding.hpp"
#include "sheet/errors.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace urna::sheet {
namespace {

std::unexpected<Error> cut_off(std::string_view what) {
  return fail(errors::truncated,
              fmt::format("the code's text ends before its {}", what),
              "read the code again, the whole of it");
}

Result<std::pair<std::uint32_t, std::uint32_t>> parse_part(std::string_view part) {
  const std::size_t slash = part.find('/');
  if (slash == std::string_view::npos) {
    return fail(errors::bad_value,
                fmt::format("PART:{} is not n/x", part.substr(0, 20)));
  }
  URNA_TRY(const std::uint32_t of, parse_number(part.substr(slash + 1), 1, kMaxCodes));
  URNA_TRY(const std::uint32_t number, parse_number(part.substr(0, slash), 1, of));
  return std::pair(number, of);
}

// Takes " KEY:value" off the end of the text; nullopt when the last field is another.
std::optional<std::string_view> take_last(std::string_view& text,
                                          std::string_view key) {
  const std::size_t space = text.rfind(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const std::string_view field = text.substr(space + 1);
  if (!field.starts_with(key)) return std::nullopt;
  text = text.substr(0, space);
  return field.substr(key.size());
}

Result<void> parse_header(FieldReader& r, Code& code) {
  URNA_TRY(const std::string_view kind, r.text("URNA"));
  if (kind != "QR/1") {
    return fail(errors::unknown_version,
                fmt::format("URNA:{} is not a code of a sheet of version 1", kind),
                "read it with the program that its election uses");
  }
  URNA_TRY(const std::string_view part, r.text("PART"));
  URNA_TRY(const auto numbers, parse_part(part));
  std::tie(code.number, code.of) = numbers;
  URNA_TRY(const Bytes digest, r.hex("SHEET", 8));
  URNA_TRY(code.sheet.digest, base::to_array<8>(digest));
  URNA_TRY(const Bytes election, r.hex("ELECTION", 8));
  URNA_TRY(code.sheet.election, base::to_array<8>(election));
  URNA_TRY(const std::string_view mode, r.text("MODE"));
  URNA_TRY(code.sheet.mode, parse_mode(mode));
  URNA_TRY(code.sheet.station, r.code("STATION"));
  URNA_TRY(code.sheet.segment, r.number("SEGMENT", 1, kMaxSegment));
  URNA_TRY(code.sheet.device, r.label_or_none("DEVICE"));
  return {};
}

bool starts_as(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() &&
         std::equal(prefix.begin(), prefix.end(), text.begin(), [](char a, char b) {
           return a == std::toupper(static_cast<unsigned char>(b));
         });
}

}  // namespace

CodeKind code_kind(std::string_view text) {
  if (!starts_as(text, "URNA:")) return CodeKind::foreign;
  if (text.size() > kMaxCodeText || !check_characters(text)) return CodeKind::damaged;
  if (text.starts_with("URNA:QR/")) return CodeKind::piece;
  if (text.starts_with("URNA:CERT/")) return CodeKind::certificate;
  if (text.starts_with("URNA:SIGNATURE/")) return CodeKind::signature;
  return CodeKind::foreign;
}

Result<Code> parse_code(std::string_view text) {
  if (text.size() > kMaxCodeText) {
    return fail(errors::too_long,
                fmt::format("a code of {} characters; none has more than {}",
                            text.size(), kMaxCodeText),
                "this code was not printed by a voting machine");
  }
  URNA_TRY(FieldReader r, FieldReader::open(text, kMaxCodeText));
  Code code;
  URNA_CHECK(parse_header(r, code));
  const std::string part = fmt::format("code {} of {}", code.number, code.of);

  std::string_view body = r.left();
  if (code.number == code.of) {
    const auto signature = take_last(body, "SIGN:");
    if (!signature) return cut_off("signature");
    auto bytes = base::from_base32(*signature);
    if (!bytes || bytes->size() != 64) return cut_off("signature");
    URNA_TRY(code.signature, base::to_array<64>(*bytes));
  }
  const auto hash = take_last(body, "HASH:");
  if (!hash || hash->size() != 64) return cut_off("hash");
  std::string folded(*hash);
  std::ranges::transform(folded, folded.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  auto bytes = base::array_from_hex<32>(folded);
  if (!bytes) {
    return fail(errors::bad_value, "HASH is not 64 hexadecimal digits", {}, part);
  }
  code.hash = *bytes;
  if (body.empty()) return cut_off("piece of the sheet");
  code.piece = std::string(body);
  return code;
}

}  // namespace urna::sheet
