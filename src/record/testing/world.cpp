#include "record/testing/world.hpp"

#include "ballot/definition.hpp"
#include "ballot/seal.hpp"
#include "base/encoding.hpp"
#include "base/file.hpp"
#include "crypto/sha256.hpp"
#include "log/testing/memory_lock.hpp"
#include "record/results.hpp"
#include "sheet/box_count.hpp"
#include "sheet/check_in_slip.hpp"
#include "sheet/definition_check.hpp"
#include "sheet/event_log.hpp"
#include "sheet/lost_machine.hpp"
#include "trustees/package.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>

namespace urna::record::testing {
namespace {

using base::Json;

constexpr std::uint32_t kTrustees = 5;
constexpr std::uint32_t kThreshold = 3;
constexpr std::int64_t kMorning = 1796551392;
constexpr std::int16_t kOffset = -240;

template <class T>
T must(Result<T> result) {
  if (result) return std::move(*result);
  std::fprintf(stderr, "%s\n", result.error().text().c_str());
  std::abort();
}

std::string hex_of(const crypto::PublicKey& key) {
  return base::to_hex(key.bytes());
}

// The definition's own election.json with the trustees and authorities of the tests.
std::string with_known_keys(const std::string& text, std::uint64_t seed) {
  const Json old = must(base::parse_json(text));
  Json json = Json::object();
  for (const auto& [key, value] : old.members()) {
    if (key != "trustees" && key != "device_authorities") json.set(key, value);
  }
  Json members = Json::array();
  for (std::uint32_t i = 1; i <= kTrustees; ++i) {
    const auto keys = trustees::testing::keys_from_seed(seed + i);
    Json one = Json::object();
    one.set("name", fmt::format("Trustee {}", static_cast<char>('A' + i - 1)));
    one.set("signing_key", hex_of(keys.signing.public_key()));
    one.set("box_key", base::to_hex(keys.box.public_key().bytes()));
    members.push(std::move(one));
  }
  Json all = Json::object();
  all.set("threshold", kThreshold);
  all.set("members", std::move(members));
  json.set("trustees", std::move(all));
  Json authorities = Json::array();
  authorities.push(hex_of(known_key("authority").public_key()));
  json.set("device_authorities", std::move(authorities));
  return json.dump();
}

std::string known_officials() {
  std::string csv = "station,role,name,key\n";
  for (const char* role : {"BOARD", "PRESIDENT", "SECRETARY"}) {
    csv += fmt::format(",{},{} of the tests,{}\n", role, role,
                       hex_of(known_key(role).public_key()));
  }
  return csv;
}

std::string device_name(election::StationIndex station, std::uint32_t segment) {
  return fmt::format("UM-{:06}", (segment - 1) * 100 + station + 1);
}

}  // namespace

crypto::SigningKey known_key(std::string_view name) {
  return crypto::SigningKey::from_seed(
      crypto::sha256(as_bytes(fmt::format("{} of the sample record", name))));
}

log::NoteSigner log_signer() {
  return must(log::NoteSigner::make(std::string(kOrigin), log::KeyType::ed25519,
                                    known_key("log")));
}

Result<void> write_record(base::FileSystem& files, const std::string& folder,
                          std::span<const NewDocument> documents) {
  log::testing::MemoryLock lock;
  base::testing::ScriptedClock clock(kMorning + 50'000);
  const std::string state = folder + ".state";
  URNA_CHECK(base::make_folder_durable(files, folder));
  URNA_CHECK(base::make_folder_durable(files, state));
  URNA_TRY(Recorder recorder,
           Recorder::create(files, {folder, state}, lock, clock, log_signer()));
  clock.advance(std::chrono::seconds(60));
  URNA_CHECK(recorder.add(documents));
  return {};
}

election::DefinitionFiles example_files(const std::string& folder) {
  base::RealFiles disk;
  base::Report report;
  auto files = election::read_definition_files(disk, folder, report);
  if (!files) {
    std::fprintf(stderr, "%s\n", report.text().c_str());
    std::abort();
  }
  return *files;
}

World::World(const WorldOptions& options) : random_(options.seed) {
  make_definition(options.files);
  ceremony_ = std::make_unique<trustees::testing::Ceremony>(
      kTrustees, kThreshold, options.seed, definition_->hash());
  key_ = ceremony_->key();
  for (std::uint32_t l = 1; l <= kTrustees; ++l) {
    shares_.push_back(ceremony_->share(l));
  }
  for (const auto& [name, text] : files_.files) {
    put(kinds::definition, name, to_bytes(as_bytes(text)));
  }
  put(kinds::ceremony, "terms.urna", key_->terms().encode());
  for (const auto& [name, bytes] : ceremony_->files())
    put(kinds::ceremony, name, bytes);
  put(kinds::election_key, "election-key", key_->encode());

  std::size_t count = definition_->stations().size();
  if (options.stations > 0) count = std::min(count, options.stations);
  for (election::StationIndex i = 0; i < count; ++i) {
    make_station(i, options);
    const WorldStation& station = stations_.back();
    put(kinds::certificate, station.device,
        to_bytes(as_bytes(certificate(station.device, station.code) + "\n")));
    const Bytes bytes = package(station);
    put(kinds::package, station.code, bytes);
    for (std::uint32_t l = 1; l <= options.decryptions; ++l) {
      put(kinds::decryption, fmt::format("{}-{:02}", station.code, l),
          partial(bytes, l).encode());
    }
    if (i == 0) put_evidence(station);
    if (options.progress) options.progress(i + 1);
  }
  put(kinds::decisions, "decisions.json", decisions());
  put(kinds::results, "results.json", results());
  put(kinds::correction, "note-1",
      to_bytes(as_bytes("Nothing had to be corrected.\n")));
}

void World::make_definition(election::DefinitionFiles files) {
  bool officials = false;
  for (auto& [name, text] : files.files) {
    if (name == "election.json") text = with_known_keys(text, 2026);
    if (name == "officials.csv") {
      text = known_officials();
      officials = true;
    }
  }
  if (!officials) files.files.emplace_back("officials.csv", known_officials());
  base::Report report;
  definition_ = election::parse_definition(files, report);
  if (!definition_) {
    std::fprintf(stderr, "%s\n", report.text().c_str());
    std::abort();
  }
  files_ = std::move(files);
}

void World::put(std::string_view kind, std::string name, Bytes bytes) {
  documents_.push_back({std::string(kind), std::move(name), std::move(bytes)});
}

Bytes World::random_bits(const WorldStation& station) {
  const auto& style = station.content.box.station.styles().front();
  Bytes bits;
  for (const ballot::ContestShape& shape : style.contests()) {
    Bytes contest(shape.options, 0);
    const auto most = std::min(shape.limit, shape.options);
    const auto votes = must(random_.below(std::uint64_t{most} + 1));
    for (std::uint64_t v = 0; v < votes; ++v) {
      contest[must(random_.below(shape.options))] = 1;
    }
    append(bits, contest);
  }
  return bits;
}

ballot::BoxBallot World::seal(const WorldStation& station, ballot::Decision decision,
                              ByteView bits, std::uint32_t segment) {
  const auto& place = station.content.box.station;
  const auto& style = place.styles().front();
  const auto choices = must(ballot::Choices::make(style, bits));
  auto sealed = must(ballot::seal(place, style.number(), segment,
                                  station.content.box.key, choices, random_));
  ballot::BoxBallot item{decision, std::move(sealed.ballot), {}};
  if (decision == ballot::Decision::challenged) {
    item.opening = ballot::make_opening(sealed.seed, choices);
  }
  return item;
}

void World::make_station(election::StationIndex index, const WorldOptions& options) {
  const auto& place = definition_->stations()[index];
  const Spare spare = index == 0 ? options.spare : Spare::none;
  std::vector<std::uint32_t> segments{1};
  if (spare == Spare::goes_on) segments = {1, 2};
  if (spare == Spare::first_lost) segments = {2};
  ballot::Box box{
      must(ballot::station_of(*definition_, index, key_->election_hash(), segments)),
      must(ballot::JointKey::make(key_->key())),
      {}};
  WorldStation station{place.code,
                       device_name(index, segments.back()),
                       {std::move(box), {}, {}, {}, {}, {}, {}},
                       sheet::blank_sheet(*definition_, index),
                       {}};
  const auto& style = definition_->styles()[definition_->style_index_of(index)];
  station.row.assign(style.fields, 0);
  std::uint32_t activated = 0;
  for (const std::uint32_t segment : segments) {
    station.sheet = run_machine(station, index, segment, options);
    activated += station.sheet.activated.value_or(0);
    if (segment == segments.back()) {
      // Check-in's slip and the tokens nobody used come to the machine that closes.
      const std::uint32_t people = activated + 1;
      station.sheet.tokens_unused = 1;
      station.sheet.check_in = {people, people - 2, 1, 1, 0, 0, people};
    }
    station.content.sheets.push_back(
        sheet::to_file_text(sign_sheet(station.sheet, device_name(index, segment))));
  }
  ballot::sort_box(station.content.box);
  const sheet::Event begun =
      spare == Spare::none
          ? sheet::Event{sheet::local_time(kMorning, kOffset), "OPENED", ""}
          : sheet::Event{
                sheet::local_time(kMorning, kOffset), "TOOK-OVER",
                spare == Spare::goes_on ? device_name(index, 1) : std::string("LOST")};
  station.content.events = sheet::to_text(std::vector<sheet::Event>{
      {sheet::local_time(kMorning - 1800, kOffset), "STARTED", "0.1.0"},
      begun,
      {sheet::local_time(kMorning + 20'000, kOffset), "PAPER-LOADED", ""},
      {sheet::local_time(kMorning + 43'200, kOffset), "CLOSED", ""},
      {sheet::local_time(kMorning + 43'260, kOffset), "SHEET-PRINTED", "1"}});
  station.content.certificate = certificate(station.device, station.code);
  station.content.check_in = check_in_slip(station.sheet);
  stations_.push_back(std::move(station));
  if (spare == Spare::first_lost) {
    const auto president = known_key("PRESIDENT");
    const auto secretary = known_key("SECRETARY");
    const std::array declarants{sheet::Declarant{"PRESIDENT", &president},
                                sheet::Declarant{"SECRETARY", &secretary}};
    put(kinds::lost_machine, place.code,
        sheet::declare_lost(definition_->hash(), place.code, 1, declarants));
  }
}

sheet::SheetFields World::run_machine(WorldStation& station,
                                      election::StationIndex index,
                                      std::uint32_t segment,
                                      const WorldOptions& options) {
  const auto& style = definition_->styles()[definition_->style_index_of(index)];
  std::vector<std::uint64_t> row(style.fields, 0);
  for (std::size_t b = 0; b < options.cast + options.challenged + options.voided; ++b) {
    const auto decision = b < options.cast ? ballot::Decision::cast
                          : b < options.cast + options.challenged
                              ? ballot::Decision::challenged
                              : ballot::Decision::voided;
    const Bytes bits = random_bits(station);
    station.content.box.ballots.push_back(seal(station, decision, bits, segment));
    if (decision != ballot::Decision::cast) continue;
    std::size_t at = 0;
    for (std::size_t c = 0; c < style.contests.size(); ++c) {
      const std::size_t n = definition_->contests()[style.contests[c]].options.size();
      std::uint64_t votes = 0;
      for (std::size_t o = 0; o < n; ++o, ++at) {
        row[style.field_start[c] + o] += bits[at];
        votes += bits[at];
      }
      if (votes == 0) ++row[style.field_start[c] + n];
    }
  }
  for (std::size_t i = 0; i < row.size(); ++i) station.row[i] += row[i];

  sheet::SheetFields f = sheet::blank_sheet(*definition_, index);
  const auto cast = static_cast<std::uint32_t>(options.cast);
  f.origin = sheet::Origin::machine;
  f.segment = segment;
  f.device = device_name(index, segment);
  f.software = "0.1.0";
  f.opened = sheet::local_time(kMorning, kOffset);
  f.closed = sheet::local_time(kMorning + 43'200, kOffset);
  f.registered = definition_->stations()[index].registered.value_or(1000);
  f.cast = cast;
  f.challenged = static_cast<std::uint32_t>(options.challenged);
  f.voided = static_cast<std::uint32_t>(options.voided);
  f.sealed = cast + *f.challenged + *f.voided;
  f.ended_without_vote = 1;
  f.activated = cast + 1;
  f.activated_by_officials = 0;
  std::size_t at = 0;
  for (sheet::ContestResult& contest : f.contests) {
    contest.ballots = cast;
    for (auto& option : contest.options) {
      option.votes = static_cast<std::uint32_t>(row[at++]);
    }
    contest.blank = static_cast<std::uint32_t>(row[at++]);
    contest.null_votes = static_cast<std::uint32_t>(row[at++]);
  }
  return f;
}

std::string World::check_in_slip(const sheet::SheetFields& fields,
                                 std::string_view device) const {
  const auto certificate = must(sheet::Certificate::issue(
      {fields.mode, fields.election, std::string(sheet::kCheckInRole), fields.station,
       "CI-000001"},
      known_key(device).public_key(), known_key("authority")));
  return must(sheet::make_check_in_slip(
      {fields.mode, fields.election, fields.station, fields.check_in}, certificate,
      known_key(device)));
}

std::string World::certificate(std::string_view device,
                               std::string_view station) const {
  return must(sheet::Certificate::issue({definition_->model().mode, definition_->hash(),
                                         std::string(sheet::kMachineRole),
                                         std::string(station), std::string(device)},
                                        known_key(device).public_key(),
                                        known_key("authority")))
      .text();
}

sheet::SignedSheet World::sign_sheet(const sheet::SheetFields& fields,
                                     std::string_view device) const {
  // For whatever election and station the sheet claims, so that only the sheet is
  // wrong.
  const auto paper = must(sheet::Certificate::issue(
      {fields.mode, fields.election, std::string(sheet::kMachineRole), fields.station,
       std::string(device)},
      known_key(device).public_key(), known_key("authority")));
  return must(
      sheet::sign_sheet(must(sheet::Sheet::make(fields)), paper, known_key(device)));
}

Bytes World::package(const WorldStation& station) const {
  return ballot::make_package(station.content, known_key(station.device));
}

trustees::Partial World::partial(ByteView package, std::uint32_t trustee) {
  const auto checked = must(trustees::check_package(*definition_, *key_, package, 1));
  return must(trustees::make_partial(
      random_, checked.sums, shares_.at(trustee - 1), key_->public_share(trustee),
      trustees::testing::keys_from_seed(ceremony_->person(trustee).seed).signing));
}

// With `draw`, every tie is drawn in favour of those named first.
Derived World::derive(bool draw) const {
  Frame frame;
  frame.definition = definition_;
  frame.key = key_;
  Rows rows;
  std::uint64_t cast = 0;
  for (const WorldStation& station : stations_) {
    rows.emplace(station.code, station.row);
    cast += static_cast<std::uint64_t>(
        std::ranges::count(station.content.box.ballots, ballot::Decision::cast,
                           &ballot::BoxBallot::decision));
  }
  Derived derived = must(derive_results(frame, rows, cast));
  if (!draw) return derived;
  for (const seats::LotsNeeded& tie : derived.lots) {
    frame.decisions.drawings.push_back(
        {tie.stage, tie.among, {tie.among.begin(), tie.among.begin() + tie.take}});
  }
  return must(derive_results(frame, rows, cast));
}

Bytes World::results() const {
  return to_bytes(as_bytes(derive(true).json.dump()));
}

Bytes World::decisions() const {
  Json drawings = Json::array();
  for (const seats::LotsNeeded& tie : derive(false).lots) {
    Json one = Json::object();
    Json among = Json::array();
    Json drawn = Json::array();
    for (const std::string& name : tie.among) {
      if (drawn.items().size() < tie.take) drawn.push(name);
      among.push(name);
    }
    one.set("stage", tie.stage);
    one.set("among", std::move(among));
    one.set("drawn", std::move(drawn));
    one.set("note", "drawn before witnesses");
    drawings.push(std::move(one));
  }
  Json json = Json::object();
  json.set("format", "urna-decisions-1");
  json.set("election", base::to_hex(definition_->hash()));
  json.set("decisions", Json::array());
  json.set("drawings", std::move(drawings));
  return to_bytes(as_bytes(json.dump()));
}

// The station's first contest as a count by hand gives it, over all its machines.
sheet::ContestResult World::counted_by_hand(const WorldStation& station) {
  sheet::ContestResult contest = station.sheet.contests.front();
  std::size_t at = 0;
  for (auto& option : contest.options) {
    option.votes = static_cast<std::uint32_t>(station.row[at++]);
  }
  contest.blank = static_cast<std::uint32_t>(station.row[at++]);
  contest.null_votes = static_cast<std::uint32_t>(station.row[at++]);
  contest.ballots = static_cast<std::uint32_t>(
      std::ranges::count(station.content.box.ballots, ballot::Decision::cast,
                         &ballot::BoxBallot::decision));
  return contest;
}

// Paper and people's signatures, for the first station.
void World::put_evidence(const WorldStation& station) {
  const auto sheet = sign_sheet(station.sheet, station.device);
  const auto sign = [&](sheet::SignedDocument document, const Hash32& digest,
                        const char* role) {
    return must(sheet::OfficialSignature::sign(document, digest, station.code, role,
                                               "V-1", known_key(role)));
  };
  const std::vector<sheet::OfficialSignature> signatures{
      sign(sheet::SignedDocument::sheet, sheet.sheet.digest(), "PRESIDENT"),
      sign(sheet::SignedDocument::sheet, sheet.sheet.digest(), "SECRETARY")};
  put(kinds::signatures, station.code,
      to_bytes(as_bytes(sheet::to_file_text(signatures))));
  sheet::BoxCountFields fields;
  fields.mode = station.sheet.mode;
  fields.election = station.sheet.election;
  fields.station = station.code;
  fields.sheet = sheet.sheet.digest();
  fields.papers = static_cast<std::uint32_t>(
      std::ranges::count(station.content.box.ballots, ballot::Decision::cast,
                         &ballot::BoxBallot::decision));
  fields.contests = {counted_by_hand(station)};
  const auto box = must(sheet::BoxCount::make(fields));
  const sheet::SignedBoxCount signed_box{
      box,
      {sign(sheet::SignedDocument::box, box.digest(), "PRESIDENT"),
       sign(sheet::SignedDocument::box, box.digest(), "SECRETARY")}};
  put(kinds::box_count, station.code,
      to_bytes(as_bytes(sheet::to_file_text(signed_box))));
}

}  // namespace urna::record::testing
