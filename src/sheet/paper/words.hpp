// Every word that a sheet prints and that no definition brings, in Spanish and
// English; other languages get English. Called by the printing alone.
#pragma once

#include <string_view>

namespace urna::sheet {

struct Words {
  std::string_view tally_sheet, demo, test, station, segment, device, software, opened,
      closed, election_hash, not_stated;
  std::string_view balance, no_differences, one_difference, differences,
      box_not_counted;
  std::string_view people, registered, checked_in, matched, not_matched, no_print,
      not_taken, no_reader, slip_missing, tokens, unused, activated, by_officials, cast,
      no_vote, sealed, challenged, voided;
  std::string_view choose_one, choose_up_to, votes, blank, null_votes, ballots,
      imported, uncounted, uncounted_help, continued;
  std::string_view digest, digest_help, signatures, signatures_help, codes, codes_help,
      code_of, certificate, page;
  std::string_view president, secretary, member_a, witness_a, witness_b, operator_;
  std::string_view officials_slip, officials_help, signed_by, key;
};

[[nodiscard]] const Words& words_of(std::string_view language);

}  // namespace urna::sheet
