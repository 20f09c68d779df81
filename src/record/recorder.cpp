#include "record/recorder.hpp"

#include "crypto/sha256.hpp"
#include "record/checkpoint.hpp"
#include "record/errors.hpp"

#include <fmt/format.h>

namespace urna::record {

Result<Recorder> Recorder::create(base::FileSystem& files, log::LogPlaces places,
                                  log::LockStore& lock, base::Clock& clock,
                                  log::NoteSigner signer) {
  if (files.kind(base::join_path(places.public_folder, "checkpoint")) !=
      base::FileKind::missing) {
    return fail(errors::record_exists,
                fmt::format("{} is a record already", places.public_folder),
                "add to it with `urna record add`, or name another folder");
  }
  const std::string folder = places.public_folder;
  URNA_TRY(
      log::Sequencer sequencer,
      log::Sequencer::create(files, std::move(places), lock, clock, std::move(signer)));
  Recorder recorder(files, folder, std::move(sequencer));
  URNA_CHECK(recorder.begin());
  return recorder;
}

// Every record begins with its log's key.
Result<void> Recorder::begin() {
  const std::string key = sequencer_.key().text() + "\n";
  const std::vector<NewDocument> first{
      {std::string(kinds::log_key), "log-key", to_bytes(as_bytes(key))}};
  URNA_CHECK(add(first));
  return {};
}

Result<Recorder> Recorder::open(base::FileSystem& files, log::LogPlaces places,
                                log::LockStore& lock, base::Clock& clock,
                                log::NoteSigner signer) {
  const std::string folder = places.public_folder;
  URNA_TRY(
      log::Sequencer sequencer,
      log::Sequencer::open(files, std::move(places), lock, clock, std::move(signer)));
  Recorder recorder(files, folder, std::move(sequencer));
  URNA_CHECK(recorder.read_index());
  // Making the record was interrupted between the empty log and its first document.
  if (recorder.sequencer_.size() == 0) URNA_CHECK(recorder.begin());
  return recorder;
}

Result<void> Recorder::read_index() {
  std::optional<Error> bad;
  URNA_TRY(const log::Scan tree,
           scan_log(*files_, folder_, [&](std::uint64_t at, const Bytes& entry) {
             const auto document = log::parse_document(entry);
             if (document) {
               index_.add(*document, at);
             } else if (!bad) {
               bad = document.error();
             }
           }));
  if (bad) return std::unexpected(*std::move(bad));
  if (!tree.faults.empty()) {
    return fail(errors::not_a_record, tree.faults.front().what,
                "the record is damaged: restore it from a mirror before adding to it",
                base::join_path(folder_, tree.faults.front().file));
  }
  return {};
}

Result<std::vector<Added>> Recorder::add(std::span<const NewDocument> documents) {
  std::vector<Added> added;
  std::vector<Bytes> entries;
  for (const NewDocument& one : documents) {
    log::Document document{one.kind, one.name, crypto::sha256(one.bytes)};
    URNA_CHECK(check_document_name(document));
    if (!log::is_document_name(document.name)) {
      return fail(errors::bad_name,
                  fmt::format("'{}' cannot name a document", document.name));
    }
    const KindInfo& kind = *find_kind(one.kind);
    if (one.bytes.size() > kind.limit) {
      return fail(errors::document_refused,
                  fmt::format("{} {} has {} bytes; a {} has at most {}", one.kind,
                              one.name, one.bytes.size(), one.kind, kind.limit));
    }
    added.push_back({std::move(document), false, false});
  }
  for (std::size_t i = 0; i < added.size(); ++i) {
    const log::Document& document = added[i].document;
    const std::string path = base::join_path(folder_, log::blob_path(document.hash));
    URNA_CHECK(base::make_folder_durable(*files_, base::parent_folder(path)));
    if (!read_blob(*files_, folder_, document.kind, document.hash)) {
      URNA_CHECK(base::write_durable(*files_, path, documents[i].bytes));
    } else {
      // Perhaps of a run that was killed before the folder was durable.
      URNA_CHECK(files_->sync_folder(base::parent_folder(path)));
    }
  }
  Index next = index_;
  for (Added& one : added) {
    const log::Document& document = one.document;
    one.fresh = next.add(document, sequencer_.size() + entries.size());
    if (one.fresh) entries.push_back(document.entry());
    one.conflict = !find_kind(document.kind)->versions &&
                   next.versions(document.kind, document.name).size() > 1;
  }
  if (!entries.empty()) URNA_CHECK(sequencer_.append(entries));
  index_ = std::move(next);
  return added;
}

}  // namespace urna::record
