// Minutiae records byte by byte: the worked example of docs/formats, exact inverses,
// damage, and the quirks lenient reading forgives.
#include "finger/iso/record.hpp"

#include "base/encoding.hpp"
#include "finger/io_errors.hpp"
#include "finger/iso/card.hpp"
#include "finger/iso/templates.hpp"

#include <fstream>
#include <regex>
#include <sstream>
#include <utility>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace urna::finger::iso {
namespace {

const std::vector<Format> kFormats{Format::iso_2005, Format::iso_2011,
                                   Format::ansi_2004, Format::ansi_2009};

Record example(Format format) {
  Record record;
  record.format = format;
  RecordView view;
  view.position = FingerPosition::right_index;
  view.width = 388;
  view.height = 374;
  view.quality = {RecordQuality{.score = 80}};
  view.minutiae = {
      {.type = MinutiaType::ending, .x = 100, .y = 200, .angle = 64, .quality = 90},
      {.type = MinutiaType::bifurcation, .x = 387, .y = 0, .angle = 179, .quality = 0}};
  record.views = {view};
  return record;
}

rc::Gen<Record> any_record() {
  return rc::gen::exec([] {
    Record record;
    record.format = *rc::gen::elementOf(kFormats);
    const bool iso_2011 = record.format == Format::iso_2011;
    const bool ansi =
        record.format == Format::ansi_2004 || record.format == Format::ansi_2009;
    record.device = iso_2011 ? std::uint16_t{0} : *rc::gen::arbitrary<std::uint16_t>();
    if (ansi) record.owner = *rc::gen::arbitrary<std::uint16_t>();
    if (ansi) record.product = *rc::gen::arbitrary<std::uint16_t>();
    if (iso_2011) record.certified = *rc::gen::inRange<std::uint8_t>(0, 2);
    RecordView shared;
    shared.width = *rc::gen::inRange<std::uint16_t>(1, 2000);
    shared.height = *rc::gen::inRange<std::uint16_t>(1, 2000);
    shared.resolution_x = *rc::gen::inRange<std::uint16_t>(1, 500);
    const int views = *rc::gen::inRange(1, 4);
    for (int i = 0; i < views; ++i) {
      RecordView view = shared;
      view.position = static_cast<FingerPosition>(*rc::gen::inRange(0, 11));
      view.number = *rc::gen::inRange<std::uint8_t>(0, 16);
      view.impression = *rc::gen::inRange<std::uint8_t>(0, 16);
      view.quality = {RecordQuality{.score = *rc::gen::inRange<std::uint8_t>(0, 101)}};
      if (iso_2011) {
        view.minutia_quality = *rc::gen::arbitrary<bool>();
        if (record.certified == 1) view.certifications = {{1, 2, 3}};
      }
      const int count = *rc::gen::inRange(0, 20);
      for (int k = 0; k < count; ++k) {
        RecordMinutia m;
        m.type = static_cast<MinutiaType>(*rc::gen::inRange(0, 3));
        m.x = *rc::gen::inRange<std::uint16_t>(0, view.width);
        m.y = *rc::gen::inRange<std::uint16_t>(0, view.height);
        m.angle = static_cast<std::uint8_t>(*rc::gen::inRange(0, ansi ? 180 : 256));
        m.quality = view.minutia_quality ? *rc::gen::inRange<std::uint8_t>(0, 101)
                                         : std::uint8_t{254};
        view.minutiae.push_back(m);
      }
      if (*rc::gen::arbitrary<bool>()) {
        view.extended.push_back({1, *rc::gen::arbitrary<Bytes>()});
        view.extended.push_back({0x0102, *rc::gen::arbitrary<Bytes>()});
      }
      record.views.push_back(view);
    }
    return record;
  });
}

RC_GTEST_PROP(Record, ComesBackFromItsBytes, ()) {
  const Record record = *any_record();
  const auto bytes = write_record(record);
  RC_ASSERT(bytes.has_value());
  RC_ASSERT(detect_record(*bytes) == record.format);
  const auto back = read_record(*bytes);
  RC_ASSERT(back.has_value());
  RC_ASSERT(*back == record);
  RC_ASSERT(*write_record(*back) == *bytes);
}

TEST(Record, FortyFiveMinutiaeTakeThreeHundredBytes) {
  Record record = example(Format::iso_2005);
  record.views[0].minutiae.assign(45, record.views[0].minutiae[0]);
  EXPECT_EQ(write_record(record)->size(), 300U);
}

// The hexadecimal blocks of the page are exactly what example() gives.
TEST(Record, TheWorkedExampleOfThePageIsWhatIsWritten) {
  std::ifstream page(URNA_SOURCE_DIR "/docs/formats/finger-records.md");
  ASSERT_TRUE(page);
  std::stringstream text;
  text << page.rdbuf();
  const std::string all = text.str();
  const auto bytes_after = [&](const std::string& mark) {
    const std::size_t begin = all.find("```hex " + mark + "\n");
    if (begin == std::string::npos) return Bytes{};
    const std::size_t end = all.find("```", begin + 3);
    std::stringstream lines(all.substr(begin, end - begin));
    std::string line;
    std::getline(lines, line);
    std::string hex;
    while (std::getline(lines, line)) {
      for (const char c : line.substr(0, line.find('#'))) {
        if (c != ' ') hex += c;
      }
    }
    const auto bytes = base::from_hex(hex);
    return bytes ? *bytes : Bytes{};
  };
  EXPECT_EQ(bytes_after("iso-2005"), *write_record(example(Format::iso_2005)));
  EXPECT_EQ(bytes_after("iso-2011"), *write_record(example(Format::iso_2011)));
  EXPECT_EQ(bytes_after("ansi-2004"), *write_record(example(Format::ansi_2004)));
  EXPECT_EQ(bytes_after("ansi-2009"), *write_record(example(Format::ansi_2009)));
  const auto print = decode(*write_record(example(Format::iso_2005)));
  ASSERT_TRUE(print);
  for (const auto& [mark, size] : {std::pair{"card-normal", CardSize::normal},
                                   {"card-compact", CardSize::compact}}) {
    EXPECT_EQ(bytes_after(mark), *encode_card(print->front(), {.size = size})) << mark;
    const auto back = decode_card(bytes_after(mark), size);
    ASSERT_TRUE(back) << mark;
    EXPECT_EQ(back->minutiae.size(), 2U);
  }
}

TEST(Record, EveryTruncationIsRefusedByStrictReading) {
  for (const Format format : kFormats) {
    const Bytes bytes = *write_record(example(format));
    for (std::size_t n = 0; n < bytes.size(); ++n) {
      EXPECT_FALSE(read_record(ByteView(bytes).first(n))) << n;
      (void)read_record(ByteView(bytes).first(n), Strictness::lenient);
    }
    Bytes longer = bytes;
    longer.push_back(0);
    EXPECT_FALSE(read_record(longer));
  }
}

// Strict reading has one legal encoding: what it accepts, it writes back the same.
TEST(Record, EverySingleByteChangeIsRefusedOrWrittenBackTheSame) {
  for (const Format format : kFormats) {
    Record record = example(format);
    record.views[0].extended = {{1, {0, 1, 2, 3}}, {2, {9, 9}}};
    const Bytes bytes = *write_record(record);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      for (int value = 0; value < 256; ++value) {
        Bytes changed = bytes;
        changed[at] = static_cast<std::uint8_t>(value);
        const auto read = read_record(changed);
        if (read) {
          ASSERT_EQ(*write_record(*read), changed) << "byte " << at << " = " << value;
        }
        (void)read_record(changed, Strictness::lenient);
      }
    }
  }
}

TEST(Record, LongAnsiRecordsUseTheSixByteLength) {
  Record record = example(Format::ansi_2004);
  record.views[0].minutiae.assign(255, record.views[0].minutiae[0]);
  record.views.assign(60, record.views[0]);
  const Bytes bytes = *write_record(record);
  EXPECT_GT(bytes.size(), 65536U);
  EXPECT_EQ(bytes[8] | bytes[9], 0);
  EXPECT_EQ(detect_record(bytes), Format::ansi_2004);
  const auto back = read_record(bytes);
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(*back, record);
}

TEST(Record, LenientReadingForgivesWhatRealExtractorsWrite) {
  Record record = example(Format::iso_2005);
  record.views[0].extended = {{1, {0, 1, 2, 3}}};
  Bytes bytes = *write_record(record);
  const auto lenient = [](const Bytes& b) {
    return read_record(b, Strictness::lenient);
  };

  Bytes quirk = bytes;  // extended length counts its header, as in ANSI
  quirk[quirk.size() - 5] = 8;
  EXPECT_FALSE(read_record(quirk));
  ASSERT_TRUE(lenient(quirk));
  EXPECT_EQ(*lenient(quirk), record);

  quirk = bytes;  // extended data that fits no reading is dropped
  quirk[quirk.size() - 5] = 77;
  EXPECT_FALSE(read_record(quirk));
  ASSERT_TRUE(lenient(quirk));
  EXPECT_TRUE(lenient(quirk)->views[0].extended.empty());

  quirk = *write_record(example(Format::iso_2005));
  quirk.resize(quirk.size() - 2);  // no extended length at the end
  EXPECT_FALSE(read_record(quirk));
  ASSERT_TRUE(lenient(quirk));
  EXPECT_EQ(lenient(quirk)->views, example(Format::iso_2005).views);

  quirk = bytes;
  append(quirk, Bytes{1, 2, 3});  // bytes after the end
  EXPECT_EQ(*lenient(quirk), record);

  quirk = bytes;
  quirk[18] = quirk[19] = 0;  // resolution zero
  EXPECT_FALSE(read_record(quirk));
  EXPECT_EQ(*lenient(quirk), record);

  quirk = bytes;
  quirk[28] = 0x7F;  // the first minutia far outside the image
  EXPECT_FALSE(read_record(quirk));
  ASSERT_TRUE(lenient(quirk));
  EXPECT_EQ(lenient(quirk)->views[0].minutiae.size(), 1U);
}

TEST(Record, OtherFilesAreNotTakenForRecords) {
  EXPECT_EQ(detect_record({}), std::nullopt);
  const auto refused = read_record(Bytes(100, 0x46));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, errors::not_minutiae_record);
}

}  // namespace
}  // namespace urna::finger::iso
