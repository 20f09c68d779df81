// The tools of the tampering table: small edits of documents, ballots, sheets and
// files, and signatures with the keys that everybody knows. Tests only; one thread.
#pragma once

#include "log/checkpoint.hpp"
#include "record/testing/world.hpp"
#include "sheet/box_count.hpp"

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace urna::record::testing {

// Of a list of documents. The document must be there.
[[nodiscard]] Bytes& bytes_of(Documents& documents, std::string_view kind,
                              std::string_view name);
[[nodiscard]] const Bytes& bytes_of(const Documents& documents, std::string_view kind,
                                    std::string_view name);
void replace(Documents& documents, std::string_view kind, std::string_view name,
             Bytes bytes);
void erase(Documents& documents, std::string_view kind, std::string_view name);

// The first `from`, which must be there.
void replace_text(Bytes& bytes, std::string_view from, std::string_view to);
void replace_text(std::string& text, std::string_view from, std::string_view to);
// Drops the first line that contains `word`.
void cut_line(std::string& text, std::string_view word);

// Of a finished record.
void edit(base::FileSystem& files, const std::string& folder, const std::string& path,
          const std::function<void(Bytes&)>& change);
void sign_checkpoint(base::FileSystem& files, const std::string& folder,
                     const std::function<void(log::Checkpoint&)>& change);

// Like write_record(), but asks no questions: any kind, any name. A document of kind
// "-drop-blob" removes the bytes of the document before it instead.
[[nodiscard]] Result<void> write_anything(base::FileSystem& files,
                                          const std::string& folder,
                                          std::span<const NewDocument> documents);

// Of ballots: point or scalar number `index` of the ballot's fields.
void double_point(Bytes& ballot, std::size_t index);
void bump_scalar(Bytes& ballot, std::size_t field);

// Of packages and sheets.
[[nodiscard]] Bytes sign_as_it_stands(const WorldStation& station);
[[nodiscard]] std::string forged_certificate(const World& world,
                                             const WorldStation& station);
using StationEdit = std::function<void(Hash32& election, std::string& code,
                                       std::vector<std::uint32_t>& segments)>;
void change_station(WorldStation& station, const StationEdit& change);
void change_key(WorldStation& station);
void move_vote(sheet::ContestResult& contest);
void add_blank_ballot(sheet::SheetFields& fields);
[[nodiscard]] Bytes signed_box_count(
    const World& world, const WorldStation& station,
    const std::function<void(sheet::BoxCountFields&)>& change);
void sign_partial(World& world, trustees::Partial& partial, std::uint32_t trustee);

}  // namespace urna::record::testing
