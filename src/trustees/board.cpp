#include "trustees/board.hpp"

#include "trustees/errors.hpp"
#include "trustees/judge.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::trustees {

Board Board::read(const Terms& terms, std::span<const NamedFile> files) {
  Board board(terms);
  BoardJudge judge(board);
  for (const NamedFile& file : files) judge.collect(file);
  judge.judge();
  return board;
}

const Fault* Board::fatal() const {
  const auto found = std::ranges::find_if(
      faults_, [](const Fault& fault) { return fault.ends_attempt; });
  return found == faults_.end() ? nullptr : &*found;
}

const Message* Board::message(const Slot& slot) const {
  const auto found = accepted_.find(slot);
  return found == accepted_.end() ? nullptr : &found->second;
}

const RevealPayload* Board::reveal(std::uint32_t trustee) const {
  const auto found = reveals_.find(trustee);
  return found == reveals_.end() ? nullptr : &found->second;
}

const SharesPayload* Board::shares(std::uint32_t trustee) const {
  const auto found = shares_.find(trustee);
  return found == shares_.end() ? nullptr : &found->second;
}

bool Board::complete(Step step) const {
  for (std::uint32_t i = 1; i <= terms_.n(); ++i) {
    if (message({step, i, 0}) == nullptr) return false;
  }
  return true;
}

std::vector<Citation> Board::citations(Step step) const {
  std::vector<Citation> citations;
  for (std::uint32_t i = 1; i <= terms_.n(); ++i) {
    citations.push_back(accepted_.at({step, i, 0}).citation);
  }
  return citations;
}

std::vector<Owed> Board::owed() const {
  if (fatal() != nullptr) return {};
  std::vector<Owed> owed;
  for (const Step step : {Step::commit, Step::reveal, Step::shares, Step::confirm}) {
    for (std::uint32_t i = 1; i <= terms_.n(); ++i) {
      const bool complained =
          step == Step::confirm && std::ranges::any_of(complaints_, [&](const Slot& c) {
            return c.trustee == i;
          });
      if (message({step, i, 0}) == nullptr && !complained)
        owed.push_back({{step, i, 0}});
    }
    if (!owed.empty()) break;  // the next step begins when this one is complete
  }
  for (const Slot& complaint : complaints_) {
    const Slot answer{Step::answer, complaint.subject, complaint.trustee};
    if (message(answer) == nullptr) owed.push_back({answer});
  }
  return owed;
}

namespace {

// What the one who owes the step types.
std::string_view command_name(Step step) {
  if (step == Step::shares) return "share";
  return step == Step::complaint ? "complain" : step_name(step);
}

}  // namespace

std::string progress_text(const Board& board) {
  const Terms& terms = board.terms();
  std::string text = fmt::format("Attempt {}: {} trustees, {} needed to decrypt\n",
                                 terms.binding().attempt, terms.n(), terms.k());
  const std::vector<Owed> owed = board.owed();
  for (std::uint32_t i = 1; i <= terms.n(); ++i) {
    text += fmt::format("  {:2}  {:<30}", i, terms.member(i).name);
    for (const Step step : {Step::commit, Step::reveal, Step::shares, Step::confirm}) {
      const bool there = board.message({step, i, 0}) != nullptr;
      text += there ? fmt::format("  {}", step_name(step))
                    : fmt::format("  {}", std::string(step_name(step).size(), '.'));
    }
    for (const Owed& one : owed) {
      if (one.slot.trustee != i) continue;
      text += fmt::format("   owes: urna trustee {}", command_name(one.slot.step));
      if (one.slot.subject != 0) text += fmt::format(" --to {}", one.slot.subject);
    }
    text += '\n';
  }
  for (const Fault& fault : board.faults()) {
    text += fmt::format("{} U{}: {}\n", fault.ends_attempt ? "FAULT" : "ignored",
                        fault.kind.number, fault.text);
  }
  if (board.fatal() != nullptr) {
    text +=
        "This attempt failed. Settle it, then call a new attempt: all trustees draw "
        "everything anew.\n";
  } else if (owed.empty()) {
    text += "Complete: combine the key.\n";
  }
  return text;
}

}  // namespace urna::trustees
