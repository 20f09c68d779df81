#include "finger/iso/templates.hpp"

#include "finger/io_errors.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace urna::finger::iso {
namespace {

constexpr double kLeastDpi = 250;
constexpr double kMostDpi = 2500;
constexpr std::uint8_t kUnknown2011 = 254;

bool is_ansi(Format format) {
  return format == Format::ansi_2004 || format == Format::ansi_2009;
}

// Target units (1/8 pixel at 500 dpi) in one source pixel.
Result<double> scale_of(std::uint16_t per_centimetre, const DecodeOptions& options) {
  // 197 per centimetre is how 500 dpi is written in whole numbers.
  const double claimed = per_centimetre == 197 ? 500.0 : per_centimetre * 2.54;
  const double dpi = options.dpi.value_or(claimed);
  if (!(dpi >= kLeastDpi && dpi <= kMostDpi)) {
    return fail(errors::input_resolution, fmt::format("{:.0f} dpi", dpi),
                "give the scanner's true resolution");
  }
  return kSubPixel * 500.0 / dpi;
}

std::int16_t to_units(double pixels, double scale) {
  return static_cast<std::int16_t>(
      std::clamp(std::floor(pixels * scale + 0.5), -32768.0, 32767.0));
}

std::uint16_t angle_from(std::uint8_t angle, Format format) {
  if (is_ansi(format)) return static_cast<std::uint16_t>((angle * 65536U + 90U) / 180U);
  return static_cast<std::uint16_t>(angle * 256U);
}

std::uint8_t angle_to(std::uint16_t angle, Format format) {
  if (is_ansi(format)) {
    return static_cast<std::uint8_t>((angle * 180U + 32768U) / 65536U % 180U);
  }
  return static_cast<std::uint8_t>((angle + 128U) / 256U);
}

Result<Template> to_template(const RecordView& view, Format format,
                             const DecodeOptions& options) {
  URNA_TRY(const double scale_x, scale_of(view.resolution_x, options));
  URNA_TRY(const double scale_y, scale_of(view.resolution_y, options));
  Template out;
  out.width = static_cast<int>(std::floor(view.width * scale_x / kSubPixel + 0.5));
  out.height = static_cast<int>(std::floor(view.height * scale_y / kSubPixel + 0.5));
  out.position = view.position;
  if (view.impression <= 3 || view.impression == 8) {
    out.impression = static_cast<ImpressionType>(view.impression);
  }
  if (!view.quality.empty() && view.quality.front().score <= 100) {
    out.quality = view.quality.front().score;
  }
  for (const RecordMinutia& m : view.minutiae) {
    out.minutiae.push_back({.x = to_units(m.x, scale_x),
                            .y = to_units(m.y, scale_y),
                            .angle = angle_from(m.angle, format),
                            .type = m.type,
                            .quality = m.quality <= 100 ? m.quality : std::uint8_t{0}});
  }
  return out;
}

// The indices of the minutiae to keep, in their order.
std::vector<std::size_t> kept(const Template& from) {
  std::vector<std::size_t> order(from.minutiae.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto most = static_cast<std::size_t>(kMaxMinutiae);
  if (order.size() <= most) return order;
  std::ranges::sort(order, {}, [&](std::size_t i) {
    return std::pair(255 - from.minutiae[i].quality, i);
  });
  order.resize(most);
  std::ranges::sort(order);
  return order;
}

std::uint16_t to_pixel(std::int16_t units, int size) {
  const int pixel = (units + kSubPixel / 2) >> 3;
  return static_cast<std::uint16_t>(std::clamp(pixel, 0, size - 1));
}

RecordView to_view(const Template& from, Format format, int width, int height) {
  const bool iso_2011 = format == Format::iso_2011;
  RecordView view;
  view.position = from.position;
  view.impression = static_cast<std::uint8_t>(from.impression);
  view.width = static_cast<std::uint16_t>(width);
  view.height = static_cast<std::uint16_t>(height);
  view.quality = {RecordQuality{.score = from.quality}};
  for (const std::size_t i : kept(from)) {
    const Minutia& m = from.minutiae[i];
    const bool unknown = m.quality == 0 || m.quality > 100;
    view.minutiae.push_back({.type = m.type,
                             .x = to_pixel(m.x, width),
                             .y = to_pixel(m.y, height),
                             .angle = angle_to(m.angle, format),
                             .quality = !unknown   ? m.quality
                                        : iso_2011 ? kUnknown2011
                                                   : std::uint8_t{0}});
  }
  return view;
}

}  // namespace

Result<std::vector<Template>> decode(ByteView bytes, const DecodeOptions& options) {
  URNA_TRY(const Record record, read_record(bytes, options.strictness));
  std::vector<Template> out;
  for (const RecordView& view : record.views) {
    URNA_TRY(Template one, to_template(view, record.format, options));
    out.push_back(std::move(one));
  }
  return out;
}

Result<Bytes> encode(std::span<const Template> templates, Format format) {
  Record record;
  record.format = format;
  const bool shared = format == Format::iso_2005 || format == Format::ansi_2004;
  int width = 0;
  int height = 0;
  for (const Template& from : templates) {
    if (from.width < 1 || from.height < 1 || from.width > 0x3FFF ||
        from.height > 0x3FFF) {
      return fail(errors::unencodable_template,
                  fmt::format("an image of {} x {}", from.width, from.height));
    }
    width = std::max(width, from.width);
    height = std::max(height, from.height);
  }
  std::array<std::uint8_t, 11> seen{};
  for (const Template& from : templates) {
    record.views.push_back(to_view(from, format, shared ? width : from.width,
                                   shared ? height : from.height));
    record.views.back().number = seen[static_cast<std::size_t>(from.position)]++;
  }
  return write_record(record);
}

}  // namespace urna::finger::iso
