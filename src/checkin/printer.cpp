#include "checkin/printer.hpp"

#include "checkin/errors.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::checkin {

Result<void> RollPrinter::print(const sheet::Document& document,
                                sheet::Medium /*only a roll*/) {
  URNA_TRY(const sheet::PrinterFault fault, device_.print(document, true));
  switch (fault) {
    case sheet::PrinterFault::none:
      return {};
    case sheet::PrinterFault::offline:
      return fail(errors::printer_failed, "the printer does not answer",
                  "check its cable and power");
    case sheet::PrinterFault::cover_open:
      return fail(errors::printer_failed, "the printer's cover is open", "close it");
    case sheet::PrinterFault::paper_out:
      return fail(errors::printer_failed, "the printer is out of paper",
                  "load a new roll");
    case sheet::PrinterFault::jam:
      break;
  }
  return fail(errors::printer_failed, "the paper is jammed",
              "open the cover, take it out and close the cover");
}

Result<void> FolderPrinter::print(const sheet::Document& document,
                                  sheet::Medium medium) {
  const auto kept = keep(document, medium);
  if (kept) return {};
  return fail(errors::printer_failed, kept.error().message, kept.error().to_do);
}

Result<void> FolderPrinter::keep(const sheet::Document& document,
                                 sheet::Medium medium) {
  URNA_CHECK(files_.make_folder(folder_));
  URNA_TRY(const auto names, files_.list(folder_));
  const auto pieces = std::ranges::count_if(
      names, [](const std::string& name) { return name.ends_with(".pdf"); });
  const std::string base =
      base::join_path(folder_, fmt::format("paper-{:05}", pieces + 1));
  URNA_TRY(const auto pages, sheet::to_png(document, medium));
  for (std::size_t i = 0; i < pages.size(); ++i) {
    const std::string name =
        i == 0 ? base + ".png" : fmt::format("{}-{}.png", base, i + 1);
    URNA_CHECK(base::write_durable(files_, name, pages[i]));
  }
  URNA_TRY(const Bytes pdf, sheet::to_pdf(document, medium));
  return base::write_durable(files_, base + ".pdf", pdf);
}

}  // namespace urna::checkin
