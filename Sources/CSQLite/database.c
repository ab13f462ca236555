#include "CSQLite.h"

#include <sqlite3.h>
#include <stdlib.h>

struct albertkit_database {
  sqlite3 *connection;
  sqlite3_stmt *statement;
  unsigned char *bytes;
};

albertkit_database *albertkit_database_open(void) {
  albertkit_database *database = calloc(1, sizeof *database);
  if (database == NULL) return NULL;
  if (sqlite3_open_v2(":memory:", &database->connection, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL)
      != SQLITE_OK) {
    albertkit_database_close(database);
    return NULL;
  }
  return database;
}

int albertkit_database_execute(albertkit_database *database, const char *statements) {
  return sqlite3_exec(database->connection, statements, NULL, NULL, NULL);
}

int albertkit_database_prepare(albertkit_database *database, const char *statement) {
  sqlite3_finalize(database->statement);
  database->statement = NULL;
  return sqlite3_prepare_v2(database->connection, statement, -1, &database->statement, NULL);
}

int albertkit_database_bind_text(albertkit_database *database, int place, const char *text, size_t length) {
  return sqlite3_bind_text64(database->statement, place, text, length, SQLITE_TRANSIENT, SQLITE_UTF8);
}

int albertkit_database_bind_integer(albertkit_database *database, int place, int64_t value) {
  return sqlite3_bind_int64(database->statement, place, value);
}

int albertkit_database_step(albertkit_database *database) {
  int code = sqlite3_step(database->statement);
  sqlite3_reset(database->statement);
  sqlite3_clear_bindings(database->statement);
  return code == SQLITE_DONE ? SQLITE_OK : code;
}

const unsigned char *albertkit_database_bytes(albertkit_database *database, int64_t *length) {
  sqlite3_int64 size = 0;
  sqlite3_free(database->bytes);
  database->bytes = sqlite3_serialize(database->connection, "main", &size, 0);
  *length = size;
  return database->bytes;
}

void albertkit_database_close(albertkit_database *database) {
  if (database == NULL) return;
  sqlite3_finalize(database->statement);
  sqlite3_free(database->bytes);
  sqlite3_close(database->connection);
  free(database);
}
