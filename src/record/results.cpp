#include "record/results.hpp"

#include "base/encoding.hpp"
#include "count/award.hpp"
#include "election/totals.hpp"
#include "record/errors.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

namespace urna::record {
namespace {

using base::Json;

constexpr std::string_view kFormat = "urna-results-1";
constexpr std::size_t kMostDifferences = 20;

Json contests_json(const election::Totals& totals) {
  const election::Definition& definition = totals.definition();
  Json list = Json::array();
  for (election::ContestIndex c = 0; c < definition.contests().size(); ++c) {
    const election::Contest& contest = definition.contests()[c];
    const election::ContestTotal total = totals.total(c);
    Json options = Json::array();
    for (std::size_t o = 0; o < contest.options.size(); ++o) {
      Json one = Json::object();
      one.set("option", contest.options[o].code);
      one.set("votes", total.options[o]);
      options.push(std::move(one));
    }
    Json item = Json::object();
    item.set("contest", contest.code);
    item.set("options", std::move(options));
    item.set("blank", total.blank);
    list.push(std::move(item));
  }
  return list;
}

Json awards_json(const election::Definition& definition, const count::Awarded& awarded,
                 std::vector<seats::LotsNeeded>& lots) {
  Json list = Json::array();
  for (const count::AwardResult& award : awarded.awards) {
    Json parts = Json::array();
    for (const count::AwardPart& part : award.parts) {
      Json lists = Json::array();
      for (std::size_t i = 0; i < part.result.names.size(); ++i) {
        Json one = Json::object();
        one.set("list", part.result.names[i]);
        one.set("votes", part.result.votes[i]);
        one.set("seats", part.result.seats[i]);
        lists.push(std::move(one));
      }
      Json item = Json::object();
      if (part.contest) item.set("contest", definition.contests()[*part.contest].code);
      item.set("lists", std::move(lists));
      item.set("unassigned", part.result.unassigned);
      item.set("lots", part.result.lots.size());
      lots.insert(lots.end(), part.result.lots.begin(), part.result.lots.end());
      parts.push(std::move(item));
    }
    Json item = Json::object();
    item.set("award", definition.awards()[award.award].code);
    item.set("parts", std::move(parts));
    list.push(std::move(item));
  }
  return list;
}

void compare(const Json& published, const Json& derived, const std::string& pointer,
             std::vector<Difference>& out) {
  if (out.size() >= kMostDifferences) return;
  const auto differ = [&] {
    out.push_back(
        {pointer.empty() ? "/" : pointer, published.dump(0), derived.dump(0)});
  };
  if (published.is_object() && derived.is_object()) {
    for (const auto& [key, value] : derived.members()) {
      const Json* other = published.find(key);
      if (other == nullptr) {
        out.push_back({pointer + "/" + key, "nothing", value.dump(0)});
      } else {
        compare(*other, value, pointer + "/" + key, out);
      }
    }
    for (const auto& [key, value] : published.members()) {
      if (derived.find(key) == nullptr) {
        out.push_back({pointer + "/" + key, value.dump(0), "nothing"});
      }
    }
    return;
  }
  if (published.is_array() && derived.is_array()) {
    if (published.items().size() != derived.items().size()) return differ();
    for (std::size_t i = 0; i < derived.items().size(); ++i) {
      compare(published.items()[i], derived.items()[i],
              fmt::format("{}/{}", pointer, i), out);
    }
    return;
  }
  if (published.dump(0) != derived.dump(0)) differ();
}

// What somebody reads in place of a pointer: contest, option and list codes where the
// pointer leads through them.
std::string place_of(const Json& json, std::string_view pointer) {
  std::string place;
  const Json* at = &json;
  while (!pointer.empty() && at != nullptr) {
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    const std::string key(pointer.substr(0, end));
    pointer.remove_prefix(end);
    if (at->is_array()) {
      std::size_t i = 0;
      const auto parsed = std::from_chars(key.data(), key.data() + key.size(), i);
      const bool inside = parsed.ec == std::errc{} && i < at->items().size();
      at = inside ? &at->items()[i] : nullptr;
      for (const char* name : {"contest", "option", "award", "list"}) {
        const Json* code = at == nullptr ? nullptr : at->find(name);
        const std::string* text = code == nullptr ? nullptr : code->if_string();
        if (text != nullptr) place += fmt::format(" {} {}", name, *text);
      }
    } else {
      at = at->find(key);
      if (pointer.empty()) place += " " + key;
    }
  }
  return place.empty() ? place : place.substr(1);
}

class ResultCheck {
 public:
  ResultCheck(const Frame& frame, Report& report) : frame_(frame), report_(report) {}

  void run() {
    check_stations();
    const Json* published = read();
    if (published == nullptr) return;
    const auto derived = derive_results(frame_, rows_, cast_);
    if (!derived) {
      skip_both(fmt::format("they cannot be derived: {}", derived.error().message));
      return;
    }
    if (counts_more(*published)) return;
    compare_with(*published, *derived);
  }

 private:
  Findings& found() { return report_.result; }
  void skip_both(const std::string& why) {
    found().skip(Check::totals, why);
    found().skip(Check::seats, why);
  }
  // The document is about stations whose totals this record lacks: then it cannot be
  // compared, and check 33 says which they are.
  bool counts_more(const Json& published) {
    const Json* stations = published.find("stations");
    const Json* counted = stations == nullptr ? nullptr : stations->find("counted");
    const std::int64_t* number = counted == nullptr ? nullptr : counted->if_int();
    if (rows_.size() == report_.stations.size() || number == nullptr ||
        std::cmp_less_equal(*number, rows_.size())) {
      return false;
    }
    skip_both(
        fmt::format("the document counts {} stations, and this record has usable "
                    "totals of {} only",
                    *number, rows_.size()));
    return true;
  }
  void check_stations();
  const Json* read();
  void compare_with(const Json& published, const Derived& derived);

  const Frame& frame_;
  Report& report_;
  Rows rows_;
  std::uint64_t cast_ = 0;
  bool whole_ = true;  // every station was asked for
  Json published_;
  std::string file_;
};

void ResultCheck::check_stations() {
  if (!frame_.definition) {
    whole_ = false;
    return found().skip(Check::stations, "there is no usable definition");
  }
  whole_ = report_.not_asked.empty();
  for (const auto& [code, station] : report_.stations) {
    cast_ += station.cast;
    if (station.row) {
      rows_.emplace(code, *station.row);
    } else {
      found().fail({Check::stations,
                    code,
                    {},
                    {},
                    "the record has no usable totals of this station"});
    }
  }
  for (const auto& [code, versions] : frame_.index.of(kinds::package)) {
    if (!frame_.definition->find_station(code)) {
      found().fail({Check::stations,
                    code,
                    log::blob_path(versions.front().hash),
                    {},
                    "the record has a package of a station that the definition does "
                    "not know"});
    }
  }
  if (!whole_) {
    return found().skip(Check::stations, "only some stations were asked for");
  }
  found().pass(Check::stations);
}

const Json* ResultCheck::read() {
  const auto hash = frame_.index.last(kinds::results, "results.json");
  if (!hash) {
    skip_both("the record has no results document");
    return nullptr;
  }
  file_ = log::blob_path(*hash);
  const auto bytes = read_blob(*frame_.files, frame_.folder, kinds::results, *hash);
  if (!bytes) {
    report_.record.findings.fail(
        {Check::documents,
         {},
         file_,
         {},
         fmt::format("results.json: {}", bytes.error().message)});
    skip_both("the bytes of results.json are not those of the record");
    return nullptr;
  }
  auto json = base::parse_json(as_text(*bytes));
  if (!json) {
    found().fail(
        {Check::totals,
         {},
         file_,
         {},
         fmt::format("results.json cannot be read: {}", json.error().message)});
    found().skip(Check::seats, "results.json cannot be read");
    return nullptr;
  }
  published_ = *std::move(json);
  if (!whole_ || !frame_.key) {
    skip_both(frame_.key ? "only some stations were asked for"
                         : "there is no usable election key");
    return nullptr;
  }
  return &published_;
}

void ResultCheck::compare_with(const Json& published, const Derived& derived) {
  for (const Difference& one : differences(published, derived.json)) {
    const bool seats = one.pointer.starts_with("/awards");
    const std::string place = place_of(published, one.pointer);
    found().fail({seats ? Check::seats : Check::totals,
                  {},
                  file_,
                  {},
                  fmt::format("{} ({}): the document says {}, the record gives {}",
                              place.empty() ? "results.json" : place, one.pointer,
                              one.published, one.derived)});
  }
  found().pass(Check::totals);
  if (!derived.lots.empty()) {
    found().skip(Check::seats, fmt::format("{} ties wait for a drawing of lots",
                                           derived.lots.size()));
  } else {
    found().pass(Check::seats);
  }
}

}  // namespace

Result<Derived> derive_results(const Frame& frame, const Rows& rows,
                               std::uint64_t cast) {
  if (!frame.definition || !frame.key) {
    return fail(errors::bad_results, "there is no usable definition or election key");
  }
  const election::Definition& definition = *frame.definition;
  election::Totals totals(definition);
  for (const auto& [code, row] : rows) {
    const auto station = definition.find_station(code);
    if (!station) {
      return fail(errors::unknown_station, fmt::format("there is no station {}", code));
    }
    URNA_CHECK(totals.add(*station, row));
  }
  URNA_CHECK(totals.finish());
  Derived derived;
  derived.counted = rows.size();
  URNA_TRY(const count::Awarded awarded,
           count::award_seats(totals, {}, frame.decisions.drawings));
  Json stations = Json::object();
  stations.set("expected", definition.stations().size());
  stations.set("counted", rows.size());
  Json json = Json::object();
  json.set("format", kFormat);
  json.set("definition", base::to_hex(definition.hash()));
  json.set("election", base::to_hex(frame.key->election_hash()));
  json.set("stations", std::move(stations));
  json.set("cast", cast);
  json.set("contests", contests_json(totals));
  json.set("awards", awards_json(definition, awarded, derived.lots));
  derived.json = std::move(json);
  return derived;
}

std::vector<Difference> differences(const base::Json& published,
                                    const base::Json& derived) {
  std::vector<Difference> found;
  compare(published, derived, {}, found);
  return found;
}

void check_results(const Frame& frame, Report& report) {
  ResultCheck(frame, report).run();
}

}  // namespace urna::record
