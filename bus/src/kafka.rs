//! The event log on Apache Kafka or Redpanda.
