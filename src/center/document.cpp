#include "center/document.hpp"

#include "ballot/package.hpp"
#include "base/encoding.hpp"
#include "center/errors.hpp"
#include "record/recorder.hpp"
#include "sheet/box_count.hpp"
#include "sheet/signed_sheet.hpp"

#include <array>
#include <charconv>

#include <fmt/format.h>

namespace urna::center {
namespace {

namespace kinds = record::kinds;

// A sheet's text, and a signature and a certificate beside it.
constexpr std::size_t kLongestSheet = sheet::kMaxSheetText + 2048;
constexpr std::string_view kPackageMagic = "urna-station-package-1";

std::unexpected<Error> refuse(const Error& why) {
  return fail(errors::not_accepted, why.message,
              "send packages, tally sheets, box counts, officials' signatures and "
              "certificates; other documents are added with `urna record add`",
              why.where);
}

Result<Identified> package(ByteView bytes) {
  const auto package = ballot::parse_package(bytes);
  if (!package) return refuse(package.error());
  const std::string code(package->box.station.code());
  Identified out{std::string(kinds::package), code, code, {}};
  for (const std::string& text : package->sheets) {
    // A sheet that cannot be read is the verification's to name.
    const auto sheet = sheet::parse_signed_sheet(text);
    if (!sheet) continue;
    out.sheets.push_back({sheet->sheet.fields().segment, sheet->sheet.digest()});
  }
  return out;
}

Result<Identified> lone_sheet(std::string_view text) {
  if (text.size() > kLongestSheet) {
    return fail(errors::document_too_long,
                fmt::format("{} bytes are too many for one tally sheet", text.size()));
  }
  const auto sheet = sheet::parse_signed_sheet(text);
  if (!sheet) return refuse(sheet.error());
  const auto& fields = sheet->sheet.fields();
  return Identified{std::string(kSheetKind),
                    fields.station,
                    fields.station,
                    {{fields.segment, sheet->sheet.digest()}}};
}

// Where the text says itself which station and which sheet it is about.
void read_place(Identified& found, std::string_view text) {
  if (found.kind == kinds::box_count) {
    if (const auto box = sheet::parse_box_count(text)) {
      found.sheets.push_back({0, box->box.fields().sheet});
    }
  } else if (found.kind == kinds::signatures) {
    if (const auto signatures = sheet::parse_officials(text)) {
      found.sheets.push_back({0, signatures->front().digest()});
    }
  } else {
    if (text.ends_with('\n')) text.remove_suffix(1);
    if (const auto certificate = sheet::Certificate::parse(text)) {
      found.station = certificate->fields().station;
    }
  }
}

}  // namespace

Result<Identified> identify_document(ByteView bytes) {
  if (bytes.size() > 4 + kPackageMagic.size() &&
      as_text(bytes.subspan(4, kPackageMagic.size())) == kPackageMagic) {
    return package(bytes);
  }
  const std::string_view text = as_text(bytes);
  if (sheet::is_sheet_file(text)) return lone_sheet(text);
  constexpr std::array<std::string_view, 3> taken{kinds::box_count, kinds::signatures,
                                                  kinds::certificate};
  // None of the other kinds is long; a long one is not looked at.
  constexpr std::size_t kLongestOther = std::size_t{128} << 10;
  if (bytes.size() > kLongestOther) {
    return refuse({errors::not_accepted, "nothing that is this long is taken", {}, {}});
  }
  auto known = record::identify("", to_bytes(bytes));
  if (!known) return refuse(known.error());
  if (std::ranges::find(taken, known->kind) == taken.end()) {
    return refuse(
        {errors::not_accepted,
         fmt::format("a centre takes no document of the kind {}", known->kind),
         {},
         {}});
  }
  if (bytes.size() > record::find_kind(known->kind)->limit) {
    return fail(errors::document_too_long, fmt::format("{} bytes are too many for a {}",
                                                       bytes.size(), known->kind));
  }
  Identified out{known->kind, known->name, {}, {}};
  if (known->kind != kinds::certificate) out.station = known->name;
  read_place(out, text);
  return out;
}

std::string sheets_text(const std::vector<SheetName>& sheets) {
  std::string out;
  for (const SheetName& sheet : sheets) {
    out += fmt::format("{}{}:{}", out.empty() ? "" : " ", sheet.segment,
                       base::to_hex(sheet.digest));
  }
  return out;
}

std::vector<SheetName> parse_sheets_text(std::string_view text) {
  std::vector<SheetName> out;
  while (!text.empty()) {
    const std::string_view one = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), one.size() + 1));
    const std::size_t colon = one.find(':');
    SheetName sheet;
    const std::string_view segment = one.substr(0, colon);
    const auto read =
        std::from_chars(segment.data(), segment.data() + segment.size(), sheet.segment);
    if (colon == std::string_view::npos || read.ec != std::errc{}) continue;
    const auto digest = base::array_from_hex<32>(one.substr(colon + 1));
    if (!digest) continue;
    sheet.digest = *digest;
    out.push_back(sheet);
  }
  return out;
}

}  // namespace urna::center
