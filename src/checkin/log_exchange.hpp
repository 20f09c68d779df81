// One device's log on its way to another: the log's bytes, the device's signature and
// its certificate. A log that arrives again may only have grown; one that tells its
// past otherwise is refused and shown (log_forked).
//
// Thread rule: free functions. The log stays sealed; only devices of the station open
// it.
#pragma once

#include "checkin/event_log.hpp"
#include "sheet/certificate.hpp"

namespace urna::checkin {

// The label that a device's certificate carries: "CHECKIN1".
[[nodiscard]] std::string device_label(std::uint32_t device);

[[nodiscard]] Bytes export_log(ByteView log, const crypto::SigningKey& device,
                               const sheet::Certificate& certificate);

// The log's bytes, when a check-in device of this station signed them. Error bad_log.
[[nodiscard]] Result<Bytes> import_log(ByteView file, const Hash32& election,
                                       std::string_view station,
                                       std::span<const crypto::PublicKey> authorities);

// Error log_forked unless one of the two begins with the whole of the other.
[[nodiscard]] Result<void> check_growth(ByteView before, ByteView after);

}  // namespace urna::checkin
