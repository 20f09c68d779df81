#include "election/definition.hpp"

#include "base/file.hpp"
#include "crypto/transcript.hpp"
#include "election/errors.hpp"
#include "election/loading.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

#include <fmt/format.h>

namespace urna::election {
namespace {

constexpr std::array<std::string_view, 9> kFiles = {
    "alliances.csv", "areas.csv",     "candidates.csv", "contests.csv", "election.json",
    "lists.csv",     "officials.csv", "parties.csv",    "stations.csv"};

bool is_format_file(std::string_view name) {
  return std::ranges::find(kFiles, name) != kFiles.end();
}

template <class Vector>
CodeMap codes_of(const Vector& things) {
  CodeMap map;
  map.reserve(things.size());
  for (std::size_t i = 0; i < things.size(); ++i) {
    map.emplace(things[i].code, static_cast<std::uint32_t>(i));
  }
  return map;
}

std::optional<std::uint32_t> find(const CodeMap& map, std::string_view code) {
  const auto found = map.find(code);
  if (found == map.end()) return std::nullopt;
  return found->second;
}

}  // namespace

// Keys are views into the model, which lives as long.
struct Definition::Lookup {
  CodeMap areas, stations, parties, contests, awards;
};

// The only maker of Definitions.
class DefinitionLoader {
 public:
  static Definition make(Model model, const Hash32& hash) {
    return Definition(std::move(model), hash);
  }
};

Definition::Definition(Model model, const Hash32& hash)
    : model_(std::make_shared<const Model>(std::move(model))), hash_(hash) {
  lookup_ = std::make_shared<const Lookup>(Lookup{
      codes_of(model_->areas), codes_of(model_->stations), codes_of(model_->parties),
      codes_of(model_->contests), codes_of(model_->awards)});
}

std::optional<AreaIndex> Definition::find_area(std::string_view code) const {
  return find(lookup_->areas, code);
}
std::optional<StationIndex> Definition::find_station(std::string_view code) const {
  return find(lookup_->stations, code);
}
std::optional<PartyIndex> Definition::find_party(std::string_view code) const {
  return find(lookup_->parties, code);
}
std::optional<ContestIndex> Definition::find_contest(std::string_view code) const {
  return find(lookup_->contests, code);
}
std::optional<AwardIndex> Definition::find_award(std::string_view code) const {
  return find(lookup_->awards, code);
}

std::optional<OptionIndex> Definition::find_option(ContestIndex contest,
                                                   std::string_view code) const {
  const auto& options = contests()[contest].options;
  const auto found = std::ranges::find(options, code, &Option::code);
  if (found == options.end()) return std::nullopt;
  return static_cast<OptionIndex>(found - options.begin());
}

std::optional<StyleIndex> Definition::find_style(std::string_view code) const {
  const auto found = std::ranges::find(styles(), code, &BallotStyle::code);
  if (found == styles().end()) return std::nullopt;
  return static_cast<StyleIndex>(found - styles().begin());
}

std::optional<std::size_t> Definition::find_language(std::string_view tag) const {
  const auto found = std::ranges::find(model().languages, tag);
  if (found == model().languages.end()) return std::nullopt;
  return static_cast<std::size_t>(found - model().languages.begin());
}

std::optional<std::size_t> Definition::slot_of(StyleIndex style,
                                               ContestIndex contest) const {
  const auto& list = styles()[style].contests;
  const auto found = std::ranges::lower_bound(list, contest);
  if (found == list.end() || *found != contest) return std::nullopt;
  return static_cast<std::size_t>(found - list.begin());
}

AreaIndex Definition::root() const {
  const auto found = std::ranges::find(areas(), 0U, &Area::kind);
  return static_cast<AreaIndex>(found - areas().begin());
}

Hash32 definition_hash(const DefinitionFiles& files) {
  std::vector<const std::pair<std::string, std::string>*> order;
  for (const auto& file : files.files) {
    if (is_format_file(file.first)) order.push_back(&file);
  }
  std::ranges::sort(order, {}, [](const auto* file) { return file->first; });
  crypto::Transcript transcript("definition");
  for (const auto* file : order) transcript.text(file->first).text(file->second);
  return transcript.hash32();
}

std::optional<DefinitionFiles> read_definition_files(base::FileSystem& disk,
                                                     const std::string& folder,
                                                     base::Report& report) {
  const auto names = disk.list(folder);
  if (!names) {
    report.add(names.error(), {folder, 0, {}});
    return std::nullopt;
  }
  DefinitionFiles out;
  bool good = true;
  for (const std::string& name : *names) {
    const bool note = name.ends_with(".md");
    if (is_format_file(name)) {
      auto text = base::read_text(disk, base::join_path(folder, name));
      if (!text) {
        report.add(text.error(), {name, 0, {}});
        good = false;
        continue;
      }
      out.files.emplace_back(name, *std::move(text));
    } else if (name.ends_with(".csv") || name.ends_with(".json")) {
      report.problem(errors::file_unknown, {name, 0, {}},
                     fmt::format("{} is not a file of a definition", name),
                     "correct its name, or move it out of the folder");
    } else if (!note) {
      report.warning(errors::file_unknown, {name, 0, {}},
                     fmt::format("{} is not read and not part of the hash", name),
                     "move it out of the folder; notes end in .md");
    }
  }
  if (!good) return std::nullopt;
  return out;
}

std::optional<Definition> parse_definition(const DefinitionFiles& files,
                                           base::Report& report) {
  base::Report found;
  Loading loading{.files = files, .report = found};
  if (load_header(loading)) {
    load_areas(loading);
    load_stations(loading);
    load_parties(loading);
    load_contests(loading);
    load_awards(loading);
    load_contenders(loading);
    link_awards(loading);
    load_officials(loading);
    derive_places(loading);
    derive_styles(loading);
    check_numbers(loading);
  }
  const bool good = found.ok() && report.ok();
  report.merge(std::move(found));
  if (!good) return std::nullopt;
  return DefinitionLoader::make(std::move(loading.model), definition_hash(files));
}

std::optional<Definition> load_definition(const std::string& folder,
                                          base::Report& report) {
  base::RealFiles disk;
  const auto files = read_definition_files(disk, folder, report);
  if (!files) return std::nullopt;
  return parse_definition(*files, report);
}

Result<Definition> load_definition(const std::string& folder) {
  base::Report report;
  auto definition = load_definition(folder, report);
  if (definition) return *std::move(definition);
  Error error = report.first_problem();
  if (report.problems() > 1) {
    error.message += fmt::format(" (and {} more problems)", report.problems() - 1);
  }
  if (!error.to_do.empty()) error.to_do += "; ";
  error.to_do += fmt::format("see them all with: urna election check {}", folder);
  return std::unexpected(std::move(error).at(folder));
}

}  // namespace urna::election
