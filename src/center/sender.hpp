// The other end: sends documents to a centre, goes on where a transfer broke off, waits
// when the centre is busy, and gives back the centre's signed receipts, checked. Used
// by `urna center send` and `urna center take`.
//
// Thread rule: one thread. Public data; the TLS key is secret.
#pragma once

#include "center/receipt.hpp"
#include "http/client.hpp"

#include <functional>
#include <optional>

namespace urna::center {

struct SenderOptions {
  std::string url;  // https://centre.example:8443
  http::ClientOptions client;
  std::optional<crypto::PublicKey> centre_key;  // else the one that the centre states
  // How long to keep trying when there is no connection or the centre is busy.
  std::chrono::seconds patience{600};
  // How long to wait for the second receipt; 0: not at all.
  std::chrono::seconds verdict{0};
};

struct Sent {
  std::string received_file;
  Receipt received;
  std::string verdict_file;        // empty when there is none yet
  std::optional<Receipt> verdict;  // verified, conflict or refused
  std::string state;               // as the centre calls it
  std::uint64_t bytes = 0;         // sent now, without what was there
};

class Sender {
 public:
  explicit Sender(SenderOptions options)
      : options_(std::move(options)), client_(options_.client) {}

  // Errors: refused with the centre's own words; gave_up after `patience`; bad_receipt,
  // wrong_receipt; bad_url.
  [[nodiscard]] Result<Sent> send(ByteView document);

  // One request with the same patience; the body of a 2xx answer. Errors as above.
  [[nodiscard]] Result<std::string> get(std::string_view path);
  [[nodiscard]] Result<std::string> post(std::string_view path, std::string_view body);

  // Waiting, for tests that have no time to.
  std::function<void(std::chrono::milliseconds)> sleep;

 private:
  using Ask = std::function<Result<http::Response>()>;
  Result<http::Response> patiently(const Ask& ask);
  Result<void> learn_centre();
  Result<http::Response> transfer(ByteView document, const http::Url& url,
                                  std::uint64_t& sent);
  Result<http::Response> put_piece(const http::Url& url, ByteView document,
                                   std::uint64_t at, std::size_t count);
  Result<Sent> read_answer(const http::Response& answer, const Hash32& hash) const;
  void wait(std::chrono::milliseconds time) const;

  SenderOptions options_;
  http::Client client_;
  std::optional<crypto::PublicKey> key_;
  std::size_t piece_ = 0;      // the centre's longest piece; 0: not asked yet
  std::size_t piece_now_ = 0;  // that the line bears
};

}  // namespace urna::center
