// Finger minutiae records, field by field: ISO/IEC 19794-2:2005 and :2011,
// ANSI/INCITS 378-2004 and 378-2009. Reading and writing are exact inverses:
// write_record(read_record(bytes)) gives the same bytes in strict mode.
// docs/formats/finger-records.md has the layouts and a worked example. Most callers
// want templates.hpp, which turns records into finger::Template.
//
// Strict mode refuses anything the standard does not allow. Lenient mode also reads
// what real extractors write (each quirk is listed at Strictness::lenient).
// Pure functions, plain values. Templates are biometric personal data.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "finger/template.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace urna::finger::iso {

enum class Format : std::uint8_t { iso_2005, iso_2011, ansi_2004, ansi_2009 };

enum class Strictness : std::uint8_t {
  strict,
  // Also accepted:
  //  - bytes after the record, and a total length that is wrong;
  //  - reserved bits and bytes that are not zero;
  //  - minutiae outside the image (dropped), angles and qualities out of range (taken
  //    modulo a full turn, and as unknown);
  //  - extended blocks whose length counts their four header bytes in ISO, or does
  //    not in ANSI; extended data that fits neither reading is dropped;
  //  - a missing extended-data length at the very end of the record;
  //  - a resolution of zero, read as 197 pixels per centimetre.
  lenient,
};

struct RecordMinutia {
  MinutiaType type = MinutiaType::other;
  std::uint16_t x = 0;  // pixels, 14 bits
  std::uint16_t y = 0;
  std::uint8_t angle = 0;  // ISO: 360/256 degrees; ANSI: 2 degrees, below 180
  std::uint8_t quality =
      0;  // 0-100; 2005/2004: 0 unknown; 2011: 254 unknown, 255 failed

  friend bool operator==(const RecordMinutia&, const RecordMinutia&) = default;
};

struct RecordQuality {
  std::uint8_t score = 0;  // 0-100; 2011: 254 unknown, 255 failed
  std::uint16_t vendor = 0;
  std::uint16_t algorithm = 0;

  friend bool operator==(const RecordQuality&, const RecordQuality&) = default;
};

// Ridge counts (type 1), cores and deltas (2), zonal quality (3), vendor data.
struct ExtendedBlock {
  std::uint16_t type = 0;
  Bytes data;

  friend bool operator==(const ExtendedBlock&, const ExtendedBlock&) = default;
};

struct RecordView {
  FingerPosition position = FingerPosition::unknown;
  std::uint8_t number = 0;      // 2005, 2004: 4 bits
  std::uint8_t impression = 0;  // 2005, 2004: 4 bits
  std::uint16_t width = 0;      // shared by all views in 2005 and 2004
  std::uint16_t height = 0;
  std::uint16_t resolution_x = 197;  // pixels per centimetre; 197 is 500 dpi
  std::uint16_t resolution_y = 197;
  std::vector<RecordQuality> quality;  // exactly one except in iso_2011
  std::vector<RecordMinutia> minutiae;
  std::vector<ExtendedBlock> extended;

  // iso_2011 only.
  std::array<std::uint8_t, 9> captured_at{0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                          0xFF, 0xFF, 0xFF, 0xFF};
  std::uint8_t technology = 0;
  std::uint16_t vendor = 0;
  std::uint16_t device = 0;
  std::vector<std::array<std::uint8_t, 3>> certifications;
  bool minutia_quality = true;   // 6 bytes a minutia, else 5
  std::uint8_t ending_type = 0;  // 0 valley bifurcation, 1 ridge skeleton end

  friend bool operator==(const RecordView&, const RecordView&) = default;
};

struct Record {
  Format format = Format::iso_2005;
  std::uint16_t device = 0;   // 2005, 2004, 2009: compliance bits and device type
  std::uint16_t owner = 0;    // ANSI: CBEFF product owner
  std::uint16_t product = 0;  // ANSI: CBEFF product type
  std::uint8_t certified =
      0;  // iso_2011: 1 when certification blocks follow; ansi_2009
  std::vector<RecordView> views;

  friend bool operator==(const Record&, const Record&) = default;
};

// Which of the four layouts this is; nothing when it is no minutiae record.
// "FMR" " 20" is ANSI when the length field is two bytes long; "FMR" "030" is ISO
// when the chain of representation lengths fits.
[[nodiscard]] std::optional<Format> detect_record(ByteView bytes);

// Errors: not_minutiae_record, bad_minutiae_record with the offset.
[[nodiscard]] Result<Record> read_record(ByteView bytes,
                                         Strictness strictness = Strictness::strict);

// Errors: unencodable_template when a value does not fit the format.
[[nodiscard]] Result<Bytes> write_record(const Record& record);

}  // namespace urna::finger::iso
