#include "machine/cups.hpp"

#include "machine/errors.hpp"

#include <array>
#include <thread>

#include <fmt/format.h>

namespace urna::machine {
namespace {

constexpr std::chrono::milliseconds kPatience{10'000};  // for a program
constexpr int kLooks = 150;  // at the queue: half a minute, a long slip at slow speed

// ESC @ puts the printer into its first state and prints nothing.
constexpr std::array<std::uint8_t, 2> kNoPaper{0x1b, '@'};

struct Reason {
  std::string_view part;
  PrinterFault fault;
};
constexpr std::array<Reason, 12> kReasons{{
    {"media-empty", PrinterFault::paper_out},
    {"media-needed", PrinterFault::paper_out},
    {"cover-open", PrinterFault::cover_open},
    {"door-open", PrinterFault::cover_open},
    {"interlock-open", PrinterFault::cover_open},
    {"media-jam", PrinterFault::jam},
    {"cutter-error", PrinterFault::jam},
    {"offline", PrinterFault::offline},
    {"connecting-to-device", PrinterFault::offline},
    {"timed-out", PrinterFault::offline},
    {"shutdown", PrinterFault::offline},
    {"unknown-error", PrinterFault::offline},
}};

}  // namespace

PrinterFault fault_in(std::string_view lpstat) {
  const auto at = lpstat.find("Alerts: ");
  if (!lpstat.starts_with("printer ") || at == std::string_view::npos) {
    return PrinterFault::offline;
  }
  const std::string_view alerts = lpstat.substr(at, lpstat.find('\n', at) - at);
  for (const Reason& reason : kReasons) {
    if (alerts.find(reason.part) != std::string_view::npos) return reason.fault;
  }
  const std::string_view first = lpstat.substr(0, lpstat.find('\n'));
  return first.find(" disabled ") != std::string_view::npos ? PrinterFault::offline
                                                            : PrinterFault::none;
}

std::optional<std::string> CupsPrinter::ask(std::vector<std::string> words,
                                            ByteView input) {
  words.insert(words.begin(), {"env", "LC_ALL=C"});
  const auto ran = run_(words, input, kPatience);
  if (!ran || ran->status != 0) return std::nullopt;
  return std::string(as_text(ran->output));
}

PrinterFault CupsPrinter::look() {
  const auto said = ask({"lpstat", "-l", "-p", queue_});
  return said ? fault_in(*said) : PrinterFault::offline;
}

PrinterFault CupsPrinter::status() {
  const PrinterFault fault = look();
  if (fault != PrinterFault::offline) return fault;
  if (!ask({"cupsenable", queue_})) return fault;
  return look();
}

bool CupsPrinter::listed(const std::string& job, const char* which) {
  const auto said = ask({"lpstat", "-W", which, "-o", queue_});
  if (!said) return true;  // who does not answer is not believed to have finished
  return ("\n" + *said).find("\n" + job + " ") != std::string::npos;
}

Result<std::string> CupsPrinter::send(ByteView bytes) {
  const auto said = ask({"lp", "-d", queue_, "-o", "raw", "-t", "urna", "-"}, bytes);
  constexpr std::string_view kBefore = "request id is ";
  if (!said || !said->starts_with(kBefore)) return printer_error(PrinterFault::offline);
  const std::string job =
      said->substr(kBefore.size(), said->find(' ', kBefore.size()) - kBefore.size());
  for (int looks = 0; looks < kLooks; ++looks) {
    if (!listed(job, "not-completed")) return job;
    if (looks > 0 && look() != PrinterFault::none) break;
    std::this_thread::sleep_for(step_);
  }
  const PrinterFault why = look();
  (void)ask({"cancel", "-x", job});
  return printer_error(why == PrinterFault::none ? PrinterFault::offline : why);
}

Result<std::unique_ptr<CupsPrinter>> CupsPrinter::open(std::string queue,
                                                       RunProgram run,
                                                       std::chrono::milliseconds step) {
  std::unique_ptr<CupsPrinter> printer(
      new CupsPrinter(std::move(queue), std::move(run), step));
  URNA_TRY(const std::string job, printer->send(kNoPaper));
  if (printer->listed(job, "completed")) {
    return fail(
        errors::printer_keeps,
        fmt::format("the print server remembers what '{}' printed", printer->queue_),
        "switch its job history and job files off (docs/operations.md)");
  }
  return printer;
}

Result<void> CupsPrinter::print(const sheet::Document& document, bool cut) {
  if (const auto before = status(); before != PrinterFault::none) {
    return printer_error(before);
  }
  URNA_TRY(const Bytes commands, sheet::piece_commands(document, cut));
  URNA_CHECK(send(commands));
  if (const auto after = look(); after != PrinterFault::none) {
    return printer_error(after);
  }
  return {};
}

}  // namespace urna::machine
