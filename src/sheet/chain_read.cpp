#include "crypto/sha256.hpp"
#include "sheet/chain.hpp"
#include "sheet/chain_code.hpp"
#include "sheet/errors.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

namespace urna::sheet {
namespace {

std::string name_of(const CodeSheet& s) {
  return fmt::format("station {}, segment {}, digest {}", s.station, s.segment,
                     to_upper_hex(s.digest));
}

std::string name_of(const Code& c) {
  return fmt::format("code {} of {} (station {})", c.number, c.of, c.sheet.station);
}

// What was scanned, sorted: every different text once.
struct Scanned {
  std::vector<Code> codes;
  std::vector<Certificate> certificates;
  std::vector<Error> errors;
};

Scanned scan(std::span<const std::string> texts) {
  Scanned out;
  std::set<std::string_view> seen;
  for (const std::string& text : texts) {
    const CodeKind kind = code_kind(text);
    if (kind == CodeKind::foreign || kind == CodeKind::signature) continue;
    if (!seen.insert(text).second) continue;
    if (kind == CodeKind::certificate) {
      auto certificate = Certificate::parse(text);
      if (certificate) {
        out.certificates.push_back(std::move(*certificate));
      } else {
        out.errors.push_back(std::move(certificate).error().at("certificate code"));
      }
      continue;
    }
    auto code = parse_code(text);
    if (code) {
      out.codes.push_back(std::move(*code));
    } else {
      out.errors.push_back(std::move(code).error());
    }
  }
  return out;
}

Result<void> check_numbers(std::span<const Code> codes) {
  std::map<std::uint32_t, const Code*> by_number;
  for (const Code& code : codes) {
    if (code.of != codes.front().of) {
      return fail(errors::code_count,
                  fmt::format("{} and {} disagree about how many codes there are",
                              name_of(codes.front()), name_of(code)),
                  "look for codes of an earlier print of this sheet, or changed ones");
    }
    const auto [it, fresh] = by_number.emplace(code.number, &code);
    if (!fresh) {
      return fail(
          errors::code_conflict,
          fmt::format("two different texts both call themselves {}", name_of(code)),
          "at least one of them was not printed by the machine: keep both papers");
    }
  }
  std::string missing;
  for (std::uint32_t n = 1; n <= codes.front().of; ++n) {
    if (!by_number.contains(n))
      missing += fmt::format("{}{}", missing.empty() ? "" : ", ", n);
  }
  if (missing.empty()) return {};
  return fail(errors::code_missing,
              fmt::format("code {} of {} is missing", missing, codes.front().of),
              "photograph the sheet again, or closer; several pictures may be given",
              name_of(codes.front().sheet));
}

Hash32 hash_with(const std::string& so_far, const std::string& piece) {
  return crypto::sha256(as_bytes(so_far.empty() ? piece : so_far + ' ' + piece));
}

// The chain breaks at codes[at]: a code in the wrong place, or a changed one?
std::unexpected<Error> explain_break(std::span<const Code> codes, std::size_t at,
                                     const std::string& so_far) {
  for (std::size_t other = 0; other < codes.size(); ++other) {
    if (other == at || hash_with(so_far, codes[other].piece) != codes[other].hash)
      continue;
    return fail(errors::code_renumbered,
                fmt::format("{} is really number {}", name_of(codes[other]), at + 1),
                "the numbers were changed after printing: keep the paper");
  }
  return fail(
      errors::code_changed,
      fmt::format("the text of {} is not what its hash says", name_of(codes[at])),
      "at least one character was changed, in this code or in one before it");
}

// The pieces, in order, back to the sheet's text.
Result<std::string> join(std::span<const Code> codes) {
  std::string text;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (hash_with(text, codes[i].piece) != codes[i].hash) {
      return explain_break(codes, i, text);
    }
    if (i > 0) text += ' ';
    text += codes[i].piece;
  }
  return text;
}

// All codes have one CodeSheet.
Result<SignedSheet> assemble(std::vector<Code> codes,
                             std::span<const Certificate> certificates) {
  URNA_CHECK(check_numbers(codes));
  std::ranges::sort(codes, {}, &Code::number);
  URNA_TRY(const std::string text, join(codes));
  URNA_TRY(Sheet sheet, Sheet::parse(text));
  if (code_sheet(sheet) != codes.front().sheet) {
    return fail(errors::code_header,
                fmt::format("the codes say {}, the sheet in them {}",
                            name_of(codes.front().sheet), name_of(code_sheet(sheet))),
                "the heads of the codes were changed after printing: keep the paper");
  }
  SignedSheet out{std::move(sheet), codes.back().signature, std::nullopt};
  const SheetFields& f = out.sheet.fields();
  for (const Certificate& c : certificates) {
    if (c.fields().name == f.device && c.fields().election == f.election &&
        (c.fields().station.empty() || c.fields().station == f.station)) {
      out.certificate = c;
    }
  }
  return out;
}

// Codes of several sheets where one was asked for.
std::unexpected<Error> mixed(const CodeSheet& a, const CodeSheet& b) {
  return fail(errors::code_mixed,
              fmt::format("codes of two sheets: {}; and {}", name_of(a), name_of(b)),
              "give the pictures of one sheet; if both are of one station and segment, "
              "one of them is not the machine's");
}

std::map<CodeSheet, std::vector<Code>> by_sheet(std::vector<Code> codes) {
  std::map<CodeSheet, std::vector<Code>> out;
  for (Code& code : codes) {
    CodeSheet key = code.sheet;
    out[std::move(key)].push_back(std::move(code));
  }
  return out;
}

}  // namespace

Result<SignedSheet> read_chain(std::span<const std::string> texts) {
  Scanned scanned = scan(texts);
  if (!scanned.errors.empty())
    return std::unexpected(std::move(scanned.errors.front()));
  if (scanned.codes.empty()) {
    return fail(errors::no_codes, "no code of a tally sheet among the texts",
                "photograph the square codes at the end of the sheet");
  }
  auto sheets = by_sheet(std::move(scanned.codes));
  if (sheets.size() > 1) {
    return mixed(sheets.begin()->first, std::next(sheets.begin())->first);
  }
  return assemble(std::move(sheets.begin()->second), scanned.certificates);
}

std::vector<Result<SignedSheet>> read_chains(std::span<const std::string> texts) {
  Scanned scanned = scan(texts);
  std::vector<Result<SignedSheet>> out;
  for (auto& [key, codes] : by_sheet(std::move(scanned.codes))) {
    auto sheet = assemble(std::move(codes), scanned.certificates);
    if (!sheet) {
      sheet = std::unexpected(
          std::move(sheet).error().at(fmt::format("station {}", key.station)));
    }
    out.push_back(std::move(sheet));
  }
  for (Error& error : scanned.errors) out.push_back(std::unexpected(std::move(error)));
  return out;
}

}  // namespace urna::sheet
