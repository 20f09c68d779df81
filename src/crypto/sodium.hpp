// What the libsodium-backed files of this room share. Private to src/crypto.
#pragma once

namespace urna::crypto::detail {

// Starts libsodium, once for the process, and stops the program when that fails:
// without it there is neither guarded memory nor randomness, and nothing may run.
void start_sodium();

}  // namespace urna::crypto::detail
