// Station packages: what is written is what is read, and nothing else is read.
#include "ballot/package.hpp"

#include "ballot/code.hpp"
#include "ballot/errors.hpp"
#include "ballot/testing/sample.hpp"
#include "base/encoding.hpp"
#include "base/file.hpp"
#include "log/merkle.hpp"

#include <gtest/gtest.h>

namespace urna::ballot {
namespace {

crypto::SigningKey key_of(std::uint8_t seed) {
  return crypto::SigningKey::from_seed(ByteArray<32>{seed});
}

StationPackage content(std::uint64_t seed, int ballots) {
  testing::Sample world({{{2, 1}}}, seed);
  Box box{world.station, world.key, {}};
  for (int i = 0; i < ballots; ++i) {
    const Bytes bits = world.random_bits(world.style());
    auto sealed = world.seal_bits(bits);
    BoxBallot item{static_cast<Decision>(1 + i % 3), std::move(sealed.ballot), {}};
    if (item.decision == Decision::challenged) {
      item.opening =
          make_opening(sealed.seed, Choices::make(world.style(), bits).value());
    }
    box.ballots.push_back(std::move(item));
  }
  return {std::move(box), {}, {"sheet\n"}, "slip\n", "events\n", "certificate", {}};
}

TEST(Package, SortsComputesTheRootsSignsAndReadsBack) {
  const Bytes bytes = make_package(content(1, 7), key_of(1));
  const auto read = parse_package(bytes);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->encode(), bytes);
  EXPECT_EQ(read->roots, group_roots(read->box));
  EXPECT_EQ(check_box(read->box, 1, false)->faults.size(), 0U);
  log::TreeHasher cast;
  for (const BoxBallot& item : read->box.ballots) {
    if (item.decision == Decision::cast) cast.add(log::leaf_hash(item.ballot));
  }
  EXPECT_EQ(read->roots[0], cast.root());
  EXPECT_TRUE(package_signed_by(bytes, key_of(1).public_key()));
  EXPECT_FALSE(package_signed_by(bytes, key_of(2).public_key()));
}

TEST(Package, HasEmptyRootsForEmptyGroups) {
  const auto read = parse_package(make_package(content(2, 1), key_of(1)));
  ASSERT_TRUE(read);
  EXPECT_NE(read->roots[0], log::empty_root());
  EXPECT_EQ(read->roots[1], log::empty_root());
  EXPECT_EQ(read->roots[2], log::empty_root());
}

// Every byte is signed, so a flipped one is either refused or breaks the signature.
TEST(Package, LosesItsSignatureWithAnyFlippedByteAndIsRefusedWhenCut) {
  const Bytes bytes = make_package(content(3, 2), key_of(1));
  for (std::size_t i = 0; i < bytes.size(); i += 7) {
    Bytes flipped = bytes;
    flipped[i] ^= 1;
    const auto read = parse_package(flipped);
    if (read) {
      EXPECT_EQ(read->encode(), flipped) << i;
    }
    EXPECT_FALSE(package_signed_by(flipped, key_of(1).public_key())) << i;
    const auto cut = parse_package(ByteView(bytes).first(i));
    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error().kind, errors::bad_package);
  }
  Bytes longer = bytes;
  longer.push_back(0);
  EXPECT_FALSE(parse_package(longer));
}

TEST(Package, GivesItsBoxAndTakesAPlainBoxForRehearsals) {
  const StationPackage package = content(4, 3);
  Box sorted = package.box;
  sort_box(sorted);
  EXPECT_EQ(box_bytes(box_of(make_package(package, key_of(1))).value()),
            box_bytes(sorted));
  EXPECT_EQ(box_bytes(box_of(box_bytes(sorted)).value()), box_bytes(sorted));
  EXPECT_FALSE(box_of(as_bytes("neither")));
}

// docs/formats/station-package.md quotes an empty package of this station.
TEST(Package, IsTheExampleOfThePage) {
  const Bytes bytes = make_package(content(5, 0), key_of(1));
  base::RealFiles files;
  std::string page =
      base::read_text(files, URNA_SOURCE_DIR "/docs/formats/station-package.md")
          .value();
  std::erase_if(page, [](char c) { return c == ' ' || c == '\n'; });
  EXPECT_NE(page.find(base::to_hex(bytes)), std::string::npos) << base::to_hex(bytes);
}

}  // namespace
}  // namespace urna::ballot
