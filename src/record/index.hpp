// What a record holds, by kind and name: built from the log's entries, read by
// everything else in this room. The order of entries does not matter, except that of
// kinds which may have several versions (decisions, results, corrections) the last one
// counts; of every other kind two versions are a conflict.
//
// Thread rule: one thread builds; then it may be read by many. Public data.
#pragma once

#include "base/file.hpp"
#include "log/document.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace urna::record {

namespace kinds {
inline constexpr std::string_view definition = "definition";
inline constexpr std::string_view log_key = "log-key";
inline constexpr std::string_view policy = "policy";
inline constexpr std::string_view ceremony = "ceremony";
inline constexpr std::string_view election_key = "election-key";
inline constexpr std::string_view certificate = "certificate";
inline constexpr std::string_view package = "package";
inline constexpr std::string_view signatures = "signatures";
inline constexpr std::string_view box_count = "box-count";
inline constexpr std::string_view exclusion = "exclusion";
inline constexpr std::string_view lost_machine = "lost-machine";
inline constexpr std::string_view decryption = "decryption";
inline constexpr std::string_view decisions = "decisions";
inline constexpr std::string_view results = "results";
inline constexpr std::string_view correction = "correction";
}  // namespace kinds

struct KindInfo {
  std::string_view kind;
  std::size_t limit;        // of a document's bytes
  bool versions = false;    // several under one name are no conflict
  std::string_view name{};  // the only legal name; empty: any
  bool of_station = false;  // the name begins with a station's code
};
[[nodiscard]] const std::vector<KindInfo>& all_kinds();
[[nodiscard]] const KindInfo* find_kind(std::string_view kind);

// Refuses a kind that the format does not list, and a name it does not allow.
[[nodiscard]] Result<void> check_document_name(const log::Document& document);

// "N01" of a package or box count "N01" and of a decryption "N01-02"; empty for kinds
// that belong to no station.
[[nodiscard]] std::string_view station_of(std::string_view kind, std::string_view name);

class Index {
 public:
  struct Version {
    Hash32 hash{};
    std::uint64_t entry = 0;  // in the log
  };
  using Names = std::map<std::string, std::vector<Version>, std::less<>>;

  // False when exactly this document is there already.
  bool add(const log::Document& document, std::uint64_t entry);

  [[nodiscard]] const Names& of(std::string_view kind) const;
  // Every version under this name; empty when there is none.
  [[nodiscard]] const std::vector<Version>& versions(std::string_view kind,
                                                     std::string_view name) const;
  // The last version: what counts where several are allowed.
  [[nodiscard]] std::optional<Hash32> last(std::string_view kind,
                                           std::string_view name) const;
  // Decryptions of one station, by name.
  [[nodiscard]] std::vector<std::pair<std::string, Hash32>> decryptions(
      std::string_view station) const;
  [[nodiscard]] const std::map<std::string, Names, std::less<>>& all() const {
    return kinds_;
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  // Names of one kind with more than one version, where that is a conflict.
  [[nodiscard]] std::vector<std::string> conflicts(std::string_view kind) const;
  // SHA-256 over the entries that belong to a station.
  [[nodiscard]] Hash32 fingerprint(std::string_view station) const;

 private:
  std::map<std::string, Names, std::less<>> kinds_;
  std::size_t size_ = 0;
};

// The bytes of a document. Errors: blob_missing, blob_changed (its hash is another).
[[nodiscard]] Result<Bytes> read_blob(base::FileSystem& files,
                                      const std::string& folder, std::string_view kind,
                                      const Hash32& hash);

}  // namespace urna::record
