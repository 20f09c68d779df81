#include "machine/machine.hpp"

#include "ballot/package.hpp"
#include "base/encoding.hpp"
#include "base/errors.hpp"
#include "base/testing/shared_data.hpp"
#include "crypto/testing/cheap_key_files.hpp"
#include "election/testing.hpp"
#include "machine/errors.hpp"
#include "machine/testing/station.hpp"

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

namespace urna::machine {
namespace {

using testing::kDay;
using testing::ScriptedPrinter;
using testing::Station;
using E = VoterEvent;

TEST(Machine, RunsADayFromThePackageToTheArchive) {
  Station station("demo");
  auto machine = station.opened();
  for (std::size_t i = 0; i < 5; ++i) station.vote(*machine, i, i % 2);
  station.clock.advance(std::chrono::hours(12));
  ASSERT_TRUE(machine->close(station.both, ""));
  ASSERT_TRUE(machine->print_sheet(station.both, "", 15));
  const auto& fields = machine->sheet()->sheet.fields();
  EXPECT_EQ(fields.cast, 5u);
  EXPECT_EQ(fields.contests[0].options[0].votes, 3u);
  EXPECT_EQ(fields.contests[0].options[1].votes, 2u);
  EXPECT_EQ(machine->export_to("out").error().kind, errors::not_now)
      << "exported before the officials signed";
  ASSERT_TRUE(machine->sign_sheet(station.both));
  EXPECT_TRUE(machine->store()->records_destroyed());
  ASSERT_TRUE(machine->export_to("out"));
  ASSERT_TRUE(machine->archive());
  const Bytes bytes = base::read_file(station.files, "out/N01.package").value();
  const auto package = ballot::parse_package(bytes);
  ASSERT_TRUE(package);
  EXPECT_TRUE(ballot::package_signed_by(bytes, machine->device_key().value()));
  EXPECT_EQ(package->box.ballots.size(), 5u);
  const auto report = ballot::check_box(package->box, 1, false);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->faults.empty());
  // The sticks no longer hold the closing key.
  Officials again(station.files, station.random, station.clock, "sticks", "x",
                  crypto::CheapKeyFiles::cost());
  const auto present =
      again.prove_two(machine->setup()->officials, station.both).value();
  EXPECT_FALSE(present[0].half || present[1].half);
}

TEST(Machine, SurvivesARestartAtEveryStepOfTheDay) {
  Station station("demo");
  auto machine = station.opened();
  const auto restart = [&] {
    machine.reset();
    station.files.power_on([](std::size_t) { return false; });
    machine = station.start().value();
  };
  station.vote(*machine, 0, 0);
  restart();
  EXPECT_EQ(machine->life(), Life::paused);
  EXPECT_EQ(machine->show_token(station.tokens.characters[1]).error().kind,
            errors::not_now);
  ASSERT_TRUE(machine->resume(station.both));
  EXPECT_EQ(machine->show_token(station.tokens.characters[0]).error().kind,
            errors::token_used);
  station.vote(*machine, 1, 1);
  ASSERT_TRUE(machine->close(station.both, "storm: flood!"));
  EXPECT_EQ(machine->events()->events().back().label, "STORM-FLOOD");
  restart();
  EXPECT_EQ(machine->life(), Life::closed);
  ASSERT_TRUE(machine->print_sheet(station.both, "", std::nullopt));
  restart();
  EXPECT_EQ(machine->life(), Life::printed);
  ASSERT_TRUE(machine->sign_sheet(station.both));
  restart();
  ASSERT_TRUE(machine->export_to("out"));
  EXPECT_EQ(machine->store()->counts().cast, 2u);
}

TEST(Machine, RefusesPackagesThatAreNotForIt) {
  Station station("demo");
  auto machine = station.start().value();
  Bytes changed = station.package();
  changed[changed.size() / 2] ^= 1;
  EXPECT_FALSE(machine->provision(changed));
  const auto stranger = crypto::SigningKey::from_seed(ByteArray<32>{99});
  EXPECT_FALSE(machine->provision(make_setup(station.content, stranger)));
  Bytes longer = station.package();
  longer.push_back(0);
  EXPECT_FALSE(machine->provision(longer));

  const auto anchor = station.authority.public_key();
  SetupBefore before{station.definition_hash, "N01", 1};
  EXPECT_EQ(read_setup(station.package(), anchor, before).error().kind,
            errors::old_package);
  before.issue = 0;
  EXPECT_TRUE(read_setup(station.package(), anchor, before));
  before.station = "N02";
  EXPECT_EQ(read_setup(station.package(), anchor, before).error().kind,
            errors::bad_package);
  before = {Hash32{1}, "N01", 0};
  EXPECT_EQ(read_setup(station.package(), anchor, before).error().kind,
            errors::bad_package);
}

TEST(Machine, WipesBetweenPackagesAndNeverGoesBackToAnOlderOne) {
  Station station("demo");
  station.content.issue = 5;
  auto machine = station.start().value();
  ASSERT_TRUE(machine->provision(station.package()));
  const auto key = machine->device_key().value();
  EXPECT_EQ(machine->wipe({}).error().kind, errors::two_officials);
  ASSERT_TRUE(machine->wipe(station.both));
  EXPECT_EQ(machine->life(), Life::empty);
  EXPECT_EQ(machine->provision(station.package()).error().kind, errors::old_package);
  station.content.issue = 6;
  ASSERT_TRUE(machine->provision(station.package()));
  EXPECT_NE(machine->device_key().value(), key);
}

TEST(Machine, RefusesAnOfficialPackageWithoutTheCeremonysRecord) {
  Station station("official");
  auto machine = station.start().value();
  EXPECT_FALSE(machine->provision(station.package()));
}

TEST(Machine, OpensWithTwoDifferentOfficialsOnly) {
  Station station("demo");
  auto machine = station.start().value();
  ASSERT_TRUE(machine->provision(station.package()));
  ASSERT_TRUE(machine->certify(
      station.certificate(machine->device_key().value(), sheet::Mode::demo)));
  EXPECT_EQ(machine->open(station.both).error().kind, errors::not_now);
  ASSERT_TRUE(machine->test());
  EXPECT_EQ(machine->print_zero({station.both[0]}).error().kind, errors::two_officials);
  EXPECT_EQ(machine->print_zero({station.both[0], station.both[0]}).error().kind,
            errors::two_officials);
  EXPECT_EQ(machine->print_zero({station.both[0], {"NOBODY", "1"}}).error().kind,
            base::FileKind::missing == station.files.kind("sticks/NOBODY")
                ? machine->print_zero({{"NOBODY", "1"}, station.both[0]}).error().kind
                : errors::not_official);
  EXPECT_EQ(machine->life(), Life::tested);
}

TEST(Machine, APackageWhoseAcceptanceWasInterruptedIsAcceptedAgain) {
  for (std::size_t cut = 0;; ++cut) {
    Station station("demo");
    auto machine = station.start().value();
    station.files.cut_power_at(station.files.changes() + cut);
    const bool whole = machine->provision(station.package()).has_value();
    machine.reset();
    station.files.power_on([](std::size_t) { return true; });
    machine = station.start().value();
    if (machine->life() == Life::empty) {
      const auto again = machine->provision(station.package());
      ASSERT_TRUE(again) << "cut " << cut << ": " << again.error().text();
    }
    // Once it has a package, wiped or not, it takes none that is as old.
    ASSERT_TRUE(machine->wipe(station.both));
    ASSERT_EQ(machine->provision(station.package()).error().kind, errors::old_package);
    if (whole) return;
  }
}

TEST(Machine, LocksOutWhoGuessesThePin) {
  Station station("demo");
  auto machine = station.start().value();
  ASSERT_TRUE(machine->provision(station.package()));
  ASSERT_TRUE(machine->test());
  const std::vector<Credential> wrong{{"ANA", "99999999"}, {"BRUNO", "33334444"}};
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(machine->print_zero(wrong).error().kind, errors::wrong_pin);
  }
  EXPECT_EQ(machine->print_zero(wrong).error().kind, errors::locked_out);
  EXPECT_EQ(machine->print_zero(station.both).error().kind, errors::locked_out);
  // A restart does not help, and the wait doubles.
  machine.reset();
  machine = station.start().value();
  EXPECT_EQ(machine->print_zero(wrong).error().kind, errors::locked_out);
  station.clock.advance(std::chrono::seconds(15));
  EXPECT_EQ(machine->print_zero(wrong).error().kind, errors::wrong_pin);
  station.clock.advance(std::chrono::seconds(15));
  EXPECT_EQ(machine->print_zero(wrong).error().kind, errors::locked_out);
  station.clock.advance(std::chrono::seconds(15));
  EXPECT_NE(machine->print_zero(station.both).error().kind, errors::locked_out);
}

TEST(Machine, RefusesYesterdaysCopyOfItself) {
  Station station("demo");
  auto machine = station.opened();
  station.vote(*machine, 0, 0);
  machine.reset();
  // The sticks live on; the machine's disk is put back to an older state.
  auto older = station.files;
  machine = station.start().value();
  ASSERT_TRUE(machine->resume(station.both));
  station.vote(*machine, 1, 0);
  machine.reset();
  for (const char* stick : {"ANA", "BRUNO"}) {
    const std::string path = std::string("sticks/") + stick + "/freshness-M1";
    ASSERT_TRUE(
        base::write_durable(older, path, base::read_file(station.files, path).value()));
  }
  station.files = older;
  machine = station.start().value();
  EXPECT_EQ(machine->resume(station.both).error().kind, errors::store_rolled_back);
  EXPECT_EQ(machine->show_token(station.tokens.characters[1]).error().kind,
            errors::not_now);
}

TEST(Machine, VotingDoesNotHeedTheClock) {
  Station station("demo");
  auto machine = station.opened();
  const std::chrono::hours year(24 * 365);
  std::size_t token = 0;
  for (const auto jump :
       {-10 * year, 20 * year, -std::chrono::hours(1), std::chrono::hours(1)}) {
    station.clock.jump(jump);
    station.vote(*machine, token++, 0);
    if (::testing::Test::HasFatalFailure()) return;
  }
  EXPECT_EQ(machine->store()->counts().cast, 4u);
  ASSERT_TRUE(machine->pause(station.both));
  station.clock.jump(-15 * year);
  ASSERT_TRUE(machine->resume(station.both));
  station.vote(*machine, token, 0);
  // The log says that the clock went back and stays readable.
  const auto events = sheet::parse_event_log(machine->events()->public_text());
  ASSERT_TRUE(events);
  EXPECT_EQ(std::ranges::count(*events, "CLOCK-CHANGED", &sheet::Event::name), 1);
  ASSERT_TRUE(machine->close(station.both, "clock is wrong"));
  EXPECT_TRUE(machine->print_sheet(station.both, "", std::nullopt));
  EXPECT_EQ(machine->sheet()->sheet.fields().cast, 5u);
}

// The hours are those of the definition, at its offset from UTC: neither the zone of
// the operating system nor its summer time moves them.
TEST(Machine, SummerTimeAndTheZoneOfTheComputerMoveNoHour) {
  const char* before = std::getenv("TZ");
  const std::string zone_before = before == nullptr ? "" : before;
  for (const char* zone :
       {"UTC", "Europe/Madrid", "America/Santiago", "EST5EDT,M5.2.0/12,M11.1.0/2"}) {
    ASSERT_EQ(::setenv("TZ", zone, 1), 0);
    ::tzset();
    Station station("demo");
    auto machine = station.opened();
    // 18:00 at -04:00, the voting day.
    const auto closes = std::chrono::seconds(kDay + 22 * 3'600);
    const auto now = std::chrono::seconds(station.clock.unix_seconds());
    station.clock.jump(closes - now - std::chrono::seconds(1));
    EXPECT_EQ(machine->close(station.both, "").error().kind, errors::too_early) << zone;
    station.vote(*machine, 0, 0);
    station.clock.jump(std::chrono::seconds(1));
    EXPECT_TRUE(machine->close(station.both, "")) << zone;
  }
  if (before == nullptr)
    ::unsetenv("TZ");
  else
    ::setenv("TZ", zone_before.c_str(), 1);
  ::tzset();
}

TEST(Machine, ClosingEarlyNeedsAReason) {
  Station station("demo");
  auto machine = station.opened();
  EXPECT_EQ(machine->close(station.both, "").error().kind, errors::too_early);
  EXPECT_EQ(machine->close({}, "flood").error().kind, errors::two_officials);
  EXPECT_TRUE(machine->close(station.both, "flood"));
}

TEST(Machine, CountsOnlyWithBothHalvesOfTheClosingKey) {
  Station station("demo");
  auto machine = station.opened();
  station.vote(*machine, 0, 0);
  ASSERT_TRUE(machine->close(station.both, "x"));
  const std::vector<Credential> one_half{{"ANA", "11112222"}, {"CARLA", "55556666"}};
  EXPECT_EQ(machine->print_sheet(one_half, "", std::nullopt).error().kind,
            errors::closing_key);
  EXPECT_EQ(machine->life(), Life::closed);
}

// The trustees' tally still works, and everybody sees that it is the only one.
TEST(Machine, ClosesWithoutACountWhenTheClosingKeyIsLost) {
  Station station("demo");
  auto machine = station.opened();
  station.vote(*machine, 0, 0);
  station.vote(*machine, 1, 1);
  const std::vector<Credential> one_half{{"ANA", "11112222"}, {"CARLA", "55556666"}};
  EXPECT_EQ(machine->print_uncounted(one_half, "", 18).error().kind, errors::not_now);
  ASSERT_TRUE(machine->close(station.both, "x"));
  EXPECT_EQ(machine->print_uncounted({one_half[0]}, "", 18).error().kind,
            errors::two_officials);
  EXPECT_EQ(machine->print_uncounted(station.both, "", 18).error().kind,
            errors::closing_key)
      << "nothing is lost";
  EXPECT_EQ(machine->life(), Life::closed);
  ASSERT_TRUE(machine->print_uncounted(one_half, "", 18));
  const auto& fields = machine->sheet()->sheet.fields();
  EXPECT_FALSE(fields.counted());
  EXPECT_TRUE(fields.contests.empty());
  EXPECT_EQ(fields.cast, 2u);
  EXPECT_EQ(fields.sealed, 2u);
  EXPECT_EQ(fields.tokens_unused, 18u);
  // The same way on: signed, and only then exported.
  EXPECT_EQ(machine->export_to("out").error().kind, errors::not_now);
  machine.reset();
  machine = station.start().value();
  EXPECT_EQ(machine->life(), Life::printed);
  ASSERT_TRUE(machine->sign_sheet(one_half));
  EXPECT_TRUE(machine->store()->records_destroyed())
      << "a key that turns up later opens nothing";
  ASSERT_TRUE(machine->export_to("out"));
  const Bytes bytes = base::read_file(station.files, "out/N01.package").value();
  const auto package = ballot::parse_package(bytes);
  ASSERT_TRUE(package);
  EXPECT_TRUE(ballot::package_signed_by(bytes, machine->device_key().value()));
  EXPECT_EQ(package->box.ballots.size(), 2u);
  const auto report = ballot::check_box(package->box, 1, false);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->faults.empty());
  EXPECT_NE(package->sheets[0].find("ORIGIN:UNCOUNTED"), std::string::npos);
}

// Two packages of one station would be a conflict that people must decide.
TEST(Machine, EveryStickAndTheCentreGetTheSamePackage) {
  Station station("demo");
  auto machine = station.opened();
  station.vote(*machine, 0, 0);
  ASSERT_TRUE(machine->close(station.both, "x"));
  ASSERT_TRUE(machine->print_sheet(station.both, "", std::nullopt));
  EXPECT_EQ(machine->transmit().error().kind, errors::not_now)
      << "nothing leaves before it is signed";
  ASSERT_TRUE(machine->sign_sheet(station.both));
  EXPECT_EQ(machine->transmit().error().kind, errors::not_transmitted) << "no network";
  EXPECT_EQ(machine->life(), Life::signed_);
  ASSERT_TRUE(machine->export_to("one"));
  station.clock.advance(std::chrono::hours(1));
  ASSERT_TRUE(machine->print_copy());
  machine.reset();
  Bytes sent;
  bool line = false;
  auto place = Place{
      "device", "sticks", station.device, false, crypto::CheapKeyFiles::cost(), {}};
  place.transmit = [&](const std::string& folder) -> Result<void> {
    if (!line) return fail(ErrorKind{1, "no line"}, "no line");
    sent = base::read_file(station.files, folder + "/N01.package").value();
    EXPECT_EQ(station.files.list(folder).value(),
              (std::vector<std::string>{"N01.package", "N01.signatures"}))
        << "who used a token is not sent";
    return {};
  };
  machine =
      Machine::start({station.files, station.random, station.clock, station.printer},
                     place, station.authority.public_key())
          .value();
  EXPECT_TRUE(machine->can_transmit());
  EXPECT_EQ(machine->transmit().error().kind, errors::not_transmitted);
  line = true;
  ASSERT_TRUE(machine->transmit());
  EXPECT_EQ(machine->life(), Life::exported);
  ASSERT_TRUE(machine->export_to("two"));
  const Bytes one = base::read_file(station.files, "one/N01.package").value();
  EXPECT_EQ(base::read_file(station.files, "two/N01.package").value(), one);
  EXPECT_EQ(sent, one);
  EXPECT_TRUE(ballot::parse_package(one));
}

TEST(Machine, TakesCheckInsSlipOfItsOwnStationOnly) {
  Station station("demo");
  auto machine = station.opened();
  station.vote(*machine, 0, 0);
  ASSERT_TRUE(machine->close(station.both, "x"));
  const auto device = crypto::SigningKey::from_seed(ByteArray<32>{55});
  const auto certificate =
      sheet::Certificate::issue(
          {sheet::Mode::demo, station.definition_hash, "CHECKIN", "N01", "C1"},
          device.public_key(), station.authority)
          .value();
  sheet::CheckInSlip slip{
      sheet::Mode::demo, station.definition_hash, "N01", {1, 1, 0, 0, 0, 0, 1}};
  std::string text = sheet::make_check_in_slip(slip, certificate, device).value();
  std::string changed = text;
  changed[changed.find("CHECKEDIN:1") + 10] = '2';
  EXPECT_FALSE(machine->print_sheet(station.both, changed, std::nullopt));
  ASSERT_TRUE(machine->print_sheet(station.both, text, 0));
  EXPECT_EQ(machine->sheet()->sheet.fields().check_in.tokens_issued, 1u);
}

TEST(Machine, StopsVotingWhenTheDiskFailsAndSaysSo) {
  Station station("demo");
  auto machine = station.opened();
  ASSERT_TRUE(machine->show_token(station.tokens.characters[0]));
  ASSERT_TRUE(machine->session()->handle(E::begin));
  ASSERT_TRUE(machine->session()->handle(E::to_review));
  station.files.fail_at(station.files.changes(), base::errors::not_durable);
  EXPECT_FALSE(machine->session()->handle(E::confirm));
  ASSERT_TRUE(machine->settle());
  EXPECT_EQ(machine->life(), Life::stopped);
  EXPECT_EQ(machine->show_token(station.tokens.characters[1]).error().kind,
            errors::not_now);
  machine.reset();
  machine = station.start().value();
  EXPECT_EQ(machine->life(), Life::paused);
}

TEST(Events, TheRegistryIsThePublicListAndItsPage) {
  ASSERT_EQ(event_types().size(), sheet::event_names().size());
  for (const std::string_view name : sheet::event_names()) {
    EXPECT_NE(find_event_type(name), nullptr) << name;
  }
  const std::string path = URNA_SOURCE_DIR "/docs/machine-events.md";
  if (std::getenv("URNA_WRITE_DOCS") != nullptr) std::ofstream(path) << events_page();
  std::ifstream file(path);
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  EXPECT_TRUE(page == events_page()) << "docs/machine-events.md is out of date";
}

TEST(Events, AChangedLineIsFound) {
  base::testing::ScriptedFiles files;
  base::testing::ScriptedClock clock(kDay);
  {
    auto log = EventLog::open(files, clock, "events", -240).value();
    ASSERT_TRUE(log.add("STARTED", "X"));
    ASSERT_TRUE(log.add("OPENED"));
    EXPECT_FALSE(log.add("VOTED"));
  }
  EXPECT_TRUE(EventLog::open(files, clock, "events", -240));
  std::string text = base::read_text(files, "events").value();
  text.replace(text.find("OPENED"), 6, "CLOSED");
  ASSERT_TRUE(base::write_durable(files, "events", as_bytes(text)));
  EXPECT_EQ(EventLog::open(files, clock, "events", -240).error().kind,
            errors::store_damaged);
}

// The parts of JSON Schema that NIST's file uses.
void check_schema(const base::Json& value, const base::Json& schema,
                  const base::Json& root, const std::string& at) {
  if (const base::Json* ref = schema.find("$ref")) {
    const std::string name =
        ref->if_string()->substr(std::string("#/definitions/").size());
    return check_schema(value, *root.find("definitions")->find(name), root, at);
  }
  const base::Json* type = schema.find("type");
  ASSERT_NE(type, nullptr) << at;
  if (*type->if_string() == "string") {
    ASSERT_NE(value.if_string(), nullptr) << at;
    if (const base::Json* options = schema.find("enum")) {
      bool found = false;
      for (const auto& option : options->items()) {
        found = found || *option.if_string() == *value.if_string();
      }
      EXPECT_TRUE(found) << at << ": " << *value.if_string();
    }
    return;
  }
  if (*type->if_string() == "array") {
    ASSERT_TRUE(value.is_array()) << at;
    for (const auto& item : value.items()) {
      check_schema(item, *schema.find("items"), root, at + "[]");
    }
    return;
  }
  ASSERT_TRUE(value.is_object()) << at;
  for (const auto& required : schema.find("required")->items()) {
    EXPECT_NE(value.find(*required.if_string()), nullptr)
        << at << " lacks " << *required.if_string();
  }
  for (const auto& [key, member] : value.members()) {
    const base::Json* property = schema.find("properties")->find(key);
    ASSERT_NE(property, nullptr) << at << " has an unknown " << key;
    check_schema(member, *property, root, at + "/" + key);
  }
}

TEST(Events, TheNistFormIsValidAgainstNistsSchema) {
  constexpr const char* kSchema =
      "cdf/catalog_documents/NIST_V1_election_event_logging.json";
  URNA_NEEDS_SHARED_DATA(kSchema);
  std::ifstream file(base::testing::shared_data(kSchema));
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto schema = base::parse_json(text);
  ASSERT_TRUE(schema) << schema.error().text();
  base::testing::ScriptedFiles files;
  base::testing::ScriptedClock clock(kDay);
  auto log = EventLog::open(files, clock, "events", -240).value();
  for (const EventType& type : event_types()) {
    ASSERT_TRUE(log.add(type.name, type.label.empty() ? "" : "L1"));
  }
  const base::Json json = to_nist_json(log, "TOWN2026", "M1");
  check_schema(json,
               *schema->find("definitions")->find("EventLogging.ElectionEventLog"),
               *schema, "");
}

}  // namespace
}  // namespace urna::machine
