#include "trustees/testing/ceremony.hpp"

#include "trustees/errors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace urna::trustees {
namespace {

using testing::Ceremony;

// The sum of Lagrange-weighted shares of `members`, as a public key.
Element key_from_shares(Ceremony& ceremony, const std::vector<std::uint32_t>& members) {
  const auto weights = lagrange_at_zero<R>(members).value();
  SecretScalar sum = SecretScalar::from_u64(0);
  for (std::size_t i = 0; i < members.size(); ++i) {
    sum = sum + weights[i] * ceremony.share(members[i]).secret;
  }
  return R::base_mul(sum);
}

TEST(Ceremony, GivesAKeyThatEveryKOfNHoldAndNoFewer) {
  Ceremony ceremony(5, 3);
  const ElectionKey key = ceremony.key();
  for (unsigned subset = 1; subset < 32; ++subset) {
    std::vector<std::uint32_t> members;
    for (std::uint32_t i = 0; i < 5; ++i) {
      if (subset >> i & 1) members.push_back(i + 1);
    }
    EXPECT_EQ(key_from_shares(ceremony, members) == key.key(), members.size() >= 3)
        << subset;
  }
  for (std::uint32_t l = 1; l <= 5; ++l) {
    EXPECT_EQ(R::base_mul(ceremony.share(l).secret), key.public_share(l));
    EXPECT_EQ(ceremony.share(l).election_hash, key.election_hash());
  }
}

TEST(Ceremony, WorksAtBothEndsOfItsRange) {
  for (const auto& [n, k] : {std::pair(2u, 2u), {3u, 2u}, {25u, 13u}}) {
    Ceremony ceremony(n, k);
    const ElectionKey key = ceremony.key();
    std::vector<std::uint32_t> last;
    for (std::uint32_t i = n - k + 1; i <= n; ++i) last.push_back(i);
    EXPECT_EQ(key_from_shares(ceremony, last), key.key());
  }
}

TEST(Ceremony, RefusesTermsThatLetAMinorityDecrypt) {
  const auto make = [](std::uint32_t n, std::uint32_t k) {
    std::vector<Member> members;
    for (std::uint32_t i = 1; i <= n; ++i) {
      const TrusteeKeys keys = testing::keys_from_seed(i);
      members.push_back(
          {fmt::format("T{}", i), keys.signing.public_key(), keys.box.public_key()});
    }
    return Terms::make({}, 1, {}, k, std::move(members)).has_value();
  };
  EXPECT_TRUE(make(5, 3));
  EXPECT_TRUE(make(25, 25));
  EXPECT_FALSE(make(1, 1));
  EXPECT_FALSE(make(4, 2));
  EXPECT_FALSE(make(5, 2));
  EXPECT_FALSE(make(5, 0));
  EXPECT_FALSE(make(5, 6));
  EXPECT_FALSE(make(26, 14));
}

TEST(Ceremony, RefusesTrusteesWhoShareAKey) {
  const TrusteeKeys a = testing::keys_from_seed(1);
  const TrusteeKeys b = testing::keys_from_seed(2);
  const Member ana{"Ana", a.signing.public_key(), a.box.public_key()};
  EXPECT_FALSE(
      Terms::make({}, 1, {}, 2, {ana, {"Bea", ana.signing, b.box.public_key()}}));
  EXPECT_FALSE(
      Terms::make({}, 1, {}, 2, {ana, {"Bea", b.signing.public_key(), ana.box}}));
  EXPECT_FALSE(Terms::make({}, 1, {}, 2,
                           {ana, {"Ana", b.signing.public_key(), b.box.public_key()}}));
  EXPECT_TRUE(Terms::make({}, 1, {}, 2,
                          {ana, {"Bea", b.signing.public_key(), b.box.public_key()}}));
}

TEST(Terms, ReadBackWhatWasWrittenAndNothingElse) {
  const Terms terms = Ceremony(4, 3).terms();
  const Bytes bytes = terms.encode();
  const auto again = Terms::decode(bytes);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->encode(), bytes);
  EXPECT_EQ(again->binding(), terms.binding());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_FALSE(Terms::decode(ByteView(bytes).first(i)).has_value());
    Bytes changed = bytes;
    changed[i] ^= 0x41;
    const auto decoded = Terms::decode(changed);
    if (decoded) {
      EXPECT_EQ(decoded->encode(), changed);
    }
  }
}

TEST(Ceremony, ShowsWhoOwesWhat) {
  Ceremony ceremony(3, 2);
  EXPECT_EQ(ceremony.board().owed().size(), 3u);
  ceremony.put(ceremony.step(2, Step::commit).value());
  const auto owed = ceremony.board().owed();
  ASSERT_EQ(owed.size(), 2u);
  EXPECT_EQ(owed[0].slot, (Slot{Step::commit, 1, 0}));
  EXPECT_EQ(owed[1].slot, (Slot{Step::commit, 3, 0}));
  EXPECT_THAT(progress_text(ceremony.board()),
              ::testing::HasSubstr("owes: urna trustee commit"));
  ceremony.run_until(Step::shares);
  ASSERT_EQ(ceremony.board().owed().size(), 3u);
  EXPECT_EQ(ceremony.board().owed()[0].slot.step, Step::confirm);
  ceremony.run_until(Step::confirm);
  EXPECT_TRUE(ceremony.board().owed().empty());
  EXPECT_THAT(progress_text(ceremony.board()), ::testing::HasSubstr("Complete"));
}

// A missing trustee is named, at every step, and the step after does not begin.
TEST(Ceremony, WaitsForAMissingTrusteeAndNamesThem) {
  for (const Step step : {Step::commit, Step::reveal, Step::shares, Step::confirm}) {
    Ceremony ceremony(3, 2);
    ceremony.run_until(step);
    ceremony.remove(file_name({step, 2, 0}));
    const auto owed = ceremony.board().owed();
    ASSERT_EQ(owed.size(), 1u);
    EXPECT_EQ(owed[0].slot, (Slot{step, 2, 0}));
    const auto key = ElectionKey::combine(ceremony.board());
    ASSERT_FALSE(key.has_value());
    EXPECT_EQ(key.error().kind, errors::too_early);
    EXPECT_THAT(key.error().message, ::testing::HasSubstr("Trustee B"));
    if (step == Step::confirm) continue;
    const auto next = ceremony.step(1, Step(static_cast<int>(step) + 1));
    ASSERT_FALSE(next.has_value());
    EXPECT_EQ(next.error().kind, errors::too_early);
    EXPECT_THAT(next.error().message, ::testing::HasSubstr("Trustee B"));
  }
}

TEST(Ceremony, AnAttemptAfterAFailedOneDrawsEverythingAnew) {
  Ceremony ceremony(3, 2);
  ceremony.run_until(Step::reveal);
  const Terms next = ceremony.terms().next_attempt();
  for (std::uint32_t i = 1; i <= 3; ++i) {
    Desk first = ceremony.desk(i);
    Desk second = Desk::open(ceremony.vault(i), "private", next,
                             testing::keys_from_seed(ceremony.person(i).seed))
                      .value();
    EXPECT_NE(first.memory_path(), second.memory_path());
    ASSERT_TRUE(second.commit().has_value());
    const auto old_memory = CeremonyMemory::load(ceremony.vault(i), first.memory_path(),
                                                 ceremony.terms().binding(), i);
    const auto new_memory = CeremonyMemory::load(
        ceremony.vault(i), second.memory_path(), next.binding(), i);
    for (std::size_t j = 0; j < 2; ++j) {
      EXPECT_NE(old_memory->coefficients[j].element,
                new_memory->coefficients[j].element);
    }
    for (std::size_t l = 0; l < 3; ++l) {
      EXPECT_NE(old_memory->ephemerals[l].public_key(),
                new_memory->ephemerals[l].public_key());
    }
    // The memory of one attempt does not serve another.
    EXPECT_FALSE(
        CeremonyMemory::load(ceremony.vault(i), first.memory_path(), next.binding(), i)
            .has_value());
  }
}

TEST(Ceremony, EveryStepRepeatsToTheSameBytes) {
  Ceremony ceremony(3, 2);
  for (const Step step : {Step::commit, Step::reveal, Step::shares, Step::confirm}) {
    for (std::uint32_t i = 1; i <= 3; ++i) {
      const Bytes first = ceremony.step(i, step).value().encode();
      EXPECT_EQ(ceremony.step(i, step).value().encode(), first);
      ceremony.put(ceremony.step(i, step).value());
    }
  }
}

TEST(Ceremony, OnlyTrusteesTakePart) {
  Ceremony ceremony(3, 2);
  const auto stranger = Desk::open(ceremony.vault(1), "private", ceremony.terms(),
                                   testing::keys_from_seed(1));
  ASSERT_FALSE(stranger.has_value());
  EXPECT_EQ(stranger.error().kind, errors::not_a_trustee);
}

TEST(ElectionKey, IsVerifiedByWhoeverReadsIt) {
  Ceremony ceremony(3, 2);
  const ElectionKey key = ceremony.key();
  const Bytes bytes = key.encode();
  const auto again = ElectionKey::decode(bytes);
  ASSERT_TRUE(again.has_value()) << again.error().text();
  EXPECT_EQ(again->encode(), bytes);
  EXPECT_EQ(again->key(), key.key());
  EXPECT_EQ(again->election_hash(), key.election_hash());
}

// Every single changed byte is refused: nothing in the record is unauthenticated but
// the names of the trustees and their box keys, which the definition fixes.
TEST(ElectionKey, RefusesEveryChangedByte) {
  Ceremony ceremony(3, 2);
  const ElectionKey key = ceremony.key();
  const Bytes bytes = key.encode();
  const std::size_t terms_end = 8 + 4 + 4 + key.terms().encode().size();
  // Every one in the long run; otherwise a ninth of them, by a stride that meets all
  // places of every 32-byte field.
  const std::size_t stride = std::getenv("URNA_LONG") != nullptr ? 1 : 9;
  for (std::size_t i = 0; i < bytes.size(); i += stride) {
    Bytes changed = bytes;
    changed[i] ^= static_cast<std::uint8_t>(1u << (i % 8));
    const auto read = ElectionKey::decode(changed);
    if (i >= terms_end) {
      EXPECT_FALSE(read.has_value()) << i;
    } else if (read) {
      EXPECT_NE(read->terms().encode(), key.terms().encode()) << i;
    }
  }
}

}  // namespace
}  // namespace urna::trustees
