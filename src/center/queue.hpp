// Verification of what a centre received: workers judge documents on their own, then
// each is settled against the others of its station, one at a time: verified, refused,
// waiting for another, or in conflict with one. The second receipt is signed there.
//
// A document that contradicts another never takes its place, and the first does not
// win either: what is published stays, and two people decide (decisions.hpp).
//
// Nothing is lost by stopping at any moment: a document stays "received" until its
// verdict is stored, and is then judged anew.
//
// Thread rule: start() and stop() from one thread; step() from any. Public data.
#pragma once

#include "center/intake.hpp"
#include "center/judge.hpp"

#include <condition_variable>
#include <set>
#include <thread>

namespace urna::center {

// Documents that answer one question of one station: only one of them can be right.
// A lone sheet belongs to the package's family.
[[nodiscard]] std::string_view family_of(std::string_view kind);
[[nodiscard]] bool is_standing(State state);  // verified, published or in conflict

class Queue {
 public:
  Queue(Judge& judge, Shelf& shelf, Store& store, Intake& intake)
      : judge_(judge), shelf_(shelf), store_(store), intake_(intake) {}
  ~Queue() { stop(); }

  // Once, before anything else: a stop between a verdict and what follows from it
  // leaves documents waiting that need not wait any more.
  [[nodiscard]] Result<void> recover();
  // Workers go behind the intake: lower priority for the processor.
  void start(unsigned workers);
  void stop();
  void wake();

  // Judges and settles one document; false when none waits.
  [[nodiscard]] Judge::Bench bench() const { return Judge::Bench(judge_); }
  [[nodiscard]] Result<bool> step(Judge::Bench& bench);

  // Held by whoever changes what stands against what.
  [[nodiscard]] std::unique_lock<std::mutex> settling() {
    return std::unique_lock(settle_);
  }
  // The last thing that went wrong with disk or database; empty when nothing did.
  [[nodiscard]] std::string trouble() const;

 private:
  void work(const std::stop_token& stop);
  Result<std::optional<Item>> claim();
  void release(const Hash32& hash, bool done);
  Result<LastSheet> last_sheet(const Item& item);
  Result<void> judge_and_settle(Judge::Bench& bench, const Item& item);
  Result<void> settle(const Item& item, const Judged& judged);
  Result<void> accept(const Item& item, ByteView bytes);
  Result<std::string> contradiction(const Item& item);
  Result<void> look_again(std::string_view station);

  Judge& judge_;
  Shelf& shelf_;
  Store& store_;
  Intake& intake_;

  mutable std::mutex mutex_;  // of what follows
  std::condition_variable_any change_;
  std::uint64_t news_ = 0;  // counts wake() calls
  std::set<Hash32> claimed_;
  std::set<Hash32> failed_;  // tried again when nothing else is left to do
  std::string trouble_;

  std::mutex settle_;
  std::vector<std::jthread> workers_;
};

}  // namespace urna::center
