// Receipt printers that speak ESC/POS: every document is drawn and sent as a raster
// (GS v 0), so that any language prints; before and after each piece the printer is
// asked for its state (DLE EOT 2 to 4, and GS r 1, which waits its turn), because a
// host that only writes bytes never learns whether paper came out. A printer that does
// not answer within the patience is "offline". Nothing is spooled or kept.
//
// Called by the printers of the voting machine and of check-in.
//
// Source: the ESC/POS command reference (GS v 0, GS V, GS r, DLE EOT).
// Thread rule: one thread.
#pragma once

#include "sheet/paper/document.hpp"
#include "sheet/paper/image.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace urna::sheet {

enum class PrinterFault : std::uint8_t { none, offline, cover_open, paper_out, jam };

// The cable. Real: a device file. Scripted: testing/escpos_emulator.hpp.
class PrinterLine {
 public:
  virtual ~PrinterLine() = default;
  // Whether all of it was taken.
  [[nodiscard]] virtual bool write(ByteView bytes) = 0;
  // One byte, or nothing when none arrives within `patience`.
  [[nodiscard]] virtual std::optional<std::uint8_t> read(
      std::chrono::milliseconds patience) = 0;
};

// /dev/usb/lp0 and the like; null when there is none.
[[nodiscard]] std::unique_ptr<PrinterLine> open_device_line(const std::string& path);

class EscPos {
 public:
  explicit EscPos(PrinterLine& line) : line_(line) {}

  [[nodiscard]] PrinterFault status();
  // On a roll of 80 mm. What went wrong, or none: then the printer itself said that all
  // of it came out. Errors: those of drawing.
  [[nodiscard]] Result<PrinterFault> print(const Document& document, bool cut);

 private:
  // The answer to DLE EOT n; nothing when there is none or it is no status byte.
  [[nodiscard]] std::optional<std::uint8_t> ask(std::uint8_t n);
  PrinterLine& line_;
};

// The commands that print this picture: bands of at most 256 lines, darker than half
// is black.
[[nodiscard]] Bytes raster_commands(const GrayImage& image);
// A whole document; `cut`: then feed past the blade and cut. Errors: those of drawing.
[[nodiscard]] Result<Bytes> piece_commands(const Document& document, bool cut);

}  // namespace urna::sheet
