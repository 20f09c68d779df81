// The two byte layouts of finger image records; fir.hpp says what they mean.
#include "base/binary.hpp"
#include "finger/io/fir.hpp"
#include "finger/io_errors.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::finger::io {
namespace {

constexpr std::size_t kHeader2005 = 32;
constexpr std::size_t kViewHeader2005 = 14;
constexpr std::size_t kHeader2011 = 16;

std::unexpected<Error> bad(std::string what) {
  return fail(errors::bad_image_record, std::move(what));
}

Result<FingerPosition> to_position(std::uint8_t code) {
  if (code > 10) {
    return bad(fmt::format("finger position {}: only single fingers are read", code));
  }
  return static_cast<FingerPosition>(code);
}

Result<FirCompression> to_compression(std::uint8_t code, FirVersion version) {
  // :2005 has no lossless JPEG 2000, so PNG is 5 there and 6 in :2011.
  const std::uint8_t most = version == FirVersion::iso2005 ? 5 : 6;
  if (code > most) return bad(fmt::format("compression {}", code));
  if (version == FirVersion::iso2005 && code == 5) return FirCompression::png;
  return static_cast<FirCompression>(code);
}

Result<std::uint8_t> from_compression(FirCompression compression, FirVersion version) {
  if (version == FirVersion::iso2011) return static_cast<std::uint8_t>(compression);
  if (compression == FirCompression::jpeg2000_lossless) {
    return bad("lossless JPEG 2000 does not exist in the 2005 record");
  }
  return compression == FirCompression::png ? std::uint8_t{5}
                                            : static_cast<std::uint8_t>(compression);
}

Result<FirResolution> read_resolution(base::Reader& in) {
  FirResolution r;
  URNA_TRY(r.units, in.u8());
  if (r.units != 1 && r.units != 2) return bad(fmt::format("scale units {}", r.units));
  URNA_TRY(r.scan_x, in.u16_be());
  URNA_TRY(r.scan_y, in.u16_be());
  URNA_TRY(r.image_x, in.u16_be());
  URNA_TRY(r.image_y, in.u16_be());
  return r;
}

void write_resolution(base::Writer& out, const FirResolution& r) {
  out.u8(r.units);
  out.u16_be(r.scan_x);
  out.u16_be(r.scan_y);
  out.u16_be(r.image_x);
  out.u16_be(r.image_y);
}

// ---- 2005 ----

// What the general header gives to every view.
struct Shared2005 {
  FirResolution resolution;
  std::uint8_t depth = 8;
  FirCompression compression = FirCompression::none;
};

Result<FirView> read_view_2005(base::Reader& in, const Shared2005& shared) {
  FirView view;
  URNA_TRY(const std::uint32_t length, in.u32_be());
  URNA_TRY(const std::uint8_t position, in.u8());
  URNA_TRY(view.position, to_position(position));
  URNA_TRY(view.view_count, in.u8());
  URNA_TRY(view.view_number, in.u8());
  URNA_TRY(const std::uint8_t quality, in.u8());
  view.quality = {FirQuality{.score = quality}};
  URNA_TRY(view.impression, in.u8());
  URNA_TRY(view.width, in.u16_be());
  URNA_TRY(view.height, in.u16_be());
  URNA_TRY(const std::uint8_t reserved, in.u8());
  if (reserved != 0) return bad("a reserved byte of a view is not zero");
  if (length < kViewHeader2005) return bad("a view shorter than its header");
  URNA_TRY(const ByteView data, in.fixed(length - kViewHeader2005));
  view.data = to_bytes(data);
  view.resolution = shared.resolution;
  view.depth = shared.depth;
  view.compression = shared.compression;
  return view;
}

Result<FirRecord> read_2005(ByteView file) {
  base::Reader in(file);
  FirRecord record;
  record.version = FirVersion::iso2005;
  Shared2005 shared;
  URNA_CHECK(in.fixed(8));
  URNA_TRY(const std::uint16_t length_high, in.u16_be());
  URNA_TRY(const std::uint32_t length_low, in.u32_be());
  if (length_high != 0 || length_low != file.size()) {
    return bad(fmt::format("the record says it has {} bytes, the file has {}",
                           length_low, file.size()));
  }
  URNA_TRY(record.device, in.u16_be());
  URNA_TRY(record.acquisition_level, in.u16_be());
  URNA_TRY(record.finger_count, in.u8());
  URNA_TRY(shared.resolution, read_resolution(in));
  URNA_TRY(shared.depth, in.u8());
  URNA_TRY(const std::uint8_t compression, in.u8());
  URNA_TRY(shared.compression, to_compression(compression, record.version));
  URNA_TRY(const std::uint16_t reserved, in.u16_be());
  if (reserved != 0) return bad("the reserved bytes of the header are not zero");
  while (in.left() > 0) {
    URNA_TRY(FirView view, read_view_2005(in, shared));
    record.views.push_back(std::move(view));
  }
  if (record.views.empty()) return bad("a record without a view");
  return record;
}

Result<Bytes> write_2005(const FirRecord& record) {
  const FirView& first = record.views.front();
  base::Writer out;
  std::uint64_t length = kHeader2005;
  for (const FirView& view : record.views) {
    if (view.resolution != first.resolution || view.depth != first.depth ||
        view.compression != first.compression || view.quality.size() != 1) {
      return bad("the views of a 2005 record must share resolution and compression");
    }
    length += kViewHeader2005 + view.data.size();
  }
  if (length > 0xFFFFFFFFU) return bad("record too large");
  URNA_TRY(const std::uint8_t compression,
           from_compression(first.compression, record.version));
  out.fixed(as_bytes({"FIR\000010\0", 8}));
  out.u16_be(0);
  out.u32_be(static_cast<std::uint32_t>(length));
  out.u16_be(record.device);
  out.u16_be(record.acquisition_level);
  out.u8(record.finger_count);
  write_resolution(out, first.resolution);
  out.u8(first.depth);
  out.u8(compression);
  out.u16_be(0);
  for (const FirView& view : record.views) {
    out.u32_be(static_cast<std::uint32_t>(kViewHeader2005 + view.data.size()));
    out.u8(static_cast<std::uint8_t>(view.position));
    out.u8(view.view_count);
    out.u8(view.view_number);
    out.u8(view.quality.front().score);
    out.u8(view.impression);
    out.u16_be(view.width);
    out.u16_be(view.height);
    out.u8(0);
    out.fixed(view.data);
  }
  return std::move(out).take();
}

// ---- 2011 ----

Result<FirView> read_view_2011(base::Reader& outer, bool certified) {
  URNA_TRY(const std::uint32_t length, outer.u32_be());
  if (length < 4) return bad("a representation shorter than its length field");
  URNA_TRY(const ByteView part, outer.fixed(length - 4));
  base::Reader in(part);
  FirView view;
  URNA_TRY(view.captured_at, in.array<9>());
  URNA_TRY(view.technology, in.u8());
  URNA_TRY(view.vendor, in.u16_be());
  URNA_TRY(view.device, in.u16_be());
  URNA_TRY(const std::uint8_t qualities, in.u8());
  for (int i = 0; i < qualities; ++i) {
    FirQuality quality;
    URNA_TRY(quality.score, in.u8());
    URNA_TRY(quality.vendor, in.u16_be());
    URNA_TRY(quality.algorithm, in.u16_be());
    view.quality.push_back(quality);
  }
  if (certified) {
    URNA_TRY(const std::uint8_t blocks, in.u8());
    for (int i = 0; i < blocks; ++i) {
      URNA_TRY(const auto block, in.array<3>());
      view.certifications.push_back(block);
    }
  }
  URNA_TRY(const std::uint8_t position, in.u8());
  URNA_TRY(view.position, to_position(position));
  URNA_TRY(view.view_number, in.u8());
  URNA_TRY(view.resolution, read_resolution(in));
  URNA_TRY(view.depth, in.u8());
  URNA_TRY(const std::uint8_t compression, in.u8());
  URNA_TRY(view.compression, to_compression(compression, FirVersion::iso2011));
  URNA_TRY(view.impression, in.u8());
  URNA_TRY(view.width, in.u16_be());
  URNA_TRY(view.height, in.u16_be());
  URNA_TRY(const std::uint32_t size, in.u32_be());
  if (size != in.left()) {
    return bad(fmt::format("a view announces {} bytes of image, {} are there", size,
                           in.left()));
  }
  URNA_TRY(const ByteView data, in.fixed(size));
  view.data = to_bytes(data);
  return view;
}

Result<FirRecord> read_2011(ByteView file) {
  base::Reader in(file);
  FirRecord record;
  record.version = FirVersion::iso2011;
  URNA_CHECK(in.fixed(8));
  URNA_TRY(const std::uint32_t length, in.u32_be());
  if (length != file.size()) {
    return bad(fmt::format("the record says it has {} bytes, the file has {}", length,
                           file.size()));
  }
  URNA_TRY(const std::uint16_t count, in.u16_be());
  URNA_TRY(const std::uint8_t certified, in.u8());
  if (certified > 1) return bad(fmt::format("certification flag {}", certified));
  record.certified = certified == 1;
  URNA_TRY(record.finger_count, in.u8());
  for (int i = 0; i < count; ++i) {
    URNA_TRY(FirView view, read_view_2011(in, record.certified));
    record.views.push_back(std::move(view));
  }
  if (record.views.empty()) return bad("a record without a view");
  URNA_CHECK(in.finish());
  return record;
}

Result<void> write_view_2011(base::Writer& out, const FirView& view, bool certified) {
  if (view.quality.size() > 255 || view.certifications.size() > 255) {
    return bad("more than 255 quality or certification blocks");
  }
  if (!certified && !view.certifications.empty()) {
    return bad("certification blocks in a record that says it has none");
  }
  URNA_TRY(const std::uint8_t compression,
           from_compression(view.compression, FirVersion::iso2011));
  base::Writer in;
  in.fixed(view.captured_at);
  in.u8(view.technology);
  in.u16_be(view.vendor);
  in.u16_be(view.device);
  in.u8(static_cast<std::uint8_t>(view.quality.size()));
  for (const FirQuality& quality : view.quality) {
    in.u8(quality.score);
    in.u16_be(quality.vendor);
    in.u16_be(quality.algorithm);
  }
  if (certified) {
    in.u8(static_cast<std::uint8_t>(view.certifications.size()));
    for (const auto& block : view.certifications) in.fixed(block);
  }
  in.u8(static_cast<std::uint8_t>(view.position));
  in.u8(view.view_number);
  write_resolution(in, view.resolution);
  in.u8(view.depth);
  in.u8(compression);
  in.u8(view.impression);
  in.u16_be(view.width);
  in.u16_be(view.height);
  in.u32_be(static_cast<std::uint32_t>(view.data.size()));
  in.fixed(view.data);
  out.u32_be(static_cast<std::uint32_t>(4 + in.view().size()));
  out.fixed(in.view());
  return {};
}

Result<Bytes> write_2011(const FirRecord& record) {
  if (record.views.size() > 0xFFFF) return bad("more than 65535 views");
  base::Writer views;
  for (const FirView& view : record.views) {
    URNA_CHECK(write_view_2011(views, view, record.certified));
  }
  base::Writer out;
  out.fixed(as_bytes({"FIR\000020\0", 8}));
  out.u32_be(static_cast<std::uint32_t>(kHeader2011 + views.view().size()));
  out.u16_be(static_cast<std::uint16_t>(record.views.size()));
  out.u8(record.certified ? 1 : 0);
  out.u8(record.finger_count);
  out.fixed(views.view());
  return std::move(out).take();
}

}  // namespace

Result<FirRecord> read_fir(ByteView file) {
  if (!is_fir(file))
    return fail(errors::unknown_image_format, "not a finger image record");
  return file[5] == '1' ? read_2005(file) : read_2011(file);
}

Result<Bytes> write_fir(const FirRecord& record) {
  if (record.views.empty()) return bad("a record without a view");
  return record.version == FirVersion::iso2005 ? write_2005(record)
                                               : write_2011(record);
}

}  // namespace urna::finger::io
