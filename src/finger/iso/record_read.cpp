#include "base/binary.hpp"
#include "finger/io_errors.hpp"
#include "finger/iso/record.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::finger::iso {
namespace {

constexpr std::size_t kMostViews = 176;
constexpr std::size_t kExtendedHeader = 4;

std::uint32_t be16(ByteView bytes, std::size_t at) {
  return static_cast<std::uint32_t>(bytes[at] << 8 | bytes[at + 1]);
}

std::uint32_t be32(ByteView bytes, std::size_t at) {
  return be16(bytes, at) << 16 | be16(bytes, at + 2);
}

bool is_ansi(Format format) {
  return format == Format::ansi_2004 || format == Format::ansi_2009;
}

// Offset 15 plus the representation lengths ends at the total length, or, when that
// field is wrong, at the end of the bytes.
bool chain_fits_iso_2011(ByteView bytes) {
  if (bytes.size() < 15) return false;
  const std::uint32_t total = be32(bytes, 8);
  const std::uint32_t count = be16(bytes, 12);
  std::uint64_t at = 15;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (at + 4 > bytes.size()) return false;
    const std::uint32_t length = be32(bytes, static_cast<std::size_t>(at));
    if (length < 4) return false;
    at += length;
  }
  return at == total || at == bytes.size();
}

// Reads one record; every complaint carries the offset where it arose.
class RecordReader {
 public:
  RecordReader(ByteView bytes, Format format, Strictness strictness)
      : in_(bytes), size_(bytes.size()), strict_(strictness == Strictness::strict) {
    record_.format = format;
  }

  Result<Record> read() {
    URNA_CHECK(in_.fixed(8));
    switch (record_.format) {
      case Format::iso_2005:
      case Format::ansi_2004:
        URNA_CHECK(read_2005());
        break;
      case Format::iso_2011:
        URNA_CHECK(read_iso_2011());
        break;
      case Format::ansi_2009:
        URNA_CHECK(read_ansi_2009());
        break;
    }
    if (strict_ && in_.left() > 0) {
      return bad(fmt::format("{} bytes after the record", in_.left()));
    }
    return std::move(record_);
  }

 private:
  std::unexpected<Error> bad(std::string what) const {
    return fail(errors::bad_minutiae_record,
                fmt::format("{} (byte {})", what, in_.offset()),
                strict_ ? "lenient reading forgives known quirks" : "");
  }

  Result<void> check_total(std::uint64_t total) const {
    if (strict_ && total != size_) {
      return bad(fmt::format("the record says {} bytes, {} are there", total, size_));
    }
    return {};
  }

  Result<void> reserved_byte() {
    URNA_TRY(const std::uint8_t value, in_.u8());
    if (strict_ && value != 0) return bad("a reserved byte is not zero");
    return {};
  }

  Result<FingerPosition> position() {
    URNA_TRY(const std::uint8_t code, in_.u8());
    if (code <= 10) return static_cast<FingerPosition>(code);
    if (strict_) return bad(fmt::format("finger position {}", code));
    return FingerPosition::unknown;
  }

  Result<void> geometry(RecordView& view) {
    URNA_TRY(view.width, in_.u16_be());
    URNA_TRY(view.height, in_.u16_be());
    URNA_CHECK(resolution(view));
    return {};
  }

  Result<void> resolution(RecordView& view) {
    for (std::uint16_t* field : {&view.resolution_x, &view.resolution_y}) {
      URNA_TRY(*field, in_.u16_be());
      if (*field == 0 && strict_) return bad("resolution zero");
      if (*field == 0) *field = 197;
    }
    return {};
  }

  Result<std::uint8_t> quality_score(bool may_be_unknown) {
    URNA_TRY(const std::uint8_t score, in_.u8());
    if (score <= 100 || (may_be_unknown && score >= 254)) return score;
    if (strict_) return bad(fmt::format("quality {}", score));
    return static_cast<std::uint8_t>(may_be_unknown ? 254 : 0);
  }

  // Where the minutia lies outside the image, lenient reading drops it.
  Result<void> minutia(RecordView& view) {
    RecordMinutia m;
    URNA_TRY(const std::uint16_t first, in_.u16_be());
    URNA_TRY(const std::uint16_t second, in_.u16_be());
    URNA_TRY(m.angle, in_.u8());
    const bool iso_2011 = record_.format == Format::iso_2011;
    m.quality = iso_2011 ? 254 : 0;
    if (view.minutia_quality) {
      URNA_TRY(m.quality, quality_score(iso_2011));
    }
    const int type = first >> 14;
    m.x = first & 0x3FFF;
    m.y = second & 0x3FFF;
    if (strict_ && (type == 3 || (second >> 14) != 0)) {
      return bad("a reserved bit of a minutia is set");
    }
    m.type = type == 3 ? MinutiaType::other : static_cast<MinutiaType>(type);
    if (is_ansi(record_.format) && m.angle >= 180) {
      if (strict_) return bad(fmt::format("angle {} in units of two degrees", m.angle));
      m.angle = static_cast<std::uint8_t>(m.angle - 180);
    }
    if (m.x >= view.width || m.y >= view.height) {
      if (strict_)
        return bad(fmt::format("minutia at {}, {} outside the image", m.x, m.y));
      return {};
    }
    view.minutiae.push_back(m);
    return {};
  }

  Result<void> minutiae(RecordView& view, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) URNA_CHECK(minutia(view));
    return {};
  }

  Result<std::vector<ExtendedBlock>> blocks(ByteView area, bool counts_header) const {
    base::Reader in(area);
    std::vector<ExtendedBlock> out;
    while (in.left() > 0) {
      ExtendedBlock block;
      URNA_TRY(block.type, in.u16_be());
      URNA_TRY(const std::uint16_t length, in.u16_be());
      const std::size_t header = counts_header ? kExtendedHeader : 0;
      if (length < header) return bad("an extended block shorter than its header");
      if ((block.type & 0xFF) == 0) {
        return bad(fmt::format("extended block of type {:04X}", block.type));
      }
      URNA_TRY(const ByteView data, in.fixed(length - header));
      block.data = to_bytes(data);
      out.push_back(std::move(block));
    }
    return out;
  }

  Result<void> extended(RecordView& view) {
    if (!strict_ && in_.left() == 0) return {};
    URNA_TRY(const std::uint16_t length, in_.u16_be());
    if (!strict_ && length > in_.left()) return {};
    URNA_TRY(const ByteView area, in_.fixed(length));
    const bool counts_header = is_ansi(record_.format);
    auto read = blocks(area, counts_header);
    if (!read && strict_) return std::unexpected(std::move(read).error());
    if (!read) read = blocks(area, !counts_header);
    if (read) view.extended = *std::move(read);
    return {};
  }

  // ISO 2005 and ANSI 2004 differ in the length field, two product numbers, the unit
  // of angles and the way extended blocks are measured.
  Result<void> read_2005() {
    URNA_CHECK(total_2005());
    if (record_.format == Format::ansi_2004) {
      URNA_TRY(record_.owner, in_.u16_be());
      URNA_TRY(record_.product, in_.u16_be());
    }
    URNA_TRY(record_.device, in_.u16_be());
    RecordView shared;
    URNA_CHECK(geometry(shared));
    URNA_TRY(const std::uint8_t count, in_.u8());
    URNA_CHECK(reserved_byte());
    if (count > kMostViews) return bad(fmt::format("{} views", count));
    for (int i = 0; i < count; ++i) {
      RecordView view = shared;
      URNA_TRY(view.position, position());
      URNA_TRY(const std::uint8_t packed, in_.u8());
      view.number = packed >> 4;
      view.impression = packed & 0x0F;
      URNA_TRY(const std::uint8_t score, quality_score(false));
      view.quality = {RecordQuality{.score = score}};
      URNA_TRY(const std::uint8_t points, in_.u8());
      URNA_CHECK(minutiae(view, points));
      URNA_CHECK(extended(view));
      record_.views.push_back(std::move(view));
    }
    return {};
  }

  Result<void> total_2005() {
    if (record_.format == Format::iso_2005) {
      URNA_TRY(const std::uint32_t total, in_.u32_be());
      return check_total(total);
    }
    URNA_TRY(const std::uint16_t brief, in_.u16_be());
    if (brief != 0) return check_total(brief);
    URNA_TRY(const std::uint32_t total, in_.u32_be());
    if (strict_ && total <= 0xFFFF) return bad("the long length is not needed");
    return check_total(total);
  }

  Result<void> read_ansi_2009() {
    URNA_TRY(const std::uint32_t total, in_.u32_be());
    URNA_CHECK(check_total(total));
    URNA_TRY(record_.owner, in_.u16_be());
    URNA_TRY(record_.product, in_.u16_be());
    URNA_TRY(record_.certified, in_.u8());
    URNA_TRY(record_.device, in_.u16_be());
    URNA_TRY(const std::uint8_t count, in_.u8());
    URNA_CHECK(reserved_byte());
    for (int i = 0; i < count; ++i) {
      RecordView view;
      URNA_TRY(view.position, position());
      URNA_TRY(view.number, in_.u8());
      URNA_TRY(view.impression, in_.u8());
      RecordQuality quality;
      URNA_TRY(quality.score, quality_score(true));
      URNA_TRY(quality.vendor, in_.u16_be());
      URNA_TRY(quality.algorithm, in_.u16_be());
      view.quality = {quality};
      URNA_CHECK(geometry(view));
      URNA_TRY(const std::uint8_t points, in_.u8());
      URNA_CHECK(minutiae(view, points));
      URNA_CHECK(extended(view));
      record_.views.push_back(std::move(view));
    }
    return {};
  }

  Result<void> read_iso_2011() {
    URNA_TRY(const std::uint32_t total, in_.u32_be());
    URNA_CHECK(check_total(total));
    URNA_TRY(const std::uint16_t count, in_.u16_be());
    URNA_TRY(record_.certified, in_.u8());
    if (strict_ && record_.certified > 1) return bad("certification flag");
    for (int i = 0; i < count; ++i) {
      const std::size_t begin = in_.offset();
      URNA_TRY(const std::uint32_t length, in_.u32_be());
      RecordView view;
      URNA_CHECK(head_iso_2011(view));
      URNA_CHECK(body_iso_2011(view));
      if (strict_ && in_.offset() - begin != length) {
        return bad(fmt::format("a representation says {} bytes and has {}", length,
                               in_.offset() - begin));
      }
      record_.views.push_back(std::move(view));
    }
    return {};
  }

  Result<void> head_iso_2011(RecordView& view) {
    URNA_TRY(view.captured_at, in_.array<9>());
    URNA_TRY(view.technology, in_.u8());
    URNA_TRY(view.vendor, in_.u16_be());
    URNA_TRY(view.device, in_.u16_be());
    URNA_TRY(const std::uint8_t qualities, in_.u8());
    for (int i = 0; i < qualities; ++i) {
      RecordQuality quality;
      URNA_TRY(quality.score, quality_score(true));
      URNA_TRY(quality.vendor, in_.u16_be());
      URNA_TRY(quality.algorithm, in_.u16_be());
      view.quality.push_back(quality);
    }
    if (record_.certified == 1) {
      URNA_TRY(const std::uint8_t blocks, in_.u8());
      for (int i = 0; i < blocks; ++i) {
        URNA_TRY(const auto block, in_.array<3>());
        view.certifications.push_back(block);
      }
    }
    return {};
  }

  Result<void> body_iso_2011(RecordView& view) {
    URNA_TRY(view.position, position());
    URNA_TRY(view.number, in_.u8());
    URNA_CHECK(resolution(view));
    URNA_TRY(view.impression, in_.u8());
    URNA_TRY(view.width, in_.u16_be());
    URNA_TRY(view.height, in_.u16_be());
    URNA_TRY(const std::uint8_t packed, in_.u8());
    const int bytes = packed >> 4;
    view.ending_type = packed & 0x0F;
    if (bytes != 5 && bytes != 6) return bad(fmt::format("{} bytes a minutia", bytes));
    if (strict_ && view.ending_type > 1) return bad("ridge ending type");
    view.minutia_quality = bytes == 6;
    URNA_TRY(const std::uint8_t points, in_.u8());
    URNA_CHECK(minutiae(view, points));
    return extended(view);
  }

  base::Reader in_;
  std::size_t size_;
  bool strict_;
  Record record_;
};

}  // namespace

std::optional<Format> detect_record(ByteView bytes) {
  if (bytes.size() < 24 || !equal(bytes.first(4), as_bytes({"FMR\0", 4}))) {
    return std::nullopt;
  }
  const ByteView version = bytes.subspan(4, 4);
  if (equal(version, as_bytes({" 20\0", 4}))) {
    // A two-byte length is never zero, and a four-byte one never reaches 2^16 * 26;
    // ANSI's long form has two zero bytes and a high half below 24.
    if (be16(bytes, 8) >= 26) return Format::ansi_2004;
    if (be16(bytes, 8) == 0) {
      return be16(bytes, 10) >= 24 ? Format::iso_2005 : Format::ansi_2004;
    }
    return Format::iso_2005;
  }
  if (equal(version, as_bytes({"030\0", 4}))) {
    return chain_fits_iso_2011(bytes) ? Format::iso_2011 : Format::ansi_2009;
  }
  return std::nullopt;
}

Result<Record> read_record(ByteView bytes, Strictness strictness) {
  const std::optional<Format> format = detect_record(bytes);
  if (!format) {
    return fail(errors::not_minutiae_record,
                "the first bytes are not those of ISO 19794-2 or ANSI 378");
  }
  return RecordReader(bytes, *format, strictness).read();
}

}  // namespace urna::finger::iso
