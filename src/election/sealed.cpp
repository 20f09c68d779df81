#include "election/sealed.hpp"

#include "election/errors.hpp"

#include <fmt/format.h>

namespace urna::election {
namespace {

void check_contest(const Contest& contest, base::Report& report) {
  const base::Place place{"contests.csv", 0, "limit"};
  if (contest.limit > kMaxSealedLimit) {
    report.problem(errors::sealed_limit, place,
                   fmt::format("{} allows {} votes; a sealed ballot proves at most {}",
                               contest.code, contest.limit, kMaxSealedLimit),
                   "lower the limit, split the contest, or count it from paper only");
  }
  if (contest.limit == 1) return;
  for (const Contender& contender : contest.contenders) {
    if (contender.options.size() < 2) continue;
    // The proof bounds the number of options chosen, not of contenders: with two cards
    // of one candidate a voter's two votes could both go to that candidate.
    report.problem(
        errors::sealed_cards, {"candidates.csv", 0, "cards"},
        fmt::format(
            "in {} a voter has {} votes and {} has {} cards: nothing proves that "
            "nobody votes for {} twice",
            contest.code, contest.limit, contender.code, contender.options.size(),
            contender.code),
        "put the cards on one joint card: A+B instead of A;B");
  }
}

void check_trustees(const Model& model, base::Report& report) {
  const std::string file = "election.json";
  if (!model.trustees) {
    report.problem(errors::sealed_trustees, {file, 0, "/trustees"},
                   "sealed ballots need trustees who open the sums together",
                   "add \"trustees\" with their names, keys and threshold");
    return;
  }
  for (std::size_t i = 0; i < model.trustees->members.size(); ++i) {
    const Trustee& trustee = model.trustees->members[i];
    if (trustee.signing_key && trustee.box_key) continue;
    report.warning(errors::sealed_keys,
                   {file, 0, fmt::format("/trustees/members/{}", i)},
                   fmt::format("the trustee {} has no {}", trustee.name,
                               trustee.signing_key ? "box key" : "signing key"),
                   "add both keys before the key ceremony");
  }
}

}  // namespace

void check_sealed_voting(const Definition& definition, base::Report& report) {
  const Model& model = definition.model();
  for (const Contest& contest : model.contests) check_contest(contest, report);
  check_trustees(model, report);
  if (model.minimum_registered == 0) {
    report.warning(errors::few_registered, {"election.json", 0, "/minimum_registered"},
                   "no minimum of registered voters is set: the results of very small "
                   "stations may show how single people voted",
                   "set 'minimum_registered', for instance to 30");
  }
}

}  // namespace urna::election
