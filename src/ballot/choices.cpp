#include "ballot/choices.hpp"

#include "ballot/declassify.hpp"
#include "ballot/errors.hpp"

#include <fmt/format.h>

namespace urna::ballot {

Result<Choices> Choices::make(const BallotStyle& style, ByteView bits) {
  if (bits.size() != style.options()) {
    return fail(errors::bad_choices,
                fmt::format("{} choices for a style of {} options", bits.size(),
                            style.options()),
                "give one byte for each option");
  }
  std::uint32_t wrong = 0;
  std::size_t at = 0;
  for (const ContestShape& shape : style.contests()) {
    std::uint32_t count = 0;
    for (std::uint32_t i = 0; i < shape.options; ++i, ++at) {
      wrong |= std::uint32_t{bits[at]} >> 1;
      count += bits[at];
    }
    wrong |= (shape.limit - count) >> 31;  // 1 exactly when count exceeds the limit
  }
  declassify(wrong);
  if (wrong != 0) {
    return fail(errors::bad_choices, "a value other than 0 and 1, or more than a limit",
                "correct the choices before sealing; nothing was sealed");
  }
  return Choices(crypto::SecretBytes::copy_of(bits));
}

}  // namespace urna::ballot
