#include "base/report.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include <fmt/format.h>

namespace urna::base {
namespace {

std::string counted(std::size_t n, std::string_view noun) {
  return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
}

}  // namespace

std::string Place::text() const {
  std::string out = file;
  if (line != 0) out += fmt::format(":{}", line);
  if (!field.empty()) {
    const bool pointer = field.starts_with('/');
    if (!out.empty()) out += pointer ? " " : ", ";
    out += pointer ? field : fmt::format("column '{}'", field);
  }
  return out;
}

std::string Finding::text() const {
  std::string out = fmt::format(
      "{} U{:04}", severity == Severity::problem ? "problem" : "warning", kind.number);
  if (const std::string where = place.text(); !where.empty()) out += " at " + where;
  out += ": " + message;
  if (!to_do.empty()) out += "\n  -> " + to_do;
  return out;
}

void Report::problem(ErrorKind kind, Place place, std::string message,
                     std::string to_do) {
  add(Finding{kind, Severity::problem, std::move(place), std::move(message),
              std::move(to_do)});
}

void Report::warning(ErrorKind kind, Place place, std::string message,
                     std::string to_do) {
  add(Finding{kind, Severity::warning, std::move(place), std::move(message),
              std::move(to_do)});
}

void Report::add(Finding finding) {
  if (finding.severity == Severity::problem) ++problems_;
  findings_.push_back(std::move(finding));
}

void Report::add(const Error& error, Place place) {
  std::string message = error.message;
  if (!error.where.empty()) message += fmt::format(" (at {})", error.where);
  problem(error.kind, std::move(place), std::move(message), error.to_do);
}

void Report::merge(Report other) {
  for (Finding& finding : other.findings_) add(std::move(finding));
}

bool Report::has(ErrorKind kind) const {
  return std::ranges::any_of(findings_,
                             [&](const Finding& f) { return f.kind == kind; });
}

std::string Report::text() const {
  std::string out;
  for (const Finding& finding : findings_) out += finding.text() + "\n";
  out += counted(problems(), "problem") + ", " + counted(warnings(), "warning") + "\n";
  return out;
}

Json Report::to_json() const {
  Json list = Json::array();
  for (const Finding& f : findings_) {
    Json item = Json::object();
    item.set("number", f.kind.number);
    item.set("title", f.kind.title);
    item.set("severity", f.severity == Severity::problem ? "problem" : "warning");
    item.set("file", f.place.file);
    item.set("line", f.place.line);
    item.set("field", f.place.field);
    item.set("message", f.message);
    item.set("to_do", f.to_do);
    list.push(std::move(item));
  }
  Json out = Json::object();
  out.set("problems", problems());
  out.set("warnings", warnings());
  out.set("findings", std::move(list));
  return out;
}

Error Report::first_problem() const {
  const auto found = std::ranges::find_if(
      findings_, [](const Finding& f) { return f.severity == Severity::problem; });
  assert(found != findings_.end());
  return Error{found->kind, found->message, found->place.text(), found->to_do};
}

}  // namespace urna::base
