#include "record/frame.hpp"

#include "base/binary.hpp"
#include "base/encoding.hpp"
#include "crypto/sha256.hpp"
#include "log/policy.hpp"
#include "log/scan.hpp"
#include "log/tile.hpp"
#include "record/checkpoint.hpp"
#include "record/errors.hpp"
#include "sheet/certificate.hpp"
#include "sheet/check_in_slip.hpp"
#include "trustees/board.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::record {
namespace {

// Fills a Frame, step by step; each step leaves what later ones need, or nothing.
class FrameReader {
 public:
  FrameReader(base::FileSystem& files, const std::string& folder, const Trust& trust)
      : trust_(trust) {
    frame_.files = &files;
    frame_.folder = folder;
  }

  Result<Frame> read() {
    URNA_CHECK(scan());
    check_log_key();
    check_seen();
    check_witnesses();
    read_decisions_bytes();
    load_definition();
    apply_decisions();
    check_conflicts();
    load_key();
    check_ceremony();
    check_trust_root();
    check_certificates();
    check_other_documents();
    return std::move(frame_);
  }

 private:
  Findings& found() { return frame_.report.findings; }
  void bad(Check check, std::string what, std::string file = {}) {
    found().fail({check, {}, std::move(file), {}, std::move(what)});
  }

  Result<void> scan();
  void check_log_key();
  void check_seen();
  void check_witnesses();
  void read_decisions_bytes();
  void load_definition();
  void apply_decisions();
  void check_conflicts();
  void load_key();
  void check_ceremony();
  void check_trust_root();
  void check_certificates();
  void check_other_documents();

  // A document's bytes; a fault of its bytes is one of "documents".
  std::optional<Bytes> blob(std::string_view kind, const std::string& name,
                            const Hash32& hash);
  std::optional<Bytes> only(std::string_view kind, const std::string& name);
  // Where the last version of a document lies; empty when the record has none.
  [[nodiscard]] std::string file_of(std::string_view kind,
                                    std::string_view name) const {
    const auto hash = frame_.index.last(kind, name);
    return hash ? log::blob_path(*hash) : std::string();
  }

  const Trust& trust_;
  Frame frame_;
  RecordCheckpoint top_;
  log::Scan tree_;
  std::vector<std::pair<std::string, log::Checkpoint>> seen_;
  std::optional<log::VerifierKey> log_key_;
  std::optional<std::string> decisions_text_;
};

std::optional<Bytes> FrameReader::blob(std::string_view kind, const std::string& name,
                                       const Hash32& hash) {
  auto bytes = read_blob(*frame_.files, frame_.folder, kind, hash);
  if (bytes) {
    found().pass(Check::documents);
    return *std::move(bytes);
  }
  bad(Check::documents, fmt::format("{} {}: {}", kind, name, bytes.error().message),
      log::blob_path(hash));
  return std::nullopt;
}

std::optional<Bytes> FrameReader::only(std::string_view kind, const std::string& name) {
  const auto& versions = frame_.index.versions(kind, name);
  if (versions.size() != 1) return std::nullopt;
  return blob(kind, name, versions.front().hash);
}

Result<void> FrameReader::scan() {
  std::vector<std::uint64_t> sizes;
  for (const std::string& text : trust_.seen) {
    URNA_TRY(const log::Note note, log::parse_note(text));
    URNA_TRY(log::Checkpoint checkpoint, log::parse_checkpoint(note.text));
    sizes.push_back(checkpoint.size);
    seen_.emplace_back(text, std::move(checkpoint));
  }
  URNA_TRY(top_, read_checkpoint(*frame_.files, frame_.folder));
  const log::Checkpoint& top = top_.checkpoint;
  RecordReport& report = frame_.report;
  report.origin = top.origin;
  report.size = top.size;
  report.root = top.root;

  std::uint64_t good = 0;
  const auto refuse = [&](std::uint64_t at, const Error& error) {
    log::TileId bundle = log::tile_holding(0, at, top.size);
    bundle.entries = true;
    bad(Check::entries, fmt::format("entry {}: {}", at, error.message), bundle.path());
  };
  tree_ = log::scan(*frame_.files, frame_.folder, top, sizes,
                    [&](std::uint64_t at, const Bytes& entry) {
                      const auto document = log::parse_document(entry);
                      if (!document) return refuse(at, document.error());
                      const auto named = check_document_name(*document);
                      if (!named) return refuse(at, named.error());
                      ++good;
                      frame_.index.add(*document, at);
                    });
  for (const log::LogFault& fault : tree_.faults) {
    bad(Check::tree, fault.what, fault.file);
  }
  found().pass(Check::tree);
  if (good > 0) {
    found().pass(Check::entries);
  } else {
    found().skip(Check::entries, "the log has no readable entry");
  }
  return {};
}

void FrameReader::check_log_key() {
  log_key_ = trust_.log_key;
  std::optional<log::VerifierKey> stated;
  if (const auto bytes = only(kinds::log_key, "log-key")) {
    std::string text(as_text(*bytes));
    if (text.ends_with('\n')) text.pop_back();
    if (const auto key = log::VerifierKey::parse(text)) {
      stated = *key;
    } else {
      bad(Check::checkpoint, said(key.error()), file_of(kinds::log_key, "log-key"));
    }
  }
  if (!log_key_) {
    log_key_ = stated;
    found().skip(Check::log_key,
                 "no key was given (--log-key): the key that the record states for "
                 "itself was used");
  } else if (stated && *stated != *log_key_) {
    bad(Check::log_key,
        fmt::format("you gave {}, the record states {}", log_key_->text(),
                    stated->text()),
        file_of(kinds::log_key, "log-key"));
  } else {
    found().pass(Check::log_key);
  }
  if (!log_key_) {
    return found().skip(Check::checkpoint, "no key of the log is known");
  }
  const std::array known{*log_key_};
  const auto signers = log::check_note(top_.note, known);
  if (!signers || signers->empty() || top_.checkpoint.origin != log_key_->name()) {
    bad(Check::checkpoint,
        signers ? fmt::format("the log {} has not signed it", log_key_->name())
                : said(signers.error()),
        "checkpoint");
  }
  found().pass(Check::checkpoint);
}

void FrameReader::check_seen() {
  if (seen_.empty()) {
    return found().skip(Check::history,
                        "no checkpoint that you saw before was given (--seen)");
  }
  for (const auto& [text, checkpoint] : seen_) {
    const auto signed_before =
        log_key_ ? log::open_checkpoint(text, *log_key_)
                 : Result<log::SignedCheckpoint>(
                       fail(errors::not_a_record, "no key of the log is known"));
    if (!signed_before) {
      bad(Check::history,
          fmt::format("the checkpoint you saw is not one of this log: {}",
                      said(signed_before.error())));
      continue;
    }
    const auto root = tree_.roots.find(checkpoint.size);
    if (root == tree_.roots.end()) {
      bad(Check::history, fmt::format("you saw {} entries, this record has {}",
                                      checkpoint.size, top_.checkpoint.size));
    } else if (root->second != checkpoint.root) {
      bad(Check::history,
          fmt::format("the first {} entries had the root {} when you saw them and have "
                      "{} now; both are signed: keep the two checkpoints as evidence",
                      checkpoint.size, base::to_hex(checkpoint.root),
                      base::to_hex(root->second)));
    }
  }
  found().pass(Check::history);
}

void FrameReader::check_witnesses() {
  std::optional<std::string> text = trust_.policy;
  if (!text) {
    if (const auto bytes = only(kinds::policy, "witnesses")) {
      text = std::string(as_text(*bytes));
    }
  }
  if (!text) {
    return found().skip(Check::witnesses,
                        "no policy was given (--policy) and the record names no "
                        "witnesses");
  }
  const auto policy = log::Policy::parse(*text);
  if (!policy) {
    return bad(Check::witnesses, said(policy.error()),
               trust_.policy ? "" : file_of(kinds::policy, "witnesses"));
  }
  if (const auto good = policy->check(top_.note.format()); !good) {
    return bad(Check::witnesses, said(good.error()), "checkpoint");
  }
  if (!policy->needs_witnesses()) {
    return found().skip(Check::witnesses, "the policy asks for no witnesses");
  }
  if (!trust_.policy) {
    return found().skip(Check::witnesses,
                        "the witnesses that the record itself names have signed; give "
                        "the policy that you know (--policy) to have them checked");
  }
  found().pass(Check::witnesses);
}

void FrameReader::read_decisions_bytes() {
  const auto hash = frame_.index.last(kinds::decisions, "decisions.json");
  if (!hash) {
    return found().skip(Check::decisions, "the record has no decisions");
  }
  if (const auto bytes = blob(kinds::decisions, "decisions.json", *hash)) {
    decisions_text_ = std::string(as_text(*bytes));
  } else {
    found().skip(Check::decisions, "the bytes of decisions.json are missing");
  }
}

void FrameReader::load_definition() {
  const auto& names = frame_.index.of(kinds::definition);
  if (names.empty()) {
    return found().skip(Check::definition, "the record has no definition");
  }
  election::DefinitionFiles files;
  for (const auto& [name, versions] : names) {
    if (versions.size() > 1) {
      return found().skip(Check::definition,
                          fmt::format("there are two versions of {}", name));
    }
    const auto bytes = blob(kinds::definition, name, versions.front().hash);
    if (!bytes) {
      return found().skip(Check::definition,
                          fmt::format("the bytes of {} are missing", name));
    }
    files.files.emplace_back(name, std::string(as_text(*bytes)));
  }
  base::Report report;
  frame_.definition = election::parse_definition(files, report);
  for (const base::Finding& finding : report.findings()) {
    if (finding.severity == base::Severity::problem) {
      bad(Check::definition,
          fmt::format("U{} {} (at {})", finding.kind.number, finding.message,
                      finding.place.text()),
          file_of(kinds::definition, finding.place.file));
    }
  }
  if (!frame_.definition) return;
  found().pass(Check::definition);
  frame_.report.definition = frame_.definition->hash();
  frame_.report.name = frame_.definition->model().name.in(
      frame_.definition->find_language("en").value_or(0));
  const auto keys =
      sheet::authority_keys(frame_.definition->model().device_authorities);
  if (keys) frame_.authorities = *keys;
  if (const auto officials = sheet::trusted_officials(*frame_.definition)) {
    frame_.officials = *officials;
  }
}

void FrameReader::apply_decisions() {
  if (!decisions_text_) return;
  if (!frame_.definition) {
    return found().skip(Check::decisions, "there is no usable definition");
  }
  const auto json = base::parse_json(*decisions_text_);
  const std::string file = file_of(kinds::decisions, "decisions.json");
  if (!json) return bad(Check::decisions, said(json.error()), file);
  base::Report report;
  count::Decisions decisions = count::read_decisions(*json, "decisions.json", report);
  if (!report.ok()) {
    for (const base::Finding& finding : report.findings()) {
      bad(Check::decisions,
          fmt::format("{} (at {})", finding.message, finding.place.text()), file);
    }
    return;
  }
  if (decisions.election && *decisions.election != frame_.definition->hash()) {
    return bad(Check::decisions,
               fmt::format("they are for the definition {}, not for {}",
                           base::to_hex(*decisions.election),
                           base::to_hex(frame_.definition->hash())),
               file);
  }
  frame_.decisions = std::move(decisions);
  found().pass(Check::decisions);
}

void FrameReader::check_conflicts() {
  for (const KindInfo& kind : all_kinds()) {
    for (const std::string& name : frame_.index.conflicts(kind.kind)) {
      if (kind.kind == kinds::package && frame_.package_of(name)) continue;
      std::string hashes;
      for (const auto& version : frame_.index.versions(kind.kind, name)) {
        hashes += fmt::format("{}{} (entry {})", hashes.empty() ? "" : " and ",
                              base::to_hex(version.hash), version.entry);
      }
      const auto station = station_of(kind.kind, name);
      found().fail(
          {Check::conflicts,
           std::string(station),
           {},
           {},
           fmt::format("{} {} has different versions: {}", kind.kind, name, hashes)});
    }
  }
  found().pass(Check::conflicts);
}

void FrameReader::load_key() {
  if (!frame_.definition) {
    return found().skip(Check::election_key, "there is no usable definition");
  }
  const auto bytes = only(kinds::election_key, "election-key");
  if (!bytes) {
    return found().skip(Check::election_key, "the record has no one election key");
  }
  auto key = trustees::ElectionKey::decode_for(*frame_.definition, *bytes);
  if (!key) {
    return bad(Check::election_key, said(key.error()),
               file_of(kinds::election_key, "election-key"));
  }
  frame_.key = *std::move(key);
  frame_.totals_log = trustees::totals_log(*frame_.key);
  frame_.report.election = frame_.key->election_hash();
  found().pass(Check::election_key);
}

void FrameReader::check_ceremony() {
  constexpr std::string_view kTerms = "terms.urna";
  if (!frame_.key) {
    return found().skip(Check::ceremony, "there is no usable election key");
  }
  const auto& names = frame_.index.of(kinds::ceremony);
  if (names.empty()) {
    return found().skip(Check::ceremony, "the record has no files of the ceremony");
  }
  const auto terms_bytes = only(kinds::ceremony, std::string(kTerms));
  if (!terms_bytes) {
    return bad(Check::ceremony, "there are no terms (terms.urna)");
  }
  const std::string terms_file = file_of(kinds::ceremony, kTerms);
  const auto terms = trustees::Terms::decode(*terms_bytes);
  if (!terms) return bad(Check::ceremony, said(terms.error()), terms_file);
  if (terms->encode() != frame_.key->terms().encode()) {
    return bad(Check::ceremony, "the terms are not those of the election key",
               terms_file);
  }
  std::vector<trustees::NamedFile> files;
  for (const auto& [name, versions] : names) {
    if (name == kTerms) continue;
    for (const auto& version : versions) {
      if (auto bytes = blob(kinds::ceremony, name, version.hash)) {
        files.push_back({name, *std::move(bytes)});
      }
    }
  }
  const auto board = trustees::Board::read(*terms, files);
  for (const trustees::Fault& fault : board.faults()) bad(Check::ceremony, fault.text);
  const auto key = trustees::ElectionKey::combine(board);
  if (!key) return bad(Check::ceremony, said(key.error()));
  if (key->encode() != frame_.key->encode()) {
    return bad(Check::ceremony, "the files give another election key record");
  }
  found().pass(Check::ceremony);
}

void FrameReader::check_trust_root() {
  if (!frame_.key) {
    return found().skip(Check::trust_root, "there is no usable election key");
  }
  if (!trust_.election) {
    return found().skip(Check::trust_root,
                        "not checked: no election hash was given (--election); compare "
                        "the one above with the one that was announced");
  }
  if (*trust_.election != frame_.key->election_hash()) {
    return bad(
        Check::trust_root,
        fmt::format("you gave {}, the record gives {}", base::to_hex(*trust_.election),
                    base::to_hex(frame_.key->election_hash())),
        file_of(kinds::election_key, "election-key"));
  }
  found().pass(Check::trust_root);
}

void FrameReader::check_certificates() {
  const auto& names = frame_.index.of(kinds::certificate);
  if (names.empty()) {
    return found().skip(
        Check::certificates,
        "the record lists none; each sheet and package carries its own");
  }
  if (!frame_.definition) {
    return found().skip(Check::certificates, "there is no usable definition");
  }
  for (const auto& [name, versions] : names) {
    for (const auto& version : versions) {
      const auto bytes = blob(kinds::certificate, name, version.hash);
      if (!bytes) continue;
      std::string_view line = as_text(*bytes);
      if (line.ends_with('\n')) line.remove_suffix(1);
      const auto certificate = sheet::Certificate::parse(line);
      const std::string file = log::blob_path(version.hash);
      if (!certificate) {
        bad(Check::certificates, said(certificate.error()), file);
        continue;
      }
      if (const auto good = certificate->check(frame_.authorities); !good) {
        bad(Check::certificates, said(good.error()), file);
      } else if (certificate->fields().election != frame_.definition->hash() ||
                 certificate->fields().mode != frame_.definition->model().mode ||
                 certificate->fields().name != name) {
        bad(Check::certificates,
            fmt::format("the certificate of {} is for another election or device",
                        name),
            file);
      } else if (certificate->fields().role != sheet::kMachineRole &&
                 certificate->fields().role != sheet::kCheckInRole) {
        frame_.officials.push_back({certificate->fields().station,
                                    certificate->fields().role, certificate->key()});
      }
    }
  }
  found().pass(Check::certificates);
}

// Documents that no check uses must still be there, and so must older versions.
void FrameReader::check_other_documents() {
  for (const std::string_view kind : {kinds::correction, kinds::policy}) {
    for (const auto& [name, versions] : frame_.index.of(kind)) {
      for (const auto& version : versions) (void)blob(kind, name, version.hash);
    }
  }
  for (const std::string_view kind : {kinds::decisions, kinds::results}) {
    for (const auto& [name, versions] : frame_.index.of(kind)) {
      for (std::size_t i = 0; i + 1 < versions.size(); ++i) {
        (void)blob(kind, name, versions[i].hash);
      }
    }
  }
}

}  // namespace

Result<Hash32> Frame::package_of(std::string_view station) const {
  const auto& versions = index.versions(kinds::package, station);
  if (versions.empty()) {
    return fail(errors::not_in_record, "the record has no package of this station");
  }
  if (versions.size() == 1) return versions.front().hash;
  const auto decision =
      std::ranges::find(decisions.decisions, station, &count::Decision::station);
  std::vector<Hash32> named;
  if (decision != decisions.decisions.end()) {
    for (const Index::Version& version : versions) {
      if (std::ranges::find(decision->counted, version.hash) !=
          decision->counted.end()) {
        named.push_back(version.hash);
      }
    }
  }
  if (named.size() == 1) return named.front();
  return fail(errors::in_conflict,
              fmt::format("there are {} different packages of this station and no "
                          "decision which one counts",
                          versions.size()));
}

Hash32 Frame::fingerprint(std::string_view station) const {
  crypto::Sha256 hash;
  hash.update(index.fingerprint(station));
  for (const sheet::TrustedOfficial& one : officials) {
    if (!one.station.empty() && one.station != station) continue;
    base::Writer w;
    w.text(one.role);
    w.fixed(one.key.bytes());
    hash.update(w.view());
  }
  return hash.finish();
}

Result<Bytes> Frame::document(std::string_view kind, std::string_view name) const {
  const auto& versions = index.versions(kind, name);
  if (versions.empty()) {
    return fail(errors::not_in_record,
                fmt::format("the record has no {} {}", kind, name));
  }
  if (versions.size() > 1) {
    return fail(errors::in_conflict,
                fmt::format("there are different versions of {} {}", kind, name));
  }
  return read_blob(*files, folder, kind, versions.front().hash);
}

Result<Frame> read_frame(base::FileSystem& files, const std::string& folder,
                         const Trust& trust) {
  return FrameReader(files, folder, trust).read();
}

}  // namespace urna::record
