#include "simulate/day.hpp"

#include <cstdlib>
#include <thread>

#include <gtest/gtest.h>

namespace urna::simulate {
namespace {

DayPlan plan_of(std::uint64_t seed) {
  DayPlan plan;
  plan.example = URNA_SOURCE_DIR "/examples/town";
  plan.seed = seed;
  return plan;
}

std::string problems(const DayReport& report) {
  std::string out;
  for (const std::string& problem : report.problems) out += problem + "\n";
  return out;
}

TEST(Day, TheSameSeedGivesTheSameDay) {
  const auto one = simulate_day(plan_of(7));
  const auto two = simulate_day(plan_of(7));
  const auto other = simulate_day(plan_of(8));
  ASSERT_TRUE(one && two && other);
  EXPECT_EQ(one->diary, two->diary);
  EXPECT_NE(one->diary, other->diary);
}

TEST(Day, WithoutBadLuckEverythingHoldsAndVotesAreCast) {
  DayPlan plan = plan_of(3);
  plan.risk = 0;
  const auto report = simulate_day(plan);
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(problems(*report), "");
  EXPECT_GT(report->cast, 10U);
  EXPECT_TRUE(report->diary.ends_with("verified\n")) << report->diary;
}

// 200 seeds, and more kinds of bad luck in the long run.
TEST(Day, HoldsWhateverTheSeedBrings) {
  const bool long_run = std::getenv("URNA_LONG") != nullptr;
  const std::uint64_t seeds = long_run ? 2'000 : 200;
  std::atomic<std::uint64_t> next = 0;
  std::mutex mutex;
  std::size_t faults = 0;
  const auto work = [&] {
    for (std::uint64_t seed = next++; seed < seeds; seed = next++) {
      DayPlan plan = plan_of(seed);
      plan.risk = std::array{4U, 7U, 12U, 25U}[seed % 4];
      const auto report = simulate_day(plan);
      const std::lock_guard lock(mutex);
      ASSERT_TRUE(report) << report.error().text();
      EXPECT_EQ(problems(*report), "") << "seed " << seed << ", risk " << plan.risk;
      for (const char* fault : {"power cut", "killed", "disk full", "printer"}) {
        faults += report->diary.find(fault) != std::string::npos ? 1U : 0U;
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    for (unsigned j = 0; j < 2; ++j) threads.emplace_back(work);
  }
  EXPECT_GT(faults, 2 * seeds) << "hardly any bad luck";
}

// Every cheat, on days with bad luck too: luck must not hide it.
TEST(Day, EveryCheatIsCaughtByItsCheck) {
  for (const CheatInfo& cheat : cheats()) {
    for (const std::uint64_t seed : {11U, 12U, 13U}) {
      DayPlan plan = plan_of(seed);
      plan.cheat = cheat.cheat;
      plan.risk = seed == 11 ? 0 : 12;
      const auto report = simulate_day(plan);
      ASSERT_TRUE(report) << report.error().text();
      EXPECT_EQ(problems(*report), "") << cheat.name << ", seed " << seed;
      EXPECT_EQ(report->diary.find("caught") != std::string::npos,
                cheat.cheat != Cheat::none);
    }
  }
}

}  // namespace
}  // namespace urna::simulate
