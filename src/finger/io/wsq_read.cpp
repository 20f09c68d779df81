#include "base/binary.hpp"
#include "finger/io/wsq.hpp"
#include "finger/io/wsq_codes.hpp"
#include "finger/io/wsq_tree.hpp"
#include "finger/io_errors.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>

namespace urna::finger::io {
namespace {

using namespace wsq;

std::unexpected<Error> bad(std::string what) {
  return fail(errors::bad_wsq, std::move(what));
}

struct Quantisation {
  double centre = 0.44;  // where in its bin a coefficient is put back
  std::array<double, kSubbands> bin{};
  std::array<double, kSubbands> zero_bin{};
};

struct Frame {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  double shift = 0;
  double scale = 0;
};

// Everything the tables of a stream say, as they come.
struct Stream {
  std::optional<Frame> frame;
  std::optional<Filters> filters;
  std::optional<Quantisation> quantisation;
  std::array<HuffmanDecoder, 8> huffman{};
  std::vector<std::int32_t> values;
  std::optional<double> dpi;
};

// A number sent as a whole number and how often to divide it by ten.
Result<double> decimal16(base::Reader& in) {
  URNA_TRY(const std::uint8_t scale, in.u8());
  URNA_TRY(const std::uint16_t digits, in.u16_be());
  double value = digits;
  if (scale > 40) return bad("a number scaled beyond reason");
  for (int i = 0; i < scale; ++i) value /= 10.0;
  return value;
}

Result<std::vector<double>> read_filter(base::Reader& in, std::size_t taps) {
  std::vector<double> out;
  for (std::size_t i = 0; i < (taps + 1) / 2; ++i) {
    URNA_TRY(const std::uint8_t sign, in.u8());
    URNA_TRY(const std::uint8_t scale, in.u8());
    URNA_TRY(const std::uint32_t digits, in.u32_be());
    if (scale > 40) return bad("a filter tap scaled beyond reason");
    double value = digits;
    for (int k = 0; k < scale; ++k) value /= 10.0;
    out.push_back(sign != 0 ? -value : value);
  }
  return out;
}

Result<void> read_filters(ByteView part, Stream& stream) {
  base::Reader in(part);
  URNA_TRY(const std::uint8_t low, in.u8());
  URNA_TRY(const std::uint8_t high, in.u8());
  if (low % 2 == 0 || high % 2 == 0 || low > 31 || high > 31) {
    return fail(errors::unsupported_image,
                fmt::format("WSQ with filters of {} and {} taps", low, high),
                "only filters of odd length are known here");
  }
  Filters filters;
  URNA_TRY(filters.low, read_filter(in, low));
  URNA_TRY(filters.high, read_filter(in, high));
  URNA_CHECK(in.finish());
  stream.filters = std::move(filters);
  return {};
}

Result<void> read_quantisation(ByteView part, Stream& stream) {
  if (stream.quantisation) return bad("a second quantisation table");
  base::Reader in(part);
  Quantisation q;
  URNA_TRY(q.centre, decimal16(in));
  for (std::size_t k = 0; k < kSubbands; ++k) {
    URNA_TRY(q.bin[k], decimal16(in));
    URNA_TRY(q.zero_bin[k], decimal16(in));
  }
  URNA_CHECK(in.finish());
  stream.quantisation = q;
  return {};
}

Result<void> read_huffman(ByteView part, Stream& stream) {
  base::Reader in(part);
  do {
    URNA_TRY(const std::uint8_t id, in.u8());
    if (id >= stream.huffman.size()) return bad(fmt::format("Huffman table {}", id));
    HuffmanSpec spec;
    std::size_t total = 0;
    for (std::uint8_t& count : spec.counts) {
      URNA_TRY(count, in.u8());
      total += count;
    }
    URNA_TRY(const ByteView symbols, in.fixed(total));
    spec.symbols.assign(symbols.begin(), symbols.end());
    URNA_TRY(stream.huffman[id], HuffmanDecoder::make(spec));
  } while (in.left() > 0);
  return {};
}

Result<void> read_frame(ByteView part, Stream& stream) {
  if (stream.frame) return bad("a second frame header");
  base::Reader in(part);
  Frame frame;
  URNA_CHECK(in.u16());  // black and white levels: informative
  URNA_TRY(frame.height, in.u16_be());
  URNA_TRY(frame.width, in.u16_be());
  URNA_TRY(frame.shift, decimal16(in));
  URNA_TRY(frame.scale, decimal16(in));
  URNA_CHECK(in.u8());      // encoder algorithm
  URNA_CHECK(in.u16_be());  // software version
  URNA_CHECK(in.finish());
  URNA_CHECK(check_size(frame.width, frame.height));
  stream.frame = frame;
  return {};
}

// "PPI 500" in a comment that begins NIST_COM; other comments mean nothing to us.
void read_comment(ByteView part, Stream& stream) {
  const std::string_view text = as_text(part);
  if (!text.starts_with("NIST_COM")) return;
  const std::size_t at = text.find("\nPPI ");
  if (at == std::string_view::npos) return;
  const char* begin = text.data() + at + 5;
  int value = 0;
  const auto [end, error] = std::from_chars(begin, text.data() + text.size(), value);
  if (error == std::errc() && end != begin && value > 0) stream.dpi = value;
}

// How many coefficients frame and quantisation table call for.
std::size_t coefficients(const Stream& stream) {
  const Tree tree = make_tree(stream.frame->width, stream.frame->height);
  std::size_t count = 0;
  for (std::size_t k = 0; k < kSubbands; ++k) {
    if (stream.quantisation->bin[k] > 0) count += tree.bands[k].area();
  }
  return count;
}

// The data of a block runs to the next 0xFF that is not followed by a stuffed zero.
ByteView take_block_data(base::Reader& in, ByteView file) {
  const std::size_t begin = in.offset();
  std::size_t end = begin;
  while (end < file.size() &&
         !(file[end] == 0xFF && end + 1 < file.size() && file[end + 1] != 0)) {
    ++end;
  }
  const auto data = in.fixed(end - begin);  // cannot fail: end <= file.size()
  return data ? *data : ByteView();
}

Result<void> read_block(ByteView part, base::Reader& in, ByteView file,
                        Stream& stream) {
  base::Reader header(part);
  URNA_TRY(const std::uint8_t table, header.u8());
  URNA_CHECK(header.finish());
  if (!stream.frame || !stream.quantisation) {
    return bad("a block before the frame header or the quantisation table");
  }
  if (table >= stream.huffman.size() || stream.huffman[table].empty()) {
    return bad(fmt::format("a block uses Huffman table {}, which is not there", table));
  }
  const std::size_t wanted = coefficients(stream);
  return stream.huffman[table].decode(take_block_data(in, file),
                                      wanted - stream.values.size(), stream.values);
}

Result<void> read_segment(std::uint16_t marker, base::Reader& in, ByteView file,
                          Stream& stream) {
  URNA_TRY(const std::uint16_t length, in.u16_be());
  if (length < 2) return bad("a segment shorter than its own length");
  URNA_TRY(const ByteView part, in.fixed(length - 2U));
  switch (marker) {
    case kTransformTable:
      return read_filters(part, stream);
    case kQuantisationTable:
      return read_quantisation(part, stream);
    case kHuffmanTable:
      return read_huffman(part, stream);
    case kStartOfFrame:
      return read_frame(part, stream);
    case kStartOfBlock:
      return read_block(part, in, file, stream);
    case kComment:
      read_comment(part, stream);
      return {};
    default:
      return bad(fmt::format("unknown marker {:04X}", marker));
  }
}

// Puts the quantised values back into the transform plane (specification A.3).
Plane dequantise(const Stream& stream, const Tree& tree) {
  Plane plane{stream.frame->width, stream.frame->height, {}};
  plane.values.assign(std::size_t{plane.width} * plane.height, 0.0);
  const Quantisation& q = *stream.quantisation;
  std::size_t next = 0;
  for (std::size_t k = 0; k < kSubbands; ++k) {
    if (!(q.bin[k] > 0)) continue;
    const Rect& band = tree.bands[k];
    for (std::uint32_t y = 0; y < band.height; ++y) {
      double* row =
          plane.values.data() + std::size_t{band.y + y} * plane.width + band.x;
      for (std::uint32_t x = 0; x < band.width; ++x) {
        const std::int32_t p = stream.values[next++];
        if (p > 0) row[x] = q.bin[k] * (p - q.centre) + q.zero_bin[k] / 2;
        if (p < 0) row[x] = q.bin[k] * (p + q.centre) - q.zero_bin[k] / 2;
      }
    }
  }
  return plane;
}

Result<Stream> read_stream(ByteView file) {
  base::Reader in(file);
  URNA_TRY(const std::uint16_t start, in.u16_be());
  if (start != kStartOfImage) return bad("no start-of-image marker");
  Stream stream;
  while (true) {
    URNA_TRY(const std::uint16_t marker, in.u16_be());
    if (marker == kEndOfImage) break;
    URNA_CHECK(read_segment(marker, in, file, stream));
  }
  if (!stream.frame || !stream.filters || !stream.quantisation) {
    return bad("frame header, filters or quantisation table missing");
  }
  return stream;
}

}  // namespace

bool is_wsq(ByteView file) {
  return file.size() >= 4 && file[0] == 0xFF && file[1] == 0xA0 && file[2] == 0xFF &&
         file[3] >= 0xA2 && file[3] <= 0xA8;
}

Result<Picture> read_wsq(ByteView file) {
  if (!is_wsq(file)) return fail(errors::unknown_image_format, "not a WSQ file");
  URNA_TRY(const Stream stream, read_stream(file));
  const std::size_t wanted = coefficients(stream);
  if (stream.values.size() != wanted) {
    return bad(fmt::format("{} coefficients, the picture needs {}",
                           stream.values.size(), wanted));
  }
  const Tree tree = make_tree(stream.frame->width, stream.frame->height);
  Plane plane = dequantise(stream, tree);
  synthesise(plane, tree, *stream.filters);
  Picture picture = make_picture(plane.width, plane.height);
  for (std::size_t i = 0; i < picture.pixels.size(); ++i) {
    const double value =
        plane.values[i] * stream.frame->scale + stream.frame->shift + 0.5;
    picture.pixels[i] = value >= 255.0 ? std::uint8_t{255}
                        : value > 0.0  ? static_cast<std::uint8_t>(value)
                                       : std::uint8_t{0};
  }
  if (stream.dpi) set_resolution(picture, *stream.dpi, *stream.dpi);
  return picture;
}

}  // namespace urna::finger::io
