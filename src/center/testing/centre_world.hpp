// An election in small whose record is ready for a centre: tests and benchmarks.
// Keys are known to everybody.
//
// Thread rule: one thread.
#pragma once

#include "center/intake.hpp"
#include "record/testing/world.hpp"

#include <memory>
#include <string>

namespace urna::center::testing {

// The town with 3 ballots at each of its stations; made once a process.
[[nodiscard]] record::testing::World& town();

// What a centre's record holds before the first station has sent anything.
[[nodiscard]] record::testing::Documents morning(const record::testing::World& world);

// The document of a kind and name of the world's record.
[[nodiscard]] Bytes document_of(const record::testing::World& world,
                                std::string_view kind, std::string_view name);

// A client as its certificate would make it, from "station N01".
[[nodiscard]] Client client_of(std::string_view common_name);

// Sends a whole document in pieces of at most `piece` bytes.
[[nodiscard]] Result<Item> send_all(Intake& intake, ByteView bytes,
                                    const Client& client, std::size_t piece);

// A folder of its own for a test, removed at the end.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string at(std::string_view name) const;

 private:
  std::string path_;
};

// A store that stands on a scripted disk: each change first asks the disk, and fails
// with it; what it has confirmed is durable. The rows themselves are real SQLite.
class ScriptedStore final : public Store {
 public:
  ScriptedStore(base::FileSystem& disk, Store& rows) : disk_(disk), rows_(rows) {}
  // The next change is carried out, but reported as failed: the answer was lost.
  bool lose_next_answer = false;

  Result<std::optional<Item>> find(const Hash32& hash) override;
  Result<bool> add(const Item& item) override;
  Result<void> move(const Hash32& hash, State from, State to, std::string_view reason,
                    std::string_view verdict) override;
  Result<std::vector<Item>> in_state(State state, std::size_t limit) override;
  Result<std::vector<Item>> of_station(std::string_view station) override;
  Result<std::vector<Item>> all() override;
  Result<Tallies> tallies() override;
  Result<bool> is_withdrawn(std::string_view certificate) override;
  Result<void> withdraw(std::string_view certificate, std::string_view by,
                        std::int64_t time) override;
  Result<void> propose(const Proposal& proposal) override;
  Result<std::vector<Proposal>> proposals(std::string_view station) override;
  Result<void> clear_proposals(std::string_view station) override;

 private:
  // Runs a change of the rows as one change of the disk.
  template <class Change>
  auto change(Change run) -> decltype(run());

  base::FileSystem& disk_;
  Store& rows_;
};

}  // namespace urna::center::testing
