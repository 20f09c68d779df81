#include "base/binary.hpp"
#include "finger/io/wsq.hpp"
#include "finger/io/wsq_codes.hpp"
#include "finger/io/wsq_tree.hpp"
#include "finger/io_errors.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace urna::finger::io {
namespace {

using namespace wsq;

constexpr double kBinCentre = 0.44;
constexpr double kZeroBinRatio = 1.2;
constexpr double kLeastVariance = 1.01;
constexpr std::size_t kSentBands = 60;  // the highest four are never sent

// A number as the stream carries it: five digits and a decimal scale, so that
// encoder and decoder use exactly the same value.
struct Decimal {
  std::uint8_t scale = 0;
  std::uint32_t digits = 0;

  [[nodiscard]] double value() const {
    double out = digits;
    for (int i = 0; i < scale; ++i) out /= 10.0;
    return out;
  }
};

Decimal to_decimal(double value, double most) {
  Decimal out;
  if (!(value > 0)) return out;
  while (value * 10.0 < most && out.scale < 20) {
    value *= 10.0;
    ++out.scale;
  }
  out.digits = static_cast<std::uint32_t>(std::min(std::floor(value + 0.5), most));
  return out;
}

void put16(base::Writer& out, const Decimal& number) {
  out.u8(number.scale);
  out.u16_be(static_cast<std::uint16_t>(number.digits));
}

struct Quantiser {
  std::array<Decimal, kSubbands> bin{};
  std::array<Decimal, kSubbands> zero_bin{};
};

// Variance over the middle of a subband (specification C.2: the border of a print
// is mostly background).
double variance(const Plane& plane, const Rect& band) {
  Rect middle{.x = band.x + band.width / 8,
              .y = band.y + 9 * band.height / 32,
              .width = 3 * band.width / 4,
              .height = 7 * band.height / 16};
  if (middle.area() < 16) middle = band;  // too few for a middle
  if (middle.area() < 2) return 0;
  double sum = 0;
  double squares = 0;
  for (std::uint32_t y = 0; y < middle.height; ++y) {
    const double* row =
        plane.values.data() + std::size_t{middle.y + y} * plane.width + middle.x;
    for (std::uint32_t x = 0; x < middle.width; ++x) {
      sum += row[x];
      squares += row[x] * row[x];
    }
  }
  const double n = middle.area();
  return (squares - sum * sum / n) / (n - 1);
}

// Specification table C.1: how much coarser the highest subbands may be.
double weight(std::size_t band) {
  constexpr std::array<double, 8> kHigh{1.32, 1.08, 1.42, 1.08, 1.32, 1.42, 1.08, 1.08};
  return band < 52 ? 1.0 : kHigh[band - 52];
}

double relative_size(std::size_t band) {
  return band < 4 ? 1.0 / 1024 : band < 51 ? 1.0 / 256 : 1.0 / 16;
}

// Bin widths for a bit rate (specification C.3): relative widths from the variance,
// then one common factor, found again each time a subband drops out because all of
// it would fall into the zero bin.
Quantiser choose_bins(const Plane& plane, const Tree& tree, double bit_rate) {
  std::array<double, kSubbands> relative{};
  std::array<double, kSubbands> sigma{};
  std::vector<std::size_t> active;
  for (std::size_t k = 0; k < kSentBands; ++k) {
    const double v = variance(plane, tree.bands[k]);
    if (v < kLeastVariance) continue;
    sigma[k] = std::sqrt(v);
    relative[k] = k < 4 ? 1.0 : 10.0 / (weight(k) * std::log(v));
    active.push_back(k);
  }
  const std::vector<std::size_t> sent = active;
  double q = 1;
  while (!active.empty()) {
    double size = 0;
    double log_product = 0;
    for (const std::size_t k : active) {
      size += relative_size(k);
      log_product += relative_size(k) * std::log(sigma[k] / relative[k]);
    }
    q = std::exp2(bit_rate / size - 1.0) / 2.5 / std::exp(log_product / size);
    const std::size_t before = active.size();
    std::erase_if(active,
                  [&](std::size_t k) { return relative[k] / q >= 5.0 * sigma[k]; });
    if (active.size() == before) break;
  }
  Quantiser out;
  for (const std::size_t k : sent) {
    out.bin[k] = to_decimal(relative[k] / q, 65535);
    out.zero_bin[k] = to_decimal(kZeroBinRatio * relative[k] / q, 65535);
  }
  return out;
}

std::int32_t quantise(double value, double bin, double zero_bin) {
  double index = 0;
  if (value > zero_bin / 2) index = std::floor((value - zero_bin / 2) / bin) + 1;
  if (value < -zero_bin / 2) index = std::ceil((value + zero_bin / 2) / bin) - 1;
  return static_cast<std::int32_t>(std::clamp(index, -65535.0, 65535.0));
}

std::vector<std::int32_t> quantise_block(const Plane& plane, const Tree& tree,
                                         const Quantiser& q, std::size_t block) {
  std::vector<std::int32_t> out;
  for (std::size_t k = kBlockStart[block]; k < kBlockStart[block + 1]; ++k) {
    const double bin = q.bin[k].value();
    const double zero_bin = q.zero_bin[k].value();
    if (!(bin > 0)) continue;
    const Rect& band = tree.bands[k];
    for (std::uint32_t y = 0; y < band.height; ++y) {
      const double* row =
          plane.values.data() + std::size_t{band.y + y} * plane.width + band.x;
      for (std::uint32_t x = 0; x < band.width; ++x) {
        out.push_back(quantise(row[x], bin, zero_bin));
      }
    }
  }
  return out;
}

// Shift and scale that bring the picture to mean 0 within +-128.
struct Levels {
  Decimal shift;
  Decimal scale;
};

Levels measure_levels(const Picture& picture) {
  std::uint64_t sum = 0;
  for (const std::uint8_t pixel : picture.pixels) sum += pixel;
  const double mean =
      static_cast<double>(sum) / static_cast<double>(picture.pixels.size());
  const auto [least, most] = std::ranges::minmax(picture.pixels);
  const double reach = std::max(most - mean, mean - least) / 128.0;
  return {to_decimal(mean, 65535), to_decimal(reach > 0 ? reach : 1.0, 65535)};
}

void put_comment(base::Writer& out, const Picture& picture, double bit_rate) {
  std::string text =
      fmt::format("NIST_COM {}\nPIX_WIDTH {}\nPIX_HEIGHT {}\nPIX_DEPTH 8\n",
                  picture.dpi_x ? 8 : 7, picture.width, picture.height);
  if (picture.dpi_x) text += fmt::format("PPI {}\n", std::lround(*picture.dpi_x));
  text += fmt::format("LOSSY 1\nCOLORSPACE GRAY\nCOMPRESSION WSQ\nWSQ_BITRATE {:.6f}",
                      bit_rate);
  out.u16_be(kComment);
  out.u16_be(static_cast<std::uint16_t>(2 + text.size()));
  out.fixed(as_bytes(text));
}

void put_filter(base::Writer& out, const std::vector<double>& taps) {
  for (const double tap : taps) {
    const Decimal number = to_decimal(std::abs(tap), 4294967295.0);
    out.u8(tap < 0 ? 1 : 0);
    out.u8(number.scale);
    out.u32_be(number.digits);
  }
}

void put_tables(base::Writer& out, const Picture& picture, const Levels& levels,
                const Quantiser& q) {
  const Filters& filters = standard_filters();
  out.u16_be(kTransformTable);
  out.u16_be(58);
  out.u8(9);
  out.u8(7);
  put_filter(out, filters.low);
  put_filter(out, filters.high);
  out.u16_be(kQuantisationTable);
  out.u16_be(389);
  put16(out, to_decimal(kBinCentre, 65535));
  for (std::size_t k = 0; k < kSubbands; ++k) {
    put16(out, q.bin[k]);
    put16(out, q.zero_bin[k]);
  }
  out.u16_be(kStartOfFrame);
  out.u16_be(17);
  out.u8(0);
  out.u8(255);
  out.u16_be(static_cast<std::uint16_t>(picture.height));
  out.u16_be(static_cast<std::uint16_t>(picture.width));
  put16(out, levels.shift);
  put16(out, levels.scale);
  out.u8(2);  // the encoder of specification version 3.1
  out.u16_be(0);
}

HuffmanSpec put_huffman(base::Writer& out, std::uint8_t id,
                        const std::vector<std::vector<Symbol>>& parts) {
  std::array<std::uint64_t, 256> counts{};
  for (const auto& part : parts) {
    for (const Symbol& symbol : part) ++counts[symbol.code];
  }
  if (std::ranges::count(counts, 0U) == 256) counts[1] = 1;  // an empty block
  HuffmanSpec spec = make_table(counts);
  out.u16_be(kHuffmanTable);
  out.u16_be(static_cast<std::uint16_t>(2 + 17 + spec.symbols.size()));
  out.u8(id);
  out.fixed(spec.counts);
  out.fixed(spec.symbols);
  return spec;
}

void put_block(base::Writer& out, std::uint8_t table,
               const std::vector<Symbol>& symbols, const HuffmanSpec& spec) {
  out.u16_be(kStartOfBlock);
  out.u16_be(3);
  out.u8(table);
  out.fixed(encode_symbols(symbols, spec));
}

}  // namespace

Result<Bytes> write_wsq(const Picture& picture, double bit_rate) {
  URNA_CHECK(check_size(picture.width, picture.height));
  if (picture.width < 32 || picture.height < 32) {
    return fail(errors::input_too_small,
                fmt::format("WSQ needs 32 pixels a side, this is {} x {}",
                            picture.width, picture.height));
  }
  const Levels levels = measure_levels(picture);
  Plane plane{picture.width, picture.height, {}};
  plane.values.reserve(picture.pixels.size());
  for (const std::uint8_t pixel : picture.pixels) {
    plane.values.push_back((pixel - levels.shift.value()) / levels.scale.value());
  }
  const Tree tree = make_tree(picture.width, picture.height);
  analyse(plane, tree, standard_filters());
  const Quantiser q = choose_bins(plane, tree, bit_rate);

  base::Writer out;
  out.u16_be(kStartOfImage);
  put_comment(out, picture, bit_rate);
  put_tables(out, picture, levels, q);
  std::vector<std::vector<Symbol>> blocks;
  for (std::size_t i = 0; i < 3; ++i) {
    blocks.push_back(to_symbols(quantise_block(plane, tree, q, i)));
  }
  const HuffmanSpec low = put_huffman(out, 0, {blocks[0]});
  put_block(out, 0, blocks[0], low);
  const HuffmanSpec high = put_huffman(out, 1, {blocks[1], blocks[2]});
  put_block(out, 1, blocks[1], high);
  put_block(out, 1, blocks[2], high);
  out.u16_be(kEndOfImage);
  return std::move(out).take();
}

}  // namespace urna::finger::io
