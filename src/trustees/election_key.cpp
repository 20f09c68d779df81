#include "trustees/election_key.hpp"

#include "base/binary.hpp"
#include "trustees/errors.hpp"

#include <fmt/format.h>

namespace urna::trustees {

namespace {

constexpr std::string_view kMagic = "urna-ekr";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kLongestPart = std::size_t{1} << 20;

std::unexpected<Error> bad_record(std::string message) {
  return fail(errors::bad_key_record, std::move(message),
              "get the election key record again from the published record");
}

}  // namespace

Result<ElectionKey> ElectionKey::combine(const Board& board) {
  if (const Fault* fault = board.fatal()) {
    return fail(errors::attempt_failed, fault->text,
                "settle it, then call a new attempt: all trustees draw anew");
  }
  if (!board.complaints().empty()) {
    return fail(errors::attempt_failed,
                fmt::format("the complaint of {} about {} is open",
                            board.terms().title(board.complaints()[0].trustee),
                            board.terms().title(board.complaints()[0].subject)),
                "the dealer answers it: urna trustee answer");
  }
  if (const std::vector<Owed> owed = board.owed(); !owed.empty()) {
    std::string who;
    for (const Owed& one : owed) {
      who +=
          fmt::format("{}{} owes: {}", who.empty() ? "" : "; ",
                      board.terms().title(one.slot.trustee), step_name(one.slot.step));
    }
    return fail(errors::too_early, who, "wait for these files, then combine again");
  }
  std::vector<Message> messages;
  for (const Step step : {Step::reveal, Step::confirm}) {
    for (std::uint32_t i = 1; i <= board.terms().n(); ++i) {
      messages.push_back(*board.message({step, i, 0}));
    }
  }
  return ElectionKey(board.terms(), *board.joint(), std::move(messages));
}

Bytes ElectionKey::encode() const {
  base::Writer writer;
  writer.fixed(as_bytes(kMagic));
  writer.u32(kVersion);
  writer.var_bytes(terms_.encode());
  for (const Message& message : messages_) writer.var_bytes(message.encode());
  return std::move(writer).take();
}

Result<ElectionKey> ElectionKey::decode(ByteView bytes) {
  base::Reader reader(bytes);
  URNA_TRY(const ByteView magic, reader.fixed(kMagic.size()));
  URNA_TRY(const std::uint32_t version, reader.u32());
  if (as_text(magic) != kMagic || version != kVersion) {
    return bad_record("this is not an election key record of version 1");
  }
  URNA_TRY(const ByteView terms_bytes, reader.var_bytes(kLongestPart));
  URNA_TRY(const Terms terms, Terms::decode(terms_bytes));
  std::vector<NamedFile> files;
  for (const Step step : {Step::reveal, Step::confirm}) {
    for (std::uint32_t i = 1; i <= terms.n(); ++i) {
      URNA_TRY(const ByteView file, reader.var_bytes(kLongestPart));
      files.push_back({file_name({step, i, 0}), to_bytes(file)});
    }
  }
  URNA_CHECK(reader.finish());

  // The same judgement as in the ceremony: reveals against the commits they cite,
  // proofs, and confirmations of exactly this key. The shares files are not published
  // here, so the confirmations' citations of them are checked as signatures only.
  const Board board = Board::read(terms, files);
  if (!board.faults().empty()) return bad_record(board.faults().front().text);
  std::vector<Message> messages;
  for (const Step step : {Step::reveal, Step::confirm}) {
    for (std::uint32_t i = 1; i <= terms.n(); ++i) {
      const Message* message = board.message({step, i, 0});
      const std::size_t at = messages.size();
      if (message == nullptr || message->encode() != files[at].bytes) {
        return bad_record(fmt::format("the {} file of {} is not in its place",
                                      step_name(step), terms.title(i)));
      }
      messages.push_back(*message);
    }
  }
  if (board.joint() == nullptr) return bad_record("the coefficients give no key");
  return ElectionKey(terms, *board.joint(), std::move(messages));
}

Result<ElectionKey> ElectionKey::decode_for(const election::Definition& definition,
                                            ByteView bytes) {
  URNA_TRY(ElectionKey key, decode(bytes));
  URNA_CHECK(key.terms().check_belongs(definition));
  return key;
}

}  // namespace urna::trustees
