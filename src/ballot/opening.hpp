// Openings: what the machine releases about a challenged ballot, so that anybody can
// see whether it encrypted what the voter chose. An opening is the ballot's seed xi_B
// and the choices; a ballot that is opened is never counted, and a ballot that is
// cast or voided is never opened.
//
// make_opening() is called by the machine after the decision to challenge is durable;
// check_opening() by every verifier. Layout: docs/formats/ballot.md. Thread rule: pure
// functions. An opening contains what used to be secret: it must not exist for a
// ballot that is not challenged.
#pragma once

#include "ballot/ballot_bytes.hpp"
#include "ballot/choices.hpp"
#include "ballot/joint_key.hpp"
#include "ballot/station.hpp"

#include <optional>

namespace urna::ballot {

using Seed = crypto::SecretArray<32>;  // xi_B

inline constexpr std::uint8_t kOpeningVersion = 1;
inline constexpr std::size_t kOpeningHeader = 1 + 32;  // version, xi_B

[[nodiscard]] Bytes make_opening(const Seed& seed, const Choices& choices);

// Encrypts the opened choices again and compares every ciphertext; also that the
// choices keep the limits. The first difference names its contest and option.
[[nodiscard]] std::optional<Fault> check_opening(const Station& station,
                                                 const JointKey& key,
                                                 const BallotBytes& ballot,
                                                 ByteView opening);

// The opened choices, one byte an option, once check_opening() found no fault.
[[nodiscard]] ByteView opened_choices(ByteView opening);

}  // namespace urna::ballot
