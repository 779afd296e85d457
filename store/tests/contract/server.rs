//! What only one of the two can do: a server goes away and comes back, a file has its rights.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use store::{
    AccountStore as _, AuditStore as _, EventFilter, EventStore, IdentityStore as _, InstallationRetention,
    OrganisationStore as _, RetentionStore as _, StoreError,
    WriteOutcome::{AlreadyStored, Stored},
    audit::AuditFilter,
    postgres::{PostgresSettings, PostgresStore},
    retention::Sweep,
    sqlite::{SqliteSettings, SqliteStore},
    vault::{MasterKey, Vault},
};

use crate::rows::{ORG, build, mid, row};

fn vault() -> Arc<Vault> {
    Arc::new(Vault::new(MasterKey::from_bytes([7; 32])))
}

/// Asks until the store answers, for as long as a server may need to come back.
async fn until_it_answers(store: &PostgresStore) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while let Err(error) = store.check().await {
        assert!(Instant::now() < deadline, "{error}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_is_unavailable_at_once_and_usable_when_it_is_back() {
    let server = Arc::new(tokio::task::spawn_blocking(testbed::Postgres::start).await.unwrap());
    let making = server.clone();
    let url = tokio::task::spawn_blocking(move || making.database()).await.unwrap();
    let store = PostgresStore::connect(PostgresSettings::new(url), vault()).unwrap();
    store.migrate().await.unwrap();
    let rows = build(&[row(mid("2026-10"))]);
    assert_eq!(store.write(&rows).await.unwrap(), [Stored]);

    let killing = server.clone();
    tokio::task::spawn_blocking(move || killing.kill()).await.unwrap();
    let sweep = Sweep {
        installation: InstallationRetention::default(),
        now: mid("2026-10"),
        is_stopped: &|| false,
        told: &|_| (),
    };
    let asked = Instant::now();
    let failures = [
        store.write(&rows).await.map(|_| ()),
        store.get(ORG, rows[0].head().event_id).await.map(|_| ()),
        store.query(ORG, &EventFilter::default(), None, 10).await.map(|_| ()),
        store.version().await.map(|_| ()),
        store.check().await,
        store.prepare(mid("2026-10")).await,
        store.drop_past_retention(&sweep).await,
        store.look_at_clock(mid("2026-10")).await.map(|_| ()),
        store.ensure_organisation("acme").await.map(|_| ()),
        store.user_by_email("ada@example.org").await.map(|_| ()),
        store.forget_attempts("ada@example.org").await,
        store.audit(ORG, &AuditFilter::default(), None, 10).await.map(|_| ()),
        store.plans().await.map(|_| ()),
        store.migrate().await,
    ];
    for failure in failures {
        assert!(matches!(failure, Err(StoreError::Unavailable(_))), "{failure:?}");
    }
    assert!(asked.elapsed() < Duration::from_secs(10));

    let starting = server.clone();
    tokio::task::spawn_blocking(move || starting.restart()).await.unwrap();
    until_it_answers(&store).await;
    assert_eq!(store.write(&rows).await.unwrap(), [AlreadyStored]);
    assert_eq!(store.count(ORG).await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_is_made_while_its_server_is_away() {
    // Nothing listens on port 1.
    let settings = PostgresSettings::new("postgres://user:hunter2@127.0.0.1:1/gapin");
    let store = PostgresStore::connect(settings, vault()).unwrap();
    let failures = [store.check().await, store.migrate().await, store.version().await.map(|_| ())];
    for failure in failures {
        let error = failure.unwrap_err();
        assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
        assert!(!format!("{error:?} {store:?}").contains("hunter2"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_was_not_migrated_says_so() {
    let url = tokio::task::spawn_blocking(|| testbed::postgres().database()).await.unwrap();
    let store = PostgresStore::connect(PostgresSettings::new(url), vault()).unwrap();
    store.check().await.unwrap();
    for error in [store.version().await.unwrap_err(), store.count(ORG).await.unwrap_err()] {
        assert!(matches!(error, StoreError::Unreadable(_)), "{error:?}");
        assert!(error.to_string().contains("run the migration"), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_did_not_migrate_notices_a_wrong_master_key_too() {
    let url = tokio::task::spawn_blocking(|| testbed::postgres().database()).await.unwrap();
    let store = PostgresStore::connect(PostgresSettings::new(&url), vault()).unwrap();
    store.migrate().await.unwrap();
    let other = Arc::new(Vault::new(MasterKey::generate()));
    let other = PostgresStore::connect(PostgresSettings::new(&url), other).unwrap();
    let error = other.api_key_by_prefix("sk_01234567").await.unwrap_err();
    assert!(error.to_string().contains("check the master key"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_takes_too_long_is_broken_off() {
    let url = tokio::task::spawn_blocking(|| testbed::postgres().database()).await.unwrap();
    let mut settings = PostgresSettings::new(&url);
    settings.pool_size_max = 1;
    let ready = PostgresStore::connect(settings.clone(), vault()).unwrap();
    ready.migrate().await.unwrap();
    ready.write(&build(&[row(mid("2026-10"))])).await.unwrap();

    settings.statement_timeout_ms = 200;
    let store = PostgresStore::connect(settings, vault()).unwrap();
    let (locker, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    locker.batch_execute("BEGIN; LOCK TABLE aibbar_events IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let error = store.count(ORG).await.unwrap_err();
    assert!(matches!(&error, StoreError::Unavailable(sentence) if sentence.contains("too long")), "{error:?}");
    locker.batch_execute("ROLLBACK").await.unwrap();
    assert_eq!(store.count(ORG).await.unwrap(), 1, "its only connection is usable again");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_file_and_its_folder_are_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("new").join("data");
    let store = SqliteStore::open(&data.join("store.db"), SqliteSettings::default(), vault()).await.unwrap();
    store.write(&build(&[row(mid("2026-10"))])).await.unwrap();
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    let files: Vec<_> = std::fs::read_dir(&data).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(files.len() >= 2, "the database and its write-ahead log");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{file:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_database_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.db");
    let content = "this is a diary, not a database ".repeat(200);
    std::fs::write(&file, &content).unwrap();
    let Err(error) = SqliteStore::open(&file, SqliteSettings::default(), vault()).await else {
        panic!("it was opened")
    };
    assert!(matches!(error, StoreError::Unreadable(_)), "{error:?}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), content);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_in_place_of_the_file_is_unavailable() {
    let folder = tempfile::tempdir().unwrap();
    let result = SqliteStore::open(folder.path(), SqliteSettings::default(), vault()).await;
    assert!(matches!(result, Err(StoreError::Unavailable(_))), "{result:?}");
}
