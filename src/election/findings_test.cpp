// Every way a definition can be wrong, provoked one by one in the town example: each
// row changes one thing and names the finding, the file, line and field it must give.
#include "base/errors.hpp"
#include "election/errors.hpp"
#include "election/sealed.hpp"
#include "election/testing.hpp"

#include <algorithm>
#include <ostream>
#include <string>

#include <gtest/gtest.h>

namespace urna::election {
namespace {

using testing::content;
using testing::example;
using testing::replace;
namespace e = errors;
namespace b = base::errors;

struct Case {
  std::string_view name;
  std::string_view file;  // the file that is changed
  std::string_view from;
  std::string_view to;
  ErrorKind kind;
  std::string_view at;  // "file:line field" of the finding
  bool warning = false;

  friend std::ostream& operator<<(std::ostream& out, const Case& c) {
    return out << c.name;
  }
};

constexpr std::string_view kNames = "\"name\": {\n    \"es\"";

const Case kCases[] = {
    {"BadJson", "election.json", "{", "[", b::bad_json, "election.json:0 "},
    {"DuplicateKey", "election.json", "\"mode\": \"demo\"",
     "\"mode\": \"demo\", \"mode\": \"demo\"", b::json_duplicate, "election.json:0 "},
    {"UnknownField", "election.json", "\"mode\"", "\"moed\": 1, \"mode\"",
     b::json_unknown, "election.json:0 /moed"},
    {"OtherFormat", "election.json", "urna-election-1", "urna-election-2",
     e::bad_format, "election.json:0 /format"},
    {"LowerCaseCode", "election.json", "TOWN2026", "town2026", e::bad_code,
     "election.json:0 /code"},
    {"UnknownMode", "election.json", "\"demo\"", "\"real\"", e::bad_value,
     "election.json:0 /mode"},
    {"LanguageTwice", "election.json", "[\"es\", \"en\"]", "[\"es\", \"en\", \"es\"]",
     e::bad_language, "election.json:0 /languages/2"},
    {"NotALanguage", "election.json", "[\"es\", \"en\"]",
     "[\"es\", \"en\", \"English\"]", e::bad_language, "election.json:0 /languages/2"},
    {"NameMissingInALanguage", "election.json", kNames, "\"name\": {\n    \"fr\"",
     e::text_missing, "election.json:0 /name/es"},
    {"NoSuchDay", "election.json", "2026-05-10", "2026-02-29", e::bad_date,
     "election.json:0 /day/date"},
    {"ClosesBeforeItOpens", "election.json", "18:00", "05:00", e::bad_date,
     "election.json:0 /day/closes"},
    {"BadOffset", "election.json", "-04:00", "-4", e::bad_date,
     "election.json:0 /day/utc_offset"},
    {"KindWithinItself", "election.json", "\"within\": [\"TOWN\"]",
     "\"within\": [\"WARD\"]", e::unknown_kind,
     "election.json:0 /area_kinds/1/within/0"},
    {"NoKindHoldsStations", "election.json", "\"holds_stations\": true",
     "\"holds_stations\": false", e::bad_value, "election.json:0 /area_kinds"},
    {"HouseDoesNotAddUp", "election.json", "\"house_seats\": 6", "\"house_seats\": 7",
     e::seats_sum, "election.json:0 /house_seats"},
    {"AwardSeatsDoNotAddUp", "election.json", "\"seats\": 3,\n      \"ties\": \"lot\"",
     "\"seats\": 4,\n      \"ties\": \"lot\"", e::seats_sum,
     "election.json:0 /awards/0/seats"},
    {"UnknownMethod", "election.json", "\"dhondt\"", "\"hondt\"", e::unknown_method,
     "election.json:0 /awards/1/method"},
    {"MethodForPersons", "election.json", "\"plurality\"", "\"dhondt\"",
     e::award_mismatch, "contests.csv:2 awards"},
    {"UnknownTieRule", "election.json", "\"lot\"", "\"coin\"", e::bad_value,
     "election.json:0 /awards/0/ties"},
    {"ShareAboveOne", "election.json", "\"1/20\"", "\"21/20\"", e::bad_value,
     "election.json:0 /awards/1/threshold/share"},
    {"ShareWithAPoint", "election.json", "\"1/20\"", "\"0.05\"", e::bad_value,
     "election.json:0 /awards/1/threshold/share"},
    {"DivisorForAnotherMethod", "election.json", "\"threshold\": {\"share\"",
     "\"first_divisor\": \"7/5\", \"threshold\": {\"share\"", e::bad_value,
     "election.json:0 /awards/1/first_divisor"},
    {"WonInNothing", "election.json", "\"share\": \"1/20\"",
     "\"share\": \"1/20\", \"or_won_in\": \"NONE\"", e::unknown_award,
     "election.json:0 /awards/1/threshold/or_won_in"},
    {"AwardCodeTwice", "election.json", "\"code\": \"LISTS\"", "\"code\": \"PERSONS\"",
     e::duplicate_code, "election.json:0 /awards/1/code"},
    {"AwardWithAContestsCode", "election.json", "\"code\": \"LISTS\"",
     "\"code\": \"PARK\"", e::duplicate_code, "election.json:0 /awards/1/code"},
    {"HalfOfTheTrustees", "election.json", "      {\"name\": \"Carla Ríos\"}",
     "      {\"name\": \"Carla Ríos\"}, {\"name\": \"D\"}", e::trustee_threshold,
     "election.json:0 /trustees/threshold"},
    {"TrusteeTwice", "election.json", "Bruno Salas", "Ana Fuentes", e::same_name,
     "election.json:0 /trustees/members/1/name"},
    {"TrusteeKeyNotHex", "election.json", "{\"name\": \"Ana Fuentes\"}",
     "{\"name\": \"Ana Fuentes\", \"box_key\": \"abc\"}", e::bad_key,
     "election.json:0 /trustees/members/0/box_key"},
    {"AnswersMissing", "election.json", "\"answers\"", "\"notice2\"", e::text_missing,
     "election.json:0 /answers"},

    {"AreaTwice", "areas.csv", "SUR,WARD", "NORTE,WARD", e::duplicate_code,
     "areas.csv:4 code"},
    {"AreaOfUnknownKind", "areas.csv", "SUR,WARD", "SUR,VILLAGE", e::unknown_kind,
     "areas.csv:4 kind"},
    {"AreaInUnknownArea", "areas.csv", "SUR,WARD,VS", "SUR,WARD,XX", e::unknown_area,
     "areas.csv:4 in"},
    {"AreaInNothing", "areas.csv", "SUR,WARD,VS", "SUR,WARD,", e::area_parents,
     "areas.csv:4 in"},
    {"AreaInAnAreaOfItsKind", "areas.csv", "SUR,WARD,VS", "SUR,WARD,NORTE",
     e::area_parents, "areas.csv:4 in"},
    {"AreaInItself", "areas.csv", "SUR,WARD,VS", "SUR,WARD,SUR", e::area_parents,
     "areas.csv:4 in"},
    {"AreaTwiceInOneKind", "areas.csv", "SUR,WARD,VS", "SUR,WARD,VS;VS",
     e::area_overlap, "areas.csv:4 in"},
    {"TwoAreasAtTheTop", "areas.csv", "SUR,WARD,VS", "SUR,TOWN,", e::top_area,
     "areas.csv:4 kind"},
    {"RegisteredDoNotAddUp", "areas.csv", "1270", "1271", e::registered_sum,
     "areas.csv:2 registered"},
    {"AreaSeatsDoNotAddUp", "areas.csv", "800,2", "800,3", e::seats_sum,
     "areas.csv:3 seats"},
    {"NameMissingInEnglish", "areas.csv", "Sector Sur,South Ward", "Sector Sur,",
     e::text_missing, "areas.csv:4 name:en"},
    {"UnknownColumn", "areas.csv", "registered,seats", "registered,chairs",
     b::csv_header, "areas.csv:1 chairs"},
    {"ColumnOfUnknownLanguage", "areas.csv", "name:en", "name:fr", e::bad_language,
     "areas.csv:1 name:fr"},
    {"ColumnMissing", "areas.csv", "code,kind", "note,kind", b::csv_header,
     "areas.csv:1 code"},
    {"NotUtf8", "areas.csv", "Sector Sur", "Sector \xFF", b::bad_utf8, "areas.csv:4 "},
    {"RowTooShort", "areas.csv", "470,0", "470", b::csv_columns, "areas.csv:4 "},
    {"SameAreaNames", "areas.csv", "Sector Norte", "Sector Sur", e::same_name,
     "areas.csv:4 name", true},

    {"StationTwice", "stations.csv", "N02", "N01", e::duplicate_code,
     "stations.csv:3 code"},
    {"StationInUnknownArea", "stations.csv", "S01,SUR", "S01,OESTE", e::unknown_area,
     "stations.csv:4 area"},
    {"StationInATooLargeArea", "stations.csv", "S01,SUR", "S01,VS", e::station_area,
     "stations.csv:4 area"},
    {"StationOutsideAKind", "stations.csv", "S01,SUR", "S01,VS",
     e::station_missing_kind, "stations.csv:4 area"},
    {"StationWithoutAVoter", "stations.csv", ",470", ",0", e::few_registered,
     "stations.csv:4 registered", true},
    {"RegisteredWithAPoint", "stations.csv", ",470", ",4.70", b::bad_number,
     "stations.csv:4 registered"},
    {"RegisteredNotStated", "stations.csv", ",470", ",", e::registered_not_stated,
     "stations.csv:4 registered", true},
    {"NameThatReadsBackwards", "stations.csv", "Town Library",
     "Town\xE2\x80\xAE Library", e::bad_text, "stations.csv:4 name:en"},
    {"NameWithTwoSpaces", "stations.csv", "Town Library", "Town  Library", e::bad_text,
     "stations.csv:4 name:en"},

    {"PartyTwice", "parties.csv", "RUTA,", "CEIBA,", e::duplicate_code,
     "parties.csv:5 code"},
    {"PartyWithAnAlliancesCode", "parties.csv", "RUTA,", "UNION,", e::duplicate_code,
     "parties.csv:5 code"},
    {"PartyNamesAlike", "parties.csv", "Ruta Nueva", "Movimiento Ceiba", e::same_name,
     "parties.csv:5 name"},
    {"NotAColour", "parties.csv", "#c96f1e", "orange", e::bad_colour,
     "parties.csv:5 colour"},
    {"UnknownAlliance", "parties.csv", "#c96f1e,", "#c96f1e,ALL", e::unknown_alliance,
     "parties.csv:5 alliance"},
    {"AllianceOfOne", "parties.csv", "#7a5195,UNION", "#7a5195,", e::alliance_size,
     "alliances.csv:2 code"},
    {"PartyWithoutACard", "parties.csv", "CEIBA,Mov", "NUEVO,Nuevo,New,,,\nCEIBA,Mov",
     e::party_unused, "parties.csv:4 code", true},

    {"ContestTwice", "contests.csv", "PARK,", "MAYOR,", e::duplicate_code,
     "contests.csv:6 code"},
    {"UnknownContestKind", "contests.csv", "approval", "ranked",
     e::unknown_contest_kind, "contests.csv:6 kind"},
    {"ContestInUnknownArea", "contests.csv", "MAYOR,plurality,VS", "MAYOR,plurality,XX",
     e::unknown_area, "contests.csv:2 area"},
    {"QuestionWithoutText", "contests.csv",
     "¿Debe el municipio construir un puente peatonal sobre el río?", "",
     e::text_missing, "contests.csv:5 text:es"},
    {"QuestionWithSeats", "contests.csv", "over the river?,,,", "over the river?,,1,",
     e::seats_sum, "contests.csv:5 seats"},
    {"ListWithTwoVotes", "contests.csv", ",1,3,LISTS", ",2,3,LISTS", e::bad_limit,
     "contests.csv:3 limit"},
    {"MoreVotesThanOptions", "contests.csv", ",2,2,PERSONS", ",5,2,PERSONS",
     e::bad_limit, "contests.csv:4 limit"},
    {"SeatsThatNobodyAwards", "contests.csv", ",1,3,LISTS", ",1,3,",
     e::seats_not_awarded, "contests.csv:3 awards"},
    {"UnknownAward", "contests.csv", ",1,3,LISTS", ",1,3,NONE", e::unknown_award,
     "contests.csv:3 awards"},
    {"AwardWithoutSeats", "contests.csv", ",1,1,PERSONS", ",1,,PERSONS",
     e::award_mismatch, "contests.csv:2 seats"},
    {"UnknownOrder", "contests.csv", "LISTS,parties", "LISTS,random", e::bad_value,
     "contests.csv:3 order"},
    {"FewerCandidatesThanSeats", "contests.csv", ",1,1,PERSONS", ",1,9,PERSONS",
     e::few_candidates, "contests.csv:2 seats", true},

    {"ListOfUnknownContest", "lists.csv", "COUNCIL,RUTA", "SENATE,RUTA",
     e::unknown_contest, "lists.csv:4 contest"},
    {"ListInAContestOfPersons", "lists.csv", "COUNCIL,RUTA", "MAYOR,RUTA",
     e::cells_for_kind, "lists.csv:4 contest"},
    {"ListTwice", "lists.csv", "COUNCIL,RUTA", "COUNCIL,CEIBA", e::duplicate_code,
     "lists.csv:4 code"},
    {"ListWithAnUnknownCard", "lists.csv", "FARO;MOLINO", "FARO;NADA", e::unknown_party,
     "lists.csv:2 cards"},
    {"CardNamedTwice", "lists.csv", "FARO;MOLINO", "FARO;FARO", e::card_twice,
     "lists.csv:2 cards"},
    {"CardOfTwoLists", "lists.csv", "COUNCIL,CEIBA,", "COUNCIL,CEIBA,CEIBA;FARO",
     e::card_twice, "lists.csv:3 cards"},

    {"CandidateTwice", "candidates.csv", "MAYOR,,,IRENE", "MAYOR,,,DARIO",
     e::duplicate_code, "candidates.csv:4 code"},
    {"CandidateWithACardsCode", "candidates.csv", "MAYOR,,,IRENE", "MAYOR,,,FARO",
     e::duplicate_code, "candidates.csv:4 code"},
    {"CandidateWithoutName", "candidates.csv", "Irene Duarte", "", e::text_missing,
     "candidates.csv:4 name:es"},
    {"CandidatesAlike", "candidates.csv", "Irene Duarte", "Darío Peña", e::same_name,
     "candidates.csv:4 name", true},
    {"PositionMissing", "candidates.csv", "COUNCIL,UNION,2", "COUNCIL,UNION,",
     e::list_positions, "candidates.csv:6 position"},
    {"PositionSkipped", "candidates.csv", "COUNCIL,UNION,2", "COUNCIL,UNION,3",
     e::list_positions, "candidates.csv:6 position"},
    {"CandidateOfUnknownList", "candidates.csv", "COUNCIL,RUTA,3", "COUNCIL,NADA,3",
     e::unknown_list, "candidates.csv:14 list"},
    {"ListTooShort", "candidates.csv", "COUNCIL,RUTA,3,,Hugo Arias,,,\n", "",
     e::list_short, "lists.csv:4 code", true},
    {"ListTooLong", "candidates.csv", "COUNCIL,RUTA,3,,Hugo Arias,,,\n",
     "COUNCIL,RUTA,3,,A,,,\nCOUNCIL,RUTA,4,,B,,,\nCOUNCIL,RUTA,5,,C,,,\n"
     "COUNCIL,RUTA,6,,D,,,\n",
     e::list_long, "lists.csv:4 code"},
    {"CandidateForAQuestion", "candidates.csv", "MAYOR,,,IRENE", "BRIDGE,,,IRENE",
     e::cells_for_kind, "candidates.csv:4 contest"},
    {"PersonOnAList", "candidates.csv", "MAYOR,,,IRENE", "MAYOR,X,,IRENE",
     e::cells_for_kind, "candidates.csv:4 list"},
};

std::string where(const base::Finding& finding) {
  return finding.place.file + ":" + std::to_string(finding.place.line) + " " +
         finding.place.field;
}

class Findings : public ::testing::TestWithParam<Case> {};

TEST_P(Findings, AreNamedWithTheirPlaceAndWhatToDo) {
  const Case& c = GetParam();
  DefinitionFiles files = example("town");
  replace(content(files, c.file), c.from, c.to);
  base::Report report;
  const auto definition = parse_definition(files, report);
  const auto found = std::ranges::find_if(report.findings(), [&](const auto& finding) {
    return finding.kind == c.kind && where(finding) == c.at;
  });
  ASSERT_NE(found, report.findings().end())
      << "wanted U" << c.kind.number << " at " << c.at << ", got\n"
      << report.text();
  EXPECT_EQ(found->severity,
            c.warning ? base::Severity::warning : base::Severity::problem);
  EXPECT_FALSE(found->message.empty());
  if (c.kind.number >= 2000) {
    EXPECT_FALSE(found->to_do.empty());
  }
  EXPECT_EQ(definition.has_value(), report.ok()) << "a bad definition never half-loads";
}

INSTANTIATE_TEST_SUITE_P(Town, Findings, ::testing::ValuesIn(kCases),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(Findings, AreAllMadeInOneRun) {
  DefinitionFiles files = example("town");
  replace(content(files, "election.json"), "\"house_seats\": 6", "\"house_seats\": 9");
  replace(content(files, "areas.csv"), "1270", "1271");
  replace(content(files, "stations.csv"), "S01,SUR", "S01,NADA");
  replace(content(files, "parties.csv"), "#c96f1e", "orange");
  replace(content(files, "contests.csv"), "approval", "ranked");
  replace(content(files, "candidates.csv"), "Irene Duarte", "");
  base::Report report;
  EXPECT_FALSE(parse_definition(files, report));
  for (const ErrorKind kind :
       {e::seats_sum, e::registered_sum, e::unknown_area, e::bad_colour,
        e::unknown_contest_kind, e::text_missing}) {
    EXPECT_TRUE(report.has(kind)) << kind.number << "\n" << report.text();
  }
}

TEST(Findings, OneUnreadableTableDoesNotHideTheOthersInNoise) {
  DefinitionFiles files = example("town");
  content(files, "areas.csv") = "";
  base::Report report;
  EXPECT_FALSE(parse_definition(files, report));
  EXPECT_FALSE(report.has(e::unknown_area)) << report.text();
  EXPECT_LE(report.problems(), 4U) << report.text();
}

TEST(Findings, EveryMissingFileIsNamedOrOptional) {
  const DefinitionFiles files = example("town");
  for (std::size_t i = 0; i < files.files.size(); ++i) {
    DefinitionFiles fewer = files;
    fewer.files.erase(fewer.files.begin() + static_cast<std::ptrdiff_t>(i));
    base::Report report;
    EXPECT_FALSE(parse_definition(fewer, report)) << files.files[i].first;
    EXPECT_FALSE(report.ok()) << files.files[i].first;
  }
}

TEST(Findings, ContestNobodyCanVoteIn) {
  DefinitionFiles files = example("town");
  replace(content(files, "areas.csv"), "SUR,WARD", "OESTE,WARD,VS,O,W,,\nSUR,WARD");
  replace(content(files, "contests.csv"), "PARK,approval,VS", "PARK,approval,OESTE");
  base::Report report;
  EXPECT_FALSE(parse_definition(files, report));
  EXPECT_TRUE(report.has(e::no_voters)) << report.text();
  EXPECT_TRUE(report.has(e::area_no_stations)) << report.text();
}

TEST(Findings, StationWithNothingToVoteOn) {
  DefinitionFiles files = example("town");
  std::string& contests = content(files, "contests.csv");
  for (const std::string_view kind : {"MAYOR,plurality,VS", "COUNCIL,list,VS",
                                      "BRIDGE,question,VS", "PARK,approval,VS"}) {
    replace(contests, kind, std::string(kind.substr(0, kind.size() - 2)) + "NORTE");
  }
  base::Report report;
  EXPECT_FALSE(parse_definition(files, report));
  EXPECT_TRUE(report.has(e::no_ballot)) << report.text();
}

TEST(Sealed, LimitAboveTwentyLoadsForCountingOnly) {
  DefinitionFiles files = example("town");
  std::string& candidates = content(files, "candidates.csv");
  for (int i = 0; i < 17; ++i) {
    candidates +=
        "PARK,,,W" + std::to_string(i) + ",Work " + std::to_string(i) + ",,,\n";
  }
  const Definition definition = testing::must_load(files);
  EXPECT_EQ(definition.contests()[*definition.find_contest("PARK")].limit, 21U);
  base::Report report;
  check_sealed_voting(definition, report);
  EXPECT_TRUE(report.has(e::sealed_limit)) << report.text();
  base::Report town;
  check_sealed_voting(testing::must_load(example("town")), town);
  EXPECT_TRUE(town.ok()) << town.text();
}

TEST(Sealed, TwoCardsOfOnePersonWithTwoVotesAreRefused) {
  DefinitionFiles files = example("town");
  replace(content(files, "candidates.csv"), "FARO+MOLINO", "FARO;MOLINO");
  const Definition definition = testing::must_load(files);
  base::Report report;
  check_sealed_voting(definition, report);
  EXPECT_TRUE(report.has(e::sealed_cards)) << report.text();
}

TEST(Sealed, NeedsTrustees) {
  DefinitionFiles files = example("town");
  std::string& header = content(files, "election.json");
  header.erase(header.find(",\n  \"trustees\""));
  header += "\n}\n";
  base::Report report;
  check_sealed_voting(testing::must_load(files), report);
  EXPECT_TRUE(report.has(e::sealed_trustees)) << report.text();
}

// Changing any single byte of any file either gives findings or another hash: nothing
// about a definition can change unseen. The loader survives all of it.
TEST(Mutation, NoByteChangesUnseen) {
  const DefinitionFiles files = example("town");
  const Hash32 hash = definition_hash(files);
  for (std::size_t f = 0; f < files.files.size(); ++f) {
    for (std::size_t i = 0; i < files.files[f].second.size(); ++i) {
      for (const char to : {',', '"', 'A'}) {
        DefinitionFiles changed = files;
        char& byte = changed.files[f].second[i];
        if (byte == to) continue;
        byte = to;
        base::Report report;
        const auto definition = parse_definition(changed, report);
        ASSERT_EQ(definition.has_value(), report.ok());
        if (definition) {
          ASSERT_NE(definition->hash(), hash);
        }
      }
    }
  }
}

}  // namespace
}  // namespace urna::election
