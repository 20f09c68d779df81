// The paper that a voter reads: its text, read back from the PDF by another program, is
// what was chosen, for random ballots, and its length says nothing.
#include "machine/slips.hpp"

#include "machine/testing/world.hpp"

#include <algorithm>
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

// The letters of a text in a fixed order, without blanks and marks of direction: a line
// that runs from right to left may be read back from either end.
std::u32string letters(std::string_view text) {
  std::u32string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    char32_t letter = size == 1 ? lead : lead & (0x7fu >> size);
    for (std::size_t i = 1; i < size; ++i) {
      letter = letter << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3fu);
    }
    at += size;
    const bool direction = (letter >= 0x200e && letter <= 0x200f) ||
                           (letter >= 0x202a && letter <= 0x202e);
    if (letter > 0x20 && !direction) out += letter;
  }
  std::ranges::sort(out);
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

  // `in_order`: the text is read back in the order in which it was written.
  void check(const Slips& slips, int ballots, bool in_order = true) {
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
      const std::string choices = text.substr(at + mark.size());
      if (in_order) {
        EXPECT_EQ(choices, expected(words, bits));
      } else {
        EXPECT_EQ(letters(choices), letters(expected(words, bits))) << choices;
      }
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
  return std::getenv("URNA_LONG") != nullptr ? 2'000 : 60;
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

// Accents of many languages, and names that are written from right to left.
TEST_F(SlipsTest, NamesOfEveryScriptAreOnThePaper) {
  const std::vector<std::string> names{"Þórður Ægisson",
                                       "Đặng Thị Ngọc Ánh",
                                       "Ngũgĩ wa Kamaũ",
                                       "Zoë Müller-Łukasz",
                                       "Ñandú Güemes Áñez",
                                       "Ελένη Παππά",
                                       "Юлия Щёголева",
                                       "דוד לוי",
                                       "שרה כהן",
                                       "مريم الحداد",
                                       "يوسف"};
  BallotWords words = world_.slips.at("es").words();
  std::size_t next = 0;
  for (WordedContest& contest : words.contests) {
    for (std::string& option : contest.options) option = names[next++ % names.size()];
  }
  const auto slips = Slips::make(words, election::Mode::official, "S1");
  ASSERT_TRUE(slips);
  check(*slips, ballots(), false);
}

}  // namespace
}  // namespace urna::machine
