#include "sheet/errors.hpp"
#include "sheet/paper/layout.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string_view>

#include <cairo.h>
#include <fmt/format.h>
#include <pango/pangocairo.h>

namespace urna::sheet {
namespace {

constexpr double kRowSize = 3.0;
constexpr double kIndent = 3.0;
constexpr double kLineWidth = 0.25;

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
using LayoutPointer = std::unique_ptr<PangoLayout, Unref>;

struct Style {
  double size = kRowSize;
  bool bold = false;
  bool mono = false;
  bool centred = false;
};

// Text set at a width in millimetres (0: on one line).
LayoutPointer make_layout(cairo_t* cr, std::string_view text, const Style& style,
                          double width) {
  LayoutPointer layout(pango_cairo_create_layout(cr));
  // One unit is a millimetre: rounding glyphs to whole units would pile them up.
  PangoContext* context = pango_layout_get_context(layout.get());
  pango_context_set_round_glyph_positions(context, FALSE);
  PangoFontDescription* font = pango_font_description_new();
  pango_font_description_set_family(font,
                                    style.mono ? "DejaVu Sans Mono" : "DejaVu Sans");
  pango_font_description_set_weight(
      font, style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_font_description_set_absolute_size(font, style.size * PANGO_SCALE);
  pango_layout_set_font_description(layout.get(), font);
  pango_font_description_free(font);
  pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
  if (width > 0) {
    pango_layout_set_width(layout.get(), static_cast<int>(width * PANGO_SCALE));
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
  }
  if (style.centred) pango_layout_set_alignment(layout.get(), PANGO_ALIGN_CENTER);
  return layout;
}

struct Extent {
  double width, height;
};

Extent extent(PangoLayout* layout) {
  PangoRectangle logical;
  pango_layout_get_extents(layout, nullptr, &logical);
  return {static_cast<double>(logical.width) / PANGO_SCALE,
          static_cast<double>(logical.height) / PANGO_SCALE};
}

void show(cairo_t* cr, PangoLayout* layout, double x, double y) {
  cairo_move_to(cr, x, y);
  pango_cairo_show_layout(cr, layout);
}

void line(cairo_t* cr, double x1, double y1, double x2, double y2, double width) {
  cairo_set_line_width(cr, width);
  cairo_move_to(cr, x1, y1);
  cairo_line_to(cr, x2, y2);
  cairo_stroke(cr);
}

bool is_number(const std::string& text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// Each block knows its height at a width and how to draw itself at a place; `draw`
// false only measures. One function for both, so that they cannot disagree.
struct Painter {
  cairo_t* cr;
  const PageStyle& style;
  double x, y, width;
  bool draw;

  Result<double> operator()(const TextBlock& b) const {
    const auto layout = make_layout(
        cr, b.text,
        {.size = b.size, .bold = b.bold, .mono = b.mono, .centred = b.centred}, width);
    if (draw) show(cr, layout.get(), x, y);
    return extent(layout.get()).height + 0.6;
  }

  Result<double> operator()(const BannerBlock& b) const {
    const auto layout = make_layout(
        cr, b.text, {.size = 3.4, .bold = true, .mono = false, .centred = true},
        width - 4);
    const double height = extent(layout.get()).height + 2.4;
    if (draw) {
      cairo_rectangle(cr, x, y + 0.8, width, height);
      cairo_fill(cr);
      cairo_set_source_rgb(cr, 1, 1, 1);
      show(cr, layout.get(), x + 2, y + 2.0);
      cairo_set_source_rgb(cr, 0, 0, 0);
    }
    return height + 1.8;
  }

  Result<double> operator()(const HeadingBlock& b) const {
    constexpr double kAbove = 3.2;
    const auto title = make_layout(
        cr, b.text, {.size = 3.6, .bold = true, .mono = false, .centred = false},
        width);
    double height = kAbove + extent(title.get()).height + 0.6;
    if (draw) {
      show(cr, title.get(), x, y + kAbove);
      line(cr, x, y + height, x + width, y + height, 0.5);
    }
    height += 0.9;
    if (!b.detail.empty()) {
      const auto detail = make_layout(cr, b.detail, {.size = 2.6}, width);
      if (draw) show(cr, detail.get(), x, y + height);
      height += extent(detail.get()).height + 0.5;
    }
    return height;
  }

  Result<double> operator()(const RowBlock& b) const {
    const double indent = b.indented ? kIndent : 0;
    const auto value = make_layout(
        cr, b.value, {.size = b.bold ? 3.3 : 3.1, .bold = b.bold || is_number(b.value)},
        0);
    const Extent value_size = extent(value.get());
    // A long value (an address, a name) gets half of the line at most and wraps.
    const double value_width = std::min(value_size.width, width * 0.70);
    if (value_size.width > value_width) {
      pango_layout_set_width(value.get(), static_cast<int>(value_width * PANGO_SCALE));
      pango_layout_set_wrap(value.get(), PANGO_WRAP_WORD_CHAR);
      pango_layout_set_alignment(value.get(), PANGO_ALIGN_RIGHT);
    }
    const double name_width = width - indent - value_width - 3;
    const auto name = make_layout(
        cr, b.name, {.size = b.indented ? 2.7 : kRowSize, .bold = b.bold}, name_width);
    const double above = b.line_above ? 0.9 : 0;
    const double name_height = extent(name.get()).height;
    const double value_height = extent(value.get()).height;
    const double height = std::max(name_height, value_height);
    if (draw) draw_row(*name, *value, indent, value_width, above, height);
    return height + above + 0.55;
  }

  void draw_row(PangoLayout& name, PangoLayout& value, double indent,
                double value_width, double above, double height) const {
    if (above > 0) line(cr, x, y + 0.5, x + width, y + 0.5, kLineWidth);
    const double top = y + above;
    show(cr, &name, x + indent, top + height - extent(&name).height);
    const double value_left = x + width - value_width;
    show(cr, &value, value_left, top + height - extent(&value).height);
    // Dots from the end of the name's last line to the value.
    PangoLayoutLine* last =
        pango_layout_get_line_readonly(&name, pango_layout_get_line_count(&name) - 1);
    PangoRectangle logical;
    pango_layout_line_get_extents(last, nullptr, &logical);
    const double from =
        x + indent + static_cast<double>(logical.width) / PANGO_SCALE + 1.2;
    const double dots_y = top + height - 0.85;
    if (from + 2 < value_left - 1.2) {
      cairo_save(cr);
      // Dots stand on a common grid, so that rows line up.
      constexpr double kStep = 1.2;
      cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
      const double pattern[2] = {0, kStep};
      cairo_set_dash(cr, pattern, 2, 0);
      const double start = x + std::ceil((from - x) / kStep) * kStep;
      line(cr, start, dots_y, value_left - 1.2, dots_y, 0.35);
      cairo_restore(cr);
    }
  }

  Result<double> operator()(const RuleBlock&) const {
    if (draw) line(cr, x, y + 1.2, x + width, y + 1.2, kLineWidth);
    return 2.4;
  }

  Result<double> operator()(const GapBlock& b) const { return b.height; }

  Result<double> operator()(const QrBlock& b) const {
    URNA_TRY(const QrMatrix code, encode_qr(b.text));
    const int modules = code.size + 2 * kQuietModules;
    // Whole dots, so that a thermal head prints every module alike.
    const double fit = std::min(kMaxModuleMm, width / modules);
    const double module =
        std::floor(fit * style.dots_per_mm + 1e-9) / style.dots_per_mm;
    if (module + 1e-9 < kMinModuleMm) {
      return fail(errors::cannot_print,
                  fmt::format("a code of {} modules would have modules of {:.2f} mm on "
                              "this paper; {} is the least that can be read",
                              code.size, module, kMinModuleMm),
                  "use shorter codes");
    }
    const double side = module * modules;
    const auto caption =
        make_layout(cr, b.caption,
                    {.size = 2.8, .bold = true, .mono = false, .centred = true}, width);
    if (draw) {
      show(cr, caption.get(), x, y + 0.8);
      const double dot = 1 / style.dots_per_mm;
      const auto snap = [&](double at) { return std::round(at / dot) * dot; };
      const double left = snap(x + (width - side) / 2 + kQuietModules * module);
      const double top =
          snap(y + 0.8 + extent(caption.get()).height + kQuietModules * module * 0.5);
      draw_modules(code, left, top, module);
    }
    return 0.8 + extent(caption.get()).height + side;
  }

  void draw_modules(const QrMatrix& code, double left, double top,
                    double module) const {
    cairo_save(cr);
    cairo_set_antialias(cr, CAIRO_ANTIALIAS_NONE);
    for (int row = 0; row < code.size; ++row) {
      for (int from = 0; from < code.size; ++from) {
        if (!code.at(from, row)) continue;
        int to = from;
        while (to < code.size && code.at(to, row)) ++to;
        cairo_rectangle(cr, left + from * module, top + row * module,
                        (to - from) * module, module);
        from = to;
      }
    }
    cairo_fill(cr);
    cairo_restore(cr);
  }

  Result<double> operator()(const SignatureBlock& b) const {
    constexpr double kRoom = 11.0;
    const auto under = make_layout(cr, b.under, {.size = 2.7}, width);
    if (draw) {
      line(cr, x, y + kRoom, x + width, y + kRoom, kLineWidth);
      show(cr, under.get(), x, y + kRoom + 0.6);
    }
    return kRoom + 0.6 + extent(under.get()).height + 1.2;
  }

  Result<double> operator()(const ColumnBreak&) const { return 0.0; }
};

}  // namespace

Result<double> block_height(cairo_t* cr, const Block& block, double width,
                            const PageStyle& style) {
  return std::visit(Painter{cr, style, 0, 0, width, false}, block);
}

void draw_block(cairo_t* cr, const Placed& placed, const PageStyle& style) {
  cairo_set_source_rgb(cr, 0, 0, 0);
  // It was measured before, so drawing cannot fail.
  (void)std::visit(Painter{cr, style, placed.x, placed.y, placed.width, true},
                   *placed.block);
}

}  // namespace urna::sheet
