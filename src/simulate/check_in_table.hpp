// A check-in table of a simulated day: the real check-in station on a disk with bad
// luck, a printer that jams, and the officials who type their PINs again and again.
//
// Thread rule: one thread.
#pragma once

#include "checkin/station.hpp"
#include "simulate/power.hpp"
#include "simulate/town.hpp"

namespace urna::simulate {

// Prints tokens and slips, fails now and then, and hands the paper to whoever waits.
class TablePrinter final : public checkin::Printer {
 public:
  TablePrinter(Power& power, std::uint32_t risk, Dice dice, Diary& diary)
      : power_(power), risk_(risk), dice_(dice), diary_(diary) {}
  [[nodiscard]] Result<void> print(const sheet::Document& document,
                                   sheet::Medium medium) override;
  // What the last paper's code says; nothing once it was taken.
  [[nodiscard]] std::optional<std::string> take() { return std::exchange(out_, {}); }

 private:
  Power& power_;
  std::uint32_t risk_;
  Dice dice_;
  Diary& diary_;
  std::optional<std::string> out_;
};

class CheckInTable {
 public:
  CheckInTable(const Town& town, Station& station, std::uint32_t risk, Dice dice,
               Diary& diary);

  // Accepts the package and the certificate and opens, whatever happens on the way.
  void set_up();
  // The voter leaves with a token; nothing when something is wrong with the program,
  // which the diary then says.
  [[nodiscard]] std::optional<std::string> serve(const std::string& id);
  // The same voter comes again: must be turned away.
  void turn_away(const std::string& id);
  // Closes, and gives the signed slip.
  [[nodiscard]] std::string close();
  [[nodiscard]] base::testing::ScriptedClock& clock() { return clock_; }

 private:
  // Starts the program when it does not run. False when it does not start: a problem.
  [[nodiscard]] bool running();
  // True when the step may be tried again: the program ended, or a passing fault.
  [[nodiscard]] bool passing(const Error& error) const;
  [[nodiscard]] Result<void> admit(const std::string& id);

  const Town& town_;
  Station& station_;
  Diary& diary_;
  Dice dice_;
  Power power_;
  base::testing::ScriptedRandom random_;
  base::testing::ScriptedClock clock_;
  TablePrinter printer_;
  std::vector<checkin::Credential> officials_;
  std::unique_ptr<checkin::Station> program_;
};

}  // namespace urna::simulate
