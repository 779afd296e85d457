//! What a failed write says of its row: PostgreSQL's codes, each raised by the server itself.

use std::sync::Arc;

use store::{
    EventStore as _, StoreError,
    postgres::{PostgresSettings, PostgresStore},
    vault::{MasterKey, Vault},
};

use crate::rows::{ORG, build, mid, row};

/// A trigger that fails with the code that a row has for its session.
const RAISE: &str = "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
    IF NEW.session_id IS NOT NULL THEN RAISE EXCEPTION 'jane.doe@example.com' USING ERRCODE = NEW.session_id; END IF; \
    RETURN NEW; END $$; \
    CREATE TRIGGER fail BEFORE INSERT ON aibbar_events FOR EACH ROW EXECUTE FUNCTION fail()";

async fn store_and_database() -> (PostgresStore, String) {
    let url = tokio::task::spawn_blocking(|| testbed::postgres().database()).await.unwrap();
    let database = url.rsplit('/').next().unwrap().to_owned();
    let store =
        PostgresStore::connect(PostgresSettings::new(url), Arc::new(Vault::new(MasterKey::from_bytes([7; 32]))))
            .unwrap();
    store.migrate().await.unwrap();
    (store, database)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_write_is_refused_unavailable_or_unexplained_by_its_code() {
    let (store, database) = store_and_database().await;
    testbed::postgres().query(&database, RAISE);
    let write = async |code: &str| store.write(&build(&[row(mid("2026-10")).session(code)])).await;
    for refused in ["22021", "22P02", "22P05", "22003", "22008", "23502", "23505", "44000", "54000", "54023"] {
        let failure = write(refused).await.unwrap_err();
        assert!(matches!(failure, StoreError::Refused(_)), "{refused}: {failure:?}");
        assert!(failure.to_string().contains(refused) && !failure.to_string().contains("jane"), "{failure}");
    }
    for away in [
        "08006", "25006", "28P01", "3D000", "40001", "40P01", "42501", "53100", "53200", "53300", "53400", "55P03",
        "55006", "57014", "57P01", "57P02", "57P03", "57P05", "58030", "58P01",
    ] {
        let failure = write(away).await.unwrap_err();
        assert!(matches!(failure, StoreError::Unavailable(_)), "{away}: {failure:?}");
    }
    for damaged in ["42P01", "42703", "XX001", "XX002"] {
        let failure = write(damaged).await.unwrap_err();
        assert!(matches!(failure, StoreError::Unreadable(_)), "{damaged}: {failure:?}");
    }
    for unexplained in ["P0001", "XX000", "0A000", "38000", "GP001"] {
        let failure = write(unexplained).await.unwrap_err();
        assert!(matches!(failure, StoreError::Unexplained(_)), "{unexplained}: {failure:?}");
    }
    assert_eq!(store.count(ORG).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operators_check_is_a_refusal_and_no_missing_partition() {
    let (store, database) = store_and_database().await;
    let check = "ALTER TABLE aibbar_events ADD CONSTRAINT own CHECK (session_id IS NULL)";
    testbed::postgres().query(&database, check);
    let failure = store.write(&build(&[row(mid("2026-10")).session("s")])).await.unwrap_err();
    assert!(matches!(failure, StoreError::Refused(_)), "{failure:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_fits_into_no_index_is_a_refusal() {
    let (store, database) = store_and_database().await;
    testbed::postgres().query(&database, "CREATE INDEX own ON aibbar_events (session_id)");
    let long: String = (0..700).map(|_| uuid::Uuid::new_v4().simple().to_string()).collect();
    let failure = store.write(&build(&[row(mid("2026-10")).session(&long)])).await.unwrap_err();
    assert!(matches!(&failure, StoreError::Refused(why) if why.contains("54000")), "{failure:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_only_database_is_away_not_a_refusal() {
    let (store, database) = store_and_database().await;
    testbed::postgres()
        .query(&database, &format!("ALTER DATABASE \"{database}\" SET default_transaction_read_only = on"));
    // Connections that are there already go on as they were.
    let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() \
                  AND pid <> pg_backend_pid()";
    testbed::postgres().query(&database, others);
    // Each of the pool's old connections fails once, as one that was cut.
    for _ in 0..100 {
        let failure = store.write(&build(&[row(mid("2026-10"))])).await.unwrap_err();
        assert!(matches!(&failure, StoreError::Unavailable(_)), "{failure:?}");
        if failure.to_string().contains("read-only") {
            return;
        }
    }
    panic!("it never said that it is read-only");
}
