#include "crypto/key_file.hpp"

#include "base/errors.hpp"
#include "base/testing/scripted.hpp"
#include "crypto/errors.hpp"
#include "crypto/sha256.hpp"
#include "crypto/testing/cheap_key_files.hpp"

#include <gtest/gtest.h>

namespace urna::crypto {
namespace {

constexpr std::string_view kPassphrase = "correct horse battery";
const KeyFileCost kCheap = CheapKeyFiles::cost();

Bytes sample(KeyFileCost cost = kCheap) {
  base::testing::ScriptedRandom random(1);
  return seal_key_file(random, "signing", as_bytes("PUBLIC"), as_bytes("SECRET-KEY"),
                       as_bytes(kPassphrase), cost)
      .value();
}

ErrorKind open_error(ByteView file, std::string_view passphrase = kPassphrase,
                     std::string_view kind = "signing", KeyFileCost least = kCheap) {
  const auto opened = open_key_file(file, kind, as_bytes(passphrase), least);
  return opened.has_value() ? ErrorKind{0, "opened"} : opened.error().kind;
}

// The checksum is no secret: an attacker recomputes it after a change.
Bytes with_new_checksum(Bytes file) {
  file.resize(file.size() - 32);
  append(file, sha256(file));
  return file;
}

TEST(KeyFile, GivesBackWhatWasSealed) {
  const Bytes file = sample();
  const auto opened =
      open_key_file(file, "signing", as_bytes(kPassphrase), CheapKeyFiles::cost());
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(as_text(opened->expose()), "SECRET-KEY");
  const auto header = read_key_file_header(file);
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->kind, "signing");
  EXPECT_EQ(as_text(header->public_part), "PUBLIC");
  EXPECT_EQ(as_text(file).find("SECRET"), std::string_view::npos);
}

TEST(KeyFile, TellsAWrongPassphraseFromDamage) {
  const Bytes file = sample();
  EXPECT_EQ(open_error(file, "wrong horse battery"), errors::wrong_passphrase);
  EXPECT_EQ(open_error(file, ""), errors::wrong_passphrase);
  for (std::size_t bit = 0; bit < file.size() * 8; ++bit) {
    Bytes changed = file;
    changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1u << (bit % 8)));
    const ErrorKind kind = open_error(changed);
    EXPECT_TRUE(kind == errors::key_file_damaged || kind == errors::key_file_version)
        << bit << ": " << kind.title;
  }
  for (std::size_t length = 0; length < file.size(); ++length) {
    EXPECT_EQ(open_error(ByteView(file).first(length)), errors::key_file_damaged);
  }
  Bytes longer = file;
  longer.push_back(0);
  EXPECT_EQ(open_error(longer), errors::key_file_damaged);
}

// Whoever changes the clear part and repairs the checksum still cannot make the file
// open: the box key depends on every byte of the header.
TEST(KeyFile, DoesNotOpenWithAForgedHeader) {
  Bytes file = sample();
  const auto at = std::search(file.begin(), file.end(), as_bytes("PUBLIC").begin(),
                              as_bytes("PUBLIC").end());
  *at = 'p';
  EXPECT_EQ(open_error(with_new_checksum(file)), errors::wrong_passphrase);
}

TEST(KeyFile, RefusesAnotherKindVersionOrCost) {
  const Bytes file = sample();
  EXPECT_EQ(open_error(file, kPassphrase, "trustee"), errors::key_file_kind);
  EXPECT_EQ(open_error(file, kPassphrase, "signing", KeyFileCost::standard()),
            errors::key_file_cost);
  Bytes newer = file;
  newer[8] = 2;
  EXPECT_EQ(open_error(with_new_checksum(newer)), errors::key_file_version);
  Bytes greedy = file;
  greedy[8 + 4 + 4 + 7 + 4 + 3] = 0xff;  // the top byte of the memory asked for
  EXPECT_EQ(open_error(with_new_checksum(greedy)), errors::key_file_cost);
}

TEST(KeyFile, RefusesShortPassphrasesAndBrokenRandomness) {
  base::testing::ScriptedRandom random(1);
  const auto weak = seal_key_file(random, "signing", {}, as_bytes("S"),
                                  as_bytes("12345678901"), kCheap);
  ASSERT_FALSE(weak.has_value());
  EXPECT_EQ(weak.error().kind, errors::weak_passphrase);
  random.break_down();
  const auto broken = seal_key_file(random, "signing", {}, as_bytes("S"),
                                    as_bytes(kPassphrase), kCheap);
  ASSERT_FALSE(broken.has_value());
  EXPECT_EQ(broken.error().kind, base::errors::no_random);
}

TEST(KeyFile, OpensAtItsStandardCost) {
  const Bytes file = sample(KeyFileCost::standard());
  const auto opened = open_key_file(file, "signing", as_bytes(kPassphrase));
  EXPECT_TRUE(opened.has_value());
}

TEST(KeyFile, OneStretchOpensAndWritesManyFilesUnderOneSalt) {
  base::testing::ScriptedRandom random(7);
  const auto salt_of = [](const Bytes& file) {
    return to_bytes(ByteView(file).subspan(8 + 4 + 4 + 7 + 4 + 4, 16));
  };
  Stretch stretch(as_bytes(kPassphrase));
  const auto seal = [&](Stretch& with, std::string_view secret) {
    return seal_key_file(random, "signing", {}, as_bytes(secret), with,
                         CheapKeyFiles::cost())
        .value();
  };
  const Bytes first = seal(stretch, "FIRST");
  const Bytes second = seal(stretch, "SECOND");
  EXPECT_EQ(salt_of(first), salt_of(second));
  EXPECT_NE(first, seal(stretch, "FIRST"));  // never the same nonce
  Stretch other(as_bytes(kPassphrase));
  EXPECT_NE(salt_of(first), salt_of(seal(other, "FIRST")));
  for (const Bytes& file : {first, second}) {
    EXPECT_TRUE(open_key_file(file, "signing", other, CheapKeyFiles::cost()));
    EXPECT_TRUE(
        open_key_file(file, "signing", as_bytes(kPassphrase), CheapKeyFiles::cost()));
  }
}

TEST(KeyFile, NothingIsWrittenUnderTheSaltOfAFileThatDidNotOpen) {
  base::testing::ScriptedRandom random(7);
  const Bytes theirs = seal_key_file(random, "signing", {}, as_bytes("S"),
                                     as_bytes("somebody else's"), CheapKeyFiles::cost())
                           .value();
  Stretch stretch(as_bytes(kPassphrase));
  EXPECT_FALSE(open_key_file(theirs, "signing", stretch, CheapKeyFiles::cost()));
  const Bytes ours = seal_key_file(random, "signing", {}, as_bytes("S"), stretch,
                                   CheapKeyFiles::cost())
                         .value();
  EXPECT_NE(to_bytes(ByteView(ours).subspan(31, 16)),
            to_bytes(ByteView(theirs).subspan(31, 16)));
  EXPECT_TRUE(open_key_file(ours, "signing", stretch, CheapKeyFiles::cost()));
}

}  // namespace
}  // namespace urna::crypto
