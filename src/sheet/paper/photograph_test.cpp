// Sheets of the assembly's size, printed, photographed as hands and light happen to
// be (turned, in perspective, blurred, noisy, unevenly lit, JPEG) and read back.
#include "sheet/paper/testing/photograph.hpp"

#include "sheet/chain.hpp"
#include "sheet/paper/qr.hpp"
#include "sheet/paper/sheet_print.hpp"
#include "sheet/testing/samples.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include <gtest/gtest.h>

namespace urna::sheet {
namespace {

// What people photograph: the end of a roll in overlapping pieces, an A4 page with
// codes as a whole.
std::vector<GrayImage> views_of(std::vector<GrayImage> pages, Medium medium) {
  std::vector<GrayImage> views;
  for (GrayImage& page : pages) {
    if (medium == Medium::a4) {
      if (&page == &pages.back()) views.push_back(std::move(page));
      continue;
    }
    const int codes = std::min(page.height, 2500);
    const GrayImage end = crop(page, 0, page.height - codes, page.width, codes);
    for (GrayImage& piece : testing::overlapping_pieces(end, 1350, 600)) {
      views.push_back(std::move(piece));
    }
  }
  return views;
}

bool survives_photographs(std::uint32_t seed, Medium medium) {
  const SignedSheet sheet =
      testing::sign_sample(testing::assembly_sheet(seed, 1 + seed % 4));
  const auto document =
      sheet_document(sheet, names_from_codes(sheet.sheet.fields(), "es"), {});
  const auto views = views_of(*to_images(*document, medium), medium);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < views.size(); ++i) {
    const auto number = static_cast<std::uint32_t>(seed * 16 + i);
    testing::Camera camera = testing::random_camera(number);
    // The whole page from further away: 7 to 12 pixels a millimetre.
    if (medium == Medium::a4) camera.scale *= 0.7;
    const Bytes jpeg = testing::photograph(views[i], camera, number);
    // Like the collector: enough once a picture gives a whole certified sheet.
    const auto whole = [](const std::vector<std::string>& found) {
      const auto read = read_chain(found);
      return read && read->certificate;
    };
    for (std::string& text : read_qr(*decode_picture(jpeg), whole)) {
      texts.push_back(std::move(text));
    }
  }
  const std::vector authorities{testing::authority_key().public_key()};
  const auto read = read_chain(texts);
  return read && check_signature(*read, authorities) &&
         read->sheet.text() == sheet.sheet.text();
}

// One sheet in a hundred may be lost; of a smaller sample, none.
void expect_nearly_all(Medium medium, std::uint32_t sheets) {
  std::uint32_t good = 0;
  std::string lost;
  for (std::uint32_t seed = 0; seed < sheets; ++seed) {
    if (survives_photographs(seed, medium)) {
      ++good;
    } else {
      lost += " " + std::to_string(seed);
    }
  }
  ::testing::Test::RecordProperty("read_back", static_cast<int>(good));
  EXPECT_GE(good, sheets - sheets / 100) << "lost:" << lost;
}

TEST(Photographs, NinetyNineOfAHundredRollsAreReadBack) {
  expect_nearly_all(Medium::roll80, 100);
}

TEST(Photographs, NinetyNineOfAHundredA4SheetsAreReadBack) {
  // 300 dots an inch and whole pages: a hundred take minutes.
  const bool whole = std::getenv("URNA_LONG") != nullptr;
  if (!whole) std::puts("20 sheets; URNA_LONG=1 takes all 100");
  expect_nearly_all(Medium::a4, whole ? 100 : 20);
}

// The test above can fail: a camera that sees nothing reads nothing.
TEST(Photographs, ACameraOutOfFocusReadsNothing) {
  const SignedSheet sheet = testing::sign_sample(testing::assembly_sheet(1));
  const auto document =
      sheet_document(sheet, names_from_codes(sheet.sheet.fields(), "es"), {});
  testing::Camera camera;
  camera.blur = 12;
  for (const GrayImage& view :
       views_of(*to_images(*document, Medium::roll80), Medium::roll80)) {
    EXPECT_TRUE(read_qr(*decode_picture(testing::photograph(view, camera, 1))).empty());
  }
}

}  // namespace
}  // namespace urna::sheet
