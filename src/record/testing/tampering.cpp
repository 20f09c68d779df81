#include "record/testing/tampering.hpp"

#include "base/encoding.hpp"
#include "crypto/sha256.hpp"
#include "log/merkle.hpp"
#include "log/tile.hpp"
#include "record/testing/tamper_table.hpp"
#include "sheet/box_count.hpp"
#include "trustees/decision.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace urna::record::testing {
// Bytes of every document's file flipped, cut, grown, gone.
void Table::blobs() {
  for (const NewDocument& one : world_.documents()) {
    const std::string path = log::blob_path(crypto::sha256(one.bytes));
    const std::string title = one.kind + " " + one.name;
    const std::string station(station_of(one.kind, one.name));
    const std::size_t size = one.bytes.size();
    const std::size_t first = rows_.size();
    for (const std::size_t at : {std::size_t{0}, size / 3, size / 2, size - 1}) {
      add_files(fmt::format("byte {} of {} flipped", at, title), Check::documents,
                [path, at](auto& files, const auto& folder) {
                  edit(files, folder, path, [at](Bytes& b) { b[at] ^= 0x01; });
                });
    }
    add_files(fmt::format("{} cut", title), Check::documents,
              [path](auto& files, const auto& folder) {
                edit(files, folder, path, [](Bytes& b) { b.pop_back(); });
              });
    add_files(fmt::format("{} removed", title), Check::documents,
              [path](auto& files, const auto& folder) {
                (void)files.remove(base::join_path(folder, path));
              });
    for (std::size_t i = first; i < rows_.size(); ++i) rows_[i].station = station;
  }
}

void Table::log_files() {
  const auto size = static_cast<unsigned>(world_.documents().size() + 1);
  const std::string tile = log::TileId{0, 0, size, false}.path();
  const std::string bundle = log::TileId{0, 0, size, true}.path();
  const std::string old_tile = log::TileId{0, 0, 1, false}.path();
  for (const std::string& path : {tile, bundle, old_tile}) {
    for (const std::size_t at : {0U, 1U, 17U, 31U}) {
      add_files(fmt::format("byte {} of {} flipped", at, path), Check::tree,
                [path, at](auto& files, const auto& folder) {
                  edit(files, folder, path, [at](Bytes& b) { b[at] ^= 0x80; });
                });
    }
  }
  for (const std::string& path : {tile, bundle}) {
    add_files(path + " removed", Check::tree, [path](auto& files, const auto& folder) {
      (void)files.remove(base::join_path(folder, path));
    });
    add_files(path + " cut", Check::tree, [path](auto& files, const auto& folder) {
      edit(files, folder, path, [](Bytes& b) { b.resize(b.size() - 1); });
    });
  }
  add_files("checkpoint signed by nobody", Check::checkpoint,
            [](auto& files, const auto& folder) {
              edit(files, folder, "checkpoint", [](Bytes& b) {
                b[b.size() - 10] = b[b.size() - 10] == 'A' ? 'B' : 'A';
              });
            });
  add_files("checkpoint of another origin", Check::checkpoint,
            [](auto& files, const auto& folder) {
              edit(files, folder, "checkpoint", [](Bytes& b) { b[0] = 'f'; });
            });
  add_files("checkpoint with another root, signed", Check::tree,
            [](auto& files, const auto& folder) {
              sign_checkpoint(files, folder,
                              [](log::Checkpoint& c) { c.root[5] ^= 1; });
            });
  add_files("checkpoint of one entry less, signed", Check::tree,
            [](auto& files, const auto& folder) {
              sign_checkpoint(files, folder, [](log::Checkpoint& c) { --c.size; });
            });
}

void Table::people() {
  const std::string code = world_.stations()[0].code;
  const auto change = [&](std::string_view kind, std::string name, Check check,
                          std::function<void(Bytes&)> edit_bytes) {
    add(fmt::format("{} {}: {}", kind, code, name), check,
        [kind, code, edit_bytes](World&, Documents& documents) {
          edit_bytes(bytes_of(documents, kind, code));
        });
  };
  const auto last_line = [](Bytes& b) {
    const std::string text(as_text(b));
    b.resize(text.rfind('\n', text.size() - 2) + 1);
  };
  change(kinds::box_count, "a paper less", Check::box_count,
         [](Bytes& b) { replace_text(b, "PAPERS:3", "PAPERS:2"); });
  change(kinds::box_count, "one signature only", Check::box_count, last_line);
  change(kinds::box_count, "of no sheet", Check::box_count, [](Bytes& b) {
    const std::size_t at = as_text(b).find("SHEET:") + 6;
    b[at] = b[at] == '0' ? '1' : '0';
  });
  change(kinds::box_count, "cut", Check::box_count, [](Bytes& b) { b.pop_back(); });
  change(kinds::signatures, "flipped", Check::officials, [](Bytes& b) {
    const std::size_t at = as_text(b).find("SIGN:") + 6;
    b[at] = b[at] == 'A' ? 'B' : 'A';
  });
  change(kinds::signatures, "a line twice", Check::officials, [](Bytes& b) {
    const Bytes copy = b;
    append(b, copy);
  });
  change(kinds::signatures, "another name", Check::officials,
         [](Bytes& b) { replace_text(b, "NAME:V-1", "NAME:V-9"); });
  add("box count with fewer papers, signed by two officials", Check::box_count,
      [](World& world, Documents& documents) {
        const WorldStation& w = world.stations()[0];
        replace(documents, kinds::box_count, w.code,
                signed_box_count(world, w, [](sheet::BoxCountFields& f) {
                  --f.papers;
                  f.contests.clear();
                }));
      });
  add("hand count with a vote moved, signed by two officials", Check::box_count,
      [](World& world, Documents& documents) {
        const WorldStation& w = world.stations()[0];
        replace(documents, kinds::box_count, w.code,
                signed_box_count(world, w, [](sheet::BoxCountFields& f) {
                  move_vote(f.contests[0]);
                }));
      });
}

void Table::decryptions() {
  for (std::size_t s = 0; s < world_.stations().size(); ++s) {
    const std::string code = world_.stations()[s].code;
    for (std::uint32_t l = 1; l <= 4; ++l) {
      const std::string name = fmt::format("{}-{:02}", code, l);
      const auto change = [&](std::string what,
                              std::function<void(World&, trustees::Partial&)> edit_it) {
        add(fmt::format("decryption {}: {}", name, what), Check::decryptions,
            [name, edit_it](World& world, Documents& documents) {
              Bytes& bytes = bytes_of(documents, kinds::decryption, name);
              auto partial = trustees::Partial::decode(bytes).value();
              edit_it(world, partial);
              bytes = partial.encode();
            });
      };
      change("a share replaced", [](World&, trustees::Partial& p) {
        p.share.shares[0] = p.share.shares[1];
      });
      change("a share replaced, signed", [l](World& world, trustees::Partial& p) {
        p.share.shares[0] = p.share.shares[1];
        sign_partial(world, p, l);
      });
      change("two shares swapped, signed", [l](World& world, trustees::Partial& p) {
        std::swap(p.share.shares[0], p.share.shares[2]);
        sign_partial(world, p, l);
      });
      change("a share less, signed", [l](World& world, trustees::Partial& p) {
        p.share.shares.pop_back();
        sign_partial(world, p, l);
      });
      change("commitments swapped, signed", [l](World& world, trustees::Partial& p) {
        std::swap(p.share.proof.commitment_g, p.share.proof.commitment_alpha);
        sign_partial(world, p, l);
      });
      change("of another package, signed", [l](World& world, trustees::Partial& p) {
        p.package[0] ^= 1;
        sign_partial(world, p, l);
      });
      change("of another election, signed", [l](World& world, trustees::Partial& p) {
        p.election_hash[0] ^= 1;
        sign_partial(world, p, l);
      });
      change("claimed by another trustee",
             [l](World&, trustees::Partial& p) { p.share.trustee = l % 4 + 1; });
      change("signature flipped",
             [](World&, trustees::Partial& p) { p.signature[3] ^= 1; });
    }
    add(fmt::format("{}: only two trustees decrypt", code), Check::decrypted_totals,
        [code](World&, Documents& documents) {
          erase(documents, kinds::decryption, code + "-01");
          erase(documents, kinds::decryption, code + "-02");
        });
    add(fmt::format("{}: nobody decrypts", code), Check::stations,
        [code](World&, Documents& documents) {
          for (int l = 1; l <= 4; ++l) {
            erase(documents, kinds::decryption, fmt::format("{}-{:02}", code, l));
          }
        });
    add(fmt::format("{}: a faulty ballot excluded by nobody", code), Check::exclusion,
        [s](World& world, Documents& documents) {
          WorldStation w = world.stations()[s];
          double_point(w.content.box.ballots[0].ballot, 0);
          replace(documents, kinds::package, w.code, world.package(w));
        });
    add(fmt::format("{}: a good ballot excluded by decision", code), Check::exclusion,
        [s](World& world, Documents& documents) {
          const WorldStation& w = world.stations()[s];
          const Bytes& package = bytes_of(documents, kinds::package, w.code);
          const auto decision = trustees::Decision::sign(
              world.key().election_hash(), w.code, crypto::sha256(package),
              {log::leaf_hash(w.content.box.ballots[0].ballot)}, "we do not like it",
              known_key("BOARD"));
          documents.push_back(
              {std::string(kinds::exclusion), w.code, decision.encode()});
        });
    add(fmt::format("{}: exclusion by somebody who may not", code), Check::exclusion,
        [s](World& world, Documents& documents) {
          const WorldStation& w = world.stations()[s];
          const auto decision =
              trustees::Decision::sign(world.key().election_hash(), w.code, Hash32{},
                                       {Hash32{1}}, "no", known_key("nobody"));
          documents.push_back(
              {std::string(kinds::exclusion), w.code, decision.encode()});
        });
  }
}

void Table::election() {
  for (const auto& [file, from, to, check] :
       std::vector<std::tuple<std::string, std::string, std::string, Check>>{
           {"election.json", "\"minimum_registered\": 30", "\"minimum_registered\": 31",
            Check::election_key},
           {"election.json", "\"mode\": \"demo\"", "\"mode\": \"official\"",
            Check::election_key},
           {"election.json", "dhondt", "sainte-lague", Check::election_key},
           {"stations.csv", "410", "411", Check::definition},
           {"candidates.csv", "Alba Montes", "Alba Monte", Check::election_key},
           {"parties.csv", "Ruta Nueva", "Ruta Vieja", Check::election_key},
           {"areas.csv", "1270", "1271", Check::definition},
           {"contests.csv", "MAYOR,plurality", "MAYOR,nonsense", Check::definition}}) {
    add(fmt::format("definition: {} instead of {} in {}", to, from, file), check,
        [file, from, to](World&, Documents& documents) {
          replace_text(bytes_of(documents, kinds::definition, file), from, to);
        });
  }
  for (const NewDocument& one : world_.documents()) {
    if (one.kind == kinds::definition && one.name != "officials.csv" &&
        one.name != "alliances.csv") {
      add("definition: no " + one.name, Check::definition,
          [name = one.name](World&, Documents& documents) {
            erase(documents, kinds::definition, name);
          });
    }
    if (one.kind != kinds::ceremony) continue;
    add("ceremony: no " + one.name, Check::ceremony,
        [name = one.name](World&, Documents& documents) {
          erase(documents, kinds::ceremony, name);
        });
    add("ceremony: last byte of " + one.name + " flipped", Check::ceremony,
        [name = one.name](World&, Documents& documents) {
          bytes_of(documents, kinds::ceremony, name).back() ^= 1;
        });
  }
  const std::size_t size = world_.key().encode().size();
  for (std::size_t i = 0; i < 24; ++i) {
    const std::size_t at = i * size / 24;
    add(fmt::format("election key: byte {} flipped", at), Check::election_key,
        [at](World&, Documents& documents) {
          bytes_of(documents, kinds::election_key, "election-key")[at] ^= 1;
        });
  }
  add("election key: another ceremony's", Check::election_key,
      [](World& world, Documents& documents) {
        trustees::testing::Ceremony other(5, 3, 4000, world.definition().hash());
        replace(documents, kinds::election_key, "election-key", other.key().encode());
      });
  add("election key: a new attempt's, with the old ceremony", Check::ceremony,
      [](World& world, Documents& documents) {
        trustees::testing::Ceremony other(5, 3, 2026, world.definition().hash(), 2);
        replace(documents, kinds::election_key, "election-key", other.key().encode());
      });
}

void Table::results() {
  for (const auto& [name, from, to, check] :
       std::vector<std::tuple<std::string, std::string, std::string, Check>>{
           {"cast", "\"cast\": 9", "\"cast\": 10", Check::totals},
           {"stations counted", "\"counted\": 3", "\"counted\": 2", Check::totals},
           {"stations expected", "\"expected\": 3", "\"expected\": 4", Check::totals},
           {"format", "urna-results-1", "urna-results-2", Check::totals},
           {"an option", "\"option\": \"FARO\"", "\"option\": \"CEIBA\"",
            Check::totals},
           {"a contest", "\"contest\": \"MAYOR\"", "\"contest\": \"MAJOR\"",
            Check::totals},
           {"an award", "\"award\": \"LISTS\"", "\"award\": \"LUSTS\"", Check::seats},
           {"a list", "\"list\": \"UNION\"", "\"list\": \"RUTA2\"", Check::seats},
           {"not JSON", "{", "[", Check::totals}}) {
    add("results: " + name, check, [from, to](World&, Documents& documents) {
      replace_text(bytes_of(documents, kinds::results, "results.json"), from, to);
    });
  }
  // Every number of votes, of blank votes and of seats, one at a time.
  const std::string text(
      as_text(bytes_of(world_.documents(), kinds::results, "results.json")));
  const std::size_t awards = text.find("\"awards\"");
  for (const std::string_view key : {"\"votes\": ", "\"blank\": ", "\"seats\": "}) {
    for (std::size_t at = text.find(key); at != std::string::npos;
         at = text.find(key, at + 1)) {
      add(fmt::format("results: a digit more at {} {}", at, key),
          at > awards ? Check::seats : Check::totals,
          [at, length = key.size()](World&, Documents& documents) {
            Bytes& bytes = bytes_of(documents, kinds::results, "results.json");
            bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at + length), '1');
          });
    }
  }
}

void Table::documents() {
  add("an unknown kind of document", Check::entries, [](World&, Documents& documents) {
    documents.push_back({"secret", "x", Bytes{1}});
  });
  add("a second note under one name is no conflict, but its bytes must be there",
      Check::documents, [](World&, Documents& documents) {
        documents.push_back({std::string(kinds::correction), "gone", Bytes{'x'}});
        documents.push_back({"-drop-blob", "gone", Bytes{'x'}});
      });
  add("a package of an unknown station", Check::stations,
      [](World& world, Documents& documents) {
        documents.push_back({std::string(kinds::package), "X99",
                             bytes_of(world.documents(), kinds::package, "N01")});
      });
  add("decisions of another definition", Check::decisions,
      [](World& world, Documents& documents) {
        replace_text(bytes_of(documents, kinds::decisions, "decisions.json"),
                     base::to_hex(world.definition().hash()), std::string(64, 'a'));
      });
  add("decisions that are no JSON", Check::decisions, [](World&, Documents& documents) {
    bytes_of(documents, kinds::decisions, "decisions.json")[0] = '[';
  });
  add("decisions with an unknown field", Check::decisions,
      [](World&, Documents& documents) {
        replace_text(bytes_of(documents, kinds::decisions, "decisions.json"),
                     "\"decisions\"", "\"decrees\"");
      });
  for (std::size_t s = 0; s < world_.stations().size(); ++s) {
    const std::string device = world_.stations()[s].device;
    add("certificate by no authority: " + device, Check::certificates,
        [s, device](World& world, Documents& documents) {
          replace(documents, kinds::certificate, device,
                  to_bytes(
                      as_bytes(forged_certificate(world, world.stations()[s]) + "\n")));
        });
    add("certificate of another name: " + device, Check::certificates,
        [device](World& world, Documents& documents) {
          replace(documents, kinds::certificate, device,
                  to_bytes(as_bytes(world.certificate("UM-888888", "") + "\n")));
        });
    add("certificate cut: " + device, Check::certificates,
        [device](World&, Documents& documents) {
          Bytes& bytes = bytes_of(documents, kinds::certificate, device);
          bytes.resize(bytes.size() / 2);
        });
  }
}

std::vector<Tampering> tamperings(World& world) {
  return Table(world).all();
}

Trust trust_of(World& world, const Tampering& row) {
  Trust trust;
  trust.election = world.key().election_hash();
  trust.log_key = log_signer().verifier();
  if (row.trust) row.trust(world, trust);
  return trust;
}

Result<void> write_tampered(base::FileSystem& files, const std::string& folder,
                            World& world, const Tampering& row) {
  Documents documents = world.documents();
  if (row.documents) row.documents(world, documents);
  URNA_CHECK(write_anything(files, folder, documents));
  if (row.files) row.files(files, folder);
  return {};
}

}  // namespace urna::record::testing
