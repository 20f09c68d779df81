// Fiat-Shamir completeness: one row for each public input of each challenge; changing
// it changes the challenge. A missing input is how other systems were broken.
#include "ballot/hashes.hpp"

#include <functional>

#include <gtest/gtest.h>

namespace urna::ballot {
namespace {

// Everything a challenge may depend on, with values that a row changes one by one.
struct Inputs {
  Hash32 election{1};
  std::string station = "0101001";
  BallotIdentity identity{1, 2, {3}};
  std::uint32_t contest = 4;
  std::uint32_t option = 5;
  Bytes ciphertext = Bytes(64, 6);
  Bytes all_ciphertexts = Bytes(192, 7);
  Bytes commitments = Bytes(128, 8);

  [[nodiscard]] Hash32 hi() const { return ballot_hash(election, station, identity); }
};

struct Row {
  const char* input;
  std::function<void(Inputs&)> change;
};

const std::vector<Row>& identity_rows() {
  static const std::vector<Row> rows = {
      {"election hash", [](Inputs& in) { in.election[31] ^= 1; }},
      {"station", [](Inputs& in) { in.station = "0101002"; }},
      {"segment", [](Inputs& in) { ++in.identity.segment; }},
      {"style", [](Inputs& in) { ++in.identity.style; }},
      {"ballot id", [](Inputs& in) { in.identity.id[31] ^= 1; }}};
  return rows;
}

// Every byte of a run of points is an input of its own.
void add_bytes(std::vector<Row>& rows, const char* name, Bytes Inputs::* member,
               std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    rows.push_back({name, [member, i](Inputs& in) { (in.*member)[i] ^= 1; }});
  }
}

void expect_all_matter(const std::vector<Row>& rows,
                       const std::function<crypto::Hash64(const Inputs&)>& challenge) {
  const crypto::Hash64 before = challenge(Inputs{});
  EXPECT_EQ(challenge(Inputs{}), before);
  for (const Row& row : rows) {
    Inputs changed;
    row.change(changed);
    EXPECT_NE(challenge(changed), before) << row.input;
  }
}

TEST(FiatShamir, OptionChallenge) {
  auto rows = identity_rows();
  rows.push_back({"contest", [](Inputs& in) { ++in.contest; }});
  rows.push_back({"option", [](Inputs& in) { ++in.option; }});
  add_bytes(rows, "alpha, beta", &Inputs::ciphertext, 64);
  add_bytes(rows, "a0, b0, a1, b1", &Inputs::commitments, 128);
  expect_all_matter(rows, [](const Inputs& in) {
    return option_challenge(in.hi(), in.contest, in.option, in.ciphertext,
                            in.commitments);
  });
}

TEST(FiatShamir, FoldChallenge) {
  auto rows = identity_rows();
  rows.push_back({"contest", [](Inputs& in) { ++in.contest; }});
  add_bytes(rows, "ciphertexts", &Inputs::all_ciphertexts, 192);
  expect_all_matter(rows, [](const Inputs& in) {
    return fold_challenge(in.hi(), in.contest, in.all_ciphertexts);
  });
}

TEST(FiatShamir, ContestChallenge) {
  auto rows = identity_rows();
  rows.push_back({"contest", [](Inputs& in) { ++in.contest; }});
  add_bytes(rows, "ciphertexts", &Inputs::all_ciphertexts, 192);
  add_bytes(rows, "commitments", &Inputs::commitments, 128);
  expect_all_matter(rows, [](const Inputs& in) {
    return contest_challenge(in.hi(), in.contest, in.all_ciphertexts, in.commitments);
  });
}

TEST(FiatShamir, ConfirmationCodeAndNonce) {
  auto rows = identity_rows();
  add_bytes(rows, "ciphertexts", &Inputs::all_ciphertexts, 192);
  expect_all_matter(rows, [](const Inputs& in) {
    crypto::Hash64 out{};
    std::ranges::copy(confirmation_code(in.hi(), in.all_ciphertexts), out.begin());
    return out;
  });
  auto nonce_rows = identity_rows();
  nonce_rows.push_back({"contest", [](Inputs& in) { ++in.contest; }});
  nonce_rows.push_back({"option", [](Inputs& in) { ++in.option; }});
  add_bytes(nonce_rows, "seed", &Inputs::ciphertext, 32);
  expect_all_matter(nonce_rows, [](const Inputs& in) {
    crypto::Hash64 out;
    nonce(in.hi(), in.contest, in.option, std::span(in.ciphertext).first<32>(), out);
    return out;
  });
}

// Challenges of different kinds never coincide, whatever their inputs.
TEST(FiatShamir, TagsSeparate) {
  const Inputs in;
  const Bytes none;
  EXPECT_NE(fold_challenge(in.hi(), 1, in.ciphertext),
            contest_challenge(in.hi(), 1, in.ciphertext, none));
}

TEST(Statement, BindsElectionStationAndCode) {
  const Inputs in;
  const Hash32 code{9};
  const Bytes before = ballot_statement(in.election, in.station, code);
  EXPECT_NE(ballot_statement(Hash32{2}, in.station, code), before);
  EXPECT_NE(ballot_statement(in.election, "x", code), before);
  EXPECT_NE(ballot_statement(in.election, in.station, Hash32{8}), before);
}

}  // namespace
}  // namespace urna::ballot
