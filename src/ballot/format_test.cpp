// The worked example of docs/formats/ballot.md, byte for byte: with the randomness
// that the page states, sealing gives exactly the bytes that it shows.
#include "ballot/code.hpp"
#include "ballot/opening.hpp"
#include "ballot/testing/sample.hpp"
#include "ballot/verify.hpp"
#include "base/encoding.hpp"

#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

namespace urna::ballot {
namespace {

// Lines "    name: hex" of the page; a name may go on over several lines.
std::map<std::string, std::string> example_of(const std::string& page) {
  std::ifstream file(page);
  std::map<std::string, std::string> out;
  std::string name;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("    ")) {
      name.clear();
      continue;
    }
    std::istringstream words(line);
    std::string word;
    words >> word;
    if (word.ends_with(':')) {
      name = word.substr(0, word.size() - 1);
      word.clear();
      words >> word;
    }
    if (!name.empty()) out[name] += word;
  }
  return out;
}

std::string wrapped(const std::string& name, const std::string& hex) {
  std::string out = "    " + name + ":\n";
  for (std::size_t i = 0; i < hex.size(); i += 64) {
    out += "    " + hex.substr(i, 64) + "\n";
  }
  return out;
}

TEST(Format, WorkedExampleOfThePage) {
  testing::Sample sample({{{1, 1}}}, 2020);
  const Choices choices = Choices::make(sample.style(), Bytes{1}).value();
  Sealed sealed =
      seal(sample.station, 0, 1, sample.key, choices, sample.random).value();
  const std::map<std::string, std::string> actual = {
      {"election_hash", base::to_hex(sample.station.election_hash())},
      {"joint_key", base::to_hex(sample.key.element().bytes())},
      {"ballot", base::to_hex(sealed.ballot)},
      {"ballot_hash",
       base::to_hex(
           BallotBytes::read(sample.station, sealed.ballot)->hash(sample.station))},
      {"code", base::to_hex(sealed.code)},
      {"code_text", code_text(sealed.code)},
      {"opening", base::to_hex(make_opening(sealed.seed, choices))}};
  const auto page = example_of(URNA_SOURCE_DIR "/docs/formats/ballot.md");
  for (const auto& [name, value] : actual) {
    const auto shown = page.find(name);
    ASSERT_TRUE(shown != page.end()) << wrapped(name, value);
    EXPECT_EQ(shown->second, value) << wrapped(name, value);
  }
  EXPECT_FALSE(verify_ballot(sample.station, sample.key,
                             base::from_hex(page.at("ballot")).value())
                   .has_value());
}

}  // namespace
}  // namespace urna::ballot
