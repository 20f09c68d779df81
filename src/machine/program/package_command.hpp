// `urna-machine package`: what the election authority makes for one machine before the
// election (machine/station_kit.hpp), written into a folder. Thread rule: one thread.
// Secrets: the authority's key and passphrase pass through; tokens, PINs and key files
// are written for the people they belong to.
#pragma once

#include "machine/voice.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace urna::machine {

// The words that the page's build wrote for the voice.
[[nodiscard]] Result<PageWords> read_page_words(base::FileSystem& files,
                                                const std::string& web);

struct PackageOptions {
  std::string definition;  // folder
  std::string station;
  std::string election_key;  // the ceremony's record
  std::string key;           // the authority's key file, and its passphrase
  std::string passphrase_file;
  std::string out;
  std::uint32_t issue = 1;
  std::uint32_t segment = 1;
  std::uint32_t tokens = 0;
  bool sound = false;
  std::string web = "build/web/machine";
  std::string token_pool;  // check-in's, instead of new tokens
  std::string tokens_of;   // the first machine's package, for a spare one
  std::vector<std::string> roles{"PRESIDENT", "SECRETARY"};
};

// Prints what it wrote and the anchor for the machine. Error file_access when `out` is
// there already: nobody's tokens are overwritten.
[[nodiscard]] Result<void> make_package(const PackageOptions& options);

}  // namespace urna::machine
