// A receipt printer behind CUPS: a raw queue that carries the same ESC/POS pieces as
// escpos.hpp, through the programs lp, lpstat, cancel and cupsenable. For computers
// whose printer has no device file of its own; where there is one, EscPosPrinter asks
// the printer itself and is the better port.
//
// A print server remembers: jobs, their files, times of requests. open() sends a job of
// no paper and refuses a queue that lists it afterwards; docs/operations.md has the
// settings with which nothing is kept (tools/kiosk/cups). What CUPS calls done is what
// its backend calls done: the queue's backend must report paper and cover.
//
// Thread rule: one thread. What is printed goes through a pipe and is kept nowhere
// here.
#pragma once

#include "base/process.hpp"
#include "machine/printer.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace urna::machine {

// Runs a program; base::run_program, or a script in tests.
using RunProgram = std::function<Result<base::ProgramResult>(
    const std::vector<std::string>& words, ByteView input,
    std::chrono::milliseconds patience)>;

class CupsPrinter final : public Printer {
 public:
  // Errors: printer_failed (no such queue, not answering), printer_keeps.
  [[nodiscard]] static Result<std::unique_ptr<CupsPrinter>> open(
      std::string queue, RunProgram run = base::run_program,
      std::chrono::milliseconds step = std::chrono::milliseconds(200));

  // A queue that stopped after a failure is enabled again first.
  [[nodiscard]] PrinterFault status() override;
  // Returns when the job has left the queue. A job that does not is cancelled, so that
  // nothing of it prints later.
  [[nodiscard]] Result<void> print(const sheet::Document& document, bool cut) override;

 private:
  CupsPrinter(std::string queue, RunProgram run, std::chrono::milliseconds step)
      : queue_(std::move(queue)), run_(std::move(run)), step_(step) {}

  // What a program answers in plain English; nothing when it fails.
  [[nodiscard]] std::optional<std::string> ask(std::vector<std::string> words,
                                               ByteView input = {});
  // Sends bytes and waits for them to leave; the job's name.
  [[nodiscard]] Result<std::string> send(ByteView bytes);
  [[nodiscard]] bool listed(const std::string& job, const char* which);
  [[nodiscard]] PrinterFault look();

  std::string queue_;
  RunProgram run_;
  std::chrono::milliseconds step_;  // between two looks at the queue
};

// The fault in `lpstat -l -p QUEUE`: its alerts are the printer-state-reasons of RFC
// 8011, section 5.4.12.
[[nodiscard]] PrinterFault fault_in(std::string_view lpstat);

}  // namespace urna::machine
