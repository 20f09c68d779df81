#include "center/queue.hpp"

#include "base/encoding.hpp"
#include "center/errors.hpp"
#include "center/receipt.hpp"
#include "center/testing/small_centre.hpp"
#include "record/verify.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace urna::center {
namespace {

using testing::SmallCentre;
using testing::town;

Receipt verdict(const SmallCentre& centre, const Item& item) {
  const auto receipt = read_receipt(item.verdict, centre.receipt_key());
  if (!receipt) {
    ADD_FAILURE() << item.verdict << receipt.error().text();
    return {};
  }
  EXPECT_EQ(receipt->hash, item.hash);
  return *receipt;
}

// The town's first station with something changed, signed by its own machine.
Bytes other_package(const std::function<void(record::testing::WorldStation&)>& change) {
  record::testing::WorldStation station = town().stations()[0];
  change(station);
  return town().package(station);
}

TEST(Queue, VerifiesThenPublishesWhatAnHonestTownSends) {
  SmallCentre centre;
  std::vector<Item> sent;
  for (const auto& station : town().stations()) {
    sent.push_back(centre.send("package", station.code, "station " + station.code));
  }
  EXPECT_TRUE(centre.frame().index.of("package").empty());
  centre.verify();
  for (const Item& item : sent) {
    const Item now = centre.now(item.hash);
    EXPECT_EQ(now.state, State::verified) << now.reason;
    EXPECT_EQ(verdict(centre, now).said, Said::verified);
    EXPECT_EQ(now.received, item.received);
  }
  centre.publish();
  const auto frame = centre.frame();
  for (const Item& item : sent) {
    EXPECT_EQ(centre.now(item.hash).state, State::published);
    EXPECT_EQ(frame.package_of(item.station).value(), item.hash);
  }
  // Published once, however often it is sent and published.
  const auto size = frame.report.size;
  (void)centre.send("package", "N01");
  centre.verify();
  centre.publish();
  EXPECT_EQ(centre.frame().report.size, size);
  // And the record verifies: nothing failed.
  const auto report =
      record::verify(*frame.files, centre.record(), record::VerifyOptions{});
  ASSERT_TRUE(report) << report.error().text();
  for (const auto& [code, station] : report->stations) {
    for (const auto& failure : station.findings.failures()) {
      ADD_FAILURE() << code << ": " << failure.what;
    }
  }
}

TEST(Queue, RefusesForANamedReasonAndKeepsTheEvidence) {
  struct Case {
    std::string_view check;
    Bytes bytes;
  };
  const auto resigned = [](auto change) {
    Bytes bytes = town().package(town().stations()[0]);
    change(bytes);
    return bytes;
  };
  const std::vector<Case> cases{
      {"package-signature", resigned([](Bytes& b) { b[b.size() - 1] ^= 1; })},
      {"package-signature", other_package([](auto& s) {
         s.content.certificate = town().certificate("UM-000002", "N02");
       })},
      {"counts", other_package([](auto& s) { s.content.box.ballots.pop_back(); })},
      {"proofs", other_package([](auto& s) {
         Bytes& ballot = s.content.box.ballots[0].ballot;
         ballot[ballot.size() - 32] ^= 1;
       })},
      {"sheets", other_package([](auto& s) { s.content.sheets.front()[300] ^= 1; })},
      {"events", other_package([](auto& s) { s.content.events.clear(); })},
  };
  for (const Case& one : cases) {
    SmallCentre centre;
    const Item item = centre.send(one.bytes);
    centre.verify();
    const Item now = centre.now(item.hash);
    EXPECT_EQ(now.state, State::refused) << one.check;
    EXPECT_TRUE(now.reason.starts_with(one.check)) << one.check << ": " << now.reason;
    EXPECT_EQ(verdict(centre, now).said, Said::refused);
    EXPECT_EQ(verdict(centre, now).reason, one_line(now.reason));
    EXPECT_EQ(centre->shelf.read(item.hash).value(), one.bytes);
    centre.publish();
    EXPECT_TRUE(centre.frame().index.of("package").empty());
    // The right one is taken afterwards: what was refused is in nobody's way.
    const Item good = centre.send("package", "N01");
    centre.verify();
    EXPECT_EQ(centre.now(good.hash).state, State::verified);
  }
}

TEST(Queue, ASecondPackageNeitherWinsNorLoses) {
  SmallCentre centre;
  const Item first = centre.send("package", "N01");
  centre.verify();
  centre.publish();
  const Item second = centre.send(other_package(
      [](auto& s) { s.content.events += "20261206T190500-0400 SHEET-PRINTED 2\n"; }));
  centre.verify();
  centre.publish();
  EXPECT_EQ(centre.now(first.hash).state, State::published);
  const Item now = centre.now(second.hash);
  EXPECT_EQ(now.state, State::conflict) << now.reason;
  EXPECT_EQ(verdict(centre, now).said, Said::conflict);
  EXPECT_EQ(centre.frame().package_of("N01").value(), first.hash);
  EXPECT_EQ(centre->decisions.open_conflicts()->size(), 1U);
}

TEST(Queue, LoneSheetsAreShownUntilThePackageComesAndComparedWithIt) {
  SmallCentre centre;
  const auto& station = town().stations()[0];
  const Item sheet = centre.send(as_bytes(station.content.sheets.front()));
  EXPECT_EQ(sheet.kind, kSheetKind);
  centre.verify();
  centre.publish();
  EXPECT_EQ(centre.now(sheet.hash).state, State::published);
  base::RealFiles files;
  const auto status = [&] {
    const auto text =
        base::read_text(files, base::join_path(centre.side(), "intake.json"));
    const auto json = base::parse_json(text.value()).value();
    return *json.find("stations")->items()[0].find("state")->if_string();
  };
  EXPECT_EQ(status(), "sheet only");
  EXPECT_EQ(files.list(base::join_path(centre.side(), "sheets"))->size(), 1U);
  const Item package = centre.send("package", "N01");
  EXPECT_EQ(status(), "sheet only");
  centre.verify();
  centre.publish();
  EXPECT_EQ(centre.now(package.hash).state, State::published);
  EXPECT_EQ(status(), "published");

  // A sheet that says something else than the package is for people.
  sheet::SheetFields fields = station.sheet;
  fields.ended_without_vote = 2;
  fields.activated = *fields.activated + 1;
  const auto other = town().sign_sheet(fields, station.device);
  const Item lie = centre.send(as_bytes(sheet::to_file_text(other)));
  centre.verify();
  EXPECT_EQ(centre.now(lie.hash).state, State::conflict);
  centre.publish();
  EXPECT_EQ(status(), "conflict");
}

TEST(Queue, RefusesSheetsThatNoMachineOfTheElectionSigned) {
  SmallCentre centre;
  const auto& station = town().stations()[0];
  std::string text = station.content.sheets.front();
  text = text.substr(0, text.find('\n') + 1);  // the text alone
  const Item bare = centre.send(as_bytes(text));
  centre.verify();
  EXPECT_EQ(centre.now(bare.hash).state, State::refused);
  EXPECT_EQ(centre.now(bare.hash).reason.substr(0, 7), "sheets:");
}

TEST(Queue, BoxCountsAndSignaturesWaitForThePackageThatTheyStandBeside) {
  SmallCentre centre;
  const Item box = centre.send("box-count", "N01");
  const Item signatures = centre.send("signatures", "N01");
  centre.verify();
  EXPECT_EQ(centre.now(box.hash).state, State::waiting);
  EXPECT_EQ(centre.now(signatures.hash).state, State::waiting);
  EXPECT_TRUE(centre.now(box.hash).verdict.empty());
  (void)centre.send("package", "N01");
  centre.verify();
  centre.publish();
  EXPECT_EQ(centre.now(box.hash).state, State::published);
  EXPECT_EQ(centre.now(signatures.hash).state, State::published);
  const auto frame = centre.frame();
  EXPECT_EQ(frame.index.versions("box-count", "N01").size(), 1U);
  EXPECT_EQ(frame.index.versions("signatures", "N01").size(), 1U);
}

TEST(Queue, CertificatesOfThisElectionOnly) {
  SmallCentre centre;
  const Item good = centre.send("certificate", "UM-000001", "operator OPS");
  const auto forged =
      sheet::Certificate::issue({town().definition().model().mode,
                                 town().definition().hash(), "MACHINE", "N01", "UM-9"},
                                record::testing::known_key("x").public_key(),
                                record::testing::known_key("thief"));
  const Item bad = centre.send(as_bytes(forged->text() + "\n"), "operator OPS");
  centre.verify();
  EXPECT_EQ(centre.now(good.hash).state, State::verified);
  EXPECT_EQ(centre.now(bad.hash).state, State::refused);
}

// Killed between any two steps: nothing accepted is lost, nothing is published twice.
TEST(Queue, GoesOnAfterARestartAtEveryStep) {
  SmallCentre centre;
  const Item package = centre.send("package", "N01");
  const Item box = centre.send("box-count", "N01");
  centre.restart();
  centre.verify();
  centre.restart();
  EXPECT_EQ(centre.now(package.hash).state, State::verified);
  const std::string receipt = centre.now(package.hash).verdict;
  // In the record, and not marked yet.
  ASSERT_TRUE(centre->publisher.add(
      {{"package", "N01", testing::document_of(town(), "package", "N01")}}));
  const auto size = centre.frame().report.size;
  centre.restart();
  centre.verify();
  centre.publish();
  EXPECT_EQ(centre.now(package.hash).state, State::published);
  EXPECT_EQ(centre.now(package.hash).verdict, receipt);
  EXPECT_EQ(centre.now(box.hash).state, State::published);
  EXPECT_EQ(centre.frame().report.size, size + 1);
}

TEST(Queue, WhatWaitedIsLookedAtAgainAfterAStopRightAfterTheVerdict) {
  SmallCentre centre;
  const Item box = centre.send("box-count", "N01");
  centre.verify();
  ASSERT_EQ(centre.now(box.hash).state, State::waiting);
  const Item package = centre.send("package", "N01");
  // The verdict is stored, and then the power fails.
  ASSERT_TRUE(
      centre->store.move(package.hash, State::received, State::verified, "", "x"));
  centre.restart();
  centre.verify();
  EXPECT_EQ(centre.now(box.hash).state, State::verified);
}

TEST(Queue, ADiskThatCannotBeReadRefusesNothing) {
  SmallCentre centre;
  const Item package = centre.send("package", "N01");
  const std::string blob =
      base::join_path(centre->shelf.folder(), log::blob_path(package.hash));
  base::RealFiles files;
  ASSERT_TRUE(files.rename(blob, blob + ".away"));
  Judge::Bench bench = centre->queue.bench();
  EXPECT_FALSE(bench.judge(package, {}, {}));
  EXPECT_FALSE(centre->queue.step(bench));
  EXPECT_EQ(centre.now(package.hash).state, State::received);
  ASSERT_TRUE(files.rename(blob + ".away", blob));
  centre.verify();  // what failed comes after everything else
  centre.verify();
  EXPECT_EQ(centre.now(package.hash).state, State::verified);
}

TEST(Queue, OtherProgramsMayWriteToTheLogInBetween) {
  SmallCentre centre;
  (void)centre.send("package", "N01");
  centre.verify();
  {
    // As `urna record add` does in a process of its own.
    base::RealFiles files;
    base::SystemClock clock;
    const auto lock =
        log::open_sqlite_lock(centre.record() + ".state/lock.sqlite").value();
    auto signer =
        log::NoteSigner::make(std::string(record::testing::kOrigin),
                              log::KeyType::ed25519, record::testing::known_key("log"));
    auto recorder =
        record::Recorder::open(files, {centre.record(), centre.record() + ".state"},
                               *lock, clock, *std::move(signer));
    ASSERT_TRUE(recorder) << recorder.error().text();
    const std::vector<record::NewDocument> note{
        {"correction", "note", to_bytes(as_bytes("hello\n"))}};
    ASSERT_TRUE(recorder->add(note));
  }
  centre.publish();
  EXPECT_EQ(centre.frame().index.of("package").size(), 1U);
  EXPECT_EQ(centre.frame().index.of("correction").size(), 1U);
}

TEST(Queue, ARunningCentreDoesAllOfItByItself) {
  SmallCentre centre;
  centre.running().start();
  const Item item = centre.send("package", "N01");
  for (int i = 0; i < 400 && centre.now(item.hash).state != State::published; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(25));
  }
  centre.running().stop();
  EXPECT_EQ(centre.now(item.hash).state, State::published);
  EXPECT_EQ(centre.running().trouble(), "");
  EXPECT_EQ(centre->queue.trouble(), "");
}

}  // namespace
}  // namespace urna::center
