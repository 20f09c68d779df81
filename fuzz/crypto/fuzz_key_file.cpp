// Whatever the bytes, a key file is read or refused, also when its checksum holds: the
// checksum is no secret, so the input is tried with its own and with a right one.
#include "crypto/key_file.hpp"
#include "crypto/sha256.hpp"
#include "crypto/testing/cheap_key_files.hpp"

#include <cstdlib>

using namespace urna;
using namespace urna::crypto;

namespace {

constexpr std::string_view kPassphrase = "correct horse battery";

// Dear costs would only slow the search: above 64 KiB or 2 passes, reading the header
// is all there is to try.
bool cheap(ByteView file) {
  const auto header = read_key_file_header(file);
  if (!header) return true;
  const std::size_t at = 8 + 4 + 4 + header->kind.size();
  std::uint32_t passes = 0;
  std::uint32_t kib = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    passes |= std::uint32_t{file[at + i]} << (8 * i);
    kib |= std::uint32_t{file[at + 4 + i]} << (8 * i);
  }
  return passes <= 2 && kib <= 64;
}

void try_to_open(ByteView file) {
  if (!cheap(file)) return;
  const auto opened =
      open_key_file(file, "fuzz", as_bytes(kPassphrase), CheapKeyFiles::cost());
  if (opened && opened->size() > file.size()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView file(data, size);
  try_to_open(file);
  Bytes with_checksum = to_bytes(file);
  append(with_checksum, sha256(file));
  try_to_open(with_checksum);
  return 0;
}
