//! PostgreSQL takes a batch that is all new by `COPY`, and merges one of which something was there: both leave the same.

use std::sync::Arc;

use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestRunner},
};
use store::{
    EventStore as _, NewRow,
    WriteOutcome::{AlreadyStored, Conflict, Stored},
    postgres::{PostgresSettings, PostgresStore},
    vault::{MasterKey, Vault},
};
use tokio::runtime::Runtime;
use uuid::Uuid;

use crate::rows::{Row, build, id_at, mid, row};

/// Notes by which statement rows came in.
const NOTE: &str = "CREATE TABLE notes (way text); \
    CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
    INSERT INTO notes VALUES (split_part(current_query(), ' ', 1)); RETURN NULL; END $$; \
    CREATE TRIGGER note AFTER INSERT ON aibbar_events FOR EACH STATEMENT EXECUTE FUNCTION note()";

const ROWS: &str = "SELECT * FROM aibbar_events ORDER BY org_id, event_id";
/// But how long rows took, which the clock decides.
const COUNTS: &str = "SELECT measure, at_s, label, counted, total FROM statistics WHERE measure <> 4 ORDER BY 1, 2, 3";

struct Database {
    store: PostgresStore,
    name: String,
}

impl Database {
    fn new(runtime: &Runtime) -> Database {
        let url = testbed::postgres().database();
        let name = url.rsplit('/').next().unwrap().to_owned();
        let vault = Arc::new(Vault::new(MasterKey::from_bytes([7; 32])));
        let store = PostgresStore::connect(PostgresSettings::new(url), vault).unwrap();
        runtime.block_on(store.migrate()).unwrap();
        testbed::postgres().query(&name, NOTE);
        Database { store, name }
    }

    fn ask(&self, sql: &str) -> String {
        testbed::postgres().query(&self.name, sql)
    }

    /// The ways of the statements since it was asked last.
    fn ways(&self) -> Vec<String> {
        self.ask("DELETE FROM notes RETURNING way").lines().map(str::to_owned).collect()
    }
}

fn any_row() -> impl Strategy<Value = Row> {
    let word = || "[a-z\\x00\\n\"\\\\ä😀]{0,200}";
    let id = prop_oneof![1 => Just(None), 2 => word().prop_map(Some)];
    (word(), id.clone(), id, any::<Option<u32>>(), 0_usize..4, 0_u128..3).prop_map(
        |(text, session, request, sequence, hidden, system)| {
            let mut row = row(mid("2026-10")).id(Uuid::nil()).text(&text).ai(system);
            row = session.iter().fold(row, |row, id| row.session(id));
            row = request.iter().fold(row, |row, id| row.request(id));
            row = sequence.iter().fold(row, |row, number| row.sequence((*number).into()));
            row.hiding(&["email", "phone", "unknown"][..hidden.min(3)])
        },
    )
}

#[test]
fn a_batch_is_stored_alike_whether_it_is_copied_or_merged() {
    let runtime = Runtime::new().unwrap();
    let (copied, merged) = (Database::new(&runtime), Database::new(&runtime));
    let write = |database: &Database, rows: &[NewRow]| runtime.block_on(database.store.write(rows)).unwrap();
    let mut runner = TestRunner::new(Config { cases: 12, ..Config::default() });
    let same = runner.run(&vec(any_row(), 1..40), |rows| {
        let rows: Vec<Row> = rows.into_iter().map(|row| row.id(id_at(mid("2026-10")))).collect();
        let known = build(&[row(mid("2026-10"))]);
        write(&copied, &known);
        write(&merged, &known);
        prop_assert_eq!(write(&merged, &known), [AlreadyStored]);
        copied.ways();
        merged.ways();

        let outcomes = vec![Stored; rows.len()];
        prop_assert_eq!(write(&copied, &build(&rows)), outcomes.clone());
        prop_assert_eq!(write(&merged, &build(&rows)), outcomes);
        prop_assert_eq!((copied.ways(), merged.ways()), (vec!["COPY".to_owned()], vec!["INSERT".to_owned()]));
        prop_assert_eq!(copied.ask(ROWS), merged.ask(ROWS));
        prop_assert_eq!(copied.ask(COUNTS), merged.ask(COUNTS));
        Ok(())
    });
    same.unwrap();
}

#[test]
fn one_double_among_new_rows_costs_none_of_them_and_counts_once() {
    let runtime = Runtime::new().unwrap();
    let database = Database::new(&runtime);
    let there = row(mid("2026-10"));
    let write = |rows: &[Row]| runtime.block_on(database.store.write(&build(rows))).unwrap();
    assert_eq!(write(std::slice::from_ref(&there)), [Stored]);
    let batch = [row(mid("2026-10")), there.clone(), there.forged(), row(mid("2026-10"))];
    assert_eq!(write(&batch), [Stored, AlreadyStored, Conflict, Stored]);
    assert_eq!(database.ask("SELECT sum(counted) FROM statistics WHERE measure = 1"), "3");
    assert_eq!(database.ways().last().map(String::as_str), Some("INSERT"));
}

#[test]
fn copying_is_tried_again_after_a_double() {
    let runtime = Runtime::new().unwrap();
    let database = Database::new(&runtime);
    let write = |rows: &[Row]| runtime.block_on(database.store.write(&build(rows))).unwrap();
    let double = row(mid("2026-10"));
    for _ in 0..2 {
        write(std::slice::from_ref(&double));
    }
    database.ways();
    let merges = (0..100).take_while(|_| {
        write(&[row(mid("2026-10"))]);
        database.ways() == ["INSERT"]
    });
    assert_eq!(merges.count(), 16);
}
