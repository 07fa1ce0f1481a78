// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
use super::*;

const TABLES: [&str; 2] = ["first", "second"];

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn open(folder: &Path) -> Result<Store, OpenError> {
    Store::open(folder, &TABLES, Access::Write)
}

/// One row: table, key, value.
type Record = (String, String, Vec<u8>);

fn rows(store: &Store) -> Result<Vec<Record>, ReadError> {
    let mut rows = Vec::new();
    store.read(|table, key, value| {
        rows.push(record(table, key, value));
        Ok::<_, ReadError>(())
    })?;
    Ok(rows)
}

fn record(table: &str, key: &str, value: &[u8]) -> Record {
    (table.to_owned(), key.to_owned(), value.to_vec())
}

#[test]
fn rows_survive_and_the_last_change_wins() {
    let folder = folder();
    let mut store = open(folder.path()).unwrap();
    store
        .write([
            ("first", "a", Some(&b"1"[..])),
            ("second", "z", Some(b"\0\xff")),
            ("first", "b", Some(b"")),
        ])
        .unwrap();
    store
        .write([
            ("first", "a", Some(&b"2"[..])),
            ("first", "b", None),
            ("first", "absent", None),
        ])
        .unwrap();
    drop(store);
    let rows = rows(&open(folder.path()).unwrap()).unwrap();
    assert_eq!(
        rows,
        [record("first", "a", b"2"), record("second", "z", b"\0\xff")]
    );
}

#[test]
fn a_transaction_with_an_unknown_table_changes_nothing() {
    let folder = folder();
    let mut store = open(folder.path()).unwrap();
    let error = store
        .write([("first", "a", Some(&b"1"[..])), ("third", "b", Some(b"2"))])
        .unwrap_err();
    assert!(matches!(error, WriteError::UnknownTable { table } if table == "third"));
    assert_eq!(rows(&store).unwrap(), []);
    store.write([("first", "a", Some(&b"1"[..]))]).unwrap();
}

#[test]
fn files_are_closed_to_others() {
    let folder = folder();
    let path = folder.path().join("state");
    let mut store = open(&path).unwrap();
    store.write([("first", "a", Some(&b"1"[..]))]).unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o700);
    let names: Vec<_> = std::fs::read_dir(&path)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert!(names.len() >= 3, "database, log and lock: {names:?}");
    for name in names {
        assert_eq!(mode(&name), 0o600, "{name:?}");
    }
}

#[test]
fn a_folder_open_to_others_is_closed() {
    let folder = folder();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    open(folder.path()).unwrap();
    assert_eq!(
        std::fs::metadata(folder.path()).unwrap().permissions().mode() & 0o777,
        0o700
    );
}

#[test]
fn a_second_writer_is_refused_until_the_first_is_gone() {
    let folder = folder();
    let first = open(folder.path()).unwrap();
    let error = open(folder.path()).unwrap_err();
    assert!(matches!(error, OpenError::Locked { .. }), "{error}");
    drop(first);
    open(folder.path()).unwrap();
}

#[test]
fn a_reader_beside_a_writer_sees_what_was_committed() {
    let folder = folder();
    let mut writer = open(folder.path()).unwrap();
    writer.write([("first", "a", Some(&b"1"[..]))]).unwrap();
    let mut reader = Store::open(folder.path(), &TABLES, Access::Read).unwrap();
    assert_eq!(rows(&reader).unwrap(), [record("first", "a", b"1")]);
    assert!(matches!(
        reader.write([("first", "a", None)]),
        Err(WriteError::Sqlite { .. })
    ));
    writer.write([("first", "b", Some(&b"2"[..]))]).unwrap();
    assert_eq!(rows(&reader).unwrap().len(), 2);
}

#[test]
fn reading_where_there_is_nothing_creates_nothing() {
    let folder = folder();
    let path = folder.path().join("state");
    assert!(matches!(
        Store::open(&path, &TABLES, Access::Read),
        Err(OpenError::Missing { .. })
    ));
    assert!(!path.exists());
}

#[test]
fn a_newer_schema_is_refused_untouched() {
    let folder = folder();
    drop(open(folder.path()).unwrap());
    let path = folder.path().join(DATABASE);
    Connection::open(&path)
        .unwrap()
        .pragma_update(None, "user_version", SCHEMA_VERSION + 1)
        .unwrap();
    let before = std::fs::read(&path).unwrap();
    let error = open(folder.path()).unwrap_err();
    assert!(
        matches!(
            error,
            OpenError::Newer {
                found: 2,
                known: 1,
                ..
            }
        ),
        "{error}"
    );
    assert!(error.to_string().contains("Update XmppSync"));
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn a_table_of_a_newer_version_is_refused_and_a_new_table_is_added() {
    let folder = folder();
    drop(open(folder.path()).unwrap());
    let error = Store::open(folder.path(), &["first"], Access::Write).unwrap_err();
    assert!(matches!(error, OpenError::Newer { .. }), "{error}");
    let mut store = Store::open(folder.path(), &["first", "second", "third"], Access::Write).unwrap();
    store.write([("third", "a", Some(&b"1"[..]))]).unwrap();
}

#[test]
fn another_programs_database_is_refused_untouched() {
    let folder = folder();
    let path = folder.path().join(DATABASE);
    Connection::open(&path)
        .unwrap()
        .execute_batch("CREATE TABLE first (id INTEGER)")
        .unwrap();
    let before = std::fs::read(&path).unwrap();
    assert!(matches!(open(folder.path()), Err(OpenError::Foreign { .. })));
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn a_file_that_is_no_database_is_refused_untouched() {
    let folder = folder();
    let path = folder.path().join(DATABASE);
    let garbage = b"these are not the bytes of a database ".repeat(200);
    std::fs::write(&path, &garbage).unwrap();
    let error = open(folder.path()).unwrap_err();
    assert!(matches!(error, OpenError::Damaged { .. }), "{error}");
    assert!(error.to_string().contains("move that file away"));
    assert_eq!(std::fs::read(&path).unwrap(), garbage);
}

#[test]
fn a_damaged_page_is_found_before_anything_is_read() {
    let folder = folder();
    let mut store = open(folder.path()).unwrap();
    let value = vec![7_u8; 900];
    for number in 0..200 {
        store
            .write([("first", format!("{number:04}").as_str(), Some(value.as_slice()))])
            .unwrap();
    }
    drop(store);
    let path = folder.path().join(DATABASE);
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 64].fill(0xa5);
    std::fs::write(&path, &bytes).unwrap();
    let store = open(folder.path()).unwrap();
    let error = rows(&store).unwrap_err();
    assert!(matches!(error, ReadError::Damaged { .. }), "{error}");
}

#[test]
fn the_database_is_strict_synced_and_forgets_what_was_deleted() {
    let folder = folder();
    let store = open(folder.path()).unwrap();
    let pragma = |name: &str| -> i64 {
        store
            .connection
            .pragma_query_value(None, name, |row| row.get(0))
            .unwrap()
    };
    assert_eq!(pragma("synchronous"), 2);
    assert_eq!(pragma("secure_delete"), 1);
    let journal: String = store
        .connection
        .pragma_query_value(None, "journal_mode", |row| row.get(0))
        .unwrap();
    assert_eq!(journal, "wal");
    assert!(
        store
            .connection
            .execute("INSERT INTO first (key, value) VALUES ('a', 'text')", ())
            .is_err()
    );
    assert!(
        store
            .connection
            .execute("INSERT INTO first (key, value) VALUES (NULL, x'00')", ())
            .is_err()
    );
}
