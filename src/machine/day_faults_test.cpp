// A whole polling day in which the disk fails once, at every one of its changes in
// turn: every write, creation, rename, removal and sync, with a full disk and with a
// sync that is not confirmed. After each failure the machine is started again, as the
// officials would do, and the day goes on to the archive. What voters were told, what
// lies in the box, what the sheet says and what was exported agree every time.
#include "ballot/package.hpp"
#include "base/errors.hpp"
#include "machine/errors.hpp"
#include "machine/testing/station.hpp"

#include <array>
#include <cstdlib>

#include <fmt/format.h>

namespace urna::machine {
namespace {

using testing::Station;
using E = VoterEvent;

class FaultyDay {
 public:
  // Fails change `at` (counted from here) and plays the day; `keep` says what a restart
  // finds of what was not synced. Whether the failure came before the day was over.
  bool play(std::size_t at, ErrorKind kind, bool keep) {
    const std::size_t change = station_.files.changes() + at;
    station_.files.fail_at(change, kind);
    for (int steps = 0; steps < 60; ++steps) {
      if (!machine_) {
        auto started = station_.start();
        if (!started) {
          interrupt(started.error(), kind, keep);
          continue;
        }
        machine_ = *std::move(started);
        // Told now, unless the screen had said so before the machine stopped.
        if (machine_->found() == Found::cast && !said_) ++told_;
        said_ = false;
      }
      if (machine_->life() == Life::archived) break;
      if (const auto done = step(); !done) interrupt(done.error(), kind, keep);
      if (::testing::Test::HasFailure()) return true;
    }
    check();
    return station_.files.changes() > change;
  }

 private:
  void interrupt(const Error& why, const ErrorKind& kind, bool keep) {
    EXPECT_TRUE(why.kind == kind || why.kind == errors::store_stopped ||
                why.kind == errors::not_now)
        << why.text();
    EXPECT_LT(++interruptions_, 4) << why.text();
    machine_.reset();
    station_.files.power_on([&](std::size_t) { return keep; });
  }

  Result<void> vote(std::uint32_t option) {
    Machine& machine = *machine_;
    for (;; ++token_) {
      const auto shown = machine.show_token(station_.tokens.characters[token_]);
      if (shown) break;
      if (shown.error().kind != errors::token_used) return shown;
    }
    VoterSession& session = *machine.session();
    URNA_CHECK(session.handle(E::begin));
    URNA_CHECK(session.choose(0, option));
    URNA_CHECK(session.handle(E::to_review));
    URNA_CHECK(session.handle(E::confirm));
    const auto cast = session.handle(E::cast);
    if (session.vote_counts()) {
      ++told_;
      said_ = true;
    }
    URNA_CHECK(cast);
    URNA_CHECK(session.handle(E::go_on));
    said_ = false;
    return {};
  }

  Result<void> before_opening() {
    Machine& machine = *machine_;
    const auto& both = station_.both;
    switch (machine.life()) {
      case Life::empty:
        return machine.provision(station_.package());
      case Life::provisioned:
        URNA_CHECK(machine.certify(
            station_.certificate(machine.device_key().value(), sheet::Mode::demo)));
        return machine.test();
      case Life::tested:
        return machine.print_zero(both);
      default:
        return machine.open(both);
    }
  }

  // The next step of the day, whatever happened before.
  Result<void> step() {
    Machine& machine = *machine_;
    const auto& both = station_.both;
    switch (machine.life()) {
      case Life::paused:
        if (machine.session()->state() == Voter::ended) {
          URNA_CHECK(machine.session()->handle(E::go_on));
        }
        return machine.resume(both);
      case Life::open:
        if (told_ < 2) return vote(static_cast<std::uint32_t>(told_));
        return machine.close(both, "over");
      case Life::closed:
        return machine.print_sheet(both, "", std::nullopt);
      case Life::printed:
        return machine.sign_sheet(both);
      case Life::signed_:
        return machine.export_to("out");
      case Life::exported:
        return machine.archive();
      default:
        return before_opening();
    }
  }

  void check() {
    ASSERT_TRUE(machine_);
    ASSERT_EQ(machine_->life(), Life::archived);
    const auto& fields = machine_->sheet()->sheet.fields();
    EXPECT_EQ(fields.cast, told_) << "what voters were told";
    for (const char* banner : {"EMITIDO", "VOTO EMITIDO"}) {
      // A footer that was out before the disk failed may be printed once more.
      EXPECT_GE(station_.printer.count(banner), told_) << banner;
      EXPECT_LE(station_.printer.count(banner), told_ + 1) << banner;
    }
    EXPECT_EQ(*fields.activated, *fields.cast + *fields.ended_without_vote);
    EXPECT_EQ(*fields.sealed, *fields.cast + *fields.challenged + *fields.voided);
    EXPECT_EQ(fields.contests[0].ballots, told_);
    const auto bytes = base::read_file(station_.files, "out/N01.package");
    ASSERT_TRUE(bytes);
    const auto package = ballot::parse_package(*bytes);
    ASSERT_TRUE(package) << package.error().text();
    EXPECT_TRUE(ballot::package_signed_by(*bytes, machine_->device_key().value()));
    EXPECT_EQ(package->box.ballots.size(), *fields.sealed);
    EXPECT_TRUE(machine_->store()->records_destroyed());
  }

  Station station_{"demo"};
  std::unique_ptr<Machine> machine_;
  std::size_t token_ = 0;
  std::size_t told_ = 0;
  bool said_ = false;  // the session that is going on was told that its vote counts
  int interruptions_ = 0;
};

// A full disk, a write or sync that is not confirmed, a file that cannot be written: in
// turn, or with URNA_LONG each of them at every change.
TEST(DayFaults, AtEveryChangeOfTheDayLeaveNothingThatDoesNotAgree) {
  const std::array kinds{base::errors::disk_full, base::errors::not_durable,
                         base::errors::file_access};
  const bool all = std::getenv("URNA_LONG") != nullptr;
  std::size_t at = 0;
  for (bool before_the_end = true; before_the_end; ++at) {
    for (std::size_t k = 0; k < (all ? 3u : 1u); ++k) {
      const ErrorKind& kind = kinds[(at + k) % kinds.size()];
      SCOPED_TRACE(fmt::format("U{} at change {}", kind.number, at));
      before_the_end = FaultyDay().play(at, kind, at % 2 == 0);
      if (::testing::Test::HasFailure()) return;
    }
  }
  EXPECT_GT(at, 100u);
  RecordProperty("changes", static_cast<int>(at));
}

}  // namespace
}  // namespace urna::machine
