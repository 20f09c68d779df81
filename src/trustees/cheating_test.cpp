// Every way to cheat in the ceremony that protocol.md names: each is detected, and the
// cheater is named.
#include "trustees/errors.hpp"
#include "trustees/testing/ceremony.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace urna::trustees {
namespace {

using testing::Ceremony;
using ::testing::HasSubstr;

// What a trustee who does not run our program can sign.
Message signed_by(Ceremony& ceremony, std::uint32_t i, Step step, std::uint32_t subject,
                  Bytes payload) {
  const TrusteeKeys keys = testing::keys_from_seed(ceremony.person(i).seed);
  return sign_message(ceremony.terms().binding(), {step, i, subject},
                      std::move(payload), keys.signing);
}

CeremonyMemory memory_of(Ceremony& ceremony, std::uint32_t i) {
  return CeremonyMemory::load(ceremony.vault(i), ceremony.desk(i).memory_path(),
                              ceremony.terms().binding(), i)
      .value();
}

void expect_caught(const Board& board, ErrorKind kind, std::uint32_t trustee) {
  ASSERT_NE(board.fatal(), nullptr) << progress_text(board);
  EXPECT_EQ(board.fatal()->kind, kind) << board.fatal()->text;
  EXPECT_EQ(board.fatal()->trustee, trustee) << board.fatal()->text;
  EXPECT_THAT(board.fatal()->text, HasSubstr(board.terms().member(trustee).name));
  EXPECT_FALSE(ElectionKey::combine(board).has_value());
}

// The last mover sees all reveals and would like to choose another polynomial.
TEST(Cheating, TheLastMoverCannotChangeTheirMind) {
  Ceremony ceremony(3, 2);
  ceremony.run_until(Step::commit);
  for (const std::uint32_t i : {1u, 2u})
    ceremony.put(ceremony.step(i, Step::reveal).value());
  base::testing::ScriptedRandom random(5);
  const CeremonyMemory other =
      CeremonyMemory::draw(random, ceremony.terms().binding(), 3).value();
  const RevealPayload payload{other.coefficients,
                              ceremony.board().citations(Step::commit)};
  ceremony.put(signed_by(ceremony, 3, Step::reveal, 0, payload.encode()));
  expect_caught(ceremony.board(), errors::commit_mismatch, 3);
}

// ... or would like to commit only after seeing somebody's reveal: nobody reveals
// before all commits are there, and a reveal that cites a commit nobody signed counts
// against its author.
TEST(Cheating, NobodyRevealsBeforeAllHaveCommitted) {
  Ceremony ceremony(3, 2);
  for (const std::uint32_t i : {1u, 2u})
    ceremony.put(ceremony.step(i, Step::commit).value());
  const auto early = ceremony.step(1, Step::reveal);
  ASSERT_FALSE(early.has_value());
  EXPECT_EQ(early.error().kind, errors::too_early);
  EXPECT_THAT(early.error().message, HasSubstr("Trustee C"));

  std::vector<Citation> citations;
  for (const std::uint32_t i : {1u, 2u}) {
    citations.push_back(ceremony.board().message({Step::commit, i, 0})->citation);
  }
  citations.emplace_back();
  const RevealPayload payload{memory_of(ceremony, 1).coefficients, citations};
  ceremony.put(signed_by(ceremony, 1, Step::reveal, 0, payload.encode()));
  expect_caught(ceremony.board(), errors::false_citation, 1);
}

TEST(Cheating, TwoCommitsAreEquivocation) {
  Ceremony ceremony(3, 2);
  ceremony.run_until(Step::commit);
  ceremony.put(signed_by(ceremony, 2, Step::commit, 0, Bytes(32, 9)),
               "found on a stick");
  expect_caught(ceremony.board(), errors::equivocation, 2);
  const auto next = ceremony.step(1, Step::reveal);
  ASSERT_FALSE(next.has_value());
  EXPECT_EQ(next.error().kind, errors::attempt_failed);
}

// The equivocator shows trustee 1 one commit and the others another; the folders are
// never put together, but trustee 1's reveal cites what it saw.
TEST(Cheating, EquivocationIsProvenByCitationsAlone) {
  Ceremony ceremony(3, 2);
  ceremony.run_until(Step::commit);
  const Message other = signed_by(ceremony, 2, Step::commit, 0, Bytes(32, 9));
  std::vector<Citation> seen_by_one = ceremony.board().citations(Step::commit);
  seen_by_one[1] = other.citation;
  const RevealPayload payload{memory_of(ceremony, 1).coefficients, seen_by_one};
  ceremony.put(signed_by(ceremony, 1, Step::reveal, 0, payload.encode()));
  expect_caught(ceremony.board(), errors::equivocation, 2);
}

// The same when the commit files are gone and only reveals are left, as in the record.
TEST(Cheating, EquivocationIsProvenWithoutTheFilesThemselves) {
  Ceremony ceremony(3, 2);
  ceremony.run_until(Step::reveal);
  const Message other = signed_by(ceremony, 2, Step::commit, 0, Bytes(32, 9));
  std::vector<Citation> seen_by_one = ceremony.board().citations(Step::commit);
  seen_by_one[1] = other.citation;
  const RevealPayload payload{memory_of(ceremony, 1).coefficients, seen_by_one};
  ceremony.put(signed_by(ceremony, 1, Step::reveal, 0, payload.encode()));
  for (const std::uint32_t i : {1u, 2u, 3u})
    ceremony.remove(file_name({Step::commit, i, 0}));
  expect_caught(ceremony.board(), errors::equivocation, 2);
}

TEST(Cheating, AWrongProofNamesItsTrustee) {
  for (std::uint32_t j = 0; j < 2; ++j) {
    Ceremony ceremony(3, 2);
    ceremony.run_until(Step::commit);
    CeremonyMemory memory = memory_of(ceremony, 2);
    // As a coefficient chosen without knowing its secret would look.
    memory.coefficients[j].element =
        memory.coefficients[j].element + Element::generator();
    const CommitPayload commit{coefficients_hash(
        ceremony.terms().binding(), 2, encode_coefficients(memory.coefficients))};
    ceremony.put(signed_by(ceremony, 2, Step::commit, 0, commit.encode()));
    const RevealPayload reveal{memory.coefficients,
                               ceremony.board().citations(Step::commit)};
    ceremony.put(signed_by(ceremony, 2, Step::reveal, 0, reveal.encode()));
    expect_caught(ceremony.board(), errors::bad_proof, 2);
  }
}

// A proof copied from another trustee, place or attempt does not hold: one row for
// every public input of the challenge.
TEST(Cheating, ACoefficientProofHoldsInItsPlaceOnly) {
  base::testing::ScriptedRandom random(3);
  const SecretScalar secret = SecretScalar::from_u64(77);
  const Element element = R::base_mul(secret);
  const CoefficientPlace place{{Hash32{1}, 1, 5, 3, Hash32{2}}, 4, 2};
  const auto proof = prove_coefficient<R>(random, place, secret, element).value();
  EXPECT_TRUE(coefficient_proof_holds<R>(place, element, proof));
  std::vector<CoefficientPlace> others(7, place);
  others[0].binding.ceremony[31] ^= 1;
  others[1].binding.attempt = 2;
  others[2].binding.trustees = 6;
  others[3].binding.threshold = 4;
  others[4].binding.definition[0] ^= 1;
  others[5].trustee = 3;
  others[6].index = 1;
  for (const CoefficientPlace& other : others) {
    EXPECT_FALSE(coefficient_proof_holds<R>(other, element, proof));
  }
  EXPECT_FALSE(coefficient_proof_holds<R>(place, element + element, proof));
  auto moved = proof;
  moved.commitment = moved.commitment + element;
  EXPECT_FALSE(coefficient_proof_holds<R>(place, element, moved));
}

TEST(Cheating, AnEmptyContributionIsRefused) {
  Ceremony ceremony(2, 2);
  ceremony.run_until(Step::commit);
  CeremonyMemory memory = memory_of(ceremony, 1);
  base::testing::ScriptedRandom random(1);
  const SecretScalar zero = SecretScalar::from_u64(0);
  memory.coefficients[0].element = Element{};
  memory.coefficients[0].proof =
      prove_coefficient<R>(random, {ceremony.terms().binding(), 1, 0}, zero, Element{})
          .value();
  const CommitPayload commit{coefficients_hash(
      ceremony.terms().binding(), 1, encode_coefficients(memory.coefficients))};
  ceremony.put(signed_by(ceremony, 1, Step::commit, 0, commit.encode()));
  const RevealPayload reveal{memory.coefficients,
                             ceremony.board().citations(Step::commit)};
  ceremony.put(signed_by(ceremony, 1, Step::reveal, 0, reveal.encode()));
  expect_caught(ceremony.board(), errors::bad_coefficient, 1);
}

// Trustee 2 deals trustee 3 something else than a share.
Ceremony with_bad_share(std::size_t where, std::uint32_t attempt = 1) {
  Ceremony ceremony(3, 2, 100, {7}, attempt);
  ceremony.run_until(Step::shares);
  const Binding& binding = ceremony.terms().binding();
  SharesPayload payload = *ceremony.board().shares(2);
  const CeremonyMemory memory = memory_of(ceremony, 2);
  const auto opened = crypto::open_as_sender(
                          ceremony.terms().member(3).box, memory.ephemerals[2].expose(),
                          share_context(binding, 2, 3), payload.boxes[2])
                          .value();
  Bytes message = to_bytes(opened.expose());
  message[where] ^= 1;
  payload.boxes[2] =
      crypto::seal_box(ceremony.terms().member(3).box, memory.ephemerals[2],
                       share_context(binding, 2, 3), message);
  ceremony.put(signed_by(ceremony, 2, Step::shares, 0, payload.encode()));
  return ceremony;
}

TEST(Cheating, AWrongShareIsRefusedAndItsOpeningNamesTheDealer) {
  for (const std::size_t where :
       {0u, 31u, 32u, 63u}) {  // share, high bits, reveals hash
    Ceremony ceremony = with_bad_share(where);
    const auto confirm = ceremony.step(3, Step::confirm);
    ASSERT_FALSE(confirm.has_value());
    EXPECT_EQ(confirm.error().kind, errors::bad_share);
    EXPECT_THAT(confirm.error().message, HasSubstr("Trustee B"));

    ceremony.put(ceremony.desk(3).complain(ceremony.board(), 2).value());
    ASSERT_EQ(ceremony.board().complaints().size(), 1u);
    const auto owed = ceremony.board().owed();
    EXPECT_TRUE(std::ranges::find(owed, Owed{{Step::answer, 2, 3}}) != owed.end());
    EXPECT_FALSE(ElectionKey::combine(ceremony.board()).has_value());
    EXPECT_FALSE(ceremony.step(1, Step::confirm).has_value());

    ceremony.put(ceremony.desk(2).answer(ceremony.board(), 3).value());
    expect_caught(ceremony.board(), errors::bad_share, 2);
  }
}

TEST(Cheating, ADealerWhoOpensWithAnotherSecretIsNamed) {
  Ceremony ceremony = with_bad_share(0);
  ceremony.put(ceremony.desk(3).complain(ceremony.board(), 2).value());
  ceremony.put(signed_by(ceremony, 2, Step::answer, 3, Bytes(32, 5)));
  expect_caught(ceremony.board(), errors::bad_share, 2);
}

TEST(Cheating, AFalseComplaintNamesTheComplainer) {
  Ceremony ceremony(3, 2);
  ceremony.run_until(Step::shares);
  const auto refused = ceremony.desk(3).complain(ceremony.board(), 2);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, errors::nothing_wrong);

  const ComplaintPayload payload{
      ceremony.board().message({Step::shares, 2, 0})->citation};
  ceremony.put(signed_by(ceremony, 3, Step::complaint, 2, payload.encode()));
  ceremony.put(ceremony.desk(2).answer(ceremony.board(), 3).value());
  expect_caught(ceremony.board(), errors::false_complaint, 3);
}

// Nobody opens a share that nobody complained about.
TEST(Cheating, AnAnswerNeedsAComplaint) {
  Ceremony ceremony(3, 2);
  ceremony.run_until(Step::shares);
  const auto answer = ceremony.desk(2).answer(ceremony.board(), 3);
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().kind, errors::nothing_wrong);
}

// A box copied to another place does not open there: dealer, receiver and attempt are
// bound into it.
TEST(Cheating, AReplayedBoxDoesNotOpen) {
  Ceremony ceremony(3, 2);
  ceremony.run_until(Step::shares);
  SharesPayload payload = *ceremony.board().shares(2);
  payload.boxes[2] = ceremony.board().shares(1)->boxes[2];
  ceremony.put(signed_by(ceremony, 2, Step::shares, 0, payload.encode()));
  const auto confirm = ceremony.step(3, Step::confirm);
  ASSERT_FALSE(confirm.has_value());
  EXPECT_EQ(confirm.error().kind, errors::bad_share);
  EXPECT_THAT(confirm.error().message, HasSubstr("Trustee B"));
}

// Files of an earlier attempt are named and not used.
TEST(Cheating, AReplayedFileIsNamedAndIgnored) {
  Ceremony old(3, 2, 100, {7}, 1);
  old.run_until(Step::shares);
  Ceremony ceremony(3, 2, 100, {7}, 2);
  ceremony.run_until(Step::reveal);
  ceremony.files()["shares-02.urna"] = old.files()["shares-02.urna"];
  const Board board = ceremony.board();
  ASSERT_EQ(board.faults().size(), 1u);
  EXPECT_EQ(board.faults()[0].kind, errors::replayed);
  EXPECT_EQ(board.faults()[0].trustee, 2u);
  EXPECT_THAT(board.faults()[0].text, HasSubstr("Trustee B"));
  EXPECT_THAT(board.faults()[0].text, HasSubstr("attempt 1"));
  EXPECT_EQ(board.fatal(), nullptr);
  EXPECT_EQ(board.owed().size(), 3u);
}

TEST(Cheating, AForgedFileCountsAgainstNobody) {
  Ceremony ceremony(3, 2);
  ceremony.run_until(Step::commit);
  const TrusteeKeys stranger = testing::keys_from_seed(1);
  ceremony.put(sign_message(ceremony.terms().binding(), {Step::commit, 2, 0},
                            Bytes(32, 1), stranger.signing),
               "forged");
  const Board board = ceremony.board();
  ASSERT_EQ(board.faults().size(), 1u);
  EXPECT_EQ(board.faults()[0].kind, errors::forged);
  EXPECT_EQ(board.faults()[0].trustee, 0u);
  EXPECT_TRUE(board.complete(Step::commit));
}

TEST(Cheating, AConfirmationOfAnotherKeyIsNamed) {
  Ceremony ceremony(3, 2);
  ceremony.run_until(Step::shares);
  const ConfirmPayload payload{ceremony.board().citations(Step::shares), Hash32{1}};
  ceremony.put(signed_by(ceremony, 1, Step::confirm, 0, payload.encode()));
  expect_caught(ceremony.board(), errors::wrong_result, 1);
}

// Every bit of every kind of ceremony file is authenticated: a changed file is never
// accepted, and never counts against its trustee.
TEST(Cheating, AChangedFileIsNeitherUsedNorHeldAgainstAnybody) {
  Ceremony ceremony = with_bad_share(0);
  ceremony.put(ceremony.desk(3).complain(ceremony.board(), 2).value());
  ceremony.put(ceremony.desk(2).answer(ceremony.board(), 3).value());
  for (const auto& [name, bytes] : ceremony.files()) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      Bytes changed = bytes;
      changed[i] ^= static_cast<std::uint8_t>(1u << (i % 8));
      const NamedFile file{name, changed};
      const Board board = Board::read(ceremony.terms(), std::span(&file, 1));
      ASSERT_EQ(board.faults().size(), 1u) << name << " " << i;
      EXPECT_EQ(board.fatal(), nullptr) << name << " " << i;
      EXPECT_EQ(board.faults()[0].trustee, 0u) << name << " " << i;
    }
  }
}

// A trustee whose memory says it has dealt for one list of reveals never deals for
// another: two messages under one box key would betray both.
TEST(Cheating, ATrusteeNeverDealsTwiceForDifferentReveals) {
  Ceremony ceremony(3, 2);
  ceremony.run_until(Step::reveal);
  ASSERT_TRUE(ceremony.step(1, Step::shares).has_value());
  CeremonyMemory memory = memory_of(ceremony, 1);
  EXPECT_NE(memory.reveals, Hash32{});
  memory.reveals[0] ^= 1;
  ASSERT_TRUE(
      memory.save(ceremony.vault(1), ceremony.desk(1).memory_path()).has_value());
  const auto again = ceremony.step(1, Step::shares);
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().kind, errors::already_bound);
}

}  // namespace
}  // namespace urna::trustees
