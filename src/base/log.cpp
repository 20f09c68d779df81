#include "base/log.hpp"

#include "base/json.hpp"

#include <cstdio>

#include <fmt/format.h>

namespace urna::base {
namespace {

std::string_view level_name(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warning:
      return "warning";
    case LogLevel::error:
      return "error";
  }
  return "error";
}

}  // namespace

std::string LogValue::json() const {
  if (const bool* truth = std::get_if<bool>(&value_)) return *truth ? "true" : "false";
  if (const auto* number = std::get_if<std::int64_t>(&value_)) {
    return fmt::format("{}", *number);
  }
  if (const auto* literal = std::get_if<std::string_view>(&value_)) {
    return json_quoted(*literal);
  }
  return json_quoted(std::get<std::string>(value_));
}

void Logger::line(LogLevel level, std::string_view event,
                  std::initializer_list<Field> fields) {
  if (level < least_) return;
  // json_quoted() escapes control characters, so no value can forge a second line.
  std::string out = fmt::format("{{\"time\":\"{}\",\"level\":\"{}\",\"event\":{}",
                                utc_text(clock_.unix_seconds()), level_name(level),
                                json_quoted(event));
  for (const Field& field : fields) {
    out += fmt::format(",{}:{}", json_quoted(field.name), field.value.json());
  }
  out += "}\n";
  const std::scoped_lock lock(mutex_);
  sink_(out);
}

Logger::Sink Logger::to_stderr() {
  return
      [](std::string_view line) { std::fwrite(line.data(), 1, line.size(), stderr); };
}

}  // namespace urna::base
