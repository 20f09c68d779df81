#include "base/binary.hpp"
#include "finger/io_errors.hpp"
#include "finger/iso/record.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::finger::iso {
namespace {

std::unexpected<Error> unfit(std::string what) {
  return fail(errors::unencodable_template, std::move(what));
}

bool is_ansi(Format format) {
  return format == Format::ansi_2004 || format == Format::ansi_2009;
}

bool has_shared_header(Format format) {
  return format == Format::iso_2005 || format == Format::ansi_2004;
}

Result<void> check_quality(std::uint8_t score, bool may_be_unknown) {
  if (score <= 100 || (may_be_unknown && score >= 254)) return {};
  return unfit(fmt::format("quality {}", score));
}

Result<void> write_minutiae(base::Writer& out, const RecordView& view, Format format) {
  for (const RecordMinutia& m : view.minutiae) {
    if (m.x >= view.width || m.y >= view.height || m.x > 0x3FFF || m.y > 0x3FFF) {
      return unfit(fmt::format("minutia at {}, {} outside the image", m.x, m.y));
    }
    if (is_ansi(format) && m.angle >= 180) return unfit("angle of 360 degrees or more");
    out.u16_be(static_cast<std::uint16_t>(static_cast<unsigned>(m.type) << 14 | m.x));
    out.u16_be(m.y);
    out.u8(m.angle);
    if (view.minutia_quality) {
      URNA_CHECK(check_quality(m.quality, format == Format::iso_2011));
      out.u8(m.quality);
    }
  }
  return {};
}

// An area without blocks is the two bytes of its length, zero.
Result<void> write_extended(base::Writer& out, const RecordView& view, Format format) {
  base::Writer area;
  for (const ExtendedBlock& block : view.extended) {
    const std::size_t length = block.data.size() + (is_ansi(format) ? 4 : 0);
    if (length > 0xFFFF || (block.type & 0xFF) == 0) return unfit("extended block");
    area.u16_be(block.type);
    area.u16_be(static_cast<std::uint16_t>(length));
    area.fixed(block.data);
  }
  if (area.view().size() > 0xFFFF) return unfit("extended data above 64 KiB");
  out.u16_be(static_cast<std::uint16_t>(area.view().size()));
  out.fixed(area.view());
  return {};
}

void write_geometry(base::Writer& out, const RecordView& view) {
  out.u16_be(view.width);
  out.u16_be(view.height);
  out.u16_be(view.resolution_x);
  out.u16_be(view.resolution_y);
}

void write_quality(base::Writer& out, const RecordQuality& quality) {
  out.u8(quality.score);
  out.u16_be(quality.vendor);
  out.u16_be(quality.algorithm);
}

Result<Bytes> view_2005(const RecordView& view, const RecordView& first,
                        Format format) {
  if (view.width != first.width || view.height != first.height ||
      view.resolution_x != first.resolution_x ||
      view.resolution_y != first.resolution_y) {
    return unfit("all views of this format share one image size and resolution");
  }
  if (view.number > 15 || view.impression > 15) return unfit("view number above 15");
  base::Writer out;
  out.u8(static_cast<std::uint8_t>(view.position));
  out.u8(static_cast<std::uint8_t>(view.number << 4 | view.impression));
  URNA_CHECK(check_quality(view.quality.front().score, false));
  out.u8(view.quality.front().score);
  out.u8(static_cast<std::uint8_t>(view.minutiae.size()));
  URNA_CHECK(write_minutiae(out, view, format));
  URNA_CHECK(write_extended(out, view, format));
  return std::move(out).take();
}

Result<Bytes> view_ansi_2009(const RecordView& view) {
  base::Writer out;
  out.u8(static_cast<std::uint8_t>(view.position));
  out.u8(view.number);
  out.u8(view.impression);
  URNA_CHECK(check_quality(view.quality.front().score, true));
  write_quality(out, view.quality.front());
  write_geometry(out, view);
  out.u8(static_cast<std::uint8_t>(view.minutiae.size()));
  URNA_CHECK(write_minutiae(out, view, Format::ansi_2009));
  URNA_CHECK(write_extended(out, view, Format::ansi_2009));
  return std::move(out).take();
}

Result<Bytes> view_iso_2011(const RecordView& view, bool certified) {
  if (view.quality.size() > 255 || view.certifications.size() > 255 ||
      (!certified && !view.certifications.empty()) || view.ending_type > 1) {
    return unfit("quality, certification or ridge ending fields");
  }
  base::Writer in;
  in.fixed(view.captured_at);
  in.u8(view.technology);
  in.u16_be(view.vendor);
  in.u16_be(view.device);
  in.u8(static_cast<std::uint8_t>(view.quality.size()));
  for (const RecordQuality& quality : view.quality) {
    URNA_CHECK(check_quality(quality.score, true));
    write_quality(in, quality);
  }
  if (certified) {
    in.u8(static_cast<std::uint8_t>(view.certifications.size()));
    for (const auto& block : view.certifications) in.fixed(block);
  }
  in.u8(static_cast<std::uint8_t>(view.position));
  in.u8(view.number);
  in.u16_be(view.resolution_x);
  in.u16_be(view.resolution_y);
  in.u8(view.impression);
  in.u16_be(view.width);
  in.u16_be(view.height);
  in.u8(static_cast<std::uint8_t>((view.minutia_quality ? 0x60 : 0x50) |
                                  view.ending_type));
  in.u8(static_cast<std::uint8_t>(view.minutiae.size()));
  URNA_CHECK(write_minutiae(in, view, Format::iso_2011));
  URNA_CHECK(write_extended(in, view, Format::iso_2011));
  base::Writer out;
  out.u32_be(static_cast<std::uint32_t>(4 + in.view().size()));
  out.fixed(in.view());
  return std::move(out).take();
}

Result<Bytes> write_view(const Record& record, const RecordView& view) {
  if (view.minutiae.size() > static_cast<std::size_t>(kMaxMinutiae)) {
    return unfit(fmt::format("{} minutiae, at most {} can be counted",
                             view.minutiae.size(), kMaxMinutiae));
  }
  if (record.format != Format::iso_2011 &&
      (view.quality.size() != 1 || !view.minutia_quality)) {
    return unfit("this format has exactly one quality, and one for each minutia");
  }
  if (view.resolution_x == 0 || view.resolution_y == 0) return unfit("resolution zero");
  if (has_shared_header(record.format)) {
    return view_2005(view, record.views.front(), record.format);
  }
  if (record.format == Format::ansi_2009) return view_ansi_2009(view);
  return view_iso_2011(view, record.certified == 1);
}

// The header of 2005 and 2004 with its own length field in front.
Result<Bytes> with_header_2005(const Record& record, ByteView views) {
  base::Writer rest;
  if (record.format == Format::ansi_2004) {
    rest.u16_be(record.owner);
    rest.u16_be(record.product);
  }
  rest.u16_be(record.device);
  write_geometry(rest, record.views.empty() ? RecordView{} : record.views.front());
  rest.u8(static_cast<std::uint8_t>(record.views.size()));
  rest.u8(0);
  base::Writer out;
  out.fixed(as_bytes({"FMR\0 20\0", 8}));
  const std::size_t body = 8 + rest.view().size() + views.size();
  if (record.format == Format::iso_2005) {
    out.u32_be(static_cast<std::uint32_t>(body + 4));
  } else if (body + 2 <= 0xFFFF) {
    out.u16_be(static_cast<std::uint16_t>(body + 2));
  } else {
    out.u16_be(0);
    out.u32_be(static_cast<std::uint32_t>(body + 6));
  }
  out.fixed(rest.view());
  out.fixed(views);
  return std::move(out).take();
}

}  // namespace

Result<Bytes> write_record(const Record& record) {
  const std::size_t most = has_shared_header(record.format)     ? 176
                           : record.format == Format::ansi_2009 ? 255
                                                                : 65535;
  if (record.views.empty() || record.views.size() > most) {
    return unfit(fmt::format("{} views; 1 to {} fit", record.views.size(), most));
  }
  Bytes views;
  for (const RecordView& view : record.views) {
    URNA_TRY(const Bytes one, write_view(record, view));
    append(views, one);
  }
  if (has_shared_header(record.format)) return with_header_2005(record, views);
  base::Writer out;
  out.fixed(as_bytes({"FMR\000030\0", 8}));
  if (record.format == Format::iso_2011) {
    if (record.certified > 1) return unfit("certification flag");
    out.u32_be(static_cast<std::uint32_t>(15 + views.size()));
    out.u16_be(static_cast<std::uint16_t>(record.views.size()));
    out.u8(record.certified);
  } else {
    out.u32_be(static_cast<std::uint32_t>(21 + views.size()));
    out.u16_be(record.owner);
    out.u16_be(record.product);
    out.u8(record.certified);
    out.u16_be(record.device);
    out.u8(static_cast<std::uint8_t>(record.views.size()));
    out.u8(0);
  }
  out.fixed(views);
  return std::move(out).take();
}

}  // namespace urna::finger::iso
