#include "sheet/testing/samples.hpp"

#include "crypto/sha256.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>

#include <fmt/format.h>

namespace urna::sheet::testing {
namespace {

crypto::SigningKey key_of(std::string_view name) {
  return crypto::SigningKey::from_seed(crypto::sha256(as_bytes(name)));
}

// std::mt19937 gives 64-bit numbers here; ours are 32-bit.
class Dice {
 public:
  explicit Dice(std::uint32_t seed) : engine_(seed) {}
  std::uint32_t operator()() { return static_cast<std::uint32_t>(engine_()); }

 private:
  std::mt19937 engine_;
};

template <class T>
T must(Result<T> result) {
  if (result) return std::move(*result);
  std::fprintf(stderr, "%s\n", result.error().text().c_str());
  std::abort();
}

// Shares `votes` among the options so that a few have most and many have few or none.
void share_out(ContestResult& contest, std::uint32_t votes, Dice& random) {
  for (std::uint32_t i = 0; i < votes; ++i) {
    // The least of three draws: early cards get most.
    const auto draw = [&] { return random() % contest.options.size(); };
    ++contest.options[std::min({draw(), draw(), draw()})].votes;
  }
}

ContestResult party_cards(std::string code, std::uint32_t limit, std::uint32_t ballots,
                          Dice& random) {
  ContestResult contest;
  contest.code = std::move(code);
  contest.limit = limit;
  contest.ballots = ballots;
  contest.blank = random() % 20;
  contest.null_votes = 0;
  for (int card = 1; card <= 38; ++card) {
    contest.options.push_back({fmt::format("P{:03}", card * 27 + 4), 0});
  }
  const std::uint32_t marked = ballots - *contest.blank;
  std::uint32_t votes = marked;
  if (limit > 1) votes += random() % (marked * (limit - 1));
  share_out(contest, votes, random);
  return contest;
}

}  // namespace

crypto::SigningKey authority_key() {
  return key_of("authority of the tests");
}

crypto::SigningKey device_key(std::uint32_t number) {
  return key_of(fmt::format("device {} of the tests", number));
}

SheetFields small_sheet() {
  SheetFields f;
  f.mode = Mode::official;
  f.election = crypto::sha256(as_bytes("election of the tests"));
  f.station = "22010300701";
  f.device = "UM-000147";
  f.software = "0.1.0";
  f.opened = local_time(1796551392, -240);
  f.closed = local_time(1796594531, -240);
  f.registered = 794;
  f.check_in = {.total = 540,
                .matched = 501,
                .not_matched = 22,
                .no_stored_print = 11,
                .not_taken = 4,
                .without_biometrics = 2,
                .tokens_issued = 540};
  f.tokens_unused = 3;
  f.activated = 538;
  f.activated_by_officials = 1;
  f.cast = 535;
  f.ended_without_vote = 3;
  f.sealed = 548;
  f.challenged = 6;
  f.voided = 7;
  f.contests = {
      {.code = "LIST",
       .limit = 1,
       .ballots = 535,
       .options = {{"SUN", 251}, {"RIVER", 198}, {"OAK", 77}},
       .blank = 9,
       .null_votes = 0},
      {.code = "MAYOR",
       .limit = 2,
       .ballots = 535,
       .options = {{"ANA", 301}, {"BENITO", 287}, {"CARLA", 166}, {"DAVID", 88}},
       .blank = 14,
       .null_votes = 0},
  };
  return f;
}

SheetFields assembly_sheet(std::uint32_t seed, std::uint32_t seats) {
  Dice random(seed);
  SheetFields f = small_sheet();
  const std::uint32_t ballots = 380 + random() % 450;
  f.station = fmt::format("{:02}01{:05}{:02}", 1 + seed % 24, 10000 + seed % 50000,
                          1 + random() % 15);
  f.device = fmt::format("UM-{:06}", seed);
  f.registered = 1000 + random() % 400;
  f.cast = ballots;
  f.ended_without_vote = random() % 4;
  f.activated_by_officials = random() % 3;
  f.activated = ballots + *f.ended_without_vote;
  f.tokens_unused = random() % 3;
  const std::uint32_t people =
      *f.activated - *f.activated_by_officials + *f.tokens_unused;
  f.check_in = {.total = people,
                .matched = people - 41,
                .not_matched = 20,
                .no_stored_print = 15,
                .not_taken = 5,
                .without_biometrics = 1,
                .tokens_issued = people};
  f.challenged = random() % 8;
  f.voided = random() % 8;
  f.sealed = ballots + *f.challenged + *f.voided;
  f.contests = {party_cards("LIST01", 1, ballots, random),
                party_cards("NOM0103", seats, ballots, random)};
  return f;
}

SignedSheet sign_sample(SheetFields fields) {
  const crypto::SigningKey device = device_key(fields.segment);
  Certificate certificate =
      must(Certificate::issue({.mode = fields.mode,
                               .election = fields.election,
                               .role = std::string(kMachineRole),
                               .station = fields.station,
                               .name = fields.device},
                              device.public_key(), authority_key()));
  return must(
      sign_sheet(must(Sheet::make(std::move(fields))), std::move(certificate), device));
}

}  // namespace urna::sheet::testing
