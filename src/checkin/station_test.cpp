// A device of check-in from package to slip: who is admitted, and what survives power
// cuts.
#include "base/encoding.hpp"
#include "checkin/testing/world.hpp"
#include "crypto/errors.hpp"
#include "sheet/paper/testing/escpos_emulator.hpp"

#include <set>

#include <gtest/gtest.h>

namespace urna::checkin {
namespace {

using testing::World;

Result<Outcome> admit(Station& station, const std::string& id,
                      const AdmitRequest& request = {}) {
  URNA_CHECK(station.begin(id));
  return station.admit(request);
}

TEST(Station, AdmitsOnceSaysWhenAndOffersTheClaim) {
  World world;
  auto station = world.ready();
  const auto outcome = admit(*station, "v-00002");
  ASSERT_TRUE(outcome) << outcome.error().text();
  EXPECT_EQ(*outcome, Outcome::no_stored_print);
  ASSERT_EQ(world.printer.tokens.size(), 1u);
  const auto again = admit(*station, "V00002");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, errors::already_admitted);
  EXPECT_NE(again.error().message.find("04:00"), std::string::npos)
      << again.error().message;
  EXPECT_FALSE(station->record_claim("V00002", {}));
  ASSERT_TRUE(station->record_claim("V00002", world.both()));
  EXPECT_FALSE(station->record_claim("V00003", world.both()));
  EXPECT_EQ(station->book().totals().claims, 1u);
  EXPECT_EQ(world.printer.tokens.size(), 1u);
}

TEST(Station, FindsByNumberAndNameAndSendsOthersToTheirStation) {
  World world(12);
  auto station = world.ready();
  EXPECT_EQ(station->find("V-00003").value(), std::vector<std::size_t>{3});
  EXPECT_EQ(station->find("00003").value(), std::vector<std::size_t>{3});
  EXPECT_EQ(station->find("jose PEÑAAB").value(), std::vector<std::size_t>{1});
  EXPECT_EQ(station->find("maria penaa").value().size(), 12u);
  const auto other = station->find("V77777");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().kind, errors::other_station);
  EXPECT_NE(other.error().message.find("N02"), std::string::npos);
  EXPECT_EQ(station->find("V99999").error().kind, errors::not_found);
  EXPECT_EQ(station->find("nadie").error().kind, errors::not_found);
}

TEST(Station, NobodyIsAdmittedBeforeTwoOfficialsOpened) {
  World world;
  auto station = World::must(world.start());
  World::must(
      station->provision(world.packed.packages[0], world.authority.public_key()));
  EXPECT_EQ(station->begin("V00001").error().kind, errors::not_ready);
  EXPECT_FALSE(station->close(world.both()));
  EXPECT_EQ(station->open({world.both()[0]}).error().kind, errors::not_official);
  ASSERT_TRUE(station->open(world.both()));
  EXPECT_FALSE(station->open(world.both())) << "a day begins once";
  ASSERT_TRUE(admit(*station, "V00001"));
  station = World::must(world.start());
  EXPECT_TRUE(station->opened()) << "also after a restart";
}

TEST(Station, InventedFingersAreForDemonstrationsOnly) {
  World world(3, 1, 1, {}, "test");
  world.scanner.invented = true;
  auto station = World::must(world.start());
  const auto refused =
      station->provision(world.packed.packages[0], world.authority.public_key());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, errors::not_ready);
  world.scanner.invented = false;
  ASSERT_TRUE(
      station->provision(world.packed.packages[0], world.authority.public_key()));
  world.scanner.invented = true;
  EXPECT_EQ(world.start().error().kind, errors::not_ready);
}

TEST(Station, OneOfficialTwiceIsNotTwo) {
  World world;
  auto station = world.ready();
  ASSERT_TRUE(admit(*station, "V00001"));
  const auto twice = station->close({world.both()[0], world.both()[0]});
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().kind, errors::not_official);
  auto wrong = world.both();
  wrong[1].pin = "87654321";
  EXPECT_EQ(station->close(wrong).error().kind, crypto::errors::wrong_passphrase);
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(station->close(wrong));
  EXPECT_EQ(station->close(world.both()).error().kind, errors::too_many_tries);
  world.clock.advance(std::chrono::seconds(20));
  EXPECT_TRUE(station->close(world.both()));
}

TEST(Station, APrinterThatFailsPrintsTheSameTokenLater) {
  World world;
  auto station = world.ready();
  world.printer.fail = true;
  const auto failed = admit(*station, "V00001");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, errors::printer_failed);
  EXPECT_FALSE(station->begin("V00002")) << "the first voter still waits";
  const std::size_t left = station->tokens_left();
  world.printer.fail = false;
  ASSERT_TRUE(station->print_token());
  EXPECT_EQ(station->tokens_left(), left);
  EXPECT_EQ(world.printer.tokens.size(), 1u);
  EXPECT_FALSE(station->print_token()) << "nothing is owed any more";
  ASSERT_TRUE(station->replace_token(world.both()));
  EXPECT_EQ(world.printer.tokens.size(), 2u);
  EXPECT_NE(world.printer.tokens[0], world.printer.tokens[1]);
  EXPECT_EQ(station->book().totals().tokens_lost, 1u);
}

// On the wire of a real receipt printer: paper that runs out in the middle keeps the
// voter's token for the next roll.
TEST(Station, PrintsTokensOnAReceiptPrinter) {
  World world;
  sheet::testing::EscPosEmulator emulator;
  RollPrinter printer(emulator);
  auto station = World::must(world.start(1, &printer));
  World::must(
      station->provision(world.packed.packages[0], world.authority.public_key()));
  World::must(station->open(world.both()));
  ASSERT_TRUE(admit(*station, "V00001"));
  EXPECT_EQ(emulator.cuts, 1u);
  EXPECT_EQ(emulator.unknown, 0u);
  const std::size_t lines = emulator.lines;
  emulator.fail_after_lines = lines + 20;
  emulator.fail_with = sheet::PrinterFault::paper_out;
  EXPECT_EQ(admit(*station, "V00002").error().kind, errors::printer_failed);
  EXPECT_TRUE(station->token_waits());
  EXPECT_EQ(station->print_token().error().message, "the printer is out of paper");
  emulator.fail_after_lines = SIZE_MAX;
  emulator.fault = sheet::PrinterFault::none;
  ASSERT_TRUE(station->print_token());
  EXPECT_EQ(emulator.cuts, 2u);
  ASSERT_TRUE(station->print_emergency_list()) << "also the list, on the roll";
}

TEST(Station, ClosesWithASlipThatItsAuthoritySigned) {
  World world;
  auto station = world.ready();
  ASSERT_TRUE(admit(*station, "V00001", {.assisted = true, .officials = {}}));
  ASSERT_TRUE(station->set_reader(false, world.both()));
  ASSERT_TRUE(admit(*station, "V00002"));
  EXPECT_FALSE(station->slip()) << "before closing";
  ASSERT_TRUE(station->close(world.both()));
  EXPECT_EQ(station->begin("V00003").error().kind, errors::not_ready);
  const auto slip = station->slip();
  ASSERT_TRUE(slip) << slip.error().text();
  const std::vector authorities{world.authority.public_key()};
  const auto read = sheet::read_check_in_slip(*slip, authorities);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->counts, (sheet::CheckIn{2, 0, 0, 1, 0, 1, 2}));
  EXPECT_EQ(read->tokens_left, 8u);  // of 10
  EXPECT_EQ(station->book().totals().assisted, 1u);
  ASSERT_TRUE(station->print_slip());
  ASSERT_TRUE(station->print_emergency_list());
}

TEST(Station, RefusesPackagesOfOthers) {
  World world(3, 2);
  auto station = World::must(world.start(1));
  EXPECT_EQ(station->provision(world.packed.packages[1], world.authority.public_key())
                .error()
                .kind,
            errors::bad_package);
  const auto other = crypto::SigningKey::from_seed(ByteArray<32>{8});
  EXPECT_FALSE(station->provision(world.packed.packages[0], other.public_key()));
  Bytes changed = world.packed.packages[0];
  changed[changed.size() / 2] ^= 1;
  EXPECT_FALSE(station->provision(changed, world.authority.public_key()));
  ASSERT_TRUE(
      station->provision(world.packed.packages[0], world.authority.public_key()));
}

TEST(Station, APutBackCopyOfOneFileIsNoticed) {
  World world;
  auto station = world.ready();
  const Bytes drawer = base::read_file(world.files, "device1/tokens").value();
  const Bytes log = base::read_file(world.files, "device1/events").value();
  for (std::size_t v = 0; v < 3; ++v) ASSERT_TRUE(admit(*station, World::voter(v)));
  station.reset();
  const Bytes later = base::read_file(world.files, "device1/tokens").value();
  ASSERT_TRUE(base::write_durable(world.files, "device1/tokens", drawer));
  EXPECT_EQ(world.start().error().kind, errors::store_damaged);
  ASSERT_TRUE(base::write_durable(world.files, "device1/tokens", later));
  ASSERT_TRUE(base::write_durable(world.files, "device1/events", log));
  EXPECT_EQ(world.start().error().kind, errors::store_damaged);
}

TEST(Devices, JoinInAnyOrderToTheSameBookAndShowDoubles) {
  World world(8, 3);
  std::vector<std::unique_ptr<Station>> devices;
  for (std::uint32_t d = 1; d <= 3; ++d) devices.push_back(world.ready(d));
  ASSERT_TRUE(admit(*devices[0], World::voter(0)));
  world.clock.jump(std::chrono::seconds(-7200));  // somebody sets a clock back
  ASSERT_TRUE(admit(*devices[1], World::voter(1)));
  ASSERT_TRUE(admit(*devices[1], World::voter(0)));  // apart: nobody can know
  ASSERT_TRUE(admit(*devices[2], World::voter(2)));
  ASSERT_TRUE(admit(*devices[2], World::voter(0)));
  const std::vector copies{devices[0]->copy_log().value(),
                           devices[1]->copy_log().value(),
                           devices[2]->copy_log().value()};
  for (const auto& order : {std::vector<std::size_t>{0, 1, 2}, {2, 1, 0}, {1, 0, 2}}) {
    for (const std::size_t d : order) {
      for (auto& device : devices) ASSERT_TRUE(device->join_log(copies[d]));
    }
  }
  for (auto& device : devices) {
    EXPECT_EQ(device->book().events(), devices[0]->book().events());
    EXPECT_EQ(device->book().admitted_twice(), std::vector<std::string>{"V00000"});
    EXPECT_EQ(device->book().totals().counts.total, 5u);
  }
  EXPECT_EQ(devices[0]->begin("V00001").error().kind, errors::already_admitted);
  // After joining, what happens next is later than everything joined.
  ASSERT_TRUE(admit(*devices[1], World::voter(5)));
  EXPECT_EQ(devices[1]->book().events().back().voter, "V00005");
  // All must close before there is a slip.
  for (auto& device : devices) ASSERT_TRUE(device->close(world.both()));
  EXPECT_FALSE(devices[0]->slip());
  ASSERT_TRUE(devices[0]->join_log(devices[1]->copy_log().value()));
  ASSERT_TRUE(devices[0]->join_log(devices[2]->copy_log().value()));
  const auto slip = devices[0]->slip();
  ASSERT_TRUE(slip) << slip.error().text();
  const std::vector authorities{world.authority.public_key()};
  EXPECT_EQ(sheet::read_check_in_slip(*slip, authorities)->counts.tokens_issued, 6u);
}

TEST(Devices, OneStickCarriesTheLogsFromDeviceToDevice) {
  World world(8, 3);
  std::vector<std::unique_ptr<Station>> devices;
  for (std::uint32_t d = 1; d <= 3; ++d) devices.push_back(world.ready(d));
  for (std::size_t d = 0; d < 3; ++d) {
    ASSERT_TRUE(admit(*devices[d], World::voter(d)));
    ASSERT_TRUE(admit(*devices[d], World::voter(7)));  // apart
  }
  ASSERT_TRUE(base::make_folder_durable(world.files, "sticks/blue"));
  for (const std::size_t d : std::vector<std::size_t>{2, 0, 1, 2, 0}) {
    const auto joined = devices[d]->exchange_logs("blue");
    ASSERT_TRUE(joined) << joined.error().text();
  }
  for (auto& device : devices) {
    EXPECT_EQ(device->book().events(), devices[0]->book().events());
    EXPECT_EQ(device->book().admitted_twice(), std::vector<std::string>{"V00007"});
  }
  EXPECT_FALSE(devices[0]->exchange_logs("../device2"));
  Bytes log = base::read_file(world.files, "sticks/blue/N01-check-in-2.log").value();
  log[200] ^= 1;
  ASSERT_TRUE(base::write_durable(world.files, "sticks/blue/N01-check-in-2.log", log));
  EXPECT_FALSE(devices[0]->exchange_logs("blue"));
}

TEST(Devices, ALogThatTellsItsPastOtherwiseIsRefused) {
  World world(8, 2);
  auto one = world.ready(1);
  auto two = world.ready(2);
  const Bytes before = base::read_file(world.files, "device2/events").value();
  const Bytes tokens = base::read_file(world.files, "device2/tokens").value();
  ASSERT_TRUE(admit(*two, World::voter(1)));
  ASSERT_TRUE(one->join_log(two->copy_log().value()));
  two.reset();
  // Device 2 is put back to the morning and admits somebody else.
  ASSERT_TRUE(base::write_durable(world.files, "device2/events", before));
  ASSERT_TRUE(base::write_durable(world.files, "device2/tokens", tokens));
  two = world.ready(2);
  ASSERT_TRUE(admit(*two, World::voter(2)));
  const auto joined = one->join_log(two->copy_log().value());
  ASSERT_FALSE(joined);
  EXPECT_EQ(joined.error().kind, errors::log_forked);
  Bytes forged = one->copy_log().value();
  forged[200] ^= 1;
  EXPECT_FALSE(two->join_log(forged));
}

// One day under power cuts: every change of the disk in turn is the last before the
// power goes, with three ways in which unsynced changes survive.
struct Told {
  std::set<std::string> admitted;
};

void admit_three(Station& station, Told& told) {
  for (std::size_t v = 0; v < 3; ++v) {
    if (!station.book().admissions(World::voter(v)).empty()) continue;
    if (!admit(station, World::voter(v))) return;
    told.admitted.insert(World::voter(v));
  }
}

TEST(PowerCuts, MarkAVoterOnceAndGiveNoTokenTwice) {
  std::size_t first = 0, last = 0;
  {
    World world;
    auto station = world.ready();
    first = world.files.changes();
    Told told;
    admit_three(*station, told);
    ASSERT_EQ(told.admitted.size(), 3u);
    last = world.files.changes();
  }
  ASSERT_GT(last, first + 9);
  std::size_t owed = 0;
  for (std::size_t cut = first; cut < last; ++cut) {
    for (int way = 0; way < 3; ++way) {
      World world;
      auto station = world.ready();
      ASSERT_EQ(world.files.changes(), first);
      world.files.cut_power_at(cut);
      Told told;
      admit_three(*station, told);
      station.reset();
      world.files.power_on([&](std::size_t i) {
        return way == 0 ? true : way == 1 ? false : i % 2 == 0;
      });
      auto restarted = world.start();
      ASSERT_TRUE(restarted) << "cut " << cut << ": " << restarted.error().text();
      station = *std::move(restarted);
      for (const std::string& id : told.admitted) {
        ASSERT_EQ(station->book().admissions(id).size(), 1u) << "cut " << cut;
      }
      if (station->token_waits()) {
        ++owed;
        ASSERT_TRUE(station->print_token());
      }
      admit_three(*station, told);
      ASSERT_TRUE(station->book().admitted_twice().empty()) << "cut " << cut;
      ASSERT_EQ(station->book().totals().counts.total, 3u) << "cut " << cut;
      const std::set<std::string> different(world.printer.tokens.begin(),
                                            world.printer.tokens.end());
      ASSERT_EQ(different.size(), world.printer.tokens.size()) << "cut " << cut;
      ASSERT_LE(different.size(), 3u) << "cut " << cut;
      ASSERT_TRUE(station->close(world.both()));
    }
  }
  EXPECT_GT(owed, 0u) << "no cut fell between the admission and its token";
}

TEST(PowerCuts, AnInterruptedPackageIsAcceptedAgain) {
  std::size_t first = 0, last = 0;
  {
    World world;
    first = world.files.changes();
    auto station = world.ready();
    last = world.files.changes();
  }
  for (std::size_t cut = first; cut < last; ++cut) {
    World world;
    world.files.cut_power_at(cut);
    {
      auto station = World::must(world.start());
      (void)station->provision(world.packed.packages[0], world.authority.public_key());
    }
    world.files.power_on([](std::size_t i) { return i % 2 == 1; });
    auto station = World::must(world.start());
    if (station->setup() == nullptr) {
      ASSERT_TRUE(
          station->provision(world.packed.packages[0], world.authority.public_key()));
    }
    if (!station->opened()) ASSERT_TRUE(station->open(world.both()));
    ASSERT_TRUE(admit(*station, World::voter(0))) << "cut " << cut;
  }
}

}  // namespace
}  // namespace urna::checkin
