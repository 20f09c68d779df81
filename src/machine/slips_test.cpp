// The paper that a voter reads: its text, read back from the PDF by another program, is
// what was chosen, for random ballots, and its length says nothing.
#include "machine/slips.hpp"

#include "machine/testing/world.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace urna::machine {
namespace {

using testing::World;

// All white space as one blank: names may be broken over lines.
std::string in_one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\f' || c == '\r' || c == '\t';
    if (!blank) out += c;
    if (blank && !out.empty() && out.back() != ' ') out += ' ';
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

class SlipsTest : public ::testing::Test {
 protected:
  SlipsTest()
      : folder_(std::filesystem::temp_directory_path() /
                fmt::format("urna-slips-{}", ::getpid())) {
    std::filesystem::create_directories(folder_);
  }
  ~SlipsTest() override { std::filesystem::remove_all(folder_); }

  std::string read_back(const Bytes& pdf) {
    const std::string in = folder_ / "slip.pdf";
    const std::string out = folder_ / "slip.txt";
    std::ofstream(in, std::ios::binary)
        .write(reinterpret_cast<const char*>(pdf.data()),
               static_cast<std::streamsize>(pdf.size()));
    const std::string command = fmt::format("pdftotext -raw '{}' '{}'", in, out);
    EXPECT_EQ(std::system(command.c_str()), 0) << "pdftotext is in poppler-utils";
    std::ifstream file(out);
    return in_one_line(std::string(std::istreambuf_iterator<char>(file), {}));
  }

  // Any number of options up to the limit, for every contest.
  Bytes random_choices(const BallotWords& words) {
    Bytes bits;
    for (const WordedContest& contest : words.contests) {
      Bytes chosen(contest.options.size(), 0);
      const auto most = std::min<std::uint64_t>(contest.limit, chosen.size());
      for (std::uint64_t n = world_.random.below(most + 1).value(); n > 0; --n) {
        chosen[world_.random.below(chosen.size()).value()] = 1;
      }
      append(bits, chosen);
    }
    return bits;
  }

  static std::string expected(const BallotWords& words, ByteView bits) {
    const bool spanish = words.language == "es";
    std::string text;
    for (const WordedContest& contest : words.contests) {
      text += contest.title + "\n";
      std::size_t lines = 0;
      for (std::size_t o = 0; o < contest.options.size(); ++o) {
        if (bits[contest.first + o] == 0) continue;
        text += contest.options[o] + "\n";
        ++lines;
      }
      for (; lines < std::min<std::size_t>(contest.limit, contest.options.size());
           ++lines) {
        text += spanish ? "— (sin elegir)\n" : "— (no choice)\n";
      }
    }
    return in_one_line(text);
  }

  void check(const Slips& slips, int ballots) {
    const BallotWords& words = slips.words();
    const std::string mark = words.language == "es" ? "Boleta S1 " : "Ballot S1 ";
    std::set<std::uint32_t> heights;
    for (int i = 0; i < ballots; ++i) {
      const Bytes bits = random_choices(words);
      const sheet::Document body = slips.body(bits);
      const auto pdf = sheet::to_pdf(body, sheet::Medium::roll80);
      ASSERT_TRUE(pdf);
      const std::string text = read_back(*pdf);
      const auto at = text.find(mark);
      ASSERT_NE(at, std::string::npos) << text;
      EXPECT_EQ(text.substr(at + mark.size()), expected(words, bits));
      const auto pages = sheet::to_images(body, sheet::Medium::roll80);
      ASSERT_TRUE(pages);
      ASSERT_EQ(pages->size(), 1u);
      heights.insert(static_cast<std::uint32_t>(pages->front().height));
    }
    EXPECT_EQ(heights.size(), 1u) << "the length of the paper tells ballots apart";
  }

  World world_;
  std::filesystem::path folder_;
};

int ballots() {
  return std::getenv("URNA_LONG") != nullptr ? 2'000 : 40;
}

TEST_F(SlipsTest, ThePaperSaysWhatWasChosenInEveryLanguage) {
  for (const auto& [language, slips] : world_.slips) check(slips, ballots());
}

TEST_F(SlipsTest, NamesThatFillSeveralLinesAreNotCutOff) {
  BallotWords words = world_.slips.at("es").words();
  for (WordedContest& contest : words.contests) {
    contest.options[1] =
        "María de los Ángeles Fernández-Güemes y Martínez de la Concepción, candidata "
        "de la Coordinadora Independiente (Ceiba · Faro · Molino · Ruta Nueva) [" +
        contest.code + "]";
  }
  const auto slips = Slips::make(words, election::Mode::official, "S1");
  ASSERT_TRUE(slips);
  check(*slips, ballots());
}

}  // namespace
}  // namespace urna::machine
