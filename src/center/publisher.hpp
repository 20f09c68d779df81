// Puts what a centre has verified into the public record and its log, in batches, and
// writes beside it what is no part of a record: which documents have arrived and where
// they stand (intake.json), and the tally sheets that came alone (sheets/). All of it
// is static files for any web server.
//
// A batch is added to the record first and marked afterwards; when that is interrupted
// it is added again, which changes nothing. Other programs may write to the same log in
// between (`urna record add`, `urna log cosign`): the record is then opened anew.
//
// Thread rule: any thread, one at a time (a lock of its own). The log's key is secret.
#pragma once

#include "center/queue.hpp"
#include "record/recorder.hpp"

namespace urna::center {

struct PublishPlaces {
  std::string record;  // the folder of the record
  std::string state;   // the log's private folder
  std::string side;    // for intake.json and sheets/; empty: not written
};

class Publisher {
 public:
  // Errors: those of opening a record.
  [[nodiscard]] static Result<std::unique_ptr<Publisher>> open(
      base::FileSystem& files, PublishPlaces places, base::Clock& clock,
      crypto::SigningKey log_key, Shelf& shelf, Store& store,
      const election::Definition& definition);

  // Adds what is verified; gives how many documents.
  [[nodiscard]] Result<std::size_t> publish();
  // Adds these, whatever the store says of them (decisions.hpp).
  [[nodiscard]] Result<void> add(const std::vector<record::NewDocument>& documents);
  // The last version of a document in the record, if there is one.
  [[nodiscard]] Result<std::optional<Bytes>> last(std::string_view kind,
                                                  std::string_view name);
  [[nodiscard]] Result<void> write_side();

  [[nodiscard]] std::uint64_t log_size();

 private:
  Publisher(base::FileSystem& files, PublishPlaces places, base::Clock& clock,
            crypto::SigningKey log_key, Shelf& shelf, Store& store,
            const election::Definition& definition)
      : files_(files),
        places_(std::move(places)),
        clock_(clock),
        log_key_(std::move(log_key)),
        shelf_(shelf),
        store_(store),
        definition_(definition) {}
  Result<void> reopen();
  Result<void> add_locked(const std::vector<record::NewDocument>& documents);
  // The next batch: items and their documents.
  struct Batch {
    std::vector<Item> items;
    std::vector<record::NewDocument> documents;
  };
  Result<Batch> next_batch();
  // Whether the record has another document of this name already.
  [[nodiscard]] bool record_differs(const Item& item) const;
  Result<void> write_sheet(const Item& item);

  base::FileSystem& files_;
  PublishPlaces places_;
  base::Clock& clock_;
  crypto::SigningKey log_key_;
  Shelf& shelf_;
  Store& store_;
  const election::Definition& definition_;
  std::mutex mutex_;
  std::unique_ptr<log::LockStore> lock_;
  std::optional<record::Recorder> recorder_;
  std::string side_written_;  // intake.json as it lies there
};

// intake.json: for people and pages; nothing in it is signed.
[[nodiscard]] base::Json status_json(const std::vector<Item>& items,
                                     const election::Definition& definition);

}  // namespace urna::center
