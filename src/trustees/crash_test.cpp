// The power fails at every single change that a trustee's program makes to its disk, in
// every step: what was published before the cut and what is published after it agree,
// and the ceremony completes.
#include "trustees/testing/ceremony.hpp"

#include <gtest/gtest.h>

namespace urna::trustees {
namespace {

using testing::Ceremony;

constexpr Step kSteps[] = {Step::commit, Step::reveal, Step::shares, Step::confirm};

// Runs trustee 1 through a cut at `cut` changes from now; true when the cut came.
bool survives_cut(std::size_t cut, unsigned keep) {
  Ceremony ceremony(3, 2);
  auto& files = ceremony.person(1).files;
  files.cut_power_at(files.changes() + cut);
  bool was_cut = false;
  for (const Step step : kSteps) {
    for (const std::uint32_t i : {2u, 3u}) ceremony.put(ceremony.step(i, step).value());
    auto message = ceremony.step(1, step);
    if (!message) {
      EXPECT_FALSE(was_cut) << message.error().text();
      was_cut = true;
      files.power_on([&](std::size_t i) { return keep >> (i % 8) & 1; });
      // What this trustee published before stays valid: nothing was drawn anew.
      const Board board = ceremony.board();
      for (const Step before : kSteps) {
        const Message* published = board.message({before, 1, 0});
        if (before >= step || published == nullptr) continue;
        EXPECT_EQ(ceremony.step(1, before).value().payload, published->payload);
      }
      message = ceremony.step(1, step);
    }
    EXPECT_TRUE(message.has_value()) << message.error().text();
    if (!message) return was_cut;
    ceremony.put(*message);
  }
  const auto key = ElectionKey::combine(ceremony.board());
  EXPECT_TRUE(key.has_value());
  EXPECT_EQ(R::base_mul(ceremony.share(1).secret), key->public_share(1));
  return was_cut;
}

TEST(Crash, EveryStepSurvivesAPowerCutAtEveryChange) {
  for (const unsigned keep : {0x00u, 0xffu, 0x55u, 0xa6u}) {
    std::size_t cut = 0;
    while (survives_cut(cut, keep)) ++cut;
    EXPECT_GT(cut, 15u) << "the power was never cut";
  }
}

// Without randomness from the system nothing is drawn and nothing is written.
TEST(Crash, RefusesToDrawWithoutRandomness) {
  Ceremony ceremony(3, 2);
  ceremony.person(1).random->break_down();
  const std::size_t before = ceremony.person(1).files.changes();
  const auto commit = ceremony.step(1, Step::commit);
  ASSERT_FALSE(commit.has_value());
  EXPECT_EQ(ceremony.person(1).files.changes(), before);
}

}  // namespace
}  // namespace urna::trustees
