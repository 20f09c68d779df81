#include "checkin/printer.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::checkin {

Result<void> FolderPrinter::print(const sheet::Document& document,
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
