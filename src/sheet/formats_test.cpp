// The worked examples in docs/formats are what this code writes.
#include "base/encoding.hpp"
#include "sheet/box_count.hpp"
#include "sheet/chain.hpp"
#include "sheet/testing/samples.hpp"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace urna::sheet {
namespace {

std::string page(const std::string& name) {
  std::ifstream in(std::string(URNA_SOURCE_DIR) + "/docs/formats/" + name);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

// The text between the n-th pair of ``` lines, counted from 0.
std::string example(const std::string& text, int n) {
  std::size_t at = 0;
  for (int i = 0; i <= 2 * n; ++i) at = text.find("```\n", i == 0 ? 0 : at + 4);
  if (at == std::string::npos) return {};
  return text.substr(at + 4, text.find("```\n", at + 4) - at - 4);
}

SignedSheet sample() {
  return testing::sign_sample(testing::small_sheet());
}

OfficialSignature official(std::uint32_t n, SignedDocument document,
                           const Hash32& digest) {
  return *OfficialSignature::sign(document, digest, testing::small_sheet().station,
                                  n == 1 ? "PRESIDENT" : "SECRETARY",
                                  "V-" + std::to_string(n),
                                  testing::device_key(1000 + n));
}

TEST(Formats, TallySheetPageShowsThisSheet) {
  const std::string text = page("tally-sheet.md");
  const SignedSheet sheet = sample();
  EXPECT_EQ(example(text, 0), to_file_text(sheet));
  EXPECT_NE(text.find(base::to_hex(sheet.sheet.digest())), std::string::npos);
  EXPECT_NE(text.find(short_digest(sheet.sheet.digest())), std::string::npos);
  EXPECT_NE(text.find(base::to_hex(testing::authority_key().public_key().bytes())),
            std::string::npos);
  EXPECT_EQ(example(text, 1),
            official(1, SignedDocument::sheet, sheet.sheet.digest()).text() + '\n');
}

TEST(Formats, QrChainPageShowsItsCodes) {
  const auto codes = write_chain(sample());
  ASSERT_TRUE(codes);
  ASSERT_EQ(codes->size(), 3U);
  EXPECT_EQ(example(page("qr-chain.md"), 0), (*codes)[0] + '\n' + (*codes)[1] + '\n');
}

TEST(Formats, BoxCountPageShowsThisBox) {
  const SignedSheet sheet = sample();
  BoxCountFields f;
  f.mode = sheet.sheet.fields().mode;
  f.election = sheet.sheet.fields().election;
  f.station = sheet.sheet.fields().station;
  f.sheet = sheet.sheet.digest();
  f.papers = 534;
  f.contests = {sheet.sheet.fields().contests[0]};
  f.contests[0].ballots = 534;
  f.contests[0].options[0].votes = 250;
  BoxCount box = *BoxCount::make(std::move(f));
  const Hash32 digest = box.digest();
  const SignedBoxCount signed_box{std::move(box),
                                  {official(1, SignedDocument::box, digest),
                                   official(2, SignedDocument::box, digest)}};
  EXPECT_EQ(example(page("box-count.md"), 0), to_file_text(signed_box));
}

}  // namespace
}  // namespace urna::sheet
