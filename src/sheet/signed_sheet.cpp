#include "sheet/signed_sheet.hpp"

#include "base/encoding.hpp"
#include "sheet/errors.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

#include <fmt/format.h>

namespace urna::sheet {
namespace {

constexpr std::string_view kUse = "tally-sheet";
constexpr std::string_view kFirstField = "URNA:SHEET/";
constexpr std::string_view kSignKey = "SIGN:";

std::unexpected<Error> wrong(const Sheet& sheet, std::string_view what,
                             std::string_view certified, std::string_view said) {
  return fail(errors::wrong_certificate,
              fmt::format("the certificate is for {} {}, the sheet says {}", what,
                          certified, said),
              "a sheet counts only with the certificate of the device that made it",
              fmt::format("station {}", sheet.fields().station));
}

Result<void> check_same(const Sheet& sheet, const Certificate& certificate) {
  const SheetFields& s = sheet.fields();
  const CertificateFields& c = certificate.fields();
  if (c.role != kMachineRole) return wrong(sheet, "a", c.role, "MACHINE");
  if (c.mode != s.mode) return wrong(sheet, "mode", to_text(c.mode), to_text(s.mode));
  if (c.election != s.election) {
    return wrong(sheet, "election", short_digest(c.election), short_digest(s.election));
  }
  if (!c.station.empty() && c.station != s.station) {
    return wrong(sheet, "station", c.station, s.station);
  }
  if (c.name != s.device) return wrong(sheet, "device", c.name, s.device);
  return {};
}

// The next line, or an error when it does not end in a line feed.
Result<std::string_view> take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) {
    return fail(errors::truncated, "the last line does not end with a line feed",
                "fetch the file again: its end is missing");
  }
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

Result<SignedSheet> take_sheet(std::string_view& text) {
  URNA_TRY(const std::string_view line, take_line(text));
  URNA_TRY(Sheet sheet, Sheet::parse(line));
  SignedSheet out{std::move(sheet), std::nullopt, std::nullopt};
  if (text.empty() || text.starts_with(kFirstField)) return out;
  URNA_TRY(const std::string_view sign_line, take_line(text));
  URNA_TRY(FieldReader r, FieldReader::open(sign_line, 200));
  URNA_TRY(const Bytes bytes, r.base32("SIGN", 64));
  URNA_CHECK(r.finish());
  URNA_TRY(out.signature, base::to_array<64>(bytes));
  URNA_TRY(const std::string_view certificate_line, take_line(text));
  URNA_TRY(out.certificate, Certificate::parse(certificate_line));
  return out;
}

}  // namespace

std::string signature_field(const crypto::Signature& signature) {
  return std::string(kSignKey) + base::to_base32(signature);
}

Result<SignedSheet> sign_sheet(Sheet sheet, Certificate certificate,
                               const crypto::SigningKey& device) {
  URNA_CHECK(check_same(sheet, certificate));
  if (certificate.key() != device.public_key()) {
    return wrong(sheet, "another key than", "the device's", "this key");
  }
  const crypto::Signature signature = device.sign(kUse, sheet.digest());
  return SignedSheet{std::move(sheet), signature, std::move(certificate)};
}

Result<void> check_signature(const SignedSheet& s,
                             std::span<const crypto::PublicKey> authorities) {
  const std::string place = fmt::format("station {}", s.sheet.fields().station);
  if (!s.signature) {
    return fail(errors::unsigned_sheet, "the sheet carries no signature",
                "ask for the signed sheet, or read its printed codes", place);
  }
  if (!s.certificate) {
    return fail(errors::no_certificate,
                "the sheet's signature comes without the device's certificate",
                "read the code marked CERT as well", place);
  }
  URNA_CHECK(check_same(s.sheet, *s.certificate));
  auto certified = s.certificate->check(authorities);
  if (!certified) return std::unexpected(std::move(certified).error().at(place));
  if (!crypto::verifies(s.certificate->key(), kUse, s.sheet.digest(), *s.signature)) {
    return fail(errors::bad_signature,
                fmt::format("device {} did not sign this sheet (digest {})",
                            s.sheet.fields().device, short_digest(s.sheet.digest())),
                "compare the printed digest with this one; the text was changed or "
                "signed by another key",
                place);
  }
  return {};
}

std::vector<std::optional<Error>> check_signatures(
    std::span<const SignedSheet> sheets, std::span<const crypto::PublicKey> authorities,
    unsigned threads) {
  std::vector<std::optional<Error>> out(sheets.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i; (i = next.fetch_add(1)) < sheets.size();) {
      auto checked = check_signature(sheets[i], authorities);
      if (!checked) out[i] = std::move(checked).error();
    }
  };
  if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
  threads = static_cast<unsigned>(std::min<std::size_t>(threads, sheets.size()));
  std::vector<std::jthread> pool;
  for (unsigned i = 1; i < threads; ++i) pool.emplace_back(work);
  work();
  pool.clear();
  return out;
}

std::string to_file_text(const SignedSheet& s) {
  std::string out = s.sheet.text() + '\n';
  if (s.signature && s.certificate) {
    out += signature_field(*s.signature) + '\n' + s.certificate->text() + '\n';
  }
  return out;
}

bool is_sheet_file(std::string_view file_text) {
  return file_text.starts_with(kFirstField);
}

Result<SignedSheet> parse_signed_sheet(std::string_view file_text) {
  URNA_TRY(SignedSheet out, take_sheet(file_text));
  if (!file_text.empty()) {
    return fail(errors::trailing_text, "the file goes on after its sheet",
                "this file holds several sheets; give it to `urna count`");
  }
  return out;
}

std::vector<Result<SignedSheet>> parse_sheet_file(std::string_view file_text) {
  std::vector<Result<SignedSheet>> out;
  std::string_view left = file_text;
  while (!left.empty()) {
    const auto consumed = static_cast<std::ptrdiff_t>(file_text.size() - left.size());
    auto one = take_sheet(left);
    if (!one) {
      const auto line =
          1 + std::count(file_text.begin(), file_text.begin() + consumed, '\n');
      one = std::unexpected(std::move(one).error().at(fmt::format("line {}", line)));
      // Go on with the next sheet, wherever it begins.
      left = file_text.substr(static_cast<std::size_t>(consumed));
      const std::size_t next = left.find('\n' + std::string(kFirstField));
      left =
          next == std::string_view::npos ? std::string_view() : left.substr(next + 1);
    }
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace urna::sheet
