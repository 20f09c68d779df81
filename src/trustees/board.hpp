// What the files of a ceremony prove so far. Everybody (trustees, observers, the final
// verifier) builds a Board from the terms and whatever files are at hand, and sees who
// has done what, who owes what, and who has provably broken the rules. Names of files
// and the order of arrival mean nothing.
//
// Every file is judged: its layout, its binding, its signature, and its content against
// the files it builds on. A file that fails is never used, and the fault names the
// trustee wherever the evidence does.
//
// Thread rule: immutable after read(). Public data only.
#pragma once

#include "trustees/joint.hpp"
#include "trustees/payload.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace urna::trustees {

struct NamedFile {
  std::string name;  // for messages only
  Bytes bytes;
};

// Something wrong with a file, or somebody caught.
struct Fault {
  ErrorKind kind;
  std::uint32_t trustee = 0;  // 0: the evidence names nobody
  bool ends_attempt = false;  // proven: this attempt cannot give a key any more
  std::string text;           // one sentence that names the trustee and the file
};

// A step that somebody has still to take.
struct Owed {
  Slot slot;
  friend auto operator<=>(const Owed&, const Owed&) = default;
};

class Board {
 public:
  [[nodiscard]] static Board read(const Terms& terms, std::span<const NamedFile> files);

  [[nodiscard]] const Terms& terms() const { return terms_; }
  [[nodiscard]] const std::vector<Fault>& faults() const { return faults_; }
  // The first fault that ends the attempt; null when there is none.
  [[nodiscard]] const Fault* fatal() const;

  // An accepted file; null when there is none.
  [[nodiscard]] const Message* message(const Slot& slot) const;
  [[nodiscard]] const RevealPayload* reveal(std::uint32_t trustee) const;
  [[nodiscard]] const SharesPayload* shares(std::uint32_t trustee) const;

  // All n trustees' files of a step are accepted.
  [[nodiscard]] bool complete(Step step) const;
  // Their citations, trustee 1 first. Only for a complete step.
  [[nodiscard]] std::vector<Citation> citations(Step step) const;

  // The next things to do, in order of step and trustee; empty when the ceremony is
  // complete, or when the attempt failed.
  [[nodiscard]] std::vector<Owed> owed() const;
  [[nodiscard]] const std::vector<Slot>& complaints() const { return complaints_; }

  // K, the Z_l and He; null until all reveals are accepted.
  [[nodiscard]] const Joint* joint() const { return joint_ ? &*joint_ : nullptr; }

 private:
  friend class BoardJudge;
  explicit Board(const Terms& terms) : terms_(terms) {}

  Terms terms_;
  std::map<Slot, Message> accepted_;
  std::map<std::uint32_t, RevealPayload> reveals_;
  std::map<std::uint32_t, SharesPayload> shares_;
  std::vector<Slot> complaints_;
  std::optional<Joint> joint_;
  std::vector<Fault> faults_;
};

// "Ana Torres owes: reveal" and so on: the progress view, one line a trustee, then the
// faults. Plain text for the terminal.
[[nodiscard]] std::string progress_text(const Board& board);

}  // namespace urna::trustees
