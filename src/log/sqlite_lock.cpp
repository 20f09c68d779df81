#include "log/errors.hpp"
#include "log/sequencer.hpp"
#include "store/database.hpp"

#include <fmt/format.h>

namespace urna::log {
namespace {

constexpr std::int32_t kKind = 0x55524E4C;  // "URNL"
constexpr std::string_view kSchema =
    "CREATE TABLE IF NOT EXISTS lock ("
    "  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),"
    "  note TEXT NOT NULL, time INTEGER NOT NULL) STRICT";

class SqliteLock final : public LockStore {
 public:
  explicit SqliteLock(store::Database database) : database_(std::move(database)) {}

  Result<std::optional<LockState>> load() override {
    URNA_TRY(store::Statement select, database_.prepare("SELECT note, time FROM lock"));
    URNA_TRY(const bool row, select.step());
    if (!row) return std::nullopt;
    return LockState{select.text(0), select.integer(1)};
  }

  Result<void> swap(const std::optional<LockState>& expected,
                    const LockState& next) override {
    return database_.transaction([&]() -> Result<void> {
      URNA_TRY(const std::optional<LockState> now, load());
      if (now != expected) {
        return fail(errors::lock_lost, "another program has written to this log",
                    "stop all but one of the programs that write to it");
      }
      URNA_TRY(store::Statement put,
               database_.prepare("INSERT OR REPLACE INTO lock VALUES (1, ?, ?)"));
      return put.bind(1, next.note).bind(2, next.time).run();
    });
  }

 private:
  store::Database database_;
};

}  // namespace

Result<std::unique_ptr<LockStore>> open_sqlite_lock(const std::string& path) {
  URNA_TRY(store::Database database, store::Database::open(path, kKind, kSchema));
  return std::make_unique<SqliteLock>(std::move(database));
}

}  // namespace urna::log
