// Check-in and voting machine of one station side by side, as only this floor may see
// them: their tokens fit, and nothing that both store, taken together, joins a voter to
// a token, a session or a ballot.
#include "base/binary.hpp"
#include "base/encoding.hpp"
#include "checkin/testing/world.hpp"
#include "crypto/testing/cheap_key_files.hpp"
#include "machine/errors.hpp"
#include "machine/machine.hpp"
#include "machine/station_kit.hpp"
#include "machine/testing/world.hpp"
#include "machine/tokens.hpp"
#include "machine/vote_store.hpp"

#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include <gtest/gtest.h>

namespace urna::cli {
namespace {

using checkin::testing::World;

// The pool file as the maker of a machine's package reads it.
machine::TokenPool read_pool(ByteView file, const Hash32& election) {
  auto tokens = machine::read_token_pool(file, election, "N01");
  EXPECT_TRUE(tokens) << tokens.error().text();
  return machine::TokenPool::make(std::move(tokens).value()).value();
}

void admit(checkin::Station& station, std::size_t voter) {
  ASSERT_TRUE(station.begin(World::voter(voter)));
  const auto done = station.admit({});
  ASSERT_TRUE(done) << done.error().text();
}

std::optional<std::uint32_t> place_in(const machine::TokenPool& pool,
                                      const Hash32& election, const std::string& text) {
  const auto characters = machine::read_token(text);
  if (!characters) return std::nullopt;
  return pool.find(machine::token_hash(election, "N01", *characters));
}

TEST(CheckInAndMachine, EveryPrintedTokenIsInTheMachinesPoolOnce) {
  World world(30, 2);
  const auto pool = read_pool(world.packed.token_pool, world.parsed->hash());
  EXPECT_EQ(pool.tokens().size(), 2u * 34u);
  auto one = world.ready(1);
  auto two = world.ready(2);
  for (std::size_t v = 0; v < 30; ++v) admit(v % 2 == 0 ? *one : *two, v);
  std::set<std::uint32_t> places;
  for (const std::string& token : world.printer.tokens) {
    const auto at = place_in(pool, world.parsed->hash(), token);
    ASSERT_TRUE(at) << token;
    EXPECT_EQ(pool.tokens()[*at].style, world.parsed->style_index_of(0));
    places.insert(*at);
  }
  EXPECT_EQ(places.size(), 30u);
}

// A voting machine of the same station, polls open: the authority puts the hashes of
// the tokens that check-in's packing drew into its package.
struct OpenMachine {
  explicit OpenMachine(World& world) {
    machine::KitPlan plan;
    plan.definition = world.request.definition;
    plan.station = "N01";
    plan.token_pool = world.packed.token_pool;
    const auto cost = crypto::CheapKeyFiles::cost();
    const auto kit = World::must(
        machine::make_station_kit(world.random, plan, world.authority, cost));
    std::vector<machine::Credential> both;
    for (const auto& official : kit.officials) {
      World::must(base::make_folder_durable(disk, "keys/" + official.role));
      World::must(base::write_durable(disk, "keys/" + official.role + "/official.key",
                                      official.key_file));
      both.push_back({official.role, official.pin});
    }
    machine = World::must(machine::Machine::start(
        {disk, world.random, world.clock, printer},
        {"device", "keys", "M1", false, cost, {}}, world.authority.public_key()));
    World::must(machine->provision(kit.package));
    World::must(machine->certify(
        World::must(sheet::Certificate::issue(
                        {world.parsed->model().mode, world.parsed->hash(),
                         std::string(sheet::kMachineRole), "N01", "M1"},
                        World::must(machine->device_key()), world.authority))
            .text()));
    World::must(machine->test());
    World::must(machine->print_zero(both));
    World::must(machine->open(both));
  }

  base::testing::ScriptedFiles disk;
  machine::testing::ScriptedPrinter printer;
  std::unique_ptr<machine::Machine> machine;
};

// The whole way: what check-in prints opens the machine, once.
TEST(CheckInAndMachine, ATokenThatCheckInPrintedOpensTheMachineOnce) {
  World world(6);
  OpenMachine open(world);
  auto& machine = open.machine;
  auto station = world.ready();
  for (std::size_t v = 0; v < 3; ++v) admit(*station, v);
  ASSERT_EQ(world.printer.tokens.size(), 3u);
  for (const std::string& token : world.printer.tokens) {
    ASSERT_TRUE(machine->show_token(token)) << token;
    ASSERT_TRUE(machine->session()->handle(machine::VoterEvent::end));
    ASSERT_TRUE(machine->session()->handle(machine::VoterEvent::go_on));
    EXPECT_EQ(machine->show_token(token).error().kind, machine::errors::token_used);
  }
  // Tokens of another station's packing are nobody's here.
  EXPECT_EQ(machine->show_token("AAAA-BBBB-CCCC-DDDD").error().kind,
            machine::errors::bad_token);
}

// Every file of a folder and of those in it, by its path.
void gather(base::FileSystem& files, const std::string& folder,
            std::map<std::string, Bytes>& out) {
  const auto names = files.list(folder);
  ASSERT_TRUE(names) << folder;
  for (const std::string& name : *names) {
    const std::string path = base::join_path(folder, name);
    if (files.kind(path) == base::FileKind::folder) {
      gather(files, path, out);
    } else {
      out[path] = base::read_file(files, path).value();
    }
  }
}

// Pieces of 16 bytes, one every `step`; what repeats a few byte values says nothing.
std::set<std::string_view> pieces(ByteView bytes, std::size_t step) {
  std::set<std::string_view> out;
  for (std::size_t at = 0; at + 16 <= bytes.size(); at += step) {
    const ByteView piece = bytes.subspan(at, 16);
    if (std::set<std::uint8_t>(piece.begin(), piece.end()).size() < 8) continue;
    out.insert(as_text(piece));
  }
  return out;
}

TEST(CheckInAndMachine, TheTwoFoldersHoldNothingInCommonButWhatIsPublic) {
  World world(6);
  OpenMachine open(world);
  auto station = world.ready();
  for (std::size_t v = 0; v < 5; ++v) {
    admit(*station, v);
    World::must(open.machine->show_token(world.printer.tokens.back()));
    World::must(open.machine->session()->handle(machine::VoterEvent::end));
    World::must(open.machine->session()->handle(machine::VoterEvent::go_on));
  }
  std::map<std::string, Bytes> of_check_in, of_machine;
  gather(world.files, World::folder(1), of_check_in);
  gather(open.disk, "device", of_machine);
  ASSERT_EQ(of_check_in.size(), 7u);
  ASSERT_GT(of_machine.size(), 2u);
  Bytes open_to_all = to_bytes(world.parsed->hash());
  append(open_to_all, world.authority.public_key().bytes());
  append(open_to_all, as_bytes(base::to_hex(world.authority.public_key().bytes())));
  // The definition as both packages carry it: names and contents with their
  // lengths, then the station.
  base::Writer definition;
  definition.u32(static_cast<std::uint32_t>(world.request.definition.files.size()));
  for (const auto& [name, bytes] : world.request.definition.files) {
    definition.text(name);
    definition.text(bytes);
  }
  definition.text("N01");
  append(open_to_all, definition.view());
  // What every certificate of the station begins with.
  std::string hash = base::to_hex(world.parsed->hash());
  for (char& c : hash) c = c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
  append(open_to_all, as_bytes("URNA:CERT/1 MODE:DEMO ELECTION:" + hash + " ROLE:"));
  append(open_to_all, as_bytes(std::string_view(" STATION:N01 NAME:")));
  const auto is_public = pieces(open_to_all, 1);
  std::size_t looked_at = 0;
  for (const auto& [machine_path, machine_bytes] : of_machine) {
    const auto known = pieces(machine_bytes, 8);
    for (const auto& [path, bytes] : of_check_in) {
      for (const std::string_view piece : pieces(bytes, 1)) {
        ++looked_at;
        ASSERT_TRUE(!known.contains(piece) || is_public.contains(piece))
            << path << " and " << machine_path << " share "
            << base::to_hex(as_bytes(piece));
      }
    }
    for (std::size_t v = 0; v < 6; ++v) {
      EXPECT_EQ(as_text(machine_bytes).find(World::voter(v)), std::string_view::npos)
          << machine_path << " names a voter";
    }
  }
  EXPECT_GT(looked_at, 10'000u);
}

bool holds(ByteView where, ByteView what) {
  return !std::ranges::search(where, what).empty();
}

TEST(CheckInAndMachine, NoFileOfCheckInHoldsATokenThatWasHandedOut) {
  World world(6);
  auto station = world.ready();
  for (std::size_t v = 0; v < 5; ++v) admit(*station, v);
  ASSERT_TRUE(station->replace_token(world.both()));
  ASSERT_EQ(world.printer.tokens.size(), 6u);
  // Everything in the folder, and the log once more in clear.
  std::vector<Bytes> texts;
  const auto names = world.files.list(World::folder(1)).value();
  EXPECT_EQ(names, (std::vector<std::string>{"certificate", "device.key", "events",
                                             "prints.key", "prints.sealed", "setup",
                                             "tokens"}));
  for (const std::string& name : names) {
    texts.push_back(
        base::read_file(world.files, World::folder(1) + "/" + name).value());
  }
  std::string log;
  for (const auto& event : station->book().events()) {
    log += fmt::format("{} {} {} {} {} {};", event.time, event.voter, event.other,
                       checkin::kind_name(event.kind), event.issued, event.left);
  }
  texts.push_back(to_bytes(as_bytes(log)));
  for (const std::string& token : world.printer.tokens) {
    const std::string characters = machine::read_token(token).value();
    const Bytes raw = base::from_base32(characters).value();
    const Hash32 hash = machine::token_hash(world.parsed->hash(), "N01", characters);
    for (const Bytes& text : texts) {
      EXPECT_FALSE(holds(text, raw));
      EXPECT_FALSE(holds(text, hash));
      EXPECT_FALSE(holds(text, as_bytes(characters)));
    }
  }
  // With the device's key the drawer opens, and gives none of them back.
  auto drawer = checkin::TokenDrawer::open(world.files, world.random,
                                           World::folder(1) + "/tokens",
                                           station->keys().own_key("token-drawer"))
                    .value();
  EXPECT_EQ(drawer.left(), 4u);
  const auto style = world.parsed->style_index_of(0);
  while (drawer.left() > 0) {
    const std::string left = checkin::token_text(drawer.take(style).value());
    EXPECT_EQ(std::ranges::count(world.printer.tokens, left), 0);
  }
}

// ---------------------------------------------------------------------------
// Order: the classifier of the vote store's test, over both folders.

constexpr std::size_t kVoters = 150;
constexpr int kRuns = 12;
// Upper 1 % point of chi-square with 12 degrees of freedom, and the same after dividing
// by the 54 bytes of a slot.
constexpr double kChi12 = 26.22;
constexpr double kChi12Of54 = 37.9;

std::vector<double> ranks(const std::vector<double>& v) {
  std::vector<std::size_t> order(v.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {},
                    [&](std::size_t i) { return std::pair(v[i], i * 7'919 % 10'007); });
  std::vector<double> out(v.size());
  for (std::size_t i = 0; i < order.size(); ++i) out[order[i]] = static_cast<double>(i);
  return out;
}

// Spearman's rank correlation, as a standard normal under chance; squared and added.
struct Feature {
  double chi = 0;
  void add(const std::vector<double>& a, const std::vector<double>& b) {
    const auto x = ranks(a), y = ranks(b);
    const double n = static_cast<double>(x.size()), mean = (n - 1) / 2;
    double cov = 0, var = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      cov += (x[i] - mean) * (y[i] - mean);
      var += (x[i] - mean) * (x[i] - mean);
    }
    const double z = cov / var * std::sqrt(n - 1);
    chi += z * z;
  }
};

// What one day leaves, each in the order in which voters came.
struct Day {
  std::vector<double> time, slot, place, ballot;
  Bytes drawer;
};

Day run_day(std::uint64_t seed) {
  Day day;
  World world(kVoters, 1, seed);
  auto station = world.ready();
  const auto pool = read_pool(world.packed.token_pool, world.parsed->hash());
  base::testing::ScriptedFiles disk;
  base::testing::ScriptedRandom random(seed + 1'000);
  const auto tokens = static_cast<std::uint32_t>(pool.tokens().size());
  EXPECT_TRUE(machine::VoteStore::create(
      disk, random, "votes", {tokens + 30, tokens + 10, tokens, 64, 64, 64}));
  auto store = machine::VoteStore::open(disk, random, "votes").value();
  const std::string path = World::folder(1) + "/tokens";
  Bytes before = base::read_file(world.files, path).value();
  const std::size_t slot_size = before.size() / tokens;
  for (std::size_t v = 0; v < kVoters; ++v) {
    admit(*station, v);
    const Bytes after = base::read_file(world.files, path).value();
    const auto changed = std::ranges::mismatch(before, after).in1 - before.begin();
    before = after;
    const auto at =
        place_in(pool, world.parsed->hash(), world.printer.tokens.back()).value();
    base::Writer number;
    number.u32(static_cast<std::uint32_t>(v));
    EXPECT_TRUE(store.begin(at));
    EXPECT_TRUE(store.put_pending(number.view()));
    EXPECT_TRUE(store.cast(number.view()));
    EXPECT_TRUE(store.finish());
    day.time.push_back(static_cast<double>(v));
    day.slot.push_back(
        static_cast<double>(static_cast<std::size_t>(changed) / slot_size));
    day.place.push_back(at);
  }
  day.ballot.resize(kVoters);
  const auto ballots = store.ballots().value();
  for (std::size_t i = 0; i < ballots.size(); ++i) {
    day.ballot[base::Reader(ballots[i].ballot).u32().value()] = static_cast<double>(i);
  }
  day.drawer = before;
  return day;
}

TEST(CheckInAndMachine, NothingThatBothStoreTellsTheOrderOfVoters) {
  Feature slot, place, ballot, slot_with_ballot, slot_with_place;
  std::vector<Feature> bytes(54);
  for (int run = 0; run < kRuns; ++run) {
    const Day day = run_day(static_cast<std::uint64_t>(100 + run));
    slot.add(day.slot, day.time);
    place.add(day.place, day.time);
    ballot.add(day.ballot, day.time);
    slot_with_ballot.add(day.slot, day.ballot);
    slot_with_place.add(day.slot, day.place);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      std::vector<double> value;
      for (const double s : day.slot) {
        value.push_back(day.drawer[static_cast<std::size_t>(s) * 54 + at]);
      }
      bytes[at].add(value, day.time);
    }
  }
  EXPECT_LT(slot.chi, kChi12);
  EXPECT_LT(place.chi, kChi12);
  EXPECT_LT(ballot.chi, kChi12);
  EXPECT_LT(slot_with_ballot.chi, kChi12);
  EXPECT_LT(slot_with_place.chi, kChi12);
  for (const Feature& feature : bytes) EXPECT_LT(feature.chi, kChi12Of54);
}

TEST(CheckInAndMachine, TheClassifierSeesADrawerThatIsTakenInGroups) {
  Feature feature;
  std::vector<double> slot, time;
  for (std::size_t i = 0; i < kVoters; ++i) {
    slot.push_back(static_cast<double>(i / 10 * 10 + i * 7 % 10));
    time.push_back(static_cast<double>(i));
  }
  feature.add(slot, time);
  EXPECT_GT(feature.chi, kChi12);
}

}  // namespace
}  // namespace urna::cli
