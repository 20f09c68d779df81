// The worked examples of docs/formats/{log,log-policy,log-receipt}.md.
#include "log/receipt.hpp"
#include "log/testing/made_log.hpp"
#include "log/tile.hpp"

#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace urna::log {
namespace {

using testing::test_signer;

// The page must show this text, each line indented by four spaces or empty.
void expect_shown(const char* page, const std::string& text) {
  std::ifstream file(std::string(URNA_SOURCE_DIR "/docs/formats/") + page);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  std::string indented;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    if (end != at) indented += "    " + text.substr(at, end - at);
    indented += '\n';
    at = end + 1;
  }
  EXPECT_NE(content.find(indented), std::string::npos) << page << " lacks\n"
                                                       << indented;
}

const NoteSigner kLog = test_signer("example.org/log", KeyType::ed25519, 1);
const NoteSigner kWitness = test_signer("witness.example", KeyType::cosignature, 2);

TEST(Formats, WorkedExamples) {
  const auto entries = testing::test_entries(2);
  const auto log = testing::make_log(entries, kLog, {&kWitness}, 1'606'000'000);
  expect_shown("log.md", kLog.verifier().text() + "\n");
  expect_shown("log.md", kWitness.verifier().text() + "\n");
  expect_shown("log.md", log.note);
  const TileReader tiles = [&](const TileId& id) -> Result<Bytes> {
    return log.files.at(id.path());
  };
  const Receipt receipt = make_receipt(tiles, log.note, 1).value();
  expect_shown("log-receipt.md", receipt.text());
  const auto witness = [](const char* name, std::uint8_t seed) {
    return test_signer(name, KeyType::cosignature, seed).verifier().text();
  };
  const std::string policy_text = fmt::format(
      "log {} https://record.example.org\n"
      "witness blue {}\n"
      "witness green {}\n"
      "witness white {}\n"
      "group parties 2 blue green white\n"
      "witness university {} https://witness.example\n"
      "group both all parties university\n"
      "quorum both\n",
      kLog.verifier().text(), witness("blue.example", 3), witness("green.example", 4),
      witness("white.example", 5), kWitness.verifier().text());
  expect_shown("log-policy.md", policy_text);
  const Policy policy = Policy::parse(policy_text).value();
  EXPECT_FALSE(check_receipt(receipt, entries[1], policy).has_value());
}

}  // namespace
}  // namespace urna::log
