// Every form of the report, on the bundled town and on a synthetic nation.
#include "base/csv.hpp"
#include "base/testing/shared_data.hpp"
#include "count/data_report.hpp"
#include "count/err_report.hpp"
#include "count/html.hpp"
#include "count/import.hpp"
#include "count/testing/json_schema.hpp"
#include "count/testing/nation.hpp"
#include "count/text_report.hpp"

#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>

#include <gtest/gtest.h>

namespace urna::count {
namespace {

Count nation(bool assembly, std::size_t stations = 600) {
  const testing::NationOptions options{.assembly = assembly};
  const testing::Synthetic data = testing::synthetic_nation(stations, 7);
  const auto definition = testing::nation(data.stations, options);
  const Mapping mapping = testing::synthetic_mapping(options);
  Documents documents;
  base::Report report;
  import_table(definition, mapping, data.table, "table.csv", documents, report);
  auto count = tabulate(definition, std::move(documents), {}, mapping.hypothetical);
  if (!count) throw std::runtime_error(count.error().text());
  return std::move(*count);
}

Count town(std::string table) {
  const auto definition = election::load_definition(URNA_SOURCE_DIR "/examples/town");
  base::Report report;
  const auto mapping = read_mapping(testing::parse(R"({"format": "urna-count-import-1",
        "station": [{"column": "mesa"}],
        "contests": {"MAYOR": {"options": {"DARIO": "dario"}, "blank": "blanco"}}})"),
                                    "m.json", report);
  Documents documents;
  import_table(*definition, *mapping, std::move(table), "t.csv", documents, report);
  auto count = tabulate(*definition, std::move(documents));
  if (!count) throw std::runtime_error(count.error().text());
  return std::move(*count);
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

TEST(TextReport, LeadsWithHowCompleteItIsAndNamesConflicts) {
  const Count count = town("mesa,dario,blanco\nN01,12,3\nN01,13,3\nN02,7,0\n");
  const std::string english = text_report(count, {});
  EXPECT_TRUE(contains(english, "1 of 3 polling stations counted (33.3%)")) << english;
  EXPECT_TRUE(contains(english, "U2600")) << english;
  EXPECT_TRUE(contains(english, "Leads: Darío Peña.")) << english;
  const std::string spanish = text_report(count, {.language = Language::spanish});
  EXPECT_TRUE(contains(spanish, "1 de 3 mesas contadas (33,3")) << spanish;
  EXPECT_FALSE(contains(spanish, "polling")) << spanish;
}

TEST(BundledResults, ConflictWithoutTheirDecisionAndAreCompleteWithIt) {
  const auto read = [](const std::string& name) {
    std::ifstream file(URNA_SOURCE_DIR "/examples/town-results/" + name);
    return std::string{std::istreambuf_iterator<char>(file), {}};
  };
  const auto definition = election::load_definition(URNA_SOURCE_DIR "/examples/town");
  ASSERT_TRUE(definition.has_value()) << definition.error().text();
  base::Report report;
  const auto mapping = read_mapping(testing::parse(read("mapping.json")), "m", report);
  const Decisions decisions =
      read_decisions(testing::parse(read("decisions.json")), "d", report);
  ASSERT_TRUE(report.ok()) << report.text();
  const auto count = [&](Decisions with) {
    Documents documents;
    import_table(*definition, *mapping, read("results.csv"), "r.csv", documents,
                 report);
    return tabulate(*definition, std::move(documents), std::move(with));
  };
  EXPECT_EQ(count({})->open_conflicts(), 1U);
  // Fails when the town changed: put its new hash into decisions.json.
  const auto decided = count(decisions);
  ASSERT_TRUE(decided.has_value()) << decided.error().text();
  EXPECT_EQ(decided->open_conflicts(), 0U);
  EXPECT_EQ(decided->in_state(StationState::counted), 3U);
  EXPECT_TRUE(contains(text_report(*decided, {}), "Winner: Alba Montes."));
}

TEST(Numbers, AreGroupedAndRoundedAsEachLanguageDoes) {
  const Count count = town("mesa,dario,blanco\nN01,12,3\n");
  const Speech en(count, Language::english), es(count, Language::spanish);
  EXPECT_EQ(en.number(7304224), "7,304,224");
  EXPECT_EQ(es.number(7304224), "7.304.224");
  EXPECT_EQ(es.number(1234), "1234");
  EXPECT_EQ(en.percent(1, 3), "33.3%");
  EXPECT_EQ(en.percent(99'999, 100'000), "99.9%");  // only all is 100%
  EXPECT_EQ(en.percent(1, 100'000), "0.1%");        // only nothing is 0%
  EXPECT_EQ(en.percent(5, 5), "100.0%");
  EXPECT_EQ(es.date("2020-12-06"), "6 de diciembre de 2020");
  EXPECT_EQ(en.date("2020-12-06"), "6 December 2020");
}

TEST(JsonReport, HoldsEveryStationAndSaysWhatIsHypothetical) {
  const Count count = nation(true);
  const base::Json json = testing::parse(json_report(count).dump());
  EXPECT_EQ(json.find("stations")->items().size(), 600U);
  EXPECT_NE(json.find("hypothetical"), nullptr);
  EXPECT_EQ(*json.find("house")->find("seats")->if_int(), 277);
  EXPECT_EQ(json.find("awards")->items().size(), 4U);
}

TEST(OpenElections, RowsAddUpToTheTotals) {
  const Count count = nation(false);
  base::Report report;
  const base::CsvTable table =
      base::parse_csv(open_elections_csv(count), "out.csv", report);
  ASSERT_TRUE(report.ok()) << report.text();
  std::map<std::string, std::uint64_t> sums;
  for (std::size_t r = 0; r < table.rows(); ++r)
    sums[std::string(table.cell(r, *table.column("candidate")))] +=
        std::stoull(std::string(table.cell(r, *table.column("votes"))));
  const auto& bound = count.bounds.front();
  const auto& contest = count.definition.contests()[bound.contest];
  for (std::size_t c = 0; c < bound.votes.size(); ++c)
    EXPECT_EQ(sums[contest.contenders[c].code], bound.votes[c]);
}

class Pages : public ::testing::Test {
 protected:
  static std::map<std::string, std::string> make(const Count& count) {
    std::map<std::string, std::string> pages;
    const auto done =
        write_pages(count, {}, [&](const std::string& path, std::string_view html) {
          pages[path] = html;
          return Result<void>{};
        });
    EXPECT_TRUE(done.has_value());
    return pages;
  }
};

TEST_F(Pages, HaveNoScriptsNoInlineStylesAndAStrictPolicy) {
  for (const auto& [path, html] : make(nation(true, 100))) {
    EXPECT_FALSE(contains(html, "<script")) << path;
    EXPECT_FALSE(contains(html, " style=")) << path;
    EXPECT_FALSE(std::regex_search(html, std::regex(R"(\son[a-z]+=)"))) << path;
    EXPECT_TRUE(
        contains(html, "Content-Security-Policy\" content=\"default-src 'none'"))
        << path;
  }
}

TEST_F(Pages, EveryLinkLeadsToAPageAndEveryFragmentToAPlace) {
  const auto pages = make(nation(true, 100));
  const std::regex link(R"re(href="([^"]*)")re");
  for (const auto& [path, html] : pages) {
    for (std::sregex_iterator at(html.begin(), html.end(), link), end; at != end;
         ++at) {
      std::string target = (*at)[1];
      const std::string folder = path.substr(0, path.find('/') + 1);
      if (target.starts_with("#")) {
        EXPECT_TRUE(contains(html, "id=\"" + target.substr(1) + "\""))
            << path << target;
        continue;
      }
      if (target.starts_with("../")) {
        target = target.substr(3);
      } else if (path.find('/') != std::string::npos) {
        target = folder + target;
      }
      EXPECT_TRUE(pages.contains(target)) << path << " -> " << target;
    }
  }
}

TEST_F(Pages, EscapeWhatComesFromTheData) {
  EXPECT_EQ(escaped("<b>&\"'"), "&lt;b&gt;&amp;&quot;&#39;");
  const Count count = town("mesa,dario,blanco\nN01,<b>x</b>,3\n");
  for (const auto& [path, html] : make(count))
    EXPECT_FALSE(contains(html, "<b>x")) << path;
}

TEST_F(Pages, SayTheSameInBothLanguages) {
  const auto pages = make(town("mesa,dario,blanco\nN01,12,3\n"));
  EXPECT_TRUE(contains(pages.at("es/index.html"), "<html lang=\"es\">"));
  EXPECT_TRUE(contains(pages.at("en/index.html"), "<html lang=\"en\">"));
  EXPECT_TRUE(contains(pages.at("es/index.html"), "Darío Peña"));
  EXPECT_TRUE(contains(pages.at("en/index.html"), "Darío Peña"));
  EXPECT_FALSE(contains(pages.at("es/index.html"), "polling stations"));
}

TEST(Hemicycle, DrawsEverySeatOnce) {
  for (const std::uint32_t seats : {1U, 2U, 6U, 25U, 121U, 277U, 709U}) {
    const std::string svg = hemicycle_svg(
        {{"A", "#112233", seats / 2}, {"B", "#445566", seats - seats / 2}}, 3, "House",
        "A, B");
    std::size_t circles = 0;
    for (std::size_t at = 0; (at = svg.find("<circle", at)) != std::string::npos; ++at)
      ++circles;
    EXPECT_EQ(circles, seats + 3U);
  }
}

base::Json schema() {
  std::ifstream file(base::testing::shared_data(
      "cdf/catalog_documents/NIST_V2_election_results_reporting.json"));
  return testing::parse(std::string{std::istreambuf_iterator<char>(file), {}});
}

std::string joined(const std::vector<std::string>& faults) {
  std::string out;
  for (std::size_t i = 0; i < faults.size() && i < 20; ++i) out += faults[i] + "\n";
  return out;
}

TEST(CommonDataFormat, OurReportsAreValidAndTheirReferencesResolve) {
  URNA_NEEDS_SHARED_DATA("cdf/catalog_documents");
  const base::Json rules = schema();
  const std::string when = "2024-07-29T01:02:03-04:00";
  for (const bool stations : {false, true}) {
    const auto check = [&](const Count& count) {
      const base::Json report =
          err_report(count, {.generated = when, .stations = stations});
      return testing::check_schema(rules, testing::parse(report.dump()));
    };
    EXPECT_EQ(joined(check(nation(false))), "");
    EXPECT_EQ(joined(check(nation(true, 100))), "");
    EXPECT_EQ(joined(check(town("mesa,dario,blanco\nN01,12,3\n"))), "");
  }
}

TEST(CommonDataFormat, TheCheckerAcceptsNistsFilesAndFindsWhatIsBroken) {
  URNA_NEEDS_SHARED_DATA("cdf/test_data/synthetic");
  const base::Json rules = schema();
  std::ifstream file(base::testing::shared_data(
      "cdf/test_data/synthetic/gen-01/err_v2/err-gen-01.json"));
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(joined(testing::check_schema(rules, testing::parse(text))), "");
  const auto broken = [&](std::string_view from, std::string_view to) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    return testing::check_schema(rules, testing::parse(changed)).size();
  };
  EXPECT_GT(broken("\"cc-president\"", "\"cc-nowhere\""), 0U);
  EXPECT_GT(broken("\"GeneratedDate\"", "\"GeneratedDay\""), 0U);
  EXPECT_GT(broken("\"total\"", "\"totel\""), 0U);
}

}  // namespace
}  // namespace urna::count
