// A day of voters at machine speed: memory and file descriptors must not grow. 200
// voters in the quick run; 5,000, with the limit of 1 MB, with URNA_LONG=1.
#include "machine/session.hpp"
#include "machine/testing/world.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace urna::machine {
namespace {

std::size_t resident_kib() {
  std::ifstream file("/proc/self/statm");
  std::size_t all = 0, resident = 0;
  file >> all >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) / 1024;
}

std::size_t descriptors() {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    if (!entry.path().empty()) ++count;
  }
  return count;
}

TEST(Soak, VotersLeaveNoMemoryAndNoDescriptorsBehind) {
  const bool whole = std::getenv("URNA_LONG") != nullptr;
  const std::uint32_t voters = whole ? 5'000 : 200;
  testing::World world(3, voters);
  world.shape.ballots = voters + 10;
  base::RealFiles files;
  const std::string folder =
      std::filesystem::temp_directory_path() / fmt::format("urna-soak-{}", ::getpid());
  ASSERT_TRUE(VoteStore::create(files, world.random, folder, world.shape));
  auto store = VoteStore::open(files, world.random, folder).value();
  VoterSession session(world.parts(store));
  std::size_t memory = 0, open = 0;
  for (std::uint32_t voter = 0; voter < voters; ++voter) {
    if (voter == voters / 10) {
      memory = resident_kib();
      open = descriptors();
    }
    ASSERT_TRUE(session.show_token(world.tokens.characters[voter]));
    for (const VoterEvent event :
         {VoterEvent::begin, VoterEvent::to_review, VoterEvent::confirm,
          VoterEvent::cast, VoterEvent::go_on}) {
      ASSERT_TRUE(session.handle(event));
    }
    world.printer.pieces.clear();
  }
  EXPECT_EQ(store.counts().cast, voters);
  EXPECT_EQ(descriptors(), open);
  const std::size_t now = resident_kib();
  const std::size_t grown = now > memory ? now - memory : 0;
  RecordProperty("grown_kib", static_cast<int>(grown));
  if (whole) {
    EXPECT_LT(grown, 1'024u);
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace urna::machine
