#include "center/intake.hpp"

#include "base/encoding.hpp"
#include "base/errors.hpp"
#include "base/testing/scripted_files.hpp"
#include "center/errors.hpp"
#include "center/receipt.hpp"
#include "center/testing/centre_world.hpp"
#include "crypto/sha256.hpp"

#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace urna::center {
namespace {

using base::testing::ScriptedFiles;
using testing::client_of;
using testing::document_of;
using testing::send_all;
using testing::town;

crypto::SigningKey centre_key() {
  return record::testing::known_key("centre");
}

// A centre's front on a scripted disk; start() is the machine starting again.
class Bench {
 public:
  explicit Bench(IntakeLimits limits = {}) : limits_(limits) {
    rows_ = open_sqlite_store(temp_.at("centre.sqlite")).value();
    store.emplace(disk, *rows_);
  }
  Result<void> start() {
    intake.reset();
    URNA_TRY(shelf, Shelf::open(disk, "centre", limits_.uploads));
    intake.emplace(*shelf, *store, clock, town().definition(), centre_key(), limits_);
    return {};
  }
  [[nodiscard]] std::vector<Item> items() { return rows_->all().value(); }

  ScriptedFiles disk;
  base::testing::ScriptedClock clock{1'796'594'400};
  std::optional<testing::ScriptedStore> store;
  std::unique_ptr<Shelf> shelf;
  std::optional<Intake> intake;

 private:
  testing::TempFolder temp_;
  IntakeLimits limits_;
  std::unique_ptr<Store> rows_;
};

Bytes package_n01() {
  return document_of(town(), "package", "N01");
}

TEST(Intake, GivesTheSameReceiptHoweverOftenADocumentComes) {
  Bench b;
  ASSERT_TRUE(b.start());
  const Bytes bytes = package_n01();
  const auto first = send_all(*b.intake, bytes, client_of("station N01"), 1000);
  ASSERT_TRUE(first) << first.error().text();
  EXPECT_EQ(first->kind, "package");
  EXPECT_EQ(first->station, "N01");
  EXPECT_EQ(first->state, State::received);
  b.clock.advance(std::chrono::seconds(60));
  // In other pieces, by somebody else, after a new start.
  ASSERT_TRUE(b.start());
  const auto again = send_all(*b.intake, bytes, client_of("point P1"), 100'000);
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(again->received, first->received);
  EXPECT_EQ(b.items().size(), 1U);
  const auto receipt = read_receipt(first->received, centre_key().public_key());
  ASSERT_TRUE(receipt) << receipt.error().text();
  EXPECT_EQ(receipt->hash, crypto::sha256(bytes));
  EXPECT_EQ(receipt->bytes, bytes.size());
  EXPECT_EQ(receipt->definition, town().definition().hash());
  EXPECT_EQ(b.shelf->read(receipt->hash).value(), bytes);
}

TEST(Intake, GoesOnWhereAnUploadStopped) {
  Bench b;
  ASSERT_TRUE(b.start());
  const Bytes bytes = package_n01();
  const Hash32 hash = crypto::sha256(bytes);
  const Client sender = client_of("station N01");
  const ByteView view = bytes;
  ASSERT_TRUE(b.intake->put({hash, 0, bytes.size(), view.first(700)}, sender));
  ASSERT_TRUE(b.start());
  EXPECT_EQ(b.intake->where(hash, sender)->offset, 700U);
  // A repeated and a premature piece are told where to go on.
  for (const std::size_t at : {std::size_t{0}, std::size_t{900}}) {
    const auto wrong =
        b.intake->put({hash, at, bytes.size(), view.subspan(at, 50)}, sender);
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().kind, errors::wrong_offset);
  }
  EXPECT_TRUE(send_all(*b.intake, bytes, sender, 5000));
}

TEST(Intake, OneSenderCannotSpoilTheUploadOfAnother) {
  Bench b;
  ASSERT_TRUE(b.start());
  const Bytes bytes = package_n01();
  const Hash32 hash = crypto::sha256(bytes);
  const Bytes junk(700, 0x55);
  ASSERT_TRUE(b.intake->put({hash, 0, bytes.size(), junk}, client_of("point P1")));
  EXPECT_TRUE(send_all(*b.intake, bytes, client_of("station N01"), 1000));
}

TEST(Intake, DropsBytesWithAnotherHashAndTakesTheRightOnesThen) {
  Bench b;
  ASSERT_TRUE(b.start());
  const Bytes bytes = package_n01();
  Bytes spoilt = bytes;
  spoilt[900] ^= 1;
  const Hash32 hash = crypto::sha256(bytes);
  const Client sender = client_of("station N01");
  const ByteView view = spoilt;
  ASSERT_TRUE(b.intake->put({hash, 0, bytes.size(), view.first(1000)}, sender));
  const auto wrong =
      b.intake->put({hash, 1000, bytes.size(), view.subspan(1000)}, sender);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, errors::hash_differs);
  EXPECT_EQ(b.intake->where(hash, sender)->offset, 0U);
  EXPECT_TRUE(b.items().empty());
  EXPECT_TRUE(send_all(*b.intake, bytes, sender, 1000));
}

TEST(Intake, TakesFromEachRoleOnlyItsOwn) {
  Bench b;
  ASSERT_TRUE(b.start());
  const Bytes package = package_n01();
  const Bytes certificate = document_of(town(), "certificate", "UM-000001");
  const auto kind = [&](const Bytes& bytes, std::string_view who) -> unsigned {
    const auto sent = send_all(*b.intake, bytes, client_of(who), 1 << 20);
    return sent ? 0 : sent.error().kind.number;
  };
  for (const std::string_view who :
       {"station N02", "official ANA", "operator OPS", "observer PARTY"}) {
    EXPECT_EQ(kind(package, who), errors::not_allowed.number) << who;
  }
  EXPECT_TRUE(b.items().empty());
  EXPECT_EQ(kind(certificate, "station N01"), errors::not_allowed.number);
  EXPECT_EQ(kind(certificate, "operator OPS"), 0U);
  EXPECT_EQ(kind(package, "station N01"), 0U);
  EXPECT_EQ(kind(document_of(town(), "package", "N02"), "point P1"), 0U);
}

TEST(Intake, TakesNothingThatIsNoDocumentOfACentre) {
  Bench b;
  ASSERT_TRUE(b.start());
  const Client sender = client_of("point P1");
  const auto kind = [&](ByteView bytes) {
    const auto sent = send_all(*b.intake, bytes, sender, 1 << 20);
    return sent ? ErrorKind{0, ""} : sent.error().kind;
  };
  EXPECT_EQ(kind(as_bytes("hello")), errors::not_accepted);
  EXPECT_EQ(kind(document_of(town(), "results", "results.json")), errors::not_accepted);
  Bytes cut = package_n01();
  cut.pop_back();
  EXPECT_EQ(kind(cut), errors::not_accepted);
  const Bytes big(200'000, 'A');
  EXPECT_EQ(kind(big), errors::not_accepted);
  EXPECT_TRUE(b.items().empty());
  const auto put = [&](std::uint64_t offset, std::uint64_t length, std::size_t count) {
    const Bytes bytes(count, 0);
    return b.intake->put({Hash32{}, offset, length, bytes}, sender).error().kind;
  };
  EXPECT_EQ(put(0, 0, 0), errors::bad_upload);
  EXPECT_EQ(put(5, 4, 0), errors::bad_upload);
  EXPECT_EQ(put(0, 10, 11), errors::bad_upload);
  EXPECT_EQ(put(0, kLongestDocument + 1, 1), errors::document_too_long);
}

// Everything that can be left undone at the moment of a power cut, in three ways.
TEST(Intake, SurvivesAPowerCutAtEveryMoment) {
  const Bytes bytes = package_n01();
  const Bytes sheet = to_bytes(as_bytes(town().stations()[0].content.sheets.front()));
  const Client sender = client_of("station N01");
  std::size_t cuts = 0;
  for (const bool in_pieces : {false, true}) {
    const std::size_t piece = in_pieces ? bytes.size() / 3 + 1 : std::size_t{1} << 20;
    for (std::size_t cut = 0;; ++cut) {
      bool cut_happened = true;
      for (const int kept : {0, 1, 2}) {
        Bench b;
        ASSERT_TRUE(b.start());
        const std::size_t from = b.disk.changes();
        b.disk.cut_power_at(from + cut);
        const auto before = send_all(*b.intake, bytes, sender, piece);
        cut_happened = !before;
        b.disk.power_on(
            [&](std::size_t i) { return kept == 2 ? i % 2 == 0 : kept == 1; });
        ASSERT_TRUE(b.start());
        // What was answered is there, receipt and bytes.
        const std::size_t had = b.items().size();
        if (before) {
          ASSERT_EQ(had, 1U);
          EXPECT_EQ(b.items().front().hash, crypto::sha256(bytes));
        }
        b.clock.advance(std::chrono::seconds(60));
        auto after = send_all(*b.intake, bytes, sender, piece);
        // A cut may have spoilt the beginning: once anew, as a client does.
        if (!after && after.error().kind == errors::hash_differs) {
          after = send_all(*b.intake, bytes, sender, piece);
        }
        ASSERT_TRUE(after) << cut << ": " << after.error().text();
        if (before) {
          EXPECT_EQ(after->received, before->received);
        }
        EXPECT_EQ(b.items().size(), 1U);
        EXPECT_EQ(b.shelf->read(after->hash).value(), bytes) << cut;
        EXPECT_TRUE(send_all(*b.intake, sheet, sender, piece));
        ++cuts;
      }
      if (!cut_happened) break;
    }
  }
  EXPECT_GT(cuts, 40U);
}

// The program is killed, goes on, and only then the power fails: what the first run
// left in the file system's memory alone must have become durable by then.
TEST(Intake, SurvivesAKillAnywhereAndAPowerCutLater) {
  const Bytes bytes = package_n01();
  const Client sender = client_of("station N01");
  for (const std::size_t piece : {bytes.size() / 3 + 1, std::size_t{1} << 20}) {
    for (std::size_t cut = 0;; ++cut) {
      Bench b;
      b.disk.cut_power_at(cut);
      const auto work = [&]() -> Result<Item> {
        URNA_CHECK(b.start());
        return send_all(*b.intake, bytes, sender, piece);
      };
      const bool whole = work().has_value();
      b.disk.restart_program();
      const auto again = work();
      ASSERT_TRUE(again) << cut << ": " << again.error().text();
      b.disk.power_on([](std::size_t) { return false; });
      ASSERT_TRUE(b.start());
      EXPECT_EQ(b.shelf->read(again->hash).value_or(Bytes()), bytes) << cut;
      if (whole) break;
    }
  }
}

TEST(Intake, AnAnswerThatTheDatabaseLostIsFoundAgain) {
  Bench b;
  ASSERT_TRUE(b.start());
  const Client sender = client_of("station N01");
  b.store->lose_next_answer = true;
  EXPECT_FALSE(send_all(*b.intake, package_n01(), sender, 1 << 20));
  const std::string stored =
      b.store->find(crypto::sha256(package_n01())).value()->received;
  b.clock.advance(std::chrono::seconds(60));
  const auto again = send_all(*b.intake, package_n01(), sender, 1 << 20);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->received, stored);
}

TEST(Intake, AFullDiskLeavesNothingHalfAccepted) {
  const Bytes bytes = package_n01();
  const Client sender = client_of("station N01");
  std::set<std::uint16_t> seen;
  for (const std::size_t piece : {bytes.size() / 3 + 1, std::size_t{1} << 20}) {
    for (std::size_t at = 0;; ++at) {
      Bench b;
      ASSERT_TRUE(b.start());
      b.disk.fail_at(b.disk.changes() + at, base::errors::disk_full);
      const auto first = send_all(*b.intake, bytes, sender, piece);
      if (first) break;
      seen.insert(first.error().kind.number);
      EXPECT_TRUE(b.items().empty()) << at;
      const auto later = send_all(*b.intake, bytes, sender, piece);
      ASSERT_TRUE(later) << at << ": " << later.error().text();
    }
  }
  EXPECT_TRUE(seen.contains(base::errors::disk_full.number));
}

TEST(Intake, ShedsLoadBeforeWorkIsDoneAndKeepsAPlaceForSheets) {
  IntakeLimits limits;
  limits.uploads = 2;
  limits.backlog_bytes = 10;
  Bench b(limits);
  ASSERT_TRUE(b.start());
  const Client sender = client_of("point P1");
  const Bytes sheet = to_bytes(as_bytes(town().stations()[0].content.sheets.front()));
  // A package is above the backlog's bytes when it counts as long.
  const auto refused =
      b.intake->put({Hash32{}, 0, 200'000, ByteView(sheet).first(10)}, sender);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, errors::centre_busy);
  EXPECT_TRUE(send_all(*b.intake, sheet, sender, 1 << 20));
  // Too many beginnings.
  for (std::uint8_t i = 0; i < 3; ++i) {
    const auto begun =
        b.intake->put({Hash32{i}, 0, 1000, ByteView(sheet).first(10)}, sender);
    EXPECT_EQ(begun.has_value(), i < 2);
    if (!begun) {
      EXPECT_EQ(begun.error().kind, errors::centre_busy);
    }
  }
  // Beginnings that nobody goes on with make room again.
  b.shelf->drop_stale(std::chrono::steady_clock::now() + std::chrono::hours(25),
                      std::chrono::hours(24));
  EXPECT_TRUE(b.intake->put({Hash32{9}, 0, 1000, ByteView(sheet).first(10)}, sender));
  // A disk that is nearly full is said before anything is written.
  b.intake->free_bytes = [] { return std::uint64_t{1000}; };
  const auto full =
      b.intake->put({Hash32{8}, 0, 200'000, ByteView(sheet).first(10)}, sender);
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().kind, errors::centre_busy);  // the backlog comes first
}

}  // namespace
}  // namespace urna::center
