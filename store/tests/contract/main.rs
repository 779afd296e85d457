//! One contract, two backends: every promise of the store is checked on SQLite and on PostgreSQL alike.

#![allow(clippy::unwrap_used)]

mod identity;
mod maintenance;
mod place;
mod query;
mod rows;
mod server;
mod vault;
mod write;

/// Each check runs once on either backend, in a database of its own.
macro_rules! on_both {
    ($($area:ident { $($check:ident),+ $(,)? })+) => {
        mod sqlite {
            $($(
                #[tokio::test(flavor = "multi_thread")]
                async fn $check() {
                    crate::$area::$check(&crate::place::Place::sqlite()).await;
                }
            )+)+
        }
        mod postgres {
            $($(
                #[tokio::test(flavor = "multi_thread")]
                async fn $check() {
                    crate::$area::$check(&crate::place::Place::postgres().await).await;
                }
            )+)+
        }
    };
}

on_both! {
    write {
        a_row_is_stored_once_however_often_it_is_sent,
        the_same_id_with_another_signature_never_overwrites,
        doubles_within_a_batch_get_their_own_outcomes,
        doubles_within_a_batch_are_judged_by_what_was_there,
        organisations_do_not_share_ids,
        an_empty_batch_is_fine,
        a_thousand_rows_over_many_months_are_stored,
        ids_outside_of_all_months_are_stored,
        concurrent_writers_store_each_row_exactly_once,
        a_row_that_can_never_be_stored_fails_the_whole_batch,
        records_come_back_to_the_byte,
        ids_of_sessions_may_be_long_and_hold_nul,
        a_caller_that_goes_away_leaves_the_store_usable,
    }
    query {
        each_filter_finds_what_it_names,
        filters_combine,
        bounds_in_time_are_exact_to_the_nanosecond,
        an_id_a_day_from_its_timestamp_is_found_by_time,
        pages_are_complete_while_rows_arrive,
        a_page_of_large_records_is_short_and_leads_on,
        a_limit_of_nothing_answers_nothing,
        text_is_found_as_people_write_it,
        text_is_not_found_in_what_the_gateway_added,
        organisations_see_only_their_own,
        count_counts_one_organisation,
    }
    maintenance {
        old_records_leave_and_new_ones_stay,
        a_record_at_the_edge_stays,
        a_store_whose_partition_was_dropped_by_another_goes_on,
        preparing_again_and_at_once_is_fine,
        check_answers,
    }
    identity {
        an_organisation_is_made_once,
        an_organisation_is_made_once_by_many_at_once,
        names_are_checked,
        an_api_key_comes_back_as_it_was,
        taken_prefixes_and_names_are_told,
        api_keys_are_listed_newest_first,
        a_revoked_api_key_stays_revoked,
        a_key_of_no_organisation_is_refused,
        a_signing_key_comes_back_with_its_secret,
        the_first_signing_key_is_the_default_until_another_takes_over,
        the_default_moves_on_from_a_revoked_key,
        the_name_of_a_signing_key_is_taken_for_ever,
        a_revoked_signing_key_stays_revoked,
        organisations_see_only_their_own_keys,
        the_version_grows_with_every_change_and_only_then,
        two_instances_see_each_others_changes,
        strange_names_are_not_found,
    }
    vault {
        another_master_key_is_noticed,
        secrets_are_nowhere_in_the_clear,
        many_may_start_at_once_on_a_new_database,
    }
}
