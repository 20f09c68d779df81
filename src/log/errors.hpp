// The errors that src/log raises: 1300 to 1399.
#pragma once

#include "base/result.hpp"

namespace urna::log::errors {

inline constexpr ErrorKind bad_proof{1301, "the proof does not hold"};
inline constexpr ErrorKind bad_note{1302, "not a signed note"};
inline constexpr ErrorKind bad_key_name{1303, "not a valid key name"};
inline constexpr ErrorKind bad_verifier_key{1304, "not a verifier key"};
inline constexpr ErrorKind bad_note_signature{1305, "a known key's signature is false"};
inline constexpr ErrorKind unsigned_note{1306, "no signature of a known key"};
inline constexpr ErrorKind bad_checkpoint{1307, "not a checkpoint"};
inline constexpr ErrorKind bad_tile_path{1308, "not the path of a tile"};
inline constexpr ErrorKind bad_tile{1309, "the tile is not what it must be"};
inline constexpr ErrorKind bad_bundle{1310, "not an entry bundle"};
inline constexpr ErrorKind entry_too_long{1311, "entry longer than 65,535 bytes"};
inline constexpr ErrorKind bad_policy{1312, "not a witness policy"};
inline constexpr ErrorKind quorum_missing{1313, "too few witnesses have signed"};
inline constexpr ErrorKind bad_receipt{1314, "not a receipt of the log"};
inline constexpr ErrorKind lock_lost{1315, "another program wrote to this log"};
inline constexpr ErrorKind log_state{1316, "the log's folder is not as it must be"};
inline constexpr ErrorKind clock_backwards{1317, "the clock did not move forward"};
inline constexpr ErrorKind split_view{1318, "two histories of one log"};
inline constexpr ErrorKind store{1319, "the database failed"};
inline constexpr ErrorKind mirror_source{1320, "the source did not deliver"};
inline constexpr ErrorKind bad_document{1321, "not a document entry"};

}  // namespace urna::log::errors
