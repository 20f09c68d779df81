// Any bytes as the files of a definition. Files are separated by a line "== NAME". What
// loads must keep the promises of election/model.hpp, on which every other room relies.
// A seed from
// examples/town:
//   for f in *.csv *.json; do echo "== $f"; cat "$f"; done > seed
#include "base/report.hpp"
#include "election/definition.hpp"
#include "election/totals.hpp"

#include <cstdlib>

namespace {

using namespace urna::election;

void must(bool holds) {
  if (!holds) std::abort();
}

DefinitionFiles split(std::string_view text) {
  DefinitionFiles files;
  while (text.starts_with("== ")) {
    const std::size_t line = text.find('\n');
    if (line == std::string_view::npos) break;
    const std::string_view name = text.substr(3, line - 3);
    text.remove_prefix(line + 1);
    const std::size_t next = text.find("\n== ");
    const std::size_t end = next == std::string_view::npos ? text.size() : next + 1;
    files.files.emplace_back(name, text.substr(0, end));
    text.remove_prefix(end);
  }
  return files;
}

void check_contest(const Contest& contest) {
  must(!contest.options.empty());
  must(contest.limit >= 1 && contest.limit <= contest.options.size());
  std::size_t options = 0;
  for (const Contender& contender : contest.contenders) {
    must(!contender.options.empty() && is_code(contender.code));
    options += contender.options.size();
  }
  must(options == contest.options.size());
  for (const Option& option : contest.options) {
    must(is_code(option.code) && option.contender < contest.contenders.size());
  }
}

void check_promises(const Definition& definition) {
  for (const Contest& contest : definition.contests()) check_contest(contest);
  for (StationIndex i = 0; i < definition.stations().size(); ++i) {
    must(definition.find_station(definition.stations()[i].code) == i);
    must(!definition.style_of(i).contests.empty());
  }
  Totals totals(definition);
  for (StationIndex i = 0; i < definition.stations().size(); ++i) {
    must(totals.add(i, std::vector<std::uint64_t>(definition.style_of(i).fields, 1))
             .has_value());
  }
  must(totals.finish().has_value());
  for (ContestIndex i = 0; i < definition.contests().size(); ++i) {
    must(totals.total(i).counted == totals.total(i).stations);
    must(totals.total(i).stations > 0);
  }
  for (AwardIndex i = 0; i < definition.awards().size(); ++i) {
    (void)totals.by_award_list(i);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const DefinitionFiles files = split({reinterpret_cast<const char*>(data), size});
  urna::base::Report report;
  const auto definition = parse_definition(files, report);
  must(definition.has_value() == report.ok());
  if (definition) check_promises(*definition);
  return 0;
}
