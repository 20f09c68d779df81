#include "machine/count.hpp"

#include "base/binary.hpp"
#include "machine/errors.hpp"
#include "machine/session.hpp"

namespace urna::machine {
namespace {

Result<void> add_record(ByteView record, const ballot::Station& station,
                        sheet::SheetFields& fields) {
  base::Reader r(record);
  URNA_TRY(const std::uint32_t number, r.u32());
  const ballot::BallotStyle* style = station.style(number);
  if (style == nullptr || r.left() != style->options()) {
    return fail(errors::count_mismatch,
                "a choice record is of no style of this station");
  }
  URNA_TRY(ByteView bits, r.fixed(r.left()));
  for (std::size_t c = 0; c < style->contests().size(); ++c) {
    const ballot::ContestShape& shape = style->contests()[c];
    sheet::ContestResult& result = fields.contests[c];
    std::uint32_t votes = 0;
    for (std::uint32_t o = 0; o < shape.options; ++o) {
      if (bits[o] > 1) {
        return fail(errors::count_mismatch, "a choice record is malformed");
      }
      result.options[o].votes += bits[o];
      votes += bits[o];
    }
    if (votes > shape.limit) {
      return fail(errors::count_mismatch, "a choice record has too many choices");
    }
    result.ballots = result.ballots.value_or(0) + 1;
    if (votes == 0) result.blank = result.blank.value_or(0) + 1;
    bits = bits.subspan(shape.options);
  }
  return {};
}

}  // namespace

Result<void> count_records(const std::vector<Bytes>& records,
                           const crypto::BoxSecretKey& closing,
                           const ballot::Station& station, sheet::SheetFields& fields) {
  for (sheet::ContestResult& contest : fields.contests) {
    contest.ballots = 0;
    contest.blank = 0;
    contest.null_votes = 0;
  }
  for (const Bytes& box : records) {
    const auto record = crypto::open_box(closing, record_context(station), box);
    if (!record) {
      return fail(errors::count_mismatch, "a choice record does not open",
                  "print without a count: the trustees count this station");
    }
    URNA_CHECK(add_record(record->expose(), station, fields));
  }
  return {};
}

}  // namespace urna::machine
