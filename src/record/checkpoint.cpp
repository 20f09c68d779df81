#include "record/checkpoint.hpp"

#include "record/errors.hpp"

namespace urna::record {

Result<RecordCheckpoint> read_checkpoint(base::FileSystem& files,
                                         const std::string& folder) {
  const std::string path = base::join_path(folder, "checkpoint");
  const auto text = base::read_text(files, path, log::kMaxNote);
  if (!text) {
    return fail(errors::not_a_record, text.error().message,
                "a record is a folder with a file `checkpoint`", path);
  }
  auto note = log::parse_note(*text);
  if (!note) return std::unexpected(std::move(note).error().at(path));
  auto checkpoint = log::parse_checkpoint(note->text);
  if (!checkpoint) return std::unexpected(std::move(checkpoint).error().at(path));
  return RecordCheckpoint{*std::move(note), *std::move(checkpoint)};
}

Result<log::Scan> scan_log(base::FileSystem& files, const std::string& folder,
                           const log::EntrySink& entry) {
  URNA_TRY(const RecordCheckpoint top, read_checkpoint(files, folder));
  return log::scan(files, folder, top.checkpoint, {}, entry);
}

}  // namespace urna::record
