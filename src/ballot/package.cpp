#include "ballot/package.hpp"

#include "ballot/errors.hpp"
#include "base/binary.hpp"
#include "log/merkle.hpp"

#include <fmt/format.h>

namespace urna::ballot {
namespace {

constexpr std::string_view kMagic = "urna-station-package-1";
constexpr std::size_t kSignatureSize = std::tuple_size_v<crypto::Signature>;
constexpr std::uint32_t kMaxSheets = 99;
constexpr std::size_t kMaxSheet = 72 * 1024;
constexpr std::size_t kMaxSlip = 8 * 1024;
constexpr std::size_t kMaxEvents = std::size_t{1} << 20;
constexpr std::size_t kMaxCertificate = 1024;

Result<StationPackage> read_package(base::Reader& r) {
  URNA_TRY(const std::string magic, r.text(64));
  if (magic != kMagic) return fail(errors::bad_package, "not a station package");
  URNA_TRY(const ByteView box_bytes, r.var_bytes(kMaxPackage));
  URNA_TRY(Box box, parse_box(box_bytes));
  StationPackage package{std::move(box), {}, {}, {}, {}, {}, {}};
  for (Hash32& root : package.roots) {
    URNA_TRY(root, r.array<32>());
  }
  URNA_TRY(const std::uint32_t sheets, r.u32());
  if (sheets == 0 || sheets > kMaxSheets) {
    return fail(errors::bad_package, fmt::format("{} tally sheets", sheets));
  }
  for (std::uint32_t i = 0; i < sheets; ++i) {
    URNA_TRY(std::string sheet, r.text(kMaxSheet));
    package.sheets.push_back(std::move(sheet));
  }
  URNA_TRY(package.check_in, r.text(kMaxSlip));
  URNA_TRY(package.events, r.text(kMaxEvents));
  URNA_TRY(package.certificate, r.text(kMaxCertificate));
  URNA_TRY(package.signature, r.array<kSignatureSize>());
  URNA_CHECK(r.finish());
  return package;
}

}  // namespace

GroupRoots group_roots(const Box& box) {
  std::array<log::TreeHasher, 3> trees;
  for (const BoxBallot& item : box.ballots) {
    trees.at(static_cast<std::size_t>(item.decision) - 1)
        .add(log::leaf_hash(item.ballot));
  }
  return {trees[0].root(), trees[1].root(), trees[2].root()};
}

Bytes StationPackage::encode() const {
  base::Writer w;
  w.text(kMagic);
  w.var_bytes(box_bytes(box));
  for (const Hash32& root : roots) w.fixed(root);
  w.u32(static_cast<std::uint32_t>(sheets.size()));
  for (const std::string& sheet : sheets) w.text(sheet);
  w.text(check_in);
  w.text(events);
  w.text(certificate);
  w.fixed(signature);
  return std::move(w).take();
}

Bytes make_package(StationPackage content, const crypto::SigningKey& key) {
  sort_box(content.box);
  content.roots = group_roots(content.box);
  Bytes bytes = content.encode();
  const ByteView message = ByteView(bytes).first(bytes.size() - kSignatureSize);
  const crypto::Signature signature = key.sign(kPackageUse, message);
  std::ranges::copy(signature, bytes.end() - kSignatureSize);
  return bytes;
}

Result<StationPackage> parse_package(ByteView bytes) {
  if (bytes.size() > kMaxPackage) {
    return fail(errors::bad_package,
                fmt::format("a package of {} bytes is above the limit of {}",
                            bytes.size(), kMaxPackage));
  }
  base::Reader r(bytes);
  auto package = read_package(r);
  if (package) return package;
  Error error = std::move(package).error();
  if (error.kind != errors::box_order && error.kind != errors::bad_package) {
    error.message = fmt::format("not a station package: {}", error.message);
    error.kind = errors::bad_package;
  }
  return std::unexpected(std::move(error).at(fmt::format("offset {}", r.offset())));
}

bool package_signed_by(ByteView bytes, const crypto::PublicKey& key) {
  if (bytes.size() < kSignatureSize) return false;
  crypto::Signature signature;
  std::ranges::copy(bytes.last(kSignatureSize), signature.begin());
  return crypto::verifies(key, kPackageUse, bytes.first(bytes.size() - kSignatureSize),
                          signature);
}

Result<Box> box_of(ByteView bytes) {
  base::Reader r(bytes);
  const auto magic = r.text(64);
  if (!magic || *magic != kMagic) return parse_box(bytes);
  URNA_TRY(StationPackage package, parse_package(bytes));
  return std::move(package.box);
}

}  // namespace urna::ballot
