// The published vectors of RFC 9496 against libsodium's operations and both of ours.
#include "base/encoding.hpp"
#include "group/cpu_path.hpp"
#include "group/point.hpp"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace urna::group {
namespace {

std::vector<std::vector<std::string>> vectors(std::string_view kind) {
  std::ifstream file(URNA_SOURCE_DIR "/src/group/testdata/rfc9496.txt");
  std::vector<std::vector<std::string>> out;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::vector<std::string> row;
    for (std::string word; words >> word;) row.push_back(word);
    if (!row.empty() && row[0] == kind) out.push_back(row);
  }
  return out;
}

ByteArray<32> element_bytes(std::string_view hex) {
  return base::array_from_hex<32>(hex).value();
}

// One verdict of the batch decoder, in the middle of a batch of generators.
bool batch_accepts(const ByteArray<32>& bytes) {
  std::vector<ByteArray<32>> encodings(20, Element::generator().bytes());
  encodings[11] = bytes;
  std::vector<Point> points(encodings.size());
  std::vector<std::uint8_t> valid(encodings.size());
  (void)decode_batch_var(encodings, points, valid);
  EXPECT_EQ(std::ranges::count(valid, 1), 19 + valid[11]);
  return valid[11] == 1;
}

TEST(Rfc9496, MultiplesOfTheGenerator) {
  const auto rows = vectors("multiple");
  ASSERT_EQ(rows.size(), 16U);
  for (const auto& row : rows) {
    const Scalar n = Scalar::from_u64(std::stoull(row[1]));
    const ByteArray<32> expected = element_bytes(row[2]);
    EXPECT_EQ(base_mul(n).bytes(), expected);
    EXPECT_EQ(mul(n, Element::generator()).bytes(), expected);
    EXPECT_EQ(mul_var(n, Point::generator()).encode_var().bytes(), expected);
    EXPECT_EQ(Point::decode_var(expected).value().encode_var().bytes(), expected);
    EXPECT_TRUE(batch_accepts(expected));
  }
}

TEST(Rfc9496, BadEncodings) {
  const auto rows = vectors("bad");
  ASSERT_EQ(rows.size(), 29U);
  for (const auto& row : rows) {
    const ByteArray<32> bytes = element_bytes(row[1]);
    EXPECT_FALSE(Element::decode(bytes).has_value()) << row[1];
    EXPECT_FALSE(Point::decode_var(bytes).has_value()) << row[1];
    for (const CpuPath path : {CpuPath::portable, CpuPath::avx512_ifma}) {
      const CpuPath before = cpu_path();
      testing::use_cpu_path(path);
      EXPECT_FALSE(batch_accepts(bytes)) << row[1];
      testing::use_cpu_path(before);
    }
  }
}

TEST(Rfc9496, OneWayMap) {
  const auto rows = vectors("uniform");
  ASSERT_EQ(rows.size(), 7U);
  for (const auto& row : rows) {
    const auto uniform = base::array_from_hex<64>(row[1]).value();
    EXPECT_EQ(Element::from_uniform(uniform).bytes(), element_bytes(row[2]));
  }
}

}  // namespace
}  // namespace urna::group
