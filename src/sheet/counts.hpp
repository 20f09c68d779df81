// The counts of people and sessions of a sheet, in their one order, with the key that
// the text uses and the name that JSON uses. One list, so that writing, reading and
// importing cannot disagree. Private to the room.
#pragma once

#include "sheet/sheet.hpp"

namespace urna::sheet {

// Calls visit(KEY, json_name, in_check_in, count) for each until it fails.
template <class Fields, class Visit>
Result<void> visit_counts(Fields& f, Visit visit) {
  URNA_CHECK(visit("REGISTERED", "registered", false, f.registered));
  URNA_CHECK(visit("CHECKEDIN", "total", true, f.check_in.total));
  URNA_CHECK(visit("MATCHED", "matched", true, f.check_in.matched));
  URNA_CHECK(visit("NOTMATCHED", "not_matched", true, f.check_in.not_matched));
  URNA_CHECK(visit("NOPRINT", "no_stored_print", true, f.check_in.no_stored_print));
  URNA_CHECK(visit("NOTTAKEN", "not_taken", true, f.check_in.not_taken));
  URNA_CHECK(
      visit("NOREADER", "without_biometrics", true, f.check_in.without_biometrics));
  URNA_CHECK(visit("TOKENS", "tokens_issued", true, f.check_in.tokens_issued));
  URNA_CHECK(visit("UNUSED", "tokens_unused", false, f.tokens_unused));
  URNA_CHECK(visit("ACTIVATED", "activated", false, f.activated));
  URNA_CHECK(
      visit("BYOFFICIALS", "activated_by_officials", false, f.activated_by_officials));
  URNA_CHECK(visit("CAST", "cast", false, f.cast));
  URNA_CHECK(visit("NOVOTE", "ended_without_vote", false, f.ended_without_vote));
  URNA_CHECK(visit("SEALED", "sealed", false, f.sealed));
  URNA_CHECK(visit("CHALLENGED", "challenged", false, f.challenged));
  URNA_CHECK(visit("VOIDED", "voided", false, f.voided));
  return {};
}

}  // namespace urna::sheet
