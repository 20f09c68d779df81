// The worked examples of docs/formats/machine-package.md, vote-store.md and slips.md:
// the pages show exactly the bytes and texts that this room writes.
#include "base/binary.hpp"
#include "base/encoding.hpp"
#include "crypto/secret_box.hpp"
#include "machine/setup.hpp"
#include "machine/slips.hpp"
#include "machine/testing/world.hpp"

#include <gtest/gtest.h>

namespace urna::machine {
namespace {

std::string page(const std::string& name) {
  base::RealFiles files;
  return base::read_text(files, URNA_SOURCE_DIR "/docs/formats/" + name).value();
}

// Hexadecimal lines of the page, whatever their length.
void expect_shown(const std::string& name, ByteView bytes) {
  std::string text = page(name);
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
  EXPECT_NE(text.find(base::to_hex(bytes)), std::string::npos) << name << " lacks\n"
                                                               << base::to_hex(bytes);
}

TEST(FormatPages, ShowAMachinePackage) {
  SetupContent c;
  c.issue = 7;
  c.definition.files = {{"election.json", "{}\n"}};
  c.station = "N01";
  c.segment = 1;
  c.registered = 410;
  c.election_hash = Hash32{2};
  c.joint_key = ByteArray<32>{3};
  c.closing_key = ByteArray<32>{4};
  c.tokens = {{Hash32{5}, 1}};
  for (const std::uint8_t seed : {std::uint8_t{6}, std::uint8_t{7}}) {
    c.officials.push_back(
        {seed == 6 ? "PRESIDENT" : "SECRETARY", seed == 6 ? "V-1" : "V-2",
         crypto::SigningKey::from_seed(ByteArray<32>{seed}).public_key()});
  }
  c.voice = {{"en", "Yes", Bytes{'R', 'I', 'F', 'F'}}};
  expect_shown("machine-package.md",
               make_setup(c, crypto::SigningKey::from_seed(ByteArray<32>{1})));
}

TEST(FormatPages, ShowTheHeaderAndACellOfAVoteStore) {
  base::testing::ScriptedFiles files;
  base::testing::ScriptedRandom random(1);
  const StoreShape shape{2, 3, 4, 500, 60, 80};
  ASSERT_TRUE(VoteStore::create(files, random, "votes", shape));
  // The id is random: the page shows what stands around it.
  const Bytes header = base::read_file(files, "votes/header").value();
  ASSERT_EQ(header.size(), 12u + 32u + 24u);
  expect_shown("vote-store.md", ByteView(header).first(12));
  expect_shown("vote-store.md", ByteView(header).last(24));

  const Bytes name = base::from_hex("02" + std::string(62, '0') + "06000000" +
                                    base::to_hex(as_bytes("tokens")))
                         .value();
  const SlotKey key = std::make_shared<const crypto::SecretBytes>(
      crypto::SecretBytes::copy_of(Bytes(32, std::uint8_t{1})));
  ASSERT_TRUE(SlotArray::create(files, random, "tokens", {1, 0, 0}));
  auto tokens = SlotArray::open(files, random, "tokens", name, {1, 0, 0}, key);
  ASSERT_TRUE(tokens);
  ASSERT_TRUE(tokens->put(0, 1, {}));
  ASSERT_TRUE(tokens->change(0, 2, {}));
  const Bytes file = base::read_file(files, "tokens").value();
  ASSERT_EQ(file.size(), 1024u);
  expect_shown("vote-store.md", ByteView(file).last(512));
  // And what stands on the page opens as the page says.
  base::Writer context;
  context.text("urna-slot-1");
  context.var_bytes(name);
  context.u32(0);
  context.u8(1);
  expect_shown("vote-store.md", context.view());
  const auto message = crypto::open_secret_box(
      key->expose().first<32>(), context.view(), ByteView(file).last(512));
  ASSERT_TRUE(message);
  Bytes expected(512 - crypto::kSecretBoxOverhead);
  expected[0] = expected[1] = 2;
  EXPECT_EQ(*message, expected);
}

TEST(FormatPages, ShowTheCodesOnAVotersPaper) {
  const testing::World world;
  const Hash32 code{3};
  const std::string text = page("slips.md");
  for (const std::string& shown :
       {receipt_code(world.station, code, world.device),
        cast_code(world.station, code, world.device),
        opening_code(world.station, code, Bytes{1, 2, 3, 4, 5})}) {
    EXPECT_NE(text.find("    " + shown + "\n"), std::string::npos) << shown;
  }
}

}  // namespace
}  // namespace urna::machine
