#include "log/document.hpp"

#include "base/encoding.hpp"
#include "log/errors.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace urna::log {
namespace {

constexpr std::string_view kVersion = "urna-document/1";

constexpr bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
constexpr bool is_name_char(char c) {
  return is_lower(c) || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

std::unexpected<Error> bad(std::string message) {
  return fail(errors::bad_document, std::move(message),
              "an entry is `urna-document/1 KIND NAME HASH` and a line feed");
}

}  // namespace

bool is_document_kind(std::string_view text) {
  return !text.empty() && text.size() <= 32 &&
         std::ranges::all_of(text, [](char c) { return is_lower(c) || c == '-'; });
}

bool is_document_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && text.front() != '.' &&
         std::ranges::all_of(text, is_name_char);
}

Bytes Document::entry() const {
  return to_bytes(
      as_bytes(fmt::format("{} {} {} {}\n", kVersion, kind, name, base::to_hex(hash))));
}

Result<Document> parse_document(ByteView entry) {
  std::string_view text = as_text(entry);
  if (!text.ends_with('\n')) return bad("the entry does not end with a line feed");
  text.remove_suffix(1);
  std::array<std::string_view, 4> fields;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::size_t end = i + 1 < fields.size() ? text.find(' ') : text.size();
    if (end == std::string_view::npos) return bad("the entry has too few fields");
    fields[i] = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (fields[0] != kVersion) return bad("the entry is not a document of version 1");
  if (!is_document_kind(fields[1])) return bad("the kind of the document is not legal");
  if (!is_document_name(fields[2])) return bad("the name of the document is not legal");
  const auto hash = base::array_from_hex<32>(fields[3]);
  if (!hash) return bad("the hash of the document is not 64 hexadecimal digits");
  return Document{std::string(fields[1]), std::string(fields[2]), *hash};
}

std::string blob_path(const Hash32& hash) {
  return "blob/" + base::to_hex(hash);
}

}  // namespace urna::log
