#include "base/file.hpp"

#include "base/errors.hpp"
#include "base/testing/scripted_files.hpp"

#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

namespace urna::base {
namespace {

using testing::ScriptedFiles;

class RealFilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              ("urna_file_test_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string path(std::string_view name) const {
    return join_path(folder_.string(), name);
  }
  std::filesystem::path folder_;
  RealFiles files_;
};

TEST_F(RealFilesTest, WritesDurablyAndReadsBack) {
  ASSERT_TRUE(write_durable(files_, path("a"), as_bytes("one")).has_value());
  ASSERT_TRUE(write_durable(files_, path("a"), as_bytes("second")).has_value());
  EXPECT_EQ(read_text(files_, path("a")).value(), "second");
  EXPECT_EQ(files_.list(folder_.string()).value(), std::vector<std::string>{"a"});
}

TEST_F(RealFilesTest, LeftoverOfAnInterruptionIsReplaced) {
  ASSERT_TRUE(write_durable(files_, path("a.tmp"), as_bytes("junk")).has_value());
  ASSERT_TRUE(write_durable(files_, path("a"), as_bytes("new")).has_value());
  EXPECT_EQ(read_text(files_, path("a")).value(), "new");
}

TEST_F(RealFilesTest, NamesWhatIsWrong) {
  EXPECT_EQ(read_file(files_, path("none")).error().kind, errors::file_missing);
  EXPECT_EQ(read_file(files_, folder_.string()).error().kind, errors::not_a_file);
  ASSERT_TRUE(write_durable(files_, path("a"), as_bytes("12345")).has_value());
  EXPECT_EQ(read_file(files_, path("a"), 4).error().kind, errors::too_long);
  EXPECT_FALSE(files_.make_folder(path("a/b")).has_value());
  ASSERT_TRUE(files_.make_folder(path("x/y/z")).has_value());
  EXPECT_EQ(files_.kind(path("x/y/z")), FileKind::folder);
  std::filesystem::create_symlink(path("a"), path("link"));
  EXPECT_EQ(read_file(files_, path("link")).error().kind, errors::not_a_file);
}

TEST(RealFiles, FullDiskIsSaidAndLeavesTheOldContent) {
  RealFiles files;
  if (files.kind("/dev/full") == FileKind::missing) GTEST_SKIP() << "no /dev/full here";
  const auto file = files.open("/dev/full", OpenMode::update);
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ((*file)->write_at(0, as_bytes("x")).error().kind, errors::disk_full);
}

// The promise of write_durable, held at every cut point and for every choice of which
// unsynced changes survive: afterwards the file is whole, old or new, and new once
// success was reported.
TEST(WriteDurable, SurvivesAPowerCutAnywhere) {
  std::size_t cuts = 0;
  for (std::size_t cut = 0;; ++cut) {
    ScriptedFiles probe;
    ASSERT_TRUE(write_durable(probe, "f", as_bytes("old")).has_value());
    const std::size_t before = probe.changes();
    probe.cut_power_at(before + cut);
    const bool told = write_durable(probe, "f", as_bytes("new content")).has_value();
    const std::size_t choices = std::size_t{1} << probe.unsynced();
    for (std::size_t choice = 0; choice < choices; ++choice) {
      ScriptedFiles disk = probe;
      disk.power_on([&](std::size_t i) { return (choice >> i & 1) != 0; });
      const std::string left = read_text(disk, "f").value();
      EXPECT_TRUE(left == "new content" || (left == "old" && !told)) << left;
      ASSERT_TRUE(write_durable(disk, "f", as_bytes("again")).has_value());
      ++cuts;
    }
    if (told) break;
  }
  EXPECT_GT(cuts, 10U);
}

TEST(WriteDurable, EveryFailureIsReportedAndKeepsTheOldContent) {
  for (std::size_t n = 0;; ++n) {
    ScriptedFiles disk;
    ASSERT_TRUE(write_durable(disk, "f", as_bytes("old")).has_value());
    const std::size_t before = disk.changes();
    disk.fail_at(before + n, errors::disk_full);
    const auto result = write_durable(disk, "f", as_bytes("new"));
    if (result.has_value()) {
      EXPECT_EQ(n, disk.changes() - before);
      break;
    }
    EXPECT_EQ(result.error().kind, errors::disk_full);
    const std::string left = read_text(disk, "f").value();
    EXPECT_TRUE(left == "old" || left == "new");
  }
}

// The twin must be able to lose data, or the tests above prove nothing.
TEST(MakeFolderDurable, AlsoWhenAKilledProgramMadeItJustBefore) {
  ScriptedFiles files;
  for (std::size_t cut = 0;; ++cut) {
    files = ScriptedFiles();
    files.cut_power_at(cut);
    const bool whole = make_folder_durable(files, "a/b").has_value();
    files.restart_program();
    ASSERT_TRUE(make_folder_durable(files, "a/b"));
    ASSERT_TRUE(write_durable(files, "a/b/file", as_bytes("kept")));
    files.power_on([](std::size_t) { return false; });
    EXPECT_EQ(read_text(files, "a/b/file").value_or("lost"), "kept") << "cut " << cut;
    if (whole) return;
  }
}

TEST(ScriptedFiles, ForgetsWhatWasNotSynced) {
  ScriptedFiles disk;
  {
    const auto file = disk.open("f", OpenMode::create_new).value();
    ASSERT_TRUE(file->write_at(0, as_bytes("abc")).has_value());
    ASSERT_TRUE(file->sync().has_value());
  }
  ScriptedFiles entry_lost = disk;
  entry_lost.power_on([](std::size_t) { return false; });
  EXPECT_EQ(entry_lost.kind("f"), FileKind::missing);
  ASSERT_TRUE(disk.sync_folder(".").has_value());
  disk.power_on([](std::size_t) { return false; });
  EXPECT_EQ(read_text(disk, "f").value(), "abc");
}

}  // namespace
}  // namespace urna::base
