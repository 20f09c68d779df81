// urna-simulate: many election days from seeds (day.hpp), for engineers and for anybody
// who wants to see a cheat being caught. Never for an election: its randomness is a
// number that everybody can know.
#include "base/json.hpp"
#include "base/progress.hpp"
#include "simulate/day.hpp"

#include <atomic>
#include <cstdio>
#include <mutex>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace {

using namespace urna;
using simulate::DayPlan;
using simulate::DayReport;

struct Options {
  DayPlan plan;
  std::uint64_t seeds = 1;
  unsigned jobs = 0;
  std::string cheat = "none";
  bool diary = false;
  bool json = false;
};

struct Outcome {
  std::uint64_t seed = 0;
  DayReport report;
};

Result<std::vector<Outcome>> run_days(const Options& o) {
  std::vector<Outcome> outcomes(o.seeds);
  std::optional<Error> error;
  std::mutex mutex;
  std::atomic<std::uint64_t> next = 0;
  base::SystemClock clock;
  base::Progress progress(clock, "Simulating", "days", o.seeds);
  const auto work = [&] {
    for (std::uint64_t i = next++; i < o.seeds; i = next++) {
      DayPlan plan = o.plan;
      plan.seed += i;
      auto report = simulate::simulate_day(plan);
      const std::lock_guard lock(mutex);
      if (report) {
        outcomes[i] = {plan.seed, *std::move(report)};
      } else {
        error = std::move(report).error();
      }
      progress.add(1);
    }
  };
  const unsigned jobs =
      o.jobs > 0 ? o.jobs : std::max(1U, std::thread::hardware_concurrency());
  {
    std::vector<std::jthread> threads;
    for (unsigned j = 0; j < jobs; ++j) threads.emplace_back(work);
  }
  if (error) return std::unexpected(*std::move(error));
  return outcomes;
}

void print_json(const Options& o, const std::vector<Outcome>& outcomes) {
  base::Json days = base::Json::array();
  for (const Outcome& outcome : outcomes) {
    base::Json problems = base::Json::array();
    for (const std::string& problem : outcome.report.problems) problems.push(problem);
    base::Json day = base::Json::object();
    day.set("seed", outcome.seed);
    day.set("cast", outcome.report.cast);
    day.set("problems", std::move(problems));
    if (o.diary) day.set("diary", outcome.report.diary);
    days.push(std::move(day));
  }
  base::Json out = base::Json::object();
  out.set("cheat", o.cheat);
  out.set("risk", o.plan.risk);
  out.set("voters", static_cast<std::uint64_t>(o.plan.voters));
  out.set("days", std::move(days));
  fmt::print("{}\n", out.dump());
}

int print_outcomes(const Options& o, const std::vector<Outcome>& outcomes) {
  std::size_t bad = 0;
  std::uint64_t cast = 0;
  for (const Outcome& outcome : outcomes) {
    cast += outcome.report.cast;
    if (!outcome.report.problems.empty()) ++bad;
    if (o.json) continue;
    if (o.diary) fmt::print("{}", outcome.report.diary);
    for (const std::string& problem : outcome.report.problems) {
      fmt::print("seed {}: {}\n", outcome.seed, problem);
    }
  }
  if (o.json) {
    print_json(o, outcomes);
  } else {
    fmt::print("{} days, {} votes, {} with a problem\n", outcomes.size(), cast, bad);
  }
  return bad == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  Options o;
  CLI::App app(
      "Simulates whole election days with faults and cheats drawn from a seed.\n"
      "Exit status 0 when everything that must hold held, 1 otherwise.");
  std::string names;
  for (const auto& cheat : simulate::cheats()) {
    names += fmt::format("\n  {}: {}", cheat.name, cheat.says);
  }
  app.add_option("--seed", o.plan.seed, "the first day's seed")->capture_default_str();
  app.add_option("--seeds", o.seeds, "how many days, each with the next seed")
      ->capture_default_str();
  app.add_option("--voters", o.plan.voters, "on the roll of each station, 2 to 40")
      ->check(CLI::Range(2, 40))
      ->capture_default_str();
  app.add_option("--risk", o.plan.risk, "a fault about once in so many steps; 0: none")
      ->capture_default_str();
  app.add_option("--cheat", o.cheat, "who cheats:" + names)->capture_default_str();
  app.add_option("--example", o.plan.example, "the folder of examples/town")
      ->capture_default_str();
  app.add_option("--jobs", o.jobs, "days at once; 0: as many as the machine has cores");
  app.add_flag("--diary", o.diary, "print what happened");
  app.add_flag("--json", o.json, "for programs");
  CLI11_PARSE(app, argc, argv);
  const auto cheat = simulate::find_cheat(o.cheat);
  if (!cheat) {
    fmt::print(stderr, "urna-simulate: there is no cheat '{}'; see --help\n", o.cheat);
    return 2;
  }
  o.plan.cheat = *cheat;
  const auto outcomes = run_days(o);
  if (outcomes) return print_outcomes(o, *outcomes);
  fmt::print(stderr, "{}\n", outcomes.error().text());
  return 2;
}
