// A receipt printer in memory: takes ESC/POS commands, answers DLE EOT and GS r, and
// breaks on demand after so many lines. Tests only.
#pragma once

#include "sheet/paper/escpos.hpp"

#include <deque>

namespace urna::sheet::testing {

class EscPosEmulator final : public PrinterLine {
 public:
  bool write(ByteView bytes) override {
    if (unplugged) return false;
    append(input_, bytes);
    while (take()) {
    }
    return true;
  }
  std::optional<std::uint8_t> read(std::chrono::milliseconds) override {
    if (unplugged || answers_.empty()) return std::nullopt;
    const std::uint8_t answer = answers_.front();
    answers_.pop_front();
    return answer;
  }

  PrinterFault fault = PrinterFault::none;
  bool unplugged = false;
  std::size_t fail_after_lines = SIZE_MAX;
  PrinterFault fail_with = PrinterFault::jam;
  std::size_t lines = 0;
  std::size_t cuts = 0;
  std::size_t unknown = 0;
  Bytes paper;  // the dots of all lines

 private:
  // One command off the front of the input; false when it is not whole yet.
  bool take() {
    const auto at = [&](std::size_t i) -> std::uint8_t {
      return i < input_.size() ? input_[i] : std::uint8_t{0};
    };
    std::size_t used = 0;
    if (input_.size() >= 3 && at(0) == 0x10 && at(1) == 0x04) {
      answers_.push_back(status(at(2)));
      used = 3;
    } else if (input_.size() >= 2 && at(0) == 0x1b && at(1) == '@') {
      used = 2;
    } else if (input_.size() >= 4 && at(0) == 0x1d && at(1) == 'V') {
      if (fault == PrinterFault::none) ++cuts;
      used = 4;
    } else if (input_.size() >= 3 && at(0) == 0x1d && at(1) == 'r') {
      // Waits its turn: a printer that stopped never gets here.
      if (fault == PrinterFault::none) answers_.push_back(0);
      used = 3;
    } else if (input_.size() >= 8 && at(0) == 0x1d && at(1) == 'v') {
      const std::size_t width = at(4) + std::size_t{256} * at(5);
      const std::size_t rows = at(6) + std::size_t{256} * at(7);
      used = 8 + width * rows;
      if (input_.size() < used) return false;
      for (std::size_t row = 0; row < rows && fault == PrinterFault::none; ++row) {
        append(paper, ByteView(input_).subspan(8 + row * width, width));
        if (++lines >= fail_after_lines) fault = fail_with;
      }
    } else if (input_.size() >= 8) {
      ++unknown;
      used = 1;
    } else {
      return false;
    }
    input_.erase(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(used));
    return true;
  }

  [[nodiscard]] std::uint8_t status(std::uint8_t n) const {
    unsigned byte = 0x12;
    if (n == 2 && fault == PrinterFault::cover_open) byte |= 0x04;
    if (n == 3 && fault == PrinterFault::jam) byte |= 0x04 | 0x08;
    if (n == 4 && fault == PrinterFault::paper_out) byte |= 0x60;
    return static_cast<std::uint8_t>(byte);
  }

  Bytes input_;
  std::deque<std::uint8_t> answers_;
};

}  // namespace urna::sheet::testing
