#include "sheet/voter_slip.hpp"

#include "base/encoding.hpp"
#include "sheet/errors.hpp"
#include "sheet/fields.hpp"

#include <array>
#include <optional>

namespace urna::sheet {
namespace {

constexpr std::size_t kMaxText = 256;

struct Tag {
  VoterSlipKind kind;
  std::string_view text;
};
constexpr std::array<Tag, 2> kTags{
    {{VoterSlipKind::receipt, "URNAR1 "}, {VoterSlipKind::cast, "URNAC1 "}}};

std::optional<Tag> tag_of(std::string_view text) {
  for (const Tag& tag : kTags) {
    if (text.starts_with(tag.text)) return tag;
  }
  return std::nullopt;
}

}  // namespace

std::string to_text(const VoterSlip& slip) {
  FieldWriter w;
  w.text("STATION", slip.station);
  w.base32("CODE", slip.code);
  w.base32("SIGN", slip.signature);
  return std::string(kTags.at(static_cast<std::size_t>(slip.kind)).text) +
         std::move(w).take();
}

bool is_voter_slip(std::string_view text) {
  return tag_of(text).has_value();
}

Result<VoterSlip> parse_voter_slip(std::string_view text) {
  const auto tag = tag_of(text);
  if (!tag) {
    return fail(errors::unknown_version, "the text is not that of a voter's slip",
                "use the code of the receipt or of the slip \"vote cast\"");
  }
  VoterSlip slip;
  slip.kind = tag->kind;
  URNA_TRY(auto r, FieldReader::open(text.substr(tag->text.size()), kMaxText));
  URNA_TRY(slip.station, r.code("STATION"));
  URNA_TRY(const Bytes code, r.base32("CODE", 32));
  URNA_TRY(slip.code, base::to_array<32>(code));
  URNA_TRY(const Bytes signature, r.base32("SIGN", 64));
  URNA_TRY(slip.signature, base::to_array<64>(signature));
  URNA_CHECK(r.finish());
  return slip;
}

}  // namespace urna::sheet
