#include "count/decision.hpp"

#include "base/encoding.hpp"
#include "count/errors.hpp"
#include "seats/problem.hpp"

#include <algorithm>
#include <set>

namespace urna::count {
namespace {

using base::Json;
using base::ObjectReader;
using base::Place;
using base::Report;

constexpr std::string_view kFormat = "urna-decisions-1";

class DecisionReader {
 public:
  DecisionReader(const std::string& file, Report& report)
      : file_(file), report_(report) {}

  Decisions read(const Json& json);

 private:
  void bad(const std::string& pointer, std::string message, std::string to_do = {}) {
    report_.problem(errors::bad_decisions, Place{file_, 0, pointer}, std::move(message),
                    std::move(to_do));
  }
  std::optional<Hash32> hash(const std::string& text, const std::string& pointer);
  Decision read_one(const Json& json, const std::string& pointer);

  const std::string& file_;
  Report& report_;
};

std::optional<Hash32> DecisionReader::hash(const std::string& text,
                                           const std::string& pointer) {
  const auto bytes = base::from_hex(text);
  if (!bytes || bytes->size() != 32) {
    bad(pointer, "'" + text + "' is not a hash of 64 hexadecimal digits",
        "copy the document's hash from the count's report");
    return std::nullopt;
  }
  Hash32 out;
  std::ranges::copy(*bytes, out.begin());
  return out;
}

Decision DecisionReader::read_one(const Json& json, const std::string& pointer) {
  ObjectReader from(json, file_, pointer, report_);
  Decision out;
  out.station = from.string("station").value_or("");
  out.reason = from.string("reason").value_or("");
  out.date = from.string("date").value_or("");
  const auto texts = [&](std::string_view key) {
    std::vector<std::string> list;
    if (const Json* array = from.array(key)) {
      for (const Json& item : array->items()) {
        if (const std::string* text = item.if_string()) {
          list.push_back(*text);
        } else {
          bad(from.pointer(key), "every entry must be a text");
        }
      }
    }
    return list;
  };
  for (const std::string& text : texts("count")) {
    if (const auto digest = hash(text, from.pointer("count")))
      out.counted.push_back(*digest);
  }
  out.decided_by = texts("decided_by");
  from.finish();
  if (from.has("reason") && out.reason.empty())
    bad(pointer + "/reason", "a decision needs its reason in words");
  // One person deciding alone is how results get lost.
  const std::set<std::string> people(out.decided_by.begin(), out.decided_by.end());
  if (from.has("decided_by") && people.size() < 2)
    bad(pointer + "/decided_by", "a decision names at least two people",
        "give the name and office of everyone who decided");
  return out;
}

Decisions DecisionReader::read(const Json& json) {
  ObjectReader from(json, file_, "", report_);
  Decisions out;
  out.file = file_;
  if (from.string("format").value_or("") != kFormat)
    bad("/format", "this is not a decision file of the format " + std::string(kFormat));
  if (const auto election = from.string("election"))
    out.election = hash(*election, "/election");
  std::set<std::string> stations;
  if (const Json* list = from.array("decisions")) {
    for (std::size_t i = 0; i < list->items().size(); ++i) {
      const std::string pointer = "/decisions/" + std::to_string(i);
      out.decisions.push_back(read_one(list->items()[i], pointer));
      if (!stations.insert(out.decisions.back().station).second)
        bad(pointer + "/station",
            "station '" + out.decisions.back().station + "' is decided twice",
            "keep the decision that holds and remove the other");
    }
  }
  if (const Json* drawings = from.optional_array("drawings"))
    out.drawings = seats::read_drawings(*drawings, file_, "/drawings", report_);
  from.finish();
  return out;
}

}  // namespace

Decisions read_decisions(const Json& json, const std::string& file, Report& report) {
  return DecisionReader(file, report).read(json);
}

}  // namespace urna::count
