#include "center/decision.hpp"

#include "base/clock.hpp"
#include "base/encoding.hpp"
#include "center/errors.hpp"
#include "center/receipt.hpp"
#include "election/model.hpp"
#include "sheet/fields.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace urna::center {
namespace {

constexpr std::string_view kMagic = "urna-centre-decision-1";
constexpr std::array<std::string_view, 4> kFamilies{"package", "box-count",
                                                    "signatures", "certificate"};
constexpr std::size_t kMostDocuments = 100;

std::unexpected<Error> bad(std::string what) {
  return fail(errors::bad_decision, std::move(what),
              "make it with `urna center decide`");
}

// Cuts "KEY rest\n" off the front.
Result<std::string_view> take(std::string_view& text, std::string_view key) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  if (end == std::string_view::npos || !line.starts_with(key) ||
      line.substr(key.size(), 1) != " ") {
    return bad(fmt::format("the line '{}' is missing", key));
  }
  text.remove_prefix(end + 1);
  return line.substr(key.size() + 1);
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> out;
  while (true) {
    const std::size_t space = text.find(' ');
    out.push_back(text.substr(0, space));
    if (space == std::string_view::npos) return out;
    text.remove_prefix(space + 1);
  }
}

Result<std::vector<Hash32>> hashes(std::string_view text) {
  std::vector<Hash32> out;
  for (const std::string_view word : words(text)) {
    URNA_TRY(out.emplace_back(), base::array_from_hex<32>(word));
    if (out.size() > kMostDocuments) return bad("too many documents");
  }
  return out;
}

// Says the same once more in the one legal way, or is refused.
Result<void> check(const Statement& statement) {
  const auto& documents = statement.documents;
  if (std::ranges::find(kFamilies, statement.family) == kFamilies.end() ||
      !sheet::is_label(statement.name)) {
    return bad("it is about nothing that people decide");
  }
  if (!std::ranges::is_sorted(documents) ||
      std::ranges::adjacent_find(documents) != documents.end()) {
    return bad("the documents do not ascend");
  }
  if (statement.counts &&
      std::ranges::find(documents, *statement.counts) == documents.end()) {
    return bad("what counts is not among the documents");
  }
  if (statement.reason.empty() || one_line(statement.reason) != statement.reason) {
    return bad("the reason must be one line of at most 400 bytes");
  }
  if (!base::parse_utc(statement.date + "T00:00:00Z")) {
    return bad(fmt::format("'{}' is not a date", statement.date));
  }
  return {};
}

}  // namespace

std::string Statement::text() const {
  std::vector<std::string> all;
  for (const Hash32& hash : documents) all.push_back(base::to_hex(hash));
  return fmt::format(
      "{}\ndefinition {}\nabout {} {}\ndocuments {}\ncounts {}\nreason {}\ndate {}\n",
      kMagic, base::to_hex(definition), family, name, fmt::join(all, " "),
      counts ? base::to_hex(*counts) : "none", reason, date);
}

Result<Statement> Statement::parse(std::string_view text) {
  const std::string_view whole = text;
  if (!text.starts_with(kMagic) || text.substr(kMagic.size(), 1) != "\n") {
    return bad("these are not the words a decision begins with");
  }
  text.remove_prefix(kMagic.size() + 1);
  Statement out;
  URNA_TRY(const auto definition, take(text, "definition"));
  URNA_TRY(out.definition, base::array_from_hex<32>(definition));
  URNA_TRY(const auto about, take(text, "about"));
  const auto what = words(about);
  if (what.size() != 2) return bad("'about' takes a kind and a name");
  out.family = what[0];
  out.name = what[1];
  URNA_TRY(const auto documents, take(text, "documents"));
  URNA_TRY(out.documents, hashes(documents));
  URNA_TRY(const auto counts, take(text, "counts"));
  if (counts != "none") {
    URNA_TRY(out.counts, base::array_from_hex<32>(counts));
  }
  URNA_TRY(const auto reason, take(text, "reason"));
  out.reason = reason;
  URNA_TRY(const auto date, take(text, "date"));
  out.date = date;
  URNA_CHECK(check(out));
  if (!text.empty() || out.text() != whole)
    return bad("there is more than a statement");
  return out;
}

std::string DecisionSignature::text() const {
  return fmt::format("sign {} {} {} {}\n", role, name, base::to_hex(key.bytes()),
                     base::to_hex(signature));
}

std::string sign_statement(std::string_view statement, std::string role,
                           std::string name, const crypto::SigningKey& key) {
  return DecisionSignature{std::move(role), std::move(name), key.public_key(),
                           key.sign(kDecisionUse, as_bytes(statement))}
      .text();
}

Result<DecisionSignature> read_decision_signature(std::string_view statement,
                                                  std::string_view line) {
  const std::string_view whole = line;
  URNA_TRY(const auto rest, take(line, "sign"));
  const auto parts = words(rest);
  if (parts.size() != 4 || !election::is_code(parts[0]) || !sheet::is_label(parts[1])) {
    return bad("a signature is 'sign ROLE NAME KEY SIGNATURE'");
  }
  URNA_TRY(const auto key_bytes, base::array_from_hex<32>(parts[2]));
  URNA_TRY(const auto key, crypto::PublicKey::decode(key_bytes));
  DecisionSignature out{std::string(parts[0]), std::string(parts[1]), key, {}};
  URNA_TRY(out.signature, base::array_from_hex<64>(parts[3]));
  if (out.text() != whole) return bad("there is more than one signature");
  if (!crypto::verifies(key, kDecisionUse, as_bytes(statement), out.signature)) {
    return bad("the signature does not verify");
  }
  return out;
}

bool is_trusted(const DecisionSignature& signature, std::string_view station,
                std::span<const sheet::TrustedOfficial> officials) {
  return std::ranges::any_of(officials, [&](const sheet::TrustedOfficial& one) {
    return one.key == signature.key &&
           (one.station.empty() || one.station == station) &&
           (one.role.empty() || one.role == signature.role);
  });
}

}  // namespace urna::center
