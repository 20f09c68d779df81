// How a program keeps memory that it frees. Called first thing by the main() of
// programs that verify or count in bulk; libraries never call it.
//
// Thread rule: before the first thread starts. No secrets.
#pragma once

namespace urna::base {

// Keeps freed memory for the next allocation instead of giving it back to the system.
// Batches of ballots allocate the same tens of megabytes again and again; taking them
// from the system page by page costs more than the arithmetic (on a virtual machine
// 2.4 times, docs/performance.md). The program's peak stays the same. Does nothing
// where the C library is not glibc.
void keep_freed_memory();

}  // namespace urna::base
