#include "log/check_folder.hpp"

#include "base/encoding.hpp"
#include "crypto/file_hash.hpp"
#include "log/document.hpp"
#include "log/errors.hpp"
#include "log/scan.hpp"
#include "log/tile.hpp"

#include <set>

#include <fmt/format.h>

namespace urna::log {
namespace {

void add_fault(FolderCheck& out, const LogFault& fault) {
  out.report.problem(errors::bad_tile, {fault.file, 0, ""}, fault.what,
                     "restore this file from a mirror");
}

// What the scan of the tree leaves open: the blobs that entries name, and files that no
// entry and no tree of this size explains.
class OtherFiles {
 public:
  OtherFiles(base::FileSystem& files, const std::string& folder,
             const Checkpoint& checkpoint, bool bundles_good, FolderCheck& out)
      : files_(files),
        folder_(folder),
        checkpoint_(checkpoint),
        bundles_good_(bundles_good),
        out_(out) {}

  void run(const std::set<Document>& named) {
    std::set<Hash32> known;
    for (const Document& document : named) {
      check_blob(document);
      known.insert(document.hash);
    }
    walk("tile");
    const auto names = files_.list(base::join_path(folder_, "blob"));
    for (const std::string& name : names.value_or(std::vector<std::string>{})) {
      const auto hash = base::array_from_hex<32>(name);
      if (!hash || !known.contains(*hash)) check_stray_blob("blob/" + name, hash);
    }
  }

 private:
  void bad(const std::string& path, std::string why) {
    add_fault(out_, {path, std::move(why)});
  }

  void check_blob(const Document& document) {
    const std::string path = blob_path(document.hash);
    const auto hash = hash_of(path);
    if (!hash) return bad(path, hash.error().message);
    ++out_.blobs;
    if (*hash != document.hash) {
      bad(path,
          fmt::format("the {} '{}' has other content", document.kind, document.name));
    }
  }

  // With a damaged bundle nobody knows which blobs its entries named.
  void check_stray_blob(const std::string& path, const Result<Hash32>& named) {
    if (!named || bundles_good_) return bad(path, "no entry of the log names it");
    const auto own = hash_of(path);
    if (!own || *own != *named) bad(path, "it has other content than its name says");
  }

  Result<Hash32> hash_of(const std::string& path) const {
    return crypto::sha256_file(files_, base::join_path(folder_, path));
  }

  void walk(const std::string& path) {
    const auto names = files_.list(base::join_path(folder_, path));
    for (const std::string& name : names.value_or(std::vector<std::string>{})) {
      const std::string inside = base::join_path(path, name);
      const auto kind = files_.kind(base::join_path(folder_, inside));
      if (kind == base::FileKind::folder) {
        walk(inside);
      } else {
        check_tile_file(inside);
      }
    }
  }

  void check_tile_file(const std::string& path) {
    const auto id = parse_tile_path(path);
    if (!id) return bad(path, "it is no file of a log");
    const std::uint64_t count =
        id->level >= 8 ? 0 : checkpoint_.size >> (kTileHeight * id->level);
    if (id->index * kTileWidth + id->width > count) {
      bad(path, "it is beyond the signed tree");
    }
  }

  base::FileSystem& files_;
  const std::string& folder_;
  const Checkpoint& checkpoint_;
  bool bundles_good_;
  FolderCheck& out_;
};

}  // namespace

Result<FolderCheck> check_folder(
    base::FileSystem& files, const std::string& folder,
    const std::optional<Policy>& policy,
    const std::function<void(std::uint64_t done, std::uint64_t total)>& progress) {
  if (files.kind(folder) != base::FileKind::folder) {
    return fail(errors::log_state, fmt::format("there is no folder {}", folder),
                "name the folder that holds the file 'checkpoint'");
  }
  FolderCheck out;
  const std::string path = base::join_path(folder, "checkpoint");
  const auto note = base::read_text(files, path, kMaxNote);
  const auto refuse = [&](const Error& error) -> Result<FolderCheck> {
    out.report.add(error, {"checkpoint", 0, ""});
    return std::move(out);
  };
  if (!note) return refuse(note.error());
  if (policy) {
    const auto witnessed = policy->check(*note);
    if (!witnessed) return refuse(witnessed.error());
    out.checkpoint = witnessed->signed_checkpoint.checkpoint;
    out.witnesses = witnessed->witnesses;
  } else {
    const auto parsed = parse_note(*note);
    if (!parsed) return refuse(parsed.error());
    const auto checkpoint = parse_checkpoint(parsed->text);
    if (!checkpoint) return refuse(checkpoint.error());
    out.checkpoint = *checkpoint;
  }
  const Checkpoint checkpoint = *out.checkpoint;
  std::set<Document> documents;
  const Scan tree =
      scan(files, folder, checkpoint, {}, [&](std::uint64_t at, const Bytes& entry) {
        if (const auto document = parse_document(entry)) documents.insert(*document);
        if (progress) progress(at + 1, checkpoint.size);
      });
  out.entries = tree.entries;
  for (const LogFault& fault : tree.faults) add_fault(out, fault);
  OtherFiles(files, folder, checkpoint, tree.bundles_good, out).run(documents);
  return out;
}

}  // namespace urna::log
