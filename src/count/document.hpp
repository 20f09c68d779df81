// What the count reads: one document is what one source says about one station (or one
// segment of it). Adapters make documents from imported tables and from tally sheets;
// the count itself does not care which.
//
// A document that cannot be counted as it stands (unknown station, bad signature) is
// kept with its flaw, so that it is listed and a decision can resolve it.
//
// Thread rule: one thread fills a Documents; then it may be read by many. Public data.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "election/definition.hpp"
#include "election/totals.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace urna::count {

// A sentence about a station, in both languages of the reports.
struct Said {
  std::string english{};
  std::string spanish{};

  [[nodiscard]] bool empty() const { return english.empty(); }
};

enum class Origin : std::uint8_t { imported, sheet };

struct Document {
  Origin origin = Origin::imported;
  std::uint32_t source = 0;  // index into Documents::sources()
  std::uint32_t line = 0;    // of the source, 0 for a whole file
  std::uint32_t segment = 1;
  std::optional<election::StationIndex> station{};
  election::StationFigures figures{};
  std::size_t row_start = 0;  // its numbers, as BallotStyle lays them out
  std::size_t row_size = 0;
  // The hash that names the document in decisions; of the sheet's text or of the row.
  Hash32 digest{};
  bool signature_checked = false;
  std::optional<std::uint32_t> papers{};  // found in the box of the sheet's station
  std::unique_ptr<Error> flaw{};          // why it is counted 0 times by itself
  std::string station_code{};       // as written, where it is not in the definition
  std::vector<Said> differences{};  // numbers of the sheet that do not reconcile
};

class Documents {
 public:
  std::uint32_t add_source(std::string name);
  // Makes room for that many more documents, with so many numbers together.
  void reserve(std::size_t documents, std::size_t numbers);
  // `row` is empty for a document that has no usable numbers.
  void add(Document document, std::span<const std::uint64_t> row);

  [[nodiscard]] const std::vector<Document>& all() const { return documents_; }
  [[nodiscard]] std::span<const std::uint64_t> row(const Document& document) const {
    return std::span(numbers_).subspan(document.row_start, document.row_size);
  }
  [[nodiscard]] const std::vector<std::string>& sources() const { return sources_; }
  // "actas.csv:17", "sheet-0042.png"
  [[nodiscard]] std::string place(const Document& document) const;

 private:
  std::vector<std::string> sources_;
  std::vector<Document> documents_;
  std::vector<std::uint64_t> numbers_;
};

}  // namespace urna::count
