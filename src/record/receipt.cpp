#include "record/receipt.hpp"

#include "ballot/code.hpp"
#include "ballot/hashes.hpp"
#include "ballot/package.hpp"
#include "base/encoding.hpp"
#include "base/file.hpp"
#include "log/merkle.hpp"
#include "log/receipt.hpp"
#include "log/sequencer.hpp"
#include "record/errors.hpp"
#include "sheet/certificate.hpp"
#include "sheet/signed_sheet.hpp"
#include "sheet/voter_slip.hpp"

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

SlipKind kind_of(sheet::VoterSlipKind kind) {
  return kind == sheet::VoterSlipKind::cast ? SlipKind::cast : SlipKind::receipt;
}

Result<Slip> parse_signed(std::string_view text) {
  auto slip = sheet::parse_voter_slip(text);
  if (!slip) return bad(said(slip.error()));
  return Slip{kind_of(slip->kind), slip->code, std::move(slip->station),
              slip->signature};
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

// The keys of every machine that may serve the station: from the record's certificates,
// so that a slip is evidence even when the package is gone, and from the package.
std::vector<crypto::PublicKey> machines_of(const Frame& frame, std::string_view station,
                                           const ballot::StationPackage* package) {
  std::vector<std::string> texts;
  for (const auto& [name, versions] : frame.index.of(kinds::certificate)) {
    for (const Index::Version& version : versions) {
      auto bytes =
          read_blob(*frame.files, frame.folder, kinds::certificate, version.hash);
      if (!bytes) continue;
      texts.emplace_back(as_text(*bytes));
      if (texts.back().ends_with('\n')) texts.back().pop_back();
    }
  }
  if (package != nullptr) {
    texts.push_back(package->certificate);
    for (const std::string& text : package->sheets) {
      const auto sheet = sheet::parse_signed_sheet(text);
      if (sheet && sheet->certificate) texts.push_back(sheet->certificate->text());
    }
  }
  std::vector<crypto::PublicKey> keys;
  for (const std::string& text : texts) {
    const auto certificate = sheet::Certificate::parse(text);
    if (certificate && certificate->check(frame.authorities) &&
        certificate->is_for_machine(frame.definition->hash(),
                                    frame.definition->model().mode, station)) {
      keys.push_back(certificate->key());
    }
  }
  return keys;
}

// Whether one of these machines made the slip's signature.
std::optional<bool> signed_by(const Frame& frame, const Slip& slip,
                              const std::vector<crypto::PublicKey>& machines) {
  if (!slip.signature || machines.empty()) return std::nullopt;
  const Bytes statement =
      ballot::ballot_statement(frame.key->election_hash(), slip.station, slip.code);
  const std::string_view use =
      slip.kind == SlipKind::cast ? ballot::kCastUse : ballot::kReceiptUse;
  return std::ranges::any_of(machines, [&](const crypto::PublicKey& key) {
    return crypto::verifies(key, use, statement, *slip.signature);
  });
}

// What speaks against the log as a whole.
void doubt_log(const Frame& frame, ReceiptAnswer& answer) {
  for (const Check check :
       {Check::log_key, Check::checkpoint, Check::tree, Check::entries,
        Check::definition, Check::election_key, Check::trust_root}) {
    for (const Failure& failure : frame.report.findings.failures()) {
      if (failure.check != check) continue;
      answer.doubts.push_back(fmt::format("check {} ({}): {}", number(check),
                                          info(check).name, failure.what));
    }
  }
}

// What speaks against the package in which the ballot was found.
void doubt_package(const Frame& frame, const ballot::StationPackage& package,
                   ByteView bytes, const std::vector<crypto::PublicKey>& machines,
                   ReceiptAnswer& answer) {
  const auto doubt = [&](std::string what) {
    answer.doubts.push_back(std::move(what));
  };
  if (std::ranges::none_of(machines, [&](const crypto::PublicKey& key) {
        return ballot::package_signed_by(bytes, key);
      })) {
    doubt("no certified machine of the station signed the package");
  }
  if (ballot::group_roots(package.box) != package.roots) {
    doubt("the package's roots are not those of its ballots");
  }
  const auto counts = frame.package_of(answer.station);
  if (!counts) {
    doubt(counts.error().message);
  } else if (*counts != answer.package) {
    doubt("a decision says that another package of this station counts");
  }
}

// The proof that the package's entry stands in the log, as docs/formats/log-receipt.md
// has it; nothing when a tile that it needs is damaged, which is a doubt already.
std::optional<std::string> log_proof_of(const Frame& frame, std::uint64_t entry) {
  const auto note = base::read_text(
      *frame.files, base::join_path(frame.folder, "checkpoint"), log::kMaxNote);
  if (!note) return std::nullopt;
  const auto receipt =
      log::make_receipt(log::folder_tiles(*frame.files, frame.folder), *note, entry);
  if (!receipt) return std::nullopt;
  return receipt->text();
}

std::string code_problem(std::string_view grouped) {
  const auto digits = static_cast<std::size_t>(
      std::ranges::count_if(grouped, [](char c) { return c != '-'; }));
  if (digits != 52) {
    return fmt::format("a code has 52 letters and digits, this has {}", digits);
  }
  const std::size_t odd =
      grouped.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567-");
  if (odd != std::string_view::npos) {
    return fmt::format(
        "group {} is '{}': codes are made of the letters A to Z and the "
        "digits 2 to 7",
        odd / 5 + 1, grouped.substr(odd / 5 * 5, 4));
  }
  return "the last letter or digit cannot be right";
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
  if (sheet::is_voter_slip(text)) return parse_signed(text);
  std::string plain;
  for (const char c : text) {
    if (c == ' ' || c == '-') continue;
    if (!plain.empty() && plain.size() % 5 == 4) plain += '-';
    plain += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  const auto code = ballot::parse_code(plain);
  if (!code) return bad(code_problem(plain));
  return Slip{SlipKind::typed, *code, {}, std::nullopt};
}

bool ReceiptAnswer::kept() const {
  return found == ballot::Decision::cast && signed_by_machine != false &&
         doubts.empty();
}

bool ReceiptAnswer::evidence(const Slip& slip) const {
  if (signed_by_machine != true) return false;
  return slip.kind == SlipKind::cast ? found != ballot::Decision::cast : !found;
}

std::string ReceiptAnswer::verdict(const Slip& slip) const {
  if (kept()) return "RECORDED AS CAST.\n";
  if (found == ballot::Decision::cast && signed_by_machine == false) {
    return "The code is recorded as cast, but this slip was not made by the station's "
           "machine: keep it and ask who made it.\n";
  }
  if (found == ballot::Decision::cast) {
    return "The ballot stands among those cast, but this copy of the record cannot be "
           "relied on. Run `urna verify`, get another copy, and look again.\n";
  }
  const std::string now =
      found ? fmt::format("recorded as {}", ballot::decision_name(*found))
            : std::string("not in the record");
  if (evidence(slip)) {
    return fmt::format(
        "EVIDENCE FOR A COMPLAINT: the machine signed that {}, and it is {}. Keep the "
        "slip; it proves this to anybody who has this record.\n",
        slip.kind == SlipKind::cast ? "this ballot was cast" : "it made this ballot",
        now);
  }
  if (signed_by_machine == true) {
    return fmt::format(
        "This ballot is {}. That is right if you challenged it or started again: a "
        "receipt alone does not say that you cast it. If you did cast it, complain and "
        "bring the slip \"vote cast\".\n",
        now);
  }
  if (signed_by_machine == false) {
    return fmt::format(
        "This ballot is {}, and no machine of the station made this slip: it is no "
        "evidence against the record. Keep it and ask who made it.\n",
        now);
  }
  return fmt::format(
      "This ballot is {}. A code alone is no evidence: check that it was typed "
      "correctly, and bring the signed slip.\n",
      now);
}

std::string ReceiptAnswer::text(const Slip& slip) const {
  std::string out = fmt::format("code      {}\n", ballot::code_text(slip.code));
  if (!station.empty()) out += fmt::format("station   {}\n", station);
  if (found) {
    out += fmt::format(
        "ballot    {} ballot {} of {}, leaf {}\nproof     {} hashes to the root {}\n"
        "package   {}, entry {} of the log\n",
        ballot::decision_name(*found), position + 1, group, base::to_hex(leaf),
        proof.size(), base::to_hex(root), base::to_hex(package), entry);
  }
  if (signed_by_machine) {
    out += fmt::format("slip      {}\n",
                       *signed_by_machine ? "signed by a machine of the station"
                                          : "NOT signed by a machine of the station");
  }
  for (const std::string& one : doubts) out += fmt::format("DOUBT     {}\n", one);
  for (const std::string& one : not_read) out += fmt::format("NOT READ  {}\n", one);
  return out + verdict(slip);
}

base::Json ReceiptAnswer::to_json(const Slip& slip) const {
  base::Json json = base::Json::object();
  json.set("format", "urna-receipt-answer-1");
  json.set("code", ballot::code_text(slip.code));
  json.set("answer", kept()                            ? "recorded as cast"
                     : evidence(slip)                  ? "evidence"
                     : found == ballot::Decision::cast ? "doubtful"
                     : found                           ? "not cast"
                                                       : "not found");
  json.set("station", station);
  const auto list = [](const std::vector<std::string>& lines) {
    base::Json out = base::Json::array();
    for (const std::string& line : lines) out.push(line);
    return out;
  };
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
    json.set("entry", entry);
    if (log_proof) json.set("log_proof", *log_proof);
  }
  json.set("signed_by_machine",
           signed_by_machine ? base::Json(*signed_by_machine) : base::Json());
  json.set("doubts", list(doubts));
  json.set("not_read", list(not_read));
  return json;
}

Result<ReceiptAnswer> check_slip(const Frame& frame, const Slip& slip) {
  if (!frame.definition || !frame.key) {
    return fail(errors::not_in_record,
                "the record's definition and election key cannot be used",
                "run `urna verify`, which says what is wrong with them", frame.folder);
  }
  ReceiptAnswer answer;
  answer.station = slip.station;
  doubt_log(frame, answer);
  if (!slip.station.empty() && !frame.definition->find_station(slip.station)) {
    return fail(errors::unknown_station,
                fmt::format("the definition has no station {}", slip.station));
  }
  if (!slip.station.empty()) {
    answer.signed_by_machine =
        signed_by(frame, slip, machines_of(frame, slip.station, nullptr));
  }
  for (const auto& [code, versions] : frame.index.of(kinds::package)) {
    if (!slip.station.empty() && code != slip.station) continue;
    // Every version of a package in conflict is looked at: the voter asks what is
    // there.
    for (const Index::Version& version : versions) {
      const auto bytes =
          read_blob(*frame.files, frame.folder, kinds::package, version.hash);
      const auto package =
          bytes ? ballot::parse_package(*bytes)
                : Result<ballot::StationPackage>(std::unexpected(bytes.error()));
      if (!package) {
        answer.not_read.push_back(
            fmt::format("package of {}: {}", code, said(package.error())));
        continue;
      }
      const auto machines = machines_of(frame, code, &*package);
      if (answer.signed_by_machine != true && slip.station == code) {
        answer.signed_by_machine = signed_by(frame, slip, machines);
      }
      if (!look_in(package->box, slip, answer)) continue;
      answer.station = code;
      answer.package = version.hash;
      answer.entry = version.entry;
      doubt_package(frame, *package, *bytes, machines, answer);
      answer.log_proof = log_proof_of(frame, version.entry);
      return answer;
    }
  }
  return answer;
}

}  // namespace urna::record
