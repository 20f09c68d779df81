// The site's data files: what the pages that compute download, and the code lists.
#include "ballot/ballot_bytes.hpp"
#include "ballot/code.hpp"
#include "ballot/hashes.hpp"
#include "base/encoding.hpp"
#include "results/pages.hpp"
#include "sheet/signed_sheet.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::results {
namespace {

using base::Json;

Json text_json(const election::Model& model, const election::Text& text) {
  Json out = Json::object();
  for (std::size_t l = 0; l < model.languages.size(); ++l)
    out.set(model.languages[l], std::string(text.in(l)));
  return out;
}

std::string hex(const Hash32& hash) {
  return base::to_hex(ByteView(hash));
}

// A contest with its published totals, as sheets lay them out.
Json contest_json(const Evidence& evidence, election::ContestIndex index) {
  const auto& definition = evidence.definition();
  const election::Model& model = definition.model();
  const election::Contest& contest = definition.contests()[index];
  const auto total = evidence.count->totals.total(index);
  Json options = Json::array();
  for (std::size_t o = 0; o < contest.options.size(); ++o) {
    const election::Option& option = contest.options[o];
    Json one = Json::object();
    one.set("code", option.code);
    one.set("name", text_json(model, contest.contenders[option.contender].name));
    one.set("votes", total.options[o]);
    options.push(std::move(one));
  }
  Json out = Json::object();
  out.set("code", contest.code);
  out.set("title", text_json(model, contest.title));
  out.set("options", std::move(options));
  out.set("blank", total.blank);
  out.set("null", total.null);
  return out;
}

}  // namespace

Json site_json(const SitePages& site) {
  const Evidence& evidence = site.evidence;
  const auto& definition = evidence.definition();
  const election::Model& model = definition.model();
  const record::RecordReport& report = evidence.report.record;
  Json out = Json::object();
  out.set("format", "urna-results-site-1");
  out.set("name", text_json(model, model.name));
  out.set("definition", hex(definition.hash()));
  if (report.election) out.set("election", hex(*report.election));
  out.set("record", site.options.record);
  out.set("origin", report.origin);
  out.set("size", report.size);
  out.set("root", hex(report.root));
  out.set("stations", definition.stations().size());
  out.set("counted", evidence.count->in_state(count::StationState::counted));
  Json files = Json::array();
  for (const auto& [name, versions] :
       evidence.frame->index.of(record::kinds::definition)) {
    Json one = Json::object();
    one.set("name", name);
    one.set("hash", hex(versions.back().hash));
    files.push(std::move(one));
  }
  out.set("files", std::move(files));
  if (const auto key =
          evidence.frame->index.last(record::kinds::election_key, "election-key"))
    out.set("key", hex(*key));
  Json authorities = Json::array();
  for (const Hash32& key : model.device_authorities) authorities.push(hex(key));
  out.set("authorities", std::move(authorities));
  Json contests = Json::array();
  for (election::ContestIndex c = 0; c < definition.contests().size(); ++c)
    contests.push(contest_json(evidence, c));
  out.set("contests", std::move(contests));
  return out;
}

Json station_json(const Evidence& evidence, election::StationIndex station) {
  const auto& definition = evidence.definition();
  const StationEvidence& one = evidence.stations[station];
  const election::Station& place = definition.stations()[station];
  Json out = Json::object();
  out.set("station", place.code);
  out.set("name", text_json(definition.model(), place.name));
  if (one.package) out.set("package", hex(*one.package));
  Json decryptions = Json::array();
  for (const auto& [name, hash] : one.decryptions) decryptions.push(hex(hash));
  out.set("decryptions", std::move(decryptions));
  Json sheets = Json::array();
  for (const std::string& text : one.sheets) {
    const auto sheet = sheet::parse_signed_sheet(text);
    if (sheet) sheets.push(hex(sheet->sheet.digest()));
  }
  out.set("sheets", std::move(sheets));
  return out;
}

std::string code_list(const ballot::Box& box) {
  std::vector<std::string> lines;
  for (const ballot::BoxBallot& item : box.ballots) {
    const auto read = ballot::BallotBytes::read(box.station, item.ballot);
    if (!read) continue;
    lines.push_back(fmt::format("{} {}\n",
                                ballot::code_text(ballot::confirmation_code(
                                    read->hash(box.station), read->ciphertexts())),
                                ballot::decision_name(item.decision)));
  }
  std::ranges::sort(lines);
  std::string out;
  for (const std::string& line : lines) out += line;
  return out;
}

}  // namespace urna::results
