// Sheets printed, photographed and read back.
#include "sheet/chain.hpp"
#include "sheet/errors.hpp"
#include "sheet/paper/collect.hpp"
#include "sheet/paper/qr.hpp"
#include "sheet/paper/sheet_print.hpp"
#include "sheet/paper/testing/photograph.hpp"
#include "sheet/testing/samples.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace urna::sheet {
namespace {

using testing::assembly_sheet;
using testing::sign_sample;

// A folder of this test's own, emptied first.
std::filesystem::path fresh_folder(std::string_view name) {
  const auto folder =
      std::filesystem::path(URNA_BINARY_DIR) / "sheet_paper_test" / name;
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder;
}

void write_file(const std::filesystem::path& path, ByteView bytes) {
  std::ofstream out(path, std::ios::binary);
  const std::string_view text = as_text(bytes);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
}

Document printed(const SignedSheet& sheet, std::string language = "es") {
  PrintOptions options;
  options.language = language;
  return *sheet_document(sheet, names_from_codes(sheet.sheet.fields(), language),
                         options);
}

std::vector<std::string> codes_in(const std::vector<GrayImage>& pages) {
  std::vector<std::string> out;
  for (const GrayImage& page : pages) {
    for (std::string& text : read_qr(page)) out.push_back(std::move(text));
  }
  return out;
}

TEST(Qr, EveryLengthUpToTheLimitReadsBack) {
  for (std::size_t size = 1; size <= kMaxCodeText; size += 23) {
    std::string text(size, 'A');
    for (std::size_t i = 0; i < size; ++i) text[i] = "0AZ $%*+-./:9"[i * 7 % 13];
    const auto code = encode_qr(text);
    ASSERT_TRUE(code);
    GrayImage image;
    constexpr int kModule = 4;
    image.width = image.height = (code->size + 2 * kQuietModules) * kModule;
    for (int y = 0; y < image.height; ++y) {
      for (int x = 0; x < image.width; ++x) {
        const int mx = x / kModule - kQuietModules, my = y / kModule - kQuietModules;
        const bool inside = mx >= 0 && my >= 0 && mx < code->size && my < code->size;
        image.pixels.push_back(inside && code->at(mx, my) ? 0 : 255);
      }
    }
    EXPECT_EQ(read_qr(image), std::vector{text}) << size;
  }
}

TEST(Qr, ALongestCodeOfAChainStaysWithinVersion18) {
  // 89 modules: 0.74 mm each on the 72 mm of a roll.
  EXPECT_LE(encode_qr(std::string(kMaxCodeText, 'A'))->size, 89);
  EXPECT_FALSE(encode_qr(std::string(5000, 'A')));
}

TEST(Print, BothPapersInBothLanguagesCarryTheWholeSheet) {
  const SignedSheet sheet = sign_sample(assembly_sheet(3));
  for (const Medium medium : {Medium::roll80, Medium::a4}) {
    for (const char* language : {"es", "en"}) {
      const auto pages = to_images(printed(sheet, language), medium);
      ASSERT_TRUE(pages) << pages.error().text();
      const auto read = read_chain(codes_in(*pages));
      ASSERT_TRUE(read) << read.error().text();
      EXPECT_EQ(to_file_text(*read), to_file_text(sheet));
    }
  }
}

TEST(Print, ManyContestsFlowOverManyPages) {
  SheetFields f = assembly_sheet(3);
  for (int i = 0; i < 8; ++i) {
    f.contests.push_back(f.contests[1]);
    f.contests.back().code = "EXTRA" + std::to_string(i);
  }
  const SignedSheet sheet = sign_sample(f);
  const auto pages = to_images(printed(sheet), Medium::a4);
  ASSERT_TRUE(pages) << pages.error().text();
  EXPECT_GE(pages->size(), 7U);
  const auto read = read_chain(codes_in(*pages));
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->sheet.text(), sheet.sheet.text());
}

TEST(Print, TextInAPdfSaysEveryNumberOfTheSheet) {
  SheetFields f = assembly_sheet(11);
  f.check_in.total = *f.check_in.total + 1;  // a difference to show
  const SignedSheet sheet = sign_sample(f);
  for (const Medium medium : {Medium::roll80, Medium::a4}) {
    const auto folder = fresh_folder("text");
    const auto pdf = to_pdf(printed(sheet, "en"), medium);
    ASSERT_TRUE(pdf) << pdf.error().text();
    write_file(folder / "sheet.pdf", *pdf);
    const std::string command = "pdftotext -layout '" +
                                (folder / "sheet.pdf").string() + "' '" +
                                (folder / "sheet.txt").string() + "'";
    ASSERT_EQ(std::system(command.c_str()), 0) << "pdftotext is in poppler-utils";
    std::ifstream in(folder / "sheet.txt");
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    for (const ContestResult& contest : f.contests) {
      for (const OptionVotes& option : contest.options) {
        EXPECT_NE(text.find(option.code), std::string::npos) << option.code;
      }
      EXPECT_NE(text.find(std::to_string(contest.sum())), std::string::npos);
    }
    EXPECT_NE(text.find("DIFFERENCES"), std::string::npos) << text;
    EXPECT_NE(text.find("≠"), std::string::npos);
    EXPECT_NE(text.find(short_digest(sheet.sheet.digest())), std::string::npos);
    for (const char* role : {"President", "Secretary", "Witness A"}) {
      EXPECT_NE(text.find(role), std::string::npos) << role;
    }
  }
}

TEST(Print, AnImportedSheetIsMarkedAndHasNoCodes) {
  SheetFields f = assembly_sheet(3);
  f.origin = Origin::imported;
  f.registered = std::nullopt;
  const SignedSheet sheet{*Sheet::make(f), std::nullopt, std::nullopt};
  const auto pages = to_images(printed(sheet), Medium::a4);
  ASSERT_TRUE(pages);
  EXPECT_TRUE(codes_in(*pages).empty());
}

TEST(Print, TheOfficialsSlipCarriesTheirSignatures) {
  const SignedSheet sheet = sign_sample(assembly_sheet(3));
  std::vector<OfficialSignature> signatures;
  for (std::uint32_t i = 0; i < 3; ++i) {
    signatures.push_back(*OfficialSignature::sign(
        SignedDocument::sheet, sheet.sheet.digest(), sheet.sheet.fields().station,
        "WITNESS", "V-" + std::to_string(i), testing::device_key(50 + i)));
  }
  const auto names = names_from_codes(sheet.sheet.fields(), "es");
  const Document slip = officials_document(sheet.sheet, signatures, names, {});
  const auto codes = codes_in(*to_images(slip, Medium::roll80));
  ASSERT_EQ(codes.size(), 3U);
  for (const std::string& text : codes) {
    const auto read = OfficialSignature::parse(text);
    ASSERT_TRUE(read);
    EXPECT_TRUE(read->check());
    EXPECT_EQ(read->digest(), sheet.sheet.digest());
  }
}

TEST(Pictures, DamagedAndForeignFilesAreErrors) {
  const auto page = to_png(printed(sign_sample(assembly_sheet(3))), Medium::roll80);
  const Bytes png = page->front();
  for (const std::size_t size : {0UL, 3UL, 8UL, 100UL, png.size() / 2}) {
    EXPECT_FALSE(decode_picture(ByteView(png).first(size))) << size;
  }
  const Bytes jpeg = testing::encode_jpeg(*decode_picture(png), 70);
  for (const std::size_t size : {3UL, 20UL, 200UL}) {
    EXPECT_FALSE(decode_picture(ByteView(jpeg).first(size))) << size;
  }
  EXPECT_FALSE(decode_picture(as_bytes("hello")));
}

TEST(Pictures, ABombOfPixelsIsRefusedBeforeItIsUnpacked) {
  // A JPEG header that promises 65,500 x 65,500 pixels.
  Bytes jpeg = testing::encode_jpeg(GrayImage{16, 16, Bytes(256, 200)}, 70);
  for (std::size_t i = 0; i + 8 < jpeg.size(); ++i) {
    if (jpeg[i] == 0xFF && jpeg[i + 1] == 0xC0) {
      jpeg[i + 5] = jpeg[i + 7] = 0xFF;
      jpeg[i + 6] = jpeg[i + 8] = 0xDC;
    }
  }
  const auto decoded = decode_picture(jpeg);
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().kind, errors::picture_too_large);
}

TEST(Collect, AFolderOfFilesPicturesAndPdfGivesEverySheetOnce) {
  const auto folder = fresh_folder("collect");
  std::filesystem::create_directories(folder / "more");
  std::vector<SignedSheet> sheets;
  for (std::uint32_t i = 0; i < 4; ++i)
    sheets.push_back(sign_sample(assembly_sheet(i)));
  // 0 as a file and as a PDF; 1 as a PDF; 2 as pictures of its strip; 3 half only.
  write_file(folder / "0.sheet", as_bytes(to_file_text(sheets[0])));
  write_file(folder / "0.pdf", *to_pdf(printed(sheets[0]), Medium::a4));
  write_file(folder / "more" / "1.pdf", *to_pdf(printed(sheets[1]), Medium::roll80));
  for (const std::size_t i : {2UL, 3UL}) {
    const auto strip =
        decode_picture(to_png(printed(sheets[i]), Medium::roll80)->front());
    const auto pieces = testing::overlapping_pieces(*strip, 1500, 600);
    for (std::size_t p = 0; p + (i == 3 ? 1 : 0) < pieces.size(); ++p) {
      write_file(
          folder / "more" / (std::to_string(i) + "-" + std::to_string(p) + ".jpg"),
          testing::encode_jpeg(pieces[p], 80));
    }
  }
  write_file(folder / "notes.txt", as_bytes("not a sheet"));
  base::RealFiles files;
  const Collection all = collect_sheets(files, {folder.string()}, 2);
  EXPECT_EQ(all.sheets.size(), 3U);
  const std::vector authorities{testing::authority_key().public_key()};
  for (const CollectedSheet& found : all.sheets) {
    EXPECT_TRUE(check_signature(found.sheet, authorities));
  }
  const bool named = std::ranges::any_of(all.errors, [](const Error& error) {
    return error.kind == errors::code_missing || error.kind == errors::no_codes;
  });
  EXPECT_TRUE(named);
}

}  // namespace
}  // namespace urna::sheet
