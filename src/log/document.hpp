// What an entry of the log says about a document: its kind, its name and the SHA-256 of
// its bytes. The bytes themselves lie beside the log as `blob/<hash>`, so that a log of
// any size has small entries, and a trustee can name the entry of a package from the
// package's hash alone. docs/formats/record.md is normative.
//
// Called by the record (which writes them), the mirror (which fetches the blobs), the
// trustees (which ask whether a package stands in the log) and every verifier.
//
// Thread rule: plain values and pure functions. Public data.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <string>
#include <string_view>

namespace urna::log {

struct Document {
  std::string kind;  // 1 to 32 of a-z and '-'
  std::string name;  // 1 to 64 of A-Z a-z 0-9 . _ -, not beginning with '.'
  Hash32 hash{};     // SHA-256 of its bytes

  // "urna-document/1 KIND NAME HASH" and a line feed. Kind and name must be legal.
  [[nodiscard]] Bytes entry() const;
  friend auto operator<=>(const Document&, const Document&) = default;
};

[[nodiscard]] bool is_document_kind(std::string_view text);
[[nodiscard]] bool is_document_name(std::string_view text);

// Exactly what entry() gives; anything else is bad_document.
[[nodiscard]] Result<Document> parse_document(ByteView entry);

// Where the bytes of a document lie: "blob/<64 hexadecimal digits>".
[[nodiscard]] std::string blob_path(const Hash32& hash);

}  // namespace urna::log
