#include "center/decision.hpp"

#include "base/encoding.hpp"
#include "center/errors.hpp"
#include "center/testing/small_centre.hpp"
#include "record/verify.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace urna::center {
namespace {

using record::testing::known_key;
using testing::SmallCentre;
using testing::town;

Statement sample() {
  Statement out;
  out.definition[0] = 2;
  out.family = "package";
  out.name = "N01";
  out.documents = {Hash32{3}, Hash32{4}};
  out.counts = Hash32{4};
  out.reason = "The first is a rehearsal print.";
  out.date = "2026-12-07";
  return out;
}

TEST(Statement, IsTheOneOfTheFormatsPage) {
  const std::string zeros(62, '0');
  EXPECT_EQ(sample().text(), fmt::format("urna-centre-decision-1\n"
                                         "definition 02{0}\n"
                                         "about package N01\n"
                                         "documents 03{0} 04{0}\n"
                                         "counts 04{0}\n"
                                         "reason The first is a rehearsal print.\n"
                                         "date 2026-12-07\n",
                                         zeros));
}

TEST(Statement, ReadsBackAndRefusesEverythingElse) {
  const std::string good = sample().text();
  EXPECT_EQ(Statement::parse(good).value(), sample());
  for (std::size_t i = 0; i < good.size(); ++i) {
    EXPECT_FALSE(Statement::parse(good.substr(0, i))) << i;
  }
  const auto refused = [](auto change) {
    Statement bad = sample();
    change(bad);
    return !Statement::parse(bad.text());
  };
  EXPECT_TRUE(refused([](Statement& s) { std::swap(s.documents[0], s.documents[1]); }));
  EXPECT_TRUE(refused([](Statement& s) { s.documents[1] = s.documents[0]; }));
  EXPECT_TRUE(refused([](Statement& s) { s.counts = Hash32{9}; }));
  EXPECT_TRUE(refused([](Statement& s) { s.reason = ""; }));
  EXPECT_TRUE(refused([](Statement& s) { s.reason = "a\tb"; }));
  EXPECT_TRUE(refused([](Statement& s) { s.date = "2026-02-30"; }));
  EXPECT_TRUE(refused([](Statement& s) { s.family = "definition"; }));
}

TEST(Statement, SignaturesCoverEveryWord) {
  const auto key = known_key("PRESIDENT");
  const std::string text = sample().text();
  const std::string line = sign_statement(text, "PRESIDENT", "V-1", key);
  const auto read = read_decision_signature(text, line);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->key, key.public_key());
  Statement other = sample();
  other.counts.reset();
  EXPECT_FALSE(read_decision_signature(other.text(), line));
  for (std::size_t i = 0; i < line.size(); ++i) {
    std::string bad = line;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    // The name and the role are the key owner's own words: anybody may misspell them.
    const auto at = read_decision_signature(text, bad);
    EXPECT_TRUE(!at || at->role != read->role || at->name != read->name) << i;
  }
}

// A town whose first station sent two packages.
class TwoPackages : public ::testing::Test {
 protected:
  SmallCentre centre;
  Hash32 first = centre.send("package", "N01").hash;
  Hash32 second{};

  void SetUp() override {
    centre.verify();
    centre.publish();
    record::testing::WorldStation station = town().stations()[0];
    station.content.events += "20261206T190500-0400 SHEET-PRINTED 2\n";
    second = centre.send(town().package(station)).hash;
    centre.verify();
    ASSERT_EQ(centre.now(second).state, State::conflict);
  }
  Statement statement(std::optional<Hash32> counts) const {
    Statement out;
    out.definition = town().definition().hash();
    out.family = "package";
    out.name = "N01";
    out.documents = {std::min(first, second), std::max(first, second)};
    out.counts = counts;
    out.reason = "The second was printed after the box was sealed.";
    out.date = "2026-12-07";
    return out;
  }
  Result<bool> sign(const Statement& statement, std::string_view role,
                    std::string_view identity) {
    const std::string text = statement.text();
    const std::string name = role == "PRESIDENT" ? "V-1" : "V-2";
    const auto key = known_key(role);
    return centre->decisions.sign(
        text + sign_statement(text, std::string(role), name, key),
        parse_identity(identity).value());
  }
};

TEST_F(TwoPackages, TwoPeopleDecideAndTheRecordSaysSo) {
  const Statement chosen = statement(first);
  const auto one = sign(chosen, "PRESIDENT", "official ANA");
  ASSERT_TRUE(one) << one.error().text();
  EXPECT_FALSE(*one);
  EXPECT_EQ(centre.now(second).state, State::conflict);
  EXPECT_EQ(centre->decisions.open_conflicts()->front().proposals.size(), 1U);
  // Also after a restart.
  centre.restart();
  const auto two = sign(chosen, "SECRETARY", "official LUIS");
  ASSERT_TRUE(two) << two.error().text();
  EXPECT_TRUE(*two);
  EXPECT_TRUE(centre->decisions.open_conflicts()->empty());
  EXPECT_EQ(centre.now(first).state, State::published);
  EXPECT_EQ(centre.now(second).state, State::published);
  EXPECT_NE(centre.now(second).reason.find("does not count"), std::string::npos);
  // Both packages, the decision and the signed words are in the record.
  const auto frame = centre.frame();
  EXPECT_EQ(frame.index.versions("package", "N01").size(), 2U);
  EXPECT_EQ(frame.package_of("N01").value(), first);
  EXPECT_FALSE(frame.report.findings.failed(record::Check::conflicts));
  EXPECT_EQ(frame.report.findings.of(record::Check::decisions).state,
            record::State::passed);
  ASSERT_EQ(frame.index.of("correction").size(), 1U);
  const auto& [name, versions] = *frame.index.of("correction").begin();
  EXPECT_TRUE(name.starts_with("decision-N01-"));
  const auto text = record::read_blob(*frame.files, centre.record(), "correction",
                                      versions.front().hash);
  EXPECT_NE(as_text(*text).find("sign PRESIDENT V-1"), std::string_view::npos);
  EXPECT_NE(as_text(*text).find("sign SECRETARY V-2"), std::string_view::npos);
}

TEST_F(TwoPackages, TheSecondMayCountAndAThirdOpensTheQuestionAgain) {
  ASSERT_TRUE(sign(statement(second), "PRESIDENT", "official ANA"));
  ASSERT_TRUE(sign(statement(second), "SECRETARY", "official LUIS"));
  EXPECT_EQ(centre.frame().package_of("N01").value(), second);
  record::testing::WorldStation station = town().stations()[0];
  station.content.events += "20261206T190600-0400 SHEET-PRINTED 3\n";
  const Hash32 third = centre.send(town().package(station)).hash;
  centre.verify();
  Statement none = statement(std::nullopt);
  none.documents.push_back(third);
  std::ranges::sort(none.documents);
  ASSERT_TRUE(sign(none, "PRESIDENT", "official ANA"));
  const auto done = sign(none, "SECRETARY", "official LUIS");
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_TRUE(*done);
  const auto frame = centre.frame();
  EXPECT_FALSE(frame.package_of("N01"));
  EXPECT_EQ(frame.decisions.decisions.size(), 1U);  // the later one took its place
}

TEST_F(TwoPackages, OnePersonIsNeverTwo) {
  const Statement chosen = statement(first);
  ASSERT_TRUE(sign(chosen, "PRESIDENT", "official ANA"));
  // The same again, and another key under the same certificate: still one.
  EXPECT_FALSE(sign(chosen, "PRESIDENT", "official ANA").value());
  EXPECT_FALSE(sign(chosen, "SECRETARY", "official ANA").value());
  EXPECT_FALSE(sign(chosen, "PRESIDENT", "official ANA").value());
  // The same key under another certificate.
  const auto same = sign(chosen, "PRESIDENT", "official LUIS");
  ASSERT_FALSE(same);
  EXPECT_EQ(same.error().kind, errors::same_person);
  EXPECT_EQ(centre.now(second).state, State::conflict);
}

TEST_F(TwoPackages, DifferentWordsAreNoAgreement) {
  ASSERT_TRUE(sign(statement(first), "PRESIDENT", "official ANA"));
  EXPECT_FALSE(sign(statement(second), "SECRETARY", "official LUIS").value());
  Statement other = statement(first);
  other.reason = "Another reason.";
  EXPECT_FALSE(sign(other, "SECRETARY", "official LUIS").value());
  EXPECT_EQ(centre.frame().index.versions("package", "N01").size(), 1U);
}

TEST_F(TwoPackages, OnlyKnownOfficialsAndOnlyWhatStandsNow) {
  const std::string text = statement(first).text();
  const auto stranger = centre->decisions.sign(
      text + sign_statement(text, "PRESIDENT", "V-1", known_key("thief")),
      parse_identity("official ANA").value());
  ASSERT_FALSE(stranger);
  EXPECT_EQ(stranger.error().kind, errors::unknown_signer);
  Statement old = statement(first);
  old.documents = {first};
  EXPECT_EQ(sign(old, "PRESIDENT", "official ANA").error().kind, errors::state_changed);
  Statement elsewhere = statement(first);
  elsewhere.name = "N02";
  EXPECT_EQ(sign(elsewhere, "PRESIDENT", "official ANA").error().kind,
            errors::not_in_queue);
  Statement foreign = statement(first);
  foreign.definition[0] ^= 1;
  EXPECT_EQ(sign(foreign, "PRESIDENT", "official ANA").error().kind,
            errors::bad_decision);
}

TEST(Decisions, ALoneSheetNeverCountsInsteadOfAPackage) {
  SmallCentre centre;
  const Hash32 package = centre.send("package", "N01").hash;
  const auto& station = town().stations()[0];
  sheet::SheetFields fields = station.sheet;
  fields.ended_without_vote = 2;
  fields.activated = *fields.activated + 1;
  const Hash32 sheet =
      centre
          .send(
              as_bytes(sheet::to_file_text(town().sign_sheet(fields, station.device))))
          .hash;
  centre.verify();
  centre.publish();
  Statement said;
  said.definition = town().definition().hash();
  said.family = "package";
  said.name = "N01";
  said.documents = {std::min(package, sheet), std::max(package, sheet)};
  said.counts = sheet;
  said.reason = "Test.";
  said.date = "2026-12-07";
  const auto sign = [&](std::string role, std::string identity) {
    const std::string text = said.text();
    return centre->decisions.sign(
        text + sign_statement(text, role, "V", known_key(role)),
        parse_identity(identity).value());
  };
  EXPECT_EQ(sign("PRESIDENT", "official ANA").error().kind, errors::bad_decision);
  said.counts = package;
  ASSERT_TRUE(sign("PRESIDENT", "official ANA"));
  const auto done = sign("SECRETARY", "official LUIS");
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_TRUE(*done);
  EXPECT_EQ(centre.now(package).state, State::published);
  EXPECT_EQ(centre.now(sheet).state, State::set_aside);
  const auto frame = centre.frame();
  EXPECT_TRUE(frame.index.of("decisions").empty());
  EXPECT_EQ(frame.index.of("correction").size(), 1U);
}

}  // namespace
}  // namespace urna::center
