// The program log: one JSON object a line, for operators. Not the event log of a
// machine (that one is part of the record) and never a place for voters' data: a
// field takes only numbers, truth values, text literals of ours and text explicitly
// declared public with PublicText. Types that hold choices, identities or secrets have
// no conversion to LogValue, so that logging them does not compile.
//
// Thread rule: a Logger may be used from several threads.
#pragma once

#include "base/clock.hpp"

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <mutex>
#include <string>
#include <string_view>
#include <variant>

namespace urna::base {

// Text that was checked to be public: file names, station codes, error texts.
struct PublicText {
  std::string text;
};

class LogValue {
 public:
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  LogValue(T value) : value_(static_cast<std::int64_t>(value)) {}
  // A template, so that a pointer does not turn into a truth value.
  template <std::same_as<bool> T>
  LogValue(T value) : value_(value) {}
  // A literal in the source cannot carry data. The length is checked at compile time
  // only for arrays, which is why a plain const char* is not accepted.
  template <std::size_t N>
  consteval LogValue(const char (&literal)[N]) : value_(std::string_view(literal)) {}
  LogValue(PublicText value) : value_(std::move(value.text)) {}

  [[nodiscard]] std::string json() const;

 private:
  std::variant<bool, std::int64_t, std::string_view, std::string> value_;
};

enum class LogLevel { debug, info, warning, error };

class Logger {
 public:
  using Sink = std::function<void(std::string_view line)>;
  struct Field {
    std::string_view name;
    LogValue value;
  };

  // Lines below `least` are dropped. The sink gets each line with its line feed.
  Logger(Clock& clock, Sink sink, LogLevel least = LogLevel::info)
      : clock_(clock), sink_(std::move(sink)), least_(least) {}

  void debug(std::string_view event, std::initializer_list<Field> fields = {}) {
    line(LogLevel::debug, event, fields);
  }
  void info(std::string_view event, std::initializer_list<Field> fields = {}) {
    line(LogLevel::info, event, fields);
  }
  void warning(std::string_view event, std::initializer_list<Field> fields = {}) {
    line(LogLevel::warning, event, fields);
  }
  void error(std::string_view event, std::initializer_list<Field> fields = {}) {
    line(LogLevel::error, event, fields);
  }

  // Writes to standard error.
  [[nodiscard]] static Sink to_stderr();

 private:
  void line(LogLevel level, std::string_view event,
            std::initializer_list<Field> fields);

  Clock& clock_;
  Sink sink_;
  LogLevel least_;
  std::mutex mutex_;
};

}  // namespace urna::base
