#include "sheet/chain.hpp"

#include "sheet/chain_code.hpp"
#include "sheet/errors.hpp"
#include "sheet/testing/samples.hpp"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace urna::sheet {
namespace {

using testing::assembly_sheet;
using testing::sign_sample;

const SignedSheet& sample() {
  static const SignedSheet sheet = sign_sample(assembly_sheet(7));
  return sheet;
}

const std::vector<std::string>& codes() {
  static const std::vector<std::string> texts = *write_chain(sample());
  return texts;
}

std::size_t pieces() {
  return codes().size() - 1;
}

ErrorKind refused(const std::vector<std::string>& texts) {
  const auto read = read_chain(texts);
  EXPECT_FALSE(read);
  if (read) return ErrorKind{0, ""};
  EXPECT_FALSE(read.error().text().empty());
  return read.error().kind;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TEST(Chain, ComesTogetherWithItsSignatureAndCertificate) {
  const auto read = read_chain(codes());
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(to_file_text(*read), to_file_text(sample()));
  const std::vector authorities{testing::authority_key().public_key()};
  EXPECT_TRUE(check_signature(*read, authorities));
}

TEST(Chain, EveryCodeIsShortAndEquallyLong) {
  ASSERT_GE(pieces(), 3U);
  std::size_t shortest = kMaxCodeText, longest = 0;
  for (std::size_t i = 0; i < pieces(); ++i) {
    EXPECT_LE(codes()[i].size(), kMaxCodeText);
    shortest = std::min(shortest, codes()[i].size());
    longest = std::max(longest, codes()[i].size());
  }
  EXPECT_LT(longest - shortest, longest / 4);
}

TEST(Chain, AnyOrderRepeatsAndForeignCodesDoNotMatter) {
  std::vector<std::string> texts = codes();
  texts.insert(texts.end(), codes().begin(), codes().end());
  texts.push_back("https://example.org/");
  texts.push_back("");
  std::ranges::reverse(texts);
  const auto read = read_chain(texts);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(to_file_text(*read), to_file_text(sample()));
}

TEST(Chain, EachMissingCodeIsNamed) {
  for (std::size_t i = 0; i < pieces(); ++i) {
    std::vector<std::string> texts = codes();
    texts.erase(texts.begin() + static_cast<std::ptrdiff_t>(i));
    const auto read = read_chain(texts);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().kind, errors::code_missing);
    EXPECT_NE(read.error().message.find(std::to_string(i + 1)), std::string::npos);
  }
}

TEST(Chain, WithoutItsCertificateASheetIsReadButNotTrusted) {
  std::vector<std::string> texts = codes();
  texts.pop_back();
  const auto read = read_chain(texts);
  ASSERT_TRUE(read);
  EXPECT_FALSE(read->certificate);
}

TEST(Chain, RenumberedCodesAreRefused) {
  std::vector<std::string> texts = codes();
  const std::string of = "/" + std::to_string(pieces()) + " ";
  texts[0] = replaced(texts[0], "PART:1" + of, "PART:2" + of);
  texts[1] = replaced(texts[1], "PART:2" + of, "PART:1" + of);
  EXPECT_EQ(refused(texts), errors::code_renumbered);
}

TEST(Chain, DisagreementAboutTheNumberOfCodesIsRefused) {
  std::vector<std::string> texts = codes();
  texts[0] = replaced(texts[0], "/" + std::to_string(pieces()) + " ",
                      "/" + std::to_string(pieces() + 1) + " ");
  EXPECT_EQ(refused(texts), errors::code_count);
}

TEST(Chain, LeavingOutTheLastCodeAndClaimingFewerIsRefused) {
  std::vector<std::string> texts(
      codes().begin(), codes().begin() + static_cast<std::ptrdiff_t>(pieces()) - 1);
  for (std::string& text : texts) {
    text = replaced(text, "/" + std::to_string(pieces()) + " ",
                    "/" + std::to_string(pieces() - 1) + " ");
  }
  EXPECT_EQ(refused(texts), errors::truncated);
}

TEST(Chain, ConflictingCodesAreRefused) {
  std::vector<std::string> texts = codes();
  Code changed = *parse_code(texts[1]);
  changed.piece += " X:1";
  texts.push_back(write_code(changed));
  EXPECT_EQ(refused(texts), errors::code_conflict);
}

TEST(Chain, CodesOfTwoStationsAreRefused) {
  std::vector<std::string> texts = codes();
  const auto other = *write_chain(sign_sample(assembly_sheet(8)));
  texts[1] = other[1];
  EXPECT_EQ(refused(texts), errors::code_mixed);
}

TEST(Chain, TwoSheetsOfOneStationAreRefused) {
  SheetFields f = assembly_sheet(7);
  std::swap(f.contests[0].options[0].votes, f.contests[0].options[1].votes);
  std::vector<std::string> texts = codes();
  const auto other = *write_chain(sign_sample(f));
  texts[1] = other[1];
  EXPECT_EQ(refused(texts), errors::code_mixed);
}

TEST(Chain, LowerCasedCodesAreRefused) {
  std::vector<std::string> texts = codes();
  std::ranges::transform(texts[0], texts[0].begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  EXPECT_EQ(refused(texts), errors::lower_case);
}

TEST(Chain, LineEndsInsideACodeAreRefused) {
  std::vector<std::string> texts = codes();
  texts[0] += "\r\n";
  EXPECT_EQ(refused(texts), errors::bad_character);
}

TEST(Chain, OverLongCodesAreRefused) {
  std::vector<std::string> texts = codes();
  texts[0] += " " + std::string(kMaxCodeText, 'A');
  EXPECT_EQ(refused(texts), errors::too_long);
  texts[0] = "URNA:QR/1" + std::string(823, 'A');
  EXPECT_EQ(refused(texts), errors::too_long);
}

TEST(Chain, TruncatedCodesAreRefusedAtEveryLength) {
  for (std::size_t size = 0; size < codes()[0].size(); ++size) {
    std::vector<std::string> texts = codes();
    texts[0].resize(size);
    EXPECT_FALSE(read_chain(texts)) << size;
  }
  std::vector<std::string> texts = codes();
  texts[0].resize(texts[0].size() - 1);
  EXPECT_EQ(refused(texts), errors::truncated);
  texts = codes();
  texts[pieces() - 1].resize(texts[pieces() - 1].size() - 1);
  EXPECT_EQ(refused(texts), errors::truncated);
}

TEST(Chain, ChangedHeadsAreRefused) {
  // Changed alike in every code, so that the codes agree with one another.
  std::vector<std::string> texts = codes();
  for (std::size_t i = 0; i < pieces(); ++i) {
    texts[i] = replaced(texts[i], "SEGMENT:1", "SEGMENT:2");
  }
  EXPECT_EQ(refused(texts), errors::code_header);
}

TEST(Chain, NothingOfOursIsNoSheet) {
  EXPECT_EQ(refused({"hello"}), errors::no_codes);
  EXPECT_EQ(refused({}), errors::no_codes);
}

TEST(Chain, AFolderOfManySheetsGivesEachOrItsError) {
  std::vector<std::string> texts;
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    auto more = *write_chain(sign_sample(assembly_sheet(seed)));
    if (seed == 5) more.erase(more.begin());
    texts.insert(texts.end(), more.begin(), more.end());
  }
  std::ranges::reverse(texts);
  const auto sheets = read_chains(texts);
  ASSERT_EQ(sheets.size(), 20U);
  const std::vector authorities{testing::authority_key().public_key()};
  std::size_t good = 0;
  for (const auto& sheet : sheets) {
    if (sheet) {
      EXPECT_TRUE(check_signature(*sheet, authorities));
      ++good;
    } else {
      EXPECT_EQ(sheet.error().kind, errors::code_missing);
    }
  }
  EXPECT_EQ(good, 19U);
}

RC_GTEST_PROP(ChainProperty, OneChangedCharacterAnywhereIsNeverTrusted, ()) {
  static const std::vector authorities{testing::authority_key().public_key()};
  std::vector<std::string> texts = codes();
  const auto which = *rc::gen::inRange<std::size_t>(0, texts.size());
  const auto at = *rc::gen::inRange<std::size_t>(0, texts[which].size());
  const char to = *rc::gen::elementOf(
      std::string("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:abc"));
  RC_PRE(to != texts[which][at]);
  texts[which][at] = to;
  const auto read = read_chain(texts);
  RC_ASSERT(!(read && check_signature(*read, authorities)));
}

RC_GTEST_PROP(ChainProperty, AnySizeOfCodeGivesTheSameSheetInAnyOrder, ()) {
  const auto seed = *rc::gen::arbitrary<std::uint32_t>();
  const auto size = *rc::gen::inRange<std::size_t>(400, kMaxCodeText + 1);
  const SignedSheet sheet = sign_sample(assembly_sheet(seed, 1 + seed % 4));
  auto texts = write_chain(sheet, size);
  RC_ASSERT(texts.has_value());
  for (const std::string& text : *texts)
    RC_ASSERT(text.size() <= std::max<std::size_t>(size, 420));
  std::vector<std::string> order = *texts;
  std::ranges::shuffle(order, std::mt19937(seed));
  const auto read = read_chain(order);
  RC_ASSERT(read.has_value());
  RC_ASSERT(to_file_text(*read) == to_file_text(sheet));
}

RC_GTEST_PROP(ChainProperty, AnyMixtureOfTwoChainsIsOneOfThemOrRefused, ()) {
  static const auto other = *write_chain(sign_sample(assembly_sheet(8)));
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < pieces(); ++i) {
    if (*rc::gen::arbitrary<bool>()) texts.push_back(codes()[i]);
  }
  for (const std::string& text : other) {
    if (*rc::gen::arbitrary<bool>()) texts.push_back(text);
  }
  const auto read = read_chain(texts);
  if (read) {
    RC_ASSERT(read->sheet.text() == sample().sheet.text() ||
              read->sheet.fields().station == assembly_sheet(8).station);
  }
}

}  // namespace
}  // namespace urna::sheet
