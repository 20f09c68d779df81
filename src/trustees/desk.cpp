#include "trustees/desk.hpp"

#include "base/encoding.hpp"
#include "trustees/errors.hpp"

#include <fmt/format.h>

namespace urna::trustees {

Result<Desk> Desk::open(const Vault& vault, std::string folder, const Terms& terms,
                        TrusteeKeys keys) {
  const auto trustee = terms.find(keys.signing.public_key());
  if (!trustee || terms.member(*trustee).box != keys.box.public_key()) {
    return fail(errors::not_a_trustee, "these keys belong to nobody in this ceremony",
                "give the key file whose public keys stand in the definition");
  }
  return Desk(vault, std::move(folder), terms, std::move(keys), *trustee);
}

std::string Desk::memory_path() const {
  return base::join_path(
      folder_, fmt::format("ceremony-{}-{}.secret",
                           base::to_hex(ByteView(terms_.binding().ceremony).first(4)),
                           terms_.binding().attempt));
}

std::string Desk::share_path() const {
  return base::join_path(
      folder_, fmt::format("share-{}-{}.secret",
                           base::to_hex(ByteView(terms_.binding().ceremony).first(4)),
                           terms_.binding().attempt));
}

Message Desk::sign(Step step, std::uint32_t subject, Bytes payload) const {
  return sign_message(terms_.binding(), {step, trustee_, subject}, std::move(payload),
                      keys_.signing);
}

Result<CeremonyMemory> Desk::memory() const {
  return CeremonyMemory::load(vault_, memory_path(), terms_.binding(), trustee_);
}

Result<void> Desk::ready(const Board& board, Step step) const {
  if (const Fault* fault = board.fatal()) {
    return fail(errors::attempt_failed, fault->text,
                "settle it, then call a new attempt: all trustees draw anew");
  }
  if (board.complete(step)) return {};
  std::string missing;
  for (std::uint32_t i = 1; i <= terms_.n(); ++i) {
    if (board.message({step, i, 0}) != nullptr) continue;
    missing += fmt::format("{}{}", missing.empty() ? "" : ", ", terms_.title(i));
  }
  return fail(errors::too_early,
              fmt::format("the {} files of {} are missing", step_name(step), missing),
              "copy them into the ceremony folder and repeat this step");
}

Result<void> Desk::bind(CeremonyMemory& memory, Hash32 CeremonyMemory::* what,
                        const Hash32& hash) const {
  if (memory.*what == hash) return {};
  if (memory.*what != Hash32{}) {
    return fail(
        errors::already_bound,
        "this trustee has already continued with other files of an earlier step",
        "somebody signed two files for one step: compare the folders, and call "
        "a new attempt");
  }
  memory.*what = hash;
  return memory.save(vault_, memory_path());
}

Result<Message> Desk::commit() {
  if (vault_.files.kind(memory_path()) == base::FileKind::missing) {
    URNA_TRY(const auto drawn,
             CeremonyMemory::draw(vault_.random, terms_.binding(), trustee_));
    URNA_CHECK(drawn.save(vault_, memory_path()));
  }
  URNA_TRY(const CeremonyMemory remembered, memory());
  return commit_of(remembered);
}

Message Desk::commit_of(const CeremonyMemory& memory) const {
  const CommitPayload payload{coefficients_hash(
      terms_.binding(), trustee_, encode_coefficients(memory.coefficients))};
  return sign(Step::commit, 0, payload.encode());
}

Result<Message> Desk::reveal(const Board& board) {
  URNA_CHECK(ready(board, Step::commit));
  URNA_TRY(CeremonyMemory remembered, memory());
  const std::vector<Citation> commits = board.citations(Step::commit);
  if (commit_of(remembered).citation.payload_hash !=
      commits[trustee_ - 1].payload_hash) {
    return fail(errors::bad_private_file,
                "the commit on the board is not the one this private file made",
                "restore the private file that made it, or call a new attempt");
  }
  URNA_CHECK(
      bind(remembered, &CeremonyMemory::commits, list_hash(Step::commit, commits)));
  const RevealPayload payload{remembered.coefficients, commits};
  return sign(Step::reveal, 0, payload.encode());
}

Result<Message> Desk::share(const Board& board) {
  URNA_CHECK(ready(board, Step::reveal));
  URNA_TRY(CeremonyMemory remembered, memory());
  const std::vector<Citation> reveals = board.citations(Step::reveal);
  const Hash32 hash = list_hash(Step::reveal, reveals);
  // Before any box exists: a box key must never seal two different messages.
  URNA_CHECK(bind(remembered, &CeremonyMemory::reveals, hash));

  std::vector<SecretScalar> coefficients;
  for (const SecretScalar& coefficient : remembered.polynomial) {
    coefficients.push_back(coefficient.clone());
  }
  const Polynomial<R> polynomial(std::move(coefficients));
  SharesPayload payload{reveals, {}};
  for (std::uint32_t l = 1; l <= terms_.n(); ++l) {
    if (l == trustee_) {
      payload.boxes.emplace_back();
      continue;
    }
    const SecretScalar share = polynomial.share(l);
    crypto::SecretArray<kShareSize> message;
    std::ranges::copy(share.secret_bytes(), message.writable().begin());
    std::ranges::copy(hash, message.writable().begin() + 32);
    payload.boxes.push_back(crypto::seal_box(
        terms_.member(l).box, remembered.ephemerals[l - 1],
        share_context(terms_.binding(), trustee_, l), message.expose()));
  }
  return sign(Step::shares, 0, payload.encode());
}

Result<SecretScalar> Desk::share_from(const Board& board, std::uint32_t dealer) const {
  const auto bad = [&](std::string_view why) {
    return fail(
        errors::bad_share,
        fmt::format("the share from {} is not good: {}", terms_.title(dealer), why),
        fmt::format("complain: urna trustee complain --about {}", dealer));
  };
  const SharesPayload* shares = board.shares(dealer);
  const RevealPayload* reveal = board.reveal(dealer);
  if (shares == nullptr || reveal == nullptr) {
    return fail(errors::too_early,
                fmt::format("there is no shares file of {}", terms_.title(dealer)));
  }
  const auto opened =
      crypto::open_box(keys_.box, share_context(terms_.binding(), dealer, trustee_),
                       shares->boxes[trustee_ - 1]);
  if (!opened) return bad("the box does not open");
  const Hash32 reveals = list_hash(Step::reveal, board.citations(Step::reveal));
  if (!equal(opened->expose().subspan(32), reveals)) {
    return bad("it was dealt for other reveals");
  }
  auto share = SecretScalar::decode(opened->expose().first(32));
  if (!share) return bad("it is not a scalar");
  if (!share_fits(*share, reveal->coefficients, trustee_)) {
    return bad("it does not fit the coefficients revealed");
  }
  return share;
}

Result<SecretScalar> Desk::sum_of_shares(const Board& board,
                                         const CeremonyMemory& memory) const {
  std::vector<SecretScalar> own;
  for (const SecretScalar& coefficient : memory.polynomial) {
    own.push_back(coefficient.clone());
  }
  SecretScalar sum = Polynomial<R>(std::move(own)).share(trustee_);
  for (std::uint32_t i = 1; i <= terms_.n(); ++i) {
    if (i == trustee_) continue;
    URNA_TRY(const SecretScalar share, share_from(board, i));
    sum = sum + share;
  }
  return sum;
}

Result<Message> Desk::confirm(const Board& board) {
  URNA_CHECK(ready(board, Step::shares));
  if (!board.complaints().empty()) {
    return fail(errors::attempt_failed, "a complaint is open",
                "settle it, then call a new attempt: all trustees draw anew");
  }
  URNA_TRY(CeremonyMemory remembered, memory());
  const std::vector<Citation> shares = board.citations(Step::shares);
  URNA_TRY(SecretScalar secret, sum_of_shares(board, remembered));
  const Joint& joint = *board.joint();
  // Pair assertion: the share must be the one everybody computes for this trustee.
  if (R::base_mul(secret) != joint.public_shares[trustee_ - 1]) {
    return fail(errors::bad_share, "the shares do not add up to the public share");
  }
  URNA_CHECK(
      bind(remembered, &CeremonyMemory::shares, list_hash(Step::shares, shares)));
  const KeyShare share{terms_.binding(), trustee_, joint.election_hash,
                       std::move(secret)};
  URNA_CHECK(share.save(vault_, share_path()));
  const ConfirmPayload payload{shares, joint.election_hash};
  return sign(Step::confirm, 0, payload.encode());
}

Result<Message> Desk::complain(const Board& board, std::uint32_t dealer) {
  URNA_CHECK(ready(board, Step::reveal));
  if (dealer < 1 || dealer > terms_.n() || dealer == trustee_) {
    return fail(errors::nothing_wrong,
                fmt::format("there is no other trustee {}", dealer),
                "trustees count from 1: urna trustee status");
  }
  const auto share = share_from(board, dealer);
  if (share) {
    return fail(errors::nothing_wrong,
                fmt::format("the share from {} is good", terms_.title(dealer)),
                "continue: urna trustee confirm");
  }
  if (share.error().kind != errors::bad_share) return std::unexpected(share.error());
  const ComplaintPayload payload{board.message({Step::shares, dealer, 0})->citation};
  return sign(Step::complaint, dealer, payload.encode());
}

Result<Message> Desk::answer(const Board& board, std::uint32_t complainer) {
  if (board.message({Step::complaint, complainer, trustee_}) == nullptr) {
    return fail(errors::nothing_wrong,
                fmt::format("trustee {} has not complained about you", complainer),
                "nothing to answer: see urna trustee status");
  }
  URNA_TRY(const CeremonyMemory remembered, memory());
  AnswerPayload payload;
  std::ranges::copy(remembered.ephemerals[complainer - 1].expose(),
                    payload.ephemeral.begin());
  return sign(Step::answer, complainer, payload.encode());
}

Result<void> Desk::forget() {
  if (vault_.files.kind(memory_path()) == base::FileKind::missing) return {};
  URNA_CHECK(vault_.files.remove(memory_path()));
  return vault_.files.sync_folder(folder_);
}

}  // namespace urna::trustees
