// A voting machine of a simulated day with its officials, its printer and the box that
// stands beside it: the real machine on a disk with bad luck. Whatever ends the
// program, people start it again and go on, as docs/operations.md tells them to.
//
// What is checked against what the machine says is people's own knowledge: which voters
// were told that their vote counts, and which papers lie in the box.
//
// Thread rule: one thread.
#pragma once

#include "machine/machine.hpp"
#include "simulate/power.hpp"
#include "simulate/town.hpp"

namespace urna::simulate {

// Chosen options (within their contest), contest by contest.
using Choices = std::vector<std::vector<std::uint32_t>>;

// Prints receipts and slips. The slip is one uncut paper until its footer is on it; the
// voter then puts a paper that says CAST into the box.
class BoothPrinter final : public machine::Printer {
 public:
  BoothPrinter(Power& power, std::uint32_t risk, Dice dice, Diary& diary)
      : power_(power), risk_(risk), dice_(dice), diary_(diary) {}

  [[nodiscard]] machine::PrinterFault status() override;
  [[nodiscard]] Result<void> print(const sheet::Document& document, bool cut) override;

  // Officials clear the jam; the paper that hangs in the printer stays.
  void mend() { fault_ = machine::PrinterFault::none; }
  [[nodiscard]] bool broken() const { return fault_ != machine::PrinterFault::none; }
  // What the voter at the machine has chosen: what a body printed now says.
  void choices(const Choices& choices) { chosen_ = choices; }
  // Officials write CAST, or anything else, under a slip whose footer did not print.
  void finish_by_hand(bool cast);
  [[nodiscard]] const std::vector<Choices>& box() const { return box_; }

 private:
  void footer(const sheet::Document& document);

  Power& power_;
  std::uint32_t risk_;
  Dice dice_;
  Diary& diary_;
  machine::PrinterFault fault_ = machine::PrinterFault::none;
  Choices chosen_;
  std::optional<Choices> slip_;  // the body that is out and not yet cut
  std::vector<Choices> box_;
};

class Booth {
 public:
  Booth(const Town& town, const Station& station, std::uint32_t risk, Dice dice,
        Diary& diary);

  // To open polls.
  void open();
  // A voter votes, or leaves without a vote when `leaves`. Afterwards the machine waits
  // for the next.
  void serve(const std::string& token, bool leaves);
  // A token that was used before: must be refused.
  void refuse(const std::string& token);
  // Votes are over: everything until the export lies on a stick.
  void close(const std::string& check_in_slip, std::uint32_t unused);

  // After the export.
  [[nodiscard]] Bytes exported(std::string_view ending);
  [[nodiscard]] const std::string& certificate() const { return certificate_; }
  [[nodiscard]] crypto::SigningKey device_key();
  [[nodiscard]] base::testing::ScriptedClock& clock() { return clock_; }
  // The papers in the box, added up per field: options, blank, null.
  [[nodiscard]] std::vector<std::uint64_t> papers() const;
  [[nodiscard]] std::size_t box_size() const { return printer_.box().size(); }

 private:
  [[nodiscard]] bool running();
  // Officials do what comes next until the machine is there. False: a problem.
  [[nodiscard]] bool bring_to(machine::Life goal);
  [[nodiscard]] Result<void> next_step(machine::Life goal);
  [[nodiscard]] Result<void> certify_and_test();
  // After a step that failed: false when it was neither bad luck nor the printer's.
  [[nodiscard]] bool settled(const Result<void>& done, std::string_view step);
  [[nodiscard]] bool at_work() const;
  void recount();
  // False: a problem.
  [[nodiscard]] bool visit(const std::string& token, bool leaves);
  [[nodiscard]] Result<void> step_of_voter(const std::string& token, bool leaves);
  [[nodiscard]] Result<void> choose();
  [[nodiscard]] Result<void> decide();
  // Somebody's session ends on the screen, also one that a restart found.
  [[nodiscard]] Result<void> finish();
  void check(std::string_view when);

  const Town& town_;
  const Station& station_;
  Diary& diary_;
  Dice dice_;
  Power power_;
  base::testing::ScriptedRandom random_;
  base::testing::ScriptedClock clock_;
  BoothPrinter printer_;
  std::string device_;
  std::vector<machine::Credential> officials_;
  std::string certificate_;
  std::string slip_;
  std::uint32_t unused_ = 0;
  std::unique_ptr<machine::Machine> program_;

  bool told_ = false;          // the voter who is here knows that the vote counts
  bool by_officials_ = false;  // the voter's token was used up without a vote
  std::uint32_t cast_ = 0;     // votes of the voters before this one
};

}  // namespace urna::simulate
