// A printed document as a list of blocks, and the two papers it can be printed on.
// The same blocks flow down one column of an 80 mm roll or through the columns of A4
// pages; nothing is lost or cut off on either. Tally sheets, officials' slips and
// every other slip of the system are made of these blocks.
//
// Drawn with cairo and pango, to PDF (vectors) or PNG (one picture a page, 203 dots an
// inch on the roll as thermal heads have, 300 on A4). Black only: thermal heads know
// no grey.
//
// Thread rule: a Document belongs to one thread; rendering is a pure function.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "sheet/paper/image.hpp"

#include <string>
#include <variant>
#include <vector>

namespace urna::sheet {

// Text of its own, wrapped. Sizes are heights of the font in millimetres.
struct TextBlock {
  std::string text;
  double size = 3.0;
  bool bold = false;
  bool centred = false;
  bool mono = false;
};

// White on black across the column: what nobody may overlook.
struct BannerBlock {
  std::string text;
};

// The name of a part, with a line under it. It stays with what follows; when the part
// goes on in another column, `again` is printed on top of it. `together`: the part is
// not cut at all when a whole column has room for it.
struct HeadingBlock {
  std::string text;
  std::string detail;  // small, below
  std::string again;   // empty: nothing is repeated
  bool together = false;
};

// A name, dots, and a value at the right. Long names wrap.
struct RowBlock {
  std::string name;
  std::string value;
  bool bold = false;
  bool indented = false;
  bool line_above = false;
};

struct RuleBlock {};

struct GapBlock {
  double height = 2.0;
};

// A QR code with a caption, modules as large as fit, at most 0.75 mm.
struct QrBlock {
  std::string text;
  std::string caption;
};

// A line to sign on, with what stands under it.
struct SignatureBlock {
  std::string under;
};

// From here on a new column (A4); nothing on the roll.
struct ColumnBreak {};

using Block = std::variant<TextBlock, BannerBlock, HeadingBlock, RowBlock, RuleBlock,
                           GapBlock, QrBlock, SignatureBlock, ColumnBreak>;

struct Document {
  std::vector<Block> head;         // across the first page, above the columns
  std::vector<Block> body;         // through the columns
  std::string running_title;       // at the foot of every A4 page
  std::string page_word = "page";  // "page 1 of 3"
};

enum class Medium : std::uint8_t { roll80, a4 };

// Modules smaller than this are refused: telephones and worn thermal heads.
inline constexpr double kMinModuleMm = 0.5;
inline constexpr double kMaxModuleMm = 0.75;

// How much of the roll a document takes, in millimetres, not rounded to dots. Errors:
// as for printing it.
[[nodiscard]] Result<double> roll_length(const Document& document);

// Errors: cannot_print; cannot_encode for a QR text that does not fit.
[[nodiscard]] Result<Bytes> to_pdf(const Document& document, Medium medium);
[[nodiscard]] Result<std::vector<Bytes>> to_png(const Document& document,
                                                Medium medium);
// The same pages as pixels, for printers that take rasters.
[[nodiscard]] Result<std::vector<GrayImage>> to_images(const Document& document,
                                                       Medium medium);

}  // namespace urna::sheet
