// A spare machine goes on where another one stopped: what the first machine leaves on a
// stick, what the spare believes of it, and what two officials sign when there is
// nothing left to read. docs/formats/handover.md has the bytes.
//
// The first machine exports its station package, with its sheet in it, and which tokens
// were used there. The spare refuses these tokens, and its own package later carries
// the ballots and sheets of both. When the first machine is lost, two officials declare
// so; then nobody knows which tokens were used, and only reconciliation finds a second
// vote.
//
// Thread rule: plain values and pure functions. Public data, except the list of used
// tokens, which together with check-in's secrets says who voted before the change.
#pragma once

#include "ballot/package.hpp"
#include "machine/officials.hpp"
#include "machine/setup.hpp"
#include "sheet/signed_sheet.hpp"

#include <vector>

namespace urna::machine {

// One bit a token of the pool, in its order.
[[nodiscard]] Bytes make_used_tokens(const Hash32& definition,
                                     const std::string& station, std::uint32_t segment,
                                     const std::vector<bool>& used,
                                     const crypto::SigningKey& device);
// Error handover: damaged, of another election, station or segment, or not signed by
// this machine.
[[nodiscard]] Result<std::vector<bool>> read_used_tokens(
    ByteView file, const Hash32& definition, const std::string& station,
    std::uint32_t segment, std::size_t tokens, const crypto::PublicKey& device);

// The machine before this one.
struct Predecessor {
  ballot::StationPackage package;
  sheet::SignedSheet sheet;  // its own, the last of the package
  std::vector<bool> used;
};
// Error handover (with the reason): not of this station, no valid sheet, or not of the
// segment just before this machine's.
[[nodiscard]] Result<Predecessor> read_predecessor(const Setup& setup, ByteView package,
                                                   ByteView used_tokens);

// "The machine of this segment is lost", signed by two officials.
[[nodiscard]] Bytes make_declaration(const Setup& setup,
                                     const std::vector<Present>& officials);
// Error handover: damaged, of another station or segment, or not by two different
// officials of the station.
[[nodiscard]] Result<void> check_declaration(const Setup& setup, ByteView file);

}  // namespace urna::machine
