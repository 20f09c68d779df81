// Finger image records: ISO/IEC 19794-4:2005 ("FIR" "010") and :2011 ("FIR" "020").
// A record is read into its header fields and the compressed bytes of every view, so
// that writing it again gives the same bytes; decode_view turns one view into pixels.
// docs/formats/finger-records.md has the layouts. Big-endian throughout.
//
// Reading is strict: lengths must agree, nothing may be left over. Not read: JPEG
// 2000 views (the record still parses; decode_view refuses them) and pixel depths
// other than 8. Pure functions, plain values.
#pragma once

#include "finger/io/picture.hpp"
#include "finger/template.hpp"

#include <array>
#include <vector>

namespace urna::finger::io {

enum class FirVersion : std::uint8_t { iso2005, iso2011 };

enum class FirCompression : std::uint8_t {
  none,
  packed,
  wsq,
  jpeg,
  jpeg2000,
  jpeg2000_lossless,
  png
};

// Resolution fields: pixels per inch or per centimetre as `units` says.
struct FirResolution {
  std::uint8_t units = 1;  // 1 inch, 2 centimetre
  std::uint16_t scan_x = 500;
  std::uint16_t scan_y = 500;
  std::uint16_t image_x = 500;
  std::uint16_t image_y = 500;

  friend bool operator==(const FirResolution&, const FirResolution&) = default;
};

// Five bytes each in :2011: score 0-100 (254 unknown, 255 failed), vendor, algorithm.
struct FirQuality {
  std::uint8_t score = 254;
  std::uint16_t vendor = 0;
  std::uint16_t algorithm = 0;

  friend bool operator==(const FirQuality&, const FirQuality&) = default;
};

struct FirView {
  FingerPosition position = FingerPosition::unknown;
  std::uint8_t view_count = 1;   // :2005 only: views of this finger
  std::uint8_t view_number = 1;  // :2011: representation number
  std::uint8_t impression = 0;
  std::uint16_t width = 0;
  std::uint16_t height = 0;
  FirResolution resolution;
  std::uint8_t depth = 8;
  FirCompression compression = FirCompression::none;
  std::vector<FirQuality> quality;  // exactly one in :2005, with its score only

  // :2011 only.
  std::array<std::uint8_t, 9> captured_at{0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                          0xFF, 0xFF, 0xFF, 0xFF};  // all FF: unknown
  std::uint8_t technology = 0;
  std::uint16_t vendor = 0;
  std::uint16_t device = 0;
  std::vector<std::array<std::uint8_t, 3>> certifications;

  Bytes data;  // compressed as `compression` says

  friend bool operator==(const FirView&, const FirView&) = default;
};

struct FirRecord {
  FirVersion version = FirVersion::iso2005;
  std::uint16_t device = 0;              // :2005, for the whole record
  std::uint16_t acquisition_level = 31;  // :2005; 31 is 500 dpi, 8 bits
  std::uint8_t finger_count = 1;         // :2005 fingers, :2011 distinct positions
  bool certified = false;                // :2011: certification blocks are present
  std::vector<FirView> views;  // in :2005 all share resolution, depth, compression

  friend bool operator==(const FirRecord&, const FirRecord&) = default;
};

[[nodiscard]] bool is_fir(ByteView file);
[[nodiscard]] Result<FirRecord> read_fir(ByteView file);

// Errors: bad_image_record when the views do not fit the format (in :2005 they must
// share resolution, depth and compression; no JPEG 2000 lossless there).
[[nodiscard]] Result<Bytes> write_fir(const FirRecord& record);

[[nodiscard]] Result<Picture> decode_view(const FirView& view);

// A view of `picture` at its own resolution (500 dpi when it has none).
[[nodiscard]] Result<FirView> make_view(const Picture& picture,
                                        FirCompression compression);

}  // namespace urna::finger::io
