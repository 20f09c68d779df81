#include "record/station.hpp"

#include "ballot/code.hpp"
#include "ballot/errors.hpp"
#include "base/encoding.hpp"
#include "crypto/sha256.hpp"
#include "record/errors.hpp"
#include "record/station_verifier.hpp"
#include "sheet/definition_check.hpp"
#include "trustees/decision.hpp"

#include <fmt/format.h>

namespace urna::record {
namespace {

using election::ContestIndex;

// Which check a ballot's fault belongs to.
Check check_of(const ErrorKind& kind) {
  namespace e = ballot::errors;
  if (kind == e::group_order) return Check::order;
  if (kind == e::duplicate_id || kind == e::duplicate_code ||
      kind == e::duplicate_alpha || kind == e::id_conflict) {
    return Check::unique;
  }
  if (kind == e::bad_opening || kind == e::opening_limit ||
      kind == e::opening_mismatch || kind == e::opening_missing ||
      kind == e::opening_forbidden) {
    return Check::openings;
  }
  return Check::proofs;
}

}  // namespace

bool StationVerifier::read_package() {
  const auto hash = frame_.package_of(code_);
  if (!hash) {
    skip_all(hash.error().message);
    return false;
  }
  hash_ = *hash;
  file_ = log::blob_path(hash_);
  auto bytes = read_blob(*frame_.files, frame_.folder, kinds::package, hash_);
  if (!bytes) {
    skip_all("the bytes of the package are not those of the record");
    bad(Check::documents, fmt::format("the package: {}", bytes.error().message));
    return false;
  }
  bytes_ = *std::move(bytes);
  report_.bytes = bytes_.size();
  auto package = ballot::parse_package(bytes_);
  if (!package) {
    skip_all("the package cannot be read");
    bad(Check::package, said(package.error()));
    return false;
  }
  found().pass(Check::package);
  package_ = *std::move(package);
  return true;
}

void StationVerifier::check_signature() {
  auto certificate = sheet::Certificate::parse(package_->certificate);
  if (!certificate) return bad(Check::package_signature, said(certificate.error()));
  const auto& fields = certificate->fields();
  if (const auto good = certificate->check(frame_.authorities); !good) {
    return bad(Check::package_signature,
               fmt::format("the machine's certificate: {}", said(good.error())));
  }
  if (!certificate->is_for_machine(definition_.hash(), definition_.model().mode,
                                   code_)) {
    return bad(Check::package_signature,
               fmt::format("the certificate of {} is not for a machine of this station "
                           "in this election",
                           fields.name));
  }
  if (!ballot::package_signed_by(bytes_, certificate->key())) {
    return bad(
        Check::package_signature,
        fmt::format("the signature is not that of {} over these bytes", fields.name));
  }
  certificate_ = *std::move(certificate);
  found().pass(Check::package_signature);
}

bool StationVerifier::check_box() {
  const auto skip = [&](const std::string& why) {
    for (const Check check :
         {Check::ballot_box, Check::proofs, Check::openings, Check::unique,
          Check::order, Check::roots, Check::counts, Check::exclusion,
          Check::decryptions, Check::decrypted_totals, Check::sheet_totals}) {
      found().skip(check, why);
    }
  };
  if (!frame_.key) {
    skip("there is no usable election key");
    return false;
  }
  const auto belongs = trustees::check_belongs(definition_, *frame_.key, package_->box);
  if (!belongs || *belongs != station_) {
    skip("the ballots are not this station's");
    bad(Check::ballot_box, belongs ? fmt::format("these are the ballots of station {}",
                                                 package_->box.station.code())
                                   : said(belongs.error()));
    return false;
  }
  found().pass(Check::ballot_box);
  return true;
}

void StationVerifier::check_ballots() {
  auto report = ballot::check_box(package_->box, options_.threads, options_.reference);
  if (!report) {
    for (const Check check :
         {Check::proofs, Check::openings, Check::unique, Check::order}) {
      found().skip(check, said(report.error()));
    }
    return;
  }
  ballots_ = *std::move(report);
  report_.cast = ballots_.cast;
  report_.challenged = ballots_.challenged;
  report_.voided = ballots_.voided;
  for (const auto& [position, fault] : ballots_.faults) {
    bad(check_of(fault.kind), fault.text(), {}, ballot_title(package_->box, position));
  }
  for (const Check check :
       {Check::proofs, Check::openings, Check::unique, Check::order}) {
    found().pass(check);
  }
}

void StationVerifier::check_roots() {
  constexpr std::array kNames{"cast", "challenged", "voided"};
  const ballot::GroupRoots roots = ballot::group_roots(package_->box);
  for (std::size_t i = 0; i < roots.size(); ++i) {
    if (roots[i] == package_->roots[i]) continue;
    bad(Check::roots,
        fmt::format("the {} ballots have the root {}, the package says {}", kNames[i],
                    base::to_hex(roots[i]), base::to_hex(package_->roots[i])));
  }
  found().pass(Check::roots);
}

bool StationVerifier::sum() {
  auto sums = trustees::sum_package(definition_, package_->box, hash_, ballots_);
  if (sums) {
    sums_ = *std::move(sums);
    return true;
  }
  for (const Check check : {Check::exclusion, Check::decryptions,
                            Check::decrypted_totals, Check::sheet_totals}) {
    found().skip(check, said(sums.error()));
  }
  return false;
}

void StationVerifier::check_exclusion() {
  const auto& excluded = sums_->sums.excluded;
  const auto bytes = beside(Check::exclusion, kinds::exclusion,
                            "no ballot was left out, and no decision is needed");
  if (!bytes) {
    if (!excluded.empty()) {
      bad(Check::exclusion,
          fmt::format("{} ballots are faulty, and no decision names them",
                      excluded.size()));
    }
    return;
  }
  const std::string file(log::blob_path(crypto::sha256(*bytes)));
  const auto decision = trustees::Decision::decode(*bytes);
  if (!decision) return bad(Check::exclusion, said(decision.error()), file);
  const auto keys = trustees::decision_keys(definition_);
  if (std::ranges::find(keys, decision->official) == keys.end()) {
    bad(Check::exclusion, "it is signed by somebody who may not decide this", file);
  } else if (decision->election_hash != frame_.key->election_hash() ||
             decision->station != code_ || decision->package != hash_) {
    bad(Check::exclusion, "it is about another package", file);
  } else if (decision->excluded != excluded) {
    bad(Check::exclusion,
        fmt::format("it names {} ballots; the faulty ones are {}, not all the same",
                    decision->excluded.size(), excluded.size()),
        file);
  }
  found().pass(Check::exclusion);
}

void StationVerifier::decrypt() {
  std::vector<trustees::NamedFile> files;
  for (const auto& [name, hash] : frame_.index.decryptions(code_)) {
    auto bytes = read_blob(*frame_.files, frame_.folder, kinds::decryption, hash);
    if (!bytes) {
      bad(Check::documents,
          fmt::format("decryption {}: {}", name, bytes.error().message),
          bytes.error().where);
      continue;
    }
    const auto partial = trustees::Partial::decode(*bytes);
    if (partial && name != fmt::format("{}-{:02}", code_, partial->share.trustee)) {
      bad(Check::decryptions,
          fmt::format("{} is the file of trustee {}", name, partial->share.trustee),
          log::blob_path(hash));
    }
    files.push_back({name, *std::move(bytes)});
  }
  const auto combination =
      trustees::combine_partials(*frame_.key, *frame_.totals_log, sums_->sums, files);
  if (files.empty()) {
    found().skip(Check::decryptions, "the record has no decryption of this station");
  } else {
    for (const trustees::Fault& fault : combination.faults) {
      const auto hash = frame_.index.last(
          kinds::decryption, fmt::format("{}-{:02}", code_, fault.trustee));
      bad(Check::decryptions, fmt::format("U{} {}", fault.kind.number, fault.text),
          hash ? log::blob_path(*hash) : "decryption");
    }
    found().pass(Check::decryptions);
  }
  if (!combination.totals) {
    const std::string why =
        combination.error ? said(*combination.error) : "there are no totals";
    if (files.empty()) return found().skip(Check::decrypted_totals, why);
    return bad(Check::decrypted_totals, why, "decryption");
  }
  found().pass(Check::decrypted_totals);
  totals_ = combination.totals;
  std::vector<std::uint64_t> row;
  for (const trustees::ContestTotals& contest : totals_->contests) {
    row.insert(row.end(), contest.fields.begin(), contest.fields.end());
    row.push_back(0);  // null votes: a screen cannot be spoiled
  }
  report_.row = std::move(row);
}

void StationVerifier::compare_totals() {
  if (!totals_) {
    return found().skip(Check::sheet_totals, "there are no decrypted totals");
  }
  if (sheets_.empty()) {
    return found().skip(Check::sheet_totals, "there is no usable tally sheet");
  }
  for (const auto& sheet : sheets_) {
    const auto& fields = sheet.sheet.fields();
    if (fields.counted()) continue;
    return found().skip(
        Check::sheet_totals,
        fmt::format("counted by the trustees only: the machine of segment {} had lost "
                    "its closing key",
                    fields.segment));
  }
  std::vector<std::uint64_t> stated(report_.row->size(), 0);
  for (const auto& sheet : sheets_) {
    const auto row = sheet::to_row(sheet.sheet.fields());
    for (std::size_t i = 0; i < std::min(row.size(), stated.size()); ++i) {
      stated[i] += row[i];
    }
  }
  const auto& style = definition_.style_of(station_);
  for (std::size_t c = 0; c < style.contests.size(); ++c) {
    const election::Contest& contest = definition_.contests()[style.contests[c]];
    const std::size_t start = style.field_start[c];
    for (std::size_t f = 0; f < contest.fields(); ++f) {
      if (stated.at(start + f) == report_.row->at(start + f)) continue;
      const std::string name = f < contest.options.size()    ? contest.options[f].code
                               : f == contest.options.size() ? "blank"
                                                             : "null";
      bad(Check::sheet_totals,
          fmt::format("contest {}, {}: the sheet says {}, the sealed ballots give {}",
                      contest.code, name, stated[start + f],
                      (*report_.row)[start + f]));
    }
  }
  found().pass(Check::sheet_totals);
}

StationReport verify_station(const Frame& frame, election::StationIndex station,
                             const StationOptions& options) {
  return StationVerifier(frame, station, options).run();
}

std::uint64_t package_size(const Frame& frame, std::string_view station) {
  const auto hash = frame.package_of(station);
  if (!hash) return 0;
  auto file = frame.files->open(base::join_path(frame.folder, log::blob_path(*hash)),
                                base::OpenMode::read);
  if (!file) return 0;
  return (*file)->size().value_or(0);
}

std::string ballot_title(const ballot::Box& box, std::size_t position) {
  const ballot::BoxBallot& item = box.ballots.at(position);
  std::size_t before = 0;  // of the same group
  for (std::size_t i = 0; i < position; ++i) {
    if (box.ballots[i].decision == item.decision) ++before;
  }
  const std::string_view group = ballot::decision_name(item.decision);
  const auto read = ballot::BallotBytes::read(box.station, item.ballot);
  if (!read) return fmt::format("{} ballot {}", group, before + 1);
  const Hash32 code =
      ballot::confirmation_code(read->hash(box.station), read->ciphertexts());
  return fmt::format("{} ballot {} ({})", group, before + 1, ballot::code_text(code));
}

}  // namespace urna::record
