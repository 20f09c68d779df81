#include "election/skeleton.hpp"

#include "base/csv.hpp"
#include "base/json.hpp"
#include "election/errors.hpp"
#include "election/loading.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::election {
namespace {

// What the skeleton says in the languages it knows; other languages get the English
// text, to be translated.
struct Words {
  std::string_view tag;
  std::string_view election, authority, town, station, mayor, council, person, yes, no,
      plurality, lists, first_party, second_party;
};
constexpr Words kWords[] = {
    {"es", "Mi elección", "Mi junta electoral", "Mi municipio", "Mesa", "Alcaldía",
     "Concejo", "Persona", "Sí", "No", "Cargos por mayoría", "Listas", "Partido Uno",
     "Partido Dos"},
    {"en", "My election", "My electoral board", "My town", "Station", "Mayor",
     "Council", "Person", "Yes", "No", "Offices by plurality", "Lists", "Party One",
     "Party Two"}};

const Words& words_in(std::string_view tag) {
  const std::string_view language = tag.substr(0, tag.find('-'));
  const auto found = std::ranges::find(kWords, language, &Words::tag);
  return found == std::end(kWords) ? kWords[1] : *found;
}

// The tables, text column by text column for every language.
class Skeleton {
 public:
  Skeleton(const SkeletonOptions& options, std::vector<std::string> languages)
      : options_(options), languages_(std::move(languages)) {}

  [[nodiscard]] DefinitionFiles files() const {
    return {{{"election.json", header()},
             {"areas.csv", areas()},
             {"stations.csv", stations()},
             {"parties.csv", parties()},
             {"contests.csv", contests()},
             {"lists.csv", base::csv_row({"contest", "code", "cards"}) +
                               base::csv_row({"COUNCIL", "ONE", ""}) +
                               base::csv_row({"COUNCIL", "TWO", ""})},
             {"candidates.csv", candidates()}}};
  }

 private:
  using Word = std::string_view Words::*;

  base::Json texts(Word word) const {
    base::Json out = base::Json::object();
    for (const std::string& tag : languages_) out.set(tag, words_in(tag).*word);
    return out;
  }
  void add_columns(std::vector<std::string>& row, std::string_view base) const {
    for (const std::string& tag : languages_)
      row.push_back(fmt::format("{}:{}", base, tag));
  }
  void add_texts(std::vector<std::string>& row, Word word,
                 std::string_view suffix = {}) const {
    for (const std::string& tag : languages_) {
      row.push_back(fmt::format("{}{}", words_in(tag).*word, suffix));
    }
  }

  [[nodiscard]] std::string header() const {
    base::Json languages = base::Json::array();
    for (const std::string& tag : languages_) languages.push(tag);
    base::Json kind = base::Json::object();
    kind.set("code", "TOWN").set("name", texts(&Words::town));
    kind.set("holds_stations", true).set("every_station", true);
    base::Json day = base::Json::object();
    day.set("date", "2027-01-31").set("opens", "08:00").set("closes", "18:00");
    day.set("utc_offset", "-04:00");
    const auto award = [&](std::string_view code, Word name, std::string_view method,
                           int seats) {
      base::Json out = base::Json::object();
      out.set("code", code).set("name", texts(name)).set("method", method);
      return out.set("scope", "each").set("seats", seats).set("ties", "lot");
    };
    base::Json awards = base::Json::array();
    awards.push(award("OFFICES", &Words::plurality, "plurality", 1));
    awards.push(award("LISTS", &Words::lists, "dhondt", 3));
    base::Json kinds = base::Json::array();
    kinds.push(std::move(kind));
    base::Json out = base::Json::object();
    out.set("format", kFormat).set("code", options_.code).set("mode", "test");
    out.set("languages", std::move(languages)).set("name", texts(&Words::election));
    out.set("authority", texts(&Words::authority)).set("day", std::move(day));
    out.set("minimum_registered", 30).set("challenges_per_session", 2);
    out.set("substitutes", 2).set("house_seats", 4);
    out.set("area_kinds", std::move(kinds)).set("awards", std::move(awards));
    return out.dump();
  }

  [[nodiscard]] std::string areas() const {
    std::vector<std::string> head = {"code", "kind", "in"};
    add_columns(head, "name");
    std::vector<std::string> row = {"TOWN1", "TOWN", ""};
    add_texts(row, &Words::town);
    return base::csv_row(head) + base::csv_row(row);
  }

  [[nodiscard]] std::string stations() const {
    std::vector<std::string> head = {"code", "area"};
    add_columns(head, "name");
    head.emplace_back("registered");
    std::string out = base::csv_row(head);
    for (std::uint32_t i = 1; i <= options_.stations; ++i) {
      std::vector<std::string> row = {fmt::format("S{:03}", i), "TOWN1"};
      add_texts(row, &Words::station, fmt::format(" {}", i));
      row.emplace_back("400");
      out += base::csv_row(row);
    }
    return out;
  }

  [[nodiscard]] std::string parties() const {
    std::vector<std::string> head = {"code"};
    add_columns(head, "name");
    head.emplace_back("colour");
    std::vector<std::string> one = {"ONE"};
    add_texts(one, &Words::first_party);
    one.emplace_back("#4d7ea8");
    std::vector<std::string> two = {"TWO"};
    add_texts(two, &Words::second_party);
    two.emplace_back("#c96f1e");
    return base::csv_row(head) + base::csv_row(one) + base::csv_row(two);
  }

  [[nodiscard]] std::string contests() const {
    std::vector<std::string> head = {"code", "kind", "area"};
    add_columns(head, "title");
    head.insert(head.end(), {"limit", "seats", "awards", "order"});
    std::vector<std::string> mayor = {"MAYOR", "plurality", "TOWN1"};
    add_texts(mayor, &Words::mayor);
    mayor.insert(mayor.end(), {"1", "1", "OFFICES", "parties"});
    std::vector<std::string> council = {"COUNCIL", "list", "TOWN1"};
    add_texts(council, &Words::council);
    council.insert(council.end(), {"1", "3", "LISTS", "parties"});
    return base::csv_row(head) + base::csv_row(mayor) + base::csv_row(council);
  }

  [[nodiscard]] std::string candidates() const {
    const std::string_view person = words_in(languages_[0]).person;
    std::string out =
        base::csv_row({"contest", "list", "position", "code", "name", "cards"});
    int number = 0;
    const auto name = [&] { return fmt::format("{} {}", person, ++number); };
    out += base::csv_row({"MAYOR", "", "", "FIRST", name(), "ONE"});
    out += base::csv_row({"MAYOR", "", "", "SECOND", name(), "TWO"});
    for (const char* list : {"ONE", "TWO"}) {
      for (const char* position : {"1", "2", "3"}) {
        out += base::csv_row({"COUNCIL", list, position, "", name(), ""});
      }
    }
    return out;
  }

  const SkeletonOptions& options_;
  std::vector<std::string> languages_;
};

}  // namespace

Result<void> write_skeleton(base::FileSystem& files, const std::string& folder,
                            const SkeletonOptions& options) {
  if (!is_code(options.code)) {
    return fail(errors::bad_code, fmt::format("'{}' is not a code", options.code),
                "use 1 to 16 characters A-Z and 0-9");
  }
  if (options.stations < 1 || options.stations > 1000) {
    return fail(errors::bad_value,
                fmt::format("{} stations cannot be written", options.stations),
                "choose 1 to 1000; larger tables are imported");
  }
  if (files.kind(folder) != base::FileKind::missing) {
    URNA_TRY(const auto there, files.list(folder));
    if (!there.empty()) {
      return fail(errors::folder_not_empty, fmt::format("'{}' is not empty", folder),
                  "name a folder that does not exist yet");
    }
  }
  std::vector<std::string> languages;
  for (const auto tag : split(options.languages, ',')) languages.emplace_back(tag);
  const DefinitionFiles made = Skeleton(options, std::move(languages)).files();
  base::Report report;
  if (!parse_definition(made, report)) {
    return std::unexpected(report.first_problem());
  }
  URNA_CHECK(base::make_folder_durable(files, folder));
  for (const auto& [name, content] : made.files) {
    URNA_CHECK(
        base::write_durable(files, base::join_path(folder, name), as_bytes(content)));
  }
  return {};
}

}  // namespace urna::election
