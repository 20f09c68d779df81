#include "sheet/paper/document.hpp"

#include "sheet/errors.hpp"
#include "sheet/paper/layout.hpp"

#include <deque>
#include <memory>

#include <cairo-pdf.h>
#include <cairo.h>
#include <fmt/format.h>

namespace urna::sheet {
namespace {

constexpr double kPointsPerMm = 72.0 / 25.4;

struct FreeSurface {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
struct FreeContext {
  void operator()(cairo_t* cr) const { cairo_destroy(cr); }
};
using Surface = std::unique_ptr<cairo_surface_t, FreeSurface>;
using Context = std::unique_ptr<cairo_t, FreeContext>;

std::unexpected<Error> cairo_failed(cairo_status_t status) {
  return fail(errors::cannot_print, fmt::format("the page cannot be drawn: {}",
                                                cairo_status_to_string(status)));
}

cairo_status_t collect(void* closure, const unsigned char* data, unsigned int size) {
  append(*static_cast<Bytes*>(closure), ByteView(data, size));
  return CAIRO_STATUS_SUCCESS;
}

bool is_heading(const Block& block) {
  return std::holds_alternative<HeadingBlock>(block);
}

bool ends_part(const Block& block) {
  return is_heading(block) || std::holds_alternative<ColumnBreak>(block);
}

// Fills columns and pages from the top.
class Placer {
 public:
  Placer(const Document& document, const PageStyle& style, cairo_t* cr)
      : document_(document), style_(style), cr_(cr) {}

  Result<std::vector<Page>> run(std::deque<Block>& repeated) {
    URNA_CHECK(head());
    const std::vector<Block>& body = document_.body;
    const HeadingBlock* part = nullptr;
    for (std::size_t i = 0; i < body.size(); ++i) {
      if (std::holds_alternative<ColumnBreak>(body[i])) {
        if (!style_.roll && y_ > column_top_) next_column();
        continue;
      }
      URNA_TRY(const double needed, height_with_company(i));
      if (y_ + needed > bottom() && y_ > column_top_) {
        next_column();
        // A part that is cut says its name again.
        if (part != nullptr && !part->again.empty() && !is_heading(body[i])) {
          repeated.emplace_back(HeadingBlock{part->again, {}, {}, false});
          URNA_CHECK(put(repeated.back()));
        }
      }
      if (const auto* heading = std::get_if<HeadingBlock>(&body[i])) part = heading;
      URNA_CHECK(put(body[i]));
    }
    finish_page();
    return std::move(pages_);
  }

 private:
  [[nodiscard]] double bottom() const { return style_.height - style_.margin_bottom; }

  Result<void> head() {
    start_page(style_.margin_top);
    for (const Block& block : document_.head) {
      URNA_TRY(const double height,
               block_height(cr_, block, style_.inner_width(), style_));
      page_.blocks.push_back({&block, style_.margin, y_, style_.inner_width()});
      y_ += height;
    }
    column_top_ = y_;
    lowest_ = y_;
    return {};
  }

  // The height that must be free below: of the block itself; after a heading of two
  // more blocks, so that it never stands alone, or of its whole part where that is
  // asked for and a column has room.
  Result<double> height_with_company(std::size_t i) const {
    const auto* heading = std::get_if<HeadingBlock>(&document_.body[i]);
    double needed = 0, least = 0;
    for (std::size_t j = i; j < document_.body.size(); ++j) {
      const Block& block = document_.body[j];
      if (j > i && (ends_part(block) || heading == nullptr)) break;
      URNA_TRY(const double height,
               block_height(cr_, block, style_.column_width(), style_));
      needed += height;
      if (j <= i + 2) least = needed;
    }
    const bool fits = needed <= bottom() - style_.margin_top;
    return heading != nullptr && heading->together && fits ? needed : least;
  }

  Result<void> put(const Block& block) {
    const double width = style_.column_width();
    URNA_TRY(const double height, block_height(cr_, block, width, style_));
    const double x = style_.margin + column_ * (width + style_.gap);
    page_.blocks.push_back({&block, x, y_, width});
    y_ += height;
    lowest_ = std::max(lowest_, y_);
    return {};
  }

  void next_column() {
    if (column_ + 1 < style_.columns) {
      ++column_;
      y_ = column_top_;
      return;
    }
    finish_page();
    start_page(style_.margin_top);
    column_top_ = y_;
  }

  void start_page(double top) {
    page_ = Page{};
    column_ = 0;
    y_ = top;
    lowest_ = top;
  }

  void finish_page() {
    page_.height = style_.roll ? lowest_ + style_.margin_bottom : style_.height;
    pages_.push_back(std::move(page_));
  }

  const Document& document_;
  const PageStyle& style_;
  cairo_t* cr_;
  std::vector<Page> pages_;
  Page page_{};
  int column_ = 0;
  double y_ = 0;
  double column_top_ = 0;
  double lowest_ = 0;
};

// A surface to measure on, with the scale of a PNG, so that PDF and PNG break alike.
Context measuring_context(const PageStyle& style) {
  const Surface surface(cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1));
  Context cr(cairo_create(surface.get()));
  cairo_scale(cr.get(), style.dots_per_mm, style.dots_per_mm);
  return cr;
}

void draw_page(cairo_t* cr, const Page& page, const PageStyle& style,
               const Document& document, std::size_t number, std::size_t of) {
  for (const Placed& placed : page.blocks) draw_block(cr, placed, style);
  if (style.roll) return;
  const Block foot =
      TextBlock{.text = fmt::format("{}   ·   {} {}/{}", document.running_title,
                                    document.page_word, number, of),
                .size = 2.6,
                .bold = false,
                .centred = true,
                .mono = false};
  draw_block(cr,
             {&foot, style.margin, style.height - style.margin_bottom + 4,
              style.inner_width()},
             style);
}

}  // namespace

PageStyle page_style(Medium medium) {
  if (medium == Medium::roll80) {
    // 72 mm of 80 are printable; thermal heads have 8 dots a millimetre.
    return {.width = 80,
            .height = 2000,
            .roll = true,
            .margin = 4,
            .margin_top = 4,
            .margin_bottom = 8,
            .columns = 1,
            .gap = 0,
            .dots_per_mm = 8};
  }
  return {.width = 210,
          .height = 297,
          .roll = false,
          .margin = 15,
          .margin_top = 13,
          .margin_bottom = 16,
          .columns = 2,
          .gap = 10,
          .dots_per_mm = 300 / 25.4};
}

Result<double> roll_length(const Document& document) {
  const PageStyle style = page_style(Medium::roll80);
  const Context measure = measuring_context(style);
  std::deque<Block> repeated;
  URNA_TRY(const auto pages, Placer(document, style, measure.get()).run(repeated));
  double length = 0;
  for (const Page& page : pages) length += page.height;
  return length;
}

Result<Bytes> to_pdf(const Document& document, Medium medium) {
  const PageStyle style = page_style(medium);
  const Context measure = measuring_context(style);
  std::deque<Block> repeated;
  URNA_TRY(const auto pages, Placer(document, style, measure.get()).run(repeated));
  Bytes out;
  const Surface surface(cairo_pdf_surface_create_for_stream(
      collect, &out, style.width * kPointsPerMm, style.height * kPointsPerMm));
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE,
                                 document.running_title.c_str());
  const Context cr(cairo_create(surface.get()));
  for (std::size_t i = 0; i < pages.size(); ++i) {
    cairo_pdf_surface_set_size(surface.get(), style.width * kPointsPerMm,
                               pages[i].height * kPointsPerMm);
    cairo_save(cr.get());
    cairo_scale(cr.get(), kPointsPerMm, kPointsPerMm);
    draw_page(cr.get(), pages[i], style, document, i + 1, pages.size());
    cairo_restore(cr.get());
    cairo_show_page(cr.get());
  }
  cairo_surface_finish(surface.get());
  if (const auto status = cairo_surface_status(surface.get());
      status != CAIRO_STATUS_SUCCESS) {
    return cairo_failed(status);
  }
  return out;
}

namespace {

// Draws each page on a surface of its own and hands it over.
template <class Take>
Result<void> draw_pages(const Document& document, Medium medium, Take take) {
  const PageStyle style = page_style(medium);
  const Context measure = measuring_context(style);
  std::deque<Block> repeated;
  URNA_TRY(const auto pages, Placer(document, style, measure.get()).run(repeated));
  for (std::size_t i = 0; i < pages.size(); ++i) {
    const Surface surface(cairo_image_surface_create(
        CAIRO_FORMAT_RGB24, static_cast<int>(style.width * style.dots_per_mm + 0.5),
        static_cast<int>(pages[i].height * style.dots_per_mm + 0.5)));
    const Context cr(cairo_create(surface.get()));
    cairo_set_source_rgb(cr.get(), 1, 1, 1);
    cairo_paint(cr.get());
    cairo_scale(cr.get(), style.dots_per_mm, style.dots_per_mm);
    draw_page(cr.get(), pages[i], style, document, i + 1, pages.size());
    cairo_surface_flush(surface.get());
    if (const auto status = cairo_status(cr.get()); status != CAIRO_STATUS_SUCCESS) {
      return cairo_failed(status);
    }
    URNA_CHECK(take(surface.get()));
  }
  return {};
}

// Only black on white is drawn: one channel says all.
GrayImage gray_of(cairo_surface_t* surface) {
  GrayImage out;
  out.width = cairo_image_surface_get_width(surface);
  out.height = cairo_image_surface_get_height(surface);
  const unsigned char* data = cairo_image_surface_get_data(surface);
  const std::ptrdiff_t stride = cairo_image_surface_get_stride(surface);
  out.pixels.reserve(static_cast<std::size_t>(out.width) *
                     static_cast<std::size_t>(out.height));
  for (std::ptrdiff_t y = 0; y < out.height; ++y) {
    for (std::ptrdiff_t x = 0; x < out.width; ++x) {
      out.pixels.push_back(data[y * stride + 4 * x + 1]);
    }
  }
  return out;
}

}  // namespace

Result<std::vector<Bytes>> to_png(const Document& document, Medium medium) {
  std::vector<Bytes> out;
  URNA_CHECK(
      draw_pages(document, medium, [&](cairo_surface_t* surface) -> Result<void> {
        Bytes png;
        const auto status = cairo_surface_write_to_png_stream(surface, collect, &png);
        if (status != CAIRO_STATUS_SUCCESS) return cairo_failed(status);
        out.push_back(std::move(png));
        return {};
      }));
  return out;
}

Result<std::vector<GrayImage>> to_images(const Document& document, Medium medium) {
  std::vector<GrayImage> out;
  URNA_CHECK(
      draw_pages(document, medium, [&](cairo_surface_t* surface) -> Result<void> {
        out.push_back(gray_of(surface));
        return {};
      }));
  return out;
}

}  // namespace urna::sheet
