#include "base/file.hpp"
#include "log/note.hpp"
#include "record/testing/tamper_table.hpp"

namespace urna::record::testing {
namespace {

constexpr std::uint64_t kCosigned = 1796600000;

template <class T>
T must(Result<T> result) {
  if (result) return std::move(*result);
  std::fprintf(stderr, "%s\n", result.error().text().c_str());
  std::abort();
}

log::NoteSigner witness(const std::string& name) {
  return must(log::NoteSigner::make(name + ".example", log::KeyType::cosignature,
                                    known_key("witness " + name)));
}

// Both witnesses must have signed.
std::string policy_of_two() {
  return fmt::format("log {}\nwitness a {}\nwitness b {}\ngroup g all a b\nquorum g\n",
                     log_signer().verifier().text(), witness("a").verifier().text(),
                     witness("b").verifier().text());
}

// The checkpoint of a record of these documents, with these witnesses' cosignatures.
std::string checkpoint_of(const Documents& documents,
                          const std::vector<std::string>& names) {
  base::testing::ScriptedFiles files;
  if (!write_anything(files, "r", documents)) std::abort();
  log::Note note = must(
      log::parse_note(must(base::read_text(files, "r/checkpoint", log::kMaxNote))));
  for (const std::string& name : names) {
    note.signatures.push_back(witness(name).sign(note.text, kCosigned));
  }
  return note.format();
}

using NoteEdit = std::function<void(log::Note&)>;
std::function<void(base::FileSystem&, const std::string&)> on_note(NoteEdit change) {
  return [change](base::FileSystem& files, const std::string& folder) {
    edit(files, folder, "checkpoint", [&](Bytes& bytes) {
      log::Note note = must(log::parse_note(as_text(bytes)));
      change(note);
      bytes = to_bytes(as_bytes(note.format()));
    });
  };
}

void cosign(log::Note& note, const std::string& name) {
  note.signatures.push_back(witness(name).sign(note.text, kCosigned));
}

}  // namespace

// What shows only to somebody who knows the log's key, the election hash, the witnesses
// or an earlier checkpoint.
void Table::views() {
  const auto known = [&](std::string name, Check check,
                         std::function<void(World&, Trust&)> trust) {
    rows_.push_back({std::move(name), check, {}, {}, {}, std::move(trust)});
  };
  known("the log of somebody else", Check::log_key, [](World&, Trust& trust) {
    trust.log_key =
        must(log::NoteSigner::make(std::string(kOrigin), log::KeyType::ed25519,
                                   known_key("another log")))
            .verifier();
  });
  for (const std::size_t at : {0U, 13U, 31U}) {
    known(fmt::format("another election hash, byte {}", at), Check::trust_root,
          [at](World&, Trust& trust) { (*trust.election)[at] ^= 1; });
  }
  const auto signed_by = [&](std::string name, NoteEdit change) {
    rows_.push_back({"witnesses: " + std::move(name),
                     Check::witnesses,
                     {},
                     on_note(std::move(change)),
                     {},
                     [](World&, Trust& trust) { trust.policy = policy_of_two(); }});
  };
  signed_by("none has signed", [](log::Note&) {});
  signed_by("only one has signed", [](log::Note& note) { cosign(note, "a"); });
  signed_by("one has signed twice", [](log::Note& note) {
    cosign(note, "a");
    cosign(note, "a");
  });
  signed_by("a stranger has signed for one", [](log::Note& note) {
    cosign(note, "a");
    cosign(note, "c");
  });
  signed_by("a cosignature flipped", [](log::Note& note) {
    cosign(note, "a");
    cosign(note, "b");
    note.signatures.back().signature.back() ^= 1;
  });
  signed_by("the time of a cosignature changed", [](log::Note& note) {
    cosign(note, "a");
    cosign(note, "b");
    note.signatures.back().signature[7] ^= 1;
  });
  signed_by("a cosignature of another text", [](log::Note& note) {
    cosign(note, "a");
    note.signatures.push_back(witness("b").sign("another\n1\nAAAA\n", kCosigned));
  });
  signed_by("both have signed, and the log has not", [](log::Note& note) {
    note.signatures.clear();
    cosign(note, "a");
    cosign(note, "b");
  });
  rewritten();
  split();
}

// Records signed by the same log that are no continuation of what was seen.
void Table::rewritten() {
  const auto row = [&](std::string name,
                       std::function<void(World&, Documents&)> change) {
    rows_.push_back({"history: " + std::move(name),
                     Check::history,
                     std::move(change),
                     {},
                     {},
                     [](World& world, Trust& trust) {
                       trust.seen = {checkpoint_of(world.documents(), {})};
                     }});
  };
  row("the newest entry taken back",
      [](World&, Documents& documents) { documents.pop_back(); });
  row("an entry taken out", [](World&, Documents& documents) {
    documents.erase(documents.begin() + 5);
    documents.push_back({std::string(kinds::correction), "later", Bytes{'x'}});
  });
  row("two entries swapped",
      [](World&, Documents& documents) { std::swap(documents[3], documents[4]); });
  row("an entry put in front", [](World&, Documents& documents) {
    documents.insert(documents.begin(),
                     {std::string(kinds::correction), "first", Bytes{'x'}});
  });
  row("a correction reworded", [](World&, Documents& documents) {
    bytes_of(documents, kinds::correction, "note-1").push_back('!');
  });
  for (const WorldStation& station : world_.stations()) {
    row(fmt::format("the package of {} made again", station.code),
        [code = station.code](World& world, Documents& documents) {
          const auto at =
              std::ranges::find(world.stations(), code, &WorldStation::code);
          WorldStation again = *at;
          again.content.events += "20261206T190000-0400 STOPPED\n";
          replace(documents, kinds::package, code, world.package(again));
        });
  }
}

// Two witnesses were shown two logs of one size; this record is one of them.
void Table::split() {
  const auto other = [](World& world) {
    Documents documents = world.documents();
    bytes_of(documents, kinds::correction, "note-1").push_back('!');
    return documents;
  };
  rows_.push_back({"split view: the other witness signed another log",
                   Check::witnesses,
                   {},
                   on_note([](log::Note& note) { cosign(note, "a"); }),
                   {},
                   [other](World& world, Trust& trust) {
                     trust.policy = policy_of_two();
                     trust.seen = {checkpoint_of(other(world), {"b"})};
                   }});
  rows_.push_back({"split view: the other checkpoint was seen",
                   Check::history,
                   {},
                   on_note([](log::Note& note) { cosign(note, "a"); }),
                   {},
                   [other](World& world, Trust& trust) {
                     trust.seen = {checkpoint_of(other(world), {"b"})};
                   }});
  rows_.push_back(
      {"split view: the other witness's line put under this checkpoint",
       Check::witnesses,
       {},
       [&world = world_, other](base::FileSystem& files, const std::string& folder) {
         const log::Note theirs =
             must(log::parse_note(checkpoint_of(other(world), {"b"})));
         on_note([&](log::Note& note) {
           cosign(note, "a");
           note.signatures.push_back(theirs.signatures.back());
         })(files, folder);
       },
       {},
       [](World&, Trust& trust) { trust.policy = policy_of_two(); }});
}

}  // namespace urna::record::testing
