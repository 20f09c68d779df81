#include "record/receipt.hpp"

#include "ballot/code.hpp"
#include "ballot/hashes.hpp"
#include "ballot/package.hpp"
#include "base/encoding.hpp"
#include "log/merkle.hpp"
#include "record/errors.hpp"
#include "sheet/certificate.hpp"
#include "sheet/signed_sheet.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace urna::record {
namespace {

std::unexpected<Error> bad(std::string message) {
  return fail(errors::bad_receipt_code, std::move(message),
              "type the 52 letters and digits of the code, or give the text of the QR "
              "code or a picture of it");
}

// "KEY:value" at the front of `text`, which it takes away.
Result<std::string_view> take(std::string_view& text, std::string_view key) {
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view field = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (!field.starts_with(key)) return bad(fmt::format("the field {} is missing", key));
  return field.substr(key.size());
}

Result<Slip> parse_signed(SlipKind kind, std::string_view text) {
  Slip slip;
  slip.kind = kind;
  URNA_TRY(const std::string_view station, take(text, "STATION:"));
  URNA_TRY(const std::string_view code, take(text, "CODE:"));
  URNA_TRY(const std::string_view signature, take(text, "SIGN:"));
  if (!text.empty() || !election::is_code(station)) {
    return bad("the text is not that of a slip");
  }
  slip.station = station;
  URNA_TRY(const Bytes code_bytes, base::from_base32(code));
  URNA_TRY(slip.code, base::to_array<32>(code_bytes));
  URNA_TRY(const Bytes signature_bytes, base::from_base32(signature));
  URNA_TRY(slip.signature, base::to_array<64>(signature_bytes));
  return slip;
}

// The proof of leaf `at` among few leaves that are all at hand.
std::vector<Hash32> proof_of(const std::vector<Hash32>& leaves, std::size_t at) {
  const log::NodeReader nodes = [&](log::NodeId node) -> Result<Hash32> {
    log::TreeHasher tree;
    const std::uint64_t width = std::uint64_t{1} << node.level;
    for (std::uint64_t i = node.index * width; i < (node.index + 1) * width; ++i) {
      tree.add(leaves.at(i));
    }
    return tree.root();
  };
  return log::inclusion_proof(at, leaves.size(), nodes).value_or(std::vector<Hash32>{});
}

// Whether one of the station's certified machines made the slip's signature.
std::optional<bool> signed_by(const Frame& frame, const Slip& slip,
                              const ballot::StationPackage& package) {
  if (!slip.signature) return std::nullopt;
  std::vector<std::string> certificates{package.certificate};
  for (const std::string& text : package.sheets) {
    const auto sheet = sheet::parse_signed_sheet(text);
    if (sheet && sheet->certificate) certificates.push_back(sheet->certificate->text());
  }
  const Bytes statement = ballot::ballot_statement(
      package.box.station.election_hash(), package.box.station.code(), slip.code);
  const std::string_view use =
      slip.kind == SlipKind::cast ? ballot::kCastUse : ballot::kReceiptUse;
  bool known = false;
  for (const std::string& text : certificates) {
    const auto certificate = sheet::Certificate::parse(text);
    if (!certificate || !certificate->check(frame.authorities)) continue;
    known = true;
    if (crypto::verifies(certificate->key(), use, statement, *slip.signature)) {
      return true;
    }
  }
  return known ? std::optional<bool>(false) : std::nullopt;
}

bool look_in(const ballot::Box& box, const Slip& slip, ReceiptAnswer& answer) {
  for (const ballot::BoxBallot& item : box.ballots) {
    const auto read = ballot::BallotBytes::read(box.station, item.ballot);
    if (!read || ballot::confirmation_code(read->hash(box.station),
                                           read->ciphertexts()) != slip.code) {
      continue;
    }
    std::vector<Hash32> leaves;
    answer.leaf = log::leaf_hash(item.ballot);
    for (const ballot::BoxBallot& other : box.ballots) {
      if (other.decision != item.decision) continue;
      if (&other == &item) answer.position = leaves.size();
      leaves.push_back(log::leaf_hash(other.ballot));
    }
    answer.found = item.decision;
    answer.group = leaves.size();
    answer.proof = proof_of(leaves, answer.position);
    answer.root =
        ballot::group_roots(box).at(static_cast<std::size_t>(item.decision) - 1);
    return true;
  }
  return false;
}

}  // namespace

Result<Slip> parse_slip(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) {
    text.remove_suffix(1);
  }
  if (text.starts_with("URNAR1 ")) {
    return parse_signed(SlipKind::receipt, text.substr(7));
  }
  if (text.starts_with("URNAC1 ")) return parse_signed(SlipKind::cast, text.substr(7));
  std::string code;
  for (const char c : text) {
    if (c == ' ' || c == '-') continue;
    code += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  if (code.size() != 52) {
    return bad(
        fmt::format("a code has 52 letters and digits, this has {}", code.size()));
  }
  Slip slip;
  URNA_TRY(const Bytes bytes, base::from_base32(code));
  URNA_TRY(slip.code, base::to_array<32>(bytes));
  return slip;
}

bool ReceiptAnswer::kept() const {
  return found == ballot::Decision::cast && signed_by_machine != false;
}

bool ReceiptAnswer::evidence() const {
  return signed_by_machine == true && found != ballot::Decision::cast;
}

std::string ReceiptAnswer::text(const Slip& slip) const {
  std::string out = fmt::format("code      {}\n", ballot::code_text(slip.code));
  if (!station.empty()) out += fmt::format("station   {}\n", station);
  if (found) {
    out += fmt::format(
        "ballot    {} ballot {} of {}, leaf {}\nproof     {} hashes to the root {}\n"
        "package   {}, entry {} of the log\n",
        ballot::decision_name(*found), position + 1, group, base::to_hex(leaf),
        proof.size(), base::to_hex(root), base::to_hex(package),
        entry ? fmt::format("{}", *entry) : "?");
  }
  if (signed_by_machine) {
    out += fmt::format("slip      {}\n",
                       *signed_by_machine ? "signed by a machine of the station"
                                          : "NOT signed by a machine of the station");
  }
  if (kept()) return out + "RECORDED AS CAST.\n";
  if (found == ballot::Decision::cast) {
    return out +
           "The code is recorded as cast, but this slip was not made by the "
           "station's machine: keep it and ask who made it.\n";
  }
  const std::string now =
      found ? fmt::format("recorded as {}", ballot::decision_name(*found))
            : std::string("not in the record");
  if (evidence() && slip.kind == SlipKind::cast) {
    return out +
           fmt::format(
               "EVIDENCE FOR A COMPLAINT: the machine signed that this ballot was "
               "cast, and it is {}. Keep the slip; it proves this to anybody.\n",
               now);
  }
  if (evidence()) {
    return out +
           fmt::format(
               "The machine signed that it made this ballot, and it is {}. If you "
               "cast it and did not challenge it or start again, complain; the "
               "\"cast\" slip is the stronger evidence.\n",
               now);
  }
  return out + fmt::format(
                   "This ballot is {}. A code alone is no evidence: check that "
                   "it was typed correctly, and bring the signed slip.\n",
                   now);
}

base::Json ReceiptAnswer::to_json(const Slip& slip) const {
  base::Json json = base::Json::object();
  json.set("code", ballot::code_text(slip.code));
  json.set("answer", kept()       ? "recorded as cast"
                     : evidence() ? "evidence"
                     : found      ? "not cast"
                                  : "not found");
  json.set("station", station);
  if (found) {
    json.set("decision", ballot::decision_name(*found));
    json.set("position", position);
    json.set("group", group);
    json.set("leaf", base::to_hex(leaf));
    base::Json path = base::Json::array();
    for (const Hash32& hash : proof) path.push(base::to_hex(hash));
    json.set("proof", std::move(path));
    json.set("root", base::to_hex(root));
    json.set("package", base::to_hex(package));
    if (entry) json.set("entry", *entry);
  }
  json.set("signed_by_machine",
           signed_by_machine ? base::Json(*signed_by_machine) : base::Json());
  return json;
}

Result<ReceiptAnswer> check_slip(const Frame& frame, const Slip& slip) {
  ReceiptAnswer answer;
  answer.station = slip.station;
  for (const auto& [code, versions] : frame.index.of(kinds::package)) {
    if (!slip.station.empty() && code != slip.station) continue;
    // Every version of a package in conflict is looked at: the voter asks what is
    // there.
    for (const Index::Version& version : versions) {
      const auto bytes =
          read_blob(*frame.files, frame.folder, kinds::package, version.hash);
      if (!bytes) continue;
      const auto package = ballot::parse_package(*bytes);
      if (!package) continue;
      if (!slip.station.empty()) {
        answer.signed_by_machine = signed_by(frame, slip, *package);
      }
      if (!look_in(package->box, slip, answer)) continue;
      answer.station = code;
      answer.package = version.hash;
      answer.entry = version.entry;
      return answer;
    }
  }
  return answer;
}

}  // namespace urna::record
