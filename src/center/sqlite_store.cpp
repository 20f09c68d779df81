#include "base/encoding.hpp"
#include "center/errors.hpp"
#include "center/store.hpp"
#include "store/database.hpp"

#include <mutex>

#include <fmt/format.h>

namespace urna::center {
namespace {

constexpr std::int32_t kDatabaseKind = 0x55434E31;  // "UCN1"
constexpr std::string_view kSchema = R"(
CREATE TABLE IF NOT EXISTS item (
  hash BLOB PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL,
  station TEXT NOT NULL, sheets TEXT NOT NULL, bytes INTEGER NOT NULL,
  sender TEXT NOT NULL, time INTEGER NOT NULL, state INTEGER NOT NULL,
  reason TEXT NOT NULL, received TEXT NOT NULL, verdict TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS item_state ON item (state, bytes > 1000000, time);
CREATE INDEX IF NOT EXISTS item_station ON item (station, kind);
CREATE TABLE IF NOT EXISTS withdrawn (
  certificate TEXT PRIMARY KEY, by TEXT NOT NULL, time INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS proposal (
  station TEXT NOT NULL, identity TEXT NOT NULL, statement TEXT NOT NULL,
  signature TEXT NOT NULL, time INTEGER NOT NULL,
  PRIMARY KEY (station, identity)) STRICT;
)";
constexpr std::string_view kColumns =
    "hash, kind, name, station, sheets, bytes, sender, time, state, reason, received, "
    "verdict";

Item read_item(const store::Statement& row) {
  Item out;
  const Bytes hash = row.blob(0);
  if (hash.size() == out.hash.size()) std::ranges::copy(hash, out.hash.begin());
  out.kind = row.text(1);
  out.name = row.text(2);
  out.station = row.text(3);
  out.sheets = row.text(4);
  out.bytes = static_cast<std::uint64_t>(row.integer(5));
  out.sender = row.text(6);
  out.time = row.integer(7);
  out.state = static_cast<State>(row.integer(8));
  out.reason = row.text(9);
  out.received = row.text(10);
  out.verdict = row.text(11);
  return out;
}

Result<std::vector<Item>> read_items(store::Statement& rows) {
  std::vector<Item> out;
  for (;;) {
    URNA_TRY(const bool more, rows.step());
    if (!more) return out;
    out.push_back(read_item(rows));
  }
}

class SqliteStore final : public Store {
 public:
  explicit SqliteStore(store::Database database) : database_(std::move(database)) {}

  // Counted once, then kept.
  Result<void> count() {
    URNA_TRY(auto rows,
             database_.prepare(
                 "SELECT state, COUNT(*), SUM(bytes) FROM item GROUP BY state"));
    for (;;) {
      URNA_TRY(const bool more, rows.step());
      if (!more) return {};
      const auto state = static_cast<std::size_t>(rows.integer(0));
      if (state >= kStates) {
        return fail(errors::state_changed, "the centre's database names no known state",
                    "restore it from a copy");
      }
      tallies_[state] = {static_cast<std::uint64_t>(rows.integer(1)),
                         static_cast<std::uint64_t>(rows.integer(2))};
    }
  }

  Result<std::optional<Item>> find(const Hash32& hash) override {
    const std::lock_guard lock(mutex_);
    return find_locked(hash);
  }

  Result<bool> add(const Item& item) override {
    const std::lock_guard lock(mutex_);
    URNA_TRY(auto row, database_.prepare(fmt::format(
                           "INSERT INTO item ({}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?) "
                           "ON CONFLICT DO NOTHING",
                           kColumns)));
    row.bind(1, ByteView(item.hash)).bind(2, item.kind).bind(3, item.name);
    row.bind(4, item.station).bind(5, item.sheets);
    row.bind(6, static_cast<std::int64_t>(item.bytes)).bind(7, item.sender);
    row.bind(8, item.time).bind(9, static_cast<std::int64_t>(item.state));
    row.bind(10, item.reason).bind(11, item.received).bind(12, item.verdict);
    URNA_CHECK(row.run());
    if (database_.changes() == 0) return false;
    put(item.state, item.bytes);
    return true;
  }

  Result<void> move(const Hash32& hash, State from, State to, std::string_view reason,
                    std::string_view verdict) override {
    const std::lock_guard lock(mutex_);
    URNA_TRY(const auto item, find_locked(hash));
    if (!item || item->state != from) {
      return fail(
          errors::state_changed,
          fmt::format("{} is {}, not {}", base::to_hex(hash),
                      item ? state_name(item->state) : "unknown", state_name(from)),
          "look again at where it stands");
    }
    URNA_TRY(auto row,
             database_.prepare(
                 "UPDATE item SET state=?1, reason=?2, verdict=CASE WHEN verdict='' "
                 "THEN ?3 ELSE verdict END WHERE hash=?4"));
    row.bind(1, static_cast<std::int64_t>(to)).bind(2, reason).bind(3, verdict);
    row.bind(4, ByteView(hash));
    URNA_CHECK(row.run());
    Tally& left = tallies_[static_cast<std::size_t>(from)];
    --left.documents;
    left.bytes -= item->bytes;
    put(to, item->bytes);
    return {};
  }

  Result<std::vector<Item>> in_state(State state, std::size_t limit) override {
    const std::lock_guard lock(mutex_);
    URNA_TRY(auto rows,
             database_.prepare(fmt::format("SELECT {} FROM item WHERE state=? ORDER BY "
                                           "bytes > 1000000, time LIMIT ?",
                                           kColumns)));
    rows.bind(1, static_cast<std::int64_t>(state));
    rows.bind(2, static_cast<std::int64_t>(limit));
    return read_items(rows);
  }

  Result<std::vector<Item>> of_station(std::string_view station) override {
    const std::lock_guard lock(mutex_);
    URNA_TRY(auto rows,
             database_.prepare(fmt::format(
                 "SELECT {} FROM item WHERE station=? ORDER BY kind, hash", kColumns)));
    rows.bind(1, station);
    return read_items(rows);
  }

  Result<std::vector<Item>> all() override {
    const std::lock_guard lock(mutex_);
    URNA_TRY(auto rows,
             database_.prepare("SELECT hash, kind, name, station, sheets, bytes, "
                               "sender, time, state, reason, '', '' FROM item "
                               "ORDER BY station, kind, name, hash"));
    return read_items(rows);
  }

  Result<Tallies> tallies() override {
    const std::lock_guard lock(mutex_);
    return tallies_;
  }

  Result<bool> is_withdrawn(std::string_view certificate) override {
    const std::lock_guard lock(mutex_);
    URNA_TRY(auto row,
             database_.prepare("SELECT 1 FROM withdrawn WHERE certificate=?"));
    row.bind(1, certificate);
    return row.step();
  }

  Result<void> withdraw(std::string_view certificate, std::string_view by,
                        std::int64_t time) override {
    const std::lock_guard lock(mutex_);
    URNA_TRY(auto row,
             database_.prepare("INSERT INTO withdrawn (certificate, by, time) VALUES "
                               "(?,?,?) ON CONFLICT DO NOTHING"));
    row.bind(1, certificate).bind(2, by).bind(3, time);
    return row.run();
  }

  Result<void> propose(const Proposal& proposal) override {
    const std::lock_guard lock(mutex_);
    URNA_TRY(auto row,
             database_.prepare("INSERT OR REPLACE INTO proposal (station, identity, "
                               "statement, signature, time) VALUES (?,?,?,?,?)"));
    row.bind(1, proposal.station).bind(2, proposal.identity);
    row.bind(3, proposal.statement).bind(4, proposal.signature).bind(5, proposal.time);
    return row.run();
  }

  Result<std::vector<Proposal>> proposals(std::string_view station) override {
    const std::lock_guard lock(mutex_);
    URNA_TRY(auto rows, database_.prepare(
                            "SELECT station, identity, statement, signature, time FROM "
                            "proposal WHERE station=? ORDER BY identity"));
    rows.bind(1, station);
    std::vector<Proposal> out;
    for (;;) {
      URNA_TRY(const bool more, rows.step());
      if (!more) return out;
      out.push_back(
          {rows.text(0), rows.text(2), rows.text(3), rows.text(1), rows.integer(4)});
    }
  }

  Result<void> clear_proposals(std::string_view station) override {
    const std::lock_guard lock(mutex_);
    URNA_TRY(auto row, database_.prepare("DELETE FROM proposal WHERE station=?"));
    row.bind(1, station);
    return row.run();
  }

 private:
  Result<std::optional<Item>> find_locked(const Hash32& hash) {
    URNA_TRY(auto row, database_.prepare(
                           fmt::format("SELECT {} FROM item WHERE hash=?", kColumns)));
    row.bind(1, ByteView(hash));
    URNA_TRY(const bool found, row.step());
    if (!found) return std::nullopt;
    return read_item(row);
  }
  void put(State state, std::uint64_t bytes) {
    Tally& tally = tallies_[static_cast<std::size_t>(state)];
    ++tally.documents;
    tally.bytes += bytes;
  }

  std::mutex mutex_;
  store::Database database_;
  Tallies tallies_{};
};

}  // namespace

std::string_view state_name(State state) {
  constexpr std::array<std::string_view, kStates> names{
      "received", "waiting", "verified", "published",
      "conflict", "refused", "set aside"};
  return names.at(static_cast<std::size_t>(state));
}

Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& path) {
  URNA_TRY(auto database, store::Database::open(path, kDatabaseKind, kSchema));
  auto out = std::make_unique<SqliteStore>(std::move(database));
  URNA_CHECK(out->count());
  return out;
}

}  // namespace urna::center
