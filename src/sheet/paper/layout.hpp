// Where blocks stand: private to document.cpp and its drawing. Measures blocks at a
// width, flows them into columns and pages. All lengths in millimetres.
#pragma once

#include "sheet/paper/document.hpp"
#include "sheet/paper/qr.hpp"

using cairo_t = struct _cairo;

namespace urna::sheet {

struct PageStyle {
  double width;
  double height;  // of a page; on a roll, the longest piece of paper
  bool roll;      // pages are only as long as what is on them
  double margin;  // left and right
  double margin_top;
  double margin_bottom;
  int columns;
  double gap;          // between columns
  double dots_per_mm;  // of the PNG, and the grid on which QR modules stand

  [[nodiscard]] double inner_width() const { return width - 2 * margin; }
  [[nodiscard]] double column_width() const {
    return (inner_width() - gap * (columns - 1)) / columns;
  }
};

[[nodiscard]] PageStyle page_style(Medium medium);

struct Placed {
  const Block* block;
  double x, y, width;
};

struct Page {
  double height;
  std::vector<Placed> blocks;
};

// Height of a block at a width; draws it when `cr` is drawn on. Error: cannot_print,
// cannot_encode.
[[nodiscard]] Result<double> block_height(cairo_t* cr, const Block& block, double width,
                                          const PageStyle& style);
void draw_block(cairo_t* cr, const Placed& placed, const PageStyle& style);

}  // namespace urna::sheet
