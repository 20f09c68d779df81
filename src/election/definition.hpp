// An election definition: a folder of election.json and tables, checked completely
// and then never changed. Everything else in the project (sealing, sheets, machines,
// the count) starts from a Definition and from its hash.
//
// There is no way to make a Definition except by parsing files that have no problem:
// a bad definition never half-loads. All findings of one run are in the Report.
//
//   base::Report report;
//   const auto definition = election::load_definition("examples/town", report);
//   if (!definition) { print(report.text()); return; }
//   for (const auto& contest : definition->contests()) ...
//
// Thread rule: a Definition is immutable; copies share their data and may be used
// from any thread. Public data only.
#pragma once

#include "base/report.hpp"
#include "base/result.hpp"
#include "election/model.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace urna::base {
class FileSystem;
}

namespace urna::election {

// The files of a definition as bytes, by name ("election.json", "areas.csv", ...).
struct DefinitionFiles {
  std::vector<std::pair<std::string, std::string>> files;
};

// The hash of the definition: H("definition"; name, bytes, name, bytes, ...) over the
// files in ascending order of their names, with H of docs/formats/transcript.md.
// Every file of the format takes part, notes (*.md) do not.
[[nodiscard]] Hash32 definition_hash(const DefinitionFiles& files);

class Definition {
 public:
  [[nodiscard]] const Hash32& hash() const { return hash_; }
  [[nodiscard]] const Model& model() const { return *model_; }

  [[nodiscard]] std::span<const Area> areas() const { return model().areas; }
  [[nodiscard]] std::span<const Station> stations() const { return model().stations; }
  [[nodiscard]] std::span<const Place> places() const { return model().places; }
  [[nodiscard]] std::span<const Party> parties() const { return model().parties; }
  [[nodiscard]] std::span<const Alliance> alliances() const {
    return model().alliances;
  }
  [[nodiscard]] std::span<const Contest> contests() const { return model().contests; }
  [[nodiscard]] std::span<const BallotStyle> styles() const { return model().styles; }
  [[nodiscard]] std::span<const Award> awards() const { return model().awards; }

  // By code; nullopt when there is none. Constant time.
  [[nodiscard]] std::optional<AreaIndex> find_area(std::string_view code) const;
  [[nodiscard]] std::optional<StationIndex> find_station(std::string_view code) const;
  [[nodiscard]] std::optional<PartyIndex> find_party(std::string_view code) const;
  [[nodiscard]] std::optional<ContestIndex> find_contest(std::string_view code) const;
  [[nodiscard]] std::optional<AwardIndex> find_award(std::string_view code) const;
  // Linear: contests and styles are short lists.
  [[nodiscard]] std::optional<OptionIndex> find_option(ContestIndex contest,
                                                       std::string_view code) const;
  [[nodiscard]] std::optional<StyleIndex> find_style(std::string_view code) const;
  // An index into languages, for "es" or "en"; nullopt when the election lacks it.
  [[nodiscard]] std::optional<std::size_t> find_language(std::string_view tag) const;

  [[nodiscard]] const Place& place_of(StationIndex station) const {
    return places()[stations()[station].place];
  }
  [[nodiscard]] StyleIndex style_index_of(StationIndex station) const {
    return place_of(station).style;
  }
  [[nodiscard]] const BallotStyle& style_of(StationIndex station) const {
    return styles()[style_index_of(station)];
  }
  // Where a contest stands on the ballot of a station; nullopt when it is not there.
  [[nodiscard]] std::optional<std::size_t> slot_of(StyleIndex style,
                                                   ContestIndex contest) const;

  // The one area of the first kind, which contains every station: where totals of the
  // whole election stand.
  [[nodiscard]] AreaIndex root() const;

 private:
  friend class DefinitionLoader;  // definition.cpp: the only maker
  struct Lookup;
  Definition(Model model, const Hash32& hash);

  std::shared_ptr<const Model> model_;
  std::shared_ptr<const Lookup> lookup_;
  Hash32 hash_;
};

// Reads the files of a definition folder. Notes (*.md) are left out; a file that the
// format does not know, a missing one and an unreadable one are findings.
[[nodiscard]] std::optional<DefinitionFiles> read_definition_files(
    base::FileSystem& disk, const std::string& folder, base::Report& report);

// Checks everything and gives the definition when the report has no problem (it may
// have warnings). The report names file, line and field of every finding.
[[nodiscard]] std::optional<Definition> parse_definition(const DefinitionFiles& files,
                                                         base::Report& report);

// Both in one step.
[[nodiscard]] std::optional<Definition> load_definition(const std::string& folder,
                                                        base::Report& report);

// The same for callers that only need the definition or one error: the first problem.
[[nodiscard]] Result<Definition> load_definition(const std::string& folder);

}  // namespace urna::election
