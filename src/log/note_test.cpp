#include "log/note.hpp"

#include "base/encoding.hpp"
#include "log/checkpoint.hpp"
#include "log/errors.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace urna::log {
namespace {

NoteSigner signer(std::string name, KeyType type, std::uint8_t seed) {
  ByteArray<32> bytes;
  bytes.fill(seed);
  return NoteSigner::make(std::move(name), type, crypto::SigningKey::from_seed(bytes))
      .value();
}

const std::string kText = "example.org/log\n3\n" + base::to_base64(Hash32{}) + "\n";

std::string signed_note(std::initializer_list<const NoteSigner*> signers,
                        std::string_view text = kText) {
  Note note{std::string(text), {}};
  for (const NoteSigner* s : signers) note.signatures.push_back(s->sign(text, 1000));
  return note.format();
}

// The examples of c2sp.org/signed-note and of Go's note package.
TEST(Note, PublishedExamples) {
  const struct {
    std::string_view key;
    std::string_view note;
  } examples[] = {
      {"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
       "This is an example message.\n\n\xE2\x80\x94 example.com/foo "
       "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuw"
       "HjG1Yu72IneyaQM=\n"},
      {"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
       "If you think cryptography is the answer to your problem,\n"
       "then you don't know what your problem is.\n\n\xE2\x80\x94 PeterNeumann "
       "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpR"
       "Zb6KE6RyyBwJnAM=\n"}};
  for (const auto& example : examples) {
    const VerifierKey key = VerifierKey::parse(example.key).value();
    const Note note = parse_note(example.note).value();
    EXPECT_EQ(note.format(), example.note);
    EXPECT_EQ(check_note(note, {&key, 1}).value().size(), 1U);
  }
}

TEST(Note, SignsAndChecks) {
  const NoteSigner log = signer("example.org/log", KeyType::ed25519, 1);
  const NoteSigner witness = signer("witness.org/w", KeyType::cosignature, 2);
  const NoteSigner stranger = signer("else.org/x", KeyType::ed25519, 3);
  const Note note = parse_note(signed_note({&log, &stranger, &witness, &log})).value();
  EXPECT_EQ(note.signatures.size(), 4U);
  const VerifierKey known[] = {log.verifier(), witness.verifier()};
  const auto found = check_note(note, known).value();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].key, log.verifier());
  EXPECT_FALSE(found[0].time.has_value());
  EXPECT_EQ(found[1].time, 1000U);
}

TEST(Note, EveryFlippedBitIsNoticed) {
  const NoteSigner log = signer("example.org/log", KeyType::ed25519, 1);
  const NoteSigner witness = signer("witness.org/w", KeyType::cosignature, 2);
  const VerifierKey known[] = {log.verifier(), witness.verifier()};
  const std::string good = signed_note({&log, &witness});
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
    const auto note = parse_note(bad);
    if (!note) continue;
    const auto found = check_note(*note, known);
    // A changed name or key id makes the line one of a stranger.
    EXPECT_TRUE(!found || found->size() < 2) << bit;
  }
}

TEST(Note, TextMayHaveEmptyLines) {
  const NoteSigner log = signer("example.org/log", KeyType::ed25519, 1);
  const std::string text = "a\n\nb\n";
  const Note note = parse_note(signed_note({&log}, text)).value();
  EXPECT_EQ(note.text, text);
}

TEST(Note, RefusesOtherShapes) {
  const NoteSigner log = signer("example.org/log", KeyType::ed25519, 1);
  const std::string line = log.sign("a\n").line();
  for (const std::string& bad :
       {std::string(), std::string("a"), std::string("a\n"), std::string("a\n\n"),
        "a\n" + line, "a\n\n" + line + "x", "a\r\n\n" + line, "a\n\n" + line + "\n",
        "a\0b\n\n" + line, "a\t\n\n" + line, "\xFF\n\n" + line,
        std::string("a\n\n\xE2\x80\x94 x\n"), std::string("a\n\n- x AAAAAAAA\n"),
        std::string("a\n\n\xE2\x80\x94 x AAAA\n"),
        std::string("a\n\n\xE2\x80\x94 x+y AAAAAAAA\n"),
        std::string("a\n\n\xE2\x80\x94 x AAAAAAAA \n"),
        std::string(100'001, 'a') + "\n\n" + line}) {
    const auto note = parse_note(bad);
    ASSERT_FALSE(note.has_value()) << bad.substr(0, 60);
    EXPECT_EQ(note.error().kind, errors::bad_note);
  }
  std::string many = "a\n\n";
  for (int i = 0; i < 17; ++i) many += line;
  EXPECT_TRUE(parse_note(many).has_value());
}

TEST(VerifierKey, HasOneSpelling) {
  const std::string good = signer("a.org/w", KeyType::cosignature, 2).verifier().text();
  EXPECT_EQ(VerifierKey::parse(good).value().text(), good);
  std::string wrong_id = good;
  wrong_id[8] = wrong_id[8] == '0' ? '1' : '0';
  std::string upper = good;
  for (std::size_t i = 8; i < 16; ++i) {
    if (upper[i] >= 'a' && upper[i] <= 'f') upper[i] = static_cast<char>(upper[i] - 32);
  }
  for (const std::string& bad : {wrong_id, upper + "=", good + "\n", std::string("a+b"),
                                 std::string("+00000000+AQ=="), good.substr(1)}) {
    EXPECT_FALSE(VerifierKey::parse(bad).has_value()) << bad;
  }
  const crypto::PublicKey key = signer("x", KeyType::ed25519, 1).verifier().key();
  for (const char* name : {"", "a b", "a+b",
                           "a\xC2\xA0"
                           "b",
                           "a\nb", "\xFF"}) {
    EXPECT_EQ(VerifierKey::make(name, KeyType::ed25519, key).error().kind,
              errors::bad_key_name);
  }
}

TEST(Checkpoint, HasOneSpelling) {
  const Checkpoint checkpoint{"example.org/log", 3, Hash32{}, {}};
  EXPECT_EQ(checkpoint.text(), kText);
  EXPECT_EQ(parse_checkpoint(kText).value(), checkpoint);
  const std::string root = base::to_base64(Hash32{});
  EXPECT_EQ(parse_checkpoint("o\n0\n" + root + "\nmore\n").value().extensions.size(),
            1U);
  for (const std::string& bad :
       {std::string(), std::string("o\n"), "o\n3\n" + root, "o\n03\n" + root + "\n",
        "o\n-1\n" + root + "\n", "o\n9223372036854775808\n" + root + "\n",
        "\n3\n" + root + "\n", "o\n3\n" + root.substr(4) + "\n",
        "o\n3\n" + base::to_base64(Bytes(31)) + "\n",
        "o\n3\n" + base::to_base64(Bytes(33)) + "\n", "o\n3\n" + root + "\n\n",
        "o\n3 \n" + root + "\n"}) {
    EXPECT_EQ(parse_checkpoint(bad).error().kind, errors::bad_checkpoint) << bad;
  }
}

TEST(Checkpoint, OpensOnlyUnderItsOwnLog) {
  const NoteSigner log = signer("example.org/log", KeyType::ed25519, 1);
  const NoteSigner other = signer("else.org/log", KeyType::ed25519, 1);
  const std::string note = signed_note({&log});
  EXPECT_TRUE(open_checkpoint(note, log.verifier()).has_value());
  EXPECT_EQ(open_checkpoint(note, other.verifier()).error().kind,
            errors::unsigned_note);
  EXPECT_EQ(open_checkpoint(signed_note({&other}), other.verifier()).error().kind,
            errors::bad_checkpoint);
}

}  // namespace
}  // namespace urna::log
