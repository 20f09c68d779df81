// One station's check-in packages, made from the imported rolls: the work of `urna roll
// package`, also done by the demonstration. All devices of a station are packed in one
// go, because they share the key of their logs.
//
// Thread rule: one thread. Personal data, secrets and tokens pass through.
#pragma once

#include "checkin/package.hpp"

namespace urna::checkin {

struct PackRequest {
  election::DefinitionFiles definition;
  std::vector<Roll> rolls;  // of all stations, for the directory
  std::string station;
  std::vector<DevicePublic> devices;
  std::vector<Official> officials;
  std::uint32_t tokens = 0;  // for each device
};

struct Packed {
  std::vector<Bytes> packages;  // in the order of the devices
  Bytes token_pool;             // the hashes of all their tokens, for the machine
};

[[nodiscard]] Result<Packed> pack_station(base::Random& random,
                                          const PackRequest& request,
                                          const crypto::SigningKey& authority);

}  // namespace urna::checkin
