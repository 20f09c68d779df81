// The port to the printer. Programs use the folder printer (tests and demonstrations
// only) or a receipt printer; tests use a scripted printer that fails on demand.
//
// A piece of paper is one or several documents printed without a cut between them, and
// then a cut. print() returns when the printer itself says that the paper is out: a
// printer that cannot say so must not be used for ballots.
//
// Thread rule: one thread. What is printed may show a voter's choices: no
// implementation keeps or logs it, except the folder printer, which says so.
#pragma once

#include "base/file.hpp"
#include "sheet/paper/escpos.hpp"

#include <memory>
#include <string>

namespace urna::machine {

using sheet::PrinterFault;

// "paper_out", and what a poll worker should do about it in Spanish or English.
[[nodiscard]] std::string_view fault_name(PrinterFault fault);
[[nodiscard]] std::string_view fault_help(PrinterFault fault,
                                          std::string_view language);

class Printer {
 public:
  virtual ~Printer() = default;
  [[nodiscard]] virtual PrinterFault status() = 0;
  // Errors: printer_failed (the message names the fault), and those of drawing.
  [[nodiscard]] virtual Result<void> print(const sheet::Document& document,
                                           bool cut) = 0;
};

[[nodiscard]] std::unexpected<Error> printer_error(PrinterFault fault);

// A receipt printer that speaks ESC/POS (sheet/paper/escpos.hpp).
class EscPosPrinter final : public Printer {
 public:
  // `line` outlives it.
  explicit EscPosPrinter(sheet::PrinterLine& line) : device_(line) {}

  [[nodiscard]] PrinterFault status() override { return device_.status(); }
  [[nodiscard]] Result<void> print(const sheet::Document& document, bool cut) override;

 private:
  sheet::EscPos device_;
};

// Writes every piece as PDF and PNG into a folder: the paper tray of the demonstration
// page. It keeps everything in the order of printing, so no official package may use
// it.
class FolderPrinter final : public Printer {
 public:
  FolderPrinter(base::FileSystem& files, std::string folder)
      : files_(files), folder_(std::move(folder)) {}

  // What the demonstration's buttons break: at once, or when `after` more documents are
  // out, in the middle of a job.
  void set_fault(PrinterFault fault, std::uint32_t after = 0) {
    fault_ = fault;
    after_ = after;
  }

  [[nodiscard]] PrinterFault status() override {
    return after_ > 0 ? PrinterFault::none : fault_;
  }
  [[nodiscard]] Result<void> print(const sheet::Document& document, bool cut) override;

 private:
  [[nodiscard]] Result<void> write(bool cut);
  base::FileSystem& files_;
  std::string folder_;
  PrinterFault fault_ = PrinterFault::none;
  std::uint32_t after_ = 0;
  sheet::Document uncut_;
};

}  // namespace urna::machine
