#include "count/testing/json_schema.hpp"

#include <algorithm>
#include <map>
#include <regex>
#include <set>

namespace urna::count::testing {
namespace {

using base::Json;

class Checker {
 public:
  explicit Checker(const Json& root) : root_(root) {}

  std::vector<std::string> run(const Json& document) {
    collect_ids(document, "");
    check(root_, document, "");
    return std::move(faults_);
  }

 private:
  void fault(const std::string& at, std::string what) {
    faults_.push_back((at.empty() ? "/" : at) + ": " + std::move(what));
  }

  void collect_ids(const Json& value, const std::string& at) {
    if (const Json* id = value.find("@id")) {
      const Json* type = value.find("@type");
      if (id->if_string() != nullptr && type != nullptr &&
          type->if_string() != nullptr) {
        if (!ids_.emplace(*id->if_string(), *type->if_string()).second)
          fault(at, "the id '" + *id->if_string() + "' is used twice");
      }
    }
    for (const auto& [key, member] : value.members())
      collect_ids(member, at + "/" + key);
    for (std::size_t i = 0; i < value.items().size(); ++i)
      collect_ids(value.items()[i], at + "/" + std::to_string(i));
  }

  const Json* resolve(const std::string& ref) const {
    if (!ref.starts_with("#/")) return nullptr;
    const Json* at = &root_;
    std::size_t from = 2;
    while (at != nullptr && from <= ref.size()) {
      const std::size_t to = std::min(ref.find('/', from), ref.size());
      at = at->find(ref.substr(from, to - from));
      from = to + 1;
    }
    return at;
  }

  void check(const Json& schema, const Json& value, const std::string& at) {
    for (const auto& [keyword, rule] : schema.members())
      check_keyword(schema, keyword, rule, value, at);
  }

  void check_keyword(const Json& schema, const std::string& keyword, const Json& rule,
                     const Json& value, const std::string& at) {
    static const std::set<std::string> kNotRules{
        "$schema", "definitions", "title", "description",
        "$id",     "id",          "xml",   "additionalProperties"};
    if (keyword == "additionalProperties" && rule.is_object())
      return check_additional(schema, rule, value, at);
    if (kNotRules.contains(keyword)) return;
    if (keyword == "$ref") {
      const Json* target = resolve(*rule.if_string());
      if (target == nullptr) return fault(at, "schema reference " + *rule.if_string());
      return check(*target, value, at);
    }
    if (keyword == "type") return check_type(*rule.if_string(), value, at);
    if (keyword == "const") {
      if (value.dump(0) != rule.dump(0)) fault(at, "is not " + rule.dump(0));
      return;
    }
    if (keyword == "enum") return check_enum(rule, value, at);
    if (keyword == "pattern" || keyword == "format")
      return check_text(keyword, rule, value, at);
    if (keyword == "required") return check_required(rule, value, at);
    if (keyword == "properties") return check_properties(schema, rule, value, at);
    if (keyword == "items") return check_items(rule, value, at);
    if (keyword.starts_with("min") || keyword.starts_with("max") ||
        keyword == "uniqueItems")
      return check_size(keyword, rule, value, at);
    if (keyword == "oneOf") return check_one_of(rule, value, at);
    if (keyword == "refTypes") return check_reference(rule, value, at);
    fault(at, "the checker does not know the keyword '" + keyword + "'");
  }

  void check_type(const std::string& type, const Json& value, const std::string& at) {
    const bool ok = type == "object"    ? value.is_object()
                    : type == "array"   ? value.is_array()
                    : type == "string"  ? value.if_string() != nullptr
                    : type == "boolean" ? value.if_bool() != nullptr
                    : type == "integer" ? value.if_int() != nullptr
                    : type == "number"  ? value.if_number().has_value()
                                        : false;
    if (!ok) fault(at, "is not of type " + type);
  }

  void check_size(const std::string& keyword, const Json& rule, const Json& value,
                  const std::string& at) {
    const double limit = rule.if_number().value_or(0);
    const auto bound = [&](std::optional<double> size) {
      if (size && (keyword.starts_with("min") ? *size < limit : *size > limit))
        fault(at, "breaks " + keyword + " " + rule.dump(0));
    };
    if (keyword == "minimum" || keyword == "maximum") return bound(value.if_number());
    if (keyword == "minLength" || keyword == "maxLength") {
      if (const std::string* text = value.if_string())
        bound(static_cast<double>(text->size()));
      return;
    }
    if (keyword == "minProperties") {
      if (value.is_object()) bound(static_cast<double>(value.members().size()));
      return;
    }
    if (keyword == "minItems" || keyword == "maxItems") {
      if (value.is_array()) bound(static_cast<double>(value.items().size()));
      return;
    }
    if (keyword != "uniqueItems")
      return fault(at, "the checker does not know the keyword '" + keyword + "'");
    std::set<std::string> seen;
    for (const Json& item : value.items()) {
      if (!seen.insert(item.dump(0)).second) fault(at, "has an item twice");
    }
  }

  // Members that `properties` does not name.
  void check_additional(const Json& schema, const Json& rule, const Json& value,
                        const std::string& at) {
    const Json* named = schema.find("properties");
    for (const auto& [key, member] : value.members()) {
      if (named == nullptr || named->find(key) == nullptr)
        check(rule, member, at + "/" + key);
    }
  }

  void check_enum(const Json& rule, const Json& value, const std::string& at) {
    for (const Json& allowed : rule.items()) {
      if (value.if_string() != nullptr && allowed.if_string() != nullptr &&
          *value.if_string() == *allowed.if_string())
        return;
    }
    fault(at, "'" + value.dump(0) + "' is not one of the allowed values");
  }

  void check_text(const std::string& keyword, const Json& rule, const Json& value,
                  const std::string& at) {
    const std::string* text = value.if_string();
    if (text == nullptr) return;
    if (keyword == "pattern" &&
        !std::regex_search(*text,
                           std::regex(*rule.if_string(), std::regex::ECMAScript)))
      fault(at, "'" + *text + "' does not match " + *rule.if_string());
    if (keyword != "format") return;
    static const std::regex kDate(R"(\d{4}-\d{2}-\d{2})");
    static const std::regex kDateTime(
        R"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2}))");
    if (*rule.if_string() == "date" && !std::regex_match(*text, kDate))
      fault(at, "'" + *text + "' is not a date");
    if (*rule.if_string() == "date-time" && !std::regex_match(*text, kDateTime))
      fault(at, "'" + *text + "' is not a date and time");
  }

  void check_required(const Json& rule, const Json& value, const std::string& at) {
    if (!value.is_object()) return;
    for (const Json& key : rule.items()) {
      if (value.find(*key.if_string()) == nullptr)
        fault(at, "'" + *key.if_string() + "' is required");
    }
  }

  void check_properties(const Json& schema, const Json& rule, const Json& value,
                        const std::string& at) {
    const Json* additional = schema.find("additionalProperties");
    const bool closed = additional != nullptr && additional->if_bool() != nullptr &&
                        !*additional->if_bool();
    for (const auto& [key, member] : value.members()) {
      if (const Json* inner = rule.find(key)) {
        check(*inner, member, at + "/" + key);
      } else if (closed) {
        fault(at, "'" + key + "' is not a property of this object");
      }
    }
  }

  void check_items(const Json& rule, const Json& value, const std::string& at) {
    for (std::size_t i = 0; i < value.items().size(); ++i)
      check(rule, value.items()[i], at + "/" + std::to_string(i));
  }

  // Alternatives in these schemas differ by their @type: the one that says this type
  // is the one whose faults help.
  void check_one_of(const Json& rule, const Json& value, const std::string& at) {
    const std::size_t before = faults_.size();
    std::vector<std::string> best;
    std::size_t matches = 0;
    for (const Json& alternative : rule.items()) {
      check(alternative, value, at);
      std::vector<std::string> here(
          faults_.begin() + static_cast<std::ptrdiff_t>(before), faults_.end());
      faults_.resize(before);
      if (here.empty()) ++matches;
      if (best.empty() || here.size() < best.size()) best = here;
    }
    if (matches == 1) return;
    if (matches > 1) return fault(at, "fits several alternatives");
    for (std::string& text : best) faults_.push_back(std::move(text));
  }

  void check_reference(const Json& rule, const Json& value, const std::string& at) {
    const std::string* id = value.if_string();
    if (id == nullptr) return;
    const auto found = ids_.find(*id);
    if (found == ids_.end()) return fault(at, "'" + *id + "' refers to nothing");
    for (const Json& type : rule.items())
      if (*type.if_string() == found->second) return;
    fault(at, "'" + *id + "' refers to a " + found->second);
  }

  const Json& root_;
  std::map<std::string, std::string> ids_;
  std::vector<std::string> faults_;
};

}  // namespace

std::vector<std::string> check_schema(const Json& schema, const Json& document) {
  return Checker(schema).run(document);
}

}  // namespace urna::count::testing
