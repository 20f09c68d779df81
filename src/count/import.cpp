#include "count/import.hpp"

#include "base/csv.hpp"
#include "count/errors.hpp"
#include "crypto/sha256.hpp"

#include <algorithm>
#include <charconv>
#include <unordered_map>

namespace urna::count {
namespace {

using base::Json;
using base::ObjectReader;
using base::Place;
using base::Report;

constexpr std::string_view kFormat = "urna-count-import-1";
constexpr std::uint64_t kMostVotes = 99'999'999;

using Pairs = std::vector<std::pair<std::string, std::string>>;

class MappingReader {
 public:
  MappingReader(const std::string& file, Report& report)
      : file_(file), report_(report) {}

  Mapping read(const Json& json);

 private:
  void bad(const std::string& pointer, std::string message, std::string to_do = {}) {
    report_.problem(errors::bad_mapping, Place{file_, 0, pointer}, std::move(message),
                    std::move(to_do));
  }
  CodePart read_part(const Json& json, const std::string& pointer);
  ContestColumns read_contest(const std::string& code, const Json& json,
                              const std::string& pointer);
  Pairs read_pairs(ObjectReader& from, std::string_view key);
  void read_why(const Json& json, Mapping& mapping);

  const std::string& file_;
  Report& report_;
};

CodePart MappingReader::read_part(const Json& json, const std::string& pointer) {
  ObjectReader from(json, file_, pointer, report_);
  CodePart part;
  part.column = from.optional_string("column").value_or("");
  part.text = from.optional_string("text").value_or("");
  part.width = static_cast<std::size_t>(
      from.optional_integer("width", 1, std::int64_t{election::kMaxCode}).value_or(0));
  from.finish();
  if (part.column.empty() == part.text.empty())
    bad(pointer, "a part of the station code is either a column or a text",
        "write {\"column\": \"NAME\", \"width\": 2} or {\"text\": \"A\"}");
  return part;
}

Pairs MappingReader::read_pairs(ObjectReader& from, std::string_view key) {
  Pairs out;
  const Json* object = from.optional_object(key);
  if (object == nullptr) return out;
  for (const auto& [code, column] : object->members()) {
    if (const std::string* name = column.if_string()) {
      out.emplace_back(code, *name);
    } else {
      bad(from.pointer(key) + "/" + code, "the value must be the name of a column");
    }
  }
  return out;
}

ContestColumns MappingReader::read_contest(const std::string& code, const Json& json,
                                           const std::string& pointer) {
  ObjectReader from(json, file_, pointer, report_);
  ContestColumns out;
  out.contest = code;
  out.options = read_pairs(from, "options");
  out.by_party = read_pairs(from, "by_party");
  out.blank = from.optional_string("blank");
  out.null_votes = from.optional_string("null");
  from.finish();
  if (out.options.empty() == out.by_party.empty())
    bad(pointer, "a contest needs either 'options' or 'by_party'",
        "map option codes (or party codes) to column names");
  return out;
}

// One sentence for both languages, or one for each.
void MappingReader::read_why(const Json& json, Mapping& mapping) {
  if (const std::string* text = json.if_string()) {
    mapping.hypothetical = {*text, *text};
    return;
  }
  ObjectReader from(json, file_, "/hypothetical", report_);
  mapping.hypothetical.english = from.string("en").value_or("");
  mapping.hypothetical.spanish = from.string("es").value_or("");
  from.finish();
}

Mapping MappingReader::read(const Json& json) {
  ObjectReader from(json, file_, "", report_);
  Mapping mapping;
  if (from.string("format").value_or("") != kFormat)
    bad("/format", "this is not a mapping of the format " + std::string(kFormat));
  if (const Json* parts = from.array("station")) {
    for (std::size_t i = 0; i < parts->items().size(); ++i)
      mapping.station.push_back(
          read_part(parts->items()[i], "/station/" + std::to_string(i)));
    if (mapping.station.empty()) bad("/station", "the station code has no parts");
  }
  mapping.registered = from.optional_string("registered");
  mapping.cast = from.optional_string("cast");
  if (const Json* contests = from.object("contests")) {
    for (const auto& [code, columns] : contests->members())
      mapping.contests.push_back(read_contest(code, columns, "/contests/" + code));
    if (mapping.contests.empty()) bad("/contests", "no contest is mapped");
  }
  mapping.encoding = from.optional_string("encoding").value_or("utf-8");
  const std::string separator = from.optional_string("separator").value_or(",");
  if (separator.size() == 1) {
    mapping.separator = separator.front();
  } else {
    bad("/separator", "the separator must be one character");
  }
  if (const Json* why = from.optional_any("hypothetical")) read_why(*why, mapping);
  from.finish();
  return mapping;
}

// Which columns fill which fields of a style's row.
struct Filler {
  std::size_t field;
  std::size_t column;
};

struct StylePlan {
  std::vector<Filler> fillers;
};

class Importer {
 public:
  Importer(const election::Definition& definition, const Mapping& mapping,
           const base::CsvTable& table, Documents& documents, Report& report)
      : definition_(definition),
        mapping_(mapping),
        table_(table),
        documents_(documents),
        report_(report) {}

  void run();

 private:
  std::optional<std::size_t> column(const std::string& name);
  bool find_columns();
  bool plan_styles();
  void plan_contest(const election::BallotStyle& style, std::size_t slot,
                    const ContestColumns& columns, StylePlan& plan);
  const ContestColumns* columns_for(const election::Contest& contest) const;
  void import_row(std::size_t row);
  bool count(std::size_t row, std::size_t column, std::uint64_t& value,
             Document& document) const;
  [[nodiscard]] std::string station_code(std::size_t row) const;
  [[nodiscard]] Hash32 digest(std::size_t row) const;

  const election::Definition& definition_;
  const Mapping& mapping_;
  const base::CsvTable& table_;
  Documents& documents_;
  Report& report_;
  std::uint32_t source_ = 0;
  std::vector<std::optional<std::size_t>> code_columns_;
  std::optional<std::size_t> registered_, cast_;
  std::vector<StylePlan> plans_;
  std::vector<std::uint64_t> numbers_;
};

std::optional<std::size_t> Importer::column(const std::string& name) {
  const auto at = table_.column(name);
  if (!at)
    report_.problem(errors::bad_mapping, Place{table_.file(), 1, name},
                    "the table has no column '" + name + "'",
                    "use a column name of the table's first row in the mapping");
  return at;
}

bool Importer::find_columns() {
  const std::size_t before = report_.problems();
  for (const CodePart& part : mapping_.station)
    code_columns_.push_back(part.column.empty() ? std::nullopt : column(part.column));
  if (mapping_.registered) registered_ = column(*mapping_.registered);
  if (mapping_.cast) cast_ = column(*mapping_.cast);
  return report_.problems() == before;
}

const ContestColumns* Importer::columns_for(const election::Contest& contest) const {
  const ContestColumns* any = nullptr;
  for (const ContestColumns& columns : mapping_.contests) {
    if (columns.contest == contest.code) return &columns;
    if (columns.contest == "*") any = &columns;
  }
  return any;
}

void Importer::plan_contest(const election::BallotStyle& style, std::size_t slot,
                            const ContestColumns& columns, StylePlan& plan) {
  const election::ContestIndex index = style.contests[slot];
  const election::Contest& contest = definition_.contests()[index];
  const std::size_t start = style.field_start[slot];
  for (const auto& [code, name] : columns.options) {
    const auto option = definition_.find_option(index, code);
    const auto at = column(name);
    if (!option)
      report_.problem(errors::bad_mapping, Place{table_.file(), 0, code},
                      "contest " + contest.code + " has no option '" + code + "'",
                      "use the option codes that 'urna election show' prints");
    if (option && at) plan.fillers.push_back({start + *option, *at});
  }
  for (const auto& [code, name] : columns.by_party) {
    const auto party = definition_.find_party(code);
    const auto at = column(name);
    if (!party)
      report_.problem(errors::bad_mapping, Place{table_.file(), 0, code},
                      "the election has no party '" + code + "'");
    if (!party || !at) continue;
    for (std::size_t o = 0; o < contest.options.size(); ++o) {
      const auto& cards = contest.options[o].cards;
      if (std::ranges::find(cards, *party) != cards.end())
        plan.fillers.push_back({start + o, *at});
    }
  }
  if (columns.blank) {
    if (const auto at = column(*columns.blank))
      plan.fillers.push_back({start + contest.options.size(), *at});
  }
  if (columns.null_votes) {
    if (const auto at = column(*columns.null_votes))
      plan.fillers.push_back({start + contest.options.size() + 1, *at});
  }
}

bool Importer::plan_styles() {
  const std::size_t before = report_.problems();
  for (const ContestColumns& columns : mapping_.contests) {
    if (columns.contest != "*" && !definition_.find_contest(columns.contest))
      report_.problem(errors::bad_mapping, Place{table_.file(), 0, columns.contest},
                      "the election has no contest '" + columns.contest + "'");
  }
  for (const election::BallotStyle& style : definition_.styles()) {
    StylePlan plan;
    for (std::size_t slot = 0; slot < style.contests.size(); ++slot) {
      const auto* columns = columns_for(definition_.contests()[style.contests[slot]]);
      if (columns != nullptr) plan_contest(style, slot, *columns, plan);
    }
    plans_.push_back(std::move(plan));
    if (report_.problems() != before) return false;  // once is enough
  }
  return report_.problems() == before;
}

std::string Importer::station_code(std::size_t row) const {
  std::string code;
  for (std::size_t p = 0; p < mapping_.station.size(); ++p) {
    const CodePart& part = mapping_.station[p];
    if (!code_columns_[p]) {
      code += part.text;
      continue;
    }
    const std::string_view cell = table_.cell(row, *code_columns_[p]);
    if (cell.size() < part.width) code.append(part.width - cell.size(), '0');
    code += cell;
  }
  return code;
}

// A row is named by the hash of its cells, so that a decision can point to it whatever
// line it stands on.
Hash32 Importer::digest(std::size_t row) const {
  std::string text = "urna-import-row\n";
  for (std::size_t c = 0; c < table_.header().size(); ++c) {
    text += table_.header()[c];
    text += '=';
    text += table_.cell(row, c);
    text += '\n';
  }
  return crypto::sha256(as_bytes(text));
}

bool Importer::count(std::size_t row, std::size_t column, std::uint64_t& value,
                     Document& document) const {
  const std::string_view cell = table_.cell(row, column);
  const char* end = cell.data() + cell.size();
  const auto [stop, problem] = std::from_chars(cell.data(), end, value);
  if (problem == std::errc{} && stop == end && value <= kMostVotes) return true;
  if (!document.flaw)
    document.flaw = std::make_unique<Error>(
        Error{errors::bad_cell,
              "'" + std::string(cell) + "' in column '" +
                  std::string(table_.header()[column]) + "' is not a count",
              {},
              "correct the table, or decide that this row is not counted"});
  return false;
}

void Importer::import_row(std::size_t row) {
  Document document;
  document.source = source_;
  document.line = static_cast<std::uint32_t>(table_.line(row));
  document.digest = digest(row);
  std::string code = station_code(row);
  document.station = definition_.find_station(code);
  if (!document.station) {
    document.flaw =
        std::make_unique<Error>(Error{errors::unknown_station,
                                      "the definition has no station '" + code + "'",
                                      {},
                                      "check the station code and the mapping"});
    document.station_code = std::move(code);
    documents_.add(std::move(document), {});
    return;
  }
  std::uint64_t value = 0;
  const auto figure = [&](const std::optional<std::size_t>& at,
                          std::optional<std::uint64_t>& out) {
    if (!at || table_.cell(row, *at).empty()) return;
    if (count(row, *at, value, document)) out = value;
  };
  figure(registered_, document.figures.registered);
  figure(cast_, document.figures.cast);
  const election::StyleIndex style = definition_.style_index_of(*document.station);
  numbers_.assign(definition_.styles()[style].fields, 0);
  for (const Filler& filler : plans_[style].fillers) {
    if (count(row, filler.column, value, document)) numbers_[filler.field] += value;
  }
  documents_.add(std::move(document), numbers_);
}

void Importer::run() {
  if (!find_columns() || !plan_styles()) return;
  source_ = documents_.add_source(table_.file());
  std::size_t fields =
      0;  // of the longest ballot; room that stays unused costs nothing
  for (const election::BallotStyle& style : definition_.styles())
    fields = std::max<std::size_t>(fields, style.fields);
  documents_.reserve(table_.rows(), table_.rows() * fields);
  for (std::size_t row = 0; row < table_.rows(); ++row) import_row(row);
}

}  // namespace

std::optional<Mapping> read_mapping(const Json& json, const std::string& file,
                                    Report& report) {
  const std::size_t before = report.problems();
  Mapping mapping = MappingReader(file, report).read(json);
  if (report.problems() != before) return std::nullopt;
  return mapping;
}

void import_table(const election::Definition& definition, const Mapping& mapping,
                  std::string text, const std::string& file, Documents& documents,
                  Report& report) {
  const auto encoding = base::text_encoding(mapping.encoding);
  if (!encoding) return report.add(encoding.error(), Place{file, 0, "/encoding"});
  if (*encoding != base::TextEncoding::utf8) {
    auto decoded = base::decode_text(as_bytes(text), *encoding);
    if (!decoded) return report.add(decoded.error(), Place{file, 0, {}});
    text = std::move(*decoded);
  }
  const base::CsvTable table =
      base::parse_csv(std::move(text), file, report, {.separator = mapping.separator});
  if (table.header().empty()) return;
  Importer(definition, mapping, table, documents, report).run();
}

}  // namespace urna::count
