#include "base/errors.hpp"
#include "trustees/errors.hpp"
#include "trustees/testing/station.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace urna::trustees {
namespace {

using testing::Ceremony;
using ::testing::HasSubstr;
using testing::Witnesses;

const std::vector<std::vector<std::uint64_t>> kTotals = {
    {0, 1, 299, 600, 0}, {}, {17, 583, 5}};

struct Night {
  explicit Night(std::uint32_t n = 5, std::uint32_t k = 3)
      : ceremony(n, k), key(ceremony.key()) {
    sums = testing::sums_of(random, key.key(), kTotals, 600);
  }
  [[nodiscard]] DecryptionDesk desk(std::uint32_t l) {
    return desk(l, witnesses.policy());
  }
  [[nodiscard]] DecryptionDesk desk(std::uint32_t l, log::Policy policy) {
    return DecryptionDesk::open(ceremony.person(l).files, random, "private/ledger", key,
                                ceremony.share(l),
                                testing::keys_from_seed(ceremony.person(l).seed),
                                std::move(policy), {authority.public_key()})
        .value();
  }
  [[nodiscard]] Result<Partial> decrypt(std::uint32_t l) {
    return desk(l).decrypt(sums, witnesses.receipt(package_entry(sums)), nullptr);
  }
  [[nodiscard]] NamedFile file(std::uint32_t l) {
    return {fmt::format("partial-{}", l), decrypt(l).value().encode()};
  }
  [[nodiscard]] Combination combine(const std::vector<NamedFile>& files) {
    return combine_partials(key, totals_log(key, 16), sums, files);
  }
  // The same bytes under trustee l's signature: what a cheating trustee can make.
  [[nodiscard]] NamedFile resigned(std::uint32_t l, const Partial& partial) {
    Bytes bytes = partial.encode();
    bytes.resize(bytes.size() - 64);
    const TrusteeKeys keys = testing::keys_from_seed(ceremony.person(l).seed);
    append(bytes, keys.signing.sign("decryption", bytes));
    return {fmt::format("partial-{}", l), bytes};
  }

  Ceremony ceremony;
  ElectionKey key;
  base::testing::ScriptedRandom random{9};
  Witnesses witnesses;
  crypto::SigningKey authority = crypto::SigningKey::from_seed(ByteArray<32>{55});
  StationSums sums;
};

void expect_totals(const Combination& combination) {
  ASSERT_TRUE(combination.totals.has_value());
  for (std::size_t c = 0; c < kTotals.size(); ++c) {
    const auto& fields = combination.totals->contests[c].fields;
    const std::vector<std::uint64_t> none(2);
    EXPECT_EQ(fields, kTotals[c].empty() ? none : kTotals[c]);
  }
}

TEST(Decryption, EveryKOfNGiveTheTotalsAndEveryFewerDoNot) {
  Night night;
  std::vector<NamedFile> all;
  for (std::uint32_t l = 1; l <= 5; ++l) all.push_back(night.file(l));
  for (unsigned subset = 0; subset < 32; ++subset) {
    std::vector<NamedFile> files;
    for (unsigned i = 0; i < 5; ++i) {
      if (subset >> i & 1) files.push_back(all[i]);
    }
    const Combination combination = night.combine(files);
    EXPECT_TRUE(combination.faults.empty());
    if (files.size() >= 3) {
      expect_totals(combination);
      EXPECT_EQ(combination.totals->used.size(), 3u);
    } else {
      ASSERT_TRUE(combination.error.has_value());
      EXPECT_EQ(combination.error->kind, errors::too_few);
      EXPECT_FALSE(combination.totals.has_value());
    }
  }
}

// Two decryptions by one trustee are one: they do not stand in for a missing trustee.
TEST(Decryption, OneTrusteeCountsOnce) {
  Night night(3, 2);
  const Combination combination = night.combine({night.file(1), night.file(1)});
  ASSERT_TRUE(combination.error.has_value());
  EXPECT_EQ(combination.error->kind, errors::too_few);
}

TEST(Decryption, AWrongShareIsNamedAndDoesNotBlockTheOthers) {
  Night night;
  std::vector<NamedFile> files;
  for (std::uint32_t l = 2; l <= 4; ++l) files.push_back(night.file(l));
  const Partial good = night.decrypt(1).value();
  for (std::size_t f = 0; f < good.share.shares.size(); ++f) {
    Partial wrong = good;
    wrong.share.shares[f] = wrong.share.shares[f] + Element::generator();
    std::vector<NamedFile> with_wrong = files;
    with_wrong.push_back(night.resigned(1, wrong));
    const Combination combination = night.combine(with_wrong);
    expect_totals(combination);
    ASSERT_EQ(combination.faults.size(), 1u);
    EXPECT_EQ(combination.faults[0].kind, errors::partial_proof);
    EXPECT_EQ(combination.faults[0].trustee, 1u);
    EXPECT_THAT(combination.faults[0].text, HasSubstr("Trustee A"));
  }
}

// Two wrong shares whose errors cancel in the plain sum: the weights catch them.
TEST(Decryption, ErrorsThatCancelAreCaught) {
  Night night;
  Partial wrong = night.decrypt(1).value();
  wrong.share.shares[0] = wrong.share.shares[0] + Element::generator();
  wrong.share.shares[1] = wrong.share.shares[1] - Element::generator();
  const auto decoded = Partial::decode(night.resigned(1, wrong).bytes).value();
  const auto checked = check_partial(night.key, night.sums, decoded);
  ASSERT_FALSE(checked.has_value());
  EXPECT_EQ(checked.error().kind, errors::partial_proof);
}

TEST(Decryption, EveryChangedByteIsRefused) {
  Night night(3, 2);
  const Bytes bytes = night.file(1).bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    Bytes changed = bytes;
    changed[i] ^= static_cast<std::uint8_t>(1u << (i % 8));
    const Combination combination = night.combine({{"changed", changed}});
    ASSERT_EQ(combination.faults.size(), 1u) << i;
    EXPECT_EQ(combination.faults[0].trustee, 0u) << "nobody signed this: " << i;
  }
}

// One row for every public input of the proof: with it changed, the proof fails.
TEST(Decryption, TheProofHoldsForItsWholeStatementOnly) {
  Night night(3, 2);
  const Partial partial = night.decrypt(1).value();
  const auto statement = statement_of(night.key.election_hash(), night.sums).value();
  const Element z = night.key.public_share(1);
  ASSERT_TRUE(decryption_holds<R>(statement, partial.share, z));
  const Element g = Element::generator();
  struct Row {
    const char* what;
    std::function<void(DecryptionStatement<R>&, DecryptionShare<R>&, Element&)> change;
  };
  const Row rows[] = {
      {"election", [](auto& s, auto&, auto&) { s.election_hash[5] ^= 1; }},
      {"station", [](auto& s, auto&, auto&) { s.station = "0102"; }},
      {"package", [](auto& s, auto&, auto&) { s.package[31] ^= 1; }},
      {"trustee", [](auto&, auto& d, auto&) { d.trustee = 2; }},
      {"public share", [&](auto&, auto&, auto& p) { p = p + g; }},
      {"alpha", [&](auto& s, auto&, auto&) { s.fields[3].alpha += g; }},
      {"beta", [&](auto& s, auto&, auto&) { s.fields[7].beta += g; }},
      {"order of fields",
       [](auto& s, auto&, auto&) { std::swap(s.fields[0], s.fields[1]); }},
      {"a field less",
       [](auto& s, auto& d, auto&) {
         s.fields.pop_back();
         d.shares.pop_back();
       }},
      {"M", [&](auto&, auto& d, auto&) { d.shares[2] += g; }},
      {"first commitment", [&](auto&, auto& d, auto&) { d.proof.commitment_g += g; }},
      {"second commitment",
       [&](auto&, auto& d, auto&) { d.proof.commitment_alpha += g; }},
      {"response",
       [](auto&, auto& d, auto&) { d.proof.response += Scalar::from_u64(1); }},
  };
  for (const Row& row : rows) {
    auto changed_statement = statement;
    auto changed_share = partial.share;
    Element changed_z = z;
    row.change(changed_statement, changed_share, changed_z);
    EXPECT_FALSE(decryption_holds<R>(changed_statement, changed_share, changed_z))
        << row.what;
  }
}

TEST(Decryption, AFileForAnotherPackageIsNamed) {
  Night night(3, 2);
  const NamedFile file = night.file(1);
  night.sums.package[0] ^= 1;
  const Combination combination = night.combine({file});
  ASSERT_EQ(combination.faults.size(), 1u);
  EXPECT_EQ(combination.faults[0].kind, errors::other_package);
  EXPECT_EQ(combination.faults[0].trustee, 1u);
}

TEST(Decryption, ATotalAboveTheBallotsIsNotATotal) {
  Night night(3, 2);
  night.sums.contests[0].ballots = 599;  // one total is 600
  const Combination combination = night.combine({night.file(1), night.file(2)});
  ASSERT_TRUE(combination.error.has_value());
  EXPECT_EQ(combination.error->kind, errors::no_total);
}

// What an official may do, and what an oracle would: see decryption_desk.hpp.
TEST(Oracle, DecryptsOnePackageForAStationAndNoOther) {
  Night night(3, 2);
  ASSERT_TRUE(night.decrypt(1).has_value());
  ASSERT_TRUE(night.decrypt(1).has_value()) << "the same package again is harmless";
  StationSums corrected = night.sums;
  corrected.package[0] ^= 1;
  const auto second = night.desk(1).decrypt(
      corrected, night.witnesses.receipt(package_entry(corrected)), nullptr);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().kind, errors::second_package);
  // Not by declaring one more segment either, nor after a restart of the program.
  corrected.segments = {0, 1};
  const auto wider = night.desk(1).decrypt(
      corrected, night.witnesses.receipt(package_entry(corrected)), nullptr);
  ASSERT_FALSE(wider.has_value());
  EXPECT_EQ(wider.error().kind, errors::second_package);
  // Another segment alone is another set of ballots.
  corrected.segments = {1};
  EXPECT_TRUE(night.desk(1)
                  .decrypt(corrected, night.witnesses.receipt(package_entry(corrected)),
                           nullptr)
                  .has_value());
}

TEST(Oracle, DecryptsNothingThatTheWorldDoesNotSee) {
  Night night(3, 2);
  const auto refuses = [&](const log::Receipt& receipt, const log::Policy& policy) {
    const auto partial = night.desk(1, policy).decrypt(night.sums, receipt, nullptr);
    return !partial.has_value() && partial.error().kind == errors::not_witnessed;
  };
  const auto& witnesses = night.witnesses;
  const Bytes entry = package_entry(night.sums);
  EXPECT_TRUE(refuses({}, witnesses.policy()));
  EXPECT_TRUE(refuses(witnesses.receipt(entry, 1), witnesses.policy()));
  EXPECT_TRUE(refuses(witnesses.receipt(entry), witnesses.policy(3)));
  EXPECT_TRUE(refuses(witnesses.receipt(entry), witnesses.log_alone()));
  EXPECT_TRUE(refuses(witnesses.receipt(Hash32{1}), witnesses.policy()));
  log::Receipt tampered = witnesses.receipt(entry);
  tampered.checkpoint[20] ^= 1;
  EXPECT_TRUE(refuses(tampered, witnesses.policy()));
  // Nothing was recorded by the refusals.
  EXPECT_TRUE(night.decrypt(1).has_value());
}

TEST(Oracle, DecryptsWithExcludedBallotsOnlyByDecision) {
  Night night(3, 2);
  night.sums.excluded = {Hash32{1}, Hash32{2}};
  const log::Receipt seen = night.witnesses.receipt(package_entry(night.sums));
  const auto refused_as = [&](const Decision* decision) {
    const auto partial = night.desk(1).decrypt(night.sums, seen, decision);
    return partial.has_value() ? ErrorKind{0, "decrypted"} : partial.error().kind;
  };
  const auto decide = [&](std::vector<Hash32> codes, const crypto::SigningKey& key) {
    return Decision::sign(night.key.election_hash(), night.sums.station,
                          night.sums.package, std::move(codes), "two proofs fail", key);
  };
  EXPECT_EQ(refused_as(nullptr), errors::excluded_ballots);
  const Decision too_few = decide({Hash32{1}}, night.authority);
  EXPECT_EQ(refused_as(&too_few), errors::bad_decision);
  const Decision stranger =
      decide({Hash32{1}, Hash32{2}}, crypto::SigningKey::from_seed(ByteArray<32>{56}));
  EXPECT_EQ(refused_as(&stranger), errors::bad_decision);
  const Decision good = decide({Hash32{2}, Hash32{1}}, night.authority);
  EXPECT_EQ(Decision::decode(good.encode())->encode(), good.encode());
  EXPECT_EQ(refused_as(&good).number, 0);
  night.sums.excluded.clear();
  EXPECT_EQ(refused_as(&good), errors::bad_decision);
}

TEST(Decision, IsRefusedWithAnyByteChanged) {
  const Bytes bytes = Decision::sign(Hash32{1}, "0101", Hash32{2}, {Hash32{3}}, "why",
                                     crypto::SigningKey::from_seed(ByteArray<32>{55}))
                          .encode();
  ASSERT_TRUE(Decision::decode(bytes).has_value());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    Bytes changed = bytes;
    changed[i] ^= 0x10;
    EXPECT_FALSE(Decision::decode(changed).has_value()) << i;
    EXPECT_FALSE(Decision::decode(ByteView(bytes).first(i)).has_value()) << i;
  }
}

// A ledger entry that cannot be read never counts as "not decrypted yet".
TEST(Oracle, StopsWhenTheLedgerIsDamaged) {
  Night night(3, 2);
  ASSERT_TRUE(night.decrypt(1).has_value());
  base::FileSystem& files = night.ceremony.person(1).files;
  const std::string entry = "private/ledger/" + files.list("private/ledger").value()[0];
  Bytes bytes = base::read_file(files, entry).value();
  for (std::size_t i = 0; i < bytes.size(); i += 5) {
    Bytes changed = bytes;
    changed[i] ^= 1;
    ASSERT_TRUE(base::write_durable(files, entry, changed).has_value());
    const auto partial = night.decrypt(1);
    ASSERT_FALSE(partial.has_value());
    EXPECT_EQ(partial.error().kind, errors::ledger_damaged) << i;
  }
}

// Power cuts at every change: whatever was released before the cut, no other package
// is decrypted after it.
TEST(Oracle, RemembersThroughEveryPowerCut) {
  for (std::size_t cut = 0;; ++cut) {
    Night night(3, 2);
    auto& files = night.ceremony.person(1).files;
    files.cut_power_at(files.changes() + cut);
    const bool released = night.decrypt(1).has_value();
    files.power_on([](std::size_t) { return false; });
    StationSums other = night.sums;
    other.package[0] ^= 1;
    const auto second = night.desk(1).decrypt(
        other, night.witnesses.receipt(package_entry(other)), nullptr);
    EXPECT_FALSE(released && second.has_value()) << cut;
    if (released) {
      EXPECT_EQ(second.error().kind, errors::second_package);
      EXPECT_GT(cut, 3u);
      return;
    }
  }
}

TEST(Oracle, ReleasesNothingWhenTheDiskFails) {
  Night night(3, 2);
  auto& files = night.ceremony.person(1).files;
  for (std::size_t n = 0; n < 20; ++n) {
    files.fail_at(files.changes() + n, base::errors::disk_full);
    StationSums sums = night.sums;
    sums.station = fmt::format("{:04}", n);
    sums.package[1] = static_cast<std::uint8_t>(n);
    const auto partial = night.desk(1).decrypt(
        sums, night.witnesses.receipt(package_entry(sums)), nullptr);
    if (partial.has_value()) {
      EXPECT_GT(n, 3u);
      return;
    }
    EXPECT_EQ(partial.error().kind, base::errors::disk_full);
  }
  FAIL() << "the disk never worked";
}

TEST(DecryptionDesk, RefusesTheShareOfAnotherKeyOrTrustee) {
  Night night(3, 2);
  const auto open = [&](KeyShare share, std::uint32_t keys_of) {
    return DecryptionDesk::open(
               night.ceremony.person(1).files, night.random, "l", night.key,
               std::move(share),
               testing::keys_from_seed(night.ceremony.person(keys_of).seed),
               night.witnesses.policy(), {})
        .has_value();
  };
  EXPECT_TRUE(open(night.ceremony.share(1), 1));
  EXPECT_FALSE(open(night.ceremony.share(1), 2));
  KeyShare wrong = night.ceremony.share(1);
  wrong.secret = wrong.secret + SecretScalar::from_u64(1);
  EXPECT_FALSE(open(std::move(wrong), 1));
  Ceremony other(3, 2, 100, {8});
  (void)other.key();
  EXPECT_FALSE(open(other.share(1), 1));
}

}  // namespace
}  // namespace urna::trustees
