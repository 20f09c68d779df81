// docs/formats/finger-template.md shows one template byte by byte: this keeps it true.
#include "finger/match/codec.hpp"

#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

namespace urna::finger {
namespace {

Template example() {
  Template t;
  t.width = 100;
  t.height = 120;
  t.position = FingerPosition::right_index;
  t.quality = 74;
  t.minutiae = {{404, 316, 0x4000, MinutiaType::ending, 88},
                {240, 800, 0xc020, MinutiaType::bifurcation, 61}};
  t.singular_points = {{400, 480, SingularPoint::Kind::core, 0x8000}};
  t.map.step = 64;
  t.map.columns = 2;
  t.map.rows = 2;
  t.map.cells = {{64, 72}, {0, 0}, {128, 70}, {0, 0}};
  return t;
}

TEST(TemplateFormat, TheWorkedExampleIsWhatTheCodecWrites) {
  const auto bytes = encode_template(example());
  ASSERT_TRUE(bytes.has_value()) << bytes.error().text();
  std::string hex;
  constexpr char kDigits[] = "0123456789abcdef";
  for (const std::uint8_t byte : *bytes) {
    if (!hex.empty()) hex += ' ';
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  std::ifstream page(URNA_SOURCE_DIR "/docs/formats/finger-template.md");
  const std::string text{std::istreambuf_iterator<char>(page),
                         std::istreambuf_iterator<char>()};
  std::string flat;  // the page breaks the example over lines
  for (const char c : text) flat += c == '\n' ? ' ' : c;
  EXPECT_NE(flat.find(hex), std::string::npos) << hex;
  EXPECT_EQ(decode_template(*bytes).value(), example());
}

}  // namespace
}  // namespace urna::finger
