// What an election authority makes for one machine of one station before the election:
// the signed package, the tokens for check-in, and for each official a key file with a
// PIN; the first two officials hold the closing key, a half each. Called by
// `urna-machine package` and by the demonstration.
//
// Afterwards nobody has the whole closing key, and the authority keeps no official's
// key: the files go to the sticks, the PINs to the officials in closed envelopes, the
// tokens to check-in, and no copy stays.
//
// Thread rule: one thread. Secrets: tokens, PINs and key files.
#pragma once

#include "machine/officials.hpp"
#include "machine/setup.hpp"

#include <string>
#include <vector>

namespace urna::machine {

struct KitPlan {
  election::DefinitionFiles definition;
  std::string station;
  std::uint32_t issue = 1;
  std::uint32_t segment = 1;
  std::uint32_t tokens = 0;  // how many; usually everybody on the roll, and some more
  std::vector<Clip> voice;   // render_voice(); empty: no sound
  Bytes token_pool;          // check-in's, instead of new tokens
  Bytes first_package;       // for a spare machine: takes the tokens of the first one
  Bytes key_record;          // the ceremony's; empty only for demonstrations
  std::vector<std::string> roles{"PRESIDENT",
                                 "SECRETARY"};  // two or more, all different
};

struct KitOfficial {
  std::string role;
  std::string pin;
  Bytes key_file;
  std::string certificate;  // that this key signs for this station: for the record
};

struct StationKit {
  Bytes package;
  // 16 characters each, in random order; none when check-in has them already.
  std::vector<std::string> tokens;
  std::vector<KitOfficial> officials;
  Hash32 definition{};
};

// The voice of the station that the plan names: what plan.voice takes.
[[nodiscard]] Result<std::vector<Clip>> render_kit_voice(const KitPlan& plan,
                                                         const PageWords& page,
                                                         const Speak& speak);

// The package is read back as a machine would read it, so what a machine would refuse
// is not made. Errors: bad_package, those of the definition and of the key record.
[[nodiscard]] Result<StationKit> make_station_kit(
    base::Random& random, const KitPlan& plan, const crypto::SigningKey& authority,
    crypto::KeyFileCost cost = crypto::KeyFileCost::standard());

}  // namespace urna::machine
