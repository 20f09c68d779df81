#include "sheet/signed_sheet.hpp"

#include "sheet/errors.hpp"
#include "sheet/testing/samples.hpp"

#include <gtest/gtest.h>

namespace urna::sheet {
namespace {

using testing::authority_key;
using testing::device_key;
using testing::sign_sample;
using testing::small_sheet;

const std::vector<crypto::PublicKey>& authorities() {
  static const std::vector keys{authority_key().public_key()};
  return keys;
}

CertificateFields certificate_fields() {
  const SheetFields f = small_sheet();
  return {.mode = f.mode,
          .election = f.election,
          .role = std::string(kMachineRole),
          .station = f.station,
          .name = f.device};
}

Certificate issue(CertificateFields fields) {
  return *Certificate::issue(std::move(fields), device_key(1).public_key(),
                             authority_key());
}

ErrorKind refused(const SignedSheet& sheet) {
  const auto checked = check_signature(sheet, authorities());
  EXPECT_FALSE(checked);
  return checked ? ErrorKind{0, ""} : checked.error().kind;
}

TEST(SignedSheet, AGoodOneVerifiesAndSurvivesItsFile) {
  const SignedSheet sheet = sign_sample(small_sheet());
  EXPECT_TRUE(check_signature(sheet, authorities()));
  const auto read = parse_signed_sheet(to_file_text(sheet));
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_TRUE(check_signature(*read, authorities()));
  EXPECT_EQ(to_file_text(*read), to_file_text(sheet));
}

TEST(SignedSheet, AnotherSheetUnderTheSignatureIsRefused) {
  SignedSheet sheet = sign_sample(small_sheet());
  SheetFields changed = small_sheet();
  std::swap(changed.contests[0].options[0].votes, changed.contests[0].options[1].votes);
  sheet.sheet = *Sheet::make(changed);
  EXPECT_EQ(refused(sheet), errors::bad_signature);
}

TEST(SignedSheet, EveryFlippedBitOfTheSignatureIsRefused) {
  SignedSheet sheet = sign_sample(small_sheet());
  for (std::size_t bit = 0; bit < 512; ++bit) {
    (*sheet.signature)[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    EXPECT_EQ(refused(sheet), errors::bad_signature) << bit;
    (*sheet.signature)[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
  }
}

TEST(SignedSheet, SignatureAndCertificateMustBeThere) {
  SignedSheet sheet = sign_sample(small_sheet());
  sheet.certificate.reset();
  EXPECT_EQ(refused(sheet), errors::no_certificate);
  sheet.signature.reset();
  EXPECT_EQ(refused(sheet), errors::unsigned_sheet);
}

TEST(SignedSheet, ACertificateByAStrangerIsRefused) {
  const SignedSheet sheet = sign_sample(small_sheet());
  const std::vector strangers{device_key(7).public_key()};
  const auto checked = check_signature(sheet, strangers);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, errors::bad_certificate);
}

TEST(SignedSheet, OneOfSeveralAuthoritiesIsEnough) {
  const std::vector two{device_key(7).public_key(), authority_key().public_key()};
  EXPECT_TRUE(check_signature(sign_sample(small_sheet()), two));
}

TEST(SignedSheet, ACertificateForSomethingElseIsRefused) {
  SignedSheet sheet = sign_sample(small_sheet());
  const auto with = [&](auto change) {
    CertificateFields fields = certificate_fields();
    change(fields);
    sheet.certificate = issue(fields);
    return refused(sheet);
  };
  using F = CertificateFields;
  EXPECT_EQ(with([](F& f) { f.station = "1"; }), errors::wrong_certificate);
  EXPECT_EQ(with([](F& f) { f.name = "UM-000148"; }), errors::wrong_certificate);
  EXPECT_EQ(with([](F& f) { f.role = "PRESIDENT"; }), errors::wrong_certificate);
  EXPECT_EQ(with([](F& f) { f.mode = Mode::test; }), errors::wrong_certificate);
  EXPECT_EQ(with([](F& f) { f.election[0] ^= 1; }), errors::wrong_certificate);
}

TEST(SignedSheet, ASpareMachineMayBeCertifiedForEveryStation) {
  SignedSheet sheet = sign_sample(small_sheet());
  CertificateFields fields = certificate_fields();
  fields.station.clear();
  sheet.certificate = issue(fields);
  EXPECT_TRUE(check_signature(sheet, authorities()));
}

TEST(SignedSheet, SigningRefusesACertificateOfAnotherKey) {
  const auto signed_sheet = sign_sheet(*Sheet::make(small_sheet()),
                                       issue(certificate_fields()), device_key(2));
  ASSERT_FALSE(signed_sheet);
  EXPECT_EQ(signed_sheet.error().kind, errors::wrong_certificate);
}

TEST(Certificate, EveryChangedCharacterIsRefused) {
  const Certificate good = issue(certificate_fields());
  for (std::size_t i = 0; i < good.text().size(); ++i) {
    std::string text = good.text();
    text[i] = text[i] == 'A' ? 'B' : 'A';
    const auto parsed = Certificate::parse(text);
    EXPECT_FALSE(parsed && parsed->check(authorities())) << i;
  }
}

TEST(SheetFile, ManySheetsInOneFileAndADamagedOneBetweenThem) {
  SheetFields second = small_sheet();
  second.station = "22010300702";
  SheetFields third = small_sheet();
  third.station = "22010300703";
  std::string damaged = to_file_text(sign_sample(second));
  damaged[5] = 'x';
  const std::string file = to_file_text(sign_sample(small_sheet())) + damaged +
                           to_file_text(sign_sample(third));
  EXPECT_TRUE(is_sheet_file(file));
  const auto sheets = parse_sheet_file(file);
  ASSERT_EQ(sheets.size(), 3U);
  EXPECT_TRUE(sheets[0]);
  ASSERT_FALSE(sheets[1]);
  EXPECT_EQ(sheets[1].error().where.substr(0, 6), "line 4");
  ASSERT_TRUE(sheets[2]) << sheets[2].error().text();
  EXPECT_EQ(sheets[2]->sheet.fields().station, "22010300703");
  EXPECT_FALSE(parse_signed_sheet(file));
}

TEST(SheetFile, UnsignedSheetsStandOnOneLineEach) {
  const std::string line = Sheet::make(small_sheet())->text() + '\n';
  const auto sheets = parse_sheet_file(line + line);
  ASSERT_EQ(sheets.size(), 2U);
  EXPECT_TRUE(sheets[0] && !sheets[0]->signature);
  EXPECT_TRUE(sheets[1] && !sheets[1]->signature);
}

TEST(SheetFile, AFileCutShortIsRefused) {
  const std::string file = to_file_text(sign_sample(small_sheet()));
  const std::size_t first_line = file.find('\n') + 1;
  for (std::size_t size = 1; size < file.size(); ++size) {
    if (size == first_line) continue;  // a whole sheet without a signature
    EXPECT_FALSE(parse_signed_sheet(file.substr(0, size))) << size;
  }
}

TEST(SheetFile, ManyAreCheckedOnSeveralThreadsEachWithItsOwnAnswer) {
  std::vector<SignedSheet> sheets;
  for (std::uint32_t i = 0; i < 40; ++i) {
    sheets.push_back(sign_sample(testing::assembly_sheet(i)));
  }
  (*sheets[17].signature)[3] ^= 1;
  const auto errors_found = check_signatures(sheets, authorities(), 2);
  for (std::size_t i = 0; i < sheets.size(); ++i) {
    EXPECT_EQ(errors_found[i].has_value(), i == 17) << i;
  }
  EXPECT_EQ(errors_found[17]->kind, errors::bad_signature);
}

}  // namespace
}  // namespace urna::sheet
