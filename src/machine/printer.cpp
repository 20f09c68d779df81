#include "machine/printer.hpp"

#include "machine/errors.hpp"

#include <array>

#include <fmt/format.h>

namespace urna::machine {
namespace {

struct Help {
  std::string_view name, es, en;
};

constexpr std::array<Help, 5> kHelp{{
    {"none", "La impresora está lista.", "The printer is ready."},
    {"offline", "La impresora no responde: revise el cable y la corriente.",
     "The printer does not answer: check its cable and power."},
    {"cover_open", "La tapa de la impresora está abierta: ciérrela.",
     "The printer's cover is open: close it."},
    {"paper_out", "La impresora no tiene papel: ponga un rollo nuevo.",
     "The printer is out of paper: load a new roll."},
    {"jam", "El papel está atascado: abra la tapa, retírelo y cierre la tapa.",
     "The paper is jammed: open the cover, take it out and close the cover."},
}};

}  // namespace

std::string_view fault_name(PrinterFault fault) {
  return kHelp[static_cast<std::size_t>(fault)].name;
}

std::string_view fault_help(PrinterFault fault, std::string_view language) {
  const Help& help = kHelp[static_cast<std::size_t>(fault)];
  return language == "es" ? help.es : help.en;
}

std::unexpected<Error> printer_error(PrinterFault fault) {
  return fail(errors::printer_failed,
              fmt::format("the printer did not finish: {}", fault_name(fault)),
              std::string(fault_help(fault, "en")));
}

Result<void> EscPosPrinter::print(const sheet::Document& document, bool cut) {
  URNA_TRY(const PrinterFault fault, device_.print(document, cut));
  if (fault != PrinterFault::none) return printer_error(fault);
  return {};
}

Result<void> FolderPrinter::print(const sheet::Document& document, bool cut) {
  if (status() != PrinterFault::none) return printer_error(fault_);
  if (after_ > 0) --after_;
  uncut_.running_title = document.running_title;
  for (const auto* blocks : {&document.head, &document.body}) {
    uncut_.body.insert(uncut_.body.end(), blocks->begin(), blocks->end());
  }
  URNA_CHECK(write(cut));
  if (cut) uncut_ = {};
  return {};
}

Result<void> FolderPrinter::write(bool cut) {
  URNA_CHECK(files_.make_folder(folder_));
  URNA_TRY(const auto names, files_.list(folder_));
  std::size_t pieces = 0;
  for (const std::string& name : names)
    if (name.ends_with(".pdf")) ++pieces;
  const std::string base =
      base::join_path(folder_, fmt::format("piece-{:05}", pieces + 1));
  URNA_TRY(const auto pages, sheet::to_png(uncut_, sheet::Medium::roll80));
  const std::string uncut = base + "-uncut.png";
  if (!cut) return base::write_durable(files_, uncut, pages.front());
  URNA_CHECK(base::write_durable(files_, base + ".png", pages.front()));
  URNA_TRY(const Bytes pdf, sheet::to_pdf(uncut_, sheet::Medium::roll80));
  URNA_CHECK(base::write_durable(files_, base + ".pdf", pdf));
  if (files_.kind(uncut) != base::FileKind::missing) return files_.remove(uncut);
  return {};
}

}  // namespace urna::machine
