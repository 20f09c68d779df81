// election.json without its awards (load_awards.cpp): who, when, in which languages,
// which levels of areas, and who holds the keys.
#include "base/errors.hpp"
#include "election/loading.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace urna::election {
namespace {

constexpr std::size_t kMaxLanguages = 16;
constexpr std::size_t kMaxKinds = 32;
constexpr std::size_t kMaxTrustees = 255;

base::Place at(std::string pointer) {
  return {std::string(kHeaderFile), 0, std::move(pointer)};
}

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

// The tags of BCP 47 (RFC 5646) that are used here: language, then optionally script
// or region: "es", "guc", "es-VE", "sr-Latn".
bool is_language_tag(std::string_view tag) {
  const std::size_t dash = tag.find('-');
  const std::string_view language = tag.substr(0, dash);
  if (language.size() < 2 || language.size() > 3) return false;
  if (!std::ranges::all_of(language, is_lower)) return false;
  if (dash == std::string_view::npos) return true;
  const std::string_view rest = tag.substr(dash + 1);
  if (rest.size() == 2) return std::ranges::all_of(rest, is_upper);
  return rest.size() == 4 && is_upper(rest[0]) &&
         std::ranges::all_of(rest.substr(1), is_lower);
}

void read_languages(Loading& loading, base::ObjectReader& reader) {
  const base::Json* list = reader.array("languages");
  if (list == nullptr) return;
  for (std::size_t i = 0; i < list->items().size(); ++i) {
    const std::string pointer = fmt::format("/languages/{}", i);
    const std::string* tag = list->items()[i].if_string();
    if (tag == nullptr || !is_language_tag(*tag)) {
      loading.report.problem(errors::bad_language, at(pointer),
                             "this is not a language tag",
                             "write tags such as \"es\", \"en\" or \"es-VE\"");
      continue;
    }
    if (std::ranges::find(loading.model.languages, *tag) !=
        loading.model.languages.end()) {
      loading.report.problem(errors::bad_language, at(pointer),
                             fmt::format("'{}' is named twice", *tag), "remove one");
      continue;
    }
    loading.model.languages.push_back(*tag);
  }
  if (list->items().empty() || list->items().size() > kMaxLanguages) {
    loading.report.problem(
        errors::bad_language, at("/languages"),
        fmt::format("the election has {} languages; 1 to {} are possible",
                    list->items().size(), kMaxLanguages),
        "name the languages that voters can choose, the main one first");
  }
}

void read_mode(Loading& loading, base::ObjectReader& reader) {
  const auto mode = reader.string("mode");
  if (!mode) return;
  for (const Mode one : {Mode::demo, Mode::test, Mode::official}) {
    if (*mode == mode_name(one)) {
      loading.model.mode = one;
      return;
    }
  }
  loading.report.problem(errors::bad_value, at("/mode"),
                         fmt::format("{} is not a mode", base::json_quoted(*mode)),
                         "write \"demo\", \"test\" or \"official\"");
}

// The digits of "dd" at `from`, or -1.
int two_digits(std::string_view text, std::size_t from) {
  int value = 0;
  for (std::size_t i = from; i < from + 2; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const int century = two_digits(text, 0);
  const int year_low = two_digits(text, 2);
  const int month = two_digits(text, 5);
  const int day = two_digits(text, 8);
  if (century < 0 || year_low < 0 || month < 1 || month > 12 || day < 1) return false;
  const int year = century * 100 + year_low;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  constexpr std::array<int, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return day <=
         kDays[static_cast<std::size_t>(month - 1)] + (leap && month == 2 ? 1 : 0);
}

bool is_time(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return false;
  const int hour = two_digits(text, 0);
  const int minute = two_digits(text, 3);
  return hour >= 0 && hour < 24 && minute >= 0 && minute < 60;
}

// "+05:30" or "-04:00" in minutes.
std::optional<std::int32_t> utc_offset(std::string_view text) {
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  if (!is_time(text.substr(1)) || text == "-00:00") return std::nullopt;
  const int minutes = two_digits(text, 1) * 60 + two_digits(text, 4);
  if (minutes > 14 * 60) return std::nullopt;
  return text[0] == '-' ? -minutes : minutes;
}

void read_day(Loading& loading, base::ObjectReader& reader) {
  const base::Json* object = reader.object("day");
  if (object == nullptr) return;
  base::ObjectReader day(*object, std::string(kHeaderFile), "/day", loading.report);
  const auto wrong = [&](std::string_view field, std::string_view how) {
    loading.report.problem(errors::bad_date, at(day.pointer(field)),
                           fmt::format("this is not {}", how),
                           fmt::format("write {}", how));
  };
  VotingDay& out = loading.model.day;
  if (const auto text = day.string("date")) {
    out.date = *text;
    if (!is_date(*text)) wrong("date", "a date such as 2026-05-10");
  }
  bool times = true;
  for (const auto& [field, target] :
       {std::pair{"opens", &out.opens}, std::pair{"closes", &out.closes}}) {
    const auto text = day.string(field);
    times = times && text && is_time(*text);
    if (!text) continue;
    *target = *text;
    if (!is_time(*text)) wrong(field, "a time such as 06:00");
  }
  if (times && out.closes <= out.opens) {
    loading.report.problem(
        errors::bad_date, at("/day/closes"),
        fmt::format("voting closes at {} and opens at {}", out.closes, out.opens),
        "let it close later than it opens");
  }
  if (const auto text = day.string("utc_offset")) {
    const auto minutes = utc_offset(*text);
    if (!minutes) wrong("utc_offset", "a difference from UTC such as -04:00");
    out.utc_offset_minutes = minutes.value_or(0);
  }
  day.finish();
}

// The kinds that `list` names, which must stand before kind `own`.
std::vector<std::uint32_t> kinds_within(Loading& loading, const base::Json& list,
                                        std::uint32_t own, const std::string& pointer) {
  std::vector<std::uint32_t> within;
  for (std::size_t i = 0; i < list.items().size(); ++i) {
    const std::string* name = list.items()[i].if_string();
    const auto found = name ? loading.kinds.find(*name) : loading.kinds.end();
    const bool usable = found != loading.kinds.end() && found->second < own &&
                        std::ranges::find(within, found->second) == within.end();
    if (!usable) {
      loading.report.problem(
          errors::unknown_kind, at(fmt::format("{}/{}", pointer, i)),
          "this is not the code of an area kind that stands further up in the list",
          "list kinds from the largest to the smallest, and name each once");
      continue;
    }
    within.push_back(found->second);
  }
  return within;
}

void read_kind(Loading& loading, const base::Json& value, std::uint32_t own) {
  const std::string pointer = fmt::format("/area_kinds/{}", own);
  base::ObjectReader reader(value, std::string(kHeaderFile), pointer, loading.report);
  AreaKind kind;
  kind.code = json_code(loading, reader.string("code"), reader.pointer("code"));
  kind.name =
      json_text(loading, reader.any("name"), reader.pointer("name"), kTitleLimit);
  kind.holds_stations = reader.optional_boolean("holds_stations").value_or(false);
  kind.every_station = reader.optional_boolean("every_station").value_or(own == 0);
  if (const base::Json* within = reader.optional_array("within")) {
    kind.within = kinds_within(loading, *within, own, reader.pointer("within"));
  }
  if ((own == 0) != kind.within.empty()) {
    loading.report.problem(
        errors::bad_value, at(reader.pointer("within")),
        own == 0 ? "the first kind is the whole election and lies within no other"
                 : "an area kind must lie within a larger one",
        own == 0 ? "leave 'within' out here" : "name the kinds around it");
  }
  reader.finish();
  loading.model.area_kinds.push_back(std::move(kind));
  // The key must be a text that stays: the one in the header.
  if (const base::Json* code = value.find("code"); code && code->if_string()) {
    if (is_code(*code->if_string())) {
      claim_code(loading, loading.kinds, *code->if_string(), own,
                 at(reader.pointer("code")), "an area kind");
    }
  }
}

void read_kinds(Loading& loading, base::ObjectReader& reader) {
  const base::Json* list = reader.array("area_kinds");
  if (list == nullptr) return;
  if (list->items().empty() || list->items().size() > kMaxKinds) {
    loading.report.problem(errors::bad_value, at("/area_kinds"),
                           fmt::format("there are {} area kinds; 1 to {} are possible",
                                       list->items().size(), kMaxKinds),
                           "list the levels from the whole election downwards");
    if (list->items().size() > kMaxKinds) return;
  }
  for (std::size_t i = 0; i < list->items().size(); ++i) {
    read_kind(loading, list->items()[i], static_cast<std::uint32_t>(i));
  }
  if (!list->items().empty() &&
      std::ranges::none_of(loading.model.area_kinds, &AreaKind::holds_stations)) {
    loading.report.problem(errors::bad_value, at("/area_kinds"),
                           "no area kind holds stations",
                           "write \"holds_stations\": true at the smallest kind");
  }
}

Trustee read_trustee(Loading& loading, const base::Json& value,
                     const std::string& pointer) {
  base::ObjectReader reader(value, std::string(kHeaderFile), pointer, loading.report);
  Trustee trustee;
  if (const auto name = reader.string("name")) {
    trustee.name = *name;
    if (name->empty()) {
      loading.report.problem(errors::text_missing, at(reader.pointer("name")),
                             "the trustee has no name", "write it");
    } else {
      check_text(loading, *name, at(reader.pointer("name")), kTitleLimit);
    }
  }
  if (const auto key = reader.optional_string("signing_key")) {
    trustee.signing_key = public_key(loading, *key, at(reader.pointer("signing_key")));
  }
  if (const auto key = reader.optional_string("box_key")) {
    trustee.box_key = public_key(loading, *key, at(reader.pointer("box_key")));
  }
  reader.finish();
  return trustee;
}

// No two keys of the election may be the same: one person would act as two.
void check_distinct_keys(Loading& loading, const Trustees& trustees) {
  std::set<Hash32> seen;
  for (std::size_t i = 0; i < trustees.members.size(); ++i) {
    const Trustee& trustee = trustees.members[i];
    for (const auto& [field, key] : {std::pair{"signing_key", trustee.signing_key},
                                     std::pair{"box_key", trustee.box_key}}) {
      if (!key || seen.insert(*key).second) continue;
      loading.report.problem(errors::bad_key,
                             at(fmt::format("/trustees/members/{}/{}", i, field)),
                             "this key stands in another place too",
                             "every trustee makes own keys, one for each use");
    }
  }
}

void read_trustees(Loading& loading, base::ObjectReader& reader) {
  const base::Json* object = reader.optional_object("trustees");
  if (object == nullptr) return;
  base::ObjectReader inner(*object, std::string(kHeaderFile), "/trustees",
                           loading.report);
  Trustees trustees;
  const auto threshold = inner.integer("threshold", 1, kMaxTrustees);
  if (const base::Json* members = inner.array("members")) {
    for (std::size_t i = 0; i < members->items().size(); ++i) {
      trustees.members.push_back(read_trustee(loading, members->items()[i],
                                              fmt::format("/trustees/members/{}", i)));
      const auto& name = trustees.members.back().name;
      for (std::size_t j = 0; j < i && !name.empty(); ++j) {
        if (trustees.members[j].name != name) continue;
        loading.report.problem(
            errors::same_name, at(fmt::format("/trustees/members/{}/name", i)),
            fmt::format("there are two trustees {}", base::json_quoted(name)),
            "name them so that people can tell them apart");
        break;
      }
    }
    const std::size_t n = trustees.members.size();
    if (n == 0 || n > kMaxTrustees ||
        (threshold && (static_cast<std::size_t>(*threshold) > n ||
                       2 * static_cast<std::size_t>(*threshold) <= n))) {
      loading.report.problem(
          errors::trustee_threshold, at("/trustees/threshold"),
          fmt::format("{} trustees and a threshold of {}", n, threshold.value_or(0)),
          fmt::format("name 1 to {} trustees and a threshold of more than half of them",
                      kMaxTrustees));
    }
  }
  inner.finish();
  trustees.threshold = static_cast<std::uint32_t>(threshold.value_or(0));
  check_distinct_keys(loading, trustees);
  loading.model.trustees = std::move(trustees);
}

void read_device_authorities(Loading& loading, base::ObjectReader& reader) {
  const base::Json* list = reader.optional_array("device_authorities");
  if (list == nullptr) return;
  for (std::size_t i = 0; i < list->items().size(); ++i) {
    const base::Place place = at(fmt::format("/device_authorities/{}", i));
    const std::string* text = list->items()[i].if_string();
    const auto key = public_key(loading, text ? *text : "", place);
    if (!key) continue;
    auto& keys = loading.model.device_authorities;
    if (std::ranges::find(keys, *key) != keys.end()) {
      loading.report.problem(errors::bad_key, place, "this key is listed twice",
                             "remove one");
    }
    keys.push_back(*key);
  }
}

void read_answers(Loading& loading, base::ObjectReader& reader) {
  const base::Json* object = reader.optional_object("answers");
  if (object == nullptr) return;
  base::ObjectReader inner(*object, std::string(kHeaderFile), "/answers",
                           loading.report);
  loading.model.yes = json_text(loading, inner.any("yes"), "/answers/yes", kTitleLimit);
  loading.model.no = json_text(loading, inner.any("no"), "/answers/no", kTitleLimit);
  inner.finish();
}

}  // namespace

bool load_header(Loading& loading) {
  const std::string* bytes = loading.file(kHeaderFile);
  const std::string file(kHeaderFile);
  if (bytes == nullptr) {
    loading.report.problem(
        errors::file_needed, {file, 0, {}}, "the folder has no election.json",
        "a definition starts with it; `urna election new` makes one");
    return false;
  }
  auto parsed = base::parse_json(*bytes);
  if (!parsed) {
    loading.report.add(parsed.error(), {file, 0, {}});
    return false;
  }
  loading.header = *std::move(parsed);
  base::ObjectReader reader(loading.header, file, "", loading.report);
  const auto format = reader.string("format");
  if (!format || *format != kFormat) {
    if (format) {
      loading.report.problem(
          errors::bad_format, at("/format"),
          fmt::format("the format {} is not known", base::json_quoted(*format)),
          fmt::format("this program reads \"{}\"", kFormat));
    }
    return false;
  }
  read_languages(loading, reader);
  if (loading.model.languages.empty()) return false;

  Model& model = loading.model;
  model.code = json_code(loading, reader.string("code"), "/code");
  read_mode(loading, reader);
  model.name = json_text(loading, reader.any("name"), "/name", kTitleLimit);
  model.authority =
      json_text(loading, reader.any("authority"), "/authority", kTitleLimit);
  model.notice =
      json_text(loading, reader.optional_any("notice"), "/notice", kTextLimit);
  read_day(loading, reader);
  const auto small = [&](std::string_view field, std::int64_t high) {
    return reader.optional_integer(field, 0, high);
  };
  const auto to_u32 = [](std::optional<std::int64_t> value, std::uint32_t otherwise) {
    return value ? static_cast<std::uint32_t>(*value) : otherwise;
  };
  model.minimum_registered = to_u32(small("minimum_registered", 1'000'000), 0);
  model.challenges_per_session = to_u32(small("challenges_per_session", 100), 2);
  model.substitutes = to_u32(small("substitutes", 10'000), 0);
  model.house_seats = to_u32(small("house_seats", 100'000), 0);
  read_answers(loading, reader);
  read_kinds(loading, reader);
  read_trustees(loading, reader);
  read_device_authorities(loading, reader);
  (void)reader.optional_array("awards");  // read by load_awards()
  reader.finish();
  return true;
}

}  // namespace urna::election
