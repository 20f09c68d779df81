#include "center/sender.hpp"

#include "base/csv.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "center/errors.hpp"
#include "crypto/sha256.hpp"
#include "http/errors.hpp"

#include <algorithm>
#include <thread>

#include <fmt/format.h>

namespace urna::center {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kFirstPause{250};
constexpr milliseconds kLongestPause{15'000};
constexpr milliseconds kAskAgain{500};
constexpr milliseconds kFast{1'000};
constexpr std::size_t kFirstPiece = 64 << 10;
constexpr std::size_t kLeastPiece = 4 << 10;

bool is_good(const http::Response& answer) {
  return answer.status >= 200 && answer.status < 300;
}

bool is_passing(const http::Response& answer) {
  return answer.status == 429 || answer.status == 503 || answer.status == 507 ||
         answer.status == 500;
}

// Waiting does not help against a certificate that one side does not accept.
bool is_final(const Error& error) {
  const auto says = [&](std::string_view word) {
    return error.message.find(word) != std::string::npos;
  };
  return error.kind == http::errors::tls_setup || says("certificate") || says("alert");
}

// What the centre says, as one of our errors.
std::unexpected<Error> refusal(const http::Response& answer) {
  std::string message = fmt::format("answer {}", answer.status);
  std::string to_do;
  if (const auto json = base::parse_json(answer.body_text())) {
    const auto text = [&](std::string_view key) -> std::string {
      const base::Json* value = json->find(key);
      const std::string* found = value == nullptr ? nullptr : value->if_string();
      return found == nullptr ? std::string() : *found;
    };
    message = fmt::format("{} {}: {}", text("number"), text("title"), text("message"));
    to_do = text("to_do");
  }
  return fail(errors::refused, std::move(message), std::move(to_do));
}

// What the centre had of the document was not what we sent.
bool is_spoilt(const http::Response& answer) {
  const auto number = fmt::format("U{}", errors::hash_differs.number);
  return answer.status == 422 && answer.body_text().find(number) != std::string::npos;
}

std::optional<std::uint64_t> offset_of(const http::Response& answer) {
  const auto text = answer.header("Upload-Offset");
  if (!text) return std::nullopt;
  const auto value = base::parse_count(*text, INT64_MAX);
  if (!value) return std::nullopt;
  return *value;
}

// Half to all of `pause`, so that many who were turned away do not come back at once.
milliseconds spread(milliseconds pause) {
  const auto now = steady_clock::now().time_since_epoch().count();
  const auto part = static_cast<std::uint64_t>(now) % 1000;
  return pause / 2 + pause * static_cast<int>(part) / 2000;
}

milliseconds pause_of(const Result<http::Response>& answer, milliseconds pause) {
  if (!answer) return pause;
  const auto after = answer->header("Retry-After");
  const auto seconds = after ? base::parse_count(*after, 60) : 0;
  if (!seconds || *seconds == 0) return pause;
  return std::max(pause, milliseconds(static_cast<std::int64_t>(*seconds) * 1000));
}

}  // namespace

void Sender::wait(milliseconds time) const {
  if (sleep) return sleep(time);
  std::this_thread::sleep_for(time);
}

Result<http::Response> Sender::patiently(const Ask& ask) {
  const auto end = steady_clock::now() + options_.patience;
  milliseconds pause = kFirstPause;
  while (true) {
    auto answer = ask();
    if (answer ? !is_passing(*answer) : is_final(answer.error())) return answer;
    if (steady_clock::now() + pause > end) {
      if (!answer) return answer;
      const Error last = refusal(*answer).error();
      return fail(errors::gave_up, fmt::format("at last: {}", last.message),
                  "try again later; what has arrived is kept");
    }
    wait(spread(pause_of(answer, pause)));
    pause = std::min(2 * pause, kLongestPause);
  }
}

Result<std::string> Sender::get(std::string_view path) {
  URNA_TRY(const auto root, http::parse_url(options_.url));
  const auto url = root.below(path);
  URNA_TRY(const auto answer, patiently([&] { return client_.get(url); }));
  if (!is_good(answer)) return refusal(answer);
  return std::string(answer.body_text());
}

Result<std::string> Sender::post(std::string_view path, std::string_view body) {
  URNA_TRY(const auto root, http::parse_url(options_.url));
  const auto url = root.below(path);
  // All posts may be repeated: a decision signed twice is one decision.
  URNA_TRY(const auto answer, patiently([&] {
             return client_.post(url, as_bytes(body), "text/plain; charset=utf-8");
           }));
  if (!is_good(answer)) return refusal(answer);
  return std::string(answer.body_text());
}

Result<void> Sender::learn_centre() {
  if (piece_ > 0) return {};
  URNA_TRY(const std::string text, get("v1/centre"));
  URNA_TRY(const auto json, base::parse_json(text));
  const base::Json* piece = json.find("piece");
  const base::Json* key = json.find("receipt_key");
  if (piece == nullptr || piece->if_int() == nullptr || *piece->if_int() < 1024 ||
      key == nullptr || key->if_string() == nullptr) {
    return fail(errors::refused, "this is no centre", "check the address");
  }
  URNA_TRY(const auto bytes, base::from_hex(*key->if_string()));
  URNA_TRY(const auto stated, crypto::PublicKey::decode(bytes));
  if (options_.centre_key && *options_.centre_key != stated) {
    return fail(errors::bad_receipt,
                "the centre signs its receipts with another key than the one you know",
                "do not send anything before those who run the centre explain it");
  }
  key_ = stated;
  piece_ = static_cast<std::size_t>(*piece->if_int());
  piece_now_ = std::min(piece_, kFirstPiece);
  return {};
}

// Pieces grow while the line is fast and shrink when it breaks off, so that a slow line
// loses little each time.
Result<http::Response> Sender::put_piece(const http::Url& url, ByteView document,
                                         std::uint64_t at, std::size_t count) {
  const std::vector<http::Header> headers{
      {"Upload-Offset", std::to_string(at)},
      {"Upload-Length", std::to_string(document.size())}};
  const auto begun = steady_clock::now();
  auto answer = client_.put(url, document.subspan(at, count), headers);
  if (!answer) {
    piece_now_ = std::min(piece_, std::max(kLeastPiece, piece_now_ / 2));
  } else if (count == piece_now_ && steady_clock::now() - begun < kFast) {
    piece_now_ = std::min(piece_, 2 * piece_now_);
  }
  return answer;
}

Result<http::Response> Sender::transfer(ByteView document, const http::Url& url,
                                        std::uint64_t& sent) {
  URNA_TRY(const auto start, patiently([&] { return client_.get(url); }));
  if (!is_good(start) && start.status != 404) return refusal(start);
  if (start.status == 200 && offset_of(start) == document.size()) {
    const auto json = base::parse_json(start.body_text());
    if (json && json->find("received") != nullptr) return start;
  }
  std::uint64_t at = offset_of(start).value_or(0);
  // Each round moves on or starts anew; a spoilt beginning is sent anew once.
  bool anew = false;
  while (true) {
    at = std::min<std::uint64_t>(at, document.size());
    std::size_t count = 0;
    URNA_TRY(const auto answer, patiently([&] {
               count = std::min(piece_now_, document.size() - at);
               return put_piece(url, document, at, count);
             }));
    if (answer.status == 200) {
      sent += count;
      return answer;
    }
    if (is_spoilt(answer) && !anew && at > 0) {
      anew = true;
      at = 0;
      continue;
    }
    const auto next = offset_of(answer);
    if ((answer.status != 202 && answer.status != 409) || !next || *next == at) {
      return refusal(answer);
    }
    if (answer.status == 202) sent += count;
    at = *next;
  }
}

Result<Sent> Sender::read_answer(const http::Response& answer,
                                 const Hash32& hash) const {
  URNA_TRY(const auto json, base::parse_json(answer.body_text()));
  const auto text = [&](std::string_view key) -> std::string {
    const base::Json* value = json.find(key);
    const std::string* found = value == nullptr ? nullptr : value->if_string();
    return found == nullptr ? std::string() : *found;
  };
  Sent out;
  out.state = text("state");
  out.received_file = text("received");
  URNA_TRY(out.received, read_receipt(out.received_file, *key_));
  if (out.received.said != Said::received || out.received.hash != hash) {
    return fail(errors::wrong_receipt, "the receipt is for another document");
  }
  out.verdict_file = text("verdict");
  if (out.verdict_file.empty()) return out;
  URNA_TRY(out.verdict, read_receipt(out.verdict_file, *key_));
  if (out.verdict->said == Said::received || out.verdict->hash != hash) {
    return fail(errors::wrong_receipt, "the second receipt is for another document");
  }
  return out;
}

Result<Sent> Sender::send(ByteView document) {
  URNA_CHECK(learn_centre());
  const Hash32 hash = crypto::sha256(document);
  URNA_TRY(const auto root, http::parse_url(options_.url));
  const auto url = root.below(fmt::format("v1/documents/{}", base::to_hex(hash)));
  std::uint64_t bytes = 0;
  URNA_TRY(const auto answer, transfer(document, url, bytes));
  URNA_TRY(Sent out, read_answer(answer, hash));
  out.bytes = bytes;
  const auto end = steady_clock::now() + options_.verdict;
  while (!out.verdict && steady_clock::now() < end) {
    wait(kAskAgain);
    URNA_TRY(const auto again, patiently([&] { return client_.get(url); }));
    if (!is_good(again)) return refusal(again);
    URNA_TRY(out, read_answer(again, hash));
    out.bytes = bytes;
    if (out.state == "waiting") break;  // for another document, perhaps for hours
  }
  return out;
}

}  // namespace urna::center
