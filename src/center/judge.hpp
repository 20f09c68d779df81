// Whether a document that a centre received is good: the record's own checks, run on
// the document alone. What it says against other documents is settled later, one
// document at a time (queue.hpp).
//
// A package passes when every check of its station passes or cannot be run yet.
// Numbers of people that do not agree (the check "equalities") are no reason to refuse
// it: they are published and shown (docs/verification.md).
//
// Thread rule: learn() from one thread; a Bench belongs to one worker, several may
// judge at the same time. Public data.
#pragma once

#include "center/store.hpp"
#include "record/frame.hpp"
#include "sheet/officials.hpp"

#include <mutex>

namespace urna::center {

enum class Judgement : std::uint8_t {
  good,
  bad,      // for good: the document is what is wrong
  not_yet,  // another document must come first
};

struct Judged {
  Judgement judgement = Judgement::bad;
  std::string reason;  // names the check; empty when good
};

// The sheet of a station that box counts and signatures stand beside.
using LastSheet = std::optional<sheet::Sheet>;

class Judge {
 public:
  // From a record that holds the definition and the election key. `shelf` is the folder
  // whose blob/ has the documents. Error not_ready.
  [[nodiscard]] static Result<std::unique_ptr<Judge>> open(base::FileSystem& files,
                                                           const std::string& record,
                                                           std::string shelf);

  [[nodiscard]] const election::Definition& definition() const {
    return *frame_.definition;
  }
  [[nodiscard]] const record::Frame& frame() const { return frame_; }

  // What one worker uses over and over.
  class Bench {
   public:
    explicit Bench(const Judge& judge);
    // `last` is asked only for documents that stand beside a sheet. Error hash_differs
    // when the shelf cannot be read, which says nothing about the document.
    [[nodiscard]] Result<Judged> judge(const Item& item, ByteView bytes,
                                       const LastSheet& last);

   private:
    Result<Judged> package(const Item& item);
    Judged lone_sheet(std::string_view text) const;
    Judged box_count(std::string_view text, const LastSheet& last) const;
    Judged signatures(const Item& item, std::string_view text,
                      const LastSheet& last) const;
    Judged certificate(std::string_view text) const;

    const Judge& judge_;
    record::Frame trial_;  // a record that holds nothing but the package on trial
  };

  // An official's certificate counts from now on.
  void learn(std::string_view certificate);
  [[nodiscard]] std::vector<sheet::TrustedOfficial> officials() const;

 private:
  explicit Judge(record::Frame frame) : frame_(std::move(frame)) {}

  record::Frame frame_;
  std::string shelf_;
  mutable std::mutex mutex_;
  std::vector<sheet::TrustedOfficial> officials_;
};

// The last sheet of a package, which box counts and signatures name.
[[nodiscard]] LastSheet last_sheet_of(ByteView package);

}  // namespace urna::center
