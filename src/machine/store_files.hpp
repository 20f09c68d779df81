// The files of the vote store's folder: the header, two keys and five slot arrays.
// Between vote_store.cpp and store_files.cpp; nobody else needs it. The keys keep free
// slots from being told from used ones on a disk that was copied without them; whoever
// has the whole folder has them. docs/formats/vote-store.md has the bytes.
//
// Thread rule: one thread. Secrets: the keys.
#pragma once

#include "machine/vote_store.hpp"

namespace urna::machine {

struct StoreFiles {
  StoreShape shape;
  Hash32 id;
  SlotArray sealed;
  std::optional<SlotArray> records;  // nothing once they were destroyed
  SlotArray tokens;
  SlotArray activations;
  SlotArray ended;
};

// The header is written last: a folder without it was never finished.
[[nodiscard]] Result<void> create_store_files(base::FileSystem& files,
                                              base::Random& random,
                                              const std::string& folder,
                                              const StoreShape& shape);
[[nodiscard]] Result<StoreFiles> open_store_files(base::FileSystem& files,
                                                  base::Random& random,
                                                  const std::string& folder);
[[nodiscard]] Result<void> destroy_record_key(base::FileSystem& files,
                                              const std::string& folder);

}  // namespace urna::machine
