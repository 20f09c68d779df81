#include "sheet/sheet_json.hpp"

#include "base/encoding.hpp"
#include "sheet/counts.hpp"
#include "sheet/errors.hpp"

#include <cstdlib>

#include <fmt/format.h>

namespace urna::sheet {
namespace {

using base::Json;
using base::ObjectReader;

Json json_of(const Count& count) {
  return count ? Json(*count) : Json();
}

Json json_of(const ContestResult& contest) {
  Json options = Json::array();
  for (const OptionVotes& option : contest.options) {
    options.push(Json::object().set("code", option.code).set("votes", option.votes));
  }
  return Json::object()
      .set("code", contest.code)
      .set("limit", contest.limit)
      .set("ballots", json_of(contest.ballots))
      .set("options", std::move(options))
      .set("blank", json_of(contest.blank))
      .set("null", json_of(contest.null_votes));
}

std::string_view name_of(Origin origin) {
  switch (origin) {
    case Origin::machine:
      return "machine";
    case Origin::imported:
      return "imported";
    case Origin::uncounted:
      return "uncounted";
  }
  std::abort();
}

// Takes fields out of one object; what is wrong goes to the report.
class Taker {
 public:
  Taker(const Json& json, std::string file, std::string pointer, base::Report& report)
      : reader_(json, file, pointer, report),
        file_(std::move(file)),
        pointer_(std::move(pointer)),
        report_(report) {}

  ObjectReader& reader() { return reader_; }

  Count count(std::string_view key) {
    const Json* value = reader_.optional_any(key);
    if (value == nullptr || value->is_null()) return std::nullopt;
    const std::int64_t* number = value->if_int();
    if (number != nullptr && *number >= 0 && *number <= kMaxCount) {
      return static_cast<std::uint32_t>(*number);
    }
    problem(key, fmt::format("not a whole number from 0 to {}, nor null", kMaxCount));
    return std::nullopt;
  }

  Hash32 hash(std::string_view key) {
    const auto text = reader_.string(key);
    const auto bytes =
        text ? base::array_from_hex<32>(*text) : Result<Hash32>(Hash32{});
    if (!bytes) problem(key, "not 64 hexadecimal digits 0-9 a-f");
    return bytes.value_or(Hash32{});
  }

  Mode mode(std::string_view key) {
    const auto text = reader_.string(key);
    for (const Mode mode : {Mode::demo, Mode::test, Mode::official}) {
      if (text == election::mode_name(mode)) return mode;
    }
    if (text) problem(key, "none of demo, test, official");
    return Mode::demo;
  }

  Origin origin(std::string_view key) {
    const auto text = reader_.string(key);
    for (const Origin origin : {Origin::machine, Origin::imported, Origin::uncounted}) {
      if (text == name_of(origin)) return origin;
    }
    if (text) problem(key, "none of machine, imported, uncounted");
    return Origin::imported;
  }

  std::optional<LocalTime> time(std::string_view key) {
    const auto text = reader_.optional_string(key);
    if (!text) return std::nullopt;
    const auto parsed = parse_local_time(*text);
    if (parsed) return *parsed;
    problem(key, parsed.error().message);
    return std::nullopt;
  }

  std::vector<ContestResult> contests(std::string_view key) {
    std::vector<ContestResult> out;
    const Json* array = reader_.optional_array(key);
    if (array == nullptr) return out;
    for (std::size_t i = 0; i < array->items().size(); ++i) {
      out.push_back(
          contest(array->items()[i], fmt::format("{}/{}/{}", pointer_, key, i)));
    }
    return out;
  }

  void problem(std::string_view key, std::string message) {
    report_.problem(errors::bad_value, {file_, 0, reader_.pointer(key)},
                    std::move(message));
  }

 private:
  ContestResult contest(const Json& json, const std::string& pointer) {
    Taker t(json, file_, pointer, report_);
    ContestResult out;
    out.code = t.reader().string("code").value_or("");
    out.limit = static_cast<std::uint32_t>(
        t.reader().integer("limit", 1, kMaxLimit).value_or(1));
    out.ballots = t.count("ballots");
    if (const Json* options = t.reader().array("options")) {
      for (std::size_t i = 0; i < options->items().size(); ++i) {
        ObjectReader o(options->items()[i], file_,
                       fmt::format("{}/options/{}", pointer, i), report_);
        out.options.push_back(
            {o.string("code").value_or(""),
             static_cast<std::uint32_t>(o.integer("votes", 0, kMaxCount).value_or(0))});
        o.finish();
      }
    }
    out.blank = t.count("blank");
    out.null_votes = t.count("null");
    t.reader().finish();
    return out;
  }

  ObjectReader reader_;
  std::string file_;
  std::string pointer_;
  base::Report& report_;
};

}  // namespace

Json to_json(const SheetFields& f) {
  Json out = Json::object();
  out.set("mode", election::mode_name(f.mode));
  out.set("origin", name_of(f.origin));
  out.set("election", base::to_hex(f.election));
  out.set("station", f.station).set("segment", f.segment);
  if (!f.device.empty()) out.set("device", f.device);
  if (!f.software.empty()) out.set("software", f.software);
  if (f.opened) out.set("opened", to_text(*f.opened));
  if (f.closed) out.set("closed", to_text(*f.closed));
  Json check_in = Json::object();
  (void)visit_counts(f,
                     [&](auto, std::string_view name, bool inside,
                         const Count& count) -> Result<void> {
                       (inside ? check_in : out).set(name, json_of(count));
                       return {};
                     });
  out.set("check_in", std::move(check_in));
  Json contests = Json::array();
  for (const ContestResult& contest : f.contests) contests.push(json_of(contest));
  out.set("contests", std::move(contests));
  return out;
}

std::optional<SheetFields> sheet_from_json(const Json& json, const std::string& file,
                                           base::Report& report) {
  const std::size_t before = report.problems();
  Taker t(json, file, "", report);
  SheetFields f;
  f.mode = t.mode("mode");
  f.origin = t.origin("origin");
  f.election = t.hash("election");
  f.station = t.reader().string("station").value_or("");
  f.segment = static_cast<std::uint32_t>(
      t.reader().optional_integer("segment", 1, kMaxSegment).value_or(1));
  f.device = t.reader().optional_string("device").value_or("");
  f.software = t.reader().optional_string("software").value_or("");
  f.opened = t.time("opened");
  f.closed = t.time("closed");
  const Json none = Json::object();
  const Json* slip = t.reader().optional_object("check_in");
  Taker check_in(slip != nullptr ? *slip : none, file, "/check_in", report);
  (void)visit_counts(
      f, [&](auto, std::string_view name, bool inside, Count& count) -> Result<void> {
        count = (inside ? check_in : t).count(name);
        return {};
      });
  check_in.reader().finish();
  f.contests = t.contests("contests");
  // What `urna sheet show --json` adds about a finished sheet; numbers may be edited
  // after it, so neither is believed.
  (void)t.reader().optional_string("digest");
  (void)t.reader().optional_boolean("signed");
  t.reader().finish();
  if (report.problems() > before) return std::nullopt;
  return f;
}

std::optional<BoxCountFields> box_count_from_json(const Json& json,
                                                  const std::string& file,
                                                  base::Report& report) {
  const std::size_t before = report.problems();
  Taker t(json, file, "", report);
  BoxCountFields f;
  f.papers = static_cast<std::uint32_t>(
      t.reader().integer("papers", 0, kMaxCount).value_or(0));
  if (t.reader().has("image")) f.image = t.hash("image");
  f.contests = t.contests("contests");
  t.reader().finish();
  if (report.problems() > before) return std::nullopt;
  return f;
}

}  // namespace urna::sheet
