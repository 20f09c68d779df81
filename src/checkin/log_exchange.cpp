#include "checkin/log_exchange.hpp"

#include "base/binary.hpp"
#include "checkin/errors.hpp"
#include "sheet/check_in_slip.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::checkin {
namespace {

constexpr std::string_view kMagic = "urna-check-in-log-copy-1";
constexpr std::string_view kUse = "check-in-log";

std::unexpected<Error> bad_log(std::string why) {
  return fail(errors::bad_log, std::move(why), "copy the other device's log again");
}

}  // namespace

std::string device_label(std::uint32_t device) {
  return fmt::format("CHECKIN{}", device);
}

Bytes export_log(ByteView log, const crypto::SigningKey& device,
                 const sheet::Certificate& certificate) {
  base::Writer w;
  w.text(kMagic);
  w.var_bytes(log);
  w.fixed(device.sign(kUse, log));
  w.text(certificate.text());
  return std::move(w).take();
}

Result<Bytes> import_log(ByteView file, const Hash32& election,
                         std::string_view station,
                         std::span<const crypto::PublicKey> authorities) {
  base::Reader r(file);
  URNA_TRY(const std::string magic, r.text(64));
  if (magic != kMagic) return bad_log("this is no copy of a check-in log");
  URNA_TRY(const ByteView log, r.var_bytes(file.size()));
  URNA_TRY(const auto signature, r.array<64>());
  URNA_TRY(const std::string text, r.text(sheet::kMaxCertificateText));
  URNA_CHECK(r.finish());
  URNA_TRY(const auto certificate, sheet::Certificate::parse(text));
  URNA_CHECK(certificate.check(authorities));
  base::Reader head(log);
  URNA_CHECK(head.fixed(kLogHeader - 4));
  URNA_TRY(const std::uint32_t device, head.u32());
  const auto& whose = certificate.fields();
  if (whose.role != sheet::kCheckInRole || whose.election != election ||
      (!whose.station.empty() && whose.station != station) ||
      whose.name != device_label(device)) {
    return bad_log(fmt::format("device {} has no certificate of this station", device));
  }
  URNA_CHECK(crypto::check_signature(certificate.key(), kUse, log, signature,
                                     "the copy of a check-in log"));
  return to_bytes(log);
}

Result<void> check_growth(ByteView before, ByteView after) {
  const std::size_t common = std::min(before.size(), after.size());
  if (equal(before.first(common), after.first(common))) return {};
  return fail(
      errors::log_forked, "a device's log tells its past otherwise than before",
      "keep both devices for the electoral authority; go on with the paper list");
}

}  // namespace urna::checkin
