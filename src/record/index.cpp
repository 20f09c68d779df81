#include "record/index.hpp"

#include "base/encoding.hpp"
#include "crypto/sha256.hpp"
#include "election/model.hpp"
#include "record/errors.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::record {
namespace {

constexpr std::size_t kKilobyte = 1024;
constexpr std::size_t kMegabyte = 1024 * kKilobyte;

const Index::Names kNoNames;
const std::vector<Index::Version> kNoVersions;

bool is_decryption_name(std::string_view name) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return name.size() > 3 && name[name.size() - 3] == '-' &&
         digit(name[name.size() - 2]) && digit(name[name.size() - 1]) &&
         election::is_code(name.substr(0, name.size() - 3));
}

}  // namespace

const std::vector<KindInfo>& all_kinds() {
  static const std::vector<KindInfo> kinds{
      {kinds::log_key, kKilobyte, false, "log-key"},
      {kinds::policy, 64 * kKilobyte, false, "witnesses"},
      {kinds::definition, 64 * kMegabyte},
      {kinds::ceremony, 2 * kMegabyte},
      {kinds::election_key, 16 * kMegabyte, false, "election-key"},
      {kinds::certificate, 4 * kKilobyte},
      {kinds::package, 128 * kMegabyte, false, {}, true},
      {kinds::signatures, 64 * kKilobyte, false, {}, true},
      {kinds::box_count, 128 * kKilobyte, false, {}, true},
      {kinds::exclusion, 8 * kMegabyte, false, {}, true},
      {kinds::lost_machine, 4 * kKilobyte, false, {}, true},
      {kinds::decryption, 16 * kMegabyte, false, {}, true},
      {kinds::decisions, 16 * kMegabyte, true, "decisions.json"},
      {kinds::results, 16 * kMegabyte, true, "results.json"},
      {kinds::correction, 16 * kMegabyte, true},
  };
  return kinds;
}

const KindInfo* find_kind(std::string_view kind) {
  const auto found = std::ranges::find(all_kinds(), kind, &KindInfo::kind);
  return found == all_kinds().end() ? nullptr : &*found;
}

Result<void> check_document_name(const log::Document& document) {
  const KindInfo* kind = find_kind(document.kind);
  if (kind == nullptr) {
    return fail(errors::unknown_kind,
                fmt::format("'{}' is not a kind of document", document.kind),
                "docs/formats/record.md lists the kinds");
  }
  const auto bad = [&](std::string_view want) {
    return fail(errors::bad_name,
                fmt::format("a document of kind '{}' is named {}, not "
                            "'{}'",
                            document.kind, want, document.name));
  };
  if (!kind->name.empty() && document.name != kind->name) return bad(kind->name);
  if (document.kind == kinds::decryption) {
    if (!is_decryption_name(document.name)) return bad("STATION-LL");
  } else if (kind->of_station && !election::is_code(document.name)) {
    return bad("as its station");
  }
  return {};
}

std::string_view station_of(std::string_view kind, std::string_view name) {
  const KindInfo* found = find_kind(kind);
  if (found == nullptr || !found->of_station) return {};
  return kind == kinds::decryption ? name.substr(0, name.rfind('-')) : name;
}

bool Index::add(const log::Document& document, std::uint64_t entry) {
  auto& versions = kinds_[document.kind][document.name];
  const auto same = std::ranges::find(versions, document.hash, &Version::hash);
  if (same != versions.end()) return false;
  versions.push_back({document.hash, entry});
  ++size_;
  return true;
}

const Index::Names& Index::of(std::string_view kind) const {
  const auto found = kinds_.find(kind);
  return found == kinds_.end() ? kNoNames : found->second;
}

const std::vector<Index::Version>& Index::versions(std::string_view kind,
                                                   std::string_view name) const {
  const Names& names = of(kind);
  const auto found = names.find(name);
  return found == names.end() ? kNoVersions : found->second;
}

std::optional<Hash32> Index::last(std::string_view kind, std::string_view name) const {
  const auto& all = versions(kind, name);
  if (all.empty()) return std::nullopt;
  return all.back().hash;
}

std::vector<std::pair<std::string, Hash32>> Index::decryptions(
    std::string_view station) const {
  std::vector<std::pair<std::string, Hash32>> found;
  const Names& names = of(kinds::decryption);
  const std::string prefix = std::string(station) + "-";
  for (auto at = names.lower_bound(prefix);
       at != names.end() && at->first.starts_with(prefix); ++at) {
    for (const Version& version : at->second) {
      found.emplace_back(at->first, version.hash);
    }
  }
  return found;
}

std::vector<std::string> Index::conflicts(std::string_view kind) const {
  std::vector<std::string> found;
  const KindInfo* kind_info = find_kind(kind);
  if (kind_info == nullptr || kind_info->versions) return found;
  for (const auto& [name, versions] : of(kind)) {
    if (versions.size() > 1) found.push_back(name);
  }
  return found;
}

Hash32 Index::fingerprint(std::string_view station) const {
  crypto::Sha256 hash;
  const auto put = [&](std::string_view kind, std::string_view name, const Hash32& of) {
    hash.update(log::Document{std::string(kind), std::string(name), of}.entry());
  };
  for (const KindInfo& kind : all_kinds()) {
    if (!kind.of_station || kind.kind == kinds::decryption) continue;
    for (const Version& version : versions(kind.kind, station)) {
      put(kind.kind, station, version.hash);
    }
  }
  for (const auto& [name, of] : decryptions(station)) put(kinds::decryption, name, of);
  return hash.finish();
}

Result<Bytes> read_blob(base::FileSystem& files, const std::string& folder,
                        std::string_view kind, const Hash32& hash) {
  const KindInfo* kind_info = find_kind(kind);
  const std::string path = log::blob_path(hash);
  auto bytes = base::read_file(files, base::join_path(folder, path),
                               kind_info == nullptr ? kKilobyte : kind_info->limit);
  if (!bytes) {
    return fail(errors::blob_missing, bytes.error().message,
                "get the file again from another copy of the record", path);
  }
  const Hash32 found = crypto::sha256(*bytes);
  if (found != hash) {
    return fail(errors::blob_changed,
                fmt::format("its bytes have the SHA-256 {}", base::to_hex(found)),
                "get the file again from another copy of the record", path);
  }
  return *std::move(bytes);
}

}  // namespace urna::record
