#include "base/json.hpp"

#include "base/errors.hpp"
#include "base/report.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace urna::base {
namespace {

ErrorKind refusal(std::string_view text, JsonLimits limits = {}) {
  const auto result = parse_json(text, limits);
  return result.has_value() ? ErrorKind{0, "accepted"} : result.error().kind;
}

TEST(Json, ReadsEveryType) {
  const Json json =
      parse_json(R"( {"a": [1, -2, true, null], "ñ": "x\u00f1\ud83d\uddf3"} )").value();
  EXPECT_EQ(*json.find("a")->items()[1].if_int(), -2);
  EXPECT_TRUE(*json.find("a")->items()[2].if_bool());
  EXPECT_TRUE(json.find("a")->items()[3].is_null());
  EXPECT_EQ(*json.find("ñ")->if_string(), "xñ\xF0\x9F\x97\xB3");
  EXPECT_EQ(json.dump(0), "{\"a\":[1,-2,true,null],\"ñ\":\"xñ\xF0\x9F\x97\xB3\"}");
}

TEST(Json, RefusesWhatOthersLetPass) {
  EXPECT_EQ(refusal(R"({"a":1,"b":2,"a":3})"), errors::json_duplicate);
  EXPECT_EQ(refusal(R"([{"x":{"k":1,"k":1}}])"), errors::json_duplicate);
  EXPECT_EQ(refusal(R"({"a":1,"\u0061":2})"), errors::json_duplicate);
  EXPECT_EQ(refusal("1.5"), errors::json_number);
  EXPECT_EQ(refusal("1e400"), errors::json_number);
  EXPECT_EQ(refusal("[1e2]"), errors::json_number);
  EXPECT_EQ(refusal("9223372036854775808"), errors::json_number);
  EXPECT_EQ(refusal("99999999999999999999"), errors::json_number);
  EXPECT_EQ(refusal(std::string(10000, '[')), errors::json_depth);
  EXPECT_EQ(refusal(R"("\ud800")"), errors::bad_json);
  EXPECT_EQ(refusal("\"\xC0\xAF\""), errors::bad_utf8);
  EXPECT_EQ(refusal("1", {.depth = 4, .bytes = 0}), errors::too_long);
  for (const char* bad : {"", " ", "{", "[1,]", "{\"a\":1,}", "01", "+1", "'a'", "nul",
                          "// c\n1", "1 2", "{} x", "NaN", "\"a\nb\"", "[1 2]"}) {
    EXPECT_EQ(refusal(bad), errors::bad_json) << bad;
  }
}

TEST(Json, SaysWhere) {
  const auto result = parse_json("{\n  \"a\": 1,\n  \"b\": tru\n}");
  ASSERT_FALSE(result.has_value());
  EXPECT_TRUE(result.error().where.starts_with("line 3")) << result.error().where;
}

TEST(Json, DepthLimitIsExact) {
  EXPECT_TRUE(parse_json("[[1]]", {.depth = 2}).has_value());
  EXPECT_EQ(refusal("[[[1]]]", {.depth = 2}), errors::json_depth);
}

TEST(Json, FractionsOnlyWhenAsked) {
  const JsonLimits limits{.fractions = true};
  EXPECT_EQ(parse_json("1.5", limits)->if_number(), 1.5);
  EXPECT_EQ(parse_json("3", limits)->if_number(), 3.0);
  EXPECT_EQ(parse_json("1.5", limits)->if_int(), nullptr);
}

TEST(Json, TextSurvivesTheRoundTrip) {
  EXPECT_TRUE(rc::check([](const std::string& raw) {
    std::string text;
    for (const char c : raw) text += static_cast<char>(c & 0x7F);
    RC_ASSERT(*parse_json(json_quoted(text))->if_string() == text);
  }));
}

TEST(ObjectReader, FindsEverythingInOneRun) {
  const Json json =
      parse_json(R"({"name": 3, "seats": 500, "extra": 1, "list": {}})").value();
  Report report;
  ObjectReader reader(json, "e.json", "/contests/2", report);
  EXPECT_EQ(reader.string("name"), std::nullopt);
  EXPECT_EQ(reader.integer("seats", 1, 400), std::nullopt);
  EXPECT_EQ(reader.array("list"), nullptr);
  EXPECT_EQ(reader.boolean("missing"), std::nullopt);
  EXPECT_EQ(reader.optional_string("absent"), std::nullopt);
  reader.finish();
  ASSERT_EQ(report.problems(), 5U);
  EXPECT_EQ(report.findings()[0].text(),
            "problem U1044 at e.json /contests/2/name: 'name' must be text in quotes, "
            "not a number");
  EXPECT_TRUE(report.has(errors::bad_number));
  EXPECT_TRUE(report.has(errors::json_missing));
  EXPECT_TRUE(report.has(errors::json_unknown));
}

TEST(ObjectReader, SaysSoWhenThereIsNoObject) {
  const Json json = parse_json("[]").value();
  Report report;
  ObjectReader reader(json, "e.json", "", report);
  EXPECT_EQ(reader.string("name"), std::nullopt);
  reader.finish();
  EXPECT_EQ(report.problems(), 1U);
}

TEST(Report, CountsAndKeepsOrder) {
  Report report;
  report.warning(errors::bad_csv, {"a.csv", 3, "x"}, "odd");
  report.problem(errors::bad_csv, {"a.csv", 4, {}}, "bad", "mend it");
  EXPECT_FALSE(report.ok());
  EXPECT_EQ(report.text(),
            "warning U1050 at a.csv:3, column 'x': odd\n"
            "problem U1050 at a.csv:4: bad\n  -> mend it\n"
            "1 problem, 1 warning\n");
  EXPECT_EQ(report.first_problem().where, "a.csv:4");
  EXPECT_EQ(*report.to_json().find("problems")->if_int(), 1);
}

}  // namespace
}  // namespace urna::base
