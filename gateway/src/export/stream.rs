//! An export at work: page after page of the store, handed on as the client takes it.

use std::{
    pin::Pin,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use futures_util::Stream;
use store::{
    StoreError,
    events::{EventFilter, ExportPage},
};
use uuid::Uuid;

use super::{
    coding::Coding,
    file::{File, FileError},
    format::Format,
    places::Place,
};
use crate::{app::App, auth::Caller, clock, problem::Problem};

/// Records asked of the store at once; 16 MiB of them at most.
const PAGE_RECORDS: u32 = 250;
/// Pieces in which a page is handed to its connection, which holds no more than a few of them.
const PIECE_BYTES: usize = 32 * 1024;
/// A client that is ready for more hears nothing for so long, and for one page of the store, at most: a connection on which
/// nothing moves is taken for dead by clients, and by proxies after a minute.
const SILENT_MAX: Duration = Duration::from_secs(30);
/// How long an export may go on once the gateway drains.
pub(crate) const DRAIN_MAX: Duration = Duration::from_secs(5);

/// An export at work.
pub(super) struct Export {
    app: Arc<App>,
    caller: Caller,
    filter: EventFilter,
    /// Absent while it works elsewhere, and at the end.
    file: Option<Box<File>>,
    next: Next,
    /// What is written and not yet handed on.
    written: Bytes,
    /// Ends when the gateway has drained long enough.
    drained: Pin<Box<dyn Future<Output = ()>>>,
    place: Place,
}

/// What comes when all that was written is handed on.
enum Next {
    Write(ExportPage),
    Read { after: Uuid },
    Finish,
    Nothing,
}

/// Why an export ended early. It breaks the connection off, and is told in the log.
#[derive(Debug, thiserror::Error)]
pub(super) enum BrokenOff {
    #[error("the store: {0}")]
    Store(#[from] StoreError),
    #[error("{0}")]
    File(#[from] FileError),
    #[error("writing it was broken off")]
    Panicked,
    #[error("who asked for it may not read events any more")]
    CredentialsEnded,
    #[error("the gateway stops")]
    Draining,
}

impl Export {
    /// Reads the first page.
    pub(super) async fn begin(
        app: Arc<App>,
        caller: Caller,
        filter: EventFilter,
        (format, coding): (Format, Coding),
        place: Place,
    ) -> Result<Export, Problem> {
        let file = File::begin(format, coding).map_err(Problem::internal)?;
        let first = app.events.export(caller.org_id(), &filter, None, PAGE_RECORDS).await?;
        let draining = app.draining.clone();
        Ok(Export {
            app,
            caller,
            filter,
            file: Some(Box::new(file)),
            next: Next::Write(first),
            written: Bytes::new(),
            drained: Box::pin(async move {
                draining.cancelled().await;
                tokio::time::sleep(DRAIN_MAX).await;
            }),
            place,
        })
    }

    /// Its bytes. A failure is the last item, and breaks the connection off.
    pub(super) fn pieces(self) -> impl Stream<Item = Result<Bytes, BrokenOff>> {
        futures_util::stream::try_unfold(self, |mut export| async move {
            let piece = export.piece().await.inspect_err(|cause| {
                tracing::warn!(org_id = %export.caller.org_id(), %cause, "an export was broken off");
            })?;
            Ok(piece.map(|piece| (piece, export)))
        })
    }

    async fn piece(&mut self) -> Result<Option<Bytes>, BrokenOff> {
        let asked = Instant::now();
        while self.written.is_empty() {
            self.written = match std::mem::replace(&mut self.next, Next::Nothing) {
                Next::Read { after } => {
                    self.next = Next::Write(self.read(after).await?);
                    Bytes::new()
                }
                Next::Write(page) => {
                    self.next = page.next_after.map_or(Next::Finish, |after| Next::Read { after });
                    self.write(page.records, asked.elapsed() >= SILENT_MAX).await?
                }
                Next::Finish => self.finish().await?,
                Next::Nothing => {
                    self.place.whole();
                    return Ok(None);
                }
            };
        }
        Ok(Some(self.written.split_to(self.written.len().min(PIECE_BYTES))))
    }

    async fn read(&mut self, after: Uuid) -> Result<ExportPage, BrokenOff> {
        tokio::select! {
            biased;
            () = &mut self.drained => Err(BrokenOff::Draining),
            page = next_page(&self.app, &self.caller, &self.filter, after) => page,
        }
    }

    /// Writes and compresses on a thread that may be busy: this one serves others too.
    async fn write(&mut self, records: Vec<String>, pressed: bool) -> Result<Bytes, BrokenOff> {
        let mut file = self.file.take().ok_or(BrokenOff::Panicked)?;
        let work = move || -> Result<_, FileError> { Ok((file.add(&records, pressed)?, file)) };
        let (written, file) = tokio::task::spawn_blocking(work).await.map_err(|_| BrokenOff::Panicked)??;
        self.file = Some(file);
        Ok(written.into())
    }

    async fn finish(&mut self) -> Result<Bytes, BrokenOff> {
        let file = self.file.take().ok_or(BrokenOff::Panicked)?;
        Ok(tokio::task::spawn_blocking(move || file.finish()).await.map_err(|_| BrokenOff::Panicked)??.into())
    }
}

/// The page behind this one, for who may still read it. While nobody can tell, it goes on, as live streams do.
async fn next_page(app: &App, caller: &Caller, filter: &EventFilter, after: Uuid) -> Result<ExportPage, BrokenOff> {
    if caller.still_valid(app, clock::now()).await == Some(false) {
        return Err(BrokenOff::CredentialsEnded);
    }
    Ok(app.events.export(caller.org_id(), filter, Some(after), PAGE_RECORDS).await?)
}
