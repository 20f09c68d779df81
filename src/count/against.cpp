#include "count/against.hpp"

#include "base/encoding.hpp"
#include "count/errors.hpp"
#include "count/words.hpp"

#include <map>

#include <fmt/format.h>

namespace urna::count {
namespace {

using base::Json;
using Fields = std::map<std::string, std::uint64_t, std::less<>>;  // of one contest

std::unexpected<Error> bad(std::string_view what) {
  return fail(errors::bad_published,
              fmt::format("the published result cannot be used: {}", what),
              "give what 'urna count --json' writes, data/results.json of a results "
              "site, or results.json of a record");
}

const std::string* text(const Json& json, std::string_view key) {
  const Json* found = json.find(key);
  return found == nullptr ? nullptr : found->if_string();
}

std::optional<std::uint64_t> number(const Json* json) {
  const std::int64_t* value = json == nullptr ? nullptr : json->if_int();
  if (value == nullptr || *value < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*value);
}

void put(Fields& fields, std::string_view name, const Json* value) {
  if (const auto n = number(value)) fields.emplace(name, *n);
}

// One contest of either document: its code and its numbers.
std::optional<std::pair<std::string, Fields>> read_contest(const Json& json) {
  Fields fields;
  const std::string* code = text(json, "contest");
  const Json* options = json.find("options");
  if (options == nullptr) return std::nullopt;
  if (code != nullptr) {  // results.json of a record
    for (const Json& option : options->items()) {
      if (const std::string* name = text(option, "option"))
        put(fields, *name, option.find("votes"));
    }
    put(fields, "blank", json.find("blank"));
    return std::pair(*code, std::move(fields));
  }
  code = text(json, "code");
  const Json* total = json.find("total");
  const Json* votes = total == nullptr ? nullptr : total->find("options");
  if (code == nullptr || votes == nullptr ||
      votes->items().size() != options->items().size())
    return std::nullopt;
  for (std::size_t o = 0; o < votes->items().size(); ++o) {
    if (const std::string* name = options->items()[o].if_string())
      put(fields, *name, &votes->items()[o]);
  }
  put(fields, "blank", total->find("blank"));
  put(fields, "null", total->find("null"));
  return std::pair(*code, std::move(fields));
}

std::string name_of(const Beside& one, const Count& count) {
  return fmt::format("{} {}", count.definition.contests()[one.contest].code, one.field);
}

class Comparer {
 public:
  Comparer(const Count& count, const Json& published)
      : count_(count), definition_(count.definition), published_(published) {}

  Result<Against> run();

 private:
  Result<void> check_election();
  void stations(const Json& list);
  void station(election::StationIndex index, const Json& published);
  Result<void> contests();

  const Count& count_;
  const election::Definition& definition_;
  const Json& published_;
  Against out_;
};

Result<void> Comparer::check_election() {
  const std::string* format = text(published_, "format");
  if (format == nullptr || (*format != "urna-count-1" && *format != "urna-results-1"))
    return bad("its format is not known");
  const std::string* definition = text(published_, "definition");
  if (definition == nullptr) return bad("it names no definition");
  if (*definition != base::to_hex(ByteView(definition_.hash())))
    return bad("it is the result of another election definition");
  return {};
}

void Comparer::station(election::StationIndex index, const Json& published) {
  const Station& counted = count_.stations[index];
  if (counted.documents.empty()) return;
  const std::string& code = definition_.stations()[index].code;
  const Json* list = published.find("counted");
  if (list == nullptr || list->items().empty()) {
    out_.contradictions.push_back(
        {fmt::format("station {}: a signed sheet is here, and nothing was published",
                     code),
         fmt::format("mesa {}: aquí hay un acta firmada, y no se publicó nada", code)});
    return;
  }
  ++out_.stations_compared;
  std::vector<std::uint64_t> there(definition_.style_of(index).fields, 0);
  for (const Json& document : list->items()) {
    const Json* numbers = document.find("numbers");
    if (numbers == nullptr) continue;
    for (std::size_t i = 0; i < std::min(there.size(), numbers->items().size()); ++i)
      there[i] += number(&numbers->items()[i]).value_or(0);
  }
  std::vector<std::uint64_t> here(there.size(), 0);
  for (const std::uint32_t d : counted.documents) {
    const auto row = count_.documents.row(count_.documents.all()[d]);
    for (std::size_t i = 0; i < std::min(here.size(), row.size()); ++i)
      here[i] += row[i];
  }
  std::size_t differing = 0;
  for (std::size_t i = 0; i < here.size(); ++i)
    differing += here[i] != there[i] ? 1U : 0U;
  if (differing == 0) return;
  out_.contradictions.push_back(
      {fmt::format("station {}: {} numbers of the sheet are not the published ones",
                   code, differing),
       fmt::format("mesa {}: {} números del acta no son los publicados", code,
                   differing)});
}

void Comparer::stations(const Json& list) {
  std::map<std::string_view, const Json*> by_code;
  for (const Json& one : list.items()) {
    if (const std::string* code = text(one, "code")) by_code.emplace(*code, &one);
  }
  for (election::StationIndex s = 0; s < definition_.stations().size(); ++s) {
    const auto found = by_code.find(definition_.stations()[s].code);
    station(s, found == by_code.end() ? Json() : *found->second);
  }
}

Result<void> Comparer::contests() {
  const Json* list = published_.find("contests");
  if (list == nullptr) return bad("it has no contests");
  std::map<std::string, Fields, std::less<>> by_code;
  for (const Json& one : list->items()) {
    if (auto contest = read_contest(one)) by_code.insert(*std::move(contest));
  }
  for (election::ContestIndex c = 0; c < definition_.contests().size(); ++c) {
    const election::Contest& contest = definition_.contests()[c];
    const auto total = count_.totals.total(c);
    const auto found = by_code.find(contest.code);
    const auto add = [&](const std::string& field, std::uint64_t counted) {
      Beside one{c, field, counted, {}};
      if (found != by_code.end()) {
        if (const auto at = found->second.find(field); at != found->second.end())
          one.published = at->second;
      }
      if (one.published && one.counted > *one.published)
        out_.contradictions.push_back(
            {fmt::format("{}: the sheets give {}, more than the {} published",
                         name_of(one, count_), one.counted, *one.published),
             fmt::format("{}: las actas suman {}, más que los {} publicados",
                         name_of(one, count_), one.counted, *one.published)});
      out_.numbers.push_back(std::move(one));
    };
    for (std::size_t o = 0; o < contest.options.size(); ++o)
      add(contest.options[o].code, total.options[o]);
    add("blank", total.blank);
    add("null", total.null);
  }
  return {};
}

Result<Against> Comparer::run() {
  URNA_CHECK(check_election());
  if (const Json* list = published_.find("stations");
      list != nullptr && list->is_array())
    stations(*list);
  URNA_CHECK(contests());
  return std::move(out_);
}

}  // namespace

Result<Against> set_beside(const Count& count, const Json& published) {
  return Comparer(count, published).run();
}

std::string against_text(const Count& count, const Against& against,
                         seats::Language language) {
  const bool es = language == Language::spanish;
  const Speech say(count, language);
  std::string out = fmt::format(
      "{}\n", es ? "\nAL LADO DE LO PUBLICADO\n" : "\nBESIDE THE PUBLISHED RESULT\n");
  if (against.stations_compared > 0)
    out += fmt::format("{} {}\n", against.stations_compared,
                       es ? "mesas comparadas número por número"
                          : "stations compared number by number");
  out += fmt::format("{}: {}\n", es ? "Contradicciones" : "Contradictions",
                     against.contradictions.size());
  for (const Said& one : against.contradictions) out += fmt::format("  {}\n", say(one));
  out += fmt::format("\n{:<34}{:>14}{:>14}\n", "", es ? "contado" : "counted",
                     es ? "publicado" : "published");
  for (const Beside& one : against.numbers) {
    if (one.counted == 0 && one.published.value_or(0) == 0) continue;
    out += fmt::format("{:<34}{:>14}{:>14}{}\n", name_of(one, count),
                       say.number(one.counted),
                       one.published ? say.number(*one.published) : "–",
                       one.published && one.counted > *one.published ? "  <" : "");
  }
  return out;
}

}  // namespace urna::count
