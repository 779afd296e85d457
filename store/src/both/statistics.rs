//! [`StatisticsStore`].

use aibbar::{Timestamp, topic::TopicName};
use async_trait::async_trait;

use super::{
    Database, Row, Transaction, Value,
    value::{unreadable, values},
};
use crate::{
    OrgId, StoreError,
    statistics::{
        COUNTS_PER_WRITE_MAX, Count, HOUR_S, MINUTE_S, Measure, Point, Share, Span, StatisticsStore, TopicStatistics,
        fold_hour, in_order, step_of,
    },
};

const DAY_S: i64 = 24 * HOUR_S;

/// Minutes older than this become hours: a day's steps are finer than an hour, and begin on a quarter.
const MINUTES_KEPT_S: i64 = DAY_S + 2 * HOUR_S;

/// Hours older than this go: a week and the step that it begins in.
const HOURS_KEPT_S: i64 = 8 * DAY_S;

/// The same of what topics tell of thirty days.
const TOPIC_HOURS_KEPT_S: i64 = 31 * DAY_S;

const TOPIC_DAYS_S: i64 = 30 * DAY_S;

/// What a publish rate is of.
const RATE_S: i64 = 5 * MINUTE_S;

/// What an error rate is of.
const ERRORS_S: i64 = HOUR_S;

/// A gateway's process that has not written for so long has ended, and sends nothing again.
const WRITERS_KEPT_S: i64 = 2 * DAY_S;

/// Rows in one statement at most; a power of two, and each smaller one is the size of one statement.
const ROWS_AT_ONCE_MAX: usize = 64;

/// The statements, each with its values, that add these counts, which are [in order](in_order).
pub(crate) fn additions(counts: &[Count]) -> Vec<(String, Vec<Value>)> {
    steps_of(counts, MINUTE_S)
}

fn steps_of(counts: &[Count], step_s: i64) -> Vec<(String, Vec<Value>)> {
    let mut statements = Vec::new();
    let mut rest = counts;
    while !rest.is_empty() {
        let rows = (1 << rest.len().ilog2()).min(ROWS_AT_ONCE_MAX);
        let (now, later) = rest.split_at(rows);
        statements.push((insert(rows), now.iter().flat_map(|count| columns(count, step_s)).collect()));
        rest = later;
    }
    statements
}

fn insert(rows: usize) -> String {
    const COLUMNS: usize = 7;
    let row = |row: usize| {
        let places: Vec<String> = (1..=COLUMNS).map(|column| format!("${}", row * COLUMNS + column)).collect();
        format!("({})", places.join(", "))
    };
    let rows: Vec<String> = (0..rows).map(row).collect();
    format!(
        "INSERT INTO statistics (org_id, measure, at_s, step_s, label, counted, total) VALUES {} \
         ON CONFLICT (org_id, measure, at_s, step_s, label) DO UPDATE \
         SET counted = statistics.counted + excluded.counted, total = statistics.total + excluded.total",
        rows.join(", ")
    )
}

fn columns(count: &Count, step_s: i64) -> Vec<Value> {
    let number = |of: u64| i64::try_from(of).unwrap_or(i64::MAX);
    let (counted, total) = (number(count.counted), number(count.total));
    values![count.org_id, count.measure.number(), count.at_s, step_s, &count.label, counted, total]
}

#[async_trait]
impl<D: Database> StatisticsStore for D {
    async fn add_counts(&self, writer: &str, sequence: u64, counts: &[Count], at: Timestamp) -> Result<(), StoreError> {
        const NEXT: &str = "INSERT INTO statistics_writers (writer, sequence, written_at_ns) VALUES ($1, $2, $3) \
                            ON CONFLICT (writer) DO UPDATE \
                            SET sequence = excluded.sequence, written_at_ns = excluded.written_at_ns \
                            WHERE statistics_writers.sequence < excluded.sequence";
        if counts.len() > COUNTS_PER_WRITE_MAX {
            return Err(StoreError::Refused(format!("at most {COUNTS_PER_WRITE_MAX} counts are written at once")));
        }
        let sequence =
            i64::try_from(sequence).map_err(|_| StoreError::Refused("a sequence is below 2^63".to_owned()))?;
        let mut transaction = self.begin().await?;
        if transaction.execute(NEXT, values![writer, sequence, at]).await? == 0 {
            return transaction.roll_back().await;
        }
        for (sql, values) in additions(&in_order(counts.iter().cloned())) {
            transaction.execute(&sql, values).await?;
        }
        transaction.commit().await
    }

    async fn series(&self, org_id: OrgId, measure: Measure, span: Span) -> Result<Vec<Point>, StoreError> {
        const SQL: &str = "SELECT at_s - at_s % $5 AS step, label, \
                           CAST(SUM(counted) AS bigint), CAST(SUM(total) AS bigint) FROM statistics \
                           WHERE org_id = $1 AND measure = $2 AND at_s >= $3 AND at_s < $4 \
                           GROUP BY 1, 2 ORDER BY 1, 2";
        let rows = self.ask(SQL, within(org_id, measure, span, span.step_s)).await?;
        rows.iter().map(point).collect()
    }

    async fn series_of_all(&self, org_id: OrgId, measure: Measure, span: Span) -> Result<Vec<Point>, StoreError> {
        const SQL: &str = "SELECT at_s - at_s % $5 AS step, '' AS label, \
                           CAST(SUM(counted) AS bigint), CAST(SUM(total) AS bigint) FROM statistics \
                           WHERE org_id = $1 AND measure = $2 AND at_s >= $3 AND at_s < $4 \
                           GROUP BY 1 ORDER BY 1";
        let rows = self.ask(SQL, within(org_id, measure, span, span.step_s)).await?;
        rows.iter().map(point).collect()
    }

    async fn series_of(
        &self,
        org_id: OrgId,
        measure: Measure,
        span: Span,
        label: &str,
    ) -> Result<Vec<Point>, StoreError> {
        const SQL: &str = "SELECT at_s - at_s % $5 AS step, label, \
                           CAST(SUM(counted) AS bigint), CAST(SUM(total) AS bigint) FROM statistics \
                           WHERE org_id = $1 AND measure = $2 AND at_s >= $3 AND at_s < $4 AND label = $6 \
                           GROUP BY 1, 2 ORDER BY 1";
        let values = [within(org_id, measure, span, span.step_s), values![label]].concat();
        self.ask(SQL, values).await?.iter().map(point).collect()
    }

    async fn largest(&self, org_id: OrgId, measure: Measure, span: Span, limit: u32) -> Result<Vec<Share>, StoreError> {
        const SQL: &str = "SELECT label, CAST(SUM(counted) AS bigint), CAST(SUM(total) AS bigint) FROM statistics \
                           WHERE org_id = $1 AND measure = $2 AND at_s >= $3 AND at_s < $4 \
                           GROUP BY label ORDER BY 2 DESC, label LIMIT $5";
        let rows = self.ask(SQL, within(org_id, measure, span, i64::from(limit))).await?;
        let share = |row: &Row| Ok(Share { label: row.text(0)?, counted: count_of(row, 1)?, total: count_of(row, 2)? });
        rows.iter().map(share).collect()
    }

    async fn share_of(&self, org_id: OrgId, measure: Measure, span: Span, label: &str) -> Result<Share, StoreError> {
        const SQL: &str = "SELECT CAST(COALESCE(SUM(counted), 0) AS bigint), CAST(COALESCE(SUM(total), 0) AS bigint) \
                           FROM statistics WHERE org_id = $1 AND measure = $2 AND at_s >= $3 AND at_s < $4 AND label = $5";
        let rows = self.ask(SQL, values![org_id, measure.number(), span.from_s, span.to_s, label]).await?;
        let row = rows.first().ok_or_else(unreadable)?;
        Ok(Share { label: label.to_owned(), counted: count_of(row, 0)?, total: count_of(row, 1)? })
    }

    async fn topic_statistics(
        &self,
        org_id: OrgId,
        topic: &TopicName,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<TopicStatistics, StoreError> {
        const SUMS: &str = "CAST(SUM(CASE WHEN at_s >= $3 THEN counted ELSE 0 END) AS bigint), \
                            CAST(SUM(CASE WHEN at_s >= $3 THEN total ELSE 0 END) AS bigint), \
                            CAST(SUM(counted) AS bigint), CAST(SUM(total) AS bigint), \
                            CAST(SUM(CASE WHEN at_s >= $4 THEN counted ELSE 0 END) AS bigint), \
                            CAST(SUM(CASE WHEN at_s >= $5 THEN counted ELSE 0 END) AS bigint)";
        // An hour that was rolled up begins before the minute in which the topic was made, and is the topic's all the same.
        const SINCE: &str = "at_s >= $2 AND (step_s = 3600 OR at_s >= $6)";
        // The measures stand in the text, as they do in the index.
        let of_topic = format!(
            "SELECT measure, {SUMS} FROM statistics \
             WHERE org_id = $1 AND {SINCE} AND measure IN ({}, {}) AND label = $7 GROUP BY measure",
            Measure::Messages.number(),
            Measure::RefusedMessages.number()
        );
        let of_events = format!(
            "SELECT measure, {SUMS} FROM statistics WHERE org_id = $1 AND {SINCE} AND measure = {} GROUP BY measure",
            Measure::Events.number()
        );
        let minute = step_of(now, MINUTE_S);
        let oldest = (step_of(now, HOUR_S) - TOPIC_DAYS_S).max(step_of(since, HOUR_S));
        let (day, since) = (step_of(now, DAY_S), step_of(since, MINUTE_S));
        let bounds = values![org_id, oldest, day, minute - RATE_S, minute - ERRORS_S, since];

        let mut rows = self.ask(&of_topic, [bounds.clone(), values![topic.as_str()]].concat()).await?;
        if topic.is_events() {
            rows.extend(self.ask(&of_events, bounds).await?);
        }
        let mut found = TopicStatistics::default();
        let (mut sent, mut refused) = (0, 0);
        for row in &rows {
            let of_hour = count_of(row, 6)?;
            if row.number(0)? == Measure::RefusedMessages.number() {
                refused = of_hour;
                continue;
            }
            sent += of_hour;
            found.messages_today += count_of(row, 1)?;
            found.bytes_today += count_of(row, 2)?;
            found.messages_30_days += count_of(row, 3)?;
            found.bytes_30_days += count_of(row, 4)?;
            // Five whole minutes, and what of the present one has passed.
            let seconds = (now.unix_ns() / 1_000_000_000 - minute + RATE_S) as f64;
            found.publish_rate += count_of(row, 5)? as f64 / seconds;
        }
        if sent + refused > 0 {
            found.error_rate = refused as f64 / (sent + refused) as f64;
        }
        Ok(found)
    }

    async fn tidy_statistics(&self, now: Timestamp) -> Result<bool, StoreError> {
        const OLDEST: &str =
            "SELECT org_id, at_s FROM statistics WHERE step_s = 60 AND at_s < $1 ORDER BY at_s LIMIT 1";
        let before = step_of(now, HOUR_S) - MINUTES_KEPT_S;
        let found = self.ask(OLDEST, values![before]).await?;
        match found.first() {
            Some(oldest) => {
                let (org_id, at_s) = (oldest.uuid(0)?, oldest.number(1)?);
                roll_up(self, org_id, at_s.div_euclid(HOUR_S) * HOUR_S).await?;
                Ok(true)
            }
            None => {
                forget(self, now).await?;
                Ok(false)
            }
        }
    }
}

fn within(org_id: OrgId, measure: Measure, span: Span, last: i64) -> Vec<Value> {
    values![org_id, measure.number(), span.from_s, span.to_s, last]
}

/// The minutes of this hour go, and come back as the hour, in one transaction: what somebody adds to one of them
/// meanwhile makes it anew, to be rolled up next time.
async fn roll_up(database: &impl Database, org_id: OrgId, hour_s: i64) -> Result<(), StoreError> {
    let measures: Vec<String> = Measure::ALL.iter().map(|measure| measure.number().to_string()).collect();
    let take = format!(
        "DELETE FROM statistics WHERE org_id = $1 AND measure IN ({}) AND at_s >= $2 AND at_s < $3 AND step_s = 60 \
         RETURNING measure, at_s, label, counted, total",
        measures.join(", ")
    );
    let mut transaction = database.begin().await?;
    let rows = transaction.query(&take, values![org_id, hour_s, hour_s + HOUR_S]).await?;
    let minute = |row: &Row| {
        let measure = Measure::of_number(row.number(0)?).ok_or_else(unreadable)?;
        let (at_s, label) = (row.number(1)?, row.text(2)?);
        Ok(Count { org_id, measure, at_s, label, counted: count_of(row, 3)?, total: count_of(row, 4)? })
    };
    let minutes = rows.iter().map(minute).collect::<Result<Vec<_>, StoreError>>()?;
    for (sql, values) in steps_of(&fold_hour(minutes, hour_s), HOUR_S) {
        transaction.execute(&sql, values).await?;
    }
    transaction.commit().await
}

async fn forget(database: &impl Database, now: Timestamp) -> Result<(), StoreError> {
    let hours = format!(
        "DELETE FROM statistics WHERE step_s = 3600 AND at_s < $1 AND measure NOT IN ({}, {}, {})",
        Measure::Events.number(),
        Measure::Messages.number(),
        Measure::RefusedMessages.number()
    );
    const ALL_HOURS: &str = "DELETE FROM statistics WHERE step_s = 3600 AND at_s < $1";
    const WRITERS: &str = "DELETE FROM statistics_writers WHERE written_at_ns < $1";
    let hour = step_of(now, HOUR_S);
    let mut transaction = database.begin().await?;
    transaction.execute(&hours, values![hour - HOURS_KEPT_S]).await?;
    transaction.execute(ALL_HOURS, values![hour - TOPIC_HOURS_KEPT_S]).await?;
    transaction.execute(WRITERS, values![now.plus_ms(-WRITERS_KEPT_S * 1_000)]).await?;
    transaction.commit().await
}

fn point(row: &Row) -> Result<Point, StoreError> {
    Ok(Point { at_s: row.number(0)?, label: row.text(1)?, counted: count_of(row, 2)?, total: count_of(row, 3)? })
}

fn count_of(row: &Row, column: usize) -> Result<u64, StoreError> {
    u64::try_from(row.number(column)?).map_err(|_| unreadable())
}
