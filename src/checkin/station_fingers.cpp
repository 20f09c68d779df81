// The fingerprint check of the voter at the table.
#include "checkin/errors.hpp"
#include "checkin/station.hpp"
#include "finger/errors.hpp"
#include "finger/extract/extract.hpp"
#include "finger/io_errors.hpp"
#include "finger/match/score.hpp"

#include <future>

namespace urna::checkin {
namespace {

// What to tell the voter when a picture cannot be used; empty: a fault of the reader.
std::string_view advice_for(const ErrorKind& kind) {
  if (kind == finger::errors::no_ridges || kind == finger::errors::input_blank) {
    return "no_finger";
  }
  if (kind == finger::errors::print_too_small) return "off_centre";
  if (kind == finger::errors::input_too_small) return "off_centre";
  if (kind == finger::errors::scanner_retry) return "again";
  if (kind == finger::errors::capture_timeout) return "no_finger";
  return {};
}

}  // namespace

int VoterCheck::score() const {
  std::vector<int> fingers;
  for (const auto& [position, impressions] : scores) {
    fingers.push_back(finger::fuse_impressions(impressions));
  }
  return finger::fuse_fingers(fingers);
}

std::uint32_t VoterCheck::tries_left(finger::FingerPosition position) const {
  const auto at = tries.find(position);
  return kTriesPerFinger - (at == tries.end() ? 0 : at->second);
}

Result<void> Station::may_capture(finger::FingerPosition position) const {
  if (!check_) return fail(errors::not_ready, "no voter is being checked");
  if (!reader_works()) return fail(errors::not_ready, "the reader is out of use");
  if (check_->tries_left(position) == 0) {
    return fail(errors::poor_print, "this finger was tried often enough",
                "try the other finger, or decide");
  }
  return {};
}

Result<Capture> Station::capture(finger::FingerPosition position,
                                 std::chrono::milliseconds timeout) {
  URNA_CHECK(may_capture(position));
  return captured(position, ports_.scanner->capture(timeout));
}

Result<Capture> Station::captured(finger::FingerPosition position,
                                  Result<finger::Image> image) {
  URNA_CHECK(may_capture(position));
  if (image) {
    auto out = examine(position, *image);
    crypto::wipe(image->pixels);
    return out;
  }
  const auto advice = advice_for(image.error().kind);
  if (advice.empty()) return std::unexpected(image.error());
  Capture out;
  out.advice = advice;
  // Nothing was put down: this is no try.
  out.tries_left = check_->tries_left(position);
  return out;
}

Result<Capture> Station::examine(finger::FingerPosition position,
                                 const finger::Image& image) {
  ++check_->tries[position];
  Capture out;
  out.tries_left = check_->tries_left(position);
  // Beside the extraction, because together they would keep the voter waiting.
  auto new_picture =
      std::async(std::launch::async, [&] { return replays_->admit(image); });
  const auto probe = finger::extract(image);
  const auto is_new = new_picture.get();
  if (!probe) {
    out.advice = advice_for(probe.error().kind);
    if (out.advice.empty()) out.advice = "again";
    return out;
  }
  if (!is_new) {
    out.advice = "replayed";
    return out;
  }
  out.quality = probe->quality;
  out.usable = true;
  out.advice = probe->quality < kGoodQuality ? "dry_or_light" : "good";
  const Voter& voter = setup_->roll.voters[check_->voter];
  URNA_TRY(const int score, prints_.compare(voter, position, *probe));
  const bool stored = std::ranges::any_of(
      voter.prints, [&](const auto& print) { return print.position == position; });
  if (stored) check_->scores[position].push_back(score);
  out.matched = check_->matched();
  if (const auto other = prints_.resembles(*probe, check_->voter)) {
    out.resembles = setup_->roll.voters[*other].id;
    if (!check_->alerted) {
      Event event;
      event.kind = EventKind::alert;
      event.voter = voter.id;
      event.other = *out.resembles;
      URNA_CHECK(note(std::move(event)));
      check_->alerted = true;
    }
  }
  return out;
}

}  // namespace urna::checkin
