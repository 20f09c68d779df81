// What a centre remembers about the documents it has: where each stands, its receipts,
// who was shut out, what one of two people has proposed. The bytes lie on the shelf
// (shelf.hpp), not here. The one implementation is SQLite; everything that another
// database must give is in this interface: each call is one transaction, durable when
// it returns.
//
// Thread rule: any thread. Public data.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace urna::center {

enum class State : std::uint8_t {
  received,   // durable; its verification is to come
  waiting,    // good as far as can be told; another document must come first
  verified,   // to be published
  published,  // in the record; a lone sheet: beside the record
  conflict,   // contradicts another: two people decide
  refused,    // a check failed; kept as evidence
  set_aside,  // two people decided that it does not count
};
inline constexpr std::size_t kStates = 7;
[[nodiscard]] std::string_view state_name(State state);

struct Item {
  Hash32 hash{};
  std::string kind;
  std::string name;
  std::string station;  // empty: of none, or of all
  std::string sheets;   // document.hpp, sheets_text()
  std::uint64_t bytes = 0;
  std::string sender;     // "station N01"
  std::int64_t time = 0;  // when it was received
  State state = State::received;
  std::string reason;    // of the state, in words
  std::string received;  // first receipt
  std::string verdict;   // second receipt; empty until there is one
};

// One of two people's say about a station (decision.hpp).
struct Proposal {
  std::string station;
  std::string statement;
  std::string signature;  // the line of the person who signed
  std::string identity;   // "official ANA"
  std::int64_t time = 0;
};

struct Tally {
  std::uint64_t documents = 0;
  std::uint64_t bytes = 0;
};
using Tallies = std::array<Tally, kStates>;

class Store {
 public:
  virtual ~Store() = default;

  [[nodiscard]] virtual Result<std::optional<Item>> find(const Hash32& hash) = 0;
  // False, and nothing changed, when there is an item of this hash.
  [[nodiscard]] virtual Result<bool> add(const Item& item) = 0;
  // From one state to another, with its reason; a receipt that is not empty becomes the
  // second one unless there is one. Error state_changed when it is not in `from`.
  [[nodiscard]] virtual Result<void> move(const Hash32& hash, State from, State to,
                                          std::string_view reason,
                                          std::string_view verdict) = 0;
  // Short documents first, then in the order of their arrival.
  [[nodiscard]] virtual Result<std::vector<Item>> in_state(State state,
                                                           std::size_t limit) = 0;
  [[nodiscard]] virtual Result<std::vector<Item>> of_station(
      std::string_view station) = 0;
  // Every document, without receipts, ordered by station and kind.
  [[nodiscard]] virtual Result<std::vector<Item>> all() = 0;
  [[nodiscard]] virtual Result<Tallies> tallies() = 0;

  [[nodiscard]] virtual Result<bool> is_withdrawn(std::string_view certificate) = 0;
  [[nodiscard]] virtual Result<void> withdraw(std::string_view certificate,
                                              std::string_view by,
                                              std::int64_t time) = 0;

  // Replaces what the same person proposed about the same station before.
  [[nodiscard]] virtual Result<void> propose(const Proposal& proposal) = 0;
  [[nodiscard]] virtual Result<std::vector<Proposal>> proposals(
      std::string_view station) = 0;
  [[nodiscard]] virtual Result<void> clear_proposals(std::string_view station) = 0;
};

[[nodiscard]] Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& path);

}  // namespace urna::center
