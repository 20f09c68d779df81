// Makes a record and adds documents to it. Adding is idempotent: a document that is
// there already is not added again. A second, different document under one name is
// added and reported as a conflict; it never replaces the first.
//
// Crash-safe by order: the bytes of a document are durable before the log names them,
// and the log's sequencer (log/sequencer.hpp) survives an interruption at any point. An
// interrupted add is finished by adding again.
//
// Called by `urna record`, the centre and tests. Thread rule: one thread, and one
// process for one record (the lock store refuses a second).
#pragma once

#include "log/sequencer.hpp"
#include "record/index.hpp"

#include <span>
#include <string>
#include <vector>

namespace urna::record {

struct NewDocument {
  std::string kind;
  std::string name;
  Bytes bytes;
};

struct Added {
  log::Document document;
  bool fresh = false;     // false: it was there already
  bool conflict = false;  // another document has the same name
};

class Recorder {
 public:
  // A new record with its log's key as the first document. Error record_exists.
  [[nodiscard]] static Result<Recorder> create(base::FileSystem& files,
                                               log::LogPlaces places,
                                               log::LockStore& lock, base::Clock& clock,
                                               log::NoteSigner signer);
  [[nodiscard]] static Result<Recorder> open(base::FileSystem& files,
                                             log::LogPlaces places,
                                             log::LockStore& lock, base::Clock& clock,
                                             log::NoteSigner signer);

  // All of them or, after an error, possibly none. Errors: unknown_kind, bad_name,
  // disk errors, those of the sequencer.
  [[nodiscard]] Result<std::vector<Added>> add(std::span<const NewDocument> documents);

  [[nodiscard]] const Index& index() const { return index_; }
  [[nodiscard]] const log::Sequencer& log() const { return sequencer_; }

 private:
  Recorder(base::FileSystem& files, std::string folder, log::Sequencer sequencer)
      : files_(&files), folder_(std::move(folder)), sequencer_(std::move(sequencer)) {}
  [[nodiscard]] Result<void> begin();
  [[nodiscard]] Result<void> read_index();

  base::FileSystem* files_;
  std::string folder_;
  log::Sequencer sequencer_;
  Index index_;
};

// What a file is, by its content alone: kind and name; `file_name` matters only for
// files of a definition and of a ceremony. Error unknown_document.
[[nodiscard]] Result<NewDocument> identify(const std::string& file_name, Bytes bytes);

}  // namespace urna::record
