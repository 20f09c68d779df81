#include "trustees/judge.hpp"

#include "trustees/errors.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::trustees {

void BoardJudge::fault(ErrorKind kind, std::uint32_t trustee, bool ends_attempt,
                       std::string text) {
  board_.faults_.push_back({kind, trustee, ends_attempt, std::move(text)});
}

void BoardJudge::malformed(ErrorKind kind, const Collected& file,
                           std::string_view why) {
  const std::uint32_t i = file.message.slot.trustee;
  fault(kind, i, true,
        fmt::format("{} of {} is signed but malformed: {}", file.name,
                    board_.terms_.title(i), why));
}

bool BoardJudge::in_range(const Slot& slot) const {
  const auto known = [&](std::uint32_t i) { return i >= 1 && i <= board_.terms_.n(); };
  const bool has_subject = slot.step == Step::complaint || slot.step == Step::answer;
  return known(slot.trustee) &&
         (has_subject ? known(slot.subject) && slot.subject != slot.trustee
                      : slot.subject == 0);
}

// A file bound to something else: named after whoever signed it then, which convicts
// nobody of anything but shows where it comes from.
void BoardJudge::note_replay(const NamedFile& file, const Message& message) {
  const Terms& terms = board_.terms_;
  const std::uint32_t i = message.slot.trustee;
  const bool signed_then = citation_holds(message.binding, message.slot,
                                          message.citation, terms.member(i).signing);
  const bool same_ceremony = message.binding.ceremony == terms.binding().ceremony;
  fault(
      errors::replayed, signed_then ? i : 0, false,
      fmt::format("{} is a {} file of {} for {}, not for this attempt; it is not used",
                  file.name, step_name(message.slot.step), terms.title(i),
                  same_ceremony ? fmt::format("attempt {}", message.binding.attempt)
                                : std::string("another ceremony")));
}

void BoardJudge::collect(const NamedFile& file) {
  auto decoded = Message::decode(file.bytes);
  if (!decoded) {
    fault(errors::bad_message, 0, false,
          fmt::format("{} cannot be read: {}", file.name, decoded.error().message));
    return;
  }
  Message& message = *decoded;
  const Terms& terms = board_.terms_;
  const std::uint32_t i = message.slot.trustee;
  if (!in_range(message.slot)) {
    fault(errors::bad_message, 0, false,
          fmt::format("{} names a trustee that does not exist", file.name));
    return;
  }
  if (message.binding != terms.binding()) {
    note_replay(file, message);
    return;
  }
  if (!citation_holds(message.binding, message.slot, message.citation,
                      terms.member(i).signing)) {
    fault(errors::forged, 0, false,
          fmt::format("{} claims to be from {}, but the signature does not verify",
                      file.name, terms.title(i)));
    return;
  }
  const auto [found, is_new] =
      collected_.emplace(message.slot, Collected{message, file.name});
  if (is_new || found->second.message.payload == message.payload) return;
  fault(errors::equivocation, i, true,
        fmt::format("{} signed two different {} files: {} and {}", terms.title(i),
                    step_name(message.slot.step), found->second.name, file.name));
}

void BoardJudge::judge() {
  using Judgement = void (BoardJudge::*)(const Collected&);
  constexpr std::pair<Step, Judgement> kOrder[] = {
      {Step::commit, &BoardJudge::judge_commit},
      {Step::reveal, &BoardJudge::judge_reveal},
      {Step::shares, &BoardJudge::judge_shares},
      {Step::complaint, &BoardJudge::judge_complaint},
      {Step::answer, &BoardJudge::judge_answer},
      {Step::confirm, &BoardJudge::judge_confirm},
  };
  for (const auto& [step, judgement] : kOrder) {
    for (const auto& [slot, file] : collected_) {
      if (slot.step == step) (this->*judgement)(file);
    }
    if (step == Step::reveal) find_joint();
  }
}

bool BoardJudge::cites(const Collected& file, const Slot& slot,
                       const Citation& citation) {
  const Terms& terms = board_.terms_;
  const std::uint32_t author = file.message.slot.trustee;
  if (!citation_holds(terms.binding(), slot, citation,
                      terms.member(slot.trustee).signing)) {
    fault(errors::false_citation, author, true,
          fmt::format("{} ({}) cites a {} file that {} never signed", file.name,
                      terms.title(author), step_name(slot.step),
                      terms.title(slot.trustee)));
    return false;
  }
  // The file itself where it is on the board, else the first citation of it.
  const auto found = collected_.find(slot);
  const auto [known, where] =
      found != collected_.end()
          ? std::pair(found->second.message.citation.payload_hash, found->second.name)
          : cited_
                .try_emplace(slot,
                             std::pair(citation.payload_hash,
                                       fmt::format("a citation in {}", file.name)))
                .first->second;
  if (known == citation.payload_hash) return true;
  fault(errors::equivocation, slot.trustee, true,
        fmt::format("{} signed two different {} files: {}, and the one cited in {}",
                    terms.title(slot.trustee), step_name(slot.step), where, file.name));
  return false;
}

bool BoardJudge::citations_hold(const Collected& file, Step step,
                                std::span<const Citation> citations) {
  bool hold = true;
  for (std::uint32_t i = 1; i <= board_.terms_.n(); ++i) {
    if (!cites(file, {step, i, 0}, citations[i - 1])) hold = false;
  }
  return hold;
}

void BoardJudge::judge_commit(const Collected& file) {
  const auto payload = CommitPayload::decode(file.message.payload);
  if (!payload) return malformed(errors::bad_message, file, payload.error().message);
  accept(file);
}

void BoardJudge::judge_reveal(const Collected& file) {
  const Terms& terms = board_.terms_;
  const std::uint32_t i = file.message.slot.trustee;
  auto payload = RevealPayload::decode(terms.binding(), file.message.payload);
  if (!payload)
    return malformed(errors::bad_coefficient, file, payload.error().message);
  if (!citations_hold(file, Step::commit, payload->commits)) return;

  // The own commit as cited decides, so that a reveal can be judged without the file.
  const CommitPayload shown{coefficients_hash(
      terms.binding(), i, encode_coefficients(payload->coefficients))};
  if (payload_hash(shown.encode()) != payload->commits[i - 1].payload_hash) {
    fault(errors::commit_mismatch, i, true,
          fmt::format("{} revealed other coefficients ({}) than committed to",
                      terms.title(i), file.name));
    return;
  }
  if (payload->coefficients[0].element.is_identity()) {
    fault(errors::bad_coefficient, i, true,
          fmt::format("{} contributes the identity to the key ({})", terms.title(i),
                      file.name));
    return;
  }
  for (std::uint32_t j = 0; j < terms.k(); ++j) {
    const Coefficient& one = payload->coefficients[j];
    if (coefficient_proof_holds<R>({terms.binding(), i, j}, one.element, one.proof)) {
      continue;
    }
    fault(errors::bad_proof, i, true,
          fmt::format("{}: the proof of coefficient {} in {} fails", terms.title(i), j,
                      file.name));
    return;
  }
  accept(file);
  board_.reveals_.emplace(i, *std::move(payload));
}

void BoardJudge::find_joint() {
  if (!board_.complete(Step::reveal)) return;
  std::vector<std::vector<Element>> coefficients;
  for (const auto& [i, reveal] : board_.reveals_) {
    coefficients.push_back(elements_of(reveal.coefficients));
  }
  auto joint = join(board_.terms_.binding(), coefficients);
  if (!joint) {
    fault(joint.error().kind, 0, true, joint.error().message);
    return;
  }
  board_.joint_ = *std::move(joint);
}

void BoardJudge::judge_shares(const Collected& file) {
  const Terms& terms = board_.terms_;
  const std::uint32_t i = file.message.slot.trustee;
  auto payload = SharesPayload::decode(terms.binding(), i, file.message.payload);
  if (!payload) return malformed(errors::bad_share, file, payload.error().message);
  if (!citations_hold(file, Step::reveal, payload->reveals)) return;
  accept(file);
  board_.shares_.emplace(i, *std::move(payload));
}

void BoardJudge::judge_confirm(const Collected& file) {
  const Terms& terms = board_.terms_;
  const std::uint32_t i = file.message.slot.trustee;
  const auto payload = ConfirmPayload::decode(terms.binding(), file.message.payload);
  if (!payload) return malformed(errors::bad_message, file, payload.error().message);
  if (!citations_hold(file, Step::shares, payload->shares)) return;
  if (board_.joint_ && payload->election_hash != board_.joint_->election_hash) {
    fault(errors::wrong_result, i, true,
          fmt::format("{} confirms another key than these files give ({})",
                      terms.title(i), file.name));
    return;
  }
  accept(file);
}

void BoardJudge::judge_complaint(const Collected& file) {
  const Slot& slot = file.message.slot;
  const auto payload = ComplaintPayload::decode(file.message.payload);
  if (!payload) return malformed(errors::bad_message, file, payload.error().message);
  if (!cites(file, {Step::shares, slot.subject, 0}, payload->shares)) return;
  accept(file);
  board_.complaints_.push_back(slot);
}

void BoardJudge::judge_answer(const Collected& file) {
  const Slot& slot = file.message.slot;
  const auto payload = AnswerPayload::decode(file.message.payload);
  if (!payload) return malformed(errors::bad_message, file, payload.error().message);
  accept(file);
  if (board_.message({Step::complaint, slot.subject, slot.trustee}) != nullptr) {
    judge_share_in_the_open(slot, *payload);
  }
}

// The dealer has opened one box to everybody: either it holds a good share, and the
// complaint was false, or it does not.
void BoardJudge::judge_share_in_the_open(const Slot& answer,
                                         const AnswerPayload& payload) {
  const Terms& terms = board_.terms_;
  const std::uint32_t dealer = answer.trustee;
  const std::uint32_t receiver = answer.subject;
  const SharesPayload* shares = board_.shares(dealer);
  const RevealPayload* reveal = board_.reveal(dealer);
  if (shares == nullptr || reveal == nullptr || !board_.complete(Step::reveal)) return;

  const auto opened = crypto::open_as_sender(
      terms.member(receiver).box, payload.ephemeral,
      share_context(terms.binding(), dealer, receiver), shares->boxes[receiver - 1]);
  bool good = false;
  if (opened) {
    const auto share = SecretScalar::decode(opened->expose().first(32));
    const Hash32 reveals = list_hash(Step::reveal, board_.citations(Step::reveal));
    good = share && equal(opened->expose().subspan(32), reveals) &&
           share_fits(*share, reveal->coefficients, receiver);
  }
  if (good) {
    fault(errors::false_complaint, receiver, true,
          fmt::format("{} complained about {}, whose share for them is good",
                      terms.title(receiver), terms.title(dealer)));
  } else {
    fault(errors::bad_share, dealer, true,
          fmt::format("{} dealt {} a share that does not fit, as its opening shows",
                      terms.title(dealer), terms.title(receiver)));
  }
}

}  // namespace urna::trustees
