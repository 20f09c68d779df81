// A demonstration station: examples/town with fresh keys, two officials' sticks, a
// drawer of tokens, an open poll, and a check-in that says how many came. Everything is
// made on the spot and good for nothing else: the definition's mode is "demo", every
// print says TEST, and the joint key's secret is thrown away. Called by `urna-machine
// --demo` and by the benchmark; the page tests kill it and start it again in the same
// folder.
//
// Thread rule: one thread. Secrets: keys and PINs of a demonstration.
#pragma once

#include "machine/machine.hpp"

#include <string>
#include <vector>

namespace urna::machine {

struct DemoStation {
  std::vector<Credential> officials;  // two, with their PINs
  std::vector<std::string> tokens;    // characters, in random order
  crypto::PublicKey anchor;
  std::unique_ptr<Machine> machine;
  // Of the demonstration's check-in: the key's seed, and the authority's certificate.
  ByteArray<32> check_in_seed{};
  std::string check_in_certificate;
  std::size_t issued = 0;  // tokens handed out so far
};

struct DemoPlan {
  std::string definition = "examples/town";
  std::string station = "N01";
  std::uint32_t voters = 400;
  std::optional<PageWords> words;  // the page's: the demonstration then has sound
  bool open = true;  // false: ends with the package accepted, for the officials' steps
};

// Makes everything anew; `place.folder` and `place.sticks` must be empty. Ends with
// open polls unless the plan says otherwise.
[[nodiscard]] Result<DemoStation> make_demo(Ports ports, Place place,
                                            const DemoPlan& plan);

// What is needed to go on with a demonstration after the program ended: PINs, tokens
// and the check-in's key, as JSON. Nothing but a demonstration keeps such a file.
[[nodiscard]] Result<void> save_demo(base::FileSystem& files, const std::string& path,
                                     const DemoStation& demo);
// Starts the machine of that demonstration as the last run left it.
[[nodiscard]] Result<DemoStation> resume_demo(Ports ports, Place place,
                                              const std::string& path);

// A token to vote with; empty text when none is left.
[[nodiscard]] std::string take_token(DemoStation& demo);
// Check-in's totals slip: as many came as tokens were handed out.
[[nodiscard]] Result<std::string> demo_slip(const DemoStation& demo);

}  // namespace urna::machine
