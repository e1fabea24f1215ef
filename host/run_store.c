/* Owns the schema and every statement; knows nothing of what steps and designs mean.
 *
 * While a run goes on, its store has a write-ahead log (run.db-wal): a transaction is an append
 * without waiting for the disk, and whoever opens the store next takes it in. Exclusive locking
 * keeps a second run of the same folder out, and needs no shared memory beside the log. */
#include "run_store.h"

#include <assert.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { APPLICATION_ID = 0x6c735331, FORMAT = 1, BUSY_MS = 2000 }; /* "lsS1" */

struct ls_run_store {
  sqlite3 *database;
  char path[256]; /* for errors */
  pthread_mutex_t lock;
};

/* By metric, in the units of scores. */
#define METRIC_COLUMNS                                                                             \
  "capex_cents INTEGER NOT NULL, power_mw INTEGER NOT NULL, throughput_loss_ppm INTEGER NOT NULL," \
  "latency_ps_max INTEGER NOT NULL, risk_bps INTEGER NOT NULL, tco_cents INTEGER NOT NULL,"        \
  "lost_mgpuh INTEGER NOT NULL, gpu_hour_micro_usd INTEGER NOT NULL"
#define DESIGN_COLUMNS                                                                             \
  "rank INTEGER NOT NULL, variant TEXT NOT NULL, family TEXT NOT NULL,"                            \
  "planes INTEGER NOT NULL, oversubscription TEXT NOT NULL, chassis TEXT NOT NULL,"                \
  "optics TEXT NOT NULL, " METRIC_COLUMNS

static const char schema[] =
    "CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE step (kind TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL,"
    "  finished TEXT NOT NULL, PRIMARY KEY (kind, key)) STRICT;"
    "CREATE TABLE front (" DESIGN_COLUMNS ", PRIMARY KEY (rank, variant)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE named (position INTEGER PRIMARY KEY, name TEXT NOT NULL, meaning TEXT NOT NULL,"
    "  is_baseline INTEGER NOT NULL, " DESIGN_COLUMNS ") STRICT;";

static_assert(LS_METRIC_COUNT == 8, "METRIC_COLUMNS are by metric");

/* ---- Errors and statements ---- */

static ls_status failed(const ls_run_store *store, ls_error *error)
{
  const int code = sqlite3_errcode(store->database);
  if (code == SQLITE_NOMEM)
    return ls_error_set(error, LS_ERR_MEMORY, store->path, 0, NULL, "no memory for the run store");
  if (code == SQLITE_BUSY)
    return ls_error_set(error, LS_ERR_INPUT, store->path, 0, NULL,
                        "is in use: another run is at work in this folder");
  if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT)
    return ls_error_set(error, LS_ERR_INPUT, store->path, 0, NULL, "is no run store, or damaged");
  return ls_error_set(error, LS_ERR_IO, store->path, 0, NULL, "cannot be used: %s",
                      sqlite3_errmsg(store->database));
}

static ls_status execute(const ls_run_store *store, const char *sql, ls_error *error)
{
  return sqlite3_exec(store->database, sql, NULL, NULL, NULL) == SQLITE_OK ? LS_OK
                                                                           : failed(store, error);
}

static ls_status prepare(const ls_run_store *store, const char *sql, sqlite3_stmt **statement,
                         ls_error *error)
{
  return sqlite3_prepare_v2(store->database, sql, -1, statement, NULL) == SQLITE_OK
             ? LS_OK
             : failed(store, error);
}

/* Runs a statement that gives no rows, and ends it. */
static ls_status finish(const ls_run_store *store, sqlite3_stmt *statement, ls_error *error)
{
  const ls_status status = sqlite3_step(statement) == SQLITE_DONE ? LS_OK : failed(store, error);
  sqlite3_finalize(statement);
  return status;
}

static void text_bind(sqlite3_stmt *statement, int index, const char *text)
{
  sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC);
}

/* One number, such as that of a pragma. */
static ls_status number_read(const ls_run_store *store, const char *sql, int64_t *number,
                             ls_error *error)
{
  sqlite3_stmt *statement;
  ls_status status = prepare(store, sql, &statement, error);
  if (status != LS_OK) return status;
  if (sqlite3_step(statement) == SQLITE_ROW)
    *number = sqlite3_column_int64(statement, 0);
  else
    status = failed(store, error);
  sqlite3_finalize(statement);
  return status;
}

/* ---- The store ---- */

/* Makes the tables of a new store, and refuses what is none of ours. */
static ls_status schema_check(const ls_run_store *store, ls_error *error)
{
  char sql[sizeof schema + 128];
  int64_t application = 0, format = 0, tables = 0;
  ls_status status = number_read(store, "PRAGMA application_id", &application, error);
  if (status == LS_OK) status = number_read(store, "PRAGMA user_version", &format, error);
  if (status == LS_OK)
    status = number_read(store, "SELECT count(*) FROM sqlite_schema", &tables, error);
  if (status != LS_OK) return status;
  if (!tables && !application) {
    snprintf(sql, sizeof sql,
             "BEGIN; PRAGMA application_id = %d; PRAGMA user_version = %d; %s COMMIT;",
             APPLICATION_ID, FORMAT, schema);
    return execute(store, sql, error);
  }
  if (application == APPLICATION_ID && format == FORMAT) return LS_OK;
  return ls_error_set(error, LS_ERR_INPUT, store->path, 0, NULL,
                      "is no run store of format %d, which is what this program reads", FORMAT);
}

/* A store with its database; flags of SQLite. *store can be closed after an error, too. */
static ls_status database_open(const char *path, int flags, ls_run_store **store, ls_error *error)
{
  ls_run_store *opened = calloc(1, sizeof *opened);
  *store = opened;
  if (!opened) return ls_error_set(error, LS_ERR_MEMORY, path, 0, NULL, "no memory for a store");
  snprintf(opened->path, sizeof opened->path, "%s", path);
  pthread_mutex_init(&opened->lock, NULL);
  return sqlite3_open_v2(path, &opened->database, flags, NULL) == SQLITE_OK ? LS_OK
                                                                            : failed(opened, error);
}

/* Gives the store to the caller, or closes it where it failed. */
static ls_status opened_give(ls_status status, ls_run_store *opened, ls_run_store **store)
{
  *store = status == LS_OK ? opened : NULL;
  if (status != LS_OK) ls_run_store_close(opened);
  return status;
}

ls_status ls_run_store_open(const char *path, ls_run_store **store, ls_error *error)
{
  ls_run_store *opened;
  ls_status status =
      database_open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &opened, error);
  /* A process that was just killed may still hold the lock for a moment. The first transaction
   * takes it, and keeps it. */
  if (status == LS_OK) sqlite3_busy_timeout(opened->database, BUSY_MS);
  if (status == LS_OK)
    status = execute(opened,
                     "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;"
                     "PRAGMA synchronous = NORMAL; BEGIN EXCLUSIVE; COMMIT;",
                     error);
  if (status == LS_OK) status = schema_check(opened, error);
  return opened_give(status, opened, store);
}

ls_status ls_run_store_open_to_read(const char *path, bool is_patient, ls_run_store **store,
                                    ls_error *error)
{
  ls_run_store *opened;
  /* What a killed run left in its log is taken in, where the folder may be written. */
  ls_status status = database_open(path, SQLITE_OPEN_READWRITE, &opened, error);
  if (status == LS_OK && is_patient) sqlite3_busy_timeout(opened->database, BUSY_MS);
  if (status == LS_OK) status = schema_check(opened, error);
  return opened_give(status, opened, store);
}

void ls_run_store_close(ls_run_store *store)
{
  if (!store) return;
  sqlite3_close(store->database);
  pthread_mutex_destroy(&store->lock);
  free(store);
}

ls_status ls_run_store_copy(ls_run_store *store, const char *path, ls_error *error)
{
  sqlite3_stmt *statement;
  const ls_status status = prepare(store, "VACUUM INTO ?", &statement, error);
  if (status != LS_OK) return status;
  text_bind(statement, 1, path);
  return finish(store, statement, error);
}

/* ---- Facts ---- */

ls_status ls_run_store_set(ls_run_store *store, const char *name, const char *value,
                           ls_error *error)
{
  sqlite3_stmt *statement;
  const ls_status status =
      prepare(store, "INSERT OR REPLACE INTO fact VALUES (?, ?)", &statement, error);
  if (status != LS_OK) return status;
  text_bind(statement, 1, name);
  text_bind(statement, 2, value);
  return finish(store, statement, error);
}

ls_status ls_run_store_get(ls_run_store *store, const char *name, char value[LS_RUN_FACT_MAX],
                           ls_error *error)
{
  sqlite3_stmt *statement;
  ls_status status = prepare(store, "SELECT value FROM fact WHERE name = ?", &statement, error);
  if (status != LS_OK) return status;
  text_bind(statement, 1, name);
  value[0] = '\0';
  const int code = sqlite3_step(statement);
  if (code == SQLITE_ROW)
    snprintf(value, LS_RUN_FACT_MAX, "%s", (const char *)sqlite3_column_text(statement, 0));
  else if (code != SQLITE_DONE)
    status = failed(store, error);
  sqlite3_finalize(statement);
  return status;
}

/* ---- Steps ---- */

static ls_status step_read(const ls_run_store *store, sqlite3_stmt *statement, void **bytes,
                           size_t *size, ls_error *error)
{
  const int code = sqlite3_step(statement);
  if (code == SQLITE_DONE) return LS_OK;
  if (code != SQLITE_ROW) return failed(store, error);
  const void *value = sqlite3_column_blob(statement, 0);
  *size = (size_t)sqlite3_column_bytes(statement, 0);
  *bytes = malloc(*size + 1);
  if (!*bytes) return ls_error_set(error, LS_ERR_MEMORY, store->path, 0, NULL, "no memory");
  if (*size) memcpy(*bytes, value, *size);
  return LS_OK;
}

ls_status ls_run_store_find(ls_run_store *store, const char *kind, const char *key, void **bytes,
                            size_t *size, ls_error *error)
{
  sqlite3_stmt *statement;
  *bytes = NULL;
  *size = 0;
  pthread_mutex_lock(&store->lock);
  ls_status status =
      prepare(store, "SELECT value FROM step WHERE kind = ? AND key = ?", &statement, error);
  if (status == LS_OK) {
    text_bind(statement, 1, kind);
    text_bind(statement, 2, key);
    status = step_read(store, statement, bytes, size, error);
    sqlite3_finalize(statement);
  }
  pthread_mutex_unlock(&store->lock);
  return status;
}

ls_status ls_run_store_keep(ls_run_store *store, const char *kind, const char *key,
                            const void *bytes, size_t size, ls_error *error)
{
  sqlite3_stmt *statement;
  pthread_mutex_lock(&store->lock);
  ls_status status =
      prepare(store, "INSERT OR REPLACE INTO step VALUES (?, ?, ?, strftime('%Y-%m-%dT%H:%M:%fZ'))",
              &statement, error);
  if (status == LS_OK) {
    text_bind(statement, 1, kind);
    text_bind(statement, 2, key);
    sqlite3_bind_blob64(statement, 3, bytes, size, SQLITE_STATIC);
    status = finish(store, statement, error);
  }
  pthread_mutex_unlock(&store->lock);
  return status;
}

/* ---- The archive ---- */

/* Binds DESIGN_COLUMNS from index on. */
static void design_bind(sqlite3_stmt *statement, int index, const ls_run_design *design)
{
  sqlite3_bind_int64(statement, index++, design->rank);
  text_bind(statement, index++, design->variant);
  text_bind(statement, index++, design->family);
  sqlite3_bind_int(statement, index++, design->planes);
  text_bind(statement, index++, design->oversubscription);
  text_bind(statement, index++, design->chassis);
  text_bind(statement, index++, design->optics);
  for (int32_t i = 0; i < LS_METRIC_COUNT; i++)
    sqlite3_bind_int64(statement, index++, design->score.metric[i]);
}

static ls_status front_insert(ls_run_store *store, const ls_run_design *design, ls_error *error)
{
  sqlite3_stmt *statement;
  const ls_status status = prepare(
      store, "INSERT INTO front VALUES (?,?,?,?,?,?,?, ?,?,?,?,?,?,?,?)", &statement, error);
  if (status != LS_OK) return status;
  design_bind(statement, 1, design);
  return finish(store, statement, error);
}

static ls_status named_insert(ls_run_store *store, int32_t position, const ls_run_design *design,
                              ls_error *error)
{
  sqlite3_stmt *statement;
  const ls_status status =
      prepare(store, "INSERT INTO named VALUES (?,?,?,?, ?,?,?,?,?,?,?, ?,?,?,?,?,?,?,?)",
              &statement, error);
  if (status != LS_OK) return status;
  sqlite3_bind_int(statement, 1, position);
  text_bind(statement, 2, design->name);
  text_bind(statement, 3, design->meaning);
  sqlite3_bind_int(statement, 4, design->is_baseline);
  design_bind(statement, 5, design);
  return finish(store, statement, error);
}

ls_status ls_run_store_archive(ls_run_store *store, const ls_run_design *front, int32_t front_count,
                               const ls_run_design *named, int32_t named_count, const char *state,
                               bool has_steps, ls_error *error)
{
  ls_status status = execute(store, "BEGIN; DELETE FROM front; DELETE FROM named;", error);
  if (status != LS_OK) return status;
  for (int32_t i = 0; status == LS_OK && i < front_count; i++)
    status = front_insert(store, &front[i], error);
  for (int32_t i = 0; status == LS_OK && i < named_count; i++)
    status = named_insert(store, i, &named[i], error);
  if (status == LS_OK) status = ls_run_store_set(store, "state", state, error);
  if (status == LS_OK && !has_steps) status = execute(store, "DELETE FROM step", error);
  if (status == LS_OK) status = execute(store, has_steps ? "COMMIT" : "COMMIT; VACUUM", error);
  /* For whoever reads it from now on, one file. */
  if (status == LS_OK) return execute(store, "PRAGMA journal_mode = DELETE", error);
  (void)execute(store, "ROLLBACK", NULL);
  return status;
}

static void text_read(sqlite3_stmt *statement, int index, char *text, size_t capacity)
{
  snprintf(text, capacity, "%s", (const char *)sqlite3_column_text(statement, index));
}

static void named_read(sqlite3_stmt *statement, ls_run_design *design)
{
  int index = 1; /* behind the position */
  text_read(statement, index++, design->name, sizeof design->name);
  text_read(statement, index++, design->meaning, sizeof design->meaning);
  design->is_baseline = sqlite3_column_int(statement, index++) != 0;
  design->rank = sqlite3_column_int64(statement, index++);
  text_read(statement, index++, design->variant, sizeof design->variant);
  text_read(statement, index++, design->family, sizeof design->family);
  design->planes = sqlite3_column_int(statement, index++);
  text_read(statement, index++, design->oversubscription, sizeof design->oversubscription);
  text_read(statement, index++, design->chassis, sizeof design->chassis);
  text_read(statement, index++, design->optics, sizeof design->optics);
  for (int32_t i = 0; i < LS_METRIC_COUNT; i++)
    design->score.metric[i] = sqlite3_column_int64(statement, index++);
}

ls_status ls_run_store_read(ls_run_store *store, ls_run_design *named, int32_t *named_count,
                            int32_t *front_count, ls_error *error)
{
  sqlite3_stmt *statement;
  int64_t on_front = 0;
  ls_status status = number_read(store, "SELECT count(*) FROM front", &on_front, error);
  if (status == LS_OK)
    status = prepare(store, "SELECT * FROM named ORDER BY position", &statement, error);
  if (status != LS_OK) return status;
  int32_t count = 0;
  int code;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW && count < LS_RUN_NAMED_MAX)
    named_read(statement, &named[count++]);
  if (code != SQLITE_ROW && code != SQLITE_DONE) status = failed(store, error);
  sqlite3_finalize(statement);
  *named_count = count;
  *front_count = (int32_t)on_front;
  return status;
}
