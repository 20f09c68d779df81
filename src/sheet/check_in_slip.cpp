#include "sheet/check_in_slip.hpp"

#include "base/encoding.hpp"
#include "sheet/errors.hpp"
#include "sheet/fields.hpp"

#include <array>

namespace urna::sheet {
namespace {

constexpr std::string_view kUse = "check-in-slip";
constexpr std::size_t kMaxText = 8 * 1024;

constexpr std::array<CheckInField, 7> kFields{{
    {"CHECKEDIN", &CheckIn::total},
    {"MATCHED", &CheckIn::matched},
    {"NOTMATCHED", &CheckIn::not_matched},
    {"NOPRINT", &CheckIn::no_stored_print},
    {"NOTTAKEN", &CheckIn::not_taken},
    {"NOREADER", &CheckIn::without_biometrics},
    {"TOKENS", &CheckIn::tokens_issued},
}};

std::unexpected<Error> bad_slip(std::string why) {
  return fail(errors::bad_value, std::move(why),
              "print the slip at check-in again, or mark it as missing");
}

}  // namespace

std::span<const CheckInField, 7> check_in_fields() {
  return kFields;
}

Result<std::string> make_check_in_slip(const CheckInSlip& slip,
                                       const Certificate& certificate,
                                       const crypto::SigningKey& device) {
  FieldWriter w;
  w.text("URNA", "CHECKIN/1");
  w.text("MODE", to_text(slip.mode));
  w.hex("ELECTION", slip.election);
  w.text("STATION", slip.station);
  for (const CheckInField& field : kFields) {
    const Count& count = slip.counts.*field.count;
    if (!count) return bad_slip("check-in's slip states every number");
    w.number(field.key, *count);
  }
  w.number("LEFT", slip.tokens_left);
  std::string text = std::move(w).take();
  const auto signature = device.sign(kUse, as_bytes(text));
  text += " SIGN:" + base::to_base32(signature) + "\n" + certificate.text() + "\n";
  return text;
}

Result<CheckInSlip> read_check_in_slip(std::string_view text,
                                       std::span<const crypto::PublicKey> authorities) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos || text.size() > kMaxText || text.back() != '\n') {
    return bad_slip("the slip has two lines: the totals and the certificate");
  }
  const std::string_view line = text.substr(0, end);
  const std::string_view rest = text.substr(end + 1, text.size() - end - 2);
  URNA_TRY(const auto certificate, Certificate::parse(rest));
  URNA_CHECK(certificate.check(authorities));
  URNA_TRY(auto r, FieldReader::open(line, kMaxText));
  URNA_TRY(const std::string_view kind, r.text("URNA"));
  if (kind != "CHECKIN/1") return bad_slip("this is not a check-in slip");
  CheckInSlip slip;
  URNA_TRY(const std::string_view mode, r.text("MODE"));
  URNA_TRY(slip.mode, parse_mode(mode));
  URNA_TRY(const Bytes election, r.hex("ELECTION", 32));
  URNA_TRY(slip.election, base::to_array<32>(election));
  URNA_TRY(slip.station, r.code("STATION"));
  for (const CheckInField& field : kFields) {
    URNA_TRY(slip.counts.*field.count, r.number(field.key, 0, kMaxCount));
  }
  URNA_TRY(slip.tokens_left, r.number("LEFT", 0, kMaxCount));
  const std::size_t signed_size = line.size() - r.left().size() - 1;
  URNA_TRY(const Bytes signature, r.base32("SIGN", 64));
  URNA_CHECK(r.finish());
  URNA_TRY(const auto signature_bytes, base::to_array<64>(signature));
  const auto& for_whom = certificate.fields();
  if (for_whom.role != kCheckInRole || for_whom.mode != slip.mode ||
      for_whom.election != slip.election ||
      (!for_whom.station.empty() && for_whom.station != slip.station)) {
    return bad_slip("the certificate is not of this station's check-in");
  }
  URNA_CHECK(crypto::check_signature(certificate.key(), kUse,
                                     as_bytes(line.substr(0, signed_size)),
                                     signature_bytes, "the check-in slip"));
  return slip;
}

}  // namespace urna::sheet
