// The trustees' whole story with the real program on real files: keys, the ceremony of
// three, sealed ballots, decryption by two of them, totals; and what happens when
// somebody makes a mistake or cheats. docs/trustees.md tells the same to people.
#include "ballot/box.hpp"
#include "base/encoding.hpp"
#include "cli/testing/program.hpp"
#include "trustees/desk.hpp"
#include "trustees/testing/station.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace urna::cli {
namespace {

using ::testing::HasSubstr;
using testing::Ran;
using testing::Workplace;
using trustees::Step;

const std::array<std::string, 3> kNames = {"Ana", "Bruno", "Carla"};

std::string step_words(const std::string& step, std::size_t i) {
  return fmt::format(
      "trustee {} --folder ceremony --key {}/own.key --passphrase-file {}/pass", step,
      kNames[i], kNames[i]);
}

// The value after a label such as "signing key" in what `urna key new` printed.
std::string value_of(const std::string& text, const std::string& label) {
  const std::size_t at = text.find(label);
  const std::size_t from = text.find_first_not_of(' ', at + label.size());
  return text.substr(from, 64);
}

struct PublicKeys {
  std::string signing;
  std::string box;
};

// examples/town with these trustees, and an official who may decide for every station.
void write_town(const Workplace& place, const std::vector<PublicKeys>& keys,
                std::size_t threshold, const std::string& official) {
  std::filesystem::copy(URNA_SOURCE_DIR "/examples/town", place.path("town"));
  std::string text = place.read("town/election.json");
  text.resize(text.find("\"trustees\""));
  text += fmt::format("\"trustees\": {{\"threshold\": {}, \"members\": [", threshold);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    text += fmt::format(R"({}{{"name": "{}", "signing_key": "{}", "box_key": "{}"}})",
                        i == 0 ? "" : ", ", kNames[i], keys[i].signing, keys[i].box);
  }
  place.write("town/election.json", text + "]}}\n");
  place.write("town/officials.csv",
              "station,role,name,key\n,authority,Board," + official + "\n");
}

// A package with a proof of its first ballot spoiled.
std::string spoiled(const std::string& box_bytes) {
  auto box = ballot::parse_box(as_bytes(box_bytes)).value();
  box.ballots[0].ballot.back() ^= 1;
  return std::string(as_text(ballot::box_bytes(box)));
}

class Story : public ::testing::Test {
 protected:
  void make_keys() {
    std::vector<std::string> commands;
    for (const std::string& name : kNames) {
      place.write(name + "/pass", "four words of " + name + "\n");
      commands.push_back(fmt::format(
          "key new {}/own.key --kind trustee --passphrase-file {}/pass", name, name));
    }
    place.write("board/pass", "the board's four words\n");
    commands.push_back("key new board/own.key --passphrase-file board/pass");
    const auto made = place.run_all(commands);
    std::vector<PublicKeys> keys;
    for (std::size_t i = 0; i < kNames.size(); ++i) {
      ASSERT_EQ(made[i].status, 0) << made[i].err;
      keys.push_back(
          {value_of(made[i].out, "signing key"), value_of(made[i].out, "box key")});
    }
    write_town(place, keys, 2, value_of(made.back().out, "signing key"));
    expect_done("election check --sealed town");
  }

  void everybody(const std::string& step) {
    std::vector<std::string> commands;
    for (std::size_t i = 0; i < kNames.size(); ++i) {
      commands.push_back(step_words(step, i));
    }
    for (const Ran& ran : place.run_all(commands)) {
      ASSERT_EQ(ran.status, 0) << step << ": " << ran.err;
    }
  }

  Ran expect_done(const std::string& words) {
    Ran ran = place.run(words);
    EXPECT_EQ(ran.status, 0) << words << "\n" << ran.err;
    return ran;
  }
  void expect_refused(const std::string& words, const std::string& number,
                      int status = 2) {
    const Ran ran = place.run(words);
    EXPECT_EQ(ran.status, status) << words;
    EXPECT_THAT(ran.err, HasSubstr(number)) << words;
  }

  void hold_ceremony() {
    expect_refused("trustee new --folder ceremony", "--after");
    expect_done("trustee new --election town --folder ceremony");
    expect_refused("trustee new --election town --folder ceremony", "U1021");
    expect_refused(
        "trustee commit --folder ceremony --key Ana/own.key "
        "--passphrase-file Bruno/pass",
        "U1213");
    everybody("commit");
    place.write("ceremony/late.urna", place.read("ceremony/commit-02.urna").substr(9));
    everybody("reveal");
    const std::string whole = place.read("ceremony/reveal-02.urna");
    place.write("ceremony/reveal-02.urna", whole.substr(0, 500));
    expect_refused(step_words("share", 0), "the reveal files of trustee 2 (Bruno)");
    EXPECT_THAT(expect_done("trustee status --folder ceremony").out,
                HasSubstr("owes: urna trustee reveal"));
    place.write("ceremony/reveal-02.urna", whole);
    everybody("share");
    expect_refused("trustee combine --folder ceremony --out key.urna", "U3230");
    expect_refused(step_words("complain", 2) + " --about 1", "U3233");
    everybody("confirm");
    EXPECT_THAT(expect_done("trustee status --folder ceremony").out,
                HasSubstr("Complete"));
    expect_done("trustee combine --folder ceremony --election town --out key.urna");
    expect_refused("trustee new --after ceremony --folder again", "is complete");
  }

  // What the log's witnesses give out for a package.
  [[nodiscard]] std::string witnessed(const std::string& package,
                                      const std::string& station) const {
    const trustees::testing::Witnesses witnesses;
    trustees::StationSums sums;
    sums.station = station;
    sums.package = crypto::sha256(as_bytes(place.read(package)));
    const auto seen = witnesses.receipt(trustees::package_entry(sums));
    place.write(package + ".checkpoint", seen.checkpoint);
    const auto policy = witnesses.policy();
    return fmt::format(
        "--checkpoint {}.checkpoint --log-key {} --witness {} "
        "--witness {} --quorum 2",
        package, policy.logs()[0].key.text(), policy.witnesses()[0].key.text(),
        policy.witnesses()[1].key.text());
  }
  [[nodiscard]] std::string decrypt_words(std::size_t i, const std::string& package,
                                          const std::string& evidence) const {
    return fmt::format(
        "trustee decrypt {} --package {} --key {}/own.key --share {}/share-*.secret "
        "--ledger {}/ledger --passphrase-file {}/pass {} --out {}.{}",
        kInputs, package, kNames[i], kNames[i], kNames[i], kNames[i], evidence, package,
        kNames[i]);
  }
  void two_decrypt(const std::string& package, const std::string& station,
                   const std::string& more) {
    const std::string evidence = witnessed(package, station) + more;
    std::vector<std::string> commands;
    for (const std::size_t i : {0u, 2u}) {
      commands.push_back(decrypt_words(i, package, evidence));
    }
    for (const Ran& ran : place.run_all(commands)) ASSERT_EQ(ran.status, 0) << ran.err;
  }

  static constexpr const char* kInputs = "--election town --election-key key.urna";
  Workplace place;
};

TEST_F(Story, FromKeysToTotals) {
  make_keys();
  hold_ceremony();

  place.write("votes",
              "cast MAYOR=FARO COUNCIL=CEIBA PARK=TREES\n"
              "cast MAYOR=FARO PARK=TREES+COURT\n"
              "cast MAYOR=DARIO COUNCIL=RUTA\n"
              "challenged MAYOR=IRENE\n"
              "voided PARK=STAGE\n");
  expect_done(fmt::format("ballot seal votes {} --station N01 --out n01", kInputs));
  expect_done(fmt::format("ballot seal votes {} --station N02 --out n02", kInputs));
  expect_done("ballot verify n01");
  place.write("cut", place.read("n01").substr(0, 3000));
  expect_refused(fmt::format("tally combine {} --package cut n01", kInputs), "U3060");
  place.write("too-many", "cast MAYOR=FARO+DARIO\n");
  expect_refused(fmt::format("ballot seal too-many {} --station N01 --out x", kInputs),
                 "line 1");

  // Not witnessed: refused, and nothing of it is remembered.
  expect_refused(decrypt_words(0, "n01", witnessed("n02", "N02")), "U3262");
  two_decrypt("n01", "N01", "");
  EXPECT_THAT(
      expect_done(
          fmt::format("tally combine {} --package n01 n01.Ana n01.Carla", kInputs))
          .out,
      ::testing::ContainsRegex("FARO +2\n"));
  // One is too few, also given twice, or with a file that is none.
  expect_refused(fmt::format("tally combine {} --package n01 n01.Ana n01.Ana", kInputs),
                 "U3254", 1);
  expect_refused(fmt::format("tally combine {} --package n01 n01.Ana votes", kInputs),
                 "left out U3251", 1);
  // A second package for the station: never.
  expect_done(fmt::format("ballot seal votes {} --station N01 --out n01b", kInputs));
  expect_refused(decrypt_words(0, "n01b", witnessed("n01b", "N01")), "U3260");

  // A faulty ballot: only with the authority's decision.
  place.write("n02", spoiled(place.read("n02")));
  EXPECT_EQ(place.run("ballot verify n02").status, 1);
  expect_refused(decrypt_words(0, "n02", witnessed("n02", "N02")), "U3263");
  expect_done(
      fmt::format("tally decide {} --package n02 --key board/own.key "
                  "--passphrase-file board/pass --reason spoiled --out why",
                  kInputs));
  two_decrypt("n02", "N02", " --decision why");
  EXPECT_THAT(expect_done(fmt::format("tally combine {} --package n02 --json n02.Ana "
                                      "n02.Carla",
                                      kInputs))
                  .out,
              HasSubstr("\"excluded\": 1"));
}

// Bruno deals Ana a share that does not fit. His key files and those of the others
// are made here under one salt, so that the story takes seconds.
TEST_F(Story, ACheatingDealerIsComplainedAboutAndNamed) {
  base::RealFiles files;
  base::SystemRandom random;
  place.write("pass", "one passphrase for all\n");
  crypto::Stretch stretch(as_bytes("one passphrase for all"));
  const trustees::Vault vault{files, random, stretch};
  std::vector<PublicKeys> keys;
  for (std::size_t i = 0; i < 3; ++i) {
    place.write(kNames[i] + "/pass", "one passphrase for all\n");
    const auto made = trustees::TrusteeKeys::generate(random).value();
    ASSERT_TRUE(made.save(vault, place.path(kNames[i] + "/own.key")));
    keys.push_back({base::to_hex(made.signing.public_key().bytes()),
                    base::to_hex(made.box.public_key().bytes())});
  }
  write_town(place, keys, 2, keys[0].signing);
  expect_done("trustee new --election town --folder ceremony");
  const auto terms =
      trustees::Terms::decode(as_bytes(place.read("ceremony/terms.urna"))).value();

  std::vector<trustees::NamedFile> published;
  const auto publish = [&](const trustees::Message& message) {
    const std::string name = trustees::file_name(message.slot);
    place.write("ceremony/" + name, std::string(as_text(message.encode())));
    published.push_back({name, message.encode()});
  };
  for (const Step step : {Step::commit, Step::reveal, Step::shares}) {
    const auto board = trustees::Board::read(terms, published);
    for (std::size_t i = 0; i < 3; ++i) {
      auto own = trustees::TrusteeKeys::load(vault, place.path(kNames[i] + "/own.key"));
      auto desk =
          trustees::Desk::open(vault, place.path(kNames[i]), terms, *std::move(own));
      auto message = step == Step::commit   ? desk->commit()
                     : step == Step::reveal ? desk->reveal(board)
                                            : desk->share(board);
      if (step == Step::shares && i == 1) {
        auto payload =
            trustees::SharesPayload::decode(terms.binding(), 2, message.value().payload)
                .value();
        payload.boxes[0].back() ^= 1;
        own = trustees::TrusteeKeys::load(vault, place.path("Bruno/own.key"));
        message = trustees::sign_message(terms.binding(), {step, 2, 0},
                                         payload.encode(), own->signing);
      }
      publish(message.value());
    }
  }
  expect_refused(step_words("confirm", 0), "the share from trustee 2 (Bruno)");
  expect_done(step_words("complain", 0) + " --about 2");
  EXPECT_THAT(expect_done("trustee status --folder ceremony").out,
              HasSubstr("owes: urna trustee answer --to 1"));
  expect_refused(step_words("confirm", 2), "a complaint is open");
  expect_done(step_words("answer", 1) + " --to 1");
  const Ran status = place.run("trustee status --folder ceremony");
  EXPECT_EQ(status.status, 1);
  EXPECT_THAT(status.out, HasSubstr("trustee 2 (Bruno) dealt trustee 1 (Ana)"));
  expect_refused(step_words("confirm", 2), "U3231");
  EXPECT_THAT(expect_done("trustee new --after ceremony --folder again").out,
              HasSubstr("attempt 2"));
}

}  // namespace
}  // namespace urna::cli
