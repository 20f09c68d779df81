// A small, safe face for SQLite: opened so that what it confirms survives a power cut
// (WAL, synchronous=FULL), checked when opened, with results instead of return codes.
// Used for state that must change atomically: the log's lock, a witness's memory, the
// centre's queue. Ballots and choices never enter it: rows keep the order in which they
// were written.
//
// Thread rule: a Database belongs to one thread at a time. Several processes may open
// the same file; transactions keep them apart.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace urna::store {

// One prepared statement. Bind every parameter (counted from 1), then step().
class Statement {
 public:
  Statement& bind(int index, std::int64_t value);
  Statement& bind(int index, std::string_view text);
  Statement& bind(int index, ByteView blob);
  Statement& bind_null(int index);

  // True when there is a row to read; false when done.
  [[nodiscard]] Result<bool> step();
  // Runs a statement that yields no rows.
  [[nodiscard]] Result<void> run();

  // Columns of the current row, counted from 0.
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] Bytes blob(int column) const;
  [[nodiscard]] bool is_null(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  Statement(sqlite3* database, sqlite3_stmt* statement)
      : database_(database), statement_(statement) {}
  sqlite3* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bind_error_ = 0;
};

class Database {
 public:
  // Opens or creates the file, checks it, and applies `schema` (CREATE TABLE IF NOT
  // EXISTS ... STRICT statements). `kind` is a number of the program's own, kept in the
  // file, so that a file of another program is refused. Errors: database,
  // database_damaged, database_schema.
  [[nodiscard]] static Result<Database> open(const std::string& path, std::int32_t kind,
                                             std::string_view schema);

  [[nodiscard]] Result<Statement> prepare(std::string_view sql);
  // One or more statements without parameters or rows.
  [[nodiscard]] Result<void> execute(std::string_view sql);

  // Runs `body` in one transaction (BEGIN IMMEDIATE): committed when it succeeds,
  // undone when it fails.
  template <class Body>
  [[nodiscard]] auto transaction(Body body) -> decltype(body()) {
    URNA_CHECK(execute("BEGIN IMMEDIATE"));
    auto result = body();
    if (!result) {
      (void)execute("ROLLBACK");  // the body's error is the one to report
      return result;
    }
    if (auto committed = execute("COMMIT"); !committed) {
      (void)execute("ROLLBACK");
      return std::unexpected(std::move(committed).error());
    }
    return result;
  }

  // Rows changed by the last statement.
  [[nodiscard]] std::int64_t changes() const;

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  explicit Database(sqlite3* database) : database_(database) {}
  std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace urna::store
