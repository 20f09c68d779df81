#include "center/service.hpp"

#include "base/encoding.hpp"
#include "base/errors.hpp"
#include "center/errors.hpp"
#include "http/json_request.hpp"
#include "store/errors.hpp"

#include <charconv>

#include <fmt/format.h>

namespace urna::center {
namespace {

using http::Request;
using http::Response;

constexpr std::uint64_t kLongestDecision = 16 << 10;

Response answer_error(const Error& error) {
  const unsigned status = status_of(error.kind);
  Response out = Response::json(status, http::error_view(error));
  if (status == 429 || status == 507) {
    out.with("Retry-After", std::to_string(kRetrySeconds));
  }
  return out;
}

Result<Client> client_of(const Centre& centre, const Request& request) {
  if (!request.client || request.client->sha256.empty()) {
    return fail(errors::no_identity, "the request comes without a client certificate",
                "use the certificate that `urna pki client` made");
  }
  URNA_TRY(const bool withdrawn, centre.store.is_withdrawn(request.client->sha256));
  if (withdrawn) {
    return fail(errors::revoked, "this certificate was withdrawn by the centre",
                "ask those who run the centre for a new one");
  }
  URNA_TRY(auto identity, parse_identity(request.client->common_name));
  return Client{std::move(identity), request.client->sha256};
}

using Handle = std::function<Result<Response>(const Request&, const Client&)>;

Result<Client> client_who_may(const Centre& centre, const Request& request,
                              const std::vector<Action>& any_of) {
  URNA_TRY(auto client, client_of(centre, request));
  for (const Action action : any_of) {
    if (may(client.identity.role, action)) return client;
  }
  return fail(errors::not_allowed,
              fmt::format("'{}' may not {}", client.identity.text(),
                          action_says(any_of.front())),
              "docs/center.md lists who may do what");
}

// A handler for those who may do one of these things.
http::Handler guarded(Centre& centre, std::vector<Action> any_of, Handle handle) {
  return [&centre, any_of = std::move(any_of),
          handle = std::move(handle)](const Request& request) -> Response {
    const auto client = client_who_may(centre, request, any_of);
    if (!client) return answer_error(client.error());
    auto out = handle(request, *client);
    return out ? *std::move(out) : answer_error(out.error());
  };
}

Result<Hash32> hash_of(const Request& request) {
  auto hash = base::array_from_hex<32>(request.params.at("hash"));
  if (hash) return *hash;
  return fail(errors::bad_upload, "a document is named by its SHA-256",
              "64 lower-case hexadecimal digits");
}

Result<std::uint64_t> number_of(const Request& request, std::string_view header) {
  const auto text = request.header(header);
  std::uint64_t out = 0;
  const char* end = text ? text->data() + text->size() : nullptr;
  if (!text || text->empty() || std::from_chars(text->data(), end, out).ptr != end) {
    return fail(errors::bad_upload,
                fmt::format("the header {} is missing or wrong", header),
                "docs/center-api.md describes the headers");
  }
  return out;
}

base::Json item_view(const Item& item) {
  base::Json out = base::Json::object();
  out.set("state", state_name(item.state));
  out.set("kind", item.kind);
  out.set("name", item.name);
  out.set("bytes", item.bytes);
  out.set("time", base::utc_text(item.time));
  out.set("reason", item.reason);
  out.set("received", item.received);
  out.set("verdict", item.verdict);
  return out;
}

Response answer_progress(const Progress& progress, unsigned status) {
  base::Json view = base::Json::object();
  if (progress.item) {
    view = item_view(*progress.item);
  } else {
    view.set("state", "partial");
  }
  return Response::json(status, view)
      .with("Upload-Offset", std::to_string(progress.offset));
}

Result<Response> put_document(Centre& centre, const Request& request,
                              const Client& client) {
  Piece piece;
  URNA_TRY(piece.hash, hash_of(request));
  URNA_TRY(piece.offset, number_of(request, "Upload-Offset"));
  URNA_TRY(piece.length, number_of(request, "Upload-Length"));
  piece.bytes = request.body;
  const auto progress = centre.intake.put(piece, client);
  if (progress) return answer_progress(*progress, progress->item ? 200 : 202);
  if (progress.error().kind != errors::wrong_offset) {
    return std::unexpected(progress.error());
  }
  URNA_TRY(const auto here, centre.intake.where(piece.hash, client));
  return answer_error(progress.error())
      .with("Upload-Offset", std::to_string(here.offset));
}

Result<Response> get_document(Centre& centre, const Request& request,
                              const Client& client) {
  URNA_TRY(const auto hash, hash_of(request));
  URNA_TRY(const auto progress, centre.intake.where(hash, client));
  if (progress.item || progress.offset > 0) return answer_progress(progress, 200);
  return answer_error(Error{errors::unknown_item, "the centre has no such document", "",
                            "send it"})
      .with("Upload-Offset", "0");
}

Result<Response> get_bytes(Centre& centre, const Request& request) {
  URNA_TRY(const auto hash, hash_of(request));
  URNA_TRY(const auto item, centre.store.find(hash));
  if (!item) return fail(errors::unknown_item, "the centre has no such document");
  URNA_TRY(Bytes bytes, centre.shelf.read(hash));
  return Response::bytes(std::move(bytes), "application/octet-stream");
}

Result<Response> about(Centre& centre) {
  base::Json out = base::Json::object();
  out.set("format", "urna-centre-1");
  out.set("definition", base::to_hex(centre.definition.hash()));
  out.set("receipt_key", base::to_hex(centre.intake.key().bytes()));
  out.set("piece", centre.intake.limits().piece);
  return Response::json(200, out);
}

Result<Response> status(Centre& centre) {
  URNA_TRY(const auto tallies, centre.store.tallies());
  URNA_TRY(const auto items, centre.store.all());
  base::Json states = base::Json::object();
  for (std::size_t i = 0; i < kStates; ++i) {
    base::Json one = base::Json::object();
    one.set("documents", tallies[i].documents);
    one.set("bytes", tallies[i].bytes);
    states.set(state_name(static_cast<State>(i)), std::move(one));
  }
  base::Json out = status_json(items, centre.definition);
  out.set("states", std::move(states));
  out.set("log_entries", centre.publisher.log_size());
  out.set("trouble", centre.queue.trouble());
  return Response::json(200, out);
}

base::Json conflict_view(const Conflict& conflict) {
  base::Json documents = base::Json::array();
  for (const Item& item : conflict.items) {
    base::Json one = base::Json::object();
    one.set("hash", base::to_hex(item.hash));
    one.set("kind", item.kind);
    one.set("state", state_name(item.state));
    one.set("time", base::utc_text(item.time));
    one.set("sender", item.sender);
    one.set("reason", item.reason);
    documents.push(std::move(one));
  }
  base::Json proposals = base::Json::array();
  for (const Proposal& proposal : conflict.proposals) {
    base::Json one = base::Json::object();
    one.set("identity", proposal.identity);
    one.set("statement", proposal.statement);
    one.set("signature", proposal.signature);
    proposals.push(std::move(one));
  }
  base::Json out = base::Json::object();
  out.set("family", conflict.family);
  out.set("name", conflict.name);
  out.set("documents", std::move(documents));
  out.set("proposals", std::move(proposals));
  return out;
}

Result<Response> queue_view(Centre& centre) {
  constexpr std::size_t kMost = 10'000;
  URNA_TRY(const auto conflicts, centre.decisions.open_conflicts());
  base::Json list = base::Json::array();
  for (const Conflict& conflict : conflicts) list.push(conflict_view(conflict));
  base::Json refused = base::Json::array();
  URNA_TRY(const auto items, centre.store.in_state(State::refused, kMost));
  for (const Item& item : items) {
    base::Json one = base::Json::object();
    one.set("hash", base::to_hex(item.hash));
    one.set("kind", item.kind);
    one.set("name", item.name);
    one.set("sender", item.sender);
    one.set("reason", item.reason);
    refused.push(std::move(one));
  }
  base::Json out = base::Json::object();
  out.set("definition", base::to_hex(centre.definition.hash()));
  out.set("conflicts", std::move(list));
  out.set("refused", std::move(refused));
  return Response::json(200, out);
}

Result<Response> decide(Centre& centre, const Request& request, const Client& client) {
  URNA_TRY(const bool done, centre.decisions.sign(request.text(), client.identity));
  base::Json out = base::Json::object();
  out.set("carried_out", done);
  return Response::json(done ? 200 : 202, out);
}

Result<Response> withdraw(Centre& centre, const Request& request,
                          const Client& client) {
  URNA_TRY(const auto certificate, hash_of(request));
  URNA_CHECK(centre.store.withdraw(base::to_hex(certificate), client.identity.text(),
                                   centre.clock.unix_seconds()));
  return Response::json(200, base::Json::object());
}

}  // namespace

unsigned status_of(const ErrorKind& kind) {
  if (kind == errors::no_identity) return 401;
  if (kind == errors::not_allowed || kind == errors::revoked ||
      kind == errors::bad_identity || kind == errors::unknown_signer ||
      kind == errors::same_person) {
    return 403;
  }
  if (kind == errors::unknown_item || kind == errors::not_in_queue) return 404;
  if (kind == errors::wrong_offset || kind == errors::state_changed) return 409;
  if (kind == errors::document_too_long) return 413;
  if (kind == errors::hash_differs || kind == errors::not_accepted) return 422;
  if (kind == errors::centre_busy) return 429;
  if (kind == errors::bad_upload || kind == errors::bad_decision) return 400;
  if (kind == base::errors::disk_full || kind == store::errors::database_full) {
    return 507;
  }
  return 500;
}

http::Router centre_router(Centre& centre) {
  http::Router out;
  const auto put = [&centre](const Request& request, const Client& client) {
    return put_document(centre, request, client);
  };
  out.on("PUT", "/v1/documents/{hash}",
         guarded(centre,
                 {Action::send_own, Action::send_any, Action::send_certificates}, put),
         {.body_limit = centre.intake.limits().piece});
  out.on("GET", "/v1/documents/{hash}",
         guarded(centre, {Action::see_document},
                 [&centre](const Request& request, const Client& client) {
                   return get_document(centre, request, client);
                 }));
  out.on("GET", "/v1/documents/{hash}/bytes",
         guarded(centre, {Action::see_queue},
                 [&centre](const Request& request, const Client&) {
                   return get_bytes(centre, request);
                 }));
  out.on("GET", "/v1/centre",
         guarded(centre, {Action::see_document},
                 [&centre](const Request&, const Client&) { return about(centre); }));
  out.on("GET", "/v1/status",
         guarded(centre, {Action::see_status},
                 [&centre](const Request&, const Client&) { return status(centre); }));
  out.on("GET", "/v1/queue",
         guarded(centre, {Action::see_queue}, [&centre](const Request&, const Client&) {
           return queue_view(centre);
         }));
  out.on("POST", "/v1/decisions",
         guarded(centre, {Action::decide},
                 [&centre](const Request& request, const Client& client) {
                   return decide(centre, request, client);
                 }),
         {.body_limit = kLongestDecision});
  out.on("POST", "/v1/clients/{hash}/withdraw",
         guarded(centre, {Action::withdraw},
                 [&centre](const Request& request, const Client& client) {
                   return withdraw(centre, request, client);
                 }));
  return out;
}

}  // namespace urna::center
