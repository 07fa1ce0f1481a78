// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! The state of one device on disk: one SQLite database in a folder of its own.
//!
//! Every table of the client is a STRICT table of keys and values. One [`Store::write`] is one transaction, and when
//! it has returned, its rows survive a power cut: the journal is a write-ahead log that is synced at each commit.
//! A folder belongs to one process at a time, held by a lock on the file `lock`. Nothing here ever overwrites or
//! repairs a database that it does not understand: it refuses, and the message says what to do.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

/// The schema that this version reads and writes, kept in SQLite's `user_version`.
pub const SCHEMA_VERSION: i32 = 1;

/// SQLite's `application_id` of our databases: the letters "XSyn". Another program's database is never touched.
const APPLICATION_ID: i32 = 0x5853_796e;
/// Name of the database in the state folder.
const DATABASE: &str = "state.sqlite3";
/// Name of the file whose lock says that the folder is in use.
const LOCK: &str = "lock";
/// All files that a store makes in its folder, SQLite's log among them.
pub const FILES: &[&str] = &[DATABASE, "state.sqlite3-wal", "state.sqlite3-shm", LOCK];
/// Permissions of the state folder: its owner alone.
const FOLDER_MODE: u32 = 0o700;
/// Permissions of the files in it: its owner alone.
const FILE_MODE: u32 = 0o600;
/// How long a reader waits for a writer that holds the database, before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// One change to a row; no value deletes it.
pub type RowChange<'a> = (&'a str, &'a str, Option<&'a [u8]>);

/// What the store is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Reading alone, allowed beside a running process that writes.
    Read,
    /// Reading and writing; takes the folder's lock.
    Write,
}

/// Why a state folder could not be opened. Nothing on disk has been changed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder or a file in it cannot be created, read or locked.
    #[error(
        "cannot use the state folder {path}: {source}. Check that it is a folder of yours on a disk with space left"
    )]
    Folder {
        /// The path in question.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Another process runs this state.
    #[error(
        "the state folder {path} is in use by another running process. Stop that one first; two must never run one state"
    )]
    Locked {
        /// The state folder.
        path: PathBuf,
    },
    /// There is no state yet, and it was to be read only.
    #[error("there is no state in {path} yet: sign in first")]
    Missing {
        /// The state folder.
        path: PathBuf,
    },
    /// The database was written by a newer version.
    #[error(
        "the state in {path} was written by a newer XmppSync (schema {found}, this version knows {known}). Update XmppSync; nothing was changed"
    )]
    Newer {
        /// The database.
        path: PathBuf,
        /// Its schema version.
        found: i32,
        /// The newest one known here.
        known: i32,
    },
    /// The file is a database of another program.
    #[error("{path} is not a database of XmppSync. Choose another state folder; nothing was changed")]
    Foreign {
        /// The database.
        path: PathBuf,
    },
    /// The database is damaged.
    #[error(
        "the state in {path} is damaged ({detail}). Nothing was changed. Restore it from a backup, or move that file away \
         and start again: this device then gets a new key, and the bookmarks come back from the other devices"
    )]
    Damaged {
        /// The database.
        path: PathBuf,
        /// What SQLite found.
        detail: String,
    },
    /// SQLite failed otherwise, for instance on a full disk.
    #[error("cannot open the state in {path}: {source}")]
    Sqlite {
        /// The database.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
}

/// Why the rows could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The database is damaged.
    #[error(
        "the state in {path} is damaged ({detail}). Nothing was changed. Restore it from a backup, or move that file away \
         and start again: this device then gets a new key, and the bookmarks come back from the other devices"
    )]
    Damaged {
        /// The database.
        path: PathBuf,
        /// What SQLite found.
        detail: String,
    },
    /// SQLite failed otherwise.
    #[error("cannot read the state in {path}: {source}")]
    Sqlite {
        /// The database.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
}

/// Why a transaction failed. None of its rows has been written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A change names a table that the store was not opened with.
    #[error("no table is called {table}")]
    UnknownTable {
        /// The name in the change.
        table: String,
    },
    /// SQLite refused, for instance on a full disk.
    #[error("cannot save the state in {path}: {source}. Check the disk's space and the folder's permissions")]
    Sqlite {
        /// The database.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
}

/// An open state folder.
pub struct Store {
    connection: Connection,
    tables: Vec<String>,
    path: PathBuf,
    // Held until the store is dropped, after the connection (fields drop in order).
    lock: Option<File>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Store")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the folder `folder`, creating it and its database where [`Access::Write`] finds none.
    ///
    /// `tables` are the client's; a table that the database lacks is created, one that is not among them means that
    /// a newer version wrote it.
    ///
    /// # Errors
    /// See [`OpenError`]. Nothing that exists is changed by a failed open.
    pub fn open(folder: &Path, tables: &[&str], access: Access) -> Result<Store, OpenError> {
        let store = Store::reserve(folder, tables, access)?;
        store.prepare()?;
        Ok(store)
    }

    /// Does of [`Store::open`] what waits for no disk: takes the folder, and refuses what this version must not touch.
    /// [`Store::prepare`] does the rest.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub(crate) fn reserve(folder: &Path, tables: &[&str], access: Access) -> Result<Store, OpenError> {
        let path = folder.join(DATABASE);
        let lock = match access {
            Access::Write => Some(take_folder(folder)?),
            Access::Read => {
                if !path.exists() {
                    return Err(OpenError::Missing {
                        path: folder.to_owned(),
                    });
                }
                None
            }
        };
        let connection = connect(&path, access).map_err(|source| open_error(&path, source))?;
        check(&connection, &path, tables)?;
        Ok(Store {
            connection,
            tables: tables.iter().map(|&table| table.to_owned()).collect(),
            path,
            lock,
        })
    }

    /// Sets the journal up and creates the tables that are missing, where the folder was taken for writing.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub(crate) fn prepare(&self) -> Result<(), OpenError> {
        if self.lock.is_none() {
            return Ok(());
        }
        prepare(&self.connection, &self.tables).map_err(|source| open_error(&self.path, source))
    }

    /// Lends all rows to `each`, table after table, in the order in which they were first written: table, key, value.
    ///
    /// # Errors
    /// See [`ReadError`]; the whole database is checked meanwhile, and where it is damaged, that is the error, whatever was
    /// read. What `each` refuses ends the reading.
    pub fn read<E: From<ReadError>>(
        &self,
        each: impl FnMut(&str, &str, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let path = &self.path;
        let (checked, read) = std::thread::scope(|scope| {
            let checking = scope.spawn(|| check_pages(path));
            let read = self.read_rows(each);
            (checking.join(), read)
        });
        let checked = checked.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        checked.and(read).map_err(|source| match damage(&source) {
            Some(detail) => ReadError::Damaged {
                path: self.path.clone(),
                detail,
            },
            None => ReadError::Sqlite {
                path: self.path.clone(),
                source,
            },
        })?
    }

    /// Writes all `changes` in one transaction, synced to the disk when this returns.
    ///
    /// # Errors
    /// See [`WriteError`]; none of the changes is written then.
    pub fn write<'a>(&mut self, changes: impl IntoIterator<Item = RowChange<'a>>) -> Result<(), WriteError> {
        let failed = |path: &Path, source| WriteError::Sqlite {
            path: path.to_owned(),
            source,
        };
        let transaction = self
            .connection
            .transaction()
            .map_err(|source| failed(&self.path, source))?;
        for (table, key, value) in changes {
            if !self.tables.iter().any(|known| known == table) {
                return Err(WriteError::UnknownTable {
                    table: table.to_owned(),
                });
            }
            match value {
                Some(value) => transaction
                    .prepare_cached(&format!(
                        "INSERT INTO {table} (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
                    ))
                    .and_then(|mut statement| statement.execute((key, value))),
                None => transaction
                    .prepare_cached(&format!("DELETE FROM {table} WHERE key = ?1"))
                    .and_then(|mut statement| statement.execute((key,))),
            }
            .map_err(|source| failed(&self.path, source))?;
        }
        transaction.commit().map_err(|source| failed(&self.path, source))
    }

    fn read_rows<E>(
        &self,
        mut each: impl FnMut(&str, &str, &[u8]) -> Result<(), E>,
    ) -> rusqlite::Result<Result<(), E>> {
        // One read transaction, so that a writer beside us cannot change the rows between two tables.
        let transaction = self.connection.unchecked_transaction()?;
        for table in &self.tables {
            // Opened for reading, a table of a version newer than the database's writer may not exist yet.
            if !table_exists(&transaction, table)? {
                continue;
            }
            // In the order of the file: by key, each row would be looked up by itself.
            let mut statement =
                transaction.prepare(&format!("SELECT key, value FROM {table} ORDER BY rowid"))?;
            let mut rows = statement.query(())?;
            while let Some(row) = rows.next()? {
                let (key, value) = (text(row, 0)?, blob(row, 1)?);
                if let Err(refused) = each(table, key, value) {
                    return Ok(Err(refused));
                }
            }
        }
        Ok(Ok(()))
    }
}

fn text<'a>(row: &'a rusqlite::Row<'_>, column: usize) -> rusqlite::Result<&'a str> {
    Ok(row.get_ref(column)?.as_str()?)
}

fn blob<'a>(row: &'a rusqlite::Row<'_>, column: usize) -> rusqlite::Result<&'a [u8]> {
    Ok(row.get_ref(column)?.as_blob()?)
}

/// Creates the folder where needed, closes it to others and takes its lock.
fn take_folder(folder: &Path) -> Result<File, OpenError> {
    let failed = |source| OpenError::Folder {
        path: folder.to_owned(),
        source,
    };
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(FOLDER_MODE)
        .create(folder)
        .map_err(failed)?;
    let permissions = std::fs::metadata(folder).map_err(failed)?.permissions();
    if permissions.mode() & 0o777 != FOLDER_MODE {
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(FOLDER_MODE)).map_err(failed)?;
    }
    let lock = private_file(&folder.join(LOCK))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(OpenError::Locked {
                path: folder.to_owned(),
            });
        }
        Err(TryLockError::Error(source)) => return Err(failed(source)),
    }
    // SQLite gives its log files the mode of the database, so that is created here, closed to others from the start.
    private_file(&folder.join(DATABASE))?;
    Ok(lock)
}

fn private_file(path: &Path) -> Result<File, OpenError> {
    let failed = |source| OpenError::Folder {
        path: path.to_owned(),
        source,
    };
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(FILE_MODE)
        .open(path)
        .map_err(failed)?;
    if file.metadata().map_err(failed)?.permissions().mode() & 0o777 != FILE_MODE {
        file.set_permissions(std::fs::Permissions::from_mode(FILE_MODE))
            .map_err(failed)?;
    }
    Ok(file)
}

fn connect(path: &Path, access: Access) -> rusqlite::Result<Connection> {
    let mode = match access {
        Access::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
        Access::Write => OpenFlags::SQLITE_OPEN_READ_WRITE,
    };
    let connection = Connection::open_with_flags(path, mode | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    Ok(connection)
}

/// Reads the whole database and finds what is damaged, on a connection of its own.
fn check_pages(path: &Path) -> rusqlite::Result<()> {
    let connection = connect(path, Access::Read)?;
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", (), |row| row.get(0))?;
    if verdict == "ok" {
        return Ok(());
    }
    Err(rusqlite::Error::SqliteFailure(
        rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT),
        Some(verdict),
    ))
}

/// Refuses what this version must not touch; reads alone.
fn check(connection: &Connection, path: &Path, tables: &[&str]) -> Result<(), OpenError> {
    let read = || -> rusqlite::Result<(i32, i32, Vec<String>)> {
        let application = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
        let version = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let mut statement =
            connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")?;
        let names = statement
            .query_map((), |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<String>>>()?;
        Ok((application, version, names))
    };
    let (application, version, names) = read().map_err(|source| open_error(path, source))?;
    let empty = version == 0 && names.is_empty();
    if application != APPLICATION_ID && !empty {
        return Err(OpenError::Foreign {
            path: path.to_owned(),
        });
    }
    let unknown_table = names.iter().any(|name| !tables.contains(&name.as_str()));
    if version > SCHEMA_VERSION || unknown_table {
        return Err(OpenError::Newer {
            path: path.to_owned(),
            found: version,
            known: SCHEMA_VERSION,
        });
    }
    Ok(())
}

/// Sets the journal up and creates what is missing, in one transaction.
fn prepare(connection: &Connection, tables: &[String]) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // FULL syncs the log at each commit: what was saved before a stanza was sent is there after a power cut.
    connection.pragma_update(None, "synchronous", "FULL")?;
    // Used message keys must not linger in free pages.
    connection.pragma_update(None, "secure_delete", true)?;
    let missing = tables
        .iter()
        .filter_map(|table| match table_exists(connection, table) {
            Ok(true) => None,
            Ok(false) => Some(Ok(table)),
            Err(error) => Some(Err(error)),
        })
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let version: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if missing.is_empty() && version == SCHEMA_VERSION {
        return Ok(());
    }
    let transaction = connection.unchecked_transaction()?;
    for table in missing {
        transaction.execute_batch(&format!(
            "CREATE TABLE {table} (key TEXT PRIMARY KEY NOT NULL, value BLOB NOT NULL) STRICT"
        ))?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    transaction.commit()
}

fn table_exists(connection: &Connection, table: &str) -> rusqlite::Result<bool> {
    connection.query_row(
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?1",
        (table,),
        |row| row.get::<_, i64>(0).map(|count| count > 0),
    )
}

fn open_error(path: &Path, source: rusqlite::Error) -> OpenError {
    match damage(&source) {
        Some(detail) => OpenError::Damaged {
            path: path.to_owned(),
            detail,
        },
        None => OpenError::Sqlite {
            path: path.to_owned(),
            source,
        },
    }
}

/// What SQLite says about a damaged file; None for any other failure.
fn damage(error: &rusqlite::Error) -> Option<String> {
    match error {
        rusqlite::Error::SqliteFailure(code, text)
            if matches!(code.code, ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) =>
        {
            Some(text.clone().unwrap_or_else(|| code.to_string()))
        }
        // A STRICT table whose cells have another type than declared was not written by us.
        rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::Utf8Error(..) => Some(error.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
