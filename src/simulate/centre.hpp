// The counting centre of a simulated day: takes what the network brings, in whatever
// order and however often, into the public record on a disk with bad luck, and asks two
// witnesses to sign its log. Also the network: it loses, doubles and reorders.
//
// Thread rule: one thread.
#pragma once

#include "log/testing/memory_lock.hpp"
#include "log/witness.hpp"
#include "record/recorder.hpp"
#include "record/verify.hpp"
#include "simulate/cheat.hpp"
#include "simulate/power.hpp"
#include "simulate/town.hpp"

#include <array>
#include <memory>

namespace urna::simulate {

class Centre {
 public:
  Centre(std::uint32_t risk, Dice dice, Diary& diary);

  // Brings the documents over the network: each arrives at least once.
  void receive(std::vector<record::NewDocument> documents);
  // Asks both witnesses until both have signed; either may be out of reach for a while.
  void cosign();
  // One witness is asked once with what lies in `folder`; its lines are published.
  void ask(std::size_t witness, const std::string& folder);

  [[nodiscard]] base::FileSystem& files() { return power_.disk(); }
  [[nodiscard]] static std::string folder() { return "record"; }
  [[nodiscard]] std::string checkpoint(const std::string& folder);
  [[nodiscard]] std::string policy() const;
  [[nodiscard]] const log::VerifierKey& log_key() const { return log_key_; }
  [[nodiscard]] std::vector<log::VerifierKey> witness_keys() const;
  // Another record in another folder, signed with the same log's key: for cheats.
  [[nodiscard]] Result<void> write_other(
      const std::string& folder, std::span<const record::NewDocument> documents);
  [[nodiscard]] const std::vector<record::NewDocument>& documents() const {
    return taken_;
  }
  // The number of a document's entry in the log, and its inclusion.
  [[nodiscard]] Result<std::pair<std::uint64_t, std::vector<Hash32>>> inclusion(
      std::string_view kind, std::string_view name);

 private:
  [[nodiscard]] bool running();
  void take(const record::NewDocument& document);

  Diary& diary_;
  Dice dice_;
  std::uint32_t risk_;
  Power power_;
  base::testing::ScriptedClock clock_;
  log::VerifierKey log_key_;
  log::testing::MemoryLock lock_;  // a disk of its own that never forgets
  std::array<std::unique_ptr<log::Witness>, 2> witnesses_;
  std::array<std::uint64_t, 2> seen_{};  // entries of the log that each has signed
  base::testing::ScriptedFiles witness_disk_;
  std::optional<record::Recorder> recorder_;
  std::vector<record::NewDocument> taken_;
};

}  // namespace urna::simulate
