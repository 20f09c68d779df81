// What a check found: every finding numbered, with its place and what to do about
// it. A validation never stops at the first problem: it adds findings to a Report and
// goes on, so that one run names everything. Used by every loader and checker; shown
// to people with text(), to programs with to_json().
//
// Thread rule: a Report belongs to one thread; merge() joins several.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace urna::base {

enum class Severity {
  problem,  // must be mended: what was checked is not accepted
  warning,  // accepted, but somebody should look
};

// Where a finding is. Rows and lines count from 1, as an editor shows them; 0 when
// there is none.
struct Place {
  std::string file;
  std::size_t line = 0;
  std::string field;  // a column, or a JSON pointer such as /contests/2/name

  [[nodiscard]] std::string text() const;  // "stations.csv:17, column 'area'"
};

struct Finding {
  ErrorKind kind;
  Severity severity = Severity::problem;
  Place place;
  std::string message;
  std::string to_do;

  // "problem U2013 at stations.csv:17, column 'area': ...\n  -> ..."
  [[nodiscard]] std::string text() const;
};

class Report {
 public:
  void problem(ErrorKind kind, Place place, std::string message,
               std::string to_do = {});
  void warning(ErrorKind kind, Place place, std::string message,
               std::string to_do = {});
  void add(Finding finding);
  // An Error met on the way becomes a problem at `place`.
  void add(const Error& error, Place place);
  void merge(Report other);

  [[nodiscard]] const std::vector<Finding>& findings() const { return findings_; }
  [[nodiscard]] std::size_t problems() const { return problems_; }
  [[nodiscard]] std::size_t warnings() const { return findings_.size() - problems_; }
  [[nodiscard]] bool ok() const { return problems_ == 0; }

  // Whether some finding is of this kind: what tests ask.
  [[nodiscard]] bool has(ErrorKind kind) const;

  // All findings and a last line that counts them: "2 problems, 1 warning".
  [[nodiscard]] std::string text() const;
  [[nodiscard]] Json to_json() const;

  // The first problem as an Error, for callers that return a Result; needs !ok().
  [[nodiscard]] Error first_problem() const;

 private:
  std::vector<Finding> findings_;
  std::size_t problems_ = 0;
};

}  // namespace urna::base
