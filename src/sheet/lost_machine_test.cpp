// The declaration that a machine is lost: every byte of it counts, and the format page
// shows one.
#include "sheet/lost_machine.hpp"

#include "base/encoding.hpp"
#include "base/file.hpp"
#include "sheet/errors.hpp"

#include <array>

#include <gtest/gtest.h>

namespace urna::sheet {
namespace {

const auto kPresident = crypto::SigningKey::from_seed(ByteArray<32>{3});
const auto kSecretary = crypto::SigningKey::from_seed(ByteArray<32>{4});
const Hash32 kDefinition{2};

Bytes example() {
  const std::array declarants{Declarant{"PRESIDENT", &kPresident},
                              Declarant{"SECRETARY", &kSecretary}};
  return declare_lost(kDefinition, "N01", 1, declarants);
}

std::vector<TrustedOfficial> officials() {
  return {{"", "PRESIDENT", kPresident.public_key()},
          {"N01", "SECRETARY", kSecretary.public_key()}};
}

TEST(LostMachine, IsReadAndCheckedAndNoByteCanChange) {
  const Bytes good = example();
  const auto lost = read_lost_machine(good);
  ASSERT_TRUE(lost) << lost.error().text();
  EXPECT_TRUE(check_lost_machine(*lost, kDefinition, "N01", 1, officials()));
  for (std::size_t at = 0; at < good.size(); ++at) {
    Bytes changed = good;
    changed[at] ^= 1;
    const auto read = read_lost_machine(changed);
    EXPECT_FALSE(read && check_lost_machine(*read, kDefinition, "N01", 1, officials()))
        << at;
    EXPECT_FALSE(read_lost_machine(ByteView(good).first(at))) << at;
  }
  Bytes longer = good;
  longer.push_back(0);
  EXPECT_EQ(read_lost_machine(longer).error().kind, errors::bad_lost_machine);
}

TEST(LostMachine, IsAboutOneMachineAndByTwoPeopleOfTheElection) {
  const auto lost = read_lost_machine(example()).value();
  const auto trusted = officials();
  const auto kind = [&](const Hash32& definition, std::string_view station,
                        std::uint32_t segment) {
    return check_lost_machine(lost, definition, station, segment, trusted).error().kind;
  };
  EXPECT_EQ(kind(Hash32{9}, "N01", 1), errors::bad_lost_machine);
  EXPECT_EQ(kind(kDefinition, "N02", 1), errors::bad_lost_machine);
  EXPECT_EQ(kind(kDefinition, "N01", 2), errors::bad_lost_machine);
  const std::vector<TrustedOfficial> one{trusted[0]};
  EXPECT_EQ(check_lost_machine(lost, kDefinition, "N01", 1, one).error().kind,
            errors::wrong_certificate);
  const std::array same{Declarant{"PRESIDENT", &kPresident},
                        Declarant{"PRESIDENT", &kPresident}};
  const auto twice = read_lost_machine(declare_lost(kDefinition, "N01", 1, same));
  EXPECT_EQ(check_lost_machine(*twice, kDefinition, "N01", 1, trusted).error().kind,
            errors::same_signer);
}

TEST(LostMachine, TheFormatPageShowsOne) {
  base::RealFiles files;
  std::string page =
      base::read_text(files, URNA_SOURCE_DIR "/docs/formats/handover.md").value();
  std::erase_if(page, [](char c) { return c == ' ' || c == '\n'; });
  EXPECT_NE(page.find(base::to_hex(example())), std::string::npos)
      << base::to_hex(example());
}

}  // namespace
}  // namespace urna::sheet
