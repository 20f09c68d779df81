// Whose signatures make a checkpoint count (c2sp.org/tlog-policy): the logs, the
// witnesses, and the quorum, such as "2 of 3 parties and any university". Parties are
// names in a file; nothing here knows any of them. docs/formats/log-policy.md.
//
// Called by whoever believes a checkpoint: receipts, mirrors, the verifier.
//
// Thread rule: immutable once parsed. Public data.
#pragma once

#include "base/file.hpp"
#include "log/checkpoint.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace urna::log {

// A checkpoint that satisfies a policy.
struct WitnessedCheckpoint {
  SignedCheckpoint signed_checkpoint;
  std::vector<std::string> witnesses;  // names in the policy of those that signed
};

class Policy {
 public:
  struct Log {
    VerifierKey key;
    std::string url;  // may be empty
  };
  struct Witness {
    std::string name;  // in this file only
    VerifierKey key;
    std::string url;  // where add-checkpoint is; may be empty
  };
  // Needs `needed` of its members; a member is a witness or an earlier group.
  struct Group {
    std::string name;
    std::size_t needed;
    std::vector<std::string> members;
  };

  // Error bad_policy, with the line. At most 1,000 lines.
  [[nodiscard]] static Result<Policy> parse(std::string_view text);
  // Only the log's own signature counts.
  [[nodiscard]] static Policy log_alone(const VerifierKey& key);
  // The log and any `quorum` of these witnesses. Error bad_policy: a quorum of none or
  // of more than there are, a key that is no witness's, one key twice.
  [[nodiscard]] static Result<Policy> witnessed(const VerifierKey& log,
                                                std::span<const VerifierKey> witnesses,
                                                std::uint32_t quorum);

  [[nodiscard]] const std::vector<Log>& logs() const { return logs_; }
  [[nodiscard]] const std::vector<Witness>& witnesses() const { return witnesses_; }
  [[nodiscard]] bool needs_witnesses() const { return quorum_ != "none"; }

  // A signed checkpoint of one of the logs with cosignatures of a quorum. Errors:
  // bad_note, bad_checkpoint, bad_note_signature, unsigned_note (by no log of the
  // policy), quorum_missing, which says who is missing.
  [[nodiscard]] Result<WitnessedCheckpoint> check(std::string_view note) const;

 private:
  Policy() = default;
  struct Parser;
  // Whether the named witness or group is satisfied by those who signed.
  [[nodiscard]] bool satisfied(std::string_view name,
                               const std::vector<std::string>& signers) const;

  std::vector<Log> logs_;
  std::vector<Witness> witnesses_;
  std::vector<Group> groups_;
  std::string quorum_ = "none";
};

// A policy file. Errors: those of the disk and of Policy::parse, with the file's name.
[[nodiscard]] Result<Policy> read_policy(base::FileSystem& files,
                                         const std::string& path);

}  // namespace urna::log
