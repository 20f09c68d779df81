// Templates through the standard records and the card formats.
#include "finger/iso/templates.hpp"

#include "finger/io_errors.hpp"
#include "finger/iso/card.hpp"

#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace urna::finger::iso {
namespace {

Template any_template(int count) {
  Template t;
  t.width = 300;
  t.height = 400;
  t.quality = 60;
  t.position = FingerPosition::left_index;
  for (int i = 0; i < count; ++i) {
    t.minutiae.push_back({.x = static_cast<std::int16_t>(*rc::gen::inRange(0, 2396)),
                          .y = static_cast<std::int16_t>(*rc::gen::inRange(0, 3196)),
                          .angle = *rc::gen::arbitrary<std::uint16_t>(),
                          .type = static_cast<MinutiaType>(*rc::gen::inRange(0, 3)),
                          .quality = *rc::gen::inRange<std::uint8_t>(0, 101)});
  }
  return t;
}

int turn_distance(int a, int b) {
  const int d = std::abs(a - b) % 65536;
  return std::min(d, 65536 - d);
}

RC_GTEST_PROP(Templates, SurviveEveryFormatWithinItsRounding, ()) {
  const Template t = any_template(*rc::gen::inRange(0, 50));
  for (const auto& [format, angle] : {std::pair{Format::iso_2005, 128},
                                      {Format::iso_2011, 128},
                                      {Format::ansi_2004, 183},
                                      {Format::ansi_2009, 183}}) {
    const auto bytes = encode(std::vector{t}, format);
    RC_ASSERT(bytes.has_value());
    const auto back = decode(*bytes);
    RC_ASSERT(back.has_value() && back->size() == 1);
    const Template& b = back->front();
    RC_ASSERT(b.width == t.width && b.height == t.height && b.quality == t.quality);
    RC_ASSERT(b.position == t.position);
    RC_ASSERT(b.minutiae.size() == t.minutiae.size());
    for (std::size_t i = 0; i < t.minutiae.size(); ++i) {
      RC_ASSERT(std::abs(b.minutiae[i].x - t.minutiae[i].x) <= kSubPixel / 2);
      RC_ASSERT(std::abs(b.minutiae[i].y - t.minutiae[i].y) <= kSubPixel / 2);
      RC_ASSERT(turn_distance(b.minutiae[i].angle, t.minutiae[i].angle) <= angle);
      RC_ASSERT(b.minutiae[i].type == t.minutiae[i].type);
      RC_ASSERT(b.minutiae[i].quality == t.minutiae[i].quality);
    }
    RC_ASSERT(*encode(*back, format) == *bytes);
  }
}

TEST(Templates, ResolutionIsTakenFromTheRecordOrTheCaller) {
  Record record;
  RecordView view;
  view.width = 569;
  view.height = 569;
  view.resolution_x = view.resolution_y = 394;  // 1000 dpi
  view.quality = {RecordQuality{.score = 1}};
  view.minutiae = {
      {.type = MinutiaType::ending, .x = 200, .y = 400, .angle = 0, .quality = 0}};
  record.views = {view};
  const Bytes bytes = *write_record(record);
  const auto claimed = decode(bytes);
  ASSERT_TRUE(claimed);
  EXPECT_NEAR(claimed->front().minutiae[0].x, 800, 2);
  const auto told = decode(bytes, {.strictness = Strictness::strict, .dpi = 500});
  ASSERT_TRUE(told);
  EXPECT_EQ(told->front().minutiae[0].x, 1600);
  EXPECT_FALSE(decode(bytes, {.strictness = Strictness::strict, .dpi = 10}));
}

TEST(Templates, TooManyMinutiaeKeepTheBest) {
  Template t;
  t.width = t.height = 300;
  for (int i = 0; i < 300; ++i) {
    t.minutiae.push_back({.x = static_cast<std::int16_t>(8 * i),
                          .y = 0,
                          .angle = 0,
                          .type = MinutiaType::ending,
                          .quality = static_cast<std::uint8_t>(i < 100 ? 5 : 90)});
  }
  const auto back = decode(*encode(std::vector{t}));
  ASSERT_TRUE(back);
  ASSERT_EQ(back->front().minutiae.size(), 255U);
  EXPECT_EQ(back->front().minutiae[54].quality, 5);
  EXPECT_EQ(back->front().minutiae[55].quality, 90);
}

TEST(Templates, SeveralFingersShareOneRecord) {
  Template a;
  a.width = a.height = 200;
  a.position = FingerPosition::right_thumb;
  Template b = a;
  b.width = 300;
  const auto back = decode(*encode(std::vector{a, b, a}));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->size(), 3U);
  EXPECT_EQ(back->front().width, 300);  // 2005 has one size for all
  const auto separate = decode(*encode(std::vector{a, b, a}, Format::iso_2011));
  ASSERT_TRUE(separate);
  EXPECT_EQ(separate->front().width, 200);
}

TEST(Templates, WhatCannotBeWrittenIsRefused) {
  EXPECT_FALSE(encode({}));
  EXPECT_FALSE(encode(std::vector{Template{}}));
}

RC_GTEST_PROP(Card, MinutiaeSurviveWithinItsUnits, ()) {
  const Template t = any_template(*rc::gen::inRange(1, 40));
  const struct {
    CardSize size;
    int place;
    int angle;
  } sizes[] = {{CardSize::normal, 2, 128}, {CardSize::compact, 9, 512}};
  for (const auto& s : sizes) {
    const auto bytes = encode_card(t, {.size = s.size});
    RC_ASSERT(bytes.has_value());
    const auto back = decode_card(*bytes, s.size);
    RC_ASSERT(back.has_value());
    RC_ASSERT(back->minutiae.size() == t.minutiae.size());
    for (std::size_t i = 0; i < t.minutiae.size(); ++i) {
      RC_ASSERT(std::abs(back->minutiae[i].x - t.minutiae[i].x) <= s.place);
      RC_ASSERT(std::abs(back->minutiae[i].y - t.minutiae[i].y) <= s.place);
      RC_ASSERT(turn_distance(back->minutiae[i].angle, t.minutiae[i].angle) <= s.angle);
      RC_ASSERT(back->minutiae[i].type == t.minutiae[i].type);
    }
    RC_ASSERT(*encode_card(*back, {.size = s.size}) == *bytes);
  }
}

RC_GTEST_PROP(Card, OrdersAreWhatTheCardAsksFor, ()) {
  const Template t = any_template(*rc::gen::inRange(1, 30));
  const auto read = [&](CardOrder order) {
    return decode_card(*encode_card(t, {.size = CardSize::normal, .order = order}),
                       CardSize::normal)
        ->minutiae;
  };
  const auto by_x = read(CardOrder::ascending_x);
  RC_ASSERT(std::ranges::is_sorted(by_x, {}, &Minutia::x));
  const auto by_y = read(CardOrder::ascending_y);
  RC_ASSERT(std::ranges::is_sorted(by_y, {}, &Minutia::y));
  const auto polar = read(CardOrder::polar);
  double cx = 0;
  double cy = 0;
  for (const auto& m : polar) {
    cx += m.x;
    cy += m.y;
  }
  cx /= static_cast<double>(polar.size());
  cy /= static_cast<double>(polar.size());
  for (std::size_t i = 1; i < polar.size(); ++i) {
    RC_ASSERT(std::hypot(polar[i - 1].x - cx, polar[i - 1].y - cy) <=
              std::hypot(polar[i].x - cx, polar[i].y - cy) + 4);
  }
}

TEST(Card, BytesThatAreNoMinutiaeAreRefused) {
  EXPECT_FALSE(decode_card({}, CardSize::compact));
  EXPECT_FALSE(decode_card(Bytes(4), CardSize::compact));
  EXPECT_FALSE(decode_card(Bytes{1, 2, 0xC0}, CardSize::compact));
  EXPECT_FALSE(decode_card(Bytes{1, 2, 0x40, 0, 0}, CardSize::normal));
}

}  // namespace
}  // namespace urna::finger::iso
