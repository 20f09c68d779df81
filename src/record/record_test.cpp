// Making a record, what the caller knows, history, shards, receipts.
#include "ballot/code.hpp"
#include "ballot/hashes.hpp"
#include "base/encoding.hpp"
#include "crypto/sha256.hpp"
#include "log/merkle.hpp"
#include "log/testing/memory_lock.hpp"
#include "record/errors.hpp"
#include "record/receipt.hpp"
#include "record/testing/tamper_edit.hpp"
#include "record/verify.hpp"
#include "sheet/certificate.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace urna::record {
namespace {

using base::testing::ScriptedClock;
using base::testing::ScriptedFiles;

testing::World& town() {
  static testing::World world(
      {.files = testing::example_files(URNA_SOURCE_DIR "/examples/town")});
  return world;
}

ScriptedFiles honest() {
  ScriptedFiles files;
  EXPECT_TRUE(testing::write_record(files, "r", town().documents()));
  return files;
}

VerifyOptions one_thread() {
  VerifyOptions options;
  options.jobs = 1;
  return options;
}

Result<Recorder> open(base::FileSystem& files, log::LockStore& lock,
                      ScriptedClock& clock, bool create) {
  const log::LogPlaces places{"r", "s"};
  return create ? Recorder::create(files, places, lock, clock, testing::log_signer())
                : Recorder::open(files, places, lock, clock, testing::log_signer());
}

const NewDocument kNote{"correction", "n1", Bytes{'a'}};
const NewDocument kCertificate{"certificate", "UM-1", Bytes{'b'}};
const NewDocument kOther{"certificate", "UM-1", Bytes{'c'}};

TEST(Recorder, AddsOnceAndKeepsASecondVersionAsAConflict) {
  ScriptedFiles files;
  log::testing::MemoryLock lock;
  ScriptedClock clock(1000);
  (void)files.make_folder("r");
  (void)files.make_folder("s");
  auto recorder = open(files, lock, clock, true);
  ASSERT_TRUE(recorder) << recorder.error().text();
  EXPECT_EQ(open(files, lock, clock, true).error().kind, errors::record_exists);

  const std::vector<NewDocument> two{kNote, kCertificate};
  ASSERT_TRUE(recorder->add(two));
  EXPECT_EQ(recorder->log().size(), 3U);
  const auto again = recorder->add(two);
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->front().fresh);
  EXPECT_EQ(recorder->log().size(), 3U) << "nothing was added";

  const auto other = recorder->add(std::vector<NewDocument>{kOther});
  ASSERT_TRUE(other);
  EXPECT_TRUE(other->front().fresh && other->front().conflict);
  auto reopened = open(files, lock, clock, false);
  ASSERT_TRUE(reopened) << reopened.error().text();
  EXPECT_EQ(reopened->index().versions("certificate", "UM-1").size(), 2U);
  EXPECT_EQ(reopened->index().conflicts("certificate").size(), 1U);
  EXPECT_EQ(reopened->add(std::vector<NewDocument>{{"secret", "x", {}}}).error().kind,
            errors::unknown_kind);
}

// Power cut at every change: afterwards adding again gives the same record as a run
// that nothing disturbed.
TEST(Recorder, FinishesAnInterruptedAddByAddingAgain) {
  const std::vector<NewDocument> two{kNote, kCertificate};
  std::size_t changes = 0;
  Hash32 root{};
  for (std::size_t cut = 0; cut == 0 || cut <= changes; ++cut) {
    ScriptedFiles files;
    log::testing::MemoryLock lock;
    ScriptedClock clock(1000);
    ASSERT_TRUE(base::make_folder_durable(files, "r"));
    ASSERT_TRUE(base::make_folder_durable(files, "s"));
    auto recorder = open(files, lock, clock, true);
    ASSERT_TRUE(recorder);
    const std::size_t before = files.changes();
    if (cut > 0) files.cut_power_at(before + cut - 1);
    const auto first = recorder->add(two);
    if (cut == 0) {
      ASSERT_TRUE(first);
      changes = files.changes() - before;
      root = recorder->log().checkpoint().root;
      continue;
    }
    files.power_on([&](std::size_t i) { return (i + cut) % 3 != 0; });
    auto reopened = open(files, lock, clock, false);
    ASSERT_TRUE(reopened) << cut << ": " << reopened.error().text();
    ASSERT_TRUE(reopened->add(two)) << cut;
    EXPECT_EQ(reopened->log().checkpoint().root, root) << cut;
    for (const NewDocument& one : two) {
      const auto hash = reopened->index().last(one.kind, one.name);
      ASSERT_TRUE(hash);
      EXPECT_TRUE(read_blob(files, "r", one.kind, *hash)) << cut;
    }
  }
  EXPECT_GT(changes, 5U);
}

TEST(Recorder, KnowsEveryDocumentOfARecordByItsContent) {
  for (const NewDocument& one : town().documents()) {
    if (one.kind == kinds::definition || one.kind == kinds::correction) continue;
    const auto found = identify("file", one.bytes);
    ASSERT_TRUE(found) << one.kind << " " << one.name << found.error().text();
    EXPECT_EQ(found->kind, one.kind);
    EXPECT_EQ(found->name, one.name);
  }
  const std::string policy = "# whose signatures count\nlog " +
                             testing::log_signer().verifier().text() +
                             "\nquorum none\n";
  const auto witnesses = identify("f", to_bytes(as_bytes(policy)));
  ASSERT_TRUE(witnesses) << witnesses.error().text();
  EXPECT_EQ(witnesses->kind, kinds::policy);
  EXPECT_EQ(witnesses->name, "witnesses");
  EXPECT_EQ(identify("f", Bytes{'x'}).error().kind, errors::unknown_document);
}

TEST(Trust, WhatIsNotKnownIsNotCheckedAndWhatDiffersFails) {
  ScriptedFiles files = honest();
  VerifyOptions options = one_thread();
  auto report = verify(files, "r", options);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->count(Check::trust_root).not_run, 1U);
  EXPECT_EQ(report->count(Check::log_key).not_run, 1U);
  EXPECT_EQ(report->count(Check::history).not_run, 1U);
  options.trust.election = Hash32{1};
  options.trust.log_key =
      log::VerifierKey::make(std::string(testing::kOrigin), log::KeyType::ed25519,
                             testing::known_key("nobody").public_key())
          .value();
  report = verify(files, "r", options);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->count(Check::trust_root).failed, 1U);
  EXPECT_EQ(report->count(Check::log_key).failed, 1U);
  EXPECT_EQ(report->count(Check::checkpoint).failed, 1U);
}

// Two histories, both signed by the log: whoever saw the first is not shown the second.
TEST(Trust, RewrittenAndShortenedHistoryFails) {
  ScriptedFiles before = honest();
  const std::string seen = base::read_text(before, "r/checkpoint").value();
  VerifyOptions options = one_thread();
  options.stations = {"S01"};
  options.trust.seen = {seen};
  EXPECT_EQ(verify(before, "r", options)->count(Check::history).passed, 1U);

  testing::Documents documents = town().documents();
  documents.push_back({"correction", "later", Bytes{'x'}});
  ScriptedFiles longer;
  ASSERT_TRUE(testing::write_record(longer, "r", documents));
  EXPECT_EQ(verify(longer, "r", options)->count(Check::history).passed, 1U);

  testing::bytes_of(documents, kinds::correction, "note-1").push_back('!');
  ScriptedFiles rewritten;
  ASSERT_TRUE(testing::write_record(rewritten, "r", documents));
  EXPECT_EQ(verify(rewritten, "r", options)->count(Check::history).failed, 1U);

  documents.resize(documents.size() - 3);
  ScriptedFiles shorter;
  ASSERT_TRUE(testing::write_record(shorter, "r", documents));
  EXPECT_EQ(verify(shorter, "r", options)->count(Check::history).failed, 1U);
}

TEST(Trust, WitnessesOfThePolicyMustHaveSigned) {
  ScriptedFiles files = honest();
  const auto witness = log::NoteSigner::make("w.example", log::KeyType::cosignature,
                                             testing::known_key("witness"))
                           .value();
  VerifyOptions options = one_thread();
  options.stations = {"S01"};
  options.trust.policy = "log " + testing::log_signer().verifier().text() +
                         "\nwitness w " + witness.verifier().text() + "\nquorum w\n";
  EXPECT_EQ(verify(files, "r", options)->count(Check::witnesses).failed, 1U);
  testing::edit(files, "r", "checkpoint", [&](Bytes& bytes) {
    log::Note note = log::parse_note(as_text(bytes)).value();
    note.signatures.push_back(witness.sign(note.text, 1796600000));
    bytes = to_bytes(as_bytes(note.format()));
  });
  const auto report = verify(files, "r", options);
  EXPECT_EQ(report->count(Check::witnesses).passed, 1U) << report->text();
}

TEST(Decisions, SayWhichOfTwoPackagesCounts) {
  testing::Documents documents = town().documents();
  testing::WorldStation other = town().stations()[0];
  other.content.events += "20261206T190000-0400 STOPPED\n";
  documents.push_back({"package", other.code, town().package(other)});
  const std::string decision =
      R"("decisions": [{"station": "N01", "count": [")" +
      base::to_hex(crypto::sha256(
          testing::bytes_of(town().documents(), kinds::package, "N01"))) +
      R"("], "reason": "the first", "decided_by": ["A B", "C D"], "date": "2026-12-07"}])";
  testing::replace_text(
      testing::bytes_of(documents, kinds::decisions, "decisions.json"),
      "\"decisions\": []", decision);
  ScriptedFiles files;
  ASSERT_TRUE(testing::write_record(files, "r", documents));
  const auto report = verify(files, "r", one_thread());
  ASSERT_TRUE(report);
  EXPECT_FALSE(report->failed()) << report->text();
}

TEST(Results, OfMoreStationsThanTheRecordHasAreNotJudged) {
  testing::Documents documents = town().documents();
  testing::erase(documents, kinds::package, "N02");
  ScriptedFiles files;
  ASSERT_TRUE(testing::write_record(files, "r", documents));
  const auto report = verify(files, "r", one_thread());
  ASSERT_TRUE(report);
  EXPECT_EQ(report->count(Check::stations).failed, 1U);
  EXPECT_EQ(report->count(Check::totals).not_run, 1U) << report->text();
  EXPECT_EQ(report->count(Check::seats).not_run, 1U);
}

TEST(Parts, TogetherAreByteForByteOneRun) {
  ScriptedFiles files = honest();
  VerifyOptions options = one_thread();
  const Frame frame = read_frame(files, "r", options.trust).value();
  const Report whole = verify(files, "r", options).value();
  std::vector<Part> parts;
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < 2; ++i) {
    options.shard = i;
    options.shards = 2;
    const Bytes bytes = verify_part(frame, options)->encode();
    parts.push_back(Part::decode(bytes).value());
    EXPECT_EQ(parts.back().encode(), bytes);
    names.push_back(std::to_string(i));
    for (std::size_t at = 0; at < bytes.size(); at += 97) {
      Bytes damaged = bytes;
      damaged[at] ^= 1;
      EXPECT_EQ(Part::decode(damaged).error().kind, errors::bad_part);
    }
  }
  std::ranges::reverse(parts);  // in any order
  const auto report = unite(frame.report, parts, names);
  ASSERT_TRUE(report) << report.error().text();
  const Report reduced = conclude(frame, *report, {});
  EXPECT_EQ(reduced.text(), whole.text());
  EXPECT_EQ(reduced.to_json().dump(), whole.to_json().dump());

  const auto kind = [&](std::vector<Part> some) {
    names.assign(some.size(), "f");
    return unite(frame.report, some, names).error().kind;
  };
  EXPECT_EQ(kind({parts[0]}), errors::part_missing);
  EXPECT_EQ(kind({parts[0], parts[0]}), errors::part_twice);
  Part foreign = parts[1];
  foreign.record.root[0] ^= 1;
  EXPECT_EQ(kind({parts[0], foreign}), errors::other_record);
}

TEST(Parts, OfAnEarlierTimeAreTakenOverWhereNothingIsNew) {
  ScriptedFiles files = honest();
  VerifyOptions options = one_thread();
  const Frame frame = read_frame(files, "r", options.trust).value();
  Part before = verify_part(frame, options).value();
  before.stations.at("N02").cast = 777;  // a mark that only taking over preserves
  testing::Documents documents = town().documents();
  testing::erase(documents, kinds::decryption, "N01-04");
  ScriptedFiles later;
  ASSERT_TRUE(testing::write_record(later, "r", documents));
  options.since = before;
  const auto report = verify(later, "r", options);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->stations.at("N02").cast, 777U);
  EXPECT_NE(report->stations.at("N01").fingerprint,
            before.stations.at("N01").fingerprint);
}

// Somebody whose signature counts from now on may make a check pass that failed.
TEST(Parts, OfAnEarlierTimeAreNotTakenOverWhenOthersMaySign) {
  ScriptedFiles files = honest();
  VerifyOptions options = one_thread();
  const Frame frame = read_frame(files, "r", options.trust).value();
  Part before = verify_part(frame, options).value();
  before.stations.at("N01").cast = 777;
  before.stations.at("N02").cast = 777;
  const auto certificate = sheet::Certificate::issue(
                               {town().definition().model().mode,
                                town().definition().hash(), "SUBSTITUTE", "N02", "V-9"},
                               testing::known_key("SUBSTITUTE").public_key(),
                               testing::known_key("authority"))
                               .value();
  testing::Documents documents = town().documents();
  documents.push_back({std::string(kinds::certificate), "V-9",
                       to_bytes(as_bytes(certificate.text() + "\n"))});
  ScriptedFiles later;
  ASSERT_TRUE(testing::write_record(later, "r", documents));
  options.since = before;
  const auto report = verify(later, "r", options);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->count(Check::certificates).passed, 1U) << report->text();
  EXPECT_EQ(report->stations.at("N01").cast, 777U);
  EXPECT_NE(report->stations.at("N02").cast, 777U);
}

class Receipts : public ::testing::Test {
 protected:
  Receipts() : frame(read_frame(files, "r", {}).value()) {}

  static Slip slip_of(SlipKind kind, const Hash32& code, std::string_view key) {
    const auto statement =
        ballot::ballot_statement(town().key().election_hash(), "N01", code);
    return {kind, code, "N01",
            testing::known_key(key).sign(kind == SlipKind::cast ? "cast" : "receipt",
                                         statement)};
  }
  static Hash32 code_of(ballot::Decision decision) {
    const auto& box = town().stations()[0].content.box;
    const auto item =
        std::ranges::find(box.ballots, decision, &ballot::BoxBallot::decision);
    const auto read = ballot::BallotBytes::read(box.station, item->ballot).value();
    return ballot::confirmation_code(read.hash(box.station), read.ciphertexts());
  }
  ScriptedFiles files = honest();
  Frame frame;
};

TEST_F(Receipts, FindACastBallotAndProveIt) {
  const Hash32 code = code_of(ballot::Decision::cast);
  const auto typed = parse_slip(ballot::code_text(code));
  ASSERT_TRUE(typed);
  const auto answer = check_slip(frame, *typed);
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->kept()) << answer->text(*typed);
  EXPECT_EQ(answer->station, "N01");
  EXPECT_TRUE(log::check_inclusion(answer->position, answer->group, answer->leaf,
                                   answer->proof, answer->root));
  const Slip slip = slip_of(SlipKind::cast, code, "UM-000001");
  EXPECT_TRUE(check_slip(frame, slip)->kept());
  const Slip forged = slip_of(SlipKind::cast, code, "nobody");
  EXPECT_FALSE(check_slip(frame, forged)->kept());
  EXPECT_FALSE(check_slip(frame, forged)->evidence(forged));
}

TEST_F(Receipts, AreEvidenceWhenTheMachineSignedWhatTheRecordDoesNotHold) {
  for (const Hash32& code : {Hash32{9}, code_of(ballot::Decision::voided)}) {
    const Slip slip = slip_of(SlipKind::cast, code, "UM-000001");
    const auto answer = check_slip(frame, slip);
    ASSERT_TRUE(answer);
    EXPECT_TRUE(answer->evidence(slip));
    EXPECT_NE(answer->text(slip).find("EVIDENCE"), std::string::npos);
    const Slip forged = slip_of(SlipKind::cast, code, "nobody");
    EXPECT_FALSE(check_slip(frame, forged)->evidence(forged));
  }
  const Slip typed{SlipKind::typed, Hash32{9}, "", {}};
  EXPECT_FALSE(check_slip(frame, typed)->evidence(typed));
  // A receipt says that the ballot was made, not that it was cast.
  const Slip made = slip_of(SlipKind::receipt, Hash32{9}, "UM-000001");
  EXPECT_TRUE(check_slip(frame, made)->evidence(made));
  const Slip void_one =
      slip_of(SlipKind::receipt, code_of(ballot::Decision::voided), "UM-000001");
  EXPECT_FALSE(check_slip(frame, void_one)->evidence(void_one));
  EXPECT_FALSE(check_slip(frame, void_one)->kept());
}

TEST_F(Receipts, AreReadInTheFormsThatPeopleHave) {
  const Hash32 code{1, 2, 3};
  std::string text = ballot::code_text(code);
  std::ranges::replace(text, '-', ' ');
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
  EXPECT_EQ(parse_slip(text)->code, code);
  const auto slip = slip_of(SlipKind::receipt, code, "UM-000001");
  const std::string qr = "URNAR1 STATION:N01 CODE:" + base::to_base32(code) +
                         " SIGN:" + base::to_base32(*slip.signature);
  ASSERT_TRUE(parse_slip(qr));
  EXPECT_EQ(parse_slip(qr)->signature, slip.signature);
  for (const std::string& bad : {std::string("ABC"), qr + " X", qr.substr(0, 50)}) {
    EXPECT_EQ(parse_slip(bad).error().kind, errors::bad_receipt_code) << bad;
  }
}

// Killed at every change of the disk while the record is made and a document added;
// after the next run a power cut forgets whatever is not durable.
TEST(Recorder, IsFinishedAfterAKillAnywhereAndAPowerCutLater) {
  const std::vector<NewDocument> note{
      {std::string(kinds::correction), "note", to_bytes(as_bytes("Nothing.\n"))}};
  for (std::size_t cut = 0;; ++cut) {
    base::testing::ScriptedFiles files;
    log::testing::MemoryLock lock;
    base::testing::ScriptedClock clock(1'000'000);
    const auto work = [&]() -> Result<void> {
      URNA_CHECK(base::make_folder_durable(files, "r"));
      URNA_CHECK(base::make_folder_durable(files, "r.state"));
      const log::LogPlaces places{"r", "r.state"};
      const bool begun = lock.load().value().has_value();
      URNA_TRY(
          auto recorder,
          begun ? Recorder::open(files, places, lock, clock, testing::log_signer())
                : Recorder::create(files, places, lock, clock, testing::log_signer()));
      clock.advance(std::chrono::seconds(1));
      URNA_CHECK(recorder.add(note));
      return {};
    };
    files.cut_power_at(cut);
    const bool whole = work().has_value();
    files.restart_program();
    const auto again = work();
    ASSERT_TRUE(again) << "cut " << cut << ": " << again.error().text();
    files.power_on([](std::size_t) { return false; });
    const auto frame = read_frame(files, "r", {});
    ASSERT_TRUE(frame) << "cut " << cut << ": " << frame.error().text();
    EXPECT_EQ(frame->document(kinds::correction, "note").value_or(Bytes()),
              note.front().bytes)
        << "cut " << cut;
    EXPECT_FALSE(frame->index.versions(kinds::log_key, "log-key").empty());
    if (whole) return;
  }
}

}  // namespace
}  // namespace urna::record
