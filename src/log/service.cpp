#include "log/service.hpp"

#include "base/csv.hpp"
#include "http/path.hpp"
#include "http/static_files.hpp"
#include "log/errors.hpp"
#include "log/sequencer.hpp"
#include "log/tile.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::log {
namespace {

std::string about(const Witness& witness) {
  std::string out = fmt::format(
      "This is a witness of transparency logs (c2sp.org/tlog-witness).\n\n"
      "Its key, for policy files:\n{}\n\nIt signs for these logs:\n",
      witness.key().text());
  for (const VerifierKey& log : witness.logs()) out += log.text() + "\n";
  out += "\nPOST /add-checkpoint\nGET /latest?origin=ORIGIN\n";
  return out;
}

http::Response latest(Witness& witness, const http::Request& request) {
  const auto origin = request.query_value("origin");
  if (!origin) return http::Response::text(400, "ask for /latest?origin=ORIGIN\n");
  const auto note = witness.latest(*origin);
  if (!note) return http::Response::text(500, "the witness cannot read its records\n");
  if (!*note) return http::Response::text(404, "nothing signed for that log\n");
  return http::Response::text(200, **note);
}

// Sends one submission; gives the answer's body, or the size the witness is at.
struct Answer {
  std::optional<std::uint64_t> conflict;
  std::string lines;
};

Result<Answer> submit(http::Client& client, const http::Url& url,
                      std::string_view body) {
  URNA_TRY(const http::Response answer,
           client.post(url, as_bytes(body), "text/plain; charset=utf-8"));
  if (answer.status == 200) return Answer{{}, std::string(answer.body_text())};
  if (answer.status == 409 && answer.header("Content-Type") == "text/x.tlog.size") {
    std::string_view text = answer.body_text();
    if (text.ends_with('\n')) text.remove_suffix(1);
    URNA_TRY(const std::uint64_t size, base::parse_count(text, INT64_MAX));
    return Answer{size, {}};
  }
  return fail(errors::quorum_missing,
              fmt::format("the witness at {} answers {}: {}", url.text(), answer.status,
                          answer.body_text().substr(0, 200)),
              "look into it before anybody relies on this log");
}

Result<std::vector<NoteSignature>> ask_one(const Policy::Witness& witness,
                                           const SignedCheckpoint& ours,
                                           const TileReader& tiles,
                                           const http::ClientOptions& options) {
  URNA_TRY(const http::Url prefix, http::parse_url(witness.url));
  const http::Url url = prefix.below("add-checkpoint");
  http::Client client(options);
  const Note bare{ours.note.text, {ours.note.signatures.front()}};
  const std::uint64_t size = ours.checkpoint.size;
  std::uint64_t old = 0;
  for (int round = 0; round < 3; ++round) {
    TileNodes nodes(size, tiles);
    URNA_TRY(const auto proof,
             consistency_proof(old, size, [&](NodeId node) { return nodes(node); }));
    URNA_TRY(const Answer answer,
             submit(client, url, add_checkpoint_body(old, proof, bare.format())));
    if (!answer.conflict) {
      URNA_TRY(Note signed_note, parse_note(bare.format() + answer.lines));
      URNA_TRY(const auto signers, check_note(signed_note, {&witness.key, 1}));
      if (signers.empty()) {
        return fail(errors::unsigned_note,
                    fmt::format("{} did not sign with the key that the policy names",
                                url.text()));
      }
      std::erase_if(signed_note.signatures, [&](const NoteSignature& s) {
        return s.name != witness.key.name() || s.key_id != witness.key.id();
      });
      return signed_note.signatures;
    }
    if (*answer.conflict > size) {
      return fail(errors::split_view,
                  fmt::format("the witness at {} has seen {} entries, this log has {}",
                              url.text(), *answer.conflict, size),
                  "somebody else writes under this log's key, or this folder is old");
    }
    old = *answer.conflict;
  }
  return fail(errors::quorum_missing,
              fmt::format("the witness at {} changes its mind", url.text()));
}

}  // namespace

void add_witness_routes(http::Router& router, Witness& witness) {
  router.on("POST", "/add-checkpoint",
            [&witness](const http::Request& request) {
              const WitnessAnswer answer = witness.add_checkpoint(request.text());
              return http::Response::text(answer.status, answer.body, answer.type);
            },
            {.body_limit = kMaxAddCheckpoint, .any_origin = true});
  router.on(
      "GET", "/latest",
      [&witness](const http::Request& request) { return latest(witness, request); },
      {.public_read = true});
  router.on("GET", "/",
            [&witness](const http::Request&) {
              return http::Response::text(200, about(witness));
            },
            {.public_read = true});
}

void add_log_routes(http::Router& router, base::FileSystem& files,
                    const std::string& folder) {
  const auto serve = [&](const char* pattern, const std::string& inside,
                         const char* type, const char* caching) {
    http::StaticOptions options;
    options.index = "";
    options.type = [type](std::string_view) { return std::string(type); };
    options.cache_control = [caching](std::string_view) {
      return std::string(caching);
    };
    router.on("GET", pattern,
              http::static_files(files, base::join_path(folder, inside), options),
              {.public_read = true});
  };
  constexpr const char* kForever = "public, max-age=31536000, immutable";
  serve("/tile/{path...}", "tile", "application/octet-stream", kForever);
  serve("/blob/{path...}", "blob", "application/octet-stream", kForever);
  router.on("GET", "/checkpoint",
            [&files, folder](const http::Request&) {
              const auto note = base::read_text(
                  files, base::join_path(folder, "checkpoint"), kMaxNote);
              return note ? http::Response::text(200, *note) : http::not_found();
            },
            {.public_read = true});
}

Result<std::vector<CosignOutcome>> collect_cosignatures(
    base::FileSystem& files, const std::string& folder, const Policy& policy,
    const http::ClientOptions& options) {
  const std::string path = base::join_path(folder, "checkpoint");
  URNA_TRY(const std::string text, base::read_text(files, path, kMaxNote));
  URNA_TRY(Note note, parse_note(text));
  URNA_TRY(Checkpoint checkpoint, parse_checkpoint(note.text));
  std::vector<VerifierKey> log_keys;
  for (const Policy::Log& log : policy.logs()) log_keys.push_back(log.key);
  URNA_TRY(const auto authors, check_note(note, log_keys));
  if (authors.empty()) {
    return fail(errors::unsigned_note,
                fmt::format("{} is signed by no log of the policy", path));
  }
  const auto own = std::ranges::find_if(note.signatures, [&](const NoteSignature& s) {
    return s.key_id == authors[0].key.id() && s.name == authors[0].key.name();
  });
  const SignedCheckpoint ours{checkpoint, {note.text, {*own}}};
  std::vector<CosignOutcome> out;
  for (const Policy::Witness& witness : policy.witnesses()) {
    if (witness.url.empty()) continue;
    const bool has = std::ranges::any_of(note.signatures, [&](const NoteSignature& s) {
      return s.key_id == witness.key.id() && s.name == witness.key.name();
    });
    if (has) continue;
    auto lines = ask_one(witness, ours, folder_tiles(files, folder), options);
    if (lines) {
      note.signatures.insert(note.signatures.end(), lines->begin(), lines->end());
      out.push_back({witness.name, {}});
    } else {
      out.push_back({witness.name, std::unexpected(std::move(lines).error())});
    }
  }
  URNA_CHECK(base::write_durable(files, path, as_bytes(note.format())));
  return out;
}

}  // namespace urna::log
