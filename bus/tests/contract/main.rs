//! The contract of the event log: every check runs on Kafka, on the local log, and on Kafka with a spool behind it.
#![allow(clippy::unwrap_used)]

mod append;
mod group;
mod read;
mod rig;
mod topics;

macro_rules! on_all {
    ($($module:ident :: $check:ident),* $(,)?) => {
        mod local {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $check() {
                crate::$module::$check(crate::rig::Rig::local()).await;
            })*
        }
        mod kafka {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $check() {
                crate::$module::$check(crate::rig::Rig::kafka()).await;
            })*
        }
        mod spooled {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $check() {
                crate::$module::$check(crate::rig::Rig::spooled().await).await;
            })*
        }
    };
}

on_all! {
    append::records_of_one_key_stay_together_and_in_order,
    append::a_key_leads_to_the_same_partition_in_both_logs,
    append::every_record_has_its_outcome_in_the_batchs_order,
    append::many_writers_get_every_offset_once,
    append::an_empty_batch_is_an_empty_answer,
    append::a_large_record_is_taken_and_one_over_the_bound_is_refused_alone,
    append::a_topic_that_is_not_there_is_named,
    append::a_topic_is_made_once_and_stays_as_it_is,
    append::a_name_that_is_none_is_refused,
    append::a_closed_log_takes_nothing_more,
    append::a_log_that_answers_says_so,
    read::what_was_appended_is_read_back_whole,
    read::a_reader_starts_at_any_offset_and_reads_no_other_partition,
    read::limits_hold_and_one_record_always_comes,
    read::a_waiting_reader_is_woken_by_an_append,
    read::a_read_that_was_dropped_loses_nothing,
    read::bounds_tell_what_can_be_read,
    group::members_share_the_partitions_and_every_record_comes_once,
    group::a_member_that_leaves_gives_its_partitions_back,
    group::a_member_that_is_dropped_gives_its_partitions_back,
    group::what_was_not_committed_comes_again,
    group::a_rewind_reads_again_from_what_is_committed,
    group::a_partition_that_is_held_by_another_can_not_be_committed,
    group::lag_is_what_is_not_committed,
    read::what_a_reader_has_passed_is_never_more_than_it_read,
    group::a_member_says_when_partitions_were_taken_from_it,
    group::groups_do_not_disturb_one_another,
    group::groups_are_told_with_their_members_and_what_each_holds,
    group::two_members_of_one_name_are_two,
    group::a_group_is_reset_only_while_nobody_is_in_it,
    topics::a_topic_is_made_once_and_told_of_as_it_was_made,
    topics::what_is_changed_is_told_and_the_rest_stays,
    topics::bytes_are_told_without_scanning_or_not_at_all,
    topics::a_topic_that_is_not_there_is_named_whatever_is_asked,
    topics::a_deleted_topic_is_gone_and_one_of_its_name_begins_empty,
    topics::whoever_reads_a_topic_is_told_that_it_was_deleted,
    topics::partitions_that_are_added_are_written_to_and_come_to_the_members,
    topics::a_time_leads_to_the_first_record_from_then_on,
    topics::a_place_leads_to_the_time_of_its_record,
    topics::records_without_a_key_go_to_all_partitions_and_are_read_back_without_one,
    topics::a_compacted_topic_keeps_the_newest_of_each_key_and_takes_no_record_without_one,
}
