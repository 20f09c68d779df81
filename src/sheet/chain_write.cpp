#include "base/encoding.hpp"
#include "crypto/sha256.hpp"
#include "sheet/chain.hpp"
#include "sheet/chain_code.hpp"
#include "sheet/errors.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::sheet {
namespace {

std::string header(const Code& code) {
  FieldWriter w;
  w.text("URNA", "QR/1");
  w.text("PART", fmt::format("{}/{}", code.number, code.of));
  w.hex("SHEET", code.sheet.digest);
  w.hex("ELECTION", code.sheet.election);
  w.text("MODE", to_text(code.sheet.mode));
  w.text("STATION", code.sheet.station);
  w.number("SEGMENT", code.sheet.segment);
  w.text("DEVICE", code.sheet.device.empty() ? "-" : code.sheet.device);
  return std::move(w).take();
}

// Cuts at spaces into pieces of at most `size` characters; the space disappears.
// Fields are far shorter than any useful size.
std::vector<std::string_view> cut(std::string_view text, std::size_t size) {
  std::vector<std::string_view> out;
  while (text.size() > size) {
    const std::size_t space = text.rfind(' ', size);
    if (space == std::string_view::npos) return {};
    out.push_back(text.substr(0, space));
    text.remove_prefix(space + 1);
  }
  out.push_back(text);
  return out;
}

// As few pieces as fit, all about equally long, the last one shorter by `reserve` for
// the signature. Empty when impossible.
std::vector<std::string_view> cut_evenly(std::string_view text, std::size_t size,
                                         std::size_t reserve) {
  const auto fits = [&](const std::vector<std::string_view>& pieces,
                        std::size_t limit) {
    return !pieces.empty() && pieces.back().size() + reserve <= limit;
  };
  std::vector<std::string_view> best = cut(text, size);
  if (best.empty()) return {};
  std::size_t count = best.size();
  if (!fits(best, size)) ++count;
  // The smallest limit that still needs no more codes.
  for (std::size_t limit = (text.size() + reserve) / count; limit <= size; ++limit) {
    std::vector<std::string_view> pieces = cut(text, limit);
    // When the last piece is too long for its signature, its end becomes one more.
    if (!pieces.empty() && !fits(pieces, limit) && reserve < limit) {
      const std::string_view last = pieces.back();
      const std::size_t space = last.rfind(' ', limit - reserve);
      if (space != std::string_view::npos) {
        pieces.back() = last.substr(0, space);
        pieces.push_back(last.substr(space + 1));
      }
    }
    if (pieces.size() == count && fits(pieces, limit)) return pieces;
  }
  return {};
}

}  // namespace

CodeSheet code_sheet(const Sheet& sheet) {
  const SheetFields& f = sheet.fields();
  CodeSheet out;
  out.station = f.station;
  out.segment = f.segment;
  std::ranges::copy(ByteView(sheet.digest()).first(8), out.digest.begin());
  std::ranges::copy(ByteView(f.election).first(8), out.election.begin());
  out.mode = f.mode;
  out.device = f.device;
  return out;
}

std::string write_code(const Code& code) {
  std::string out =
      header(code) + ' ' + code.piece + " HASH:" + to_upper_hex(code.hash);
  if (code.signature) out += ' ' + signature_field(*code.signature);
  return out;
}

Result<std::vector<std::string>> write_chain(const SignedSheet& s,
                                             std::size_t max_text) {
  if (!s.signature || !s.certificate) {
    return fail(errors::unsigned_sheet, "only a signed sheet can be printed as codes",
                "sign it with the device's key first");
  }
  Code code;
  code.sheet = code_sheet(s.sheet);
  code.number = code.of = kMaxCodes;  // the longest header
  const std::size_t frame = write_code(code).size();
  const std::size_t reserve = 1 + signature_field(*s.signature).size();
  const auto pieces = frame < max_text
                          ? cut_evenly(s.sheet.text(), max_text - frame, reserve)
                          : std::vector<std::string_view>{};
  if (pieces.empty() || pieces.size() > kMaxCodes) {
    return fail(errors::too_long,
                fmt::format("the sheet's {} characters do not fit in {} codes of {}",
                            s.sheet.text().size(), kMaxCodes, max_text),
                "the station votes on too many options for one sheet");
  }
  std::vector<std::string> out;
  crypto::Sha256 hash;
  code.of = static_cast<std::uint32_t>(pieces.size());
  std::string so_far;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (i > 0) so_far += ' ';
    so_far += pieces[i];
    code.number = static_cast<std::uint32_t>(i + 1);
    code.piece = pieces[i];
    code.hash = crypto::sha256(as_bytes(so_far));
    if (i + 1 == pieces.size()) code.signature = *s.signature;
    out.push_back(write_code(code));
  }
  out.push_back(s.certificate->text());
  return out;
}

}  // namespace urna::sheet
