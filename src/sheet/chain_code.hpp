// One code of the chain, taken apart: header, piece, hash, signature. Between
// chain_write.cpp and chain_read.cpp; nobody else needs it. Plain values.
#pragma once

#include "sheet/chain.hpp"

#include <compare>

namespace urna::sheet {

// Which sheet a code belongs to. Equal headers, same sheet.
struct CodeSheet {
  std::string station;
  std::uint32_t segment = 1;
  ByteArray<8> digest{};    // the first bytes of the sheet's digest
  ByteArray<8> election{};  // and of the definition's hash
  Mode mode = Mode::official;
  std::string device;  // empty: not stated

  friend auto operator<=>(const CodeSheet&, const CodeSheet&) = default;
};

struct Code {
  CodeSheet sheet;
  std::uint32_t number = 1;
  std::uint32_t of = 1;
  std::string piece;
  Hash32 hash{};  // of all pieces up to this one, joined by single spaces
  std::optional<crypto::Signature> signature;  // in the last code

  friend bool operator==(const Code&, const Code&) = default;
};

[[nodiscard]] CodeSheet code_sheet(const Sheet& sheet);
[[nodiscard]] std::string write_code(const Code& code);
[[nodiscard]] Result<Code> parse_code(std::string_view text);

}  // namespace urna::sheet
