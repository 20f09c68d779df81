#include "store/database.hpp"

#include "store/errors.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

namespace urna::store {
namespace {

constexpr int kBusyMilliseconds = 10'000;

std::unexpected<Error> database_error(sqlite3* database, int code,
                                      std::string_view doing) {
  const std::string what = fmt::format(
      "cannot {}: {}", doing,
      database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code));
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return fail(errors::database_busy, what,
                  "stop the other program, then try again");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return fail(errors::database_damaged, what, "restore it from a copy");
    case SQLITE_FULL:
      return fail(errors::database_full, what, "free some space and try again");
    default:
      return fail(errors::database, what);
  }
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Statement& Statement::bind(int index, std::int64_t value) {
  if (bind_error_ == 0)
    bind_error_ = sqlite3_bind_int64(statement_.get(), index, value);
  return *this;
}

Statement& Statement::bind(int index, std::string_view text) {
  if (bind_error_ == 0) {
    bind_error_ = sqlite3_bind_text64(statement_.get(), index, text.data(), text.size(),
                                      SQLITE_TRANSIENT, SQLITE_UTF8);
  }
  return *this;
}

Statement& Statement::bind(int index, ByteView blob) {
  if (bind_error_ == 0) {
    // A null pointer would bind NULL instead of an empty blob.
    static constexpr std::uint8_t kNothing = 0;
    bind_error_ = sqlite3_bind_blob64(statement_.get(), index,
                                      blob.empty() ? &kNothing : blob.data(),
                                      blob.size(), SQLITE_TRANSIENT);
  }
  return *this;
}

Statement& Statement::bind_null(int index) {
  if (bind_error_ == 0) bind_error_ = sqlite3_bind_null(statement_.get(), index);
  return *this;
}

Result<bool> Statement::step() {
  if (bind_error_ != 0) return database_error(database_, bind_error_, "bind a value");
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return database_error(database_, code, "run a statement");
}

Result<void> Statement::run() {
  URNA_TRY(const bool row, step());
  (void)row;
  return {};
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string Statement::text(int column) const {
  const auto* text = sqlite3_column_text(statement_.get(), column);
  const auto size = sqlite3_column_bytes(statement_.get(), column);
  return text == nullptr ? std::string()
                         : std::string(reinterpret_cast<const char*>(text),
                                       static_cast<std::size_t>(size));
}

Bytes Statement::blob(int column) const {
  const auto* data =
      static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_.get(), column));
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return data == nullptr ? Bytes() : Bytes(data, data + size);
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

void Database::Close::operator()(sqlite3* database) const {
  sqlite3_close(database);
}

Result<Database> Database::open(const std::string& path, std::int32_t kind,
                                std::string_view schema) {
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(
      path.c_str(), &raw,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW, nullptr);
  Database database(raw);
  if (code != SQLITE_OK) {
    return database_error(raw, code, fmt::format("open the database '{}'", path));
  }
  sqlite3_busy_timeout(raw, kBusyMilliseconds);
  URNA_CHECK(
      database.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                       "PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF"));
  {
    URNA_TRY(Statement check, database.prepare("PRAGMA integrity_check"));
    URNA_TRY(const bool row, check.step());
    if (!row || check.text(0) != "ok") {
      return fail(errors::database_damaged,
                  fmt::format("the database '{}' is damaged: {}", path, check.text(0)),
                  "restore it from a copy");
    }
  }
  URNA_TRY(Statement tag, database.prepare("PRAGMA application_id"));
  URNA_TRY(const bool row, tag.step());
  const std::int64_t found = row ? tag.integer(0) : 0;
  if (found != 0 && found != kind) {
    return fail(errors::database_schema,
                fmt::format("'{}' is a database of another program", path),
                "check the path");
  }
  URNA_CHECK(tag.step());  // ends the read, so that the schema can be written
  if (found == 0) {
    URNA_CHECK(database.execute(fmt::format("PRAGMA application_id={}", kind)));
  }
  URNA_CHECK(database.execute(schema));
  return database;
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(
      database_.get(), sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  if (code != SQLITE_OK) {
    return database_error(database_.get(), code, "prepare a statement");
  }
  return Statement(database_.get(), statement);
}

Result<void> Database::execute(std::string_view sql) {
  const int code = sqlite3_exec(database_.get(), std::string(sql).c_str(), nullptr,
                                nullptr, nullptr);
  if (code != SQLITE_OK) {
    return database_error(database_.get(), code, "run a statement");
  }
  return {};
}

std::int64_t Database::changes() const {
  return sqlite3_changes64(database_.get());
}

}  // namespace urna::store
