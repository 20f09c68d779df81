// A witness (c2sp.org/tlog-witness): looks at each new checkpoint of the logs it knows,
// makes sure that it continues the one before, remembers it, and only then signs. Two
// honest witnesses therefore cannot have signed two histories without a trace. Parties,
// universities and courts run one; docs/witness.md tells them how.
//
// What it has signed is in a SQLite file: checking and remembering are one transaction,
// durable before the signature is made, so that neither a race nor a power cut can
// bring it to sign what does not continue its past.
//
// Thread rule: a Witness may be used from several threads; several processes may share
// one state file. It holds a secret key.
#pragma once

#include "base/clock.hpp"
#include "base/file.hpp"
#include "log/policy.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace urna::log {

// What to answer over HTTP.
struct WitnessAnswer {
  unsigned status = 200;
  std::string type = "text/plain; charset=utf-8";
  std::string body;
};

// The longest body of add-checkpoint: the old size, 63 hashes, a note.
inline constexpr std::size_t kMaxAddCheckpoint = kMaxNote + 32 + std::size_t{63} * 45;

class Witness {
 public:
  struct Places {
    std::string state_file;       // SQLite
    std::string evidence_folder;  // what a log signed that does not continue its past
  };
  // `logs` are the keys of the logs it serves; several keys may share an origin. The
  // signer's key is a cosignature key. Errors: those of the store, bad_verifier_key.
  [[nodiscard]] static Result<std::unique_ptr<Witness>> open(
      base::FileSystem& files, Places places, base::Clock& clock,
      std::vector<VerifierKey> logs, NoteSigner signer);
  ~Witness();

  // The answer to POST add-checkpoint. Never fails: what goes wrong inside is 500.
  [[nodiscard]] WitnessAnswer add_checkpoint(std::string_view body);

  // The latest checkpoint it signed of a log, as a note with the log's and its own
  // signature; nothing for an unknown log or before the first. For people who compare.
  [[nodiscard]] Result<std::optional<std::string>> latest(const std::string& origin);

  [[nodiscard]] const VerifierKey& key() const { return signer_.verifier(); }
  [[nodiscard]] const std::vector<VerifierKey>& logs() const { return logs_; }

 private:
  struct Store;
  struct Submission;
  Witness(base::FileSystem& files, Places places, base::Clock& clock,
          std::vector<VerifierKey> logs, NoteSigner signer,
          std::unique_ptr<Store> store);
  [[nodiscard]] Result<WitnessAnswer> decide(const Submission& submission);
  [[nodiscard]] Result<void> keep_evidence(const Submission& submission,
                                           const std::string& remembered);

  base::FileSystem* files_;
  Places places_;
  base::Clock* clock_;
  std::vector<VerifierKey> logs_;
  NoteSigner signer_;
  std::unique_ptr<Store> store_;
  std::mutex mutex_;
};

// The body that asks a witness to sign `checkpoint` (a signed note).
[[nodiscard]] std::string add_checkpoint_body(std::uint64_t old_size,
                                              std::span<const Hash32> proof,
                                              std::string_view checkpoint);

}  // namespace urna::log
