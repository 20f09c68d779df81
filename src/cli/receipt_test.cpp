// `urna receipt check` as a voter types it: the code by hand, the texts of the codes,
// pictures of paper; on an honest record and on records in which the
// ballot is missing, changed, or was challenged.
#include "log/receipt.hpp"

#include "ballot/code.hpp"
#include "ballot/hashes.hpp"
#include "cli/testing/program.hpp"
#include "record/testing/tamper_edit.hpp"
#include "sheet/paper/document.hpp"
#include "sheet/voter_slip.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace urna::cli {
namespace {

using ::testing::HasSubstr;
using testing::Ran;
using testing::Workplace;
namespace made = record::testing;

made::World& town() {
  static made::World world(
      {.files = made::example_files(URNA_SOURCE_DIR "/examples/town")});
  return world;
}

class ReceiptCheck : public ::testing::Test {
 protected:
  // An honest record is in the folder "record".
  ReceiptCheck() { write("record", town().documents()); }

  void write(const std::string& folder, const made::Documents& documents) const {
    base::RealFiles files;
    const auto done = made::write_record(files, place.path(folder), documents);
    ASSERT_TRUE(done) << done.error().text();
  }
  // The record with another package for N01, signed again by its machine.
  void write_changed(const std::string& folder,
                     const std::function<void(ballot::Box&)>& change) const {
    made::WorldStation station = town().stations()[0];
    change(station.content.box);
    made::Documents documents = town().documents();
    made::replace(documents, record::kinds::package, "N01", town().package(station));
    write(folder, documents);
  }
  static const ballot::Station& station() {
    return town().stations()[0].content.box.station;
  }
  static crypto::SigningKey machine() {
    return made::known_key(town().stations()[0].device);
  }
  static Hash32 code_of(ballot::Decision decision) {
    for (const auto& item : town().stations()[0].content.box.ballots) {
      if (item.decision != decision) continue;
      const auto read = ballot::BallotBytes::read(station(), item.ballot).value();
      return ballot::confirmation_code(read.hash(station()), read.ciphertexts());
    }
    ADD_FAILURE();
    return {};
  }
  // The paper as the machine prints it, photographed without a fault.
  void picture(const std::string& name, const sheet::Document& paper) const {
    const auto pages = sheet::to_png(paper, sheet::Medium::roll80).value();
    place.write(name, std::string(as_text(pages.front())));
  }
  // The text of the code on a voter's paper.
  static std::string slip(sheet::VoterSlipKind kind, const Hash32& code,
                          const crypto::SigningKey& key) {
    const Bytes statement =
        ballot::ballot_statement(station().election_hash(), "N01", code);
    const auto use =
        kind == sheet::VoterSlipKind::cast ? ballot::kCastUse : ballot::kReceiptUse;
    return sheet::to_text({kind, "N01", code, key.sign(use, statement)});
  }
  static std::string cast_code(const Hash32& code) {
    return slip(sheet::VoterSlipKind::cast, code, machine());
  }
  static std::string receipt_code(const Hash32& code) {
    return slip(sheet::VoterSlipKind::receipt, code, machine());
  }
  // Paper with a code among other things.
  static sheet::Document paper(const Hash32& code, const std::string& qr) {
    sheet::Document d;
    d.body.emplace_back(sheet::BannerBlock{"VOTO EMITIDO"});
    d.body.emplace_back(
        sheet::TextBlock{ballot::code_text(code), 3.4, true, true, true});
    d.body.emplace_back(sheet::QrBlock{qr, "Guárdelo con su recibo"});
    return d;
  }

  Workplace place;
};

const std::string kCast =
    "receipt check record --log-key " + made::log_signer().verifier().text();

TEST_F(ReceiptCheck, FindsACodeTypedByHandAndKeepsTheProof) {
  std::string code = ballot::code_text(code_of(ballot::Decision::cast));
  const Ran typed = place.run(kCast + " " + code + " --out proof.json");
  EXPECT_EQ(typed.status, 0) << typed.out << typed.err;
  EXPECT_THAT(typed.out, HasSubstr("RECORDED AS CAST"));
  EXPECT_THAT(typed.out, HasSubstr("not checked: which election this is"));
  const auto json = base::parse_json(place.read("proof.json")).value();
  const auto proof = log::parse_receipt(*json.find("log_proof")->if_string());
  ASSERT_TRUE(proof) << proof.error().text();
  EXPECT_EQ(static_cast<std::int64_t>(proof->index), *json.find("entry")->if_int());

  std::ranges::transform(code, code.begin(), [](unsigned char c) {
    return c == '-' ? ' ' : static_cast<char>(std::tolower(c));
  });
  EXPECT_EQ(place.run(kCast + " '" + code + "'").status, 0);
  code[2] = '1';
  const Ran wrong = place.run(kCast + " '" + code + "'");
  EXPECT_EQ(wrong.status, 2);
  EXPECT_THAT(wrong.err, HasSubstr("group 1 is"));
  EXPECT_EQ(place.run(kCast).status, 2);
}

TEST_F(ReceiptCheck, ReadsPicturesOfTheMachinesPaper) {
  const Hash32 code = code_of(ballot::Decision::cast);
  picture("receipt.png", paper(code, receipt_code(code)));
  picture("cast.png", paper(code, cast_code(code)));
  for (const std::string name : {"receipt.png", "cast.png"}) {
    const Ran ran = place.run(kCast + " --picture " + name);
    EXPECT_EQ(ran.status, 0) << ran.out << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("signed by a machine of the station"));
  }
  picture("nothing.png", paper(code, "SOMETHING ELSE"));
  const Ran nothing = place.run(kCast + " --picture nothing.png");
  EXPECT_EQ(nothing.status, 2);
  EXPECT_THAT(nothing.err, HasSubstr("shows no code"));
}

TEST_F(ReceiptCheck, CallsACastSlipEvidenceWhenTheBallotIsNotThere) {
  const Hash32 code = code_of(ballot::Decision::cast);
  const std::string cast = " '" + cast_code(code) + "'";
  const std::string receipt = " '" + receipt_code(code) + "'";
  const auto find = [&](ballot::Box& box) {
    return std::ranges::find(box.ballots, ballot::Decision::cast,
                             &ballot::BoxBallot::decision);
  };
  write_changed("missing", [&](ballot::Box& box) { box.ballots.erase(find(box)); });
  write_changed("changed",
                [&](ballot::Box& box) { made::double_point(find(box)->ballot, 0); });
  write_changed("voided", [&](ballot::Box& box) {
    find(box)->decision = ballot::Decision::voided;
  });
  made::Documents gone = town().documents();
  made::erase(gone, record::kinds::package, "N01");
  write("gone", gone);
  for (const std::string folder : {"missing", "changed", "voided", "gone"}) {
    const Ran ran = place.run("receipt check " + folder + cast);
    EXPECT_EQ(ran.status, 1) << folder << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("EVIDENCE FOR A COMPLAINT")) << folder;
    EXPECT_EQ(place.run("receipt check " + folder + receipt).status, 1) << folder;
  }
  EXPECT_THAT(place.run("receipt check voided" + receipt).out,
              HasSubstr("complain and bring"));
  EXPECT_THAT(place.run("receipt check gone " + ballot::code_text(code)).out,
              HasSubstr("A code alone is no evidence"));
}

TEST_F(ReceiptCheck, SaysThatAChallengedBallotIsNoVote) {
  const Hash32 code = code_of(ballot::Decision::challenged);
  const Ran ran = place.run("receipt check record '" + receipt_code(code) + "'");
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.out, HasSubstr("recorded as challenged. That is right if"));
}

TEST_F(ReceiptCheck, DoubtsARecordThatSomebodyChanged) {
  const std::string code = ballot::code_text(code_of(ballot::Decision::cast));
  base::RealFiles files;
  made::sign_checkpoint(files, place.path("record"),
                        [](log::Checkpoint& checkpoint) { checkpoint.root[3] ^= 1; });
  const Ran ran = place.run(kCast + " " + code);
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.out, HasSubstr("DOUBT     check 5 (tree)"));
  EXPECT_THAT(ran.out, HasSubstr("cannot be relied on"));

  write("again", town().documents());
  const auto& package = made::bytes_of(town().documents(), "package", "N01");
  std::filesystem::remove(
      place.path("again/" + log::blob_path(crypto::sha256(package))));
  const Ran lost = place.run("receipt check again " + code);
  EXPECT_EQ(lost.status, 1);
  EXPECT_THAT(lost.out, HasSubstr("NOT READ  package of N01"));
}

TEST_F(ReceiptCheck, DoesNotTakeASlipOfAnybodyForEvidence) {
  const Hash32 code{1};
  const Ran ran = place.run(
      "receipt check record '" +
      slip(sheet::VoterSlipKind::cast, code, made::known_key("nobody")) + "'");
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.out, HasSubstr("no evidence against the record"));
}

}  // namespace
}  // namespace urna::cli
