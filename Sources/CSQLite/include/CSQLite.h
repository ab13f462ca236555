// A database that is filled in memory and handed out as the bytes of its file. What SQLite's own header
// does not let Swift import (a destructor that is a cast of -1) stays in here, and so does its type.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// A database in memory; null where there is no room for one.
typedef struct albertkit_database albertkit_database;
albertkit_database *albertkit_database_open(void);

/// Carries out statements; 0, or SQLite's code.
int albertkit_database_execute(albertkit_database *database, const char *statements);

/// Begins to fill the parameters of `statement`, which `albertkit_database_step` inserts; 0, or SQLite's
/// code.
int albertkit_database_prepare(albertkit_database *database, const char *statement);
/// Sets a parameter, the first being 1; one that is not set is null.
int albertkit_database_bind_text(albertkit_database *database, int place, const char *text, size_t length);
int albertkit_database_bind_integer(albertkit_database *database, int place, int64_t value);
/// Inserts the row and forgets its parameters.
int albertkit_database_step(albertkit_database *database);

/// The bytes of the database's file, which `albertkit_database_close` frees; null where there is no room.
const unsigned char *albertkit_database_bytes(albertkit_database *database, int64_t *length);

void albertkit_database_close(albertkit_database *database);
