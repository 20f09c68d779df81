#include "store/database.hpp"

#include "store/errors.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace urna::store {
namespace {

constexpr std::string_view kSchema =
    "CREATE TABLE IF NOT EXISTS things (name TEXT PRIMARY KEY, data BLOB, n INTEGER) "
    "STRICT";

class DatabaseTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              ("urna_store_test_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string path(std::string_view name) const { return (folder_ / name).string(); }
  Result<void> insert(Database& db, std::string_view name) {
    URNA_TRY(Statement s, db.prepare("INSERT INTO things VALUES (?, ?, ?)"));
    return s.bind(1, name).bind(2, Bytes{}).bind(3, std::int64_t{7}).run();
  }
  std::int64_t count(Database& db) {
    Statement s = db.prepare("SELECT count(*) FROM things").value();
    EXPECT_TRUE(s.step().value());
    return s.integer(0);
  }
  std::filesystem::path folder_;
};

TEST_F(DatabaseTest, KeepsWhatWasCommittedAndForgetsWhatWasNot) {
  {
    Database db = Database::open(path("a"), 1, kSchema).value();
    ASSERT_TRUE(db.transaction([&] { return insert(db, "kept"); }).has_value());
    const auto undone = db.transaction([&]() -> Result<void> {
      URNA_CHECK(insert(db, "lost"));
      return fail(errors::database, "stop");
    });
    EXPECT_FALSE(undone.has_value());
    EXPECT_FALSE(insert(db, "kept").has_value());  // the key exists
  }
  Database db = Database::open(path("a"), 1, kSchema).value();
  EXPECT_EQ(count(db), 1);
  Statement s = db.prepare("SELECT name, data, n FROM things").value();
  ASSERT_TRUE(s.step().value());
  EXPECT_EQ(s.text(0), "kept");
  EXPECT_FALSE(s.is_null(1));
  EXPECT_TRUE(s.blob(1).empty());
  EXPECT_FALSE(s.step().value());
}

TEST_F(DatabaseTest, RefusesFilesOfOthersAndDamage) {
  ASSERT_TRUE(Database::open(path("a"), 1, kSchema).has_value());
  EXPECT_EQ(Database::open(path("a"), 2, kSchema).error().kind,
            errors::database_schema);
  std::ofstream(path("b")) << std::string(8192, 'x');
  EXPECT_EQ(Database::open(path("b"), 1, kSchema).error().kind,
            errors::database_damaged);
  EXPECT_FALSE(Database::open(path("none/c"), 1, kSchema).has_value());
}

TEST_F(DatabaseTest, StrictTablesRefuseTheWrongType) {
  Database db = Database::open(path("a"), 1, kSchema).value();
  Statement s = db.prepare("INSERT INTO things VALUES ('x', NULL, ?)").value();
  EXPECT_FALSE(s.bind(1, "not a number").run().has_value());
}

}  // namespace
}  // namespace urna::store
