// The requests that a centre answers; docs/center-api.md lists them. Every request is
// by a client with a certificate of the election's own authority, whose name says its
// role; what the role may do is the table of roles.hpp.
//
// Thread rule: the router may be used from several threads. Public data.
#pragma once

#include "center/decisions.hpp"
#include "http/router.hpp"

namespace urna::center {

// What the requests work on; all of it outlives the router.
struct Centre {
  base::Clock& clock;
  const election::Definition& definition;
  Shelf& shelf;
  Store& store;
  Intake& intake;
  Queue& queue;
  Publisher& publisher;
  Decisions& decisions;
};

[[nodiscard]] http::Router centre_router(Centre& centre);

// The status of an answer to this error.
[[nodiscard]] unsigned status_of(const ErrorKind& kind);

// Seconds that a client that was shed waits before it comes again.
inline constexpr int kRetrySeconds = 2;

}  // namespace urna::center
