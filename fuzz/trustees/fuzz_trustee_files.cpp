// Every file that trustees exchange has one legal encoding: what is read is written
// back to the same bytes, and everything else is refused. The first byte chooses the
// reader.
#include "ballot/package.hpp"
#include "trustees/decision.hpp"
#include "trustees/election_key.hpp"
#include "trustees/partial.hpp"

#include <cstdlib>

using namespace urna;
using namespace urna::trustees;

namespace {

template <class Value>
void same_again(const Result<Value>& value, ByteView bytes) {
  if (value && !equal(value->encode(), bytes)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView bytes = ByteView(data, size).subspan(1);
  Binding binding;
  binding.trustees = 2 + data[0] / 16 % 4;
  binding.threshold = binding.trustees / 2 + 1;
  switch (data[0] % 12) {
    case 0:
      same_again(Message::decode(bytes), bytes);
      break;
    case 1:
      same_again(Terms::decode(bytes), bytes);
      break;
    case 2:
      same_again(ElectionKey::decode(bytes), bytes);
      break;
    case 3:
      same_again(Partial::decode(bytes), bytes);
      break;
    case 4:
      same_again(Decision::decode(bytes), bytes);
      break;
    case 5:
      same_again(CommitPayload::decode(bytes), bytes);
      break;
    case 6:
      same_again(RevealPayload::decode(binding, bytes), bytes);
      break;
    case 7:
      same_again(SharesPayload::decode(binding, 1, bytes), bytes);
      break;
    case 8:
      same_again(ConfirmPayload::decode(binding, bytes), bytes);
      break;
    case 9:
      same_again(ComplaintPayload::decode(bytes), bytes);
      break;
    case 10:
      same_again(ballot::parse_package(bytes), bytes);
      break;
    default:
      same_again(AnswerPayload::decode(bytes), bytes);
  }
  return 0;
}
