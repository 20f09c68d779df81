// The site of an honest record, and of one in which something does not agree.
#include "count/testing/json_schema.hpp"
#include "count/testing/nation.hpp"
#include "record/testing/world.hpp"
#include "results/errors.hpp"
#include "results/folder.hpp"
#include "results/picture.hpp"
#include "results/site.hpp"
#include "results/words.hpp"

#include <filesystem>
#include <map>
#include <mutex>
#include <regex>
#include <set>

#include <gtest/gtest.h>

namespace urna::results {
namespace {

using Site = std::map<std::string, std::string>;
using base::testing::ScriptedFiles;

const record::testing::World& world() {
  static const record::testing::World made(
      {.files = record::testing::example_files("examples/town")});
  return made;
}

std::string hash_name(ByteView bytes) {
  return log::blob_path(crypto::sha256(bytes));
}

void write(ScriptedFiles& files, std::span<const record::NewDocument> documents) {
  const auto done = record::testing::write_record(files, "record", documents);
  ASSERT_TRUE(done.has_value()) << done.error().text();
}

Site site_of(ScriptedFiles& files, const GatherOptions& options = {},
             const SiteOptions& how = {}) {
  const auto evidence = gather(files, "record", options);
  if (!evidence) throw std::runtime_error(evidence.error().text());
  Site site;
  std::mutex mutex;
  const auto done =
      write_site(*evidence, how,
                 [&](const std::string& path, std::string_view bytes) -> Result<void> {
                   const std::lock_guard lock(mutex);
                   EXPECT_TRUE(site.emplace(path, bytes).second) << path << " twice";
                   return {};
                 });
  if (!done) throw std::runtime_error(done.error().text());
  return site;
}

bool has(const Site& site, const std::string& path, std::string_view part) {
  const auto found = site.find(path);
  return found != site.end() && found->second.find(part) != std::string::npos;
}

TEST(HonestSite, ShowsTheThreeLinesOfEvidenceOfEveryStation) {
  ScriptedFiles files;
  write(files, world().documents());
  const Site site = site_of(files);
  for (const record::testing::WorldStation& station : world().stations()) {
    const std::string page = "en/station-" + station.code + ".html";
    EXPECT_TRUE(has(site, page, "Three lines of evidence")) << page;
    EXPECT_FALSE(has(site, page, "class=\"bad\"")) << page;
    EXPECT_TRUE(has(site, "es/station-" + station.code + ".html", "Tres pruebas"));
    // One code for each ballot, with what became of it.
    const std::string& codes = site.at("codes/" + station.code + ".txt");
    EXPECT_EQ(std::ranges::count(codes, '\n'),
              static_cast<std::ptrdiff_t>(station.content.box.ballots.size()));
    EXPECT_NE(codes.find(" challenged\n"), std::string::npos);
  }
  EXPECT_TRUE(has(site, "es/index.html", "3 de 3 mesas contadas"));
  EXPECT_TRUE(has(site, "en/index.html", "Turnout"));
  EXPECT_TRUE(has(site, "en/index.html", "class=\"hemicycle\""));
  EXPECT_TRUE(has(site, "en/record.html", "results-cdf.json"));
}

TEST(HonestSite, IsTheSameByteForByteWithAnyNumberOfThreads) {
  ScriptedFiles files;
  write(files, world().documents());
  GatherOptions one, four;
  one.verify.jobs = 1;
  four.verify.jobs = 4;
  EXPECT_EQ(site_of(files, one, {.threads = 1}), site_of(files, four, {.threads = 4}));
}

// Every address that a page names is a file of the site or of the record; every
// anchor is on its page; pages say the same in both languages.
TEST(HonestSite, HasNoDeadLinkAndNoScriptAndBothLanguages) {
  ScriptedFiles files;
  write(files, world().documents());
  const Site site = site_of(files);
  const std::regex address("(?:href|src)=\"([^\"]*)\"");
  std::size_t links = 0;
  for (const auto& [path, text] : site) {
    if (!path.ends_with(".html")) continue;
    EXPECT_EQ(text.find("<script"), std::string::npos) << path;
    EXPECT_NE(text.find("Content-Security-Policy"), std::string::npos) << path;
    if (path.starts_with("es/")) {
      EXPECT_TRUE(site.contains("en" + path.substr(2))) << path;
      EXPECT_NE(text.find("<html lang=\"es\">"), std::string::npos) << path;
    }
    for (std::sregex_iterator at(text.begin(), text.end(), address), end; at != end;
         ++at) {
      std::string to = (*at)[1];
      std::string anchor;
      if (const auto hash = to.find('#'); hash != std::string::npos) {
        anchor = to.substr(hash + 1);
        to.resize(hash);
      }
      const std::string folder = path.substr(0, path.find('/') + 1);
      const std::string target =
          to.empty() ? path
                     : std::filesystem::path(path == "index.html" ? to : folder + to)
                           .lexically_normal()
                           .string();
      ++links;
      if (target.starts_with("record/")) {
        EXPECT_EQ(files.kind(target), base::FileKind::file) << path << " -> " << to;
        continue;
      }
      ASSERT_TRUE(site.contains(target)) << path << " -> " << to;
      if (!anchor.empty()) {
        EXPECT_TRUE(has(site, target, "id=\"" + anchor + "\""))
            << path << " -> " << (*at)[1];
      }
    }
  }
  EXPECT_GT(links, 200U);
}

TEST(HonestSite, TellsTheElectionResultsInTheCommonDataFormat) {
  ScriptedFiles files;
  write(files, world().documents());
  const Site site = site_of(files);
  const base::Json report = count::testing::parse(site.at("data/results-cdf.json"));
  EXPECT_EQ(*report.find("@type")->if_string(), "ElectionResults.ElectionReport");
  EXPECT_TRUE(has(site, "data/results.csv", "N01"));
  EXPECT_EQ(
      *count::testing::parse(site.at("data/site.json")).find("format")->if_string(),
      "urna-results-site-1");
}

// The sealed ballots say another number than the sheet: named on the front page, on
// the station's page, and beside the very option.
TEST(DishonestSite, LeadsWithTheStationWhoseSheetDiffersFromTheSealedBallots) {
  record::testing::World& made = const_cast<record::testing::World&>(world());
  record::testing::WorldStation station = made.stations().front();
  auto& contest = station.sheet.contests.front();
  contest.options[0].votes += 1;
  if (contest.options[1].votes > 0)
    contest.options[1].votes -= 1;
  else
    contest.blank = *contest.blank - 1;
  station.content.sheets = {
      sheet::to_file_text(made.sign_sheet(station.sheet, station.device))};
  std::vector<record::NewDocument> documents = made.documents();
  for (record::NewDocument& document : documents) {
    if (document.kind == "package" && document.name == station.code)
      document.bytes = made.package(station);
  }
  ScriptedFiles files;
  write(files, documents);
  const Site site = site_of(files);
  EXPECT_TRUE(has(site, "en/index.html", "Stations whose numbers do not agree"));
  EXPECT_TRUE(has(site, "es/station-" + station.code + ".html", "Lo que no concuerda"));
  EXPECT_TRUE(has(site, "en/station-" + station.code + ".html",
                  "<span class=\"bad\">differs</span>"));
}

// A machine that lost its closing key: its sheet states no votes, the trustees' totals
// are the station's, and every page says so.
TEST(UncountedStation, IsCountedByTheTrusteesAndMarked) {
  record::testing::World& made = const_cast<record::testing::World&>(world());
  record::testing::WorldStation station = made.stations().front();
  station.sheet.origin = sheet::Origin::uncounted;
  station.sheet.contests.clear();
  station.content.sheets = {
      sheet::to_file_text(made.sign_sheet(station.sheet, station.device))};
  const Bytes package = made.package(station);
  std::vector<record::NewDocument> documents, undecrypted;
  for (record::NewDocument document : made.documents()) {
    const bool of_it =
        document.name == station.code || document.name.starts_with(station.code + "-");
    if (of_it && (document.kind == record::kinds::box_count ||
                  document.kind == record::kinds::signatures)) {
      continue;  // of the other sheet
    }
    if (of_it && document.kind == record::kinds::package) document.bytes = package;
    const bool decryption = of_it && document.kind == record::kinds::decryption;
    if (decryption) {
      const auto trustee =
          static_cast<std::uint32_t>(std::stoul(document.name.substr(4)));
      document.bytes = made.partial(package, trustee).encode();
    }
    documents.push_back(document);
    // Results and drawings come when all stations are there.
    const bool late = document.kind == record::kinds::results ||
                      document.kind == record::kinds::decisions;
    if (!decryption && !late) undecrypted.push_back(std::move(document));
  }
  ScriptedFiles files;
  write(files, documents);
  const auto evidence = gather(files, "record", {});
  ASSERT_TRUE(evidence) << evidence.error().text();
  const auto& report = *evidence->stations.front().report;
  EXPECT_EQ(*report.row, station.row);
  EXPECT_EQ(failures_of(*evidence, 0), 0U);
  const auto& totals = report.findings.of(record::Check::sheet_totals);
  EXPECT_EQ(totals.state, record::State::not_run);
  EXPECT_NE(totals.why.find("counted by the trustees only"), std::string::npos);
  // The announced totals hold with the trustees' numbers of this station.
  EXPECT_FALSE(evidence->report.record.findings.failed(record::Check::totals));
  const Site site = site_of(files);
  EXPECT_TRUE(has(site, "en/index.html", "3 of 3 polling stations counted"));
  const std::string page = "station-" + station.code + ".html";
  EXPECT_TRUE(has(site, "en/" + page, "Counted by the trustees only"));
  EXPECT_TRUE(has(site, "es/" + page, "Contada solo por los custodios"));
  EXPECT_FALSE(has(site, "en/" + page, "class=\"bad\""));
  // Until they decrypt it, the station has no result, and not one of zeros.
  ScriptedFiles before;
  write(before, undecrypted);
  const Site early = site_of(before);
  EXPECT_TRUE(has(early, "en/index.html", "2 of 3 polling stations counted"));
  EXPECT_TRUE(has(early, "en/" + page, "lost its closing key"));
}

TEST(DishonestSite, NamesAPackageThatIsNotTheOneLogged) {
  ScriptedFiles files;
  write(files, world().documents());
  const Bytes package = world().package(world().stations().front());
  const std::string path = "record/" + hash_name(package);
  auto file = files.open(path, base::OpenMode::update);
  ASSERT_TRUE(file.has_value());
  ASSERT_TRUE((*file)->write_at(700, Bytes{0xff, 0xfe, 0xfd}).has_value());
  file->reset();
  const Site site = site_of(files);
  EXPECT_TRUE(has(site, "en/index.html", "Stations whose numbers do not agree"));
  EXPECT_TRUE(has(site, "en/station-N01.html", "documents"));
}

TEST(UnfinishedSite, SaysWhatIsMissingAndWhetherItCouldChangeAnything) {
  std::vector<record::NewDocument> documents;
  for (const record::NewDocument& document : world().documents()) {
    const bool of_s01 = document.name == "S01" || document.name.starts_with("S01-");
    if (!of_s01 && document.kind != "results") documents.push_back(document);
  }
  ScriptedFiles files;
  write(files, documents);
  const Site site = site_of(files);
  EXPECT_TRUE(has(site, "en/index.html", "2 of 3 polling stations counted"));
  EXPECT_TRUE(has(site, "en/index.html", "Stations still missing:"));
  EXPECT_TRUE(has(site, "en/index.html", "What is missing could"));
  EXPECT_TRUE(has(site, "es/station-S01.html", "no ha llegado nada"));
}

TEST(SheetsOnlySite, CountsTheSheetsAndSaysThatBallotsWereNotVerified) {
  ScriptedFiles files;
  write(files, world().documents());
  GatherOptions options;
  options.sealed = false;
  const Site site = site_of(files, options);
  EXPECT_TRUE(has(site, "en/index.html", "3 of 3 polling stations counted"));
  EXPECT_TRUE(has(site, "en/station-N01.html", "were not verified"));
  EXPECT_FALSE(site.contains("codes/N01.txt"));
}

TEST(Papers, AreReadWithoutTheBallots) {
  ScriptedFiles files;
  const record::testing::WorldStation& station = world().stations().front();
  ASSERT_TRUE(base::write_durable(files, "p", world().package(station)).has_value());
  const auto papers = read_papers(files, "p");
  ASSERT_TRUE(papers.has_value()) << papers.error().text();
  EXPECT_EQ(papers->sheets, station.content.sheets);
  EXPECT_EQ(papers->check_in, station.content.check_in);
  ASSERT_TRUE(base::write_durable(files, "q", as_bytes("no package")).has_value());
  EXPECT_EQ(read_papers(files, "q").error().kind, errors::bad_papers);
}

TEST(SiteFolder, RefusesAFolderOfSomethingElseAndReplacesASite) {
  const auto folder =
      std::filesystem::temp_directory_path() / "urna-results-folder-test";
  std::filesystem::remove_all(folder);
  const auto make = [&](std::string_view text) {
    auto site = SiteFolder::begin(folder.string());
    ASSERT_TRUE(site.has_value()) << site.error().text();
    ASSERT_TRUE(site->write("data/site.json", text).has_value());
    ASSERT_TRUE(site->write(fmt::format("data/{}.json", text), text).has_value());
    ASSERT_TRUE(site->finish().has_value());
  };
  make("one");
  make("two");
  EXPECT_FALSE(std::filesystem::exists(folder / "data/one.json"));
  EXPECT_TRUE(std::filesystem::exists(folder / "data/two.json"));
  std::filesystem::remove(folder / "data/site.json");
  const auto refused = SiteFolder::begin(folder.string());
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, errors::foreign_folder);
  std::filesystem::remove_all(folder);
}

TEST(Words, EveryCheckIsSaidInBothLanguages) {
  std::set<std::string_view> seen;
  for (const record::CheckInfo& check : record::checks()) {
    const auto spanish = check_says(check.check, Language::spanish);
    EXPECT_GT(spanish.size(), 20U) << check.name;
    EXPECT_NE(spanish, check.says);
    EXPECT_TRUE(seen.insert(spanish).second);
  }
}

TEST(Picture, IsReadBackAsTheCodeItShows) {
  const auto matrix = sheet::encode_qr("URNA 2026: A1");
  ASSERT_TRUE(matrix.has_value());
  const auto picture = sheet::decode_picture(qr_png(*matrix));
  ASSERT_TRUE(picture.has_value()) << picture.error().text();
  sheet::GrayImage large{picture->width * 4, picture->height * 4, {}};
  for (int y = 0; y < large.height; ++y)
    for (int x = 0; x < large.width; ++x)
      large.pixels.push_back(picture->at(x / 4, y / 4));
  EXPECT_EQ(sheet::read_qr(large), std::vector<std::string>{"URNA 2026: A1"});
}

}  // namespace
}  // namespace urna::results
