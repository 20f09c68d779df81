// Memory that runs out in the middle of a session, at one allocation after another (all
// of them with URNA_LONG). The program then ends, as a program without memory does;
// after the restart the vote counts exactly if the voter was told so, and the paper
// agrees.
//
// The scripted disk and printer are not the machine: what they allocate never fails.
#include "machine/errors.hpp"
#include "machine/testing/station.hpp"

#include <cstdlib>
#include <new>

#include <fmt/format.h>

// A sanitizer brings allocation functions of its own.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define URNA_OWN_NEW 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define URNA_OWN_NEW 0
#endif
#endif
#ifndef URNA_OWN_NEW
#define URNA_OWN_NEW 1
#endif

namespace {

// How many more allocations of this thread succeed; negative: all.
thread_local long allowed = -1;

}  // namespace

#if URNA_OWN_NEW
void* operator new(std::size_t size) {
  if (allowed == 0) throw std::bad_alloc();
  if (allowed > 0) --allowed;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void* operator new[](std::size_t size) {
  return operator new(size);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}
#endif

namespace urna::machine {
namespace {

using testing::Station;
using E = VoterEvent;

// For as long as it lives, every allocation succeeds.
class Spared {
 public:
  Spared() : before_(allowed) { allowed = -1; }
  Spared(const Spared&) = delete;
  Spared& operator=(const Spared&) = delete;
  ~Spared() { allowed = before_; }

 private:
  long before_;
};

class SparedFiles final : public base::FileSystem {
 public:
  explicit SparedFiles(base::FileSystem& disk) : disk_(disk) {}
  Result<std::unique_ptr<base::File>> open(const std::string& path,
                                           base::OpenMode mode) override {
    const Spared spared;
    URNA_TRY(auto file, disk_.open(path, mode));
    return std::unique_ptr<base::File>(std::make_unique<Open>(std::move(file)));
  }
  Result<void> rename(const std::string& from, const std::string& to) override {
    const Spared spared;
    return disk_.rename(from, to);
  }
  Result<void> remove(const std::string& path) override {
    const Spared spared;
    return disk_.remove(path);
  }
  Result<void> sync_folder(const std::string& path) override {
    const Spared spared;
    return disk_.sync_folder(path);
  }
  Result<void> make_folder(const std::string& path) override {
    const Spared spared;
    return disk_.make_folder(path);
  }
  Result<std::vector<std::string>> list(const std::string& path) override {
    const Spared spared;
    return disk_.list(path);
  }
  base::FileKind kind(const std::string& path) override {
    const Spared spared;
    return disk_.kind(path);
  }

 private:
  class Open final : public base::File {
   public:
    explicit Open(std::unique_ptr<base::File> file) : file_(std::move(file)) {}
    Result<Bytes> read_at(std::uint64_t offset, std::size_t count) override {
      const Spared spared;
      return file_->read_at(offset, count);
    }
    Result<void> write_at(std::uint64_t offset, ByteView bytes) override {
      const Spared spared;
      return file_->write_at(offset, bytes);
    }
    Result<std::uint64_t> size() override {
      const Spared spared;
      return file_->size();
    }
    Result<void> sync() override {
      const Spared spared;
      return file_->sync();
    }

   private:
    std::unique_ptr<base::File> file_;
  };
  base::FileSystem& disk_;
};

class SparedPrinter final : public Printer {
 public:
  explicit SparedPrinter(Printer& printer) : printer_(printer) {}
  PrinterFault status() override {
    const Spared spared;
    return printer_.status();
  }
  Result<void> print(const sheet::Document& document, bool cut) override {
    const Spared spared;
    return printer_.print(document, cut);
  }

 private:
  Printer& printer_;
};

// From the token to the goodbye, with a void ballot in between.
Result<void> session(Machine& machine, const std::string& token) {
  URNA_CHECK(machine.show_token(token));
  VoterSession& voter = *machine.session();
  URNA_CHECK(voter.handle(E::begin));
  URNA_CHECK(voter.choose(0, 1));
  URNA_CHECK(voter.handle(E::to_review));
  URNA_CHECK(voter.handle(E::confirm));
  URNA_CHECK(voter.handle(E::start_again));
  URNA_CHECK(voter.handle(E::to_review));
  URNA_CHECK(voter.handle(E::confirm));
  URNA_CHECK(voter.handle(E::cast));
  return voter.handle(E::go_on);
}

// Who holds a cast signature was told; and the box holds a slip for each.
void check_paper(const Station& station, const StoreCounts& counts) {
  for (const char* banner : {"EMITIDO", "VOTO EMITIDO"}) {
    const std::size_t printed = station.printer.count(banner);
    ASSERT_GE(printed, counts.cast) << banner;
    // A footer that was out before the memory ended is printed once more.
    ASSERT_LE(printed, 2 * counts.cast) << banner;
  }
}

void check_restart(Station& station, bool whole) {
  auto machine = station.start();
  ASSERT_TRUE(machine) << machine.error().text();
  const StoreCounts counts = (*machine)->store()->counts();
  ASSERT_LE(counts.cast, 1u);
  if (whole) {
    ASSERT_EQ(counts.cast, 1u);
  }
  ASSERT_EQ(counts.records, counts.cast);
  ASSERT_EQ(counts.pending, 0u);
  check_paper(station, counts);
  ASSERT_EQ(counts.activated(), counts.cast + counts.ended_without_vote);
  if ((*machine)->session()->state() == Voter::ended) {
    ASSERT_TRUE((*machine)->session()->handle(E::go_on));
  }
  ASSERT_TRUE((*machine)->resume(station.both));
  station.vote(**machine, 1, 0);
  ASSERT_EQ((*machine)->store()->counts().cast, counts.cast + 1);
}

TEST(MemoryFaults, AtEveryAllocationOfASessionLeaveACleanState) {
  if (URNA_OWN_NEW == 0) GTEST_SKIP() << "a sanitizer owns the allocations";
  const long stride = std::getenv("URNA_LONG") != nullptr ? 1 : 37;
  Station station("demo");
  station.opened().reset();
  const auto disk = station.files;
  long at = 0;
  for (bool whole = false; !whole; at += stride) {
    SCOPED_TRACE(fmt::format("allocation {}", at));
    station.files = disk;
    station.printer = {};
    SparedFiles files(station.files);
    SparedPrinter printer(station.printer);
    auto machine = Machine::start(
        {files, station.random, station.clock, printer},
        {"device", "sticks", "M1", false, crypto::CheapKeyFiles::cost(), {}},
        station.authority.public_key());
    ASSERT_TRUE(machine) << machine.error().text();
    ASSERT_TRUE((*machine)->resume(station.both));
    allowed = at;
    try {
      whole = session(**machine, station.tokens.characters[0]).has_value();
    } catch (const std::bad_alloc&) {
    }
    allowed = -1;
    // The program is gone; the disk keeps what it had not confirmed, or not.
    machine->reset();
    station.files.power_on([&](std::size_t) { return at % 2 == 0; });
    check_restart(station, whole);
    if (::testing::Test::HasFatalFailure()) return;
  }
  RecordProperty("allocations", static_cast<int>(at));
  EXPECT_GT(at, 500);
}

}  // namespace
}  // namespace urna::machine
