// The port to check-in's printer. A token is printed here and kept nowhere; whoever
// implements it must not spool or keep what it prints, except FolderPrinter, which says
// so and serves demonstrations and tests only.
//
// Thread rule: one thread.
#pragma once

#include "base/file.hpp"
#include "sheet/paper/document.hpp"
#include "sheet/paper/escpos.hpp"

#include <string>

namespace urna::checkin {

class Printer {
 public:
  virtual ~Printer() = default;
  // Whether it keeps what it printed: refused by official elections.
  [[nodiscard]] virtual bool keeps() const { return false; }
  // Error printer_failed when the paper did not come out whole.
  [[nodiscard]] virtual Result<void> print(const sheet::Document& document,
                                           sheet::Medium medium) = 0;
};

// A receipt printer that speaks ESC/POS: everything on its roll, also the list. It
// keeps nothing.
class RollPrinter final : public Printer {
 public:
  // `line` outlives it.
  explicit RollPrinter(sheet::PrinterLine& line) : device_(line) {}
  [[nodiscard]] Result<void> print(const sheet::Document& document,
                                   sheet::Medium medium) override;

 private:
  sheet::EscPos device_;
};

// Every document as PNG pages and one PDF in a folder, the tray of a demonstration.
class FolderPrinter final : public Printer {
 public:
  FolderPrinter(base::FileSystem& files, std::string folder)
      : files_(files), folder_(std::move(folder)) {}
  [[nodiscard]] bool keeps() const override { return true; }
  [[nodiscard]] Result<void> print(const sheet::Document& document,
                                   sheet::Medium medium) override;

 private:
  [[nodiscard]] Result<void> keep(const sheet::Document& document,
                                  sheet::Medium medium);

  base::FileSystem& files_;
  std::string folder_;
};

}  // namespace urna::checkin
