// parties.csv, alliances.csv and officials.csv.
#include "election/loading.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace urna::election {
namespace {

constexpr std::size_t kMaxParties = 10'000;
constexpr std::size_t kMaxShortName = 24;

std::string read_colour(Loading& loading, const Rows& rows, std::size_t row,
                        std::size_t column) {
  const std::string_view colour = rows.cell(row, column);
  if (!colour.empty() && !is_colour(colour)) {
    loading.report.problem(errors::bad_colour, rows.place(row, "colour"),
                           fmt::format("{} is not a colour", base::json_quoted(colour)),
                           "write # and six digits 0-9 a-f, such as #1f6fb2");
  }
  return std::string(colour);
}

void load_alliances(Loading& loading) {
  const auto rows = Rows::open(loading, "alliances.csv", {{"code"}, {"colour", false}},
                               {"name"}, true);
  if (!rows) return;
  Model& model = loading.model;
  for (std::size_t row = 0; row < rows->size(); ++row) {
    const std::string_view code = rows->code(loading, row, 0, "code");
    const bool mine = claim_code(loading, loading.alliances, code,
                                 static_cast<AllianceIndex>(model.alliances.size()),
                                 rows->place(row, "code"), "an alliance");
    Alliance alliance;
    alliance.code = code;
    alliance.name = rows->text(loading, row, 0, true, kTitleLimit);
    alliance.colour = read_colour(loading, *rows, row, 1);
    if (!mine) continue;
    loading.alliance_origin.push_back({"alliances.csv", rows->place(row, "").line});
    model.alliances.push_back(std::move(alliance));
  }
}

void read_party(Loading& loading, const Rows& rows, std::size_t row) {
  Model& model = loading.model;
  const std::string_view code = rows.code(loading, row, 0, "code");
  const auto own = static_cast<PartyIndex>(model.parties.size());
  bool mine = claim_code(loading, loading.parties, code, own, rows.place(row, "code"),
                         "a party");
  if (mine && loading.alliances.contains(code)) {
    loading.report.problem(
        errors::duplicate_code, rows.place(row, "code"),
        fmt::format("there is already an alliance with the code {}", code),
        "parties and alliances share their codes: change one");
  }
  Party party;
  party.code = code;
  party.name = rows.text(loading, row, 0, true, kTitleLimit);
  party.short_name = rows.cell(row, 1);
  if (!party.short_name.empty()) {
    check_text(loading, party.short_name, rows.place(row, "short"), kMaxShortName);
  } else {
    party.short_name = party.code;
  }
  party.colour = read_colour(loading, rows, row, 2);
  if (const std::string_view alliance = rows.cell(row, 3); !alliance.empty()) {
    const auto found = loading.alliances.find(alliance);
    if (found == loading.alliances.end()) {
      loading.report.problem(
          errors::unknown_alliance, rows.place(row, "alliance"),
          fmt::format("there is no alliance {}", base::json_quoted(alliance)),
          "use a code of alliances.csv, or leave the cell empty");
    } else {
      party.alliance = found->second;
      if (mine) model.alliances[found->second].parties.push_back(own);
    }
  }
  if (!mine) return;
  loading.party_origin.push_back({"parties.csv", rows.place(row, "").line});
  model.parties.push_back(std::move(party));
}

void check_party_names(Loading& loading) {
  std::map<std::string_view, std::size_t> seen;
  const auto& parties = loading.model.parties;
  for (std::size_t i = 0; i < parties.size(); ++i) {
    if (parties[i].name.empty() || parties[i].name.in(0).empty()) continue;
    if (seen.emplace(parties[i].name.in(0), i).second) continue;
    loading.report.problem(errors::same_name, loading.party_origin[i].place("name"),
                           fmt::format("another party is called {} too",
                                       base::json_quoted(parties[i].name.in(0))),
                           "name them so that voters can tell them apart");
  }
}

}  // namespace

void load_parties(Loading& loading) {
  load_alliances(loading);
  const auto rows =
      Rows::open(loading, "parties.csv",
                 {{"code"}, {"short", false}, {"colour", false}, {"alliance", false}},
                 {"name"}, true);
  loading.parties_usable = rows.has_value() || loading.file("parties.csv") == nullptr;
  if (!rows) return;
  if (rows->size() > kMaxParties) {
    loading.report.problem(
        errors::too_many, {"parties.csv", 0, {}},
        fmt::format("{} parties; at most {}", rows->size(), kMaxParties));
    return;
  }
  for (std::size_t row = 0; row < rows->size(); ++row) read_party(loading, *rows, row);
  check_party_names(loading);
  for (std::size_t i = 0; i < loading.model.alliances.size(); ++i) {
    const Alliance& alliance = loading.model.alliances[i];
    if (alliance.parties.size() >= 2) continue;
    loading.report.problem(
        errors::alliance_size, loading.alliance_origin[i].place("code"),
        fmt::format("the alliance {} has {} of the two parties it needs at least",
                    alliance.code, alliance.parties.size()),
        "name it in the column 'alliance' of its parties, or remove it");
  }
}

void load_officials(Loading& loading) {
  const auto rows =
      Rows::open(loading, "officials.csv",
                 {{"station"}, {"role"}, {"name"}, {"key", false}}, {}, true);
  if (!rows) return;
  for (std::size_t row = 0; row < rows->size(); ++row) {
    Official official;
    if (const std::string_view station = rows->cell(row, 0); !station.empty()) {
      const auto found = loading.stations.find(station);
      if (found != loading.stations.end()) {
        official.station = found->second;
      } else {
        loading.report.problem(
            errors::unknown_station, rows->place(row, "station"),
            fmt::format("there is no station {}", base::json_quoted(station)),
            "use a code of stations.csv, or leave the cell empty for all stations");
      }
    }
    for (const auto& [column, field, target] :
         {std::tuple{std::size_t{1}, "role", &official.role},
          std::tuple{std::size_t{2}, "name", &official.name}}) {
      *target = rows->cell(row, column);
      if (target->empty()) {
        loading.report.problem(errors::text_missing, rows->place(row, field),
                               fmt::format("the {} is missing", field), "write it");
      } else {
        check_text(loading, *target, rows->place(row, field), kTitleLimit);
      }
    }
    if (const std::string_view key = rows->cell(row, 3); !key.empty()) {
      official.signing_key = public_key(loading, key, rows->place(row, "key"));
    }
    loading.model.officials.push_back(std::move(official));
  }
}

}  // namespace urna::election
