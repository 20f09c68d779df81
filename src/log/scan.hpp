// One pass over a log's files, from its entries up to the root of a checkpoint, that
// names the file that is wrong: what `urna log check` and the verifier of a record have
// in common. A tile that fits neither what is below it nor what is above it is wrong;
// when only the link to a bundle is broken, the bundle is; when all tiles fit each
// other but not the root, the checkpoint is. An older, shorter tile or bundle that was
// left behind must be the beginning of the one that replaced it.
//
// Kept in memory are one tile a level, the right edge of the tree, and one hash for 256
// entries; entries go to the caller. Thread rule: one thread a call. Public data.
#pragma once

#include "base/file.hpp"
#include "log/checkpoint.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace urna::log {

// A file of the log, by its path in the folder, that is not as it must be; each once.
struct LogFault {
  std::string file;
  std::string what;
};

struct Scan {
  std::vector<LogFault> faults;
  std::uint64_t entries = 0;  // read and hashed
  bool bundles_good = true;   // each could be read and is what the tree says
  std::map<std::uint64_t, Hash32> roots;  // at the sizes asked for, where reached
};

// Entry number `index`, as its bundle says. Left out are bundles that cannot be read,
// and entries that are not what the signed tree says; where the tree itself is damaged,
// nobody can tell.
using EntrySink = std::function<void(std::uint64_t index, Bytes entry)>;

// Nobody's signature is looked at. `sizes` are those whose roots the caller wants.
[[nodiscard]] Scan scan(base::FileSystem& files, const std::string& folder,
                        const Checkpoint& checkpoint,
                        const std::vector<std::uint64_t>& sizes,
                        const EntrySink& entry);

}  // namespace urna::log
