#include "finger/iso/card.hpp"

#include "finger/io_errors.hpp"

#include <algorithm>
#include <cstdint>
#include <tuple>

#include <fmt/format.h>

namespace urna::finger::iso {
namespace {

// One unit of Minutia::x is 25.4 / 4000 mm, that is 0.635 hundredths of a
// millimetre.
constexpr int kHundredthsPerThousandUnits = 635;

struct CardMinutia {
  std::uint32_t x = 0;  // in the units of the card size
  std::uint32_t y = 0;
  std::uint32_t angle = 0;
  std::uint32_t type = 0;
  std::uint8_t quality = 0;
};

int divide_rounded(int value, int by) {
  return value >= 0 ? (value + by / 2) / by : -((-value + by / 2) / by);
}

std::vector<CardMinutia> to_card(const Template& from, CardSize size) {
  const int step = size == CardSize::normal ? 1000 : 10000;
  const int most = size == CardSize::normal ? 0x3FFF : 0xFF;
  const unsigned turn = size == CardSize::normal ? 256 : 64;
  std::vector<CardMinutia> out;
  for (const Minutia& m : from.minutiae) {
    const int x = divide_rounded(m.x * kHundredthsPerThousandUnits, step);
    const int y = divide_rounded(m.y * kHundredthsPerThousandUnits, step);
    if (x < 0 || y < 0 || x > most || y > most) continue;
    const unsigned width = 65536U / turn;
    out.push_back({static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y),
                   (m.angle + width / 2) / width % turn,
                   static_cast<std::uint32_t>(m.type), m.quality});
  }
  return out;
}

// Distances are compared exactly by scaling with the count instead of dividing.
void sort_polar(std::vector<CardMinutia>& minutiae) {
  std::int64_t sum_x = 0;
  std::int64_t sum_y = 0;
  for (const CardMinutia& m : minutiae) {
    sum_x += m.x;
    sum_y += m.y;
  }
  const auto n = static_cast<std::int64_t>(minutiae.size());
  struct Place {
    std::int64_t dx, dy;
    [[nodiscard]] std::int64_t distance() const { return dx * dx + dy * dy; }
    // Counter-clockwise from +x with y down: the upper half plane comes first.
    [[nodiscard]] int half() const { return dy < 0 || (dy == 0 && dx >= 0) ? 0 : 1; }
  };
  const auto place = [&](const CardMinutia& m) {
    return Place{n * m.x - sum_x, n * m.y - sum_y};
  };
  std::ranges::sort(minutiae, [&](const CardMinutia& a, const CardMinutia& b) {
    const Place p = place(a);
    const Place q = place(b);
    if (p.distance() != q.distance()) return p.distance() < q.distance();
    if (p.half() != q.half()) return p.half() < q.half();
    const std::int64_t turn = p.dy * q.dx - p.dx * q.dy;
    if (turn != 0) return turn < 0;
    return std::tuple(a.angle, a.type) < std::tuple(b.angle, b.type);
  });
}

void sort_for_card(std::vector<CardMinutia>& minutiae, CardOrder order) {
  switch (order) {
    case CardOrder::any:
      return;
    case CardOrder::ascending_x:
      std::ranges::sort(minutiae, {}, [](const auto& m) {
        return std::tuple(m.x, m.y, m.angle, m.type);
      });
      return;
    case CardOrder::ascending_y:
      std::ranges::sort(minutiae, {}, [](const auto& m) {
        return std::tuple(m.y, m.x, m.angle, m.type);
      });
      return;
    case CardOrder::polar:
      sort_polar(minutiae);
      return;
  }
}

void keep_best(std::vector<CardMinutia>& minutiae, std::size_t most) {
  if (minutiae.size() <= most) return;
  std::vector<std::size_t> index(minutiae.size());
  for (std::size_t i = 0; i < index.size(); ++i) index[i] = i;
  std::ranges::sort(index, {}, [&](std::size_t i) {
    return std::pair(255 - minutiae[i].quality, i);
  });
  index.resize(most);
  std::ranges::sort(index);
  std::vector<CardMinutia> out;
  for (const std::size_t i : index) out.push_back(minutiae[i]);
  minutiae = std::move(out);
}

void put16(Bytes& out, std::uint32_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value));
}

std::int16_t to_units(std::uint32_t value, CardSize size) {
  const std::uint32_t hundredths = size == CardSize::normal ? value : value * 10;
  return static_cast<std::int16_t>((hundredths * 1000U + 317U) / 635U);
}

}  // namespace

Result<Bytes> encode_card(const Template& from, const CardOptions& options) {
  std::vector<CardMinutia> minutiae = to_card(from, options.size);
  keep_best(minutiae, options.most);
  if (minutiae.empty()) {
    return fail(errors::unencodable_template, "no minutia fits the card format");
  }
  sort_for_card(minutiae, options.order);
  Bytes out;
  for (const CardMinutia& m : minutiae) {
    if (options.size == CardSize::normal) {
      put16(out, m.type << 14 | m.x);
      put16(out, m.y);
      out.push_back(static_cast<std::uint8_t>(m.angle));
    } else {
      out.push_back(static_cast<std::uint8_t>(m.x));
      out.push_back(static_cast<std::uint8_t>(m.y));
      out.push_back(static_cast<std::uint8_t>(m.type << 6 | m.angle));
    }
  }
  return out;
}

Result<Template> decode_card(ByteView bytes, CardSize size) {
  const std::size_t step = size == CardSize::normal ? 5 : 3;
  if (bytes.empty() || bytes.size() % step != 0 || bytes.size() / step > 255) {
    return fail(
        errors::bad_minutiae_record,
        fmt::format("{} bytes are not 1 to 255 minutiae of {}", bytes.size(), step));
  }
  Template out;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    const std::uint8_t* p = bytes.data() + at;
    Minutia m;
    unsigned type = 0;
    if (size == CardSize::normal) {
      type = p[0] >> 6;
      if (p[2] > 0x3F)
        return fail(errors::bad_minutiae_record, "a reserved bit is set");
      const std::uint32_t x = (p[0] & 0x3FU) << 8 | p[1];
      const std::uint32_t y = static_cast<std::uint32_t>(p[2] << 8 | p[3]);
      m.x = to_units(x, size);
      m.y = to_units(y, size);
      m.angle = static_cast<std::uint16_t>(p[4] * 256U);
    } else {
      type = p[2] >> 6;
      m.x = to_units(p[0], size);
      m.y = to_units(p[1], size);
      m.angle = static_cast<std::uint16_t>((p[2] & 0x3FU) * 1024U);
    }
    if (type == 3) return fail(errors::bad_minutiae_record, "a minutia of type 3");
    m.type = static_cast<MinutiaType>(type);
    out.width = std::max(out.width, m.x / kSubPixel + 1);
    out.height = std::max(out.height, m.y / kSubPixel + 1);
    out.minutiae.push_back(m);
  }
  return out;
}

}  // namespace urna::finger::iso
