//! One contract, two backends: every promise of the store is checked on SQLite and on PostgreSQL alike.

#![allow(clippy::unwrap_used)]

mod accounts;
mod ai_systems;
mod api_keys;
mod audit;
mod copied;
mod identity;
mod invitations;
mod legal_holds;
mod maintenance;
mod members;
mod organisations;
mod people;
mod place;
mod publications;
mod query;
mod redaction;
mod refusals;
mod retention;
mod rows;
mod saved_views;
mod server;
mod sessions;
mod signing_keys;
mod statistics;
mod statistics_sums;
mod sweep;
mod topics;
mod upgrade;
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
        an_export_walks_oldest_first_and_is_complete_while_rows_arrive,
        a_page_of_large_records_is_short_and_leads_on,
        an_exports_page_of_large_records_is_short_and_leads_on,
        a_limit_of_nothing_answers_nothing,
        text_is_found_as_people_write_it,
        text_is_not_found_in_what_the_gateway_added,
        organisations_see_only_their_own,
        count_counts_one_organisation,
    }
    maintenance {
        preparing_again_and_at_once_is_fine,
        check_answers,
    }
    retention {
        events_past_the_installations_retention_leave_and_others_stay,
        an_event_at_the_edge_stays,
        a_store_whose_partition_was_dropped_by_another_goes_on,
        an_organisations_own_retention_is_its_own,
        what_an_organisation_says_of_retention_comes_back_and_is_told_once,
        a_hold_of_an_ai_system_keeps_its_events_of_a_month_that_goes,
        a_month_of_which_most_is_held_leaves_row_by_row,
        a_hold_of_an_organisation_keeps_everything_until_it_is_released,
        what_was_dropped_is_in_the_trail_exactly,
        a_sweep_that_is_stopped_is_gone_on_with,
        nothing_goes_once_a_hold_is_answered,
        events_are_written_and_read_while_others_are_dropped,
        a_clock_that_jumped_drops_nothing_for_a_day,
        a_clock_that_is_not_the_databases_drops_nothing,
    }
    legal_holds {
        a_hold_comes_back_as_it_was_and_ends_once,
        holds_are_listed_newest_first_in_pages,
        strange_holds_are_refused,
        organisations_see_only_their_own_holds,
        an_organisation_has_a_bounded_number_of_active_holds,
    }
    statistics {
        what_is_stored_is_counted_once_however_often_it_is_sent,
        a_batch_that_fails_counts_nothing,
        many_writers_of_the_same_rows_count_each_once,
        more_ai_systems_than_have_a_place_are_counted_together,
        errors_are_counted_by_their_code,
        more_error_codes_than_have_a_place_are_counted_together,
        a_write_of_counts_that_is_sent_again_adds_nothing,
        a_span_ends_before_its_end_and_the_largest_come_first,
        minutes_become_hours_and_lose_nothing,
        what_is_too_old_is_forgotten,
        a_topic_tells_of_its_day_and_its_month,
    }
    statistics_sums {
        every_window_sums_up_to_what_was_sent,
        what_has_no_place_of_its_own_is_told_however_little_it_is,
        a_topic_keeps_its_first_hour,
    }
    identity {
        an_organisation_is_made_once,
        an_organisation_is_made_once_by_many_at_once,
        the_organisation_that_was_made_first_stays_the_first,
        names_are_checked,
        a_key_of_no_organisation_is_refused,
        organisations_see_only_their_own_keys,
        the_version_and_the_trail_grow_with_every_change_and_only_then,
        two_instances_see_each_others_changes,
        a_change_is_told_of_the_organisation_that_it_touches,
        strange_names_are_not_found,
    }
    api_keys {
        an_api_key_comes_back_as_it_was,
        a_key_is_found_with_the_limits_of_its_organisations_plan,
        taken_prefixes_and_names_are_told,
        api_keys_are_listed_newest_first_in_pages,
        a_change_of_a_key_changes_what_it_names_and_nothing_else,
        an_api_key_has_a_bounded_number_of_ranges,
        a_plan_that_is_lowered_binds_the_keys_that_nobody_granted_more,
        a_rotated_key_is_found_by_both_prefixes_until_the_next_rotation,
        a_revoked_api_key_stays_revoked,
        the_last_use_of_a_key_only_moves_on,
        an_organisation_has_a_bounded_number_of_api_keys,
    }
    signing_keys {
        a_signing_key_comes_back_with_its_secret,
        the_last_use_of_a_signing_key_is_of_its_version_and_only_moves_on,
        the_first_signing_key_is_the_default_until_another_takes_over,
        the_default_is_what_it_was_set_to,
        the_default_moves_on_from_a_revoked_key,
        the_name_of_a_signing_key_is_taken_for_ever,
        a_rotated_signing_key_keeps_its_versions,
        a_signing_key_rotated_by_many_at_once_has_each_version_once,
        a_revoked_signing_key_stays_revoked,
        at_most_eight_versions_of_a_signing_key_verify_at_once,
        an_organisation_has_a_bounded_number_of_signing_keys,
    }
    ai_systems {
        an_ai_system_comes_back_as_it_was,
        the_id_and_the_name_of_an_ai_system_are_its_own,
        ai_systems_are_listed_by_id_in_pages,
        an_ai_system_changes_as_told_and_leaves_once,
        an_organisation_takes_any_ai_system_or_registered_ones_only,
    }
    redaction {
        settings_come_back_as_they_were_with_a_key_of_their_own,
        a_change_of_settings_is_told_once_and_touches_its_organisation,
        an_erased_key_is_gone_and_another_in_its_place,
        settings_set_by_many_at_once_have_one_key,
        a_key_that_was_moved_to_another_organisation_does_not_open,
        settings_of_a_later_version_are_replaced_and_keep_no_key_from_being_erased,
        pseudonym_keys_are_sealed_under_a_new_master_key,
    }
    vault {
        another_master_key_is_noticed,
        secrets_are_nowhere_in_the_clear,
        many_may_start_at_once_on_a_new_database,
        everything_is_sealed_under_a_new_master_key_while_others_go_on,
        a_rotation_that_was_broken_off_is_gone_on_with,
    }
    upgrade {
        the_keys_of_a_database_of_the_first_version_go_on_working,
        a_database_without_redaction_settings_gets_them,
    }
    audit {
        an_entry_comes_back_as_it_was,
        each_audit_filter_finds_what_it_names,
        audit_pages_are_complete_while_entries_arrive,
        organisations_see_only_their_own_trail,
        the_databases_refuse_to_change_or_delete_an_entry,
        an_entry_is_kept_with_its_change_and_not_without_it,
    }
    accounts {
        a_person_comes_back_as_they_were,
        an_address_is_taken_once,
        strange_people_are_refused_and_not_found,
        a_person_is_renamed_and_told_only_when_it_changed,
        a_verified_address_keeps_its_first_time,
        a_new_password_ends_other_sessions_and_reset_links,
        a_password_is_hashed_anew_only_while_it_is_the_same,
        a_provider_knows_a_person_by_one_subject,
        a_one_time_token_is_used_once_by_many_at_once,
        asking_whose_a_one_time_token_is_does_not_use_it_up,
        a_one_time_token_expires_and_gives_way_to_a_newer_one,
        delays_between_attempts_double_up_to_the_longest,
        attempts_are_forgotten_after_a_success_and_after_a_while,
        a_success_takes_back_one_attempt_and_not_those_before_it,
        many_attempts_at_once_are_many,
    }
    sessions {
        a_session_comes_back_as_it_was,
        a_refresh_token_gives_way_to_the_next,
        two_tabs_may_use_one_token_within_the_grace,
        a_token_that_comes_back_ends_its_session,
        an_ended_session_is_not_refreshed,
        many_uses_of_one_token_at_once_give_a_few_tokens_that_are_all_good,
        the_uses_of_a_session_within_the_grace_do_not_multiply_its_tokens,
        a_session_is_found_by_each_of_its_tokens_until_it_ends,
        a_person_has_a_hundred_sessions_and_the_one_seen_longest_ago_makes_room,
        of_a_late_reuse_and_a_refresh_at_once_the_session_ends,
        a_sessions_state_tells_the_role_where_it_was_asked_for,
        a_session_uses_only_an_organisation_of_its_person,
        sessions_end_one_by_one_and_all_at_once,
    }
    saved_views {
        a_view_comes_back_as_it_was_and_its_owner_changes_it,
        what_is_shared_is_seen_by_all_and_changed_by_few,
        organisations_see_only_their_own_views,
        the_name_of_a_view_is_its_owners_on_its_page,
        views_are_listed_oldest_first_in_pages,
        strange_views_are_refused,
        a_person_and_an_organisation_have_a_bounded_number_of_views,
        views_leave_with_their_member,
        the_trail_tells_of_what_is_shared_alone,
    }
    organisations {
        an_organisation_comes_back_with_its_owner,
        an_organisation_that_can_not_be_is_refused_whole,
        a_name_is_given_once_to_many_at_once,
        organisations_are_listed_by_age,
        a_change_of_an_organisation_grows_the_version_once,
        an_organisation_is_on_a_plan_that_there_is,
        a_person_sees_their_organisations_and_no_others,
        a_caller_that_goes_away_leaves_all_of_a_change_or_nothing,
    }
    members {
        members_are_listed_in_pages,
        organisations_see_only_their_own_members,
        a_person_is_added_once_and_only_when_known,
        a_role_changes_and_is_told_once,
        the_last_owner_stays,
        owners_that_all_go_at_the_same_moment_leave_one_behind,
        ownership_is_transferred_in_one_step,
        sessions_leave_an_organisation_with_their_person,
        a_member_who_became_something_else_meanwhile_is_left_alone,
    }
    invitations {
        an_invitation_comes_back_while_it_is_open,
        a_member_and_a_strange_address_are_not_invited,
        an_accepted_invitation_makes_a_member_once,
        an_invitation_is_used_once_by_many_at_once,
        an_invitation_that_ended_is_worth_nothing,
        of_invitations_at_once_to_one_address_one_stays_open,
        a_member_who_accepts_keeps_the_higher_role,
        an_invitation_that_nobody_known_accepts_stays_open,
        an_organisation_has_a_bounded_number_of_open_invitations,
        invitations_end_when_their_inviter_goes_or_may_less,
        an_invitation_is_replaced_by_those_alone_who_may_take_it_back,
    }
    topics {
        a_topic_comes_back_as_it_was,
        a_name_is_given_once_also_when_folded,
        topics_are_listed_by_name_in_pages,
        a_topic_changes_as_told_and_its_organisation_is_told_of_it,
        a_deleted_topic_is_found_no_more_and_holds_its_name_until_it_is_forgotten,
        one_alone_works_on_a_topic_in_the_log,
        what_the_log_was_told_of_a_topic_is_known,
        unfinished_topics_are_listed_in_pages,
        an_organisation_has_a_bounded_number_of_topics_and_partitions,
    }
    publications {
        a_request_is_done_once_and_remembered,
        another_body_under_the_same_key_is_told,
        what_was_broken_off_is_taken_over_and_what_is_old_is_forgotten,
        who_was_overtaken_ends_nothing_and_holds_nothing,
        of_many_at_once_one_works,
    }
    sweep {
        what_has_ended_is_swept_and_nothing_else,
        more_than_leave_at_once_leave_all_the_same,
    }
}
