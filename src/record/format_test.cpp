// The pages against the code: the table of checks, and the entry of record.md.
#include "base/file.hpp"
#include "crypto/sha256.hpp"
#include "log/document.hpp"
#include "record/checks.hpp"
#include "record/index.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace urna::record {
namespace {

std::string page(const char* name) {
  base::RealFiles files;
  return base::read_text(files, std::string(URNA_SOURCE_DIR "/docs/") + name).value();
}

TEST(Pages, VerificationHasExactlyTheTableOfChecks) {
  const std::string text = page("verification.md");
  constexpr std::array kScopes{"record", "station", "result"};
  std::string table;
  for (const CheckInfo& check : checks()) {
    table += fmt::format("| {} | {} | {} | {} | {} |\n", number(check.check),
                         check.name, kScopes.at(static_cast<std::size_t>(check.scope)),
                         check.says, check.means);
    EXPECT_EQ(find_check(check.name), check.check);
  }
  EXPECT_NE(text.find("|---|---|---|---|---|\n" + table + "\n"), std::string::npos)
      << table;
}

TEST(Pages, RecordHasTheExampleEntryAndEveryKind) {
  const std::string text = page("formats/record.md");
  const log::Document example{"package", "N01", crypto::sha256(as_bytes("abc"))};
  EXPECT_NE(text.find("    " + std::string(as_text(example.entry()))),
            std::string::npos);
  for (const KindInfo& kind : all_kinds()) {
    EXPECT_NE(text.find(fmt::format("| `{}` |", kind.kind)), std::string::npos)
        << kind.kind;
  }
}

}  // namespace
}  // namespace urna::record
