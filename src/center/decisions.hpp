// The queue for two people: which documents contradict one another, what one person has
// proposed, and carrying it out when a second, different person signs the same words.
//
// What was published is never taken back: a decision adds to the record.
//
// Thread rule: any thread. Public data.
#pragma once

#include "center/decision.hpp"
#include "center/publisher.hpp"

namespace urna::center {

// Documents that stand against one another, at least one of them in conflict.
struct Conflict {
  std::string family;
  std::string name;
  std::string station;
  std::vector<Item> items;  // ascending by hash
  std::vector<Proposal> proposals;
};

class Decisions {
 public:
  Decisions(Judge& judge, Shelf& shelf, Store& store, Queue& queue,
            Publisher& publisher, base::Clock& clock)
      : judge_(judge),
        shelf_(shelf),
        store_(store),
        queue_(queue),
        publisher_(publisher),
        clock_(clock) {}

  [[nodiscard]] Result<std::vector<Conflict>> open_conflicts();

  // A statement and one signature line, from somebody who may decide. True: it is
  // carried out; false: it waits for a second person. Errors: bad_decision,
  // unknown_signer; not_in_queue; state_changed when other documents stand against one
  // another by now; same_person.
  [[nodiscard]] Result<bool> sign(std::string_view text, const Identity& identity);

 private:
  struct Ballot;  // what sign() has read
  Result<Conflict> conflict_of(const Statement& statement);
  Result<bool> join(const Ballot& ballot, const Conflict& conflict);
  Result<void> carry_out(const Statement& statement, const Conflict& conflict,
                         const std::vector<DecisionSignature>& signatures);
  Result<std::vector<record::NewDocument>> documents_for(
      const Statement& statement, const Conflict& conflict,
      const std::vector<DecisionSignature>& signatures);
  Result<bool> record_has_another(const Conflict& conflict);
  Result<Bytes> decisions_file(const Statement& statement,
                               const std::vector<DecisionSignature>& signatures);
  Result<void> mark(const Statement& statement, const Conflict& conflict);

  Judge& judge_;
  Shelf& shelf_;
  Store& store_;
  Queue& queue_;
  Publisher& publisher_;
  base::Clock& clock_;
};

}  // namespace urna::center
