#include "log/witness.hpp"

#include "base/csv.hpp"
#include "base/encoding.hpp"
#include "crypto/sha256.hpp"
#include "log/errors.hpp"
#include "log/merkle.hpp"
#include "log/proof_lines.hpp"
#include "store/database.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::log {
namespace {

constexpr std::int32_t kKind = 0x55574954;  // "UWIT"
constexpr std::string_view kSchema =
    "CREATE TABLE IF NOT EXISTS signed ("
    "  origin TEXT PRIMARY KEY, size INTEGER NOT NULL, note TEXT NOT NULL,"
    "  time INTEGER NOT NULL) STRICT, WITHOUT ROWID;";
constexpr std::size_t kMaxEvidence = 1000;

WitnessAnswer refusal(unsigned status, std::string_view why) {
  return {status, "text/plain; charset=utf-8", fmt::format("{}\n", why)};
}

// What is remembered of a log.
struct Seen {
  std::uint64_t size = 0;
  std::string note;
  std::int64_t time = 0;
};

}  // namespace

struct Witness::Store {
  store::Database database;

  Result<Seen> load(const std::string& origin) {
    URNA_TRY(store::Statement select,
             database.prepare("SELECT size, note, time FROM signed WHERE origin = ?"));
    select.bind(1, origin);
    URNA_TRY(const bool row, select.step());
    if (!row) return Seen{};
    return Seen{static_cast<std::uint64_t>(select.integer(0)), select.text(1),
                select.integer(2)};
  }

  Result<void> save(const std::string& origin, const Seen& seen) {
    URNA_TRY(store::Statement put,
             database.prepare("INSERT OR REPLACE INTO signed VALUES (?, ?, ?, ?)"));
    return put.bind(1, origin)
        .bind(2, static_cast<std::int64_t>(seen.size))
        .bind(3, seen.note)
        .bind(4, seen.time)
        .run();
  }
};

// A request that is well formed and signed by a known log.
struct Witness::Submission {
  std::uint64_t old_size = 0;
  std::vector<Hash32> proof;
  Checkpoint checkpoint;
  std::string text;  // what is signed
  std::string note;  // the text with the log's signature only
};

Witness::Witness(base::FileSystem& files, Places places, base::Clock& clock,
                 std::vector<VerifierKey> logs, NoteSigner signer,
                 std::unique_ptr<Store> store)
    : files_(&files),
      places_(std::move(places)),
      clock_(&clock),
      logs_(std::move(logs)),
      signer_(std::move(signer)),
      store_(std::move(store)) {}

Witness::~Witness() = default;

Result<std::unique_ptr<Witness>> Witness::open(base::FileSystem& files, Places places,
                                               base::Clock& clock,
                                               std::vector<VerifierKey> logs,
                                               NoteSigner signer) {
  if (signer.verifier().type() != KeyType::cosignature) {
    return fail(errors::bad_verifier_key, "a witness needs a cosignature key",
                "make one with `urna witness new`");
  }
  for (const VerifierKey& log : logs) {
    if (log.type() != KeyType::ed25519) {
      return fail(errors::bad_verifier_key,
                  fmt::format("'{}' is not the key of a log", log.text()));
    }
  }
  URNA_CHECK(base::make_folder_durable(files, places.evidence_folder));
  URNA_TRY(store::Database database,
           store::Database::open(places.state_file, kKind, kSchema));
  auto store = std::make_unique<Store>(Store{std::move(database)});
  return std::unique_ptr<Witness>(new Witness(files, std::move(places), clock,
                                              std::move(logs), std::move(signer),
                                              std::move(store)));
}

WitnessAnswer Witness::add_checkpoint(std::string_view body) {
  if (body.size() > kMaxAddCheckpoint) return refusal(400, "the request is too long");
  Submission in;
  const auto first = take_line(body);
  if (!first || !first->starts_with("old ")) {
    return refusal(400, "the first line must be: old SIZE");
  }
  const auto old_size = base::parse_count(first->substr(4), INT64_MAX);
  if (!old_size) return refusal(400, "the old size is not a number");
  in.old_size = *old_size;
  auto proof = take_proof(body);
  if (!proof) return refusal(400, proof.error().message);
  in.proof = std::move(*proof);
  const auto note = parse_note(body);
  if (!note) return refusal(400, note.error().message);
  auto checkpoint = parse_checkpoint(note->text);
  if (!checkpoint) return refusal(400, checkpoint.error().message);
  in.checkpoint = std::move(*checkpoint);
  in.text = note->text;

  std::vector<VerifierKey> keys;
  for (const VerifierKey& log : logs_) {
    if (log.name() == in.checkpoint.origin) keys.push_back(log);
  }
  if (keys.empty()) return refusal(404, "this witness does not know that log");
  const auto signers = check_note(*note, keys);
  if (!signers || signers->empty()) {
    return refusal(403, "the checkpoint is not signed by a key of that log");
  }
  Note kept{note->text, {}};
  for (const NoteSignature& signature : note->signatures) {
    const bool known = std::ranges::any_of(*signers, [&](const VerifiedSignature& v) {
      return v.key.name() == signature.name && v.key.id() == signature.key_id;
    });
    if (known) kept.signatures.push_back(signature);
  }
  in.note = kept.format();
  if (in.old_size > in.checkpoint.size) {
    return refusal(400, "the old size is larger than the checkpoint's");
  }
  auto answer = decide(in);
  if (!answer) return refusal(500, "the witness cannot keep its records: not signed");
  return *std::move(answer);
}

// Compare, remember and sign, as one transaction that ends before the signature.
Result<WitnessAnswer> Witness::decide(const Submission& in) {
  const std::lock_guard lock(mutex_);
  std::optional<WitnessAnswer> refused;
  std::string contradicts;
  std::int64_t time = 0;
  URNA_CHECK(store_->database.transaction([&]() -> Result<void> {
    URNA_TRY(const Seen seen, store_->load(in.checkpoint.origin));
    if (in.old_size != seen.size) {
      refused = {409, "text/x.tlog.size", fmt::format("{}\n", seen.size)};
      return {};
    }
    Hash32 old_root = empty_root();
    if (!seen.note.empty()) {
      URNA_TRY(const Note note, parse_note(seen.note));
      URNA_TRY(const Checkpoint checkpoint, parse_checkpoint(note.text));
      old_root = checkpoint.root;
    }
    const auto consistent = check_consistency(seen.size, old_root, in.checkpoint.size,
                                              in.checkpoint.root, in.proof);
    const bool empty_but_not =
        in.checkpoint.size == 0 && in.checkpoint.root != empty_root();
    if (!consistent || empty_but_not) {
      refused = refusal(422, empty_but_not ? "an empty log has another root"
                                           : consistent.error().message);
      contradicts = seen.note;
      return {};
    }
    time = clock_->unix_seconds();
    if (time < seen.time || time < 0) {
      refused = refusal(503, "the clock of this witness went backwards: not signed");
      return {};
    }
    return store_->save(in.checkpoint.origin, {in.checkpoint.size, in.note, time});
  }));
  if (refused) {
    if (!contradicts.empty()) URNA_CHECK(keep_evidence(in, contradicts));
    return *refused;
  }
  const NoteSignature signature =
      signer_.sign(in.text, static_cast<std::uint64_t>(time));
  return WitnessAnswer{200, "text/plain; charset=utf-8", signature.line()};
}

// Both signed checkpoints, so that anybody can see what the log signed. Named by the
// checkpoint, and limited in number: a flood of bad proofs must not fill the disk.
Result<void> Witness::keep_evidence(const Submission& in,
                                    const std::string& remembered) {
  const std::string name =
      base::to_hex(ByteView(crypto::sha256(as_bytes(in.text))).first(16)) + ".txt";
  const std::string path = base::join_path(places_.evidence_folder, name);
  if (files_->kind(path) != base::FileKind::missing) return {};
  URNA_TRY(const auto present, files_->list(places_.evidence_folder));
  if (present.size() >= kMaxEvidence) return {};
  URNA_TRY(const Note note, parse_note(remembered));
  URNA_TRY(const Checkpoint before, parse_checkpoint(note.text));
  const std::string_view meaning =
      before.size == in.checkpoint.size
          ? "The log signed two different trees of the same size: it has two histories."
          : "The log signed both, but no proof was given that the second continues the "
            "first. Ask the log for one: if it cannot give it, it has two histories.";
  return base::write_durable(
      *files_, path,
      as_bytes(fmt::format("{}\n\nRemembered by the witness {}:\n\n{}\nThen sent to "
                           "it:\n\n{}",
                           meaning, key().name(), remembered, in.note)));
}

Result<std::optional<std::string>> Witness::latest(const std::string& origin) {
  const std::lock_guard lock(mutex_);
  URNA_TRY(const Seen seen, store_->load(origin));
  if (seen.note.empty()) return std::nullopt;
  URNA_TRY(const Note note, parse_note(seen.note));
  const auto time = static_cast<std::uint64_t>(seen.time);
  return seen.note + signer_.sign(note.text, time).line();
}

std::string add_checkpoint_body(std::uint64_t old_size, std::span<const Hash32> proof,
                                std::string_view checkpoint) {
  return fmt::format("old {}\n{}{}", old_size, proof_text(proof), checkpoint);
}

}  // namespace urna::log
