#include "sheet/paper/escpos.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace urna::sheet {
namespace {

constexpr std::chrono::milliseconds kPatience{1'000};
constexpr std::chrono::milliseconds kPrinting{30'000};  // a long slip at slow speed
constexpr int kBand = 256;  // lines of a raster command: what small printers buffer
constexpr std::uint8_t kDle = 0x10, kEot = 0x04, kEsc = 0x1b, kGs = 0x1d;

class DeviceLine final : public PrinterLine {
 public:
  explicit DeviceLine(int descriptor) : descriptor_(descriptor) {}
  DeviceLine(const DeviceLine&) = delete;
  DeviceLine& operator=(const DeviceLine&) = delete;
  ~DeviceLine() override { ::close(descriptor_); }

  bool write(ByteView bytes) override {
    while (!bytes.empty()) {
      pollfd wait{descriptor_, POLLOUT, 0};
      if (::poll(&wait, 1, 10'000) <= 0) return false;
      const ssize_t put = ::write(descriptor_, bytes.data(), bytes.size());
      if (put < 0 && (errno == EAGAIN || errno == EINTR)) continue;
      if (put <= 0) return false;
      bytes = bytes.subspan(static_cast<std::size_t>(put));
    }
    return true;
  }

  std::optional<std::uint8_t> read(std::chrono::milliseconds patience) override {
    pollfd wait{descriptor_, POLLIN, 0};
    if (::poll(&wait, 1, static_cast<int>(patience.count())) <= 0) return std::nullopt;
    std::uint8_t byte = 0;
    if (::read(descriptor_, &byte, 1) != 1) return std::nullopt;
    return byte;
  }

 private:
  int descriptor_;
};

}  // namespace

std::unique_ptr<PrinterLine> open_device_line(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return nullptr;
  return std::make_unique<DeviceLine>(descriptor);
}

std::optional<std::uint8_t> EscPos::ask(std::uint8_t n) {
  const std::array<std::uint8_t, 3> question{kDle, kEot, n};
  if (!line_.write(question)) return std::nullopt;
  const auto answer = line_.read(kPatience);
  // Fixed bits of every status byte: 0xx1xx10.
  if (!answer || (*answer & 0x93) != 0x12) return std::nullopt;
  return answer;
}

PrinterFault EscPos::status() {
  const auto cause = ask(2);
  const auto error = ask(3);
  const auto paper = ask(4);
  if (!cause || !error || !paper) return PrinterFault::offline;
  if ((*cause & 0x04) != 0) return PrinterFault::cover_open;
  if ((*paper & 0x60) != 0 || (*cause & 0x20) != 0) return PrinterFault::paper_out;
  if ((*error & 0x6c) != 0 || (*cause & 0x40) != 0) return PrinterFault::jam;
  return PrinterFault::none;
}

Bytes raster_commands(const GrayImage& image) {
  Bytes out;
  const int width = (image.width + 7) / 8;
  for (int top = 0; top < image.height; top += kBand) {
    const int lines = std::min(kBand, image.height - top);
    for (const int b : {int{kGs}, int{'v'}, int{'0'}, 0, width & 255, width >> 8,
                        lines & 255, lines >> 8}) {
      out.push_back(static_cast<std::uint8_t>(b));
    }
    for (int y = top; y < top + lines; ++y) {
      for (int column = 0; column < width; ++column) {
        unsigned bits = 0;
        for (int x = 8 * column; x < 8 * column + 8; ++x) {
          bits = bits << 1 | (x < image.width && image.at(x, y) < 128 ? 1u : 0u);
        }
        out.push_back(static_cast<std::uint8_t>(bits));
      }
    }
  }
  return out;
}

Result<Bytes> piece_commands(const Document& document, bool cut) {
  URNA_TRY(const auto pages, to_images(document, Medium::roll80));
  Bytes commands{kEsc, '@'};
  for (const auto& page : pages) append(commands, raster_commands(page));
  // Feed past the blade, then a full cut.
  if (cut) append(commands, Bytes{kGs, 'V', 66, 0});
  return commands;
}

Result<PrinterFault> EscPos::print(const Document& document, bool cut) {
  if (const auto before = status(); before != PrinterFault::none) return before;
  URNA_TRY(const Bytes commands, piece_commands(document, cut));
  // This question waits its turn behind the picture: its answer says that all of it
  // came out. What is wrong when there is none, the other questions tell.
  constexpr std::array<std::uint8_t, 3> kAskInTurn{kGs, 'r', 1};
  if (!line_.write(commands) || !line_.write(kAskInTurn)) return PrinterFault::offline;
  const auto done = line_.read(kPrinting);
  if (!done || (*done & 0x90) != 0) {
    const auto why = status();
    return why == PrinterFault::none ? PrinterFault::offline : why;
  }
  return status();
}

}  // namespace urna::sheet
