#include "finger/match/codec.hpp"

#include "base/binary.hpp"
#include "finger/errors.hpp"

#include <algorithm>
#include <string>

namespace urna::finger {
namespace {

constexpr std::uint8_t kMagic[3] = {'U', 'F', 'T'};
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kHeaderBytes = 18;
constexpr std::size_t kMinutiaBytes = 6;
constexpr std::size_t kSingularBytes = 6;
constexpr unsigned kMostPeriod = 63;  // in kPeriodUnit

std::unexpected<Error> bad(std::string what) {
  return fail(errors::bad_template, std::move(what),
              "extract the template again from its image");
}

std::uint64_t pack(const Minutia& m) {
  const auto x = static_cast<std::uint64_t>(m.x);
  const auto y = static_cast<std::uint64_t>(m.y);
  const std::uint64_t angle = ((m.angle + kAngleUnit / 2) / kAngleUnit) & 0x7ffU;
  return x | y << 14 | static_cast<std::uint64_t>(m.type) << 28 | angle << 30 |
         std::uint64_t{m.quality} << 41;
}

unsigned orientation_code(std::uint8_t orientation) {
  return ((orientation + kOrientationUnit / 2) / kOrientationUnit) & 63U;
}
unsigned period_code(std::uint8_t period) {
  return std::clamp((period + kPeriodUnit / 2) / kPeriodUnit, 1U, kMostPeriod);
}

std::size_t cells_inside(const RidgeMap& map) {
  return static_cast<std::size_t>(
      std::count_if(map.cells.begin(), map.cells.end(),
                    [](const MapCell& c) { return c.period != 0; }));
}

Result<void> check(const Template& t) {
  if (t.width < 1 || t.height < 1 || t.width > 2047 || t.height > 2047)
    return bad("the template's image is " + std::to_string(t.width) + "x" +
               std::to_string(t.height) + " pixels, at most 2047 a side fit");
  if (t.minutiae.size() > 255 || t.singular_points.size() > 255)
    return bad("more than 255 minutiae or singular points");
  for (const Minutia& m : t.minutiae)
    if (m.x < 0 || m.y < 0 || m.x >= t.width * kSubPixel ||
        m.y >= t.height * kSubPixel || m.quality > 100)
      return bad("a minutia lies outside the image or has a quality above 100");
  for (const SingularPoint& p : t.singular_points)
    if (p.x < 0 || p.y < 0 || p.x >= t.width * kSubPixel || p.y >= t.height * kSubPixel)
      return bad("a singular point lies outside the image");
  const auto& map = t.map;
  const bool shaped =
      map.empty() ? map.columns == 0 && map.rows == 0 && map.cells.empty()
                  : map.step > 0 && map.step < 256 && map.columns > 0 &&
                        map.columns < 256 && map.rows > 0 && map.rows < 256 &&
                        map.cells.size() == static_cast<std::size_t>(map.columns) *
                                                static_cast<std::size_t>(map.rows);
  if (!shaped) return bad("the ridge map's size and cells do not agree");
  return {};
}

void put_map(base::Writer& out, const RidgeMap& map) {
  std::uint8_t bits = 0;
  for (std::size_t k = 0; k < map.cells.size(); ++k) {
    if (map.cells[k].period != 0)
      bits = static_cast<std::uint8_t>(bits | 1U << (k % 8));
    if (k % 8 == 7 || k + 1 == map.cells.size()) {
      out.u8(bits);
      bits = 0;
    }
  }
  unsigned held = 0;
  unsigned value = 0;
  for (const MapCell& cell : map.cells) {
    if (cell.period == 0) continue;
    value |= (orientation_code(cell.orientation) | period_code(cell.period) << 6)
             << held;
    held += 12;
    while (held >= 8) {
      out.u8(static_cast<std::uint8_t>(value));
      value >>= 8;
      held -= 8;
    }
  }
  if (held > 0) out.u8(static_cast<std::uint8_t>(value));
}

Result<void> get_map(base::Reader& in, RidgeMap& map) {
  const std::size_t count =
      static_cast<std::size_t>(map.columns) * static_cast<std::size_t>(map.rows);
  URNA_TRY(const ByteView mask, in.fixed((count + 7) / 8));
  map.cells.resize(count);
  std::size_t inside = 0;
  for (std::size_t k = 0; k < mask.size() * 8; ++k) {
    if ((mask[k / 8] >> (k % 8) & 1U) == 0) continue;
    if (k >= count) return bad("the ridge map's mask has bits beyond its last cell");
    map.cells[k].period = 1;
    ++inside;
  }
  URNA_TRY(const ByteView packed, in.fixed((inside * 12 + 7) / 8));
  std::size_t bit = 0;
  for (MapCell& cell : map.cells) {
    if (cell.period == 0) continue;
    unsigned value = packed[bit / 8];
    if (bit / 8 + 1 < packed.size()) value |= unsigned{packed[bit / 8 + 1]} << 8;
    value = value >> (bit % 8) & 0xfffU;
    bit += 12;
    cell.orientation = static_cast<std::uint8_t>((value & 63U) * kOrientationUnit);
    cell.period = static_cast<std::uint8_t>((value >> 6) * kPeriodUnit);
    if (cell.period == 0) return bad("a cell of the ridge map has no period");
  }
  if (bit % 8 != 0 && packed.back() >> (bit % 8) != 0)
    return bad("the ridge map is followed by bits that are not zero");
  return {};
}

}  // namespace

std::size_t encoded_size(const Template& t) {
  std::size_t size = kHeaderBytes + kMinutiaBytes * t.minutiae.size() +
                     kSingularBytes * t.singular_points.size();
  if (!t.map.empty())
    size += (t.map.cells.size() + 7) / 8 + (cells_inside(t.map) * 12 + 7) / 8;
  return size;
}

Result<Bytes> encode_template(const Template& t) {
  URNA_CHECK(check(t));
  const std::size_t size = encoded_size(t);
  if (size > kMostTemplateBytes)
    return bad("the template needs " + std::to_string(size) +
               " bytes, 1024 are allowed");
  base::Writer out;
  for (const std::uint8_t byte : kMagic) out.u8(byte);
  out.u8(kVersion);
  out.u16(static_cast<std::uint16_t>(size));
  out.u16(static_cast<std::uint16_t>(t.width));
  out.u16(static_cast<std::uint16_t>(t.height));
  out.u8(static_cast<std::uint8_t>(t.position));
  out.u8(static_cast<std::uint8_t>(t.impression));
  out.u8(t.quality);
  out.u8(static_cast<std::uint8_t>(t.minutiae.size()));
  out.u8(static_cast<std::uint8_t>(t.map.step));
  out.u8(static_cast<std::uint8_t>(t.map.columns));
  out.u8(static_cast<std::uint8_t>(t.map.rows));
  out.u8(static_cast<std::uint8_t>(t.singular_points.size()));
  for (const Minutia& m : t.minutiae) {
    const std::uint64_t packed = pack(m);
    out.u32(static_cast<std::uint32_t>(packed));
    out.u16(static_cast<std::uint16_t>(packed >> 32));
  }
  for (const SingularPoint& p : t.singular_points) {
    out.u16(static_cast<std::uint16_t>(p.x));
    out.u16(static_cast<std::uint16_t>(p.y));
    const unsigned kind = p.kind == SingularPoint::Kind::delta ? 0x8000U : 0U;
    out.u16(static_cast<std::uint16_t>(kind | p.angle >> 1));
  }
  if (!t.map.empty()) put_map(out, t.map);
  return std::move(out).take();
}

bool is_private_template(ByteView bytes) {
  return bytes.size() >= 4 &&
         std::equal(std::begin(kMagic), std::end(kMagic), bytes.begin());
}

Result<Template> decode_template(ByteView bytes) {
  if (!is_private_template(bytes)) return bad("the file does not start with UFT");
  base::Reader in(bytes.subspan(3));
  URNA_TRY(const std::uint8_t version, in.u8());
  if (version != kVersion)
    return bad("the template has version " + std::to_string(version) + ", known is 1");
  URNA_TRY(const std::uint16_t size, in.u16());
  if (size != bytes.size() || size > kMostTemplateBytes)
    return bad("the template says " + std::to_string(size) + " bytes and has " +
               std::to_string(bytes.size()));
  Template t;
  URNA_TRY(t.width, in.u16());
  URNA_TRY(t.height, in.u16());
  URNA_TRY(const std::uint8_t position, in.u8());
  URNA_TRY(const std::uint8_t impression, in.u8());
  URNA_TRY(t.quality, in.u8());
  URNA_TRY(const std::uint8_t minutiae, in.u8());
  URNA_TRY(t.map.step, in.u8());
  URNA_TRY(t.map.columns, in.u8());
  URNA_TRY(t.map.rows, in.u8());
  URNA_TRY(const std::uint8_t singular, in.u8());
  if (position > 10 || t.quality > 100 || (impression > 3 && impression != 8))
    return bad("finger position, impression type or quality out of range");
  t.position = static_cast<FingerPosition>(position);
  t.impression = static_cast<ImpressionType>(impression);
  for (int k = 0; k < minutiae; ++k) {
    URNA_TRY(const std::uint32_t low, in.u32());
    URNA_TRY(const std::uint16_t high, in.u16());
    const std::uint64_t packed = low | std::uint64_t{high} << 32;
    Minutia m;
    m.x = static_cast<std::int16_t>(packed & 0x3fffU);
    m.y = static_cast<std::int16_t>(packed >> 14 & 0x3fffU);
    if ((packed >> 28 & 3U) > 2) return bad("a minutia has an unknown type");
    m.type = static_cast<MinutiaType>(packed >> 28 & 3U);
    m.angle = static_cast<std::uint16_t>((packed >> 30 & 0x7ffU) * kAngleUnit);
    m.quality = static_cast<std::uint8_t>(packed >> 41);
    t.minutiae.push_back(m);
  }
  for (int k = 0; k < singular; ++k) {
    SingularPoint p;
    URNA_TRY(const std::uint16_t x, in.u16());
    URNA_TRY(const std::uint16_t y, in.u16());
    URNA_TRY(const std::uint16_t rest, in.u16());
    if (x > 0x3fff || y > 0x3fff) return bad("a singular point lies outside the image");
    p.x = static_cast<std::int16_t>(x);
    p.y = static_cast<std::int16_t>(y);
    p.kind =
        (rest & 0x8000U) != 0 ? SingularPoint::Kind::delta : SingularPoint::Kind::core;
    p.angle = static_cast<std::uint16_t>((rest & 0x7fffU) << 1);
    t.singular_points.push_back(p);
  }
  if (t.map.step != 0) URNA_CHECK(get_map(in, t.map));
  URNA_CHECK(in.finish());
  URNA_CHECK(check(t));
  return t;
}

}  // namespace urna::finger
