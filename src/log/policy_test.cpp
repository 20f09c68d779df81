#include "log/policy.hpp"

#include "log/errors.hpp"
#include "log/receipt.hpp"
#include "log/testing/made_log.hpp"

#include <array>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace urna::log {
namespace {

using testing::MadeLog;
using testing::make_log;
using testing::test_entries;
using testing::test_signer;

const NoteSigner kLog = test_signer("example.org/log", KeyType::ed25519, 1);
const NoteSigner kA = test_signer("a.example", KeyType::cosignature, 2);
const NoteSigner kB = test_signer("b.example", KeyType::cosignature, 3);
const NoteSigner kC = test_signer("c.example", KeyType::cosignature, 4);
const NoteSigner kU = test_signer("u.example", KeyType::cosignature, 5);

// Two of three parties and any university, as docs/formats/log-policy.md shows.
std::string policy_text() {
  return fmt::format(
      "# who must have signed\n"
      "log {}\n\n"
      "witness A {} https://a.example/witness\n"
      "witness B {}\n"
      "witness C {}\n"
      "group parties 2 A B C\n"
      "witness U {}\n"
      "group universities any U\n"
      "group both all parties universities\n"
      "quorum both\n",
      kLog.verifier().text(), kA.verifier().text(), kB.verifier().text(),
      kC.verifier().text(), kU.verifier().text());
}

std::string note_by(const std::vector<const NoteSigner*>& witnesses) {
  return make_log(test_entries(3), kLog, witnesses).note;
}

TEST(Policy, CountsGroupsOfWitnesses) {
  const Policy policy = Policy::parse(policy_text()).value();
  EXPECT_EQ(policy.witnesses()[0].url, "https://a.example/witness");
  EXPECT_TRUE(policy.check(note_by({&kA, &kB, &kU})).has_value());
  EXPECT_TRUE(policy.check(note_by({&kU, &kC, &kB, &kA})).has_value());
  const auto kind = [&](const std::vector<const NoteSigner*>& witnesses) {
    return policy.check(note_by(witnesses)).error().kind;
  };
  EXPECT_EQ(kind({}), errors::quorum_missing);
  EXPECT_EQ(kind({&kA, &kB, &kC}), errors::quorum_missing);
  EXPECT_EQ(kind({&kA, &kU}), errors::quorum_missing);
  EXPECT_EQ(kind({&kA, &kA, &kU}), errors::quorum_missing);
  const auto signers = policy.check(note_by({&kA, &kB, &kU})).value().witnesses;
  EXPECT_EQ(signers, (std::vector<std::string>{"A", "B", "U"}));
}

TEST(Policy, RefusesFalseAndForeignSignatures) {
  const Policy policy = Policy::parse(policy_text()).value();
  const MadeLog other = make_log(
      test_entries(3), test_signer("example.org/log", KeyType::ed25519, 9), {&kA, &kB});
  EXPECT_EQ(policy.check(other.note).error().kind, errors::unsigned_note);
  const MadeLog elsewhere = make_log(
      test_entries(3), test_signer("example.org/x", KeyType::ed25519, 1), {&kA, &kB});
  EXPECT_EQ(policy.check(elsewhere.note).error().kind, errors::unsigned_note);
  // A known witness's line that belongs to another checkpoint.
  Note note = parse_note(note_by({&kA, &kB})).value();
  note.signatures.push_back(kU.sign(make_log(test_entries(4), kLog).checkpoint.text()));
  EXPECT_EQ(policy.check(note.format()).error().kind, errors::bad_note_signature);
}

TEST(Policy, RefusesAFalseLineOfAnyKeyOfTheLog) {
  const NoteSigner other = test_signer("example.org/log", KeyType::ed25519, 9);
  const Policy policy = Policy::parse("log " + kLog.verifier().text() + "\nlog " +
                                      other.verifier().text() + "\nquorum none\n")
                            .value();
  EXPECT_TRUE(policy.check(note_by({})).has_value());
  Note note = parse_note(note_by({})).value();
  note.signatures.push_back(
      other.sign(make_log(test_entries(4), kLog).checkpoint.text()));
  EXPECT_EQ(policy.check(note.format()).error().kind, errors::bad_note_signature);
}

TEST(Policy, OfSoManyWitnesses) {
  const std::array witnesses{kA.verifier(), kB.verifier(), kU.verifier()};
  const auto accepts = [&](std::uint32_t quorum,
                           const std::vector<const NoteSigner*>& signers) {
    return Policy::witnessed(kLog.verifier(), witnesses, quorum)
        ->check(note_by(signers))
        .has_value();
  };
  EXPECT_TRUE(accepts(2, {&kA, &kU}));
  EXPECT_FALSE(accepts(2, {&kA}));
  EXPECT_FALSE(accepts(3, {&kA, &kU}));
  for (const std::uint32_t quorum : {0U, 4U}) {
    EXPECT_EQ(Policy::witnessed(kLog.verifier(), witnesses, quorum).error().kind,
              errors::bad_policy);
  }
  const std::array twice{kA.verifier(), kA.verifier()};
  EXPECT_EQ(Policy::witnessed(kLog.verifier(), twice, 1).error().kind,
            errors::bad_policy);
}

TEST(Policy, LogAloneAndNone) {
  EXPECT_TRUE(Policy::log_alone(kLog.verifier()).check(note_by({})).has_value());
  const auto none =
      Policy::parse("log " + kLog.verifier().text() + "\nquorum none\n").value();
  EXPECT_FALSE(none.needs_witnesses());
  EXPECT_TRUE(none.check(note_by({&kA})).has_value());
}

TEST(Policy, EveryMistakeIsNamedWithItsLine) {
  const std::string a = kA.verifier().text();
  const std::string b = kB.verifier().text();
  const std::string log = kLog.verifier().text();
  const std::string bad[] = {
      "",
      "quorum A\n",
      "quorum none",
      "quorum none\nquorum none\n",
      "quorum none none\n",
      "nonsense\nquorum none\n",
      "log " + a + "\nquorum none\n",
      "log x\nquorum none\n",
      "log " + log + "\nlog " + log + "\nquorum none\n",
      "witness A " + log + "\nquorum A\n",
      "witness A " + a + "\nwitness A " + b + "\nquorum A\n",
      "witness A " + a + "\nwitness B " + a + "\nquorum A\n",
      "witness none " + a + "\nquorum none\n",
      "witness A " + a + "\ngroup G 0 A\nquorum G\n",
      "witness A " + a + "\ngroup G 2 A\nquorum G\n",
      "witness A " + a + "\ngroup G 01 A\nquorum G\n",
      "witness A " + a + "\ngroup G any\nquorum G\n",
      "witness A " + a + "\ngroup G any A A\nquorum G\n",
      "witness A " + a + "\ngroup G any A\ngroup H any A\nquorum H\n",
      "group G any G\nquorum G\n",
      "group G any none\nquorum G\n",
      "witness A " + a + "\r\nquorum A\n",
      std::string("quorum none\n#\0\n", 15),
  };
  for (const std::string& text : bad) {
    EXPECT_EQ(Policy::parse(text).error().kind, errors::bad_policy) << text;
  }
  EXPECT_TRUE(Policy::parse("\t # x\n \n\tquorum\t none \n").has_value());
}

TEST(Receipt, ProvesEveryEntryAndNothingElse) {
  const Policy policy = Policy::parse(policy_text()).value();
  const auto entries = test_entries(300);
  const MadeLog log = make_log(entries, kLog, {&kA, &kB, &kU});
  const TileReader tiles = [&](const TileId& id) -> Result<Bytes> {
    return log.files.at(id.path());
  };
  for (std::size_t i = 0; i < entries.size(); i += 13) {
    const Receipt made = make_receipt(tiles, log.note, i).value();
    const Receipt receipt = parse_receipt(made.text()).value();
    EXPECT_EQ(receipt.text(), made.text());
    EXPECT_TRUE(check_receipt(receipt, entries[i], policy).has_value());
    EXPECT_EQ(check_receipt(receipt, entries[(i + 1) % 300], policy).error().kind,
              errors::bad_proof);
  }
  EXPECT_EQ(make_receipt(tiles, log.note, 300).error().kind, errors::bad_receipt);
}

TEST(Receipt, EveryFlippedByteIsRefusedOrChangesNothing) {
  const Policy policy = Policy::parse(policy_text()).value();
  const auto entries = test_entries(5);
  const MadeLog log = make_log(entries, kLog, {&kA, &kB, &kU});
  const TileReader tiles = [&](const TileId& id) -> Result<Bytes> {
    return log.files.at(id.path());
  };
  const std::string good = make_receipt(tiles, log.note, 2).value().text();
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    const auto receipt = parse_receipt(bad);
    EXPECT_FALSE(receipt && check_receipt(*receipt, entries[2], policy)) << at;
    EXPECT_FALSE(parse_receipt(good.substr(0, at)) &&
                 check_receipt(*parse_receipt(good.substr(0, at)), entries[2], policy));
  }
}

TEST(Receipt, LimitsOfItsParts) {
  const MadeLog log = make_log(test_entries(1), kLog);
  Receipt receipt{{}, 0, std::vector<Hash32>(63), log.note};
  EXPECT_TRUE(parse_receipt(receipt.text()).has_value());
  receipt.proof.push_back({});
  EXPECT_EQ(parse_receipt(receipt.text()).error().kind, errors::bad_receipt);
  receipt.proof.clear();
  receipt.extra = Bytes{1, 2, 3};
  EXPECT_EQ(parse_receipt(receipt.text()).value().extra, receipt.extra);
  for (const char* bad : {"index 01\n", "index -1\n", "index 9223372036854775808\n",
                          "index \n", "index 0\nAAAA\n", "extra !\nindex 0\n"}) {
    const std::string text =
        "c2sp.org/tlog-proof@v1\n" + std::string(bad) + "\n" + log.note;
    EXPECT_EQ(parse_receipt(text).error().kind, errors::bad_receipt) << bad;
  }
}

}  // namespace
}  // namespace urna::log
