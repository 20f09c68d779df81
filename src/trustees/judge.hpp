// How a Board comes to its verdicts; private to src/trustees. Collects files into
// slots, then judges each step on the files of the step before: commits, reveals,
// shares, confirmations, complaints and their answers.
//
// Thread rule: one judge builds one board. Public data only.
#pragma once

#include "trustees/board.hpp"

namespace urna::trustees {

class BoardJudge {
 public:
  explicit BoardJudge(Board& board) : board_(board) {}

  // Takes a file into its slot when it is whole, bound to these terms and signed.
  void collect(const NamedFile& file);
  // Judges the content of everything collected.
  void judge();

 private:
  struct Collected {
    Message message;
    std::string name;
  };

  void fault(ErrorKind kind, std::uint32_t trustee, bool ends_attempt,
             std::string text);
  void malformed(ErrorKind kind, const Collected& file, std::string_view why);
  void accept(const Collected& file) {
    board_.accepted_.emplace(file.message.slot, file.message);
  }
  [[nodiscard]] bool in_range(const Slot& slot) const;
  void note_replay(const NamedFile& file, const Message& message);

  void judge_commit(const Collected& file);
  void judge_reveal(const Collected& file);
  void judge_shares(const Collected& file);
  void judge_confirm(const Collected& file);
  void judge_complaint(const Collected& file);
  void judge_answer(const Collected& file);
  void judge_share_in_the_open(const Slot& answer, const AnswerPayload& payload);
  // Compares what a file cites of an earlier step with what lies on the board.
  [[nodiscard]] bool citations_hold(const Collected& file, Step step,
                                    std::span<const Citation> citations);
  [[nodiscard]] bool cites(const Collected& file, const Slot& slot,
                           const Citation& citation);
  void find_joint();

  Board& board_;
  std::map<Slot, Collected> collected_;
  // Files that are only cited: the first payload hash seen, and in which file.
  std::map<Slot, std::pair<Hash32, std::string>> cited_;
};

}  // namespace urna::trustees
