#include "center/receipt.hpp"

#include "base/clock.hpp"
#include "base/encoding.hpp"
#include "center/errors.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include <fmt/format.h>

namespace urna::center {
namespace {

constexpr std::string_view kMagic = "urna-centre-receipt-1";
constexpr std::array<std::string_view, 4> kSaid{"received", "verified", "conflict",
                                                "refused"};
constexpr std::size_t kMostReason = 400;

std::string signed_part(const Receipt& receipt, const crypto::PublicKey& key) {
  std::string out =
      fmt::format("{}\n{}\ndefinition {}\ndocument {} {}\nhash {}\nbytes {}\ntime {}\n",
                  kMagic, said_name(receipt.said), base::to_hex(receipt.definition),
                  receipt.kind, receipt.name, base::to_hex(receipt.hash), receipt.bytes,
                  base::utc_text(receipt.time));
  if (!receipt.reason.empty()) out += fmt::format("reason {}\n", receipt.reason);
  return out + fmt::format("key {}\n", base::to_hex(key.bytes()));
}

std::unexpected<Error> bad(std::string what) {
  return fail(errors::bad_receipt, std::move(what),
              "use the receipt as the centre sent it, and the centre's own key");
}

// Takes "KEY value" lines from the front of a text, one by one.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}

  Result<std::string_view> line() {
    const std::size_t end = text_.find('\n');
    if (end == std::string_view::npos) return bad("the receipt ends too early");
    const std::string_view out = text_.substr(0, end);
    text_.remove_prefix(end + 1);
    return out;
  }
  Result<std::string_view> value(std::string_view key) {
    URNA_TRY(const auto whole, line());
    if (!whole.starts_with(key) || whole.substr(key.size(), 1) != " ") {
      return bad(fmt::format("'{}' where '{}' must stand", whole, key));
    }
    return whole.substr(key.size() + 1);
  }
  [[nodiscard]] bool next_is(std::string_view key) const {
    return text_.starts_with(key);
  }
  [[nodiscard]] bool done() const { return text_.empty(); }

 private:
  std::string_view text_;
};

std::optional<Said> find_said(std::string_view name) {
  for (std::size_t i = 0; i < kSaid.size(); ++i) {
    if (kSaid[i] == name) return static_cast<Said>(i);
  }
  return std::nullopt;
}

Result<Receipt> read_fields(Lines& lines) {
  Receipt out;
  URNA_TRY(const auto said, lines.line());
  const auto known = find_said(said);
  if (!known) return bad(fmt::format("'{}' is nothing a centre says", said));
  out.said = *known;
  URNA_TRY(const auto definition, lines.value("definition"));
  URNA_TRY(out.definition, base::array_from_hex<32>(definition));
  URNA_TRY(const auto document, lines.value("document"));
  const std::size_t space = document.find(' ');
  if (space == std::string_view::npos) return bad("the document has no name");
  out.kind = document.substr(0, space);
  out.name = document.substr(space + 1);
  URNA_TRY(const auto hash, lines.value("hash"));
  URNA_TRY(out.hash, base::array_from_hex<32>(hash));
  URNA_TRY(const auto bytes, lines.value("bytes"));
  const auto [end, ec] =
      std::from_chars(bytes.data(), bytes.data() + bytes.size(), out.bytes);
  if (ec != std::errc{} || end != bytes.data() + bytes.size()) {
    return bad(fmt::format("'{}' is not a number of bytes", bytes));
  }
  URNA_TRY(const auto time, lines.value("time"));
  URNA_TRY(out.time, base::parse_utc(time));
  if (lines.next_is("reason ")) {
    URNA_TRY(out.reason, lines.value("reason"));
  }
  return out;
}

}  // namespace

std::string_view said_name(Said said) {
  return kSaid.at(static_cast<std::size_t>(said));
}

std::string sign_receipt(const Receipt& receipt, const crypto::SigningKey& key) {
  const std::string text = signed_part(receipt, key.public_key());
  return text +
         fmt::format("sign {}\n", base::to_hex(key.sign(kReceiptUse, as_bytes(text))));
}

Result<Receipt> read_receipt(std::string_view file, const crypto::PublicKey& key) {
  Lines lines(file);
  URNA_TRY(const auto magic, lines.line());
  if (magic != kMagic) return bad("these are not the words a receipt begins with");
  URNA_TRY(Receipt out, read_fields(lines));
  URNA_TRY(const auto stated, lines.value("key"));
  URNA_TRY(const auto stated_key, base::array_from_hex<32>(stated));
  if (stated_key != key.bytes()) {
    return bad(fmt::format("it is signed by {}, and this centre's key is {}", stated,
                           base::to_hex(key.bytes())));
  }
  URNA_TRY(const auto sign, lines.value("sign"));
  URNA_TRY(const auto signature, base::array_from_hex<64>(sign));
  if (!lines.done()) return bad("there is something after the signature");
  // One legal text: what was read must give these bytes again.
  const std::string text = signed_part(out, key);
  if (!file.starts_with(text) || one_line(out.reason) != out.reason) {
    return bad("it is not written as a centre writes it");
  }
  const bool explains = out.said == Said::conflict || out.said == Said::refused;
  if (explains == out.reason.empty()) return bad("its reason does not belong there");
  if (!crypto::verifies(key, kReceiptUse, as_bytes(text), signature)) {
    return bad("the signature does not verify");
  }
  return out;
}

std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x20 || byte == 0x7f ? ' ' : c;
  }
  if (out.size() <= kMostReason) return out;
  // Never in the middle of a character.
  std::size_t end = kMostReason;
  while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0) == 0x80) --end;
  return out.substr(0, end);
}

}  // namespace urna::center
