#include "election/import.hpp"

#include "base/csv.hpp"
#include "base/errors.hpp"
#include "election/errors.hpp"
#include "election/model.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

namespace urna::election {
namespace {

constexpr std::string_view kImportFormat = "urna-stations-import-1";

// One piece of a code: a fixed text, or a column, padded with zeros and cut out.
struct CodePart {
  std::string column;
  std::string text;
  std::size_t width = 0;  // padded on the left to this many characters
  std::size_t from = 0;   // then these characters, counted from 1; 0: all
  std::size_t count = 0;
};
using CodeParts = std::vector<CodePart>;

struct AreaLevel {
  std::string kind;
  CodeParts code;
  std::vector<std::string> in;  // kinds of this mapping, or codes of fixed areas
  std::optional<std::string> name_column;
  std::string name_prefix;  // before the code, when no column has names
};

struct FixedArea {
  std::string code;
  std::string kind;
  std::string in;
  std::string name;
};

struct StationsMapping {
  base::TextEncoding encoding = base::TextEncoding::utf8;
  char separator = ',';
  std::vector<FixedArea> fixed;
  std::vector<AreaLevel> levels;
  CodeParts station_code;
  std::string station_in;                 // a kind
  std::vector<std::string> station_also;  // kinds that cut across
  std::optional<std::string> station_name;
  std::optional<std::string> registered;
};

class MappingReader {
 public:
  MappingReader(std::string file, base::Report& report)
      : file_(std::move(file)), report_(report) {}

  std::optional<StationsMapping> run(const base::Json& json) {
    base::ObjectReader reader(json, file_, "", report_);
    StationsMapping out;
    if (const auto format = reader.string("format");
        format && *format != kImportFormat) {
      wrong("/format", fmt::format("it is not \"{}\"", kImportFormat));
    }
    read_text_form(reader, out);
    if (const base::Json* list = reader.optional_array("fixed_areas")) {
      for (std::size_t i = 0; i < list->items().size(); ++i) {
        base::ObjectReader area(list->items()[i], file_,
                                fmt::format("/fixed_areas/{}", i), report_);
        out.fixed.push_back({area.string("code").value_or(""),
                             area.string("kind").value_or(""),
                             area.optional_string("in").value_or(""),
                             area.string("name").value_or("")});
        area.finish();
      }
    }
    if (const base::Json* list = reader.array("areas")) {
      for (std::size_t i = 0; i < list->items().size(); ++i) {
        out.levels.push_back(read_level(list->items()[i], fmt::format("/areas/{}", i)));
      }
    }
    if (const base::Json* station = reader.object("station"))
      read_station(*station, out);
    reader.finish();
    check_kinds(out);
    return report_.ok() ? std::optional(std::move(out)) : std::nullopt;
  }

 private:
  void wrong(std::string pointer, std::string what) {
    report_.problem(errors::bad_mapping, {file_, 0, std::move(pointer)},
                    std::move(what),
                    "docs/formats/stations-import.md describes the mapping");
  }

  void read_text_form(base::ObjectReader& reader, StationsMapping& out) {
    if (const auto name = reader.optional_string("encoding")) {
      const auto encoding = base::text_encoding(*name);
      if (encoding) {
        out.encoding = *encoding;
      } else {
        wrong("/encoding", encoding.error().message);
      }
    }
    if (const auto separator = reader.optional_string("separator")) {
      if (separator->size() == 1) {
        out.separator = (*separator)[0];
      } else {
        wrong("/separator", "it must be one character");
      }
    }
  }

  CodeParts read_code(const base::Json* list, const std::string& pointer) {
    CodeParts out;
    if (list == nullptr) return out;
    for (std::size_t i = 0; i < list->items().size(); ++i) {
      base::ObjectReader part(list->items()[i], file_, fmt::format("{}/{}", pointer, i),
                              report_);
      CodePart code;
      code.text = part.optional_string("text").value_or("");
      code.column = part.optional_string("column").value_or("");
      code.width =
          static_cast<std::size_t>(part.optional_integer("width", 1, 16).value_or(0));
      code.from =
          static_cast<std::size_t>(part.optional_integer("from", 1, 64).value_or(0));
      code.count =
          static_cast<std::size_t>(part.optional_integer("count", 1, 16).value_or(0));
      part.finish();
      if (code.text.empty() == code.column.empty()) {
        wrong(fmt::format("{}/{}", pointer, i), "a part is a \"column\" or a \"text\"");
      }
      out.push_back(std::move(code));
    }
    if (out.empty()) wrong(pointer, "a code needs at least one part");
    return out;
  }

  std::vector<std::string> read_names(const base::Json* list,
                                      const std::string& pointer) {
    std::vector<std::string> out;
    if (list == nullptr) return out;
    for (const base::Json& item : list->items()) {
      if (const std::string* name = item.if_string()) {
        out.push_back(*name);
      } else {
        wrong(pointer, "a list of texts is expected");
      }
    }
    return out;
  }

  AreaLevel read_level(const base::Json& json, const std::string& pointer) {
    base::ObjectReader reader(json, file_, pointer, report_);
    AreaLevel out;
    out.kind = reader.string("kind").value_or("");
    out.code = read_code(reader.array("code"), pointer + "/code");
    out.in = read_names(reader.array("in"), pointer + "/in");
    out.name_column = reader.optional_string("name");
    out.name_prefix = reader.optional_string("name_prefix").value_or(out.kind);
    reader.finish();
    return out;
  }

  void read_station(const base::Json& json, StationsMapping& out) {
    base::ObjectReader reader(json, file_, "/station", report_);
    out.station_code = read_code(reader.array("code"), "/station/code");
    out.station_in = reader.string("in").value_or("");
    out.station_also = read_names(reader.optional_array("also_in"), "/station/also_in");
    out.station_name = reader.optional_string("name");
    out.registered = reader.optional_string("registered");
    reader.finish();
  }

  void check_kinds(const StationsMapping& m) {
    std::set<std::string> known;
    for (const FixedArea& area : m.fixed) known.insert(area.code);
    for (const AreaLevel& level : m.levels) known.insert(level.kind);
    const auto need = [&](const std::string& name, const std::string& pointer) {
      if (!known.contains(name)) {
        wrong(pointer,
              fmt::format("'{}' is neither a kind nor a fixed area here", name));
      }
    };
    for (std::size_t i = 0; i < m.levels.size(); ++i) {
      for (const auto& in : m.levels[i].in) need(in, fmt::format("/areas/{}/in", i));
    }
    need(m.station_in, "/station/in");
    for (const auto& kind : m.station_also) need(kind, "/station/also_in");
  }

  std::string file_;
  base::Report& report_;
};

// Names from elsewhere: runs of blanks become one, ends are cut.
std::string cleaned(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (blank && (out.empty() || out.back() == ' ')) continue;
    out += blank ? ' ' : c;
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

class Importer {
 public:
  Importer(const StationsMapping& mapping, const base::CsvTable& table,
           base::Report& report)
      : mapping_(mapping), table_(table), report_(report) {}

  std::optional<ImportedTables> run() {
    if (!find_columns()) return std::nullopt;
    for (std::size_t row = 0; row < table_.rows(); ++row) read_row(row);
    if (stations_.empty() && report_.ok()) {
      report_.problem(errors::no_stations, {table_.file(), 0, {}},
                      "the table has no station");
    }
    if (!report_.ok()) return std::nullopt;
    return ImportedTables{
        areas_text(),
        stations_text(),
        {mapping_.fixed.size() + areas_.size(), stations_.size(), not_stated_}};
  }

 private:
  struct Area {
    std::string kind;
    std::string in;
    std::string name;
    std::size_t line;
  };

  bool find_columns() {
    const auto need = [&](const std::string& name) {
      if (name.empty() || columns_.contains(name)) return;
      if (const auto at = table_.column(name)) {
        columns_[name] = *at;
      } else {
        report_.problem(base::errors::csv_header, {table_.file(), 1, name},
                        fmt::format("the table has no column '{}'", name),
                        "correct the mapping");
      }
    };
    const auto need_code = [&](const CodeParts& code) {
      for (const CodePart& part : code) need(part.column);
    };
    for (const AreaLevel& level : mapping_.levels) {
      need_code(level.code);
      need(level.name_column.value_or(""));
    }
    need_code(mapping_.station_code);
    need(mapping_.station_name.value_or(""));
    need(mapping_.registered.value_or(""));
    return report_.ok();
  }

  std::string_view cell(std::size_t row, const std::string& column) const {
    return table_.cell(row, columns_.at(column));
  }

  // The code that the parts give for a row; reported and empty when it is none.
  std::string code(std::size_t row, const CodeParts& parts) {
    std::string out;
    for (const CodePart& part : parts) {
      std::string piece =
          part.column.empty() ? part.text : std::string(cell(row, part.column));
      if (piece.size() < part.width) piece.insert(0, part.width - piece.size(), '0');
      if (part.from > 0) {
        const std::size_t length = part.count == 0 ? std::string::npos : part.count;
        piece = part.from <= piece.size() ? piece.substr(part.from - 1, length) : "";
      }
      out += piece;
    }
    if (is_code(out)) return out;
    report_.problem(
        errors::import_code, table_.place(row),
        fmt::format("'{}' cannot be a code", out.substr(0, 40)),
        "codes have 1 to 16 characters A-Z and 0-9: correct the cell, or cut "
        "it in the mapping");
    return {};
  }

  void read_row(std::size_t row) {
    std::map<std::string, std::string> codes;  // by kind
    for (const FixedArea& area : mapping_.fixed) codes[area.code] = area.code;
    for (const AreaLevel& level : mapping_.levels) {
      const std::string own = code(row, level.code);
      if (own.empty()) return;
      codes[level.kind] = own;
      std::string in;
      for (const std::string& around : level.in) {
        in += (in.empty() ? "" : ";") + codes[around];
      }
      add_area(row, own, level, in);
    }
    add_station(row, codes);
  }

  void add_area(std::size_t row, const std::string& own, const AreaLevel& level,
                const std::string& in) {
    const std::string name = level.name_column ? cleaned(cell(row, *level.name_column))
                                               : level.name_prefix + " " + own;
    const auto [at, fresh] =
        areas_.emplace(own, Area{level.kind, in, name, table_.line(row)});
    if (fresh) {
      area_order_.push_back(own);
      return;
    }
    const Area& before = at->second;
    if (before.in == in && before.kind == level.kind) return;
    report_.problem(
        errors::import_conflict, table_.place(row),
        fmt::format("{} {} lies in {} here, and in {} at line {}", level.kind, own, in,
                    before.in, before.line),
        "correct the table, or let stations lie in that area by \"also_in\"");
  }

  void add_station(std::size_t row, std::map<std::string, std::string>& codes) {
    const std::string own = code(row, mapping_.station_code);
    if (own.empty()) return;
    if (const auto [at, fresh] = lines_.emplace(own, table_.line(row)); !fresh) {
      report_.problem(
          errors::import_conflict, table_.place(row),
          fmt::format("station {} stands at line {} already", own, at->second),
          "remove one of the two rows");
      return;
    }
    std::string also;
    for (const std::string& kind : mapping_.station_also) {
      also += (also.empty() ? "" : ";") + codes[kind];
    }
    std::string name =
        mapping_.station_name ? cleaned(cell(row, *mapping_.station_name)) : "";
    if (name.empty()) name = own;
    std::string registered;
    if (mapping_.registered) {
      registered = cell(row, *mapping_.registered);
      if (!registered.empty()) {
        if (const auto count = base::parse_count(registered, UINT32_MAX); !count) {
          report_.add(count.error(), table_.place(row, *mapping_.registered));
        }
      }
    }
    if (registered.empty()) ++not_stated_;
    stations_.push_back({own, codes[mapping_.station_in], also, name, registered});
  }

  [[nodiscard]] std::string areas_text() const {
    std::string out = base::csv_row({"code", "kind", "in", "name"});
    for (const FixedArea& area : mapping_.fixed) {
      out += base::csv_row({area.code, area.kind, area.in, area.name});
    }
    for (const std::string& own : area_order_) {
      const Area& area = areas_.at(own);
      out += base::csv_row({own, area.kind, area.in, area.name});
    }
    return out;
  }

  [[nodiscard]] std::string stations_text() const {
    std::string out = base::csv_row({"code", "area", "also_in", "name", "registered"});
    for (const auto& row : stations_) out += base::csv_row(row);
    return out;
  }

  const StationsMapping& mapping_;
  const base::CsvTable& table_;
  base::Report& report_;
  std::map<std::string, std::size_t> columns_;
  std::map<std::string, Area> areas_;
  std::vector<std::string> area_order_;  // as first met
  std::map<std::string, std::size_t> lines_;
  std::vector<std::vector<std::string>> stations_;
  std::size_t not_stated_ = 0;
};

}  // namespace

std::optional<ImportedTables> import_tables(std::string_view mapping,
                                            const std::string& mapping_file,
                                            ByteView table,
                                            const std::string& table_file,
                                            base::Report& report) {
  const auto json = base::parse_json(mapping);
  if (!json) {
    report.add(json.error(), {mapping_file, 0, {}});
    return std::nullopt;
  }
  const auto read = MappingReader(mapping_file, report).run(*json);
  if (!read) return std::nullopt;
  auto text = base::decode_text(table, read->encoding);
  if (!text) {
    report.add(text.error(), {table_file, 0, {}});
    return std::nullopt;
  }
  const base::CsvTable parsed = base::parse_csv(*std::move(text), table_file, report,
                                                {.separator = read->separator});
  return Importer(*read, parsed, report).run();
}

Result<ImportSummary> import_stations(base::FileSystem& files, const std::string& table,
                                      const std::string& mapping,
                                      const std::string& folder, base::Report& report) {
  for (const char* name : {"areas.csv", "stations.csv"}) {
    const std::string path = base::join_path(folder, name);
    if (files.kind(path) == base::FileKind::missing) continue;
    return fail(errors::folder_not_empty, fmt::format("'{}' is there already", path),
                "move it away first; nothing was written");
  }
  URNA_TRY(const std::string mapping_text, base::read_text(files, mapping));
  URNA_TRY(const Bytes bytes, base::read_file(files, table));
  const auto tables = import_tables(mapping_text, mapping, bytes, table, report);
  if (!tables) return std::unexpected(report.first_problem());
  URNA_CHECK(base::make_folder_durable(files, folder));
  URNA_CHECK(base::write_durable(files, base::join_path(folder, "areas.csv"),
                                 as_bytes(tables->areas)));
  URNA_CHECK(base::write_durable(files, base::join_path(folder, "stations.csv"),
                                 as_bytes(tables->stations)));
  return tables->summary;
}

}  // namespace urna::election
