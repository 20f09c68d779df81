#include "count/testing/nation.hpp"

#include "base/encoding.hpp"
#include "sheet/definition_check.hpp"
#include "sheet/testing/samples.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

namespace urna::count::testing {
namespace {

using election::DefinitionFiles;

std::string two(const std::string& number) {
  return number.size() < 2 ? "0" + number : number;
}
std::string state_code(const StationRow& s) {
  return "S" + two(s.state);
}
std::string municipality_code(const StationRow& s) {
  return "M" + two(s.state) + two(s.municipality);
}
std::string parish_code(const StationRow& s) {
  return "P" + two(s.state) + two(s.municipality) + two(s.parish);
}
std::string circuit_code(const StationRow& s) {
  return "C" + s.circuit;
}

constexpr std::string_view kKinds = R"("area_kinds": [
 {"code": "NATION", "name": {"es": "País", "en": "Nation"}},
 {"code": "STATE", "name": {"es": "Estado", "en": "State"}, "within": ["NATION"]},
 {"code": "CIRCUIT", "name": {"es": "Circuito", "en": "Circuit"}, "within": ["STATE"],
  "every_station": true},
 {"code": "MUNICIPALITY", "name": {"es": "Municipio", "en": "Municipality"},
  "within": ["STATE"]},
 {"code": "PARISH", "name": {"es": "Parroquia", "en": "Parish"},
  "within": ["MUNICIPALITY"], "holds_stations": true, "every_station": true}])";

constexpr std::string_view kAwards = R"("awards": [
 {"code": "NOMINAL", "name": {"es": "Nominal", "en": "Nominal"},
  "method": "plurality", "scope": "each", "seats": 130, "ties": "lot"},
 {"code": "LISTS", "name": {"es": "Listas estadales", "en": "State lists"},
  "method": "dhondt", "scope": "each", "seats": 96, "ties": "more-votes-then-lot"},
 {"code": "NATLIST", "name": {"es": "Lista nacional", "en": "National list"},
  "method": "dhondt", "scope": "sum", "seats": 48, "ties": "more-votes-then-lot"},
 {"code": "PEOPLES", "name": {"es": "Pueblos indígenas", "en": "Indigenous peoples"},
  "method": "plurality", "scope": "each", "seats": 3, "ties": "lot"}])";

std::string authorities(const NationOptions& options) {
  std::string keys;
  for (const Hash32& key : options.device_authorities)
    keys +=
        fmt::format("{}\"{}\"", keys.empty() ? "" : ", ", base::to_hex(ByteView(key)));
  return keys.empty() ? "" : fmt::format("\"device_authorities\": [{}],\n", keys);
}

std::string header(const NationOptions& options) {
  return fmt::format(
      R"({{"format": "urna-election-1", "code": "NATION", "mode": "test",
"languages": ["es", "en"],
"name": {{"es": "Elección de prueba", "en": "Test election"}},
"authority": {{"es": "Consejo de prueba", "en": "Test council"}},
"day": {{"date": "2024-07-28", "opens": "06:00", "closes": "18:00",
"utc_offset": "-04:00"}},
"house_seats": {},
{}{}{}{}}})",
      options.assembly ? 277 : 0, authorities(options), kKinds,
      options.assembly ? ",\n" : "", options.assembly ? kAwards : std::string_view());
}

std::string areas(const std::vector<StationRow>& stations,
                  const NationOptions& options) {
  std::set<std::string> rows;
  for (const StationRow& s : stations) {
    rows.insert(fmt::format("1{0},STATE,VE,State {0},\n", state_code(s)));
    rows.insert(
        fmt::format("2{0},CIRCUIT,{1},Circuit {0},\n", circuit_code(s), state_code(s)));
    rows.insert(fmt::format("3{0},MUNICIPALITY,{1},Municipality {0},\n",
                            municipality_code(s), state_code(s)));
    rows.insert(fmt::format("4{0},PARISH,{1},Parish {0},\n", parish_code(s),
                            municipality_code(s)));
  }
  std::string out = "code,kind,in,name,registered\nVE,NATION,,Nation,";
  if (options.roll) out += std::to_string(*options.roll);
  out += "\n";
  for (const std::string& row : rows) out += row.substr(1);
  return out;
}

// Circuits in order of their number: 53 of one seat, 27 of two, 5 of three, 2 of four.
std::map<std::string, std::uint32_t> circuit_seats(
    const std::vector<StationRow>& stations) {
  std::map<std::string, std::uint32_t> out;
  for (const StationRow& s : stations) out[circuit_code(s)] = 0;
  std::size_t n = 0;
  for (auto& [code, seats] : out) {
    seats = n < 53 ? 1 : n < 80 ? 2 : n < 85 ? 3 : 4;
    ++n;
  }
  return out;
}

void assembly(DefinitionFiles& files, const std::vector<StationRow>& stations,
              const NationOptions& options) {
  std::string contests = "code,kind,area,title,limit,seats,awards\n";
  std::string candidates = "contest,list,position,code,name,cards\n";
  std::string lists = "contest,code,cards\n";
  for (const auto& [code, seats] : circuit_seats(stations)) {
    contests +=
        fmt::format("N{0},plurality,{0},Nominal {0},{1},{1},NOMINAL\n", code, seats);
    for (const std::string& party : options.parties)
      for (std::uint32_t k = 1; k <= seats; ++k)
        candidates += fmt::format("N{0},,,{1}{2},{1} {0} {2},{1}\n", code, party, k);
  }
  std::set<std::string> states;
  for (const StationRow& s : stations) states.insert(state_code(s));
  for (const std::string& state : states) {
    contests += fmt::format("L{0},list,{0},List {0},,4,LISTS;NATLIST\n", state);
    for (const std::string& party : options.parties)
      lists += fmt::format("L{0},{1},\n", state, party);
  }
  contests += "PEOPLES1,plurality,VE,Indigenous peoples,3,3,PEOPLES\n";
  for (const std::string& party : options.parties)
    candidates += fmt::format("PEOPLES1,,,{0}I,{0} I,\n", party);
  files.files.emplace_back("contests.csv", contests);
  files.files.emplace_back("candidates.csv", candidates);
  files.files.emplace_back("lists.csv", lists);
}

}  // namespace

DefinitionFiles nation_files(const std::vector<StationRow>& stations,
                             const NationOptions& options) {
  DefinitionFiles files;
  files.files.emplace_back("election.json", header(options));
  files.files.emplace_back("areas.csv", areas(stations, options));
  std::string rows = "code,area,also_in,name,address,registered\n";
  for (const StationRow& s : stations)
    rows += fmt::format("{},{},{},{},,{}\n", s.code, parish_code(s), circuit_code(s),
                        s.name, s.registered ? std::to_string(*s.registered) : "");
  files.files.emplace_back("stations.csv", std::move(rows));
  std::string parties = "code,name,short,colour,alliance\n";
  for (const std::string& party : options.parties)
    parties += fmt::format("{0},Party {0},{0},,\n", party);
  files.files.emplace_back("parties.csv", std::move(parties));
  if (options.assembly) {
    assembly(files, stations, options);
  } else {
    files.files.emplace_back("contests.csv",
                             "code,kind,area,title:es,title:en\n"
                             "PRES,plurality,VE,Presidencia,President\n");
    std::string candidates = "contest,code,name,cards\n";
    for (const std::string& party : options.parties)
      candidates += fmt::format("PRES,{0},{0},{0}\n", party);
    files.files.emplace_back("candidates.csv", std::move(candidates));
  }
  return files;
}

election::Definition nation(const std::vector<StationRow>& stations,
                            const NationOptions& options) {
  base::Report report;
  auto definition = election::parse_definition(nation_files(stations, options), report);
  if (!definition) throw std::runtime_error(report.text());
  return *definition;
}

Synthetic synthetic_nation(std::size_t stations, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Synthetic out;
  out.stations.reserve(stations);
  out.table = "code,registered,EG,NM,LM,JABE,JOBR,AE,CF,DC,EM,BERA,null\n";
  const auto below = [&](std::uint64_t n) { return random() % n; };
  for (std::size_t i = 0; i < stations; ++i) {
    const std::size_t circuit = i % 87;
    const std::size_t state = circuit % 24;
    const std::size_t place = i / 87;
    StationRow row{.code = fmt::format("{:09d}", i),
                   .state = std::to_string(state + 1),
                   .municipality = std::to_string(circuit / 24 + 1),
                   .parish = std::to_string(place % 12 + 1),
                   .circuit = std::to_string(100 + circuit),
                   .name = fmt::format("School {}", i),
                   .registered = static_cast<std::uint32_t>(400 + below(600))};
    std::uint64_t left = *row.registered;
    std::string cells;
    for (std::size_t p = 0; p < 10; ++p) {
      const std::uint64_t votes = p < 2 ? below(left * 45 / 100 + 1) : below(4);
      left -= std::min(left, votes);
      cells += fmt::format("{},", votes);
    }
    out.table +=
        fmt::format("{},{},{}{}\n", row.code, *row.registered, cells, below(3));
    out.stations.push_back(std::move(row));
  }
  return out;
}

Mapping synthetic_mapping(const NationOptions& options) {
  Mapping mapping;
  mapping.station = {{.column = "code", .text = {}, .width = 9}};
  mapping.registered = "registered";
  ContestColumns columns;
  columns.contest = "*";
  for (const std::string& party : options.parties) {
    if (options.assembly) {
      columns.by_party.emplace_back(party, party);
    } else {
      columns.options.emplace_back(party, party);
    }
  }
  columns.null_votes = "null";
  mapping.contests = {std::move(columns)};
  if (options.assembly)
    mapping.hypothetical = {
        "the votes of another contest, as if cast for these seats",
        "los votos de otra elección, como si fueran para estos escaños"};
  return mapping;
}

sheet::SheetFields sheet_fields(const election::Definition& definition,
                                election::StationIndex station, std::uint32_t seed) {
  sheet::SheetFields f = sheet::blank_sheet(definition, station);
  const std::uint32_t registered =
      definition.stations()[station].registered.value_or(500);
  const std::uint32_t cast = registered / 2 + seed % 50;
  f.origin = sheet::Origin::machine;
  f.device = fmt::format("UM-{:06}", station);
  f.software = "0.1.0";
  f.opened = sheet::local_time(1'722'161'400, -240);
  f.closed = sheet::local_time(1'722'204'600, -240);
  f.registered = registered;
  f.check_in = {.total = cast,
                .matched = cast,
                .not_matched = 0,
                .no_stored_print = 0,
                .not_taken = 0,
                .without_biometrics = 0,
                .tokens_issued = cast};
  f.tokens_unused = 0;
  f.activated = cast;
  f.activated_by_officials = 0;
  f.cast = cast;
  f.ended_without_vote = 0;
  f.sealed = cast;
  f.challenged = 0;
  f.voided = 0;
  for (sheet::ContestResult& contest : f.contests) {
    const std::uint32_t first = cast / 2 + seed % 7;
    contest.ballots = cast;
    contest.options[0].votes = first;
    contest.options[1].votes = cast - first - 1;
    contest.blank = 1;
    contest.null_votes = 0;
  }
  return f;
}

sheet::SignedSheet sign(const sheet::SheetFields& fields) {
  const auto must = [](auto result) {
    if (!result) throw std::runtime_error(result.error().text());
    return std::move(*result);
  };
  const crypto::SigningKey device = sheet::testing::device_key(1);
  const sheet::CertificateFields certificate{.mode = fields.mode,
                                             .election = fields.election,
                                             .station = fields.station,
                                             .name = fields.device};
  return must(sheet::sign_sheet(
      must(sheet::Sheet::make(fields)),
      must(sheet::Certificate::issue(certificate, device.public_key(),
                                     sheet::testing::authority_key())),
      device));
}

base::Json parse(std::string_view text) {
  auto json = base::parse_json(text, {.fractions = true});
  if (!json) throw std::runtime_error(json.error().text());
  return *json;
}

}  // namespace urna::count::testing
