// The card formats of ISO/IEC 19794-2:2005 clause 8: minutiae alone, without header,
// for matching on a smart card. Normal size takes five bytes a minutia (two for type
// and x, two for y in 1/100 mm, one for the angle in 1/256 turn); compact size takes
// three (x and y in 1/10 mm, then two bits of type and six of angle in 1/64 turn), so
// it reaches 25.5 mm. Pure functions.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "finger/template.hpp"

namespace urna::finger::iso {

enum class CardSize : std::uint8_t { normal, compact };

// The order a card asks for (clause 8.3.4); a card refuses records in another order.
enum class CardOrder : std::uint8_t {
  any,
  ascending_x,  // then y
  ascending_y,  // then x
  polar,        // distance from the centre of mass, then angle about it
};

struct CardOptions {
  CardSize size = CardSize::compact;
  CardOrder order = CardOrder::any;
  std::size_t most = 60;  // the card's limit; the best by quality are kept
};

// Minutiae beyond what the format reaches are left out. Errors: unencodable_template
// when nothing is left.
[[nodiscard]] Result<Bytes> encode_card(const Template& from,
                                        const CardOptions& options);

// Position, quality and image size are not in the format: the size of the result is
// that of the box that holds the minutiae. Errors: bad_minutiae_record.
[[nodiscard]] Result<Template> decode_card(ByteView bytes, CardSize size);

}  // namespace urna::finger::iso
