// The log and the witness on the web: the routes that serve them, and the client side
// that asks witnesses to sign. Thin: the work is in witness.hpp, the sockets in
// http/server.hpp.
//
// Thread rule: routes are added by one thread before the server starts; what they serve
// must outlive it.
#pragma once

#include "http/client.hpp"
#include "http/router.hpp"
#include "log/witness.hpp"

#include <string>
#include <vector>

namespace urna::log {

// POST /add-checkpoint (c2sp.org/tlog-witness); GET / says in words who this is; GET
// /latest?origin=ORIGIN gives the latest checkpoint it signed.
void add_witness_routes(http::Router& router, Witness& witness);

// The folder of a log as c2sp.org/tlog-tiles asks: /checkpoint, /tile/..., /blob/...,
// readable by pages of any site.
void add_log_routes(http::Router& router, base::FileSystem& files,
                    const std::string& folder);

// What came of asking one witness.
struct CosignOutcome {
  std::string witness;  // its name in the policy
  Result<void> result;
};

// Asks every witness of the policy that has a URL and has not signed yet, with the
// proof that it needs, and publishes the checkpoint of the folder again with what they
// gave. Errors only when the folder's own checkpoint cannot be used or written.
[[nodiscard]] Result<std::vector<CosignOutcome>> collect_cosignatures(
    base::FileSystem& files, const std::string& folder, const Policy& policy,
    const http::ClientOptions& options = {});

}  // namespace urna::log
