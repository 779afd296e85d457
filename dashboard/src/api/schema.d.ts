// Made by `npm run api` from contract/openapi.json.

export interface paths {
    "/aibbar/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Newest first, `{items, next_cursor}`.
         * @description A page may hold fewer records than `limit`; only `next_cursor: null` means the end.
         */
        get: operations["get_aibbar_events"];
        put?: never;
        /**
         * One event, a JSON array of them, or NDJSON.
         * @description What is answered 202 is on disk. The same event may be sent again as often as needed: it is kept once. The body may
         *     be compressed (`Content-Encoding: gzip`, `zstd`, `br`, `deflate`). Within a batch each event stands for itself: 207
         *     when some were taken and others refused, and the refusals' own status when all were refused for the same class of
         *     reason, with every event's result beside the problem.
         */
        post: operations["post_aibbar_events"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/aibbar/events/{event_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One record, `{event, record}`. */
        get: operations["get_aibbar_events_by_event_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/aibbar/events/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every record that matches, oldest first, as one file.
         * @description Of any size: it is streamed. It is whole when the answer has an end; an export that breaks off (the store or the
         *     gateway goes away, or the caller may not read any more) ends its connection without one, which every HTTP client
         *     reports as a failure. NDJSON has the records as `GET /aibbar/events` answers them, one on each line; CSV (RFC 4180,
         *     with a head line) and Parquet have the columns of `docs/export.md`. In CSV a `'` stands before what a spreadsheet
         *     would take for a formula.
         */
        get: operations["get_aibbar_events_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document, to read and to try, by Swagger UI. */
        get: operations["get_docs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/docs/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A part of the page. */
        get: operations["get_docs_by_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document. */
        get: operations["get_openapi_json"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schemas/aibbar-event.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The JSON Schema of an event. */
        get: operations["get_schemas_aibbar_event_json"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai-systems": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The organisation's AI systems. */
        get: operations["get_ai_systems"];
        put?: never;
        /** Registers an AI system. */
        post: operations["post_ai_systems"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai-systems/{ai_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One AI system. */
        get: operations["get_ai_systems_by_ai_id"];
        put?: never;
        post?: never;
        /** Takes an AI system out of the register. What it recorded stays. */
        delete: operations["delete_ai_systems_by_ai_id"];
        options?: never;
        head?: never;
        /** Changes what is known of an AI system; what is absent stays as it is. */
        patch: operations["patch_ai_systems_by_ai_id"];
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The organisation's audit trail, newest first. */
        get: operations["get_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The organisation's dead letters, newest first.
         * @description A letter is a record that can never be stored as it is: another event has its id (`event_id_conflict`), the store
         *     refuses it (`refused_by_store`), or it is no record (`not_a_record`). The newest 10,000 are listed.
         */
        get: operations["get_dead_letters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One dead letter, with the record that it carries. */
        get: operations["get_dead_letters_by_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters/{id}/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Appends a dead letter's record to the log again, to be stored now that its cause is mended.
         * @description A record that is stored already does no harm; one that fails again makes a new letter, which names this one.
         */
        post: operations["post_dead_letters_by_id_redrive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Appends the records of several dead letters to the log again: of these letters, or of the open ones that match.
         * @description Oldest letter first, so that each AI system's events stay in order. A filter leaves out what can't be redriven, and
         *     what redriving can't help: another event with its id is stored.
         */
        post: operations["post_dead_letters_redrive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The organisation's open invitations, newest first. */
        get: operations["get_invitations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Withdraws an open invitation: its link is worth nothing any more. */
        delete: operations["delete_invitations_by_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The organisation's API keys, newest first, revoked and expired ones too. */
        get: operations["get_keys"];
        put?: never;
        /** Makes an API key. This answer is the only one that shows it. */
        post: operations["post_keys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One API key. */
        get: operations["get_keys_by_id"];
        put?: never;
        post?: never;
        /** Revokes an API key: every gateway refuses it within a second. A revoked one stays revoked, and is answered the same. */
        delete: operations["delete_keys_by_id"];
        options?: never;
        head?: never;
        /** Changes an API key; what is absent stays as it is. A revoked key is changed no more. */
        patch: operations["patch_keys_by_id"];
        trace?: never;
    };
    "/api/v1/keys/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives an API key a new secret. The old one ends at once, or after an overlap, or with the next rotation. */
        post: operations["post_keys_by_id_rotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys/{id}/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What an API key has used of its limits: of all gateways where they share a Redis, else of the one that answers. Asking
         *     for it is a request of whoever asks.
         */
        get: operations["get_keys_by_id_usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/legal-holds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The organisation's legal holds, newest first; those that were released stay. */
        get: operations["get_legal_holds"];
        put?: never;
        /** Places a hold: once this is answered, nothing that it covers is dropped, until it is released. */
        post: operations["post_legal_holds"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/legal-holds/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One legal hold. */
        get: operations["get_legal_holds_by_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/legal-holds/{id}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Releases a hold: what it alone kept is dropped when its time is over. One that was released before stays as it was. */
        post: operations["post_legal_holds_by_id_release"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/errors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was refused, by code, in all and step by step.
         * @description A request whose caller could not be told is nobody's, and counted nowhere. Of all gateways together, a few seconds late;
         *     of a gateway that was killed the last few seconds are missing.
         */
        get: operations["get_metrics_errors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/lag": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How long it took until events were stored, and how far the store is behind now.
         * @description The lag of an organisation's own groups is told by `GET /api/v1/topics/{name}/consumers`.
         */
        get: operations["get_metrics_lag"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/latency": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How long it took until events and messages were acknowledged, in all and step by step.
         * @description Counted per request of which something was acknowledged: from its caller being known to the log's last acknowledgement. Of
         *     all gateways together, a few seconds late.
         */
        get: operations["get_metrics_latency"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/redactions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was hidden in events and messages, by kind, in all and step by step.
         * @description In events it is counted as they are stored, each once; in messages as they are acknowledged.
         */
        get: operations["get_metrics_redactions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/throughput": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Events and messages, in all and step by step.
         * @description Events are counted as they are stored, each once, in the step in which they were received; messages as they are
         *     acknowledged. Of all gateways and consumers together.
         */
        get: operations["get_metrics_throughput"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/top-ai-systems": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The AI systems of which most came. */
        get: operations["get_metrics_top_ai_systems"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/top-error-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The errors (events of the type `ai.error`) of which most were recorded, by their code. */
        get: operations["get_metrics_top_error_types"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/top-topics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The topics to which most came. */
        get: operations["get_metrics_top_topics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/topics/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Messages of one topic that were taken and refused, in all and step by step.
         * @description Counted as they are acknowledged, of all gateways together; of `aibbar.events` as they are stored, in the step in which
         *     they were received. Nothing of a topic that had the name before.
         */
        get: operations["get_metrics_topics_by_name"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organisation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The organisation in use. */
        get: operations["get_organisation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Changes the organisation in use; what is absent stays as it is. */
        patch: operations["patch_organisation"];
        trace?: never;
    };
    "/api/v1/organisation/leave": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Leaves the organisation in use. Its last owner stays. */
        post: operations["post_organisation_leave"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organisation/transfer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes another member the owner; the owner who does it, signed in as a person, becomes an admin. */
        post: operations["post_organisation_transfer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organisations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The organisations that the person who is signed in belongs to. */
        get: operations["get_organisations"];
        put?: never;
        /** Makes an organisation; the person who is signed in is its owner. */
        post: operations["post_organisations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/redaction": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the organisation hides, and how. */
        get: operations["get_redaction"];
        /**
         * Replaces what the organisation says of redaction: what is absent is as it is by default.
         * @description It holds for events that come from then on, on every gateway within a second; what was recorded stays as it is.
         */
        put: operations["put_redaction"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/redaction/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Shows what would be hidden of an event, a value or a text, and why. Nothing of it is kept.
         * @description At most 64 KiB; `gapin redact` takes more, and needs no server.
         */
        post: operations["post_redaction_preview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/redaction/pseudonym-key/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Erases the key of the organisation's pseudonyms, for ever, and begins another.
         * @description Pseudonyms in what was recorded stay as they stand there and lead nowhere: nobody can find out whose they are, nor make
         *     them again. The same person's data has another pseudonym from now on.
         */
        post: operations["post_redaction_pseudonym_key_erase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/retention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How long the organisation's events are kept. */
        get: operations["get_retention"];
        /**
         * Says how long the organisation's events are kept.
         * @description Events that are past it leave when house is next kept, an hour later at most, and are refused from now on. Statistics stay.
         */
        put: operations["put_retention"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/signing-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The organisation's signing keys by name, each with its versions, revoked ones too. */
        get: operations["get_signing_keys"];
        put?: never;
        /** Makes a signing key. This answer is the only one that shows its secret. */
        post: operations["post_signing_keys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/signing-keys/{key_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One signing key with its versions. */
        get: operations["get_signing_keys_by_key_id"];
        put?: never;
        post?: never;
        /** Revokes every version of a signing key: from then on it verifies nothing. Its name is never given again. */
        delete: operations["delete_signing_keys_by_key_id"];
        options?: never;
        head?: never;
        /** Makes a signing key the default: the one that is meant when an event names none. */
        patch: operations["patch_signing_keys_by_key_id"];
        trace?: never;
    };
    "/api/v1/signing-keys/{key_id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives a signing key a new secret, as its next version. What the older versions signed goes on to verify for a while. */
        post: operations["post_signing_keys_by_key_id_rotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stream-tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A ticket for one connection to `/ws/events` or `/sse/events`.
         * @description Good once, within 30 seconds, as `?token=`. The stream is its maker's: it ends when their key is revoked or their
         *     session ends.
         */
        post: operations["post_stream_tickets"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/topics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The organisation's topics, and `aibbar.events`, by name. */
        get: operations["get_topics"];
        put?: never;
        /**
         * Makes a topic.
         * @description Its name is the organisation's own: another organisation may have one of the same name.
         */
        post: operations["post_topics"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/topics/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One topic, with what is in it now. */
        get: operations["get_topics_by_name"];
        put?: never;
        post?: never;
        /** Deletes a topic with all of its messages. Its name is typed again, as `confirm`. */
        delete: operations["delete_topics_by_name"];
        options?: never;
        head?: never;
        /**
         * Changes a topic; what is absent stays as it is.
         * @description Partitions are added, never taken away; messages of a key may go to another partition from then on. Compaction can be
         *     given up and not begun: there may be messages without a key.
         */
        patch: operations["patch_topics_by_name"];
        trace?: never;
    };
    "/api/v1/topics/{name}/consumers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The groups that read a topic: their members, how far they are, and how far behind, by name. */
        get: operations["get_topics_by_name_consumers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/topics/{name}/consumers/{group}/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sets where a group goes on. Nobody may be in it: its readers leave first, or their leases end. A group that never
         *     committed begins there.
         */
        post: operations["post_topics_by_name_consumers_by_group_reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The person's own views, and those that are shared with them. */
        get: operations["get_views"];
        put?: never;
        /** Saves a view, for oneself or for every member of the organisation. */
        post: operations["post_views"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/views/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes a view away. One that is shared is taken away by its owner, and by admins and owners of the organisation. */
        delete: operations["delete_views_by_id"];
        options?: never;
        head?: never;
        /**
         * Changes a view; what is absent stays as it is. One that is shared is changed by its owner, and by admins and owners
         *     of the organisation.
         */
        patch: operations["patch_views_by_id"];
        trace?: never;
    };
    "/auth/invitations/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Accepts an invitation, for the person who is signed in: their address is the one that was invited. */
        post: operations["post_auth_invitations_accept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in
         * @description With e-mail address and password. A browser (a request with `Origin` or `Sec-Fetch-Site`) gets the session as
         *     cookies, a program as JSON. The same answer, in the same time, for a wrong password, an unknown address and one that
         *     is not confirmed, to which the link is sent again.
         */
        post: operations["post_auth_login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign out
         * @description Ends this session on every gateway, within a second. When the access token is not good any more, the refresh token
         *     will do: a browser's cookie with `X-CSRF-Token`, or a program's JSON body as `POST /auth/refresh` takes it.
         */
        post: operations["post_auth_logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/logout-all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign out everywhere
         * @description Ends every session of the person.
         */
        post: operations["post_auth_logout_all"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/oauth/{provider}/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Come back from a provider.
         * @description The provider sends the browser here. A profile that is tied to a person signs them in; else the person with the
         *     address that the provider has verified is tied to it, or a new person is made. Parameters beyond those named are
         *     the provider's affair and not looked at.
         */
        get: operations["get_auth_oauth_by_provider_callback"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/oauth/{provider}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Begin to sign in with a provider.
         * @description A browser goes here, on to the provider, and comes back by the callback. What was begun lies sealed in a cookie, for
         *     ten minutes.
         */
        get: operations["get_auth_oauth_by_provider_start"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/password/forgot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a new password
         * @description A link is sent to the address, if it has an account; the answer is the same if not.
         */
        post: operations["post_auth_password_forgot"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/password/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set a new password
         * @description With the token of the link. Ends every session of the person, and confirms the address: the link came there.
         */
        post: operations["post_auth_password_reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The providers that a person can sign in with here. */
        get: operations["get_auth_providers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Refresh
         * @description Gives the next access and refresh token. A refresh token is good once; one that comes back after some seconds ends
         *     the whole session, since somebody else has it. A browser sends no body but its cookies, and `X-CSRF-Token`.
         */
        post: operations["post_auth_refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Register
         * @description An e-mail with a link is sent to the address, and `POST /auth/verify-email` with the link's token makes the account
         *     good and signs in. Whether the address has an account already is told in that e-mail alone.
         */
        post: operations["post_auth_register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/verify-email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm an e-mail address
         * @description With the token of the link that a registration sent. Signs in.
         */
        post: operations["post_auth_verify_email"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events/commit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Commits what a group's reader is done with: everything up to a cursor that it was given.
         * @description What is not committed comes again when the reader's lease ends, to this reader or to another. A commit renews the lease.
         *     Where the partitions have moved on, nothing is committed: read again.
         */
        post: operations["post_events_commit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events/leave": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a reader out of its group, so that others take over its partitions at once. One that is not in it is out of it. */
        post: operations["post_events_leave"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * One message, a JSON array of them, NDJSON, or CloudEvents.
         * @description What is answered 202 is on disk. Messages are redacted by the organisation's rules, keys and headers included, and checked
         *     before that against the topic's schema, where it has one. Within a batch each message stands for itself: 207 when some
         *     were taken and others refused, and the refusals' own status when all were refused for the same class of reason.
         *
         *     **CloudEvents 1.0** come structured (`application/cloudevents+json`), batched (`application/cloudevents-batch+json`) or
         *     binary (`ce-*` headers), with the topic as `?topic=`; they are kept in the binary mode of CloudEvents' Kafka binding, under
         *     the key that the extension `partitionkey` says.
         *
         *     **`Idempotency-Key`**: the same key with the same body again, within 24 hours, publishes nothing twice and has the same
         *     results; what was refused is tried again.
         */
        post: operations["post_events_publish"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Reads messages of a topic, from a cursor, from one end, or from a time on.
         * @description A page may hold fewer messages than `limit`; `caught_up` says that there were no more. In the topic of all
         *     organisations' events a page may be empty though there are more: go on with its cursor.
         *
         *     With `Accept: application/x-ndjson` each message is a line, and there are lines until `limit`, or until nothing came for
         *     `wait_ms`. The last one is `{"end": "caught_up", "cursor": "…", "expired": false}`; it may also say `limit`,
         *     `topic_deleted`, `shutdown`, `key_invalid`, `log_unavailable` or `overloaded`.
         *
         *     With `group` and `reader` the readers of the group share the partitions, and each reads on behind what the group
         *     committed; see `POST /events/commit`. What was given out and not committed comes again, unless the reader sends the
         *     cursor of the page that it has.
         */
        get: operations["get_events_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Version and age, for people. */
        get: operations["get_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process answers. */
        get: operations["get_health_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Each dependency by name; 503 when a required one is away or the process drains.
         * @description Where events wait in a spool while the log is away, the log is required only once the spool takes no more.
         */
        get: operations["get_health_ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who am I? */
        get: operations["get_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change my name */
        patch: operations["patch_me"];
        trace?: never;
    };
    "/me/organisation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Use another organisation
         * @description From now on this session uses this organisation, where a request does not name one in `X-Org-Id`.
         */
        post: operations["post_me_organisation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change my password
         * @description Every other session of the person ends.
         */
        post: operations["post_me_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where am I signed in? */
        get: operations["get_me_sessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End one of my sessions */
        delete: operations["delete_me_sessions_by_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everything that is measured, in Prometheus' text format. */
        get: operations["get_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sse/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The live stream of topics, as server-sent events.
         * @description The same stream as `GET /ws/events`: an event's `data` is what is a message there, `event` is its `type` and `id` its
         *     cursor, so an `EventSource` goes on where it was. The last is `bye`, which tells why the stream ends.
         */
        get: operations["get_sse_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The members of the organisation. */
        get: operations["get_users"];
        put?: never;
        /**
         * Invites a person into the organisation, by e-mail. An open invitation to the same address ends with it; one to a role that
         *     may more than you may is not yours to end.
         */
        post: operations["post_users"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One member of the organisation. */
        get: operations["get_users_by_id"];
        put?: never;
        post?: never;
        /** Takes a member out of the organisation; their account, and what they are elsewhere, stays. */
        delete: operations["delete_users_by_id"];
        options?: never;
        head?: never;
        /** Gives a member another role. Only who may all that a role may makes or unmakes people of it. */
        patch: operations["patch_users_by_id"];
        trace?: never;
    };
    "/ws/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The live stream of topics, over a WebSocket.
         * @description Each message is a JSON object with `type`; `docs/live.md` and the AsyncAPI document tell of all of them. `event` has
         *     the members of a record, `message` those of another topic's message, and `cursor` resumes the stream behind it. A
         *     client may send `pause`, `resume` and `filter`. A client that can't set headers offers the subprotocols `gapin.v1`
         *     and `gapin.key.` followed by its key, or brings a ticket of `POST /api/v1/stream-tickets`.
         */
        get: operations["get_ws_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description An invitation's token, as its e-mail has it. */
        Acceptance: {
            /** @description `iv_` and 43 characters. */
            token: string;
        };
        /** @description An event that was kept. */
        AcceptedEvent: {
            /**
             * Format: uuid
             * @description The id that it is kept under: its own, or the one derived from it.
             */
            event_id: string;
            /** @description `accepted`. */
            status: string;
        };
        /**
         * Action
         * @description A function that the AI system called, and what came of it. Required of `ai.action`.
         */
        AibbarAction: {
            /** @description The name of what was called. */
            function: string;
            /** @description Any JSON. */
            input: unknown;
            latency_ms: components["schemas"]["AibbarDurationMs"];
            model: string;
            /** @description Any JSON; null when there was none. */
            output: unknown;
            tokens_used?: components["schemas"]["AibbarCount"];
        };
        /**
         * Count
         * @description A whole number that every JSON library reads alike.
         */
        AibbarCount: number;
        /**
         * Decision
         * @description A choice between options. Required of `ai.decision`.
         */
        AibbarDecision: {
            /** @description Any JSON; need not be one of `options`, since a system may decide for none of them. */
            chosen: unknown;
            confidence: number;
            /** @description Why, in words. */
            logic: string;
            /** @description What could have been chosen, each any JSON. */
            options: unknown[];
            /** @description What kind of decision. */
            type: string;
        };
        /** Duration in milliseconds */
        AibbarDurationMs: number;
        /**
         * Error
         * @description What went wrong. Required of `ai.error`.
         */
        AibbarError: {
            code: string;
            message: string;
            recoverable: boolean;
            stack?: string;
        };
        /**
         * AIBBAR event, version 1
         * @description What an AI system signs and sends. Strict: a field that is not named here is refused. What is any JSON is said so. `action`, `decision`, `error`, `query` and `response` may stand in an event of any type, since an error is told better together with the action that failed, and an action together with the decision that led to it; only the one that the type is named after is required of `ai.action`, `ai.decision` and `ai.error`. Beyond this schema, a reader refuses JSON that two libraries would read differently (duplicate member names, integers beyond 2^53 - 1, lone surrogates, more than 64 levels, more than 256 KiB), a `timestamp` that is no real date and time, and an `event_id` whose time lies more than 24 hours from `timestamp`. `format` is only an annotation here: the `pattern` beside it is what every validator enforces.
         */
        AibbarEvent: {
            action?: components["schemas"]["AibbarAction"];
            /**
             * AI system
             * @description The AI system that speaks, a UUID of any version. Also the partition key, so that one system's events stay in order.
             */
            ai_id: components["schemas"]["AibbarUuid"];
            /**
             * Version of the AI system
             * @description For example the model that it runs on.
             * @example gpt-4-turbo
             */
            ai_version: string;
            decision?: components["schemas"]["AibbarDecision"];
            error?: components["schemas"]["AibbarError"];
            /**
             * Event id
             * Format: uuid
             * @description The idempotency key, a UUIDv7 whose time lies within 24 hours of `timestamp`. When absent it is derived: the time of `timestamp`, then the first 74 bits of the signature.
             */
            event_id?: string;
            /**
             * Event type
             * @description What happened.
             * @enum {string}
             */
            event_type: "ai.action" | "ai.decision" | "ai.error" | "ai.query" | "ai.response";
            /**
             * Signing key
             * @description Which signing key signed; absent means the organisation's default key.
             */
            key_id?: string;
            metadata: components["schemas"]["AibbarMetadata"];
            query?: components["schemas"]["AibbarQuery"];
            response?: components["schemas"]["AibbarResponse"];
            /**
             * Sequence number
             * @description Counts the events of one `ai_id`, so that a reader sees when one is missing.
             */
            sequence?: components["schemas"]["AibbarCount"];
            /**
             * Signature
             * @description HMAC-SHA256 over the RFC 8785 form of the event without this member, in lowercase hex.
             */
            signature: string;
            /**
             * Signature algorithm
             * @description The algorithm that the signing key was made for. It is signed like every other member.
             * @enum {string}
             */
            signature_algorithm: "HMAC-SHA256";
            /**
             * When it happened
             * Format: date-time
             * @description RFC 3339 with an offset, up to nanoseconds. Kept with the text it was signed with. Second 60 is a leap second and only stands where one can be.
             * @example 2026-03-01T09:30:00.123456789+01:00
             */
            timestamp: string;
        } & (unknown & unknown & unknown);
        /**
         * Metadata
         * @description Whom and what it belongs to. May be empty; what is unknown is left out, not null.
         */
        AibbarMetadata: {
            country?: string;
            /**
             * Labels
             * @description Names and values of the sender's own.
             */
            labels?: {
                [key: string]: string;
            };
            region?: string;
            request_id?: string;
            session_id?: string;
            source_ip?: string;
            span_id?: string;
            trace_id?: string;
            user_id?: string;
        };
        /**
         * Query
         * @description What was asked: `messages`, or `prompt`, or both.
         */
        AibbarQuery: {
            /** @description The conversation so far, each message any JSON. */
            messages?: unknown[];
            model?: string;
            /** @description Any JSON: temperature, tools and the like. */
            parameters?: unknown;
            prompt?: string;
        } | unknown | unknown;
        /**
         * Record
         * @description An event as it is kept, redacted, and what the gateway knows of it.
         */
        AibbarRecord: {
            event: components["schemas"]["AibbarEvent"];
            record: {
                /**
                 * Format: uuid
                 * @description The API key that brought it.
                 */
                api_key_id: string;
                /** Format: uuid */
                event_id: string;
                /** @description The gateway that took it. */
                gateway: string;
                /** @description The signing key that verified it. */
                key_id: string;
                /** Format: uuid */
                org_id: string;
                /** Format: date-time */
                received_at: string;
                /**
                 * @description The version of the rules, and of the organisation's settings.
                 * @example 2+org.7
                 */
                redaction_rules: string;
                /** @description What was hidden, and where. */
                redactions: {
                    /** @example email */
                    kind: string;
                    /** @description A JSON Pointer into `event`. */
                    pointer: string;
                    /** @description The organisation's own rule, of `custom`. */
                    rule?: string;
                }[];
                /** @description The version of the event's format. */
                schema: string;
                /** Format: date-time */
                signature_verified_at: string;
            };
        };
        /** A page of records */
        AibbarRecordPage: {
            items: components["schemas"]["AibbarRecord"][];
            /** @description Where the next page begins; null is the end. */
            next_cursor: string | null;
        };
        /**
         * Response
         * @description What came back.
         */
        AibbarResponse: {
            finish_reason?: string;
            latency_ms?: components["schemas"]["AibbarDurationMs"];
            model?: string;
            /** @description Any JSON. */
            output: unknown;
            /** Usage */
            usage?: {
                input_tokens: components["schemas"]["AibbarCount"];
                output_tokens: components["schemas"]["AibbarCount"];
            };
        };
        /**
         * UUID
         * Format: uuid
         * @description Five groups of hexadecimal digits, in either case.
         */
        AibbarUuid: string;
        /** @description A registered AI system. */
        AiSystem: {
            /**
             * Format: uuid
             * @description What its events call it.
             */
            ai_id: string;
            /**
             * Format: date-time
             * @description When it was registered.
             */
            created_at: string;
            /** @description What it does. */
            description?: string | null;
            /** @description Where it runs. */
            environment?: string | null;
            /** @description What people call it. */
            name: string;
            /** @description Who answers for it. */
            owner?: string | null;
            /**
             * Format: date-time
             * @description When that last changed.
             */
            updated_at: string;
        };
        /** @description An API key. */
        ApiKey: {
            /** @description From where alone it may be used; empty: from everywhere. */
            allowed_ips: string[];
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            /** @description The limits that hold for it: its own, at most the plan's; without any the plan's, else the server's. */
            effective_limits: components["schemas"]["LimitsShown"];
            /**
             * Format: int64
             * @description Its own limit of events in one day (UTC); `null`: none of its own, see `effective_limits`.
             */
            events_per_day?: number | null;
            /**
             * Format: date-time
             * @description From then on it is refused.
             */
            expires_at?: string | null;
            /**
             * Format: uuid
             * @description Its id; stays the same when it is rotated.
             */
            id: string;
            /**
             * Format: date-time
             * @description When it was last used, give or take a minute.
             */
            last_used_at?: string | null;
            /** @description Who made it: a person's e-mail address, or the name of a key. */
            made_by: string;
            /** @description What people call it. */
            name: string;
            /**
             * @description What the key begins with; not secret.
             * @example sk_01234567
             */
            prefix: string;
            /**
             * Format: date-time
             * @description Until then the secret that it had before its rotation is good too.
             */
            previous_valid_until?: string | null;
            /**
             * Format: int64
             * @description Its own limit of requests in any 60 seconds; `null`: none of its own, see `effective_limits`.
             */
            requests_per_minute?: number | null;
            /**
             * Format: date-time
             * @description Since then it is refused.
             */
            revoked_at?: string | null;
            /** @description What it may do. */
            scopes: components["schemas"]["Scope"][];
            /** @description Whether it is good now. */
            status: components["schemas"]["KeyStatus"];
        };
        /** @description What an API key has used of the limits that hold for it. */
        ApiKeyUsage: {
            events_per_day?: components["schemas"]["LimitUsage"] | null;
            requests_per_minute?: components["schemas"]["LimitUsage"] | null;
        };
        /** @description An API key, with the key itself: shown this once. */
        ApiKeyWithSecret: components["schemas"]["ApiKey"] & {
            /**
             * @description The key, to be kept somewhere safe: it is shown this once.
             * @example sk_0123456789ABCDEFGHIJKLMN2YbPlI
             */
            key: string;
        };
        /** @description Who did something. */
        AuditActor: {
            /** @description The id of the person or of the key; a word for the others. */
            id: string;
            /**
             * @description `user`, `api_key`, `operator`, `system` or `anonymous`.
             * @example user
             */
            kind: string;
            /** @description An e-mail address, a key's name. */
            name: string;
        };
        /** @description One entry of the trail. */
        AuditEntry: {
            /**
             * @description What, as `noun.verb`.
             * @example api_key.create
             */
            action: string;
            /** @description Who. */
            actor: components["schemas"]["AuditActor"];
            /**
             * @description From where, when it came over the network.
             * @example 203.0.113.9
             */
            address?: string | null;
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /** @description What changed. */
            detail: Record<string, never>;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /** @description The request, as in `X-Request-Id`. */
            request_id?: string | null;
            /**
             * @description `success` or `failure`.
             * @example success
             */
            result: string;
            /** @description To what. */
            target: components["schemas"]["AuditTarget"];
        };
        /** @description To what something was done. */
        AuditTarget: {
            /** @description Its id, or its name where that is the id. */
            id: string;
            /**
             * @description `api_key`, `user`, `organisation`, ….
             * @example api_key
             */
            kind: string;
        };
        /** @description What became of each event of a batch. */
        BatchResult: {
            /** @description How many were kept. */
            accepted: number;
            /** @description How many were refused. */
            rejected: number;
            /** @description One result per event, in the order in which they were sent. */
            results: components["schemas"]["EventResult"][];
        };
        /** @description What changes of an AI system. */
        ChangedAiSystem: {
            description?: string | null;
            environment?: string | null;
            name?: string;
            owner?: string | null;
        };
        /** @description What changes of an API key. */
        ChangedKey: {
            /** @description From where alone it may be used, as addresses or ranges (CIDR); empty: from everywhere. */
            allowed_ips?: string[];
            /**
             * Format: int64
             * @description Events in one day (UTC), at most what the plan allows; `null`: what the plan allows.
             */
            events_per_day?: number | null;
            /**
             * Format: date-time
             * @description From then on it is refused; `null`: never.
             */
            expires_at?: string | null;
            name?: string;
            /**
             * Format: int64
             * @description Requests in any 60 seconds, at most what the plan allows; `null`: what the plan allows.
             */
            requests_per_minute?: number | null;
            /** @description What it may do: nothing that its changer may not. */
            scopes?: components["schemas"]["Scope"][];
        };
        /** @description What changes of a member. */
        ChangedMember: {
            /** @description What they are from now on. */
            role: components["schemas"]["Role"];
        };
        /** @description What changes of an organisation. */
        ChangedOrganisation: {
            name?: string;
            /** @description Whether only events of registered AI systems are taken. */
            registered_systems_only?: boolean;
        };
        /** @description What changes of a topic. */
        ChangedTopic: {
            /** @description Whether of each key the newest message alone is kept; what was made without stays without. */
            compacted?: boolean;
            partitions?: number;
            retention_days?: number | null;
            schema?: Record<string, never> | null;
        };
        /** @description What changes of a view. */
        ChangedView: {
            name?: string;
            query?: string;
            /** @description Whether every member of the organisation sees it. */
            shared?: boolean;
        };
        /** @description How far a group's reader is. */
        Commit: {
            /** @description `next_cursor` of a page, or the `cursor` of the last message that is done. */
            cursor: string;
            /** @description The group. */
            group: string;
            /** @description Which of its readers. */
            reader: string;
            /** @description The topic, as the organisation calls it. */
            topic: string;
        };
        /** @description What the group committed. */
        Committed: {
            /** @description Of each partition of the cursor the offset of the next message that the group wants. */
            committed: components["schemas"]["CommittedPartition"][];
        };
        /** @description How far a group is in one partition. */
        CommittedPartition: {
            /**
             * Format: int64
             * @description The next message that the group wants of it.
             */
            offset: number;
            /**
             * Format: int32
             * @description The partition.
             */
            partition: number;
        };
        /** @description A group of readers of a topic. */
        ConsumerGroup: {
            /**
             * @description Its name.
             * @example billing
             */
            group: string;
            /**
             * Format: int64
             * @description Messages that the group has not committed. Absent of `aibbar.events`, whose events are of all organisations.
             */
            lag?: number;
            /**
             * Format: int64
             * @description How long ago the log took the oldest of them, in seconds; `null` when there is none, or the log did not show it in time.
             */
            lag_seconds?: number | null;
            /** @description Who is in it now. */
            members: components["schemas"]["ConsumerGroupMember"][];
            /**
             * @description What the log calls it: what to ask Kafka's own tools for.
             * @example 01980a5e7d7a7c1eb5f83f1c2a9d4e60.orders/billing
             */
            name_in_log: string;
            /** @description The same of each partition. */
            partitions: components["schemas"]["ConsumerGroupPartition"][];
        };
        /** @description A member of a group. */
        ConsumerGroupMember: {
            /** @description The partitions that it holds. */
            partitions: components["schemas"]["u32"][];
            /**
             * @description The reader, as it named itself.
             * @example worker-1
             */
            reader: string;
        };
        /** @description How far a group is in one partition. */
        ConsumerGroupPartition: {
            /**
             * Format: int64
             * @description The next message that the group wants; `null`: it never committed.
             */
            committed?: number | null;
            /**
             * Format: int64
             * @description The oldest message that is kept. Absent of `aibbar.events`.
             */
            earliest?: number;
            /**
             * Format: int64
             * @description One past the newest. Absent of `aibbar.events`.
             */
            end?: number;
            /**
             * Format: int64
             * @description Messages that the group has not committed. Absent of `aibbar.events`.
             */
            lag?: number;
            /**
             * Format: int64
             * @description How long ago the log took the oldest of them, in seconds; `null` when there is none, or the log did not show it.
             */
            lag_seconds?: number | null;
            /** @description The partition. */
            partition: components["schemas"]["u32"];
        };
        /** @description A dead letter, without what it carries. */
        DeadLetter: {
            /**
             * Format: uuid
             * @description The AI system, when the record names one.
             */
            ai_id?: string | null;
            /**
             * Format: date-time
             * @description When it became a dead letter.
             */
            at: string;
            /** @description The reason in a sentence. */
            detail: string;
            /**
             * Format: uuid
             * @description The event, when the record names one.
             */
            event_id?: string | null;
            /**
             * @description Its id: where it lies among the dead letters.
             * @example 0-41
             */
            id: string;
            /**
             * Format: int64
             * @description The record's offset.
             */
            offset: number;
            /**
             * Format: uuid
             * @description The organisation that it belongs to; absent where that is nobody.
             */
            org_id?: string | null;
            /**
             * Format: int32
             * @description The record's partition.
             */
            partition: number;
            /**
             * @description `event_id_conflict`, `not_a_record` or `refused_by_store`.
             * @example event_id_conflict
             */
            reason: string;
            /** @description Whether its record can be appended again. */
            redrivable: boolean;
            redriven?: components["schemas"]["Redriven"] | null;
            /** @description The earlier letter of the same record, when it came from one. */
            redriven_from?: string | null;
            /**
             * Format: int32
             * @description How often its record was appended again before it failed this time.
             */
            redrives: number;
            /**
             * @description `open`, or `redriven` once somebody had its record appended to the log again.
             * @example open
             */
            state: string;
            /**
             * @description The topic of the record.
             * @example aibbar.events
             */
            topic: string;
        };
        /** @description What changes of a signing key. */
        DefaultChange: {
            /** @enum {boolean} */
            is_default: true;
        };
        /** @description One thing that a process depends on. */
        Dependency: {
            /** @description What serves it: `kafka`, `local`, `postgres`, `sqlite`, `redis`. */
            kind: string;
            /** @description `log`, `store`, `redis`. */
            name: string;
            /** @description Whether the process is not ready without it. */
            required: boolean;
            /** @description `up` or `down`; `starting` until it was heard of for the first time. */
            state: string;
        };
        /** @description A confirmation: who erases the key of an organisation's pseudonyms names the organisation. */
        ErasedPseudonymKey: {
            /** @description The organisation's name, as it is. */
            organisation: string;
        };
        /** @description What became of one event of a batch. */
        EventResult: {
            /** @description Why it was rejected; the `code` of a problem. */
            code?: string | null;
            detail?: string | null;
            errors?: components["schemas"]["Fault"][];
            /**
             * Format: uuid
             * @description The id that it is kept under, when it was accepted.
             */
            event_id?: string | null;
            /** @description Its place in the batch, from 0. */
            index: number;
            /** @description `accepted` or `rejected`. */
            status: string;
        };
        /** @description One thing that is wrong, at one place. */
        Fault: {
            /** @description What kind of fault: `required`, `unknown_field`, `type`, `format`, `minimum`, … */
            code: string;
            /** @description A sentence for people. */
            detail: string;
            /** @description Where: a JSON Pointer (RFC 6901) into what was sent; empty is the whole of it. */
            pointer: string;
        };
        /** @description Who can't sign in. */
        ForgottenPassword: {
            /** Format: email */
            email: string;
        };
        /** @description What active legal holds cover. */
        Held: {
            /**
             * Format: int64
             * @description How many AI systems are covered by holds of their own.
             */
            ai_systems: number;
            /** @description Whether they cover everything that the organisation has. */
            everything: boolean;
        };
        /** @description An invitation that was sent. */
        Invitation: {
            /**
             * Format: date-time
             * @description When.
             */
            created_at: string;
            /**
             * @description To whom.
             * @example ada@example.com
             */
            email: string;
            /**
             * Format: date-time
             * @description From then on it is worth nothing.
             */
            expires_at: string;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /** @description By whom: a person's e-mail address, or the name of a key. */
            invited_by: string;
            /** @description As what. */
            role: components["schemas"]["Role"];
        };
        /**
         * @description Whether a key is good.
         * @enum {string}
         */
        KeyStatus: "active" | "expired" | "revoked";
        /** @description Who leaves a group. */
        Leave: {
            /** @description The group. */
            group: string;
            /** @description Which of its readers. */
            reader: string;
            /** @description The topic, as the organisation calls it. */
            topic: string;
        };
        /** @description Letters that a filter matches and nobody redrives. */
        LeftOut: {
            /**
             * Format: int64
             * @description How many they are.
             */
            count: number;
            /** @description The reason in a sentence, about one of them. */
            detail: string;
            /**
             * @description `event_id_conflict`, `no_record`, `nobodys_record` or `too_often`.
             * @example event_id_conflict
             */
            reason: string;
        };
        /** @description A legal hold. */
        LegalHold: {
            /**
             * Format: uuid
             * @description The AI system whose events it holds; `null`: everything that the organisation has.
             */
            ai_id?: string | null;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /** @description What people call it. */
            name?: string | null;
            /**
             * Format: date-time
             * @description When.
             */
            placed_at: string;
            /** @description By whom. */
            placed_by: string;
            /** @description Why it was placed. */
            reason: string;
            release?: components["schemas"]["LegalHoldRelease"] | null;
        };
        /** @description The end of a hold. */
        LegalHoldRelease: {
            /** @description Why. */
            reason: string;
            /**
             * Format: date-time
             * @description When.
             */
            released_at: string;
            /** @description By whom. */
            released_by: string;
        };
        /** @description What is said to everyone, whether or not there is an account. */
        LetterSent: {
            /** @description What happens next. */
            detail: string;
        };
        /** @description Limits that hold, whoever set them. */
        LimitsShown: {
            /**
             * Format: int64
             * @description Events in one day (UTC); `null`: no limit.
             */
            events_per_day?: number | null;
            /**
             * Format: int64
             * @description Requests in any 60 seconds; `null`: no limit.
             */
            requests_per_minute?: number | null;
        };
        /** @description What was used of one limit. */
        LimitUsage: {
            /**
             * Format: int64
             * @description The limit.
             */
            limit: number;
            /**
             * Format: int64
             * @description So much of it is left.
             */
            remaining: number;
            /**
             * Format: date-time
             * @description When some of it is free again; `null`: nothing is used.
             */
            resets_at?: string | null;
            /**
             * Format: int64
             * @description So much of it is used.
             */
            used: number;
        };
        /** @description The token of a link that was sent by e-mail. */
        LinkToken: {
            /** @description As it stands in the link. */
            token: string;
        };
        /** @description A page. */
        Listed_AiSystem: {
            /** @description The items. */
            items: {
                /**
                 * Format: uuid
                 * @description What its events call it.
                 */
                ai_id: string;
                /**
                 * Format: date-time
                 * @description When it was registered.
                 */
                created_at: string;
                /** @description What it does. */
                description?: string | null;
                /** @description Where it runs. */
                environment?: string | null;
                /** @description What people call it. */
                name: string;
                /** @description Who answers for it. */
                owner?: string | null;
                /**
                 * Format: date-time
                 * @description When that last changed.
                 */
                updated_at: string;
            }[];
            /** @description What `cursor` to ask the next page with; `null`: this was the last. */
            next_cursor?: string | null;
        };
        /** @description A page. */
        Listed_ApiKey: {
            /** @description The items. */
            items: {
                /** @description From where alone it may be used; empty: from everywhere. */
                allowed_ips: string[];
                /**
                 * Format: date-time
                 * @description When it was made.
                 */
                created_at: string;
                /** @description The limits that hold for it: its own, at most the plan's; without any the plan's, else the server's. */
                effective_limits: components["schemas"]["LimitsShown"];
                /**
                 * Format: int64
                 * @description Its own limit of events in one day (UTC); `null`: none of its own, see `effective_limits`.
                 */
                events_per_day?: number | null;
                /**
                 * Format: date-time
                 * @description From then on it is refused.
                 */
                expires_at?: string | null;
                /**
                 * Format: uuid
                 * @description Its id; stays the same when it is rotated.
                 */
                id: string;
                /**
                 * Format: date-time
                 * @description When it was last used, give or take a minute.
                 */
                last_used_at?: string | null;
                /** @description Who made it: a person's e-mail address, or the name of a key. */
                made_by: string;
                /** @description What people call it. */
                name: string;
                /**
                 * @description What the key begins with; not secret.
                 * @example sk_01234567
                 */
                prefix: string;
                /**
                 * Format: date-time
                 * @description Until then the secret that it had before its rotation is good too.
                 */
                previous_valid_until?: string | null;
                /**
                 * Format: int64
                 * @description Its own limit of requests in any 60 seconds; `null`: none of its own, see `effective_limits`.
                 */
                requests_per_minute?: number | null;
                /**
                 * Format: date-time
                 * @description Since then it is refused.
                 */
                revoked_at?: string | null;
                /** @description What it may do. */
                scopes: components["schemas"]["Scope"][];
                /** @description Whether it is good now. */
                status: components["schemas"]["KeyStatus"];
            }[];
            /** @description What `cursor` to ask the next page with; `null`: this was the last. */
            next_cursor?: string | null;
        };
        /** @description A page. */
        Listed_AuditEntry: {
            /** @description The items. */
            items: {
                /**
                 * @description What, as `noun.verb`.
                 * @example api_key.create
                 */
                action: string;
                /** @description Who. */
                actor: components["schemas"]["AuditActor"];
                /**
                 * @description From where, when it came over the network.
                 * @example 203.0.113.9
                 */
                address?: string | null;
                /**
                 * Format: date-time
                 * @description When.
                 */
                at: string;
                /** @description What changed. */
                detail: Record<string, never>;
                /**
                 * Format: uuid
                 * @description Its id.
                 */
                id: string;
                /** @description The request, as in `X-Request-Id`. */
                request_id?: string | null;
                /**
                 * @description `success` or `failure`.
                 * @example success
                 */
                result: string;
                /** @description To what. */
                target: components["schemas"]["AuditTarget"];
            }[];
            /** @description What `cursor` to ask the next page with; `null`: this was the last. */
            next_cursor?: string | null;
        };
        /** @description A page. */
        Listed_ConsumerGroup: {
            /** @description The items. */
            items: {
                /**
                 * @description Its name.
                 * @example billing
                 */
                group: string;
                /**
                 * Format: int64
                 * @description Messages that the group has not committed. Absent of `aibbar.events`, whose events are of all organisations.
                 */
                lag?: number;
                /**
                 * Format: int64
                 * @description How long ago the log took the oldest of them, in seconds; `null` when there is none, or the log did not show it in time.
                 */
                lag_seconds?: number | null;
                /** @description Who is in it now. */
                members: components["schemas"]["ConsumerGroupMember"][];
                /**
                 * @description What the log calls it: what to ask Kafka's own tools for.
                 * @example 01980a5e7d7a7c1eb5f83f1c2a9d4e60.orders/billing
                 */
                name_in_log: string;
                /** @description The same of each partition. */
                partitions: components["schemas"]["ConsumerGroupPartition"][];
            }[];
            /** @description What `cursor` to ask the next page with; `null`: this was the last. */
            next_cursor?: string | null;
        };
        /** @description A page. */
        Listed_DeadLetter: {
            /** @description The items. */
            items: {
                /**
                 * Format: uuid
                 * @description The AI system, when the record names one.
                 */
                ai_id?: string | null;
                /**
                 * Format: date-time
                 * @description When it became a dead letter.
                 */
                at: string;
                /** @description The reason in a sentence. */
                detail: string;
                /**
                 * Format: uuid
                 * @description The event, when the record names one.
                 */
                event_id?: string | null;
                /**
                 * @description Its id: where it lies among the dead letters.
                 * @example 0-41
                 */
                id: string;
                /**
                 * Format: int64
                 * @description The record's offset.
                 */
                offset: number;
                /**
                 * Format: uuid
                 * @description The organisation that it belongs to; absent where that is nobody.
                 */
                org_id?: string | null;
                /**
                 * Format: int32
                 * @description The record's partition.
                 */
                partition: number;
                /**
                 * @description `event_id_conflict`, `not_a_record` or `refused_by_store`.
                 * @example event_id_conflict
                 */
                reason: string;
                /** @description Whether its record can be appended again. */
                redrivable: boolean;
                redriven?: components["schemas"]["Redriven"] | null;
                /** @description The earlier letter of the same record, when it came from one. */
                redriven_from?: string | null;
                /**
                 * Format: int32
                 * @description How often its record was appended again before it failed this time.
                 */
                redrives: number;
                /**
                 * @description `open`, or `redriven` once somebody had its record appended to the log again.
                 * @example open
                 */
                state: string;
                /**
                 * @description The topic of the record.
                 * @example aibbar.events
                 */
                topic: string;
            }[];
            /** @description What `cursor` to ask the next page with; `null`: this was the last. */
            next_cursor?: string | null;
        };
        /** @description A page. */
        Listed_Invitation: {
            /** @description The items. */
            items: {
                /**
                 * Format: date-time
                 * @description When.
                 */
                created_at: string;
                /**
                 * @description To whom.
                 * @example ada@example.com
                 */
                email: string;
                /**
                 * Format: date-time
                 * @description From then on it is worth nothing.
                 */
                expires_at: string;
                /**
                 * Format: uuid
                 * @description Its id.
                 */
                id: string;
                /** @description By whom: a person's e-mail address, or the name of a key. */
                invited_by: string;
                /** @description As what. */
                role: components["schemas"]["Role"];
            }[];
            /** @description What `cursor` to ask the next page with; `null`: this was the last. */
            next_cursor?: string | null;
        };
        /** @description A page. */
        Listed_LegalHold: {
            /** @description The items. */
            items: {
                /**
                 * Format: uuid
                 * @description The AI system whose events it holds; `null`: everything that the organisation has.
                 */
                ai_id?: string | null;
                /**
                 * Format: uuid
                 * @description Its id.
                 */
                id: string;
                /** @description What people call it. */
                name?: string | null;
                /**
                 * Format: date-time
                 * @description When.
                 */
                placed_at: string;
                /** @description By whom. */
                placed_by: string;
                /** @description Why it was placed. */
                reason: string;
                release?: components["schemas"]["LegalHoldRelease"] | null;
            }[];
            /** @description What `cursor` to ask the next page with; `null`: this was the last. */
            next_cursor?: string | null;
        };
        /** @description A page. */
        Listed_Member: {
            /** @description The items. */
            items: {
                /**
                 * @description The person's e-mail address.
                 * @example ada@example.com
                 */
                email: string;
                /**
                 * Format: uuid
                 * @description The person's id.
                 */
                id: string;
                /**
                 * Format: date-time
                 * @description Since when.
                 */
                joined_at: string;
                /**
                 * @description The person's name.
                 * @example Ada Lovelace
                 */
                name: string;
                /** @description What they are in the organisation. */
                role: components["schemas"]["Role"];
            }[];
            /** @description What `cursor` to ask the next page with; `null`: this was the last. */
            next_cursor?: string | null;
        };
        /** @description A page. */
        Listed_Membership: {
            /** @description The items. */
            items: (components["schemas"]["Organisation"] & {
                /** @description What the person is in it. */
                role: components["schemas"]["Role"];
            })[];
            /** @description What `cursor` to ask the next page with; `null`: this was the last. */
            next_cursor?: string | null;
        };
        /** @description A page. */
        Listed_SigningKey: {
            /** @description The items. */
            items: {
                /**
                 * Format: uuid
                 * @description The one AI system whose events it may sign; `null`: any.
                 */
                ai_id?: string | null;
                /**
                 * @description What its secrets sign with.
                 * @example HMAC-SHA256
                 */
                algorithm: string;
                /**
                 * Format: date-time
                 * @description When its first version was made.
                 */
                created_at: string;
                /** @description Whether it is meant when an event names none. */
                is_default: boolean;
                /** @description Its name in events. */
                key_id: string;
                /** @description Whether any version verifies now. */
                status: components["schemas"]["KeyStatus"];
                /** @description Its versions, newest first: the newest is the one to sign with. */
                versions: components["schemas"]["SigningKeyVersion"][];
            }[];
            /** @description What `cursor` to ask the next page with; `null`: this was the last. */
            next_cursor?: string | null;
        };
        /** @description A page. */
        Listed_Topic: {
            /** @description The items. */
            items: {
                /** @description Whether of each key the newest message alone is kept. */
                compacted: boolean;
                /**
                 * Format: date-time
                 * @description When it was made.
                 */
                created_at?: string | null;
                /** @description Who made it. */
                created_by?: string | null;
                /**
                 * @description Its name.
                 * @example orders
                 */
                name: string;
                /**
                 * Format: int32
                 * @description How many partitions it has.
                 */
                partitions: number;
                /** @description Whether it is GAPIN's own: there for everybody, and changed by nobody. */
                reserved: boolean;
                /**
                 * Format: int32
                 * @description How many days messages are kept; `null`: until they are deleted.
                 */
                retention_days?: number | null;
                /** @description The JSON Schema that messages must meet. */
                schema?: Record<string, never> | null;
                /**
                 * Format: date-time
                 * @description When something of it last changed.
                 */
                updated_at?: string | null;
            }[];
            /** @description What `cursor` to ask the next page with; `null`: this was the last. */
            next_cursor?: string | null;
        };
        /** @description A page. */
        Listed_View: {
            /** @description The items. */
            items: {
                /**
                 * Format: date-time
                 * @description When it was made.
                 */
                created_at: string;
                /**
                 * Format: uuid
                 * @description Its id.
                 */
                id: string;
                /** @description Whether you may change it and take it away: it is yours, or you are an admin or an owner. */
                may_change: boolean;
                /** @description What people call it. */
                name: string;
                /**
                 * @description Its owner's name.
                 * @example Ada Lovelace
                 */
                owner: string;
                /**
                 * Format: uuid
                 * @description Who made it: its owner's id.
                 */
                owner_id: string;
                /**
                 * @description Which page of the dashboard it is of.
                 * @example live
                 */
                page: string;
                /**
                 * @description What that page is asked for: the query of its URL.
                 * @example type=ai.error&range=24h
                 */
                query: string;
                /** @description Whether every member of the organisation sees it. */
                shared: boolean;
                /**
                 * Format: date-time
                 * @description When it last changed.
                 */
                updated_at: string;
            }[];
            /** @description What `cursor` to ask the next page with; `null`: this was the last. */
            next_cursor?: string | null;
        };
        /** @description That a process lives. */
        Liveness: {
            /** @description `live`. */
            status: string;
        };
        /** @description Who they are, and how they show it. */
        Login: {
            /** Format: email */
            email: string;
            /** Format: password */
            password: string;
        };
        /** @description A person, their organisations, and the one in use. */
        Me: {
            organisation?: components["schemas"]["OwnOrganisation"] | null;
            /** @description Where they belong, oldest membership first. */
            organisations: components["schemas"]["OwnOrganisation"][];
            /** @description The password was given to them: `POST /me/password` replaces it. */
            password_change_required: boolean;
            /**
             * Format: uuid
             * @description The session that asks.
             */
            session_id: string;
            user: components["schemas"]["Profile"];
        };
        /** @description A member of the organisation. */
        Member: {
            /**
             * @description The person's e-mail address.
             * @example ada@example.com
             */
            email: string;
            /**
             * Format: uuid
             * @description The person's id.
             */
            id: string;
            /**
             * Format: date-time
             * @description Since when.
             */
            joined_at: string;
            /**
             * @description The person's name.
             * @example Ada Lovelace
             */
            name: string;
            /** @description What they are in the organisation. */
            role: components["schemas"]["Role"];
        };
        /** @description An organisation, and what the person is in it. */
        Membership: components["schemas"]["Organisation"] & {
            /** @description What the person is in it. */
            role: components["schemas"]["Role"];
        };
        /** @description A message of a topic. */
        Message: {
            /**
             * Format: date-time
             * @description When the log took it.
             */
            appended_at: string;
            /** @description Where to go on behind it. */
            cursor?: string | null;
            /** @description Its headers, without GAPIN's own; absent when it has none. A value that is not UTF-8 is Base64 behind `base64:`. */
            headers?: {
                [key: string]: string;
            };
            /** @description Its key; absent when it has none. One that is not UTF-8 is Base64 behind `base64:`. */
            key?: string | null;
            /** @description Its id; absent when another than GAPIN published it. */
            message_id?: string | null;
            /**
             * Format: int64
             * @description Its place there.
             */
            offset: number;
            /**
             * Format: int32
             * @description The partition that it lies in.
             */
            partition: number;
            /**
             * Format: date-time
             * @description The publisher's time; absent when none was given.
             */
            timestamp?: string | null;
            /**
             * @description The topic, as the organisation calls it.
             * @example orders
             */
            topic: string;
        };
        /** @description Messages of a topic: what `page` and the page of a group write. */
        MessagePage: {
            /** @description Whether there was nothing more at the time. Not told of groups. */
            caught_up?: boolean | null;
            /** @description Whether some of what lay behind the cursor is not kept any more, and was passed over. Not told of groups. */
            expired?: boolean | null;
            /** @description The messages; of each partition in order. */
            items: components["schemas"]["Message"][];
            /** @description What `cursor` to go on with. Of a group: what to commit; `null` when there is nothing to commit. */
            next_cursor?: string | null;
            /** @description Of groups: the partitions that the reader holds now. */
            partitions?: number[] | null;
        };
        /** @description What became of one message of a batch. */
        MessageResult: {
            /** @description Why it was rejected; the `code` of a problem. */
            code?: string | null;
            detail?: string | null;
            errors?: components["schemas"]["Fault"][];
            /** @description Its place in the batch, from 0. */
            index: number;
            /**
             * Format: uuid
             * @description Its id, when it was accepted.
             */
            message_id?: string | null;
            /**
             * Format: int64
             * @description Its place in the partition.
             */
            offset?: number | null;
            /**
             * Format: int32
             * @description Its partition, when it was accepted and does not wait in a spool.
             */
            partition?: number | null;
            /** @description `accepted` or `rejected`. */
            status: string;
            /** @description Its topic, when it was accepted. */
            topic?: string | null;
        };
        /** @description Events and messages. */
        MetricsAmount: {
            /**
             * Format: int64
             * @description Bytes of their records.
             */
            event_bytes: number;
            /**
             * Format: int64
             * @description Events that were received in this time, and are stored.
             */
            events: number;
            /**
             * Format: int64
             * @description Their bytes.
             */
            message_bytes: number;
            /**
             * Format: int64
             * @description Messages that were acknowledged.
             */
            messages: number;
        };
        /** @description Durations, in milliseconds: percentiles at most 19 % too long. Of nothing there is `null`. */
        MetricsDurations: {
            /**
             * Format: int64
             * @description Of how many.
             */
            count: number;
            /**
             * Format: double
             * @description None took longer.
             */
            max_ms?: number | null;
            /**
             * Format: double
             * @description The mean.
             */
            mean_ms?: number | null;
            /**
             * Format: double
             * @description Half of them took no longer.
             */
            p50_ms?: number | null;
            /**
             * Format: double
             * @description 95 of 100 took no longer.
             */
            p95_ms?: number | null;
            /**
             * Format: double
             * @description 99 of 100 took no longer.
             */
            p99_ms?: number | null;
        };
        /** @description Durations in one step. */
        MetricsDurationStep: components["schemas"]["MetricsDurations"] & {
            /**
             * Format: date-time
             * @description Where it begins.
             */
            at: string;
        };
        /** @description What was refused. */
        MetricsErrors: components["schemas"]["MetricsWindow"] & {
            /** @description By the `code` of the problem, the most frequent first. */
            codes: components["schemas"]["MetricsOfCode"][];
            /** @description Every step. */
            series: components["schemas"]["MetricsErrorStep"][];
            /** @description Over all steps. */
            total: components["schemas"]["MetricsRefused"];
        };
        /** @description What was refused in one step. */
        MetricsErrorStep: components["schemas"]["MetricsRefused"] & {
            /**
             * Format: date-time
             * @description Where it begins.
             */
            at: string;
        };
        /** @description How far the store is behind the log. */
        MetricsLag: components["schemas"]["MetricsWindow"] & {
            /**
             * Format: int64
             * @description For so long the oldest event that is not stored yet has been in the log, in milliseconds, give or take a tenth: 0 when
             *     there is none, `null` while the log does not tell.
             */
            behind_ms?: number | null;
            /** @description Every step, of the events that were received in it. */
            series: components["schemas"]["MetricsDurationStep"][];
            /** @description Over all steps: how long the organisation's stored events took from being received to being stored. */
            total: components["schemas"]["MetricsDurations"];
        };
        /** @description How long acknowledging took. */
        MetricsLatency: components["schemas"]["MetricsWindow"] & {
            /** @description Every step. */
            series: components["schemas"]["MetricsDurationStep"][];
            /** @description Over all steps. */
            total: components["schemas"]["MetricsDurations"];
        };
        /** @description What was refused with one code. */
        MetricsOfCode: components["schemas"]["MetricsRefused"] & {
            /**
             * @description The `code` of the problem.
             * @example invalid_signature
             */
            code: string;
        };
        /** @description What was hidden of one kind. */
        MetricsOfKind: {
            /**
             * Format: int64
             * @description How many things.
             */
            count: number;
            /**
             * @description The kind, as in `[REDACTED:<kind>]`; `custom` for an organisation's own rules.
             * @example email
             */
            kind: string;
        };
        /** @description Events of one type. */
        MetricsOfType: {
            /**
             * Format: int64
             * @description Bytes of their records.
             */
            event_bytes: number;
            /**
             * @description The type.
             * @example ai.response
             */
            event_type: string;
            /**
             * Format: int64
             * @description How many.
             */
            events: number;
        };
        /** @description Events of AI systems that are not counted by themselves. */
        MetricsOtherAiSystems: {
            /**
             * Format: int64
             * @description Bytes of their records.
             */
            bytes: number;
            /**
             * Format: int64
             * @description How many.
             */
            events: number;
        };
        /** @description Errors whose code is not counted by itself. */
        MetricsOtherErrorTypes: {
            /**
             * Format: int64
             * @description How many.
             */
            events: number;
        };
        /** @description What was hidden. */
        MetricsRedactions: components["schemas"]["MetricsWindow"] & {
            /** @description By kind, the most frequent first; of kinds of which there were some. */
            kinds: components["schemas"]["MetricsOfKind"][];
            /** @description Every step. */
            series: components["schemas"]["MetricsRedactionStep"][];
            /**
             * Format: int64
             * @description Things hidden, over all steps.
             */
            total: number;
        };
        /** @description What was hidden in one step. */
        MetricsRedactionStep: {
            /**
             * Format: date-time
             * @description Where it begins.
             */
            at: string;
            /**
             * Format: int64
             * @description How many things.
             */
            count: number;
        };
        /** @description What was refused. */
        MetricsRefused: {
            /**
             * Format: int64
             * @description Events and messages, one by one, of requests that were read.
             */
            items: number;
            /**
             * Format: int64
             * @description Requests as a whole, to any route: nothing of them was looked at one by one.
             */
            requests: number;
        };
        /** @description How much came. */
        MetricsThroughput: components["schemas"]["MetricsWindow"] & {
            /** @description The events by their type; of types of which there were some. */
            by_type: components["schemas"]["MetricsOfType"][];
            /** @description Every step. */
            series: components["schemas"]["MetricsThroughputStep"][];
            /** @description Over all steps. */
            total: components["schemas"]["MetricsAmount"];
        };
        /** @description What came in one step. */
        MetricsThroughputStep: components["schemas"]["MetricsAmount"] & {
            /**
             * Format: date-time
             * @description Where it begins.
             */
            at: string;
        };
        /** @description An AI system, and its events. */
        MetricsTopAiSystem: {
            /**
             * Format: uuid
             * @description Its id.
             * @example 01980a5e-7d7a-7c1e-b5f8-3f1c2a9d4e60
             */
            ai_id: string;
            /**
             * Format: int64
             * @description Bytes of their records.
             */
            bytes: number;
            /**
             * Format: int64
             * @description Events that were received in this time, and are stored.
             */
            events: number;
        };
        /** @description The AI systems with most events. */
        MetricsTopAiSystems: components["schemas"]["MetricsWindow"] & {
            /** @description Most events first. */
            items: components["schemas"]["MetricsTopAiSystem"][];
            /** @description Events of AI systems that are not counted by themselves: a minute has room for 200. */
            other: components["schemas"]["MetricsOtherAiSystems"];
        };
        /** @description A kind of error, and how often it was recorded. */
        MetricsTopErrorType: {
            /**
             * @description `error.code` of the events, its first 100 characters.
             * @example timeout
             */
            code: string;
            /**
             * Format: int64
             * @description Events that were received in this time, and are stored.
             */
            events: number;
        };
        /** @description The errors of which AI systems recorded most. */
        MetricsTopErrorTypes: components["schemas"]["MetricsWindow"] & {
            /** @description Most events first. */
            items: components["schemas"]["MetricsTopErrorType"][];
            /** @description Errors whose code is not counted by itself: a minute has room for 200. */
            other: components["schemas"]["MetricsOtherErrorTypes"];
        };
        /** @description How the messages of one topic came. */
        MetricsTopic: components["schemas"]["MetricsWindow"] & {
            /** @description Every step. */
            series: components["schemas"]["MetricsTopicStep"][];
            /**
             * @description The topic's name.
             * @example orders
             */
            topic: string;
            /** @description Over all steps. */
            total: components["schemas"]["MetricsTopicAmount"];
        };
        /** @description Messages of one topic. */
        MetricsTopicAmount: {
            /**
             * Format: int64
             * @description Their bytes.
             */
            bytes: number;
            /**
             * Format: int64
             * @description Messages that were acknowledged; of `aibbar.events` the events that are stored.
             */
            messages: number;
            /**
             * Format: int64
             * @description Messages, or events, that were refused.
             */
            refused: number;
        };
        /** @description What came in one step. */
        MetricsTopicStep: components["schemas"]["MetricsTopicAmount"] & {
            /**
             * Format: date-time
             * @description Where it begins.
             */
            at: string;
        };
        /** @description A topic, and what came to it. */
        MetricsTopTopic: {
            /**
             * Format: int64
             * @description Their bytes.
             */
            bytes: number;
            /**
             * Format: int64
             * @description Messages that were acknowledged; of `aibbar.events` the events that are stored.
             */
            messages: number;
            /**
             * @description Its name; it may have been deleted since.
             * @example orders
             */
            topic: string;
        };
        /** @description The topics with most messages. */
        MetricsTopTopics: components["schemas"]["MetricsWindow"] & {
            /** @description Most messages first. */
            items: components["schemas"]["MetricsTopTopic"][];
        };
        /** @description The same in an answer. */
        MetricsWindow: {
            /**
             * Format: date-time
             * @description Where the first step begins.
             * @example 2026-01-31T11:01:00Z
             */
            from: string;
            /**
             * @description As it was asked for.
             * @example 1h
             */
            period: string;
            /**
             * Format: int64
             * @description Seconds of one step.
             * @example 60
             */
            step_s: number;
            /**
             * Format: date-time
             * @description Where the last one ends: the one that is now is not over.
             * @example 2026-01-31T12:01:00Z
             */
            to: string;
        };
        /** @description A sign-in on one device. */
        MySession: {
            /** @description From where it was last used. */
            address?: string | null;
            /**
             * Format: date-time
             * @description Since when.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it ends, if it is not used again.
             */
            expires_at: string;
            /** Format: uuid */
            id: string;
            /** @description Whether it is the one that asks. */
            is_current: boolean;
            /**
             * Format: date-time
             * @description When its tokens were last refreshed.
             */
            last_seen_at: string;
            /** @description What the device says it is. */
            user_agent?: string | null;
        };
        /** @description Where a person is signed in, last seen first: all of it, at most 100. */
        MySessions: {
            items: components["schemas"]["MySession"][];
            /** @description Always null: there is one page. */
            next_cursor?: string | null;
        };
        /** @description An AI system to be registered. */
        NewAiSystem: {
            /**
             * Format: uuid
             * @description What its events call it; absent: it is given one.
             */
            ai_id?: string | null;
            description?: string | null;
            environment?: string | null;
            name: string;
            owner?: string | null;
        };
        /** @description Who is invited, as what. */
        NewInvitation: {
            /**
             * Format: email
             * @description The person's e-mail address, known here or not.
             */
            email: string;
            /** @description What they become. */
            role: components["schemas"]["Role"];
        };
        /** @description An API key to be made. */
        NewKey: {
            /** @description From where alone it may be used, as addresses or ranges (CIDR); empty or absent: from everywhere. */
            allowed_ips?: string[];
            /**
             * Format: int64
             * @description Events in one day (UTC), at most what the plan allows; absent: what the plan allows.
             */
            events_per_day?: number | null;
            /**
             * Format: date-time
             * @description From then on it is refused; absent: never.
             */
            expires_at?: string | null;
            name: string;
            /**
             * Format: int64
             * @description Requests in any 60 seconds, at most what the plan allows; absent: what the plan allows.
             */
            requests_per_minute?: number | null;
            /** @description What it may do: nothing that its maker may not. */
            scopes: components["schemas"]["Scope"][];
        };
        /** @description A hold to be placed. */
        NewLegalHold: {
            /**
             * Format: uuid
             * @description The AI system whose events it holds, registered or not; absent: everything that the organisation has.
             */
            ai_id?: string | null;
            name?: string | null;
            reason: string;
        };
        /** @description A message to be published. */
        NewMessage: {
            headers?: {
                [key: string]: string;
            };
            key?: string | null;
            /** @description Any JSON; `null` in a compacted topic deletes its key. */
            message: unknown;
            /**
             * Format: date-time
             * @description The publisher's own time, RFC 3339.
             */
            timestamp?: string | null;
            /** @description Its topic; absent: what the query says as `topic`. */
            topic?: string;
        };
        /** @description One message, or an array of messages. */
        NewMessages: components["schemas"]["NewMessage"] | components["schemas"]["NewMessage"][];
        /** @description An organisation to be made. */
        NewOrganisation: {
            name: string;
        };
        /** @description Why a hold ends. */
        NewRelease: {
            reason: string;
        };
        /** @description A signing key to be made. */
        NewSigningKey: {
            /**
             * Format: uuid
             * @description The one AI system whose events it may sign; absent: any.
             */
            ai_id?: string | null;
            /** @description Whether it is meant when an event names none; an organisation's first key is that anyway. */
            is_default?: boolean;
            key_id: string;
        };
        /** @description A topic to be made. */
        NewTopic: {
            /** @description Whether of each key the newest message alone is kept. Every message then has a key. */
            compacted?: boolean;
            /** @description 1 to 200 of `A–Z a–z 0–9 . _ -`, neither `.` nor `..`, and not beginning with `aibbar.` */
            name: string;
            partitions?: number;
            retention_days?: number | null;
            schema?: Record<string, never> | null;
        };
        /** @description A view to be saved. */
        NewView: {
            name: string;
            page: string;
            query: string;
            /**
             * @description Whether every member of the organisation sees it; `false` when absent.
             * @default false
             */
            shared?: boolean;
        };
        /** @description An organisation. */
        Organisation: {
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            /**
             * Format: uuid
             * @description Its id; `X-Org-Id` names it.
             */
            id: string;
            /** @description Its name, unique on this installation. */
            name: string;
            /**
             * @description The name of its plan.
             * @example default
             */
            plan: string;
            /** @description Whether only events of registered AI systems are taken. */
            registered_systems_only: boolean;
        };
        /** @description An organisation, with what its plan allows each of its keys. */
        OrganisationSettings: components["schemas"]["Organisation"] & {
            /** @description What each of its keys may at most. */
            effective_limits: components["schemas"]["LimitsShown"];
        };
        /** @description An organisation, as one of its members sees it. */
        OwnOrganisation: {
            /** Format: uuid */
            id: string;
            name: string;
            /** @description `owner`, `admin`, `member` or `viewer`. */
            role: string;
        };
        /** @description A new password for an old one. */
        PasswordChange: {
            /**
             * Format: password
             * @description The one until now.
             */
            current: string;
            /**
             * Format: password
             * @description The new one.
             */
            password: string;
        };
        /** @description A new password, by the link's token. */
        PasswordReset: {
            /**
             * Format: password
             * @description The new one.
             */
            password: string;
            /** @description As it stands in the link. */
            token: string;
        };
        /** @description Why a request failed (RFC 9457). */
        Problem: {
            /**
             * @description The kind of problem, for programs; stable.
             * @enum {string}
             */
            code: "invalid_json" | "event_too_large" | "schema_violation" | "invalid_signature" | "timestamp_in_future" | "timestamp_too_old" | "event_id_time_mismatch" | "empty_batch" | "invalid_parameter" | "invalid_cursor" | "invalid_body" | "invalid_one_time_token" | "provider_sign_in_failed" | "invalid_encoding" | "incomplete_body" | "bad_request" | "invalid_cloud_event" | "missing_api_key" | "invalid_api_key" | "invalid_access_token" | "invalid_refresh_token" | "invalid_ticket" | "invalid_credentials" | "missing_scope" | "address_not_allowed" | "csrf_refused" | "no_organisation" | "role_too_low" | "registration_closed" | "ai_system_not_registered" | "invalid_token" | "reserved_topic" | "not_found" | "method_not_allowed" | "already_exists" | "not_compacted" | "idempotency_key_reused" | "idempotency_key_in_use" | "last_owner" | "role_changed" | "not_redrivable" | "lease_lost" | "reader_busy" | "group_active" | "body_timeout" | "rate_limited" | "daily_quota_exceeded" | "too_many_streams" | "too_many_readers" | "too_many_attempts" | "too_many_exports" | "body_too_large" | "message_too_large" | "batch_too_large" | "unsupported_media_type" | "unsupported_encoding" | "overloaded" | "log_unavailable" | "outcome_unknown" | "store_unavailable" | "email_unavailable" | "provider_unavailable" | "internal";
            /** @description What is wrong here, and what to do next, for people. */
            detail: string;
            /** @description Everything that is wrong with the body, place by place. */
            errors?: components["schemas"]["Fault"][];
            /** @description The id under which the log knows the request. */
            request_id: string;
            /**
             * Format: int32
             * @description The status of the answer.
             */
            status: number;
            /** @description The kind of problem, for people. */
            title: string;
            /**
             * Format: uri
             * @description The name of the kind of problem; not an address.
             */
            type: string;
        };
        /** @description A person, as they see themselves. */
        Profile: {
            /**
             * Format: date-time
             * @description When the account was made.
             */
            created_at: string;
            email: string;
            /** @description Whether the address was shown to be theirs. */
            email_verified: boolean;
            /** @description Without, they sign in with a provider alone. */
            has_password: boolean;
            /** Format: uuid */
            id: string;
            name: string;
        };
        /** @description What changes of a person. */
        ProfileChanges: {
            /** @description Another name. */
            name: string;
        };
        /** @description The key of an organisation's pseudonyms, without the key. */
        PseudonymKey: {
            /**
             * Format: date-time
             * @description When it was made: pseudonyms in older records, if any, were made with one that is gone.
             */
            made_at: string;
            /**
             * Format: int32
             * @description Counts the keys, from 1: those before are gone.
             */
            version: number;
        };
        /** @description What took the place of a key that was erased. */
        PseudonymKeyErased: {
            /** @description The key of pseudonyms from now on. */
            pseudonym_key: components["schemas"]["PseudonymKey"];
        };
        /** @description A message that is kept. */
        PublishedMessage: {
            /**
             * Format: uuid
             * @description Its id: readers find it in the message.
             */
            message_id: string;
            /**
             * Format: int64
             * @description Its place in the partition; absent as the partition is.
             */
            offset?: number;
            /**
             * Format: int32
             * @description Its partition; absent while it waits in a spool, since the log is away.
             */
            partition?: number;
            /** @description `accepted`. */
            status: string;
            /**
             * @description Its topic.
             * @example orders
             */
            topic: string;
        };
        /** @description What was published is kept. */
        PublishedMessages: components["schemas"]["PublishedMessage"] | components["schemas"]["PublishResult"];
        /** @description What became of each message of a batch. */
        PublishResult: {
            /** @description How many were kept. */
            accepted: number;
            /** @description How many were refused. */
            rejected: number;
            /** @description One result per message, in the order in which they were sent. */
            results: components["schemas"]["MessageResult"][];
        };
        /** @description Whether a process can do its work, and each thing that it depends on. */
        Readiness: {
            dependencies: components["schemas"]["Dependency"][];
            spool?: components["schemas"]["Spool"] | null;
            /**
             * @description `ready`; `degraded` without something that is not required; `unavailable` without something that is; `draining`
             *     on its way out.
             */
            status: string;
        };
        /** @description What an organisation hides, and how. */
        Redaction: {
            /** @description What becomes of each kind; every kind is named. */
            modes: components["schemas"]["RedactionModes"];
            /** @description What pseudonyms are made with; never the key itself. Absent before there are settings. */
            pseudonym_key?: components["schemas"]["PseudonymKey"];
            /**
             * @description What records call these rules: the version of GAPIN's, and that of the organisation's settings.
             * @example 2+org.7
             */
            redaction_rules: string;
            /** @description The organisation's own rules. */
            rules: components["schemas"]["RedactionRule"][];
            /**
             * Format: date-time
             * @description When.
             */
            updated_at?: string | null;
            /** @description Who changed the settings last. */
            updated_by?: string | null;
            /**
             * Format: int64
             * @description Counts the changes of the settings; 0: the organisation has said nothing, and everything is as it is by default.
             */
            version: number;
        };
        /** @description One thing that was hidden; never what it was. */
        RedactionFinding: {
            /** @description Where it ends. */
            end: number;
            /** @description Whether it stood in the key there, and not in the value. */
            in_key: boolean;
            /**
             * @description What it was: one of GAPIN's kinds, or `custom`.
             * @example email
             */
            kind: string;
            /** @description What became of it. */
            mode: components["schemas"]["RedactionMode"];
            /** @description Where: a JSON Pointer (RFC 6901) into `redacted`. */
            pointer: string;
            /** @description The name of the organisation's own rule, of `custom`. */
            rule?: string;
            /** @description Where its stand-in begins in the redacted string (or key), in characters (Unicode code points). */
            start: number;
            /** @description Why, in words. */
            why: string;
        };
        /**
         * @description What becomes of what is found: `mask` puts `[REDACTED:email]` in its place, `pseudonym` a token that is the same for the
         *     same value (`[EMAIL:k3v9…]`), `off` leaves it.
         * @enum {string}
         */
        RedactionMode: "mask" | "pseudonym" | "off";
        /** @description What becomes of each kind. What is not named is as it is by default: `ip_address` is off, the others are masked. */
        RedactionModes: {
            /** @description Payment card numbers. */
            credit_card?: components["schemas"]["RedactionMode"];
            /** @description E-mail addresses. */
            email?: components["schemas"]["RedactionMode"];
            /** @description Bank account numbers. */
            iban?: components["schemas"]["RedactionMode"];
            /** @description IPv4 and IPv6 addresses. */
            ip_address?: components["schemas"]["RedactionMode"];
            /** @description The values of what is called a password, a secret, a token or a key. */
            password?: components["schemas"]["RedactionMode"];
            /** @description Telephone numbers. */
            phone?: components["schemas"]["RedactionMode"];
            /** @description Tokens of known shape, private keys, passwords in URLs. */
            secret?: components["schemas"]["RedactionMode"];
            /** @description US social security numbers. */
            ssn?: components["schemas"]["RedactionMode"];
        };
        /** @description What would be hidden, and why. */
        RedactionPreview: {
            /** @description Each thing that was hidden. */
            findings: components["schemas"]["RedactionFinding"][];
            /** @description Whether there are more findings than are told. */
            is_more: boolean;
            /** @description What was sent, redacted. Pseudonyms in it are samples, made with a key that is thrown away. */
            redacted: unknown;
            /**
             * @description What records call the rules that were used; without the organisation's version when others were tried.
             * @example 2+org.7
             */
            redaction_rules: string;
        };
        /** @description A rule of the organisation's own: either a `pattern` or a `pointer`. */
        RedactionRule: {
            /** @description What becomes of what it finds; absent: `mask`. */
            mode?: components["schemas"]["RedactionMode"];
            name: string;
            /**
             * @description A regular expression (of the `regex` crate: no look-around, no back-references), searched for in every string and key.
             *     It matches at least 4 bytes, and at most 256 but for one repeated class at its end.
             * @example EMP-[0-9]{6}
             */
            pattern?: string;
            /**
             * @description A JSON Pointer (RFC 6901) into the event, where a segment `*` stands for every member or element: what is there is
             *     hidden whole. What the record is found, ordered or proven by can't be, nor what the schema wants another type of.
             * @example /metadata/user_id
             */
            pointer?: string;
        };
        /** @description What to look at: one of `event`, `value` and `text`. */
        RedactionSample: {
            /** @description An event, signed or not, as the door for events would redact it. */
            event?: Record<string, never>;
            /** @description Settings to try, in the place of the organisation's. */
            settings?: components["schemas"]["RedactionSettings"];
            /** @description A text. */
            text?: string;
            /** @description Any JSON. */
            value?: unknown;
        };
        /** @description What an organisation says of redaction. */
        RedactionSettings: {
            /** @description What becomes of each kind. */
            modes?: components["schemas"]["RedactionModes"];
            /** @description Rules of its own. */
            rules?: components["schemas"]["RedactionRule"][];
        };
        /** @description Which open letters; `{}`: all. */
        RedriveFilter: {
            /**
             * Format: date-time
             * @description Made at or after this time.
             */
            from?: string | null;
            /** @description `event_id_conflict`, `not_a_record` or `refused_by_store`. */
            reason?: string | null;
            /**
             * Format: date-time
             * @description Made before this time.
             */
            to?: string | null;
        };
        /** @description That, when and by whom a record was appended again. */
        Redriven: {
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /** @description Which one. */
            by_id: string;
            /**
             * @description `user`, `api_key` or `operator`.
             * @example user
             */
            by_kind: string;
            /**
             * @description The topic that it was appended to.
             * @example aibbar.events
             */
            to: string;
        };
        /** @description What became of one letter. */
        RedriveOne: {
            /** @description Why it failed; the `code` of a problem. */
            code?: string | null;
            detail?: string | null;
            /**
             * @description The letter.
             * @example 0-41
             */
            id: string;
            /**
             * @description `redriven`, `would_be_redriven` or `failed`.
             * @example redriven
             */
            status: string;
        };
        /** @description Which letters are to be redriven: these, or those that match. */
        RedriveOrder: {
            /** @description `true`: says what would be done, and does nothing. */
            dry_run?: boolean | null;
            filter?: components["schemas"]["RedriveFilter"] | null;
            /**
             * @description These.
             * @example [
             *       "0-41"
             *     ]
             */
            ids?: string[] | null;
            /**
             * Format: int32
             * @description With `filter`: how many at most; 100 when absent.
             */
            limit?: number | null;
        };
        /** @description What became of the letters that were to be redriven. */
        RedriveResult: {
            /** @description Whether this only says what would be done. */
            dry_run: boolean;
            /** @description How many are not. */
            failed: number;
            /** @description Open letters that match the filter and were left alone, since redriving them is of no use. */
            left_out: components["schemas"]["LeftOut"][];
            /** @description Whether more letters match the filter. */
            more: boolean;
            /** @description How many records are in the log again, or would be. */
            redriven: number;
            /** @description One result per letter, oldest letter first. */
            results: components["schemas"]["RedriveOne"][];
        };
        /** @description A program's refresh; a browser sends its cookie, and no body. */
        RefreshRequest: {
            /** @description The newest one. */
            refresh_token?: string | null;
        };
        /** @description A batch of which every event was refused for the same class of reason: that problem, and each event's result. */
        RefusedBatch: components["schemas"]["Problem"] & components["schemas"]["BatchResult"];
        /** @description A batch of which every message was refused for the same class of reason: that problem, and each message's result. */
        RefusedMessages: components["schemas"]["Problem"] & components["schemas"]["PublishResult"];
        /** @description Somebody who wants an account. */
        Registration: {
            /**
             * Format: email
             * @description Their e-mail address; capital letters make no difference.
             */
            email: string;
            /** @description The token of an invitation to this address: the account is made at once, and a member of that organisation. */
            invitation?: string | null;
            /** @description What they are called. */
            name: string;
            /**
             * Format: password
             * @description Not the e-mail address, not the name, and none of the passwords that are tried first.
             */
            password: string;
        };
        /** @description Where a group is to go on. */
        Reset: {
            /** @description `true`: says what would be done, and does nothing. */
            dry_run?: boolean | null;
            /**
             * @description `earliest`, `latest`, or the first message that the log took at this time or later (RFC 3339).
             * @example earliest
             */
            to: string;
        };
        /** @description Where a group went on, and where it goes on. */
        ResetDone: {
            /** @description Whether this only says what would be done. */
            dry_run: boolean;
            /** @description Every partition of the topic. */
            partitions: components["schemas"]["ResetPartition"][];
        };
        /** @description One partition of it. */
        ResetPartition: {
            /**
             * Format: int64
             * @description The message that the group wanted next; `null`: it never committed.
             */
            from?: number | null;
            /** @description The partition. */
            partition: components["schemas"]["u32"];
            /**
             * Format: int64
             * @description The one that it wants from now on. Absent of `aibbar.events`: where the log begins and ends, and how many events came
             *     by when, is of all organisations.
             */
            to?: number;
        };
        /** @description How long events are kept. */
        Retention: {
            /**
             * Format: int32
             * @description What holds, in days.
             * @example 90
             */
            effective_days: number;
            /**
             * Format: int32
             * @description What the organisation says, in days; `null`: nothing.
             */
            events_days?: number | null;
            /**
             * Format: int32
             * @description The most that an organisation may say, in days.
             * @example 36500
             */
            events_days_max: number;
            /** @description What legal holds keep, however old it is. */
            held: components["schemas"]["Held"];
            /**
             * Format: int32
             * @description How long events are kept where their organisation says nothing, in days.
             * @example 400
             */
            installation_days: number;
            /**
             * Format: date-time
             * @description Events older than this are dropped, unless they are held.
             */
            oldest_kept: string;
            /**
             * Format: date-time
             * @description When.
             */
            updated_at?: string | null;
            /** @description Who said last what the organisation says. */
            updated_by?: string | null;
        };
        /** @description What an organisation says of retention. */
        RetentionSettings: {
            /**
             * Format: int32
             * @description Days that its events are kept; `null`: as long as the installation says. What is past it is dropped for good.
             */
            events_days: number | null;
        };
        /**
         * @description What a person is in an organisation.
         * @enum {string}
         */
        Role: "viewer" | "member" | "admin" | "owner";
        /** @description How an API key is rotated. */
        Rotation: {
            /**
             * Format: int32
             * @description How long the old secret stays good beside the new one; at most 7 days. Absent: it ends at once.
             */
            overlap_seconds?: number;
        };
        /**
         * @description What a key may do.
         * @enum {string}
         */
        Scope: "events:write" | "events:read" | "keys:manage" | "topics:manage" | "metrics:read" | "audit:read" | "members:read" | "members:manage" | "organisation:manage";
        /** One event, or an array of events */
        SentEvents: components["schemas"]["AibbarEvent"] | components["schemas"]["AibbarEvent"][];
        /** @description One event of the stream: its fields. */
        ServerSentEvent: {
            /** @description The frame, as JSON text: `contract/asyncapi.yaml` describes it. */
            data: string;
            /**
             * @description The type of the frame: `hello`, `event`, `message`, `bye`, ….
             * @example event
             */
            event: string;
            /** @description Where to go on behind it; what an `EventSource` sends as `Last-Event-ID`. */
            id?: string | null;
            /**
             * Format: int32
             * @description After so many milliseconds to connect again.
             */
            retry?: number | null;
        };
        /** @description A signing key. */
        SigningKey: {
            /**
             * Format: uuid
             * @description The one AI system whose events it may sign; `null`: any.
             */
            ai_id?: string | null;
            /**
             * @description What its secrets sign with.
             * @example HMAC-SHA256
             */
            algorithm: string;
            /**
             * Format: date-time
             * @description When its first version was made.
             */
            created_at: string;
            /** @description Whether it is meant when an event names none. */
            is_default: boolean;
            /** @description Its name in events. */
            key_id: string;
            /** @description Whether any version verifies now. */
            status: components["schemas"]["KeyStatus"];
            /** @description Its versions, newest first: the newest is the one to sign with. */
            versions: components["schemas"]["SigningKeyVersion"][];
        };
        /** @description One version of a signing key. */
        SigningKeyVersion: {
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it last verified an event, give or take a minute; `null`: never, as far as is known.
             */
            last_used_at?: string | null;
            /** @description Who made it: a person's e-mail address, or the name of a key. */
            made_by: string;
            /**
             * Format: date-time
             * @description Since then it verifies nothing.
             */
            revoked_at?: string | null;
            /** @description Whether it verifies now. */
            status: components["schemas"]["KeyStatus"];
            /**
             * Format: date-time
             * @description From then on it verifies nothing, since it was rotated.
             */
            verify_until?: string | null;
            /**
             * Format: int32
             * @description Counts from 1.
             */
            version: number;
        };
        /** @description A signing key, with the secret of its newest version: shown this once. */
        SigningKeyWithSecret: components["schemas"]["SigningKey"] & {
            /**
             * @description What to sign with, to be kept somewhere safe: it is shown this once.
             * @example ss_00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
             */
            secret: string;
        };
        /** @description How a signing key is rotated. */
        SigningRotation: {
            /**
             * Format: int32
             * @description How long what the older versions sign is taken; at most 30 days. Absent: a day.
             * @default 86400
             */
            verify_for_seconds?: number;
        };
        /** @description One of them. */
        SignInProvider: {
            /**
             * @description What people call it.
             * @example Google
             */
            name: string;
            /**
             * @description `google` or `github`.
             * @example google
             */
            provider: string;
            /**
             * @description Where a browser goes to sign in with it.
             * @example /auth/oauth/google/start
             */
            start: string;
        };
        /** @description The providers that a person can sign in with here. */
        SignInProviders: {
            items: components["schemas"]["SignInProvider"][];
            /** @description Always `null`: they are few. */
            next_cursor?: string | null;
        };
        /** @description Where events wait while the log is away. */
        Spool: {
            /**
             * Format: int64
             * @description Bytes that wait.
             */
            bytes: number;
            /**
             * Format: int64
             * @description How many bytes may wait.
             */
            bytes_max: number;
            /**
             * Format: double
             * @description Records that the log takes of it per second.
             */
            drain_records_per_second: number;
            /**
             * Format: double
             * @description How long the oldest has waited; 0 when nothing waits.
             */
            oldest_age_seconds: number;
            /**
             * Format: int64
             * @description Records that wait for the log.
             */
            records: number;
            /**
             * Format: int64
             * @description Records that the log refuses for good, which wait for a person.
             */
            refused_records: number;
            /**
             * @description `idle`: nothing waits. `spooling`: the log is away, events are kept here. `draining`: the log is back and takes
             *     what waits. `full`, `unavailable`: it takes nothing.
             */
            state: string;
            /**
             * Format: int64
             * @description Parts of the spool's folder that can't be read and may hold events, which wait for a person.
             */
            unreadable_slots: number;
        };
        /** @description A ticket, and how long it is good. */
        StreamTicket: {
            /**
             * Format: date-time
             * @description Until when the connection must have been made.
             * @example 2026-01-31T12:00:30Z
             */
            expires_at: string;
            /**
             * @description What a stream is asked for with, as `?token=`; once.
             * @example st_AQAB…
             */
            ticket: string;
        };
        /** @description A process in one line. */
        Summary: {
            /** @description The state of the spool; absent where there is none. */
            spool?: string | null;
            /** @description As in the report on its readiness. */
            status: string;
            /**
             * Format: int64
             * @description How long it has run.
             */
            uptime_seconds: number;
            /** @description The program's version. */
            version: string;
        };
        /** @description What was sent is kept. */
        Taken: components["schemas"]["AcceptedEvent"] | components["schemas"]["BatchResult"];
        /** @description What a sign-in answers. A browser gets the tokens as cookies instead. */
        Tokens: {
            /** @description Send it as `Authorization: Bearer`. */
            access_token?: string | null;
            /** @description Browsers alone: to be sent as `X-CSRF-Token` with whatever changes something; in a cookie too. */
            csrf_token?: string | null;
            /**
             * Format: int32
             * @description For how many seconds the access token is good.
             */
            expires_in: number;
            organisation?: components["schemas"]["OwnOrganisation"] | null;
            /** @description The password was given to them: `POST /me/password` replaces it. */
            password_change_required: boolean;
            /** @description Good once, for the next pair of tokens. */
            refresh_token?: string | null;
            /** @description Always `Bearer`. */
            token_type?: string | null;
            /** @description Whose session it is. */
            user: components["schemas"]["Profile"];
        };
        /** @description A topic. */
        Topic: {
            /** @description Whether of each key the newest message alone is kept. */
            compacted: boolean;
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at?: string | null;
            /** @description Who made it. */
            created_by?: string | null;
            /**
             * @description Its name.
             * @example orders
             */
            name: string;
            /**
             * Format: int32
             * @description How many partitions it has.
             */
            partitions: number;
            /** @description Whether it is GAPIN's own: there for everybody, and changed by nobody. */
            reserved: boolean;
            /**
             * Format: int32
             * @description How many days messages are kept; `null`: until they are deleted.
             */
            retention_days?: number | null;
            /** @description The JSON Schema that messages must meet. */
            schema?: Record<string, never> | null;
            /**
             * Format: date-time
             * @description When something of it last changed.
             */
            updated_at?: string | null;
        };
        /** @description A topic, and what is in it now. */
        TopicDescribed: components["schemas"]["Topic"] & {
            /** @description What is in it now. */
            statistics: components["schemas"]["TopicStatistics"];
        };
        /** @description What can be read of a partition. */
        TopicPartition: {
            /**
             * Format: int64
             * @description The oldest offset that is kept.
             */
            earliest: number;
            /**
             * Format: int64
             * @description One past the newest.
             */
            end: number;
            /**
             * Format: int32
             * @description Its number, from 0.
             */
            partition: number;
        };
        /** @description What is in a topic now. */
        TopicStatistics: {
            /**
             * Format: int64
             * @description Bytes on the log's disk; absent where the log does not tell, and of `aibbar.events`.
             */
            bytes?: number;
            /**
             * Format: int64
             * @description Their bytes.
             */
            bytes_30_days: number;
            /**
             * Format: int64
             * @description Their bytes.
             */
            bytes_today: number;
            /** @description Groups of the organisation that read it. */
            consumers: number;
            /**
             * Format: double
             * @description Of what was sent in the last hour the share that was refused, from 0 to 1.
             */
            error_rate: number;
            /**
             * Format: int64
             * @description Messages between the earliest and the end, over all partitions; of a compacted topic, those that gave way included.
             *     Absent of `aibbar.events`, whose events are of all organisations.
             */
            messages?: number;
            /**
             * Format: int64
             * @description The same in the last 30 days.
             */
            messages_30_days: number;
            /**
             * Format: int64
             * @description Messages that were published since midnight, UTC; of `aibbar.events` the organisation's events that were stored.
             */
            messages_today: number;
            /**
             * Format: date-time
             * @description When the newest message came; `null` as above.
             */
            newest_at?: string | null;
            /**
             * Format: date-time
             * @description When the oldest message that is kept came; `null` where there is none, or the log did not show it.
             */
            oldest_at?: string | null;
            /** @description What can be read of each partition; nothing of `aibbar.events`. */
            partitions: components["schemas"]["TopicPartition"][];
            /**
             * Format: double
             * @description Messages per second, in the last five minutes.
             */
            publish_rate: number;
        };
        /** @description Who becomes the owner. */
        Transfer: {
            /**
             * Format: uuid
             * @description A member of the organisation.
             */
            user_id: string;
        };
        /** Format: int32 */
        u32: number;
        /** @description The organisation that a session is to use. */
        UsedOrganisation: {
            /** Format: uuid */
            org_id: string;
        };
        /** @description A saved view. */
        View: {
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /** @description Whether you may change it and take it away: it is yours, or you are an admin or an owner. */
            may_change: boolean;
            /** @description What people call it. */
            name: string;
            /**
             * @description Its owner's name.
             * @example Ada Lovelace
             */
            owner: string;
            /**
             * Format: uuid
             * @description Who made it: its owner's id.
             */
            owner_id: string;
            /**
             * @description Which page of the dashboard it is of.
             * @example live
             */
            page: string;
            /**
             * @description What that page is asked for: the query of its URL.
             * @example type=ai.error&range=24h
             */
            query: string;
            /** @description Whether every member of the organisation sees it. */
            shared: boolean;
            /**
             * Format: date-time
             * @description When it last changed.
             */
            updated_at: string;
        };
        /** @description A dead letter with what it carries. */
        WholeDeadLetter: components["schemas"]["DeadLetter"] & {
            /** @description The record, as it would have been stored; `null` when there is none. */
            record?: Record<string, never> | null;
            /** @description What was there instead of a record, redacted; `null` when it is a record, or is left out: too large, or no text. */
            text?: string | null;
        };
    };
    responses: {
        /**
         * @description `incomplete_body`: The body did not arrive whole.
         *
         *     `invalid_body`: The JSON body is not what the route takes; each fault is listed.
         */
        "400.incomplete_body.invalid_body": {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    code?: "incomplete_body" | "invalid_body";
                    /** @constant */
                    status?: 400;
                };
            };
        };
        /**
         * @description `incomplete_body`: The body did not arrive whole.
         *
         *     `invalid_body`: The JSON body is not what the route takes; each fault is listed.
         *
         *     `invalid_parameter`: A query parameter is unknown or wrong.
         */
        "400.incomplete_body.invalid_body.invalid_parameter": {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    code?: "incomplete_body" | "invalid_body" | "invalid_parameter";
                    /** @constant */
                    status?: 400;
                };
            };
        };
        /** @description `invalid_parameter`: A query parameter is unknown or wrong. */
        "400.invalid_parameter": {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    code?: "invalid_parameter";
                    /** @constant */
                    status?: 400;
                };
            };
        };
        /**
         * @description `invalid_access_token`: The access token is not one, or its session has ended.
         *
         *     `invalid_api_key`: The key is not one, is unknown, expired or revoked.
         *
         *     `invalid_ticket`: The ticket of a stream is not one, was used, is too old, or its maker's key or session has ended.
         *
         *     `missing_api_key`: Neither a key nor an access token was sent.
         */
        "401.invalid_access_token.invalid_api_key.invalid_ticket.missing_api_key": {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                /** @description How to show who calls. */
                "WWW-Authenticate"?: string;
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    code?: "invalid_access_token" | "invalid_api_key" | "invalid_ticket" | "missing_api_key";
                    /** @constant */
                    status?: 401;
                };
            };
        };
        /**
         * @description `invalid_access_token`: The access token is not one, or its session has ended.
         *
         *     `invalid_api_key`: The key is not one, is unknown, expired or revoked.
         *
         *     `missing_api_key`: Neither a key nor an access token was sent.
         */
        "401.invalid_access_token.invalid_api_key.missing_api_key": {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                /** @description How to show who calls. */
                "WWW-Authenticate"?: string;
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    code?: "invalid_access_token" | "invalid_api_key" | "missing_api_key";
                    /** @constant */
                    status?: 401;
                };
            };
        };
        /**
         * @description `address_not_allowed`: The key may not be used from this address.
         *
         *     `csrf_refused`: A browser's request that came from another site, or without its token.
         *
         *     `missing_scope`: The key or the role may not do this.
         *
         *     `no_organisation`: The person is in no organisation.
         */
        "403.address_not_allowed.csrf_refused.missing_scope.no_organisation": {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    code?: "address_not_allowed" | "csrf_refused" | "missing_scope" | "no_organisation";
                    /** @constant */
                    status?: 403;
                };
            };
        };
        /**
         * @description `address_not_allowed`: The key may not be used from this address.
         *
         *     `missing_scope`: The key or the role may not do this.
         *
         *     `no_organisation`: The person is in no organisation.
         */
        "403.address_not_allowed.missing_scope.no_organisation": {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    code?: "address_not_allowed" | "missing_scope" | "no_organisation";
                    /** @constant */
                    status?: 403;
                };
            };
        };
        /** @description `csrf_refused`: A browser's request that came from another site, or without its token. */
        "403.csrf_refused": {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    code?: "csrf_refused";
                    /** @constant */
                    status?: 403;
                };
            };
        };
        /**
         * @description `csrf_refused`: A browser's request that came from another site, or without its token.
         *
         *     `no_organisation`: The person is in no organisation.
         */
        "403.csrf_refused.no_organisation": {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    code?: "csrf_refused" | "no_organisation";
                    /** @constant */
                    status?: 403;
                };
            };
        };
        /** @description `no_organisation`: The person is in no organisation. */
        "403.no_organisation": {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    code?: "no_organisation";
                    /** @constant */
                    status?: 403;
                };
            };
        };
        /** @description `not_found`: There is no such thing, or it is another's. */
        "404.not_found": {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    code?: "not_found";
                    /** @constant */
                    status?: 404;
                };
            };
        };
        /** @description `body_timeout`: The body took too long. */
        "408.body_timeout": {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    code?: "body_timeout";
                    /** @constant */
                    status?: 408;
                };
            };
        };
        /** @description `body_timeout`: The body took too long. */
        "408.unlimited.body_timeout": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    code?: "body_timeout";
                    /** @constant */
                    status?: 408;
                };
            };
        };
        /** @description `body_too_large`: The body, or what it expands to, is too large. */
        "413.body_too_large": {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    code?: "body_too_large";
                    /** @constant */
                    status?: 413;
                };
            };
        };
        /** @description `body_too_large`: The body, or what it expands to, is too large. */
        "413.unlimited.body_too_large": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    code?: "body_too_large";
                    /** @constant */
                    status?: 413;
                };
            };
        };
        /** @description `unsupported_media_type`: The content type is not one of ours. */
        "415.unlimited.unsupported_media_type": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    code?: "unsupported_media_type";
                    /** @constant */
                    status?: 415;
                };
            };
        };
        /** @description `unsupported_media_type`: The content type is not one of ours. */
        "415.unsupported_media_type": {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    code?: "unsupported_media_type";
                    /** @constant */
                    status?: 415;
                };
            };
        };
        /** @description `rate_limited`: Too many requests in a minute. */
        "429.rate_limited": {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                /** @description Seconds until another try is right. */
                "Retry-After"?: number;
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    code?: "rate_limited";
                    /** @constant */
                    status?: 429;
                };
            };
        };
        /** @description `rate_limited`: Too many requests in a minute. */
        "429.unlimited.rate_limited": {
            headers: {
                /** @description Seconds until another try is right. */
                "Retry-After"?: number;
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    code?: "rate_limited";
                    /** @constant */
                    status?: 429;
                };
            };
        };
        /** @description `internal`: Our fault. */
        "500.internal": {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    code?: "internal";
                    /** @constant */
                    status?: 500;
                };
            };
        };
        /** @description `internal`: Our fault. */
        "500.unlimited.internal": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    code?: "internal";
                    /** @constant */
                    status?: 500;
                };
            };
        };
        /** @description `store_unavailable`: The store can't be asked now. */
        "503.store_unavailable": {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                /** @description Seconds until another try may work. */
                "Retry-After"?: number;
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    code?: "store_unavailable";
                    /** @constant */
                    status?: 503;
                };
            };
        };
        /** @description `store_unavailable`: The store can't be asked now. */
        "503.unlimited.store_unavailable": {
            headers: {
                /** @description Seconds until another try may work. */
                "Retry-After"?: number;
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    code?: "store_unavailable";
                    /** @constant */
                    status?: 503;
                };
            };
        };
        /** @description `method_not_allowed`: The route has other methods. */
        MethodNotAllowed: {
            headers: {
                /** @description The methods that the path takes. */
                Allow?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    code?: "method_not_allowed";
                    /** @constant */
                    status?: 405;
                };
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description What is left, as the IETF's draft says it: `"minute";r=998;t=42`. */
        RateLimit: string;
        /** @description The limits, as the IETF's draft says them: `"minute";q=1000;w=60`. */
        "RateLimit-Policy": string;
        /** @description Requests that may be made in a minute. */
        "X-RateLimit-Limit": number;
        /** @description Requests that are left of it. */
        "X-RateLimit-Remaining": number;
        /** @description When all are there again, in Unix seconds. */
        "X-RateLimit-Reset": number;
        /** @description The id under which the log knows the request. */
        "X-Request-Id": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    get_aibbar_events: {
        parameters: {
            query?: {
                /** @description Of this AI system. */
                ai_id?: string;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
                /**
                 * @description Of this type.
                 * @example ai.response
                 */
                event_type?: string;
                /** @description At or after this time. */
                from?: string;
                /** @description Records in the page at most; 50 by default. */
                limit?: number;
                /**
                 * @description With this text somewhere in the event; ASCII letters match in either case, nothing is a wildcard. At most 1,024
                 *     bytes.
                 */
                q?: string;
                /** @description Of this `metadata.request_id`. */
                request_id?: string;
                /** @description Of this `metadata.session_id`. */
                session_id?: string;
                /** @description Before this time. */
                to?: string;
            };
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AibbarRecordPage"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            404: components["responses"]["404.not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    post_aibbar_events: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description At most 10 MiB, 5,000 events, 256 KiB per event, unless the installation says otherwise. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["SentEvents"];
                "application/x-ndjson": string;
            };
        };
        responses: {
            /** @description Everything is kept. */
            202: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Taken"];
                };
            };
            /** @description Some events are kept, others refused. */
            207: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accepted": 1,
                     *       "rejected": 1,
                     *       "results": [
                     *         {
                     *           "event_id": "01980a5e-7d7a-7c1e-b5f8-3f1c2a9d4e60",
                     *           "index": 0,
                     *           "status": "accepted"
                     *         },
                     *         {
                     *           "code": "invalid_signature",
                     *           "detail": "The signature is not right.",
                     *           "index": 1,
                     *           "status": "rejected"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["BatchResult"];
                };
            };
            /**
             * @description `invalid_json`, `schema_violation`, `timestamp_in_future`, `timestamp_too_old`, `event_id_time_mismatch`: the event is refused. `empty_batch`: there is none. `invalid_encoding`: the body can't be expanded. `incomplete_body`: it did not arrive whole.
             *
             *     `invalid_parameter`: A query parameter is unknown or wrong.
             */
            400: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["RefusedBatch"] | (components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "empty_batch" | "event_id_time_mismatch" | "incomplete_body" | "invalid_encoding" | "invalid_json" | "invalid_parameter" | "schema_violation" | "timestamp_in_future" | "timestamp_too_old";
                        /** @constant */
                        status?: 400;
                    });
                };
            };
            /**
             * @description `invalid_signature`: the event's signature is wrong, or its signing key unknown.
             *
             *     `invalid_access_token`: The access token is not one, or its session has ended.
             *
             *     `invalid_api_key`: The key is not one, is unknown, expired or revoked.
             *
             *     `missing_api_key`: Neither a key nor an access token was sent.
             */
            401: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description How to show who calls. */
                    "WWW-Authenticate"?: string;
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["RefusedBatch"] | (components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_access_token" | "invalid_api_key" | "invalid_signature" | "missing_api_key";
                        /** @constant */
                        status?: 401;
                    });
                };
            };
            /**
             * @description `ai_system_not_registered`: the organisation takes events of registered AI systems alone.
             *
             *     `address_not_allowed`: The key may not be used from this address.
             *
             *     `csrf_refused`: A browser's request that came from another site, or without its token.
             *
             *     `missing_scope`: The key or the role may not do this.
             *
             *     `no_organisation`: The person is in no organisation.
             */
            403: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["RefusedBatch"] | (components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "address_not_allowed" | "ai_system_not_registered" | "csrf_refused" | "missing_scope" | "no_organisation";
                        /** @constant */
                        status?: 403;
                    });
                };
            };
            404: components["responses"]["404.not_found"];
            /** @description `body_timeout`: the body did not arrive in time. */
            408: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "body_timeout";
                        /** @constant */
                        status?: 408;
                    };
                };
            };
            /** @description `event_too_large`, `body_too_large`, `batch_too_large`: send less at once. */
            413: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["RefusedBatch"] | (components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "batch_too_large" | "body_too_large" | "event_too_large";
                        /** @constant */
                        status?: 413;
                    });
                };
            };
            /** @description `unsupported_media_type`: neither JSON nor NDJSON. `unsupported_encoding`: not one of the encodings. */
            415: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "unsupported_encoding" | "unsupported_media_type";
                        /** @constant */
                        status?: 415;
                    };
                };
            };
            /** @description `daily_quota_exceeded`: the day's events are used up. `rate_limited`: too many requests in a minute. */
            429: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Seconds until another try is right. */
                    "Retry-After"?: number;
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["RefusedBatch"] | (components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "daily_quota_exceeded" | "rate_limited";
                        /** @constant */
                        status?: 429;
                    });
                };
            };
            500: components["responses"]["500.internal"];
            /**
             * @description `overloaded`, `log_unavailable`: nothing was kept, send it again. `outcome_unknown`: it may be kept; sending it again does no harm.
             *
             *     `store_unavailable`: The store can't be asked now.
             */
            503: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Seconds until another try may work. */
                    "Retry-After"?: number;
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["RefusedBatch"] | (components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "log_unavailable" | "outcome_unknown" | "overloaded" | "store_unavailable";
                        /** @constant */
                        status?: 503;
                    });
                };
            };
        };
    };
    get_aibbar_events_by_event_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path: {
                /** @description The id that it was acknowledged under. */
                event_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AibbarRecord"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            /** @description `not_found`: no event of this id is stored (yet), or it is another organisation's. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    get_aibbar_events_export: {
        parameters: {
            query?: {
                /** @description Of this AI system. */
                ai_id?: string;
                /**
                 * @description Of this type.
                 * @example ai.response
                 */
                event_type?: string;
                /**
                 * @description `ndjson` when absent.
                 * @example csv
                 */
                format?: string;
                /** @description At or after this time. */
                from?: string;
                /** @description With this text somewhere; as in `GET /aibbar/events`. */
                q?: string;
                /** @description Of this `metadata.request_id`. */
                request_id?: string;
                /** @description Of this `metadata.session_id`. */
                session_id?: string;
                /** @description Before this time; when absent, all that is there as the export begins. */
                to?: string;
            };
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The records, oldest first. NDJSON and CSV are compressed (`gzip`, `zstd`) where `Accept-Encoding` names it. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.apache.parquet": string;
                    "application/x-ndjson": string;
                    "text/csv": string;
                };
            };
            /**
             * @description `bad_request`: an export needs HTTP/1.1 or later, where an answer of unknown length has an end.
             *
             *     `invalid_parameter`: A query parameter is unknown or wrong.
             */
            400: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "bad_request" | "invalid_parameter";
                        /** @constant */
                        status?: 400;
                    };
                };
            };
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            404: components["responses"]["404.not_found"];
            /**
             * @description `too_many_exports`: the organisation has as many exports at work as it may; wait for one to end.
             *
             *     `rate_limited`: Too many requests in a minute.
             */
            429: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Seconds until another try is right. */
                    "Retry-After"?: number;
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "rate_limited" | "too_many_exports";
                        /** @constant */
                        status?: 429;
                    };
                };
            };
            500: components["responses"]["500.internal"];
            /**
             * @description `overloaded`: this gateway has as many exports at work as it may.
             *
             *     `store_unavailable`: The store can't be asked now.
             */
            503: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Seconds until another try may work. */
                    "Retry-After"?: number;
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "overloaded" | "store_unavailable";
                        /** @constant */
                        status?: 503;
                    };
                };
            };
        };
    };
    get_docs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            429: components["responses"]["429.unlimited.rate_limited"];
            500: components["responses"]["500.unlimited.internal"];
        };
    };
    get_docs_by_file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Its name.
                 * @example swagger-ui.css
                 */
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A stylesheet, a script or an image. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description `not_found`: the page has no such part. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            429: components["responses"]["429.unlimited.rate_limited"];
            500: components["responses"]["500.unlimited.internal"];
        };
    };
    get_openapi_json: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            429: components["responses"]["429.unlimited.rate_limited"];
            500: components["responses"]["500.unlimited.internal"];
        };
    };
    get_schemas_aibbar_event_json: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description JSON Schema 2020-12. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/schema+json": Record<string, never>;
                };
            };
            429: components["responses"]["429.unlimited.rate_limited"];
            500: components["responses"]["500.unlimited.internal"];
        };
    };
    get_ai_systems: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description How many items at most; 50 when absent. */
                limit?: number;
            };
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of AI systems. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_AiSystem"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            404: components["responses"]["404.not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    post_ai_systems: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "environment": "production",
                 *       "name": "booking agent",
                 *       "owner": "travel@example.com"
                 *     }
                 */
                "application/json": components["schemas"]["NewAiSystem"];
            };
        };
        responses: {
            /** @description Registered. */
            201: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AiSystem"];
                };
            };
            400: components["responses"]["400.incomplete_body.invalid_body.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.csrf_refused.missing_scope.no_organisation"];
            404: components["responses"]["404.not_found"];
            408: components["responses"]["408.body_timeout"];
            /** @description `already_exists`: the `ai_id` or the name is taken. */
            409: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "already_exists";
                        /** @constant */
                        status?: 409;
                    };
                };
            };
            413: components["responses"]["413.body_too_large"];
            415: components["responses"]["415.unsupported_media_type"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    get_ai_systems_by_ai_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path: {
                /** @description What its events call it. */
                ai_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The AI system. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AiSystem"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            /** @description `not_found`: the organisation has registered no AI system of this id. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    delete_ai_systems_by_ai_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path: {
                /** @description What its events call it. */
                ai_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is no longer registered. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.csrf_refused.missing_scope.no_organisation"];
            /** @description `not_found`: the organisation has registered no AI system of this id. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    patch_ai_systems_by_ai_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path: {
                /** @description What its events call it. */
                ai_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "description": null,
                 *       "environment": "staging"
                 *     }
                 */
                "application/json": components["schemas"]["ChangedAiSystem"];
            };
        };
        responses: {
            /** @description The AI system as it is now. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AiSystem"];
                };
            };
            400: components["responses"]["400.incomplete_body.invalid_body.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.csrf_refused.missing_scope.no_organisation"];
            /** @description `not_found`: the organisation has registered no AI system of this id. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            408: components["responses"]["408.body_timeout"];
            /** @description `already_exists`: the name is taken. */
            409: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "already_exists";
                        /** @constant */
                        status?: 409;
                    };
                };
            };
            413: components["responses"]["413.body_too_large"];
            415: components["responses"]["415.unsupported_media_type"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    get_audit: {
        parameters: {
            query?: {
                /** @description An action (`api_key.create`), or all of a noun (`api_key`). */
                action?: string;
                /** @description The actor's id, or its name (an e-mail address, a key's name). */
                actor?: string;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description At or after this time (RFC 3339). */
                from?: string;
                /** @description How many items at most; 50 when absent. */
                limit?: number;
                /** @description The target's id. */
                target?: string;
                /** @description Before this time (RFC 3339). */
                to?: string;
            };
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the trail. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_AuditEntry"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            404: components["responses"]["404.not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    get_dead_letters: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Made at or after this time (RFC 3339). */
                from?: string;
                /** @description How many items at most; 50 when absent. */
                limit?: number;
                /** @description `event_id_conflict`, `not_a_record` or `refused_by_store`. */
                reason?: string;
                /** @description `open` or `redriven`. */
                state?: string;
                /** @description Made before this time (RFC 3339). */
                to?: string;
            };
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of dead letters. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_DeadLetter"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            404: components["responses"]["404.not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            /**
             * @description `log_unavailable`: the event log can't be read now.
             *
             *     `store_unavailable`: The store can't be asked now.
             */
            503: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Seconds until another try may work. */
                    "Retry-After"?: number;
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "log_unavailable" | "store_unavailable";
                        /** @constant */
                        status?: 503;
                    };
                };
            };
        };
    };
    get_dead_letters_by_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path: {
                /**
                 * @description The letter's id.
                 * @example 0-41
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The letter. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WholeDeadLetter"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            /** @description `not_found`: the organisation has no dead letter of this id (any more). */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            /**
             * @description `log_unavailable`: the event log can't be read now.
             *
             *     `store_unavailable`: The store can't be asked now.
             */
            503: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Seconds until another try may work. */
                    "Retry-After"?: number;
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "log_unavailable" | "store_unavailable";
                        /** @constant */
                        status?: 503;
                    };
                };
            };
        };
    };
    post_dead_letters_by_id_redrive: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path: {
                /**
                 * @description The letter's id.
                 * @example 0-41
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record is in the log again. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0-41",
                     *       "status": "redriven"
                     *     }
                     */
                    "application/json": components["schemas"]["RedriveOne"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.csrf_refused.missing_scope.no_organisation"];
            /** @description `not_found`: the organisation has no dead letter of this id (any more). */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            /** @description `not_redrivable`: another event with its id is stored, it carries no record, or its record failed too often. */
            409: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_redrivable";
                        /** @constant */
                        status?: 409;
                    };
                };
            };
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            /** @description `log_unavailable`, `overloaded`: nothing was done. `outcome_unknown`: it may be done; doing it again does no harm. `store_unavailable`: the audit trail can't be written. */
            503: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Seconds until another try may work. */
                    "Retry-After"?: number;
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "log_unavailable" | "outcome_unknown" | "overloaded" | "store_unavailable";
                        /** @constant */
                        status?: 503;
                    };
                };
            };
        };
    };
    post_dead_letters_redrive: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RedriveOrder"];
            };
        };
        responses: {
            /** @description What became of each letter. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dry_run": false,
                     *       "failed": 1,
                     *       "left_out": [],
                     *       "more": false,
                     *       "redriven": 1,
                     *       "results": [
                     *         {
                     *           "id": "0-41",
                     *           "status": "redriven"
                     *         },
                     *         {
                     *           "code": "not_redrivable",
                     *           "detail": "Another event with its id is stored.",
                     *           "id": "0-42",
                     *           "status": "failed"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["RedriveResult"];
                };
            };
            400: components["responses"]["400.incomplete_body.invalid_body.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.csrf_refused.missing_scope.no_organisation"];
            404: components["responses"]["404.not_found"];
            408: components["responses"]["408.body_timeout"];
            413: components["responses"]["413.body_too_large"];
            415: components["responses"]["415.unsupported_media_type"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            /** @description `log_unavailable`, `overloaded`: nothing was done. `store_unavailable`: the audit trail can't be written. */
            503: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Seconds until another try may work. */
                    "Retry-After"?: number;
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "log_unavailable" | "overloaded" | "store_unavailable";
                        /** @constant */
                        status?: 503;
                    };
                };
            };
        };
    };
    get_invitations: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description How many items at most; 50 when absent. */
                limit?: number;
            };
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of invitations. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_Invitation"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            404: components["responses"]["404.not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    delete_invitations_by_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path: {
                /** @description The invitation's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is withdrawn. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            /**
             * @description `role_too_low`: nobody gives or takes more than they have themselves.
             *
             *     `address_not_allowed`: The key may not be used from this address.
             *
             *     `csrf_refused`: A browser's request that came from another site, or without its token.
             *
             *     `missing_scope`: The key or the role may not do this.
             *
             *     `no_organisation`: The person is in no organisation.
             */
            403: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "address_not_allowed" | "csrf_refused" | "missing_scope" | "no_organisation" | "role_too_low";
                        /** @constant */
                        status?: 403;
                    };
                };
            };
            /** @description `not_found`: the organisation has no open invitation of this id. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    get_keys: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description How many items at most; 50 when absent. */
                limit?: number;
            };
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of keys. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_ApiKey"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            404: components["responses"]["404.not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    post_keys: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "allowed_ips": [
                 *         "203.0.113.0/24"
                 *       ],
                 *       "name": "agent-1",
                 *       "requests_per_minute": 600,
                 *       "scopes": [
                 *         "events:write"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["NewKey"];
            };
        };
        responses: {
            /** @description Made. `key` is shown this once. */
            201: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyWithSecret"];
                };
            };
            400: components["responses"]["400.incomplete_body.invalid_body.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            /**
             * @description `role_too_low`: nobody gives a scope that they do not have; no key makes one bound less than it is.
             *
             *     `address_not_allowed`: The key may not be used from this address.
             *
             *     `csrf_refused`: A browser's request that came from another site, or without its token.
             *
             *     `missing_scope`: The key or the role may not do this.
             *
             *     `no_organisation`: The person is in no organisation.
             */
            403: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "address_not_allowed" | "csrf_refused" | "missing_scope" | "no_organisation" | "role_too_low";
                        /** @constant */
                        status?: 403;
                    };
                };
            };
            404: components["responses"]["404.not_found"];
            408: components["responses"]["408.body_timeout"];
            /** @description `already_exists`: another key that is not revoked has this name. */
            409: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "already_exists";
                        /** @constant */
                        status?: 409;
                    };
                };
            };
            413: components["responses"]["413.body_too_large"];
            415: components["responses"]["415.unsupported_media_type"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    get_keys_by_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path: {
                /** @description The key's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKey"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            /** @description `not_found`: no key of this organisation has this id. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    delete_keys_by_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path: {
                /** @description The key's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is revoked. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.csrf_refused.missing_scope.no_organisation"];
            /** @description `not_found`: no key of this organisation has this id. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    patch_keys_by_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path: {
                /** @description The key's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "agent-1 (staging)",
                 *       "requests_per_minute": null
                 *     }
                 */
                "application/json": components["schemas"]["ChangedKey"];
            };
        };
        responses: {
            /** @description The key as it is now. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKey"];
                };
            };
            400: components["responses"]["400.incomplete_body.invalid_body.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            /**
             * @description `role_too_low`: the key has, or would get, a scope that you do not have; or is you, or bound less.
             *
             *     `address_not_allowed`: The key may not be used from this address.
             *
             *     `csrf_refused`: A browser's request that came from another site, or without its token.
             *
             *     `missing_scope`: The key or the role may not do this.
             *
             *     `no_organisation`: The person is in no organisation.
             */
            403: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "address_not_allowed" | "csrf_refused" | "missing_scope" | "no_organisation" | "role_too_low";
                        /** @constant */
                        status?: 403;
                    };
                };
            };
            /** @description `not_found`: no key of this organisation has this id, or it is revoked. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            408: components["responses"]["408.body_timeout"];
            /** @description `already_exists`: another key that is not revoked has this name. */
            409: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "already_exists";
                        /** @constant */
                        status?: 409;
                    };
                };
            };
            413: components["responses"]["413.body_too_large"];
            415: components["responses"]["415.unsupported_media_type"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    post_keys_by_id_rotate: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path: {
                /** @description The key's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "overlap_seconds": 3600
                 *     }
                 */
                "application/json": components["schemas"]["Rotation"];
            };
        };
        responses: {
            /** @description Rotated. The new `key` is shown this once. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyWithSecret"];
                };
            };
            400: components["responses"]["400.incomplete_body.invalid_body.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            /**
             * @description `role_too_low`: the key has a scope that you do not have, or is bound less than yours.
             *
             *     `address_not_allowed`: The key may not be used from this address.
             *
             *     `csrf_refused`: A browser's request that came from another site, or without its token.
             *
             *     `missing_scope`: The key or the role may not do this.
             *
             *     `no_organisation`: The person is in no organisation.
             */
            403: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "address_not_allowed" | "csrf_refused" | "missing_scope" | "no_organisation" | "role_too_low";
                        /** @constant */
                        status?: 403;
                    };
                };
            };
            /** @description `not_found`: no key of this organisation has this id, or it is revoked. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            408: components["responses"]["408.body_timeout"];
            413: components["responses"]["413.body_too_large"];
            415: components["responses"]["415.unsupported_media_type"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    get_keys_by_id_usage: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path: {
                /** @description The key's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was used. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyUsage"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            /** @description `not_found`: no key of this organisation has this id. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    get_legal_holds: {
        parameters: {
            query?: {
                /** @description `true`: those that hold now; `false`: those that were released. */
                active?: boolean;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description How many items at most; 50 when absent. */
                limit?: number;
            };
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of holds. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_LegalHold"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            404: components["responses"]["404.not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    post_legal_holds: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewLegalHold"];
            };
        };
        responses: {
            /** @description It holds. */
            201: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LegalHold"];
                };
            };
            400: components["responses"]["400.incomplete_body.invalid_body.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.csrf_refused.missing_scope.no_organisation"];
            404: components["responses"]["404.not_found"];
            408: components["responses"]["408.body_timeout"];
            413: components["responses"]["413.body_too_large"];
            415: components["responses"]["415.unsupported_media_type"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    get_legal_holds_by_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path: {
                /** @description The hold's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The hold. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LegalHold"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            /** @description `not_found`: the organisation has no hold of this id. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    post_legal_holds_by_id_release: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path: {
                /** @description The hold's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "The case is closed"
                 *     }
                 */
                "application/json": components["schemas"]["NewRelease"];
            };
        };
        responses: {
            /** @description It holds no more. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LegalHold"];
                };
            };
            400: components["responses"]["400.incomplete_body.invalid_body.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.csrf_refused.missing_scope.no_organisation"];
            /** @description `not_found`: the organisation has no hold of this id. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            408: components["responses"]["408.body_timeout"];
            413: components["responses"]["413.body_too_large"];
            415: components["responses"]["415.unsupported_media_type"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    get_metrics_errors: {
        parameters: {
            query?: {
                /**
                 * @description The time up to now: an hour in steps of a minute, six in steps of 5 minutes, a day in steps of 15 minutes, a week in
                 *     steps of 2 hours.
                 * @example 24h
                 */
                period?: string;
            };
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was refused. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "codes": [
                     *         {
                     *           "code": "invalid_signature",
                     *           "items": 3,
                     *           "requests": 0
                     *         },
                     *         {
                     *           "code": "rate_limited",
                     *           "items": 0,
                     *           "requests": 1
                     *         }
                     *       ],
                     *       "from": "2026-01-31T11:01:00Z",
                     *       "period": "1h",
                     *       "series": [
                     *         {
                     *           "at": "2026-01-31T11:01:00Z",
                     *           "items": 3,
                     *           "requests": 1
                     *         }
                     *       ],
                     *       "step_s": 60,
                     *       "to": "2026-01-31T12:01:00Z",
                     *       "total": {
                     *         "items": 3,
                     *         "requests": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["MetricsErrors"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            404: components["responses"]["404.not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    get_metrics_lag: {
        parameters: {
            query?: {
                /**
                 * @description The time up to now: an hour in steps of a minute, six in steps of 5 minutes, a day in steps of 15 minutes, a week in
                 *     steps of 2 hours.
                 * @example 24h
                 */
                period?: string;
            };
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How far the store is behind. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "behind_ms": 0,
                     *       "from": "2026-01-31T11:01:00Z",
                     *       "period": "1h",
                     *       "series": [
                     *         {
                     *           "at": "2026-01-31T11:01:00Z",
                     *           "count": 2,
                     *           "max_ms": 72.408,
                     *           "mean_ms": 62.5,
                     *           "p50_ms": 60.887,
                     *           "p95_ms": 72.408,
                     *           "p99_ms": 72.408
                     *         }
                     *       ],
                     *       "step_s": 60,
                     *       "to": "2026-01-31T12:01:00Z",
                     *       "total": {
                     *         "count": 2,
                     *         "max_ms": 72.408,
                     *         "mean_ms": 62.5,
                     *         "p50_ms": 60.887,
                     *         "p95_ms": 72.408,
                     *         "p99_ms": 72.408
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["MetricsLag"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            404: components["responses"]["404.not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    get_metrics_latency: {
        parameters: {
            query?: {
                /**
                 * @description The time up to now: an hour in steps of a minute, six in steps of 5 minutes, a day in steps of 15 minutes, a week in
                 *     steps of 2 hours.
                 * @example 24h
                 */
                period?: string;
            };
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How long it took. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "from": "2026-01-31T11:01:00Z",
                     *       "period": "1h",
                     *       "series": [
                     *         {
                     *           "at": "2026-01-31T11:01:00Z",
                     *           "count": 2,
                     *           "max_ms": 4.525,
                     *           "mean_ms": 3.25,
                     *           "p50_ms": 3.2,
                     *           "p95_ms": 4.525,
                     *           "p99_ms": 4.525
                     *         }
                     *       ],
                     *       "step_s": 60,
                     *       "to": "2026-01-31T12:01:00Z",
                     *       "total": {
                     *         "count": 2,
                     *         "max_ms": 4.525,
                     *         "mean_ms": 3.25,
                     *         "p50_ms": 3.2,
                     *         "p95_ms": 4.525,
                     *         "p99_ms": 4.525
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["MetricsLatency"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            404: components["responses"]["404.not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    get_metrics_redactions: {
        parameters: {
            query?: {
                /**
                 * @description The time up to now: an hour in steps of a minute, six in steps of 5 minutes, a day in steps of 15 minutes, a week in
                 *     steps of 2 hours.
                 * @example 24h
                 */
                period?: string;
            };
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was hidden. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "from": "2026-01-31T11:01:00Z",
                     *       "kinds": [
                     *         {
                     *           "count": 2,
                     *           "kind": "email"
                     *         },
                     *         {
                     *           "count": 1,
                     *           "kind": "phone"
                     *         }
                     *       ],
                     *       "period": "1h",
                     *       "series": [
                     *         {
                     *           "at": "2026-01-31T11:01:00Z",
                     *           "count": 3
                     *         }
                     *       ],
                     *       "step_s": 60,
                     *       "to": "2026-01-31T12:01:00Z",
                     *       "total": 3
                     *     }
                     */
                    "application/json": components["schemas"]["MetricsRedactions"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            404: components["responses"]["404.not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    get_metrics_throughput: {
        parameters: {
            query?: {
                /**
                 * @description The time up to now: an hour in steps of a minute, six in steps of 5 minutes, a day in steps of 15 minutes, a week in
                 *     steps of 2 hours.
                 * @example 24h
                 */
                period?: string;
            };
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How much came. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "by_type": [
                     *         {
                     *           "event_bytes": 1834,
                     *           "event_type": "ai.response",
                     *           "events": 2
                     *         }
                     *       ],
                     *       "from": "2026-01-31T11:01:00Z",
                     *       "period": "1h",
                     *       "series": [
                     *         {
                     *           "at": "2026-01-31T11:01:00Z",
                     *           "event_bytes": 1834,
                     *           "events": 2,
                     *           "message_bytes": 61,
                     *           "messages": 1
                     *         }
                     *       ],
                     *       "step_s": 60,
                     *       "to": "2026-01-31T12:01:00Z",
                     *       "total": {
                     *         "event_bytes": 1834,
                     *         "events": 2,
                     *         "message_bytes": 61,
                     *         "messages": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["MetricsThroughput"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            404: components["responses"]["404.not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    get_metrics_top_ai_systems: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /**
                 * @description The time up to now: an hour in steps of a minute, six in steps of 5 minutes, a day in steps of 15 minutes, a week in
                 *     steps of 2 hours.
                 * @example 24h
                 */
                period?: string;
            };
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description AI systems, most events first. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "from": "2026-01-31T11:01:00Z",
                     *       "items": [
                     *         {
                     *           "ai_id": "01980a5e-7d7a-7c1e-b5f8-3f1c2a9d4e60",
                     *           "bytes": 1834,
                     *           "events": 2
                     *         }
                     *       ],
                     *       "other": {
                     *         "bytes": 0,
                     *         "events": 0
                     *       },
                     *       "period": "1h",
                     *       "step_s": 60,
                     *       "to": "2026-01-31T12:01:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["MetricsTopAiSystems"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            404: components["responses"]["404.not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    get_metrics_top_error_types: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /**
                 * @description The time up to now: an hour in steps of a minute, six in steps of 5 minutes, a day in steps of 15 minutes, a week in
                 *     steps of 2 hours.
                 * @example 24h
                 */
                period?: string;
            };
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Kinds of errors, most events first. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "from": "2026-01-31T11:01:00Z",
                     *       "items": [
                     *         {
                     *           "code": "timeout",
                     *           "events": 7
                     *         },
                     *         {
                     *           "code": "rate_limited",
                     *           "events": 2
                     *         }
                     *       ],
                     *       "other": {
                     *         "events": 0
                     *       },
                     *       "period": "1h",
                     *       "step_s": 60,
                     *       "to": "2026-01-31T12:01:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["MetricsTopErrorTypes"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            404: components["responses"]["404.not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    get_metrics_top_topics: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /**
                 * @description The time up to now: an hour in steps of a minute, six in steps of 5 minutes, a day in steps of 15 minutes, a week in
                 *     steps of 2 hours.
                 * @example 24h
                 */
                period?: string;
            };
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Topics, most messages first. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "from": "2026-01-31T11:01:00Z",
                     *       "items": [
                     *         {
                     *           "bytes": 73200,
                     *           "messages": 1200,
                     *           "topic": "orders"
                     *         },
                     *         {
                     *           "bytes": 1834,
                     *           "messages": 2,
                     *           "topic": "aibbar.events"
                     *         }
                     *       ],
                     *       "period": "1h",
                     *       "step_s": 60,
                     *       "to": "2026-01-31T12:01:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["MetricsTopTopics"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            404: components["responses"]["404.not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    get_metrics_topics_by_name: {
        parameters: {
            query?: {
                /**
                 * @description The time up to now: an hour in steps of a minute, six in steps of 5 minutes, a day in steps of 15 minutes, a week in
                 *     steps of 2 hours.
                 * @example 24h
                 */
                period?: string;
            };
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path: {
                /** @description The topic's name. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How its messages came. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "from": "2026-01-31T11:01:00Z",
                     *       "period": "1h",
                     *       "series": [
                     *         {
                     *           "at": "2026-01-31T11:01:00Z",
                     *           "bytes": 122,
                     *           "messages": 2,
                     *           "refused": 1
                     *         }
                     *       ],
                     *       "step_s": 60,
                     *       "to": "2026-01-31T12:01:00Z",
                     *       "topic": "orders",
                     *       "total": {
                     *         "bytes": 122,
                     *         "messages": 2,
                     *         "refused": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["MetricsTopic"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            /** @description `not_found`: the organisation has no topic of this name. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    get_organisation: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The organisation. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganisationSettings"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            404: components["responses"]["404.not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    patch_organisation: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "registered_systems_only": false
                 *     }
                 */
                "application/json": components["schemas"]["ChangedOrganisation"];
            };
        };
        responses: {
            /** @description The organisation as it is now. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganisationSettings"];
                };
            };
            400: components["responses"]["400.incomplete_body.invalid_body.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.csrf_refused.missing_scope.no_organisation"];
            404: components["responses"]["404.not_found"];
            408: components["responses"]["408.body_timeout"];
            /** @description `already_exists`: another organisation has this name. */
            409: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "already_exists";
                        /** @constant */
                        status?: 409;
                    };
                };
            };
            413: components["responses"]["413.body_too_large"];
            415: components["responses"]["415.unsupported_media_type"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    post_organisation_leave: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description You belong to it no more. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            /**
             * @description `role_too_low`: an API key belongs to its organisation; people leave.
             *
             *     `address_not_allowed`: The key may not be used from this address.
             *
             *     `csrf_refused`: A browser's request that came from another site, or without its token.
             *
             *     `missing_scope`: The key or the role may not do this.
             *
             *     `no_organisation`: The person is in no organisation.
             */
            403: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "address_not_allowed" | "csrf_refused" | "missing_scope" | "no_organisation" | "role_too_low";
                        /** @constant */
                        status?: 403;
                    };
                };
            };
            404: components["responses"]["404.not_found"];
            /** @description `last_owner`: make somebody else an owner first. */
            409: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "last_owner";
                        /** @constant */
                        status?: 409;
                    };
                };
            };
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    post_organisation_transfer: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Transfer"];
            };
        };
        responses: {
            /** @description It is done. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.incomplete_body.invalid_body.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            /**
             * @description `role_too_low`: only an owner, signed in, gives ownership away.
             *
             *     `address_not_allowed`: The key may not be used from this address.
             *
             *     `csrf_refused`: A browser's request that came from another site, or without its token.
             *
             *     `missing_scope`: The key or the role may not do this.
             *
             *     `no_organisation`: The person is in no organisation.
             */
            403: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "address_not_allowed" | "csrf_refused" | "missing_scope" | "no_organisation" | "role_too_low";
                        /** @constant */
                        status?: 403;
                    };
                };
            };
            /** @description `not_found`: the organisation has no member of this id. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            408: components["responses"]["408.body_timeout"];
            413: components["responses"]["413.body_too_large"];
            415: components["responses"]["415.unsupported_media_type"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    get_organisations: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description How many items at most; 50 when absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of organisations. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_Membership"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    post_organisations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "analytical engines"
                 *     }
                 */
                "application/json": components["schemas"]["NewOrganisation"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Membership"];
                };
            };
            400: components["responses"]["400.incomplete_body.invalid_body"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            /**
             * @description `role_too_low`: you belong to as many organisations as a person may.
             *
             *     `csrf_refused`: A browser's request that came from another site, or without its token.
             */
            403: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "csrf_refused" | "role_too_low";
                        /** @constant */
                        status?: 403;
                    };
                };
            };
            408: components["responses"]["408.body_timeout"];
            /** @description `already_exists`: another organisation has this name. */
            409: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "already_exists";
                        /** @constant */
                        status?: 409;
                    };
                };
            };
            413: components["responses"]["413.body_too_large"];
            415: components["responses"]["415.unsupported_media_type"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    get_redaction: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What holds. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Redaction"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            404: components["responses"]["404.not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    put_redaction: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "modes": {
                 *         "email": "pseudonym",
                 *         "ip_address": "mask"
                 *       },
                 *       "rules": [
                 *         {
                 *           "mode": "pseudonym",
                 *           "name": "employee_id",
                 *           "pattern": "EMP-[0-9]{6}"
                 *         },
                 *         {
                 *           "name": "user",
                 *           "pointer": "/metadata/user_id"
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["RedactionSettings"];
            };
        };
        responses: {
            /** @description What holds now. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Redaction"];
                };
            };
            400: components["responses"]["400.incomplete_body.invalid_body.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.csrf_refused.missing_scope.no_organisation"];
            404: components["responses"]["404.not_found"];
            408: components["responses"]["408.body_timeout"];
            413: components["responses"]["413.body_too_large"];
            415: components["responses"]["415.unsupported_media_type"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    post_redaction_preview: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RedactionSample"];
            };
        };
        responses: {
            /** @description What would be hidden. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RedactionPreview"];
                };
            };
            400: components["responses"]["400.incomplete_body.invalid_body.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.csrf_refused.missing_scope.no_organisation"];
            404: components["responses"]["404.not_found"];
            408: components["responses"]["408.body_timeout"];
            413: components["responses"]["413.body_too_large"];
            415: components["responses"]["415.unsupported_media_type"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    post_redaction_pseudonym_key_erase: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "organisation": "acme"
                 *     }
                 */
                "application/json": components["schemas"]["ErasedPseudonymKey"];
            };
        };
        responses: {
            /** @description It is gone; another is in its place. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PseudonymKeyErased"];
                };
            };
            400: components["responses"]["400.incomplete_body.invalid_body.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.csrf_refused.missing_scope.no_organisation"];
            /** @description `not_found`: the organisation never had one. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            408: components["responses"]["408.body_timeout"];
            413: components["responses"]["413.body_too_large"];
            415: components["responses"]["415.unsupported_media_type"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    get_retention: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What holds. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Retention"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            404: components["responses"]["404.not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    put_retention: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RetentionSettings"];
            };
        };
        responses: {
            /** @description What holds now. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Retention"];
                };
            };
            400: components["responses"]["400.incomplete_body.invalid_body.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.csrf_refused.missing_scope.no_organisation"];
            404: components["responses"]["404.not_found"];
            408: components["responses"]["408.body_timeout"];
            413: components["responses"]["413.body_too_large"];
            415: components["responses"]["415.unsupported_media_type"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    get_signing_keys: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description How many items at most; 50 when absent. */
                limit?: number;
            };
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of keys. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_SigningKey"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            404: components["responses"]["404.not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    post_signing_keys: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "key_id": "agent-2026"
                 *     }
                 */
                "application/json": components["schemas"]["NewSigningKey"];
            };
        };
        responses: {
            /** @description Made. `secret` is shown this once. */
            201: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SigningKeyWithSecret"];
                };
            };
            400: components["responses"]["400.incomplete_body.invalid_body.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.csrf_refused.missing_scope.no_organisation"];
            404: components["responses"]["404.not_found"];
            408: components["responses"]["408.body_timeout"];
            /** @description `already_exists`: a key of this name is there, or was. */
            409: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "already_exists";
                        /** @constant */
                        status?: 409;
                    };
                };
            };
            413: components["responses"]["413.body_too_large"];
            415: components["responses"]["415.unsupported_media_type"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    get_signing_keys_by_key_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path: {
                /** @description The key's name in events. */
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SigningKey"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            /** @description `not_found`: the organisation has no signing key of this name. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    delete_signing_keys_by_key_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path: {
                /** @description The key's name in events. */
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is revoked, now or before. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.csrf_refused.missing_scope.no_organisation"];
            /** @description `not_found`: the organisation has no signing key of this name. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    patch_signing_keys_by_key_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path: {
                /** @description The key's name in events. */
                key_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "is_default": true
                 *     }
                 */
                "application/json": components["schemas"]["DefaultChange"];
            };
        };
        responses: {
            /** @description The key as it is now. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SigningKey"];
                };
            };
            400: components["responses"]["400.incomplete_body.invalid_body.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.csrf_refused.missing_scope.no_organisation"];
            /** @description `not_found`: no signing key that is not revoked has this name. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            408: components["responses"]["408.body_timeout"];
            413: components["responses"]["413.body_too_large"];
            415: components["responses"]["415.unsupported_media_type"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    post_signing_keys_by_key_id_rotate: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path: {
                /** @description The key's name in events. */
                key_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "verify_for_seconds": 3600
                 *     }
                 */
                "application/json": components["schemas"]["SigningRotation"];
            };
        };
        responses: {
            /** @description Rotated. The new `secret` is shown this once. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SigningKeyWithSecret"];
                };
            };
            400: components["responses"]["400.incomplete_body.invalid_body.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.csrf_refused.missing_scope.no_organisation"];
            /** @description `not_found`: no signing key that is not revoked has this name. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            408: components["responses"]["408.body_timeout"];
            413: components["responses"]["413.body_too_large"];
            415: components["responses"]["415.unsupported_media_type"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    post_stream_tickets: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ticket. */
            201: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StreamTicket"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.csrf_refused.missing_scope.no_organisation"];
            404: components["responses"]["404.not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    get_topics: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description How many items at most; 50 when absent. */
                limit?: number;
            };
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of topics. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_Topic"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            404: components["responses"]["404.not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    post_topics: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTopic"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Topic"];
                };
            };
            400: components["responses"]["400.incomplete_body.invalid_body.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            /**
             * @description `reserved_topic`: `aibbar.events` is there for everybody.
             *
             *     `address_not_allowed`: The key may not be used from this address.
             *
             *     `csrf_refused`: A browser's request that came from another site, or without its token.
             *
             *     `missing_scope`: The key or the role may not do this.
             *
             *     `no_organisation`: The person is in no organisation.
             */
            403: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "address_not_allowed" | "csrf_refused" | "missing_scope" | "no_organisation" | "reserved_topic";
                        /** @constant */
                        status?: 403;
                    };
                };
            };
            404: components["responses"]["404.not_found"];
            408: components["responses"]["408.body_timeout"];
            /** @description `already_exists`: there is one of this name, or one that differs in `.` and `_` alone, which a log can't tell from it. */
            409: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "already_exists";
                        /** @constant */
                        status?: 409;
                    };
                };
            };
            413: components["responses"]["413.body_too_large"];
            415: components["responses"]["415.unsupported_media_type"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            /**
             * @description `log_unavailable`: the log can't make it now; nothing was made.
             *
             *     `store_unavailable`: The store can't be asked now.
             */
            503: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Seconds until another try may work. */
                    "Retry-After"?: number;
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "log_unavailable" | "store_unavailable";
                        /** @constant */
                        status?: 503;
                    };
                };
            };
        };
    };
    get_topics_by_name: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path: {
                /** @description Its name. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The topic. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TopicDescribed"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            /** @description `not_found`: the organisation has no topic of this name. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            /**
             * @description `log_unavailable`: the log can't be asked now.
             *
             *     `store_unavailable`: The store can't be asked now.
             */
            503: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Seconds until another try may work. */
                    "Retry-After"?: number;
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "log_unavailable" | "store_unavailable";
                        /** @constant */
                        status?: 503;
                    };
                };
            };
        };
    };
    delete_topics_by_name: {
        parameters: {
            query?: {
                /** @description Its name again. */
                confirm?: string;
            };
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path: {
                /** @description Its name. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is deleted. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_parameter`: `confirm` is not the topic's name. */
            400: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_parameter";
                        /** @constant */
                        status?: 400;
                    };
                };
            };
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            /**
             * @description `reserved_topic`: `aibbar.events` is GAPIN's own.
             *
             *     `address_not_allowed`: The key may not be used from this address.
             *
             *     `csrf_refused`: A browser's request that came from another site, or without its token.
             *
             *     `missing_scope`: The key or the role may not do this.
             *
             *     `no_organisation`: The person is in no organisation.
             */
            403: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "address_not_allowed" | "csrf_refused" | "missing_scope" | "no_organisation" | "reserved_topic";
                        /** @constant */
                        status?: 403;
                    };
                };
            };
            /** @description `not_found`: the organisation has no topic of this name. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    patch_topics_by_name: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path: {
                /** @description Its name. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "partitions": 12,
                 *       "retention_days": 30
                 *     }
                 */
                "application/json": components["schemas"]["ChangedTopic"];
            };
        };
        responses: {
            /** @description The topic as it is now. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Topic"];
                };
            };
            400: components["responses"]["400.incomplete_body.invalid_body.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            /**
             * @description `reserved_topic`: `aibbar.events` is GAPIN's own.
             *
             *     `address_not_allowed`: The key may not be used from this address.
             *
             *     `csrf_refused`: A browser's request that came from another site, or without its token.
             *
             *     `missing_scope`: The key or the role may not do this.
             *
             *     `no_organisation`: The person is in no organisation.
             */
            403: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "address_not_allowed" | "csrf_refused" | "missing_scope" | "no_organisation" | "reserved_topic";
                        /** @constant */
                        status?: 403;
                    };
                };
            };
            /** @description `not_found`: the organisation has no topic of this name. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            408: components["responses"]["408.body_timeout"];
            /** @description `not_compacted`: a topic that was made without compaction stays without. */
            409: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_compacted";
                        /** @constant */
                        status?: 409;
                    };
                };
            };
            413: components["responses"]["413.body_too_large"];
            415: components["responses"]["415.unsupported_media_type"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            /**
             * @description `log_unavailable`: the change is kept, and the log follows once it can.
             *
             *     `store_unavailable`: The store can't be asked now.
             */
            503: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Seconds until another try may work. */
                    "Retry-After"?: number;
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "log_unavailable" | "store_unavailable";
                        /** @constant */
                        status?: 503;
                    };
                };
            };
        };
    };
    get_topics_by_name_consumers: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description How many items at most; 50 when absent. */
                limit?: number;
            };
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path: {
                /** @description The topic, as the organisation calls it. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of groups. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_ConsumerGroup"];
                };
            };
            /** @description `invalid_parameter`: a parameter is unknown or wrong. */
            400: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_parameter";
                        /** @constant */
                        status?: 400;
                    };
                };
            };
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            /** @description `not_found`: the organisation has no topic of this name. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            /** @description `log_unavailable`: the log can't be asked now. `store_unavailable`: the topic can't be looked up. */
            503: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Seconds until another try may work. */
                    "Retry-After"?: number;
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "log_unavailable" | "store_unavailable";
                        /** @constant */
                        status?: 503;
                    };
                };
            };
        };
    };
    post_topics_by_name_consumers_by_group_reset: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path: {
                /**
                 * @description The group.
                 * @example archive
                 */
                group: string;
                /** @description The topic, as the organisation calls it. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reset"];
            };
        };
        responses: {
            /** @description Where the group goes on. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dry_run": false,
                     *       "partitions": [
                     *         {
                     *           "from": 83,
                     *           "partition": 0,
                     *           "to": 41
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ResetDone"];
                };
            };
            /**
             * @description `invalid_body`: `to` is no place. `invalid_parameter`: the group's name is none.
             *
             *     `incomplete_body`: The body did not arrive whole.
             */
            400: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "incomplete_body" | "invalid_body" | "invalid_parameter";
                        /** @constant */
                        status?: 400;
                    };
                };
            };
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.csrf_refused.missing_scope.no_organisation"];
            /** @description `not_found`: the organisation has no topic of this name. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            408: components["responses"]["408.body_timeout"];
            /** @description `group_active`: the group has members. */
            409: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "group_active";
                        /** @constant */
                        status?: 409;
                    };
                };
            };
            413: components["responses"]["413.body_too_large"];
            415: components["responses"]["415.unsupported_media_type"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            /** @description `log_unavailable`: the log can't do it now. `store_unavailable`: the audit trail can't be written. */
            503: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Seconds until another try may work. */
                    "Retry-After"?: number;
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "log_unavailable" | "store_unavailable";
                        /** @constant */
                        status?: 503;
                    };
                };
            };
        };
    };
    get_views: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description How many items at most; 50 when absent. */
                limit?: number;
                /**
                 * @description Of this page of the dashboard.
                 * @example live
                 */
                page?: string;
            };
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of views, oldest first. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_View"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.no_organisation"];
            404: components["responses"]["404.not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    post_views: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "errors of today",
                 *       "page": "live",
                 *       "query": "type=ai.error&range=24h",
                 *       "shared": false
                 *     }
                 */
                "application/json": components["schemas"]["NewView"];
            };
        };
        responses: {
            /** @description Saved. */
            201: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["View"];
                };
            };
            400: components["responses"]["400.incomplete_body.invalid_body.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.csrf_refused.no_organisation"];
            404: components["responses"]["404.not_found"];
            408: components["responses"]["408.body_timeout"];
            /** @description `already_exists`: you have a view of this name for this page. */
            409: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "already_exists";
                        /** @constant */
                        status?: 409;
                    };
                };
            };
            413: components["responses"]["413.body_too_large"];
            415: components["responses"]["415.unsupported_media_type"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    delete_views_by_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path: {
                /** @description The view's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            /**
             * @description `role_too_low`: it is another's, who shares it.
             *
             *     `csrf_refused`: A browser's request that came from another site, or without its token.
             *
             *     `no_organisation`: The person is in no organisation.
             */
            403: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "csrf_refused" | "no_organisation" | "role_too_low";
                        /** @constant */
                        status?: 403;
                    };
                };
            };
            /** @description `not_found`: you see no view of this id. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    patch_views_by_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path: {
                /** @description The view's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "errors",
                 *       "shared": true
                 *     }
                 */
                "application/json": components["schemas"]["ChangedView"];
            };
        };
        responses: {
            /** @description The view as it is now. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["View"];
                };
            };
            400: components["responses"]["400.incomplete_body.invalid_body.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            /**
             * @description `role_too_low`: it is another's, who shares it.
             *
             *     `csrf_refused`: A browser's request that came from another site, or without its token.
             *
             *     `no_organisation`: The person is in no organisation.
             */
            403: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "csrf_refused" | "no_organisation" | "role_too_low";
                        /** @constant */
                        status?: 403;
                    };
                };
            };
            /** @description `not_found`: you see no view of this id. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            408: components["responses"]["408.body_timeout"];
            /** @description `already_exists`: its owner has a view of this name for this page. */
            409: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "already_exists";
                        /** @constant */
                        status?: 409;
                    };
                };
            };
            413: components["responses"]["413.body_too_large"];
            415: components["responses"]["415.unsupported_media_type"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    post_auth_invitations_accept: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Acceptance"];
            };
        };
        responses: {
            /** @description The organisation that you now belong to. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Membership"];
                };
            };
            /**
             * @description `invalid_one_time_token`: unknown, used, too old, or for somebody else.
             *
             *     `incomplete_body`: The body did not arrive whole.
             *
             *     `invalid_body`: The JSON body is not what the route takes; each fault is listed.
             */
            400: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "incomplete_body" | "invalid_body" | "invalid_one_time_token";
                        /** @constant */
                        status?: 400;
                    };
                };
            };
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.csrf_refused"];
            408: components["responses"]["408.body_timeout"];
            413: components["responses"]["413.body_too_large"];
            415: components["responses"]["415.unsupported_media_type"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    post_auth_login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com",
                 *       "password": "a quiet harbour"
                 *     }
                 */
                "application/json": components["schemas"]["Login"];
            };
        };
        responses: {
            /** @description Signed in. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            /**
             * @description `invalid_body`.
             *
             *     `incomplete_body`: The body did not arrive whole.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "incomplete_body" | "invalid_body";
                        /** @constant */
                        status?: 400;
                    };
                };
            };
            /** @description `invalid_credentials`. */
            401: {
                headers: {
                    /** @description How to show who calls. */
                    "WWW-Authenticate"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_credentials";
                        /** @constant */
                        status?: 401;
                    };
                };
            };
            /** @description `csrf_refused`: a browser's request from another site. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "csrf_refused";
                        /** @constant */
                        status?: 403;
                    };
                };
            };
            408: components["responses"]["408.unlimited.body_timeout"];
            413: components["responses"]["413.unlimited.body_too_large"];
            415: components["responses"]["415.unlimited.unsupported_media_type"];
            /**
             * @description `too_many_attempts`: from this address, or for this account.
             *
             *     `rate_limited`: Too many requests in a minute.
             */
            429: {
                headers: {
                    /** @description Seconds until another try is right. */
                    "Retry-After"?: number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "rate_limited" | "too_many_attempts";
                        /** @constant */
                        status?: 429;
                    };
                };
            };
            500: components["responses"]["500.unlimited.internal"];
            /**
             * @description `overloaded`: too many people are signing in.
             *
             *     `store_unavailable`: The store can't be asked now.
             */
            503: {
                headers: {
                    /** @description Seconds until another try may work. */
                    "Retry-After"?: number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "overloaded" | "store_unavailable";
                        /** @constant */
                        status?: 503;
                    };
                };
            };
        };
    };
    post_auth_logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out; a browser's cookies are gone. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_body`, `incomplete_body`: of a refresh token. */
            400: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "incomplete_body" | "invalid_body";
                        /** @constant */
                        status?: 400;
                    };
                };
            };
            /**
             * @description `invalid_refresh_token`: of a session that has ended, or of none.
             *
             *     `invalid_access_token`: The access token is not one, or its session has ended.
             *
             *     `invalid_api_key`: The key is not one, is unknown, expired or revoked.
             *
             *     `missing_api_key`: Neither a key nor an access token was sent.
             */
            401: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description How to show who calls. */
                    "WWW-Authenticate"?: string;
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_access_token" | "invalid_api_key" | "invalid_refresh_token" | "missing_api_key";
                        /** @constant */
                        status?: 401;
                    };
                };
            };
            403: components["responses"]["403.csrf_refused"];
            /** @description `body_timeout`: the refresh token did not arrive in time. */
            408: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "body_timeout";
                        /** @constant */
                        status?: 408;
                    };
                };
            };
            /** @description `body_too_large`: that is no refresh token. */
            413: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "body_too_large";
                        /** @constant */
                        status?: 413;
                    };
                };
            };
            /** @description `unsupported_media_type`: a refresh token comes as JSON. */
            415: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "unsupported_media_type";
                        /** @constant */
                        status?: 415;
                    };
                };
            };
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    post_auth_logout_all: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out everywhere; a browser's cookies are gone. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.csrf_refused"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    get_auth_oauth_by_provider_callback: {
        parameters: {
            query?: {
                /** @description Of the provider's, good once. */
                code?: string;
                /**
                 * @description Why there is no code: the person declined, …
                 * @example access_denied
                 */
                error?: string;
                /** @description As it was given to the provider. */
                state?: string;
            };
            header?: never;
            path: {
                /**
                 * @description `google` or `github`.
                 * @example google
                 */
                provider: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed in: what a program is answered. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            /** @description Signed in: a browser goes on to `return_to`. Refused: one goes to the dashboard's sign-in page, where there is one, with the code of the problem as `refused`. */
            302: {
                headers: {
                    /** @description The `return_to` of the start, or `/login`. */
                    Location?: string;
                    /** @description The session's cookies. */
                    "Set-Cookie"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description `provider_sign_in_failed`: it was not begun in this browser, was begun too long ago or declined, the provider does not confirm it, or has not verified the person's address.
             *
             *     `invalid_parameter`: A query parameter is unknown or wrong.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_parameter" | "provider_sign_in_failed";
                        /** @constant */
                        status?: 400;
                    };
                };
            };
            /** @description `registration_closed`: nobody has this address here, and strangers make no accounts. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "registration_closed";
                        /** @constant */
                        status?: 403;
                    };
                };
            };
            /** @description `not_found`: there is no such provider, or it is not configured here. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            /**
             * @description `too_many_attempts`: too many that failed came from this address.
             *
             *     `rate_limited`: Too many requests in a minute.
             */
            429: {
                headers: {
                    /** @description Seconds until another try is right. */
                    "Retry-After"?: number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "rate_limited" | "too_many_attempts";
                        /** @constant */
                        status?: 429;
                    };
                };
            };
            500: components["responses"]["500.unlimited.internal"];
            /** @description `provider_unavailable`, `overloaded`: the provider can't be asked now. */
            503: {
                headers: {
                    /** @description Seconds until another try may work. */
                    "Retry-After"?: number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "overloaded" | "provider_unavailable";
                        /** @constant */
                        status?: 503;
                    };
                };
            };
        };
    };
    get_auth_oauth_by_provider_start: {
        parameters: {
            query?: {
                /**
                 * @description Where the browser goes once it is signed in: a path of this site. Absent: `/`.
                 * @example /events
                 */
                return_to?: string;
            };
            header?: never;
            path: {
                /**
                 * @description `google` or `github`.
                 * @example google
                 */
                provider: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Go to the provider; or, when that can't be begun, a browser goes to the dashboard's sign-in page. */
            302: {
                headers: {
                    /** @description The provider's page, with state, PKCE challenge and nonce. */
                    Location?: string;
                    /** @description `__Host-gapin_flow_google` or `__Host-gapin_flow_github`. */
                    "Set-Cookie"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_parameter`: `return_to` is no path of this site, or there is another parameter. */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_parameter";
                        /** @constant */
                        status?: 400;
                    };
                };
            };
            /** @description `not_found`: there is no such provider, or it is not configured here. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            429: components["responses"]["429.unlimited.rate_limited"];
            500: components["responses"]["500.unlimited.internal"];
            /** @description `provider_unavailable`: the provider can't be asked now. */
            503: {
                headers: {
                    /** @description Seconds until another try may work. */
                    "Retry-After"?: number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "provider_unavailable";
                        /** @constant */
                        status?: 503;
                    };
                };
            };
        };
    };
    post_auth_password_forgot: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com"
                 *     }
                 */
                "application/json": components["schemas"]["ForgottenPassword"];
            };
        };
        responses: {
            /** @description An e-mail is on its way, if there is such an account. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "If there is such an account, a link is on its way."
                     *     }
                     */
                    "application/json": components["schemas"]["LetterSent"];
                };
            };
            /**
             * @description `invalid_body`.
             *
             *     `incomplete_body`: The body did not arrive whole.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "incomplete_body" | "invalid_body";
                        /** @constant */
                        status?: 400;
                    };
                };
            };
            /** @description `csrf_refused`. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "csrf_refused";
                        /** @constant */
                        status?: 403;
                    };
                };
            };
            408: components["responses"]["408.unlimited.body_timeout"];
            413: components["responses"]["413.unlimited.body_too_large"];
            415: components["responses"]["415.unlimited.unsupported_media_type"];
            /**
             * @description `too_many_attempts`.
             *
             *     `rate_limited`: Too many requests in a minute.
             */
            429: {
                headers: {
                    /** @description Seconds until another try is right. */
                    "Retry-After"?: number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "rate_limited" | "too_many_attempts";
                        /** @constant */
                        status?: 429;
                    };
                };
            };
            500: components["responses"]["500.unlimited.internal"];
            /**
             * @description `email_unavailable`; `overloaded`.
             *
             *     `store_unavailable`: The store can't be asked now.
             */
            503: {
                headers: {
                    /** @description Seconds until another try may work. */
                    "Retry-After"?: number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "email_unavailable" | "overloaded" | "store_unavailable";
                        /** @constant */
                        status?: 503;
                    };
                };
            };
        };
    };
    post_auth_password_reset: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "a louder harbour",
                 *       "token": "pr_b0Zk1c2VjbGVhbmJyaWdodGx5c2hpbmluZ3NlYXNpZGU"
                 *     }
                 */
                "application/json": components["schemas"]["PasswordReset"];
            };
        };
        responses: {
            /** @description Set: sign in with it. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description `invalid_body`; `invalid_one_time_token`.
             *
             *     `incomplete_body`: The body did not arrive whole.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "incomplete_body" | "invalid_body" | "invalid_one_time_token";
                        /** @constant */
                        status?: 400;
                    };
                };
            };
            /** @description `csrf_refused`. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "csrf_refused";
                        /** @constant */
                        status?: 403;
                    };
                };
            };
            408: components["responses"]["408.unlimited.body_timeout"];
            413: components["responses"]["413.unlimited.body_too_large"];
            415: components["responses"]["415.unlimited.unsupported_media_type"];
            /**
             * @description `too_many_attempts`.
             *
             *     `rate_limited`: Too many requests in a minute.
             */
            429: {
                headers: {
                    /** @description Seconds until another try is right. */
                    "Retry-After"?: number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "rate_limited" | "too_many_attempts";
                        /** @constant */
                        status?: 429;
                    };
                };
            };
            500: components["responses"]["500.unlimited.internal"];
            /**
             * @description `overloaded`.
             *
             *     `store_unavailable`: The store can't be asked now.
             */
            503: {
                headers: {
                    /** @description Seconds until another try may work. */
                    "Retry-After"?: number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "overloaded" | "store_unavailable";
                        /** @constant */
                        status?: 503;
                    };
                };
            };
        };
    };
    get_auth_providers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Those that are configured; often none. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInProviders"];
                };
            };
            429: components["responses"]["429.unlimited.rate_limited"];
            500: components["responses"]["500.unlimited.internal"];
        };
    };
    post_auth_refresh: {
        parameters: {
            query?: never;
            header?: {
                /** @description Browsers: the value of the cookie `__Host-gapin_csrf`. */
                "X-CSRF-Token"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "refresh_token": "rt_c29tZXRoaXJ0eXR3b3JhbmRvbWJ5dGVzb2Zhc2Vzc2lvbg"
                 *     }
                 */
                "application/json": components["schemas"]["RefreshRequest"];
            };
        };
        responses: {
            /** @description The next tokens. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            /**
             * @description `invalid_body`.
             *
             *     `incomplete_body`: The body did not arrive whole.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "incomplete_body" | "invalid_body";
                        /** @constant */
                        status?: 400;
                    };
                };
            };
            /** @description `invalid_refresh_token`: sign in again. */
            401: {
                headers: {
                    /** @description How to show who calls. */
                    "WWW-Authenticate"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_refresh_token";
                        /** @constant */
                        status?: 401;
                    };
                };
            };
            /** @description `csrf_refused`. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "csrf_refused";
                        /** @constant */
                        status?: 403;
                    };
                };
            };
            408: components["responses"]["408.unlimited.body_timeout"];
            413: components["responses"]["413.unlimited.body_too_large"];
            415: components["responses"]["415.unlimited.unsupported_media_type"];
            429: components["responses"]["429.unlimited.rate_limited"];
            500: components["responses"]["500.unlimited.internal"];
            503: components["responses"]["503.unlimited.store_unavailable"];
        };
    };
    post_auth_register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com",
                 *       "name": "Ada Lovelace",
                 *       "password": "a quiet harbour"
                 *     }
                 */
                "application/json": components["schemas"]["Registration"];
            };
        };
        responses: {
            /** @description Registered by an invitation, and signed in. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            /** @description An e-mail is on its way. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "Look into your mail: a link is on its way."
                     *     }
                     */
                    "application/json": components["schemas"]["LetterSent"];
                };
            };
            /**
             * @description `invalid_body`; `invalid_one_time_token`: the invitation is not good, or to another address.
             *
             *     `incomplete_body`: The body did not arrive whole.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "incomplete_body" | "invalid_body" | "invalid_one_time_token";
                        /** @constant */
                        status?: 400;
                    };
                };
            };
            /** @description `registration_closed`: accounts are made by invitation; `csrf_refused`. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "csrf_refused" | "registration_closed";
                        /** @constant */
                        status?: 403;
                    };
                };
            };
            408: components["responses"]["408.unlimited.body_timeout"];
            /** @description `already_exists`: the invited address has an account; sign in and accept there. */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "already_exists";
                        /** @constant */
                        status?: 409;
                    };
                };
            };
            413: components["responses"]["413.unlimited.body_too_large"];
            415: components["responses"]["415.unlimited.unsupported_media_type"];
            /**
             * @description `too_many_attempts`.
             *
             *     `rate_limited`: Too many requests in a minute.
             */
            429: {
                headers: {
                    /** @description Seconds until another try is right. */
                    "Retry-After"?: number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "rate_limited" | "too_many_attempts";
                        /** @constant */
                        status?: 429;
                    };
                };
            };
            500: components["responses"]["500.unlimited.internal"];
            /**
             * @description `email_unavailable`; `overloaded`.
             *
             *     `store_unavailable`: The store can't be asked now.
             */
            503: {
                headers: {
                    /** @description Seconds until another try may work. */
                    "Retry-After"?: number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "email_unavailable" | "overloaded" | "store_unavailable";
                        /** @constant */
                        status?: 503;
                    };
                };
            };
        };
    };
    post_auth_verify_email: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "ve_b0Zk1c2VjbGVhbmJyaWdodGx5c2hpbmluZ3NlYXNpZGU"
                 *     }
                 */
                "application/json": components["schemas"]["LinkToken"];
            };
        };
        responses: {
            /** @description Confirmed, and signed in. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            /**
             * @description `invalid_body`; `invalid_one_time_token`.
             *
             *     `incomplete_body`: The body did not arrive whole.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "incomplete_body" | "invalid_body" | "invalid_one_time_token";
                        /** @constant */
                        status?: 400;
                    };
                };
            };
            /** @description `csrf_refused`. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "csrf_refused";
                        /** @constant */
                        status?: 403;
                    };
                };
            };
            408: components["responses"]["408.unlimited.body_timeout"];
            413: components["responses"]["413.unlimited.body_too_large"];
            415: components["responses"]["415.unlimited.unsupported_media_type"];
            /**
             * @description `too_many_attempts`.
             *
             *     `rate_limited`: Too many requests in a minute.
             */
            429: {
                headers: {
                    /** @description Seconds until another try is right. */
                    "Retry-After"?: number;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "rate_limited" | "too_many_attempts";
                        /** @constant */
                        status?: 429;
                    };
                };
            };
            500: components["responses"]["500.unlimited.internal"];
            503: components["responses"]["503.unlimited.store_unavailable"];
        };
    };
    post_events_commit: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "cursor": "AwAAAAAAAAAAAAAAAAAAAAABmApefXp8HgBU",
                 *       "group": "archive",
                 *       "reader": "worker-1",
                 *       "topic": "aibbar.events"
                 *     }
                 */
                "application/json": components["schemas"]["Commit"];
            };
        };
        responses: {
            /** @description It is committed. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "committed": [
                     *         {
                     *           "offset": 83,
                     *           "partition": 0
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Committed"];
                };
            };
            /**
             * @description `invalid_cursor`: it is none that a reader of this topic was given. `invalid_body`, `invalid_parameter`: a name is none.
             *
             *     `incomplete_body`: The body did not arrive whole.
             */
            400: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "incomplete_body" | "invalid_body" | "invalid_cursor" | "invalid_parameter";
                        /** @constant */
                        status?: 400;
                    };
                };
            };
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.csrf_refused.missing_scope.no_organisation"];
            /** @description `not_found`: the organisation has no topic of this name. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            408: components["responses"]["408.body_timeout"];
            /** @description `lease_lost`: the reader does not hold these partitions any more. `reader_busy`: another request of it is being answered. */
            409: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "lease_lost" | "reader_busy";
                        /** @constant */
                        status?: 409;
                    };
                };
            };
            413: components["responses"]["413.body_too_large"];
            415: components["responses"]["415.unsupported_media_type"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            /** @description `log_unavailable`: the log can't do it now. `store_unavailable`: the topic can't be looked up. */
            503: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Seconds until another try may work. */
                    "Retry-After"?: number;
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "log_unavailable" | "store_unavailable";
                        /** @constant */
                        status?: 503;
                    };
                };
            };
        };
    };
    post_events_leave: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "group": "archive",
                 *       "reader": "worker-1",
                 *       "topic": "aibbar.events"
                 *     }
                 */
                "application/json": components["schemas"]["Leave"];
            };
        };
        responses: {
            /** @description It is not in the group through this gateway. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description `invalid_body`, `invalid_parameter`: a name is none.
             *
             *     `incomplete_body`: The body did not arrive whole.
             */
            400: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "incomplete_body" | "invalid_body" | "invalid_parameter";
                        /** @constant */
                        status?: 400;
                    };
                };
            };
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.csrf_refused.missing_scope.no_organisation"];
            /** @description `not_found`: the organisation has no topic of this name. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            408: components["responses"]["408.body_timeout"];
            /** @description `reader_busy`: another request of it is being answered. */
            409: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "reader_busy";
                        /** @constant */
                        status?: 409;
                    };
                };
            };
            413: components["responses"]["413.body_too_large"];
            415: components["responses"]["415.unsupported_media_type"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            /** @description `store_unavailable`: the topic can't be looked up. */
            503: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Seconds until another try may work. */
                    "Retry-After"?: number;
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "store_unavailable";
                        /** @constant */
                        status?: 503;
                    };
                };
            };
        };
    };
    post_events_publish: {
        parameters: {
            query?: {
                /** @description The topic of messages that name none; of CloudEvents. */
                topic?: string;
            };
            header?: {
                /** @description 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: string | null;
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description At most 10 MiB, 5,000 messages, 256 KiB per message, unless the installation says otherwise. */
        requestBody: {
            content: {
                "application/cloudevents-batch+json": Record<string, never>[];
                "application/cloudevents+json": Record<string, never>;
                "application/json": components["schemas"]["NewMessages"];
                "application/x-ndjson": string;
            };
        };
        responses: {
            /** @description Everything is kept. */
            202: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublishedMessages"];
                };
            };
            /** @description Some messages are kept, others refused. */
            207: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublishResult"];
                };
            };
            /** @description `invalid_json`, `invalid_body`, `invalid_cloud_event`: the message is refused. `schema_violation`: it does not meet its topic's schema. `empty_batch`: there is none. `invalid_encoding`: the body can't be expanded. `incomplete_body`: it did not arrive whole. `invalid_parameter`: `topic` or `Idempotency-Key`. */
            400: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["RefusedMessages"] | (components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "empty_batch" | "incomplete_body" | "invalid_body" | "invalid_cloud_event" | "invalid_encoding" | "invalid_json" | "invalid_parameter" | "schema_violation";
                        /** @constant */
                        status?: 400;
                    });
                };
            };
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            /**
             * @description `reserved_topic`: events are recorded by POST /aibbar/events.
             *
             *     `address_not_allowed`: The key may not be used from this address.
             *
             *     `csrf_refused`: A browser's request that came from another site, or without its token.
             *
             *     `missing_scope`: The key or the role may not do this.
             *
             *     `no_organisation`: The person is in no organisation.
             */
            403: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["RefusedMessages"] | (components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "address_not_allowed" | "csrf_refused" | "missing_scope" | "no_organisation" | "reserved_topic";
                        /** @constant */
                        status?: 403;
                    });
                };
            };
            /** @description `not_found`: the organisation has no topic of this name. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["RefusedMessages"] | (components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    });
                };
            };
            /** @description `body_timeout`: the body did not arrive in time. */
            408: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "body_timeout";
                        /** @constant */
                        status?: 408;
                    };
                };
            };
            /** @description `idempotency_key_reused`: it was used with another body. `idempotency_key_in_use`: a request with it is under way. */
            409: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "idempotency_key_in_use" | "idempotency_key_reused";
                        /** @constant */
                        status?: 409;
                    };
                };
            };
            /** @description `message_too_large`, `event_too_large`, `body_too_large`, `batch_too_large`: send less at once. */
            413: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["RefusedMessages"] | (components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "batch_too_large" | "body_too_large" | "event_too_large" | "message_too_large";
                        /** @constant */
                        status?: 413;
                    });
                };
            };
            /** @description `unsupported_media_type`: none of the forms. `unsupported_encoding`: not one of the encodings. */
            415: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "unsupported_encoding" | "unsupported_media_type";
                        /** @constant */
                        status?: 415;
                    };
                };
            };
            /** @description `daily_quota_exceeded`: the day's events are used up. `rate_limited`: too many requests in a minute. */
            429: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Seconds until another try is right. */
                    "Retry-After"?: number;
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["RefusedMessages"] | (components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "daily_quota_exceeded" | "rate_limited";
                        /** @constant */
                        status?: 429;
                    });
                };
            };
            500: components["responses"]["500.internal"];
            /**
             * @description `overloaded`, `log_unavailable`: nothing was kept, send it again. `outcome_unknown`: it may be kept; with an `Idempotency-Key`, and so the same `message_id`, send it again.
             *
             *     `store_unavailable`: The store can't be asked now.
             */
            503: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Seconds until another try may work. */
                    "Retry-After"?: number;
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["RefusedMessages"] | (components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "log_unavailable" | "outcome_unknown" | "overloaded" | "store_unavailable";
                        /** @constant */
                        status?: 503;
                    });
                };
            };
        };
    };
    get_events_read: {
        parameters: {
            query: {
                /** @description Bytes of messages at most, but one in any case; 4 MiB when absent. */
                bytes_max?: number;
                /**
                 * @description Where to go on: the `next_cursor` of the page before, or the `cursor` of a message. With a group: the
                 *     `next_cursor` of the page before, to read on before it is committed.
                 */
                cursor?: string;
                /**
                 * @description Where to begin without a cursor: `earliest` (when absent), `latest`, or the first message that the log took at this
                 *     time or later (RFC 3339).
                 * @example earliest
                 */
                from?: string;
                /** @description Read as one of this group, whose readers share the partitions; needs `reader`. */
                group?: string;
                /** @description How long the reader keeps its partitions without reading or committing, in milliseconds; 30,000 when absent. */
                lease_ms?: number;
                /** @description Messages at most; 100 when absent, and with lines as many as there are. */
                limit?: number;
                /** @description This partition alone. */
                partition?: number;
                /** @description Which of the group's readers this is. */
                reader?: string;
                /**
                 * @description The topic, as the organisation calls it; `aibbar.events` is everybody's, and shows one's own events.
                 * @example aibbar.events
                 */
                topic: string;
                /** @description How long to wait for a first message, in milliseconds; with lines also for each next one. 0 when absent. */
                wait_ms?: number;
            };
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Messages. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "caught_up": true,
                     *       "expired": false,
                     *       "items": [
                     *         {
                     *           "appended_at": "2026-01-31T12:00:00.018Z",
                     *           "cursor": "AgGYCl59enwetfg_HCqdTmAAAAAr",
                     *           "headers": {
                     *             "trace": "9f2c"
                     *           },
                     *           "key": "customer-7",
                     *           "message": {
                     *             "order": 7,
                     *             "state": "paid"
                     *           },
                     *           "message_id": "01980a5e-7d7a-7c1e-b5f8-3f1c2a9d4e60",
                     *           "offset": 41,
                     *           "partition": 3,
                     *           "topic": "orders"
                     *         }
                     *       ],
                     *       "next_cursor": "AgGYCl59enwetfg_HCqdTmAAAAAr"
                     *     }
                     */
                    "application/json": components["schemas"]["MessagePage"];
                    /**
                     * @example {"topic":"orders","partition":3,"offset":41,"cursor":"AgGYCl59enwetfg_HCqdTmAAAAAr","appended_at":"2026-01-31T12:00:00.018Z","message":{"order":7}}
                     *     {"end":"caught_up","cursor":"AgGYCl59enwetfg_HCqdTmAAAAAr","expired":false}
                     */
                    "application/x-ndjson": string;
                };
            };
            /** @description `invalid_parameter`: a parameter is unknown, wrong, or does not go with another. `invalid_cursor`: it is none, or of another topic. */
            400: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_cursor" | "invalid_parameter";
                        /** @constant */
                        status?: 400;
                    };
                };
            };
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            /** @description `not_found`: the organisation has no topic of this name. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            /** @description `reader_busy`: another request of this reader is being answered. */
            409: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "reader_busy";
                        /** @constant */
                        status?: 409;
                    };
                };
            };
            /**
             * @description `too_many_readers`: the organisation reads as much at once as it may, or has as many readers of groups.
             *
             *     `rate_limited`: Too many requests in a minute.
             */
            429: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Seconds until another try is right. */
                    "Retry-After"?: number;
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "rate_limited" | "too_many_readers";
                        /** @constant */
                        status?: 429;
                    };
                };
            };
            500: components["responses"]["500.internal"];
            /** @description `overloaded`: as many read at once as may, or hold as many bytes. `log_unavailable`: the log can't be read now. `store_unavailable`: the topic can't be looked up. */
            503: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Seconds until another try may work. */
                    "Retry-After"?: number;
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "log_unavailable" | "overloaded" | "store_unavailable";
                        /** @constant */
                        status?: 503;
                    };
                };
            };
        };
    };
    get_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Whatever its state. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ready",
                     *       "uptime_seconds": 86400,
                     *       "version": "0.1.0"
                     *     }
                     */
                    "application/json": components["schemas"]["Summary"];
                };
            };
            500: components["responses"]["500.unlimited.internal"];
        };
    };
    get_health_live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "live"
                     *     }
                     */
                    "application/json": components["schemas"]["Liveness"];
                };
            };
            500: components["responses"]["500.unlimited.internal"];
        };
    };
    get_health_ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It can do its work: `ready` or `degraded`. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dependencies": [
                     *         {
                     *           "kind": "kafka",
                     *           "name": "log",
                     *           "required": true,
                     *           "state": "up"
                     *         },
                     *         {
                     *           "kind": "postgres",
                     *           "name": "store",
                     *           "required": false,
                     *           "state": "up"
                     *         }
                     *       ],
                     *       "spool": {
                     *         "bytes": 0,
                     *         "bytes_max": 1073741824,
                     *         "drain_records_per_second": 0,
                     *         "oldest_age_seconds": 0,
                     *         "records": 0,
                     *         "refused_records": 0,
                     *         "state": "idle",
                     *         "unreadable_slots": 0
                     *       },
                     *       "status": "ready"
                     *     }
                     */
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            500: components["responses"]["500.unlimited.internal"];
            /** @description It can't: `unavailable` or `draining`. */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dependencies": [
                     *         {
                     *           "kind": "kafka",
                     *           "name": "log",
                     *           "required": true,
                     *           "state": "down"
                     *         }
                     *       ],
                     *       "status": "unavailable"
                     *     }
                     */
                    "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
    get_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The person who is signed in. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    patch_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Ada King"
                 *     }
                 */
                "application/json": components["schemas"]["ProfileChanges"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            400: components["responses"]["400.incomplete_body.invalid_body"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.csrf_refused"];
            408: components["responses"]["408.body_timeout"];
            413: components["responses"]["413.body_too_large"];
            415: components["responses"]["415.unsupported_media_type"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    post_me_organisation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "org_id": "018f3a5e-7d1c-7b1a-9c8e-2f6f4c1d0a3b"
                 *     }
                 */
                "application/json": components["schemas"]["UsedOrganisation"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            400: components["responses"]["400.incomplete_body.invalid_body"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.csrf_refused"];
            /** @description `not_found`: no organisation of this id that you belong to. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            408: components["responses"]["408.body_timeout"];
            413: components["responses"]["413.body_too_large"];
            415: components["responses"]["415.unsupported_media_type"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    post_me_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "current": "a quiet harbour",
                 *       "password": "a louder harbour"
                 *     }
                 */
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            /** @description Changed. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.incomplete_body.invalid_body"];
            /**
             * @description `invalid_credentials`: the current password is another one.
             *
             *     `invalid_access_token`: The access token is not one, or its session has ended.
             *
             *     `invalid_api_key`: The key is not one, is unknown, expired or revoked.
             *
             *     `missing_api_key`: Neither a key nor an access token was sent.
             */
            401: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description How to show who calls. */
                    "WWW-Authenticate"?: string;
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_access_token" | "invalid_api_key" | "invalid_credentials" | "missing_api_key";
                        /** @constant */
                        status?: 401;
                    };
                };
            };
            403: components["responses"]["403.csrf_refused"];
            408: components["responses"]["408.body_timeout"];
            413: components["responses"]["413.body_too_large"];
            415: components["responses"]["415.unsupported_media_type"];
            /**
             * @description `too_many_attempts`.
             *
             *     `rate_limited`: Too many requests in a minute.
             */
            429: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Seconds until another try is right. */
                    "Retry-After"?: number;
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "rate_limited" | "too_many_attempts";
                        /** @constant */
                        status?: 429;
                    };
                };
            };
            500: components["responses"]["500.internal"];
            /**
             * @description `overloaded`.
             *
             *     `store_unavailable`: The store can't be asked now.
             */
            503: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Seconds until another try may work. */
                    "Retry-After"?: number;
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "overloaded" | "store_unavailable";
                        /** @constant */
                        status?: 503;
                    };
                };
            };
        };
    };
    get_me_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The person's sessions. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MySessions"];
                };
            };
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    delete_me_sessions_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.csrf_refused"];
            /** @description `not_found`: no session of yours of this id that is open. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    get_metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The metrics. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description `invalid_token`: where metrics have a token, it is sent as `Authorization: Bearer …`. */
            401: {
                headers: {
                    /** @description How to show who calls. */
                    "WWW-Authenticate"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_token";
                        /** @constant */
                        status?: 401;
                    };
                };
            };
            /** @description `not_found`: metrics are served at another address. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            500: components["responses"]["500.unlimited.internal"];
        };
    };
    get_sse_events: {
        parameters: {
            query?: {
                /** @description Of this AI system. */
                ai_id?: string;
                /** @description 1: several records may come in one frame. */
                batch?: number;
                /** @description Where to resume: a frame's `cursor`, which is an `EventSource`'s `lastEventId`, or `earliest`. */
                cursor?: string;
                /**
                 * @description Of this type.
                 * @example ai.response
                 */
                event_type?: string;
                /** @description At or after this time. */
                from?: string;
                /**
                 * @description With this text somewhere in the event; ASCII letters match in either case, nothing is a wildcard. At most 1,024
                 *     bytes.
                 */
                q?: string;
                /** @description Of this `metadata.request_id`. */
                request_id?: string;
                /** @description Of this `metadata.session_id`. */
                session_id?: string;
                /** @description Before this time. */
                to?: string;
                /**
                 * @description The topics, with commas between them; `aibbar.events` by default.
                 * @example aibbar.events
                 */
                topic?: string;
                /**
                 * @description With these members: JSON Pointers, `=` and a JSON text, number, `true`, `false` or `null`, with commas between them.
                 * @example /event/event_type="ai.error"
                 */
                where?: string;
            };
            header?: {
                /** @description Where to resume, before `cursor`: what an `EventSource` sends by itself. */
                "Last-Event-ID"?: string | null;
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream begins, and does not end by itself. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["ServerSentEvent"];
                };
            };
            /** @description `invalid_parameter`: a parameter is unknown or wrong, or `where` does not parse. `invalid_cursor`: the cursor is none, or of another stream. */
            400: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_cursor" | "invalid_parameter";
                        /** @constant */
                        status?: 400;
                    };
                };
            };
            401: components["responses"]["401.invalid_access_token.invalid_api_key.invalid_ticket.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            /** @description `not_found`: there is no topic of this name. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            /**
             * @description `too_many_streams`: the organisation has as many streams open as it may. Whoever brings `Last-Event-ID` is told this, and what 503 tells, by `bye` in a stream of 200.
             *
             *     `rate_limited`: Too many requests in a minute.
             */
            429: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Seconds until another try is right. */
                    "Retry-After"?: number;
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "rate_limited" | "too_many_streams";
                        /** @constant */
                        status?: 429;
                    };
                };
            };
            500: components["responses"]["500.internal"];
            /**
             * @description `overloaded`: as many clients watch as may. `log_unavailable`: the log can't be read now.
             *
             *     `store_unavailable`: The store can't be asked now.
             */
            503: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Seconds until another try may work. */
                    "Retry-After"?: number;
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "log_unavailable" | "overloaded" | "store_unavailable";
                        /** @constant */
                        status?: 503;
                    };
                };
            };
        };
    };
    get_users: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description How many items at most; 50 when absent. */
                limit?: number;
            };
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of members. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_Member"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            404: components["responses"]["404.not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    post_users: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com",
                 *       "role": "member"
                 *     }
                 */
                "application/json": components["schemas"]["NewInvitation"];
            };
        };
        responses: {
            /** @description The invitation is on its way. */
            201: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invitation"];
                };
            };
            400: components["responses"]["400.incomplete_body.invalid_body.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            /**
             * @description `role_too_low`: nobody gives or takes more than they have themselves.
             *
             *     `address_not_allowed`: The key may not be used from this address.
             *
             *     `csrf_refused`: A browser's request that came from another site, or without its token.
             *
             *     `missing_scope`: The key or the role may not do this.
             *
             *     `no_organisation`: The person is in no organisation.
             */
            403: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "address_not_allowed" | "csrf_refused" | "missing_scope" | "no_organisation" | "role_too_low";
                        /** @constant */
                        status?: 403;
                    };
                };
            };
            404: components["responses"]["404.not_found"];
            408: components["responses"]["408.body_timeout"];
            /** @description `already_exists`: the person is a member already. */
            409: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "already_exists";
                        /** @constant */
                        status?: 409;
                    };
                };
            };
            413: components["responses"]["413.body_too_large"];
            415: components["responses"]["415.unsupported_media_type"];
            /**
             * @description `too_many_attempts`: by this organisation, or to this address.
             *
             *     `rate_limited`: Too many requests in a minute.
             */
            429: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Seconds until another try is right. */
                    "Retry-After"?: number;
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "rate_limited" | "too_many_attempts";
                        /** @constant */
                        status?: 429;
                    };
                };
            };
            500: components["responses"]["500.internal"];
            /**
             * @description `email_unavailable`: no e-mail can be sent here. `overloaded`: too many wait to be sent.
             *
             *     `store_unavailable`: The store can't be asked now.
             */
            503: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Seconds until another try may work. */
                    "Retry-After"?: number;
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "email_unavailable" | "overloaded" | "store_unavailable";
                        /** @constant */
                        status?: 503;
                    };
                };
            };
        };
    };
    get_users_by_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path: {
                /** @description The person's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The member. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            /** @description `not_found`: the organisation has no member of this id. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    delete_users_by_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path: {
                /** @description The person's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They are a member no more. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            /**
             * @description `role_too_low`: nobody gives or takes more than they have themselves.
             *
             *     `address_not_allowed`: The key may not be used from this address.
             *
             *     `csrf_refused`: A browser's request that came from another site, or without its token.
             *
             *     `missing_scope`: The key or the role may not do this.
             *
             *     `no_organisation`: The person is in no organisation.
             */
            403: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "address_not_allowed" | "csrf_refused" | "missing_scope" | "no_organisation" | "role_too_low";
                        /** @constant */
                        status?: 403;
                    };
                };
            };
            /** @description `not_found`: the organisation has no member of this id. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            /** @description `last_owner`: make somebody else an owner first. `role_changed`: by another, meanwhile. */
            409: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "last_owner" | "role_changed";
                        /** @constant */
                        status?: 409;
                    };
                };
            };
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    patch_users_by_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path: {
                /** @description The person's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "role": "viewer"
                 *     }
                 */
                "application/json": components["schemas"]["ChangedMember"];
            };
        };
        responses: {
            /** @description The member as they are now. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            400: components["responses"]["400.incomplete_body.invalid_body.invalid_parameter"];
            401: components["responses"]["401.invalid_access_token.invalid_api_key.missing_api_key"];
            /**
             * @description `role_too_low`: nobody gives or takes more than they have themselves.
             *
             *     `address_not_allowed`: The key may not be used from this address.
             *
             *     `csrf_refused`: A browser's request that came from another site, or without its token.
             *
             *     `missing_scope`: The key or the role may not do this.
             *
             *     `no_organisation`: The person is in no organisation.
             */
            403: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "address_not_allowed" | "csrf_refused" | "missing_scope" | "no_organisation" | "role_too_low";
                        /** @constant */
                        status?: 403;
                    };
                };
            };
            /** @description `not_found`: the organisation has no member of this id. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            408: components["responses"]["408.body_timeout"];
            /** @description `last_owner`: make somebody else an owner first. `role_changed`: by another, meanwhile. */
            409: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "last_owner" | "role_changed";
                        /** @constant */
                        status?: 409;
                    };
                };
            };
            413: components["responses"]["413.body_too_large"];
            415: components["responses"]["415.unsupported_media_type"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.store_unavailable"];
        };
    };
    get_ws_events: {
        parameters: {
            query?: {
                /** @description Of this AI system. */
                ai_id?: string;
                /** @description 1: several records may come in one frame. */
                batch?: number;
                /** @description Where to resume: a frame's `cursor`, which is an `EventSource`'s `lastEventId`, or `earliest`. */
                cursor?: string;
                /**
                 * @description Of this type.
                 * @example ai.response
                 */
                event_type?: string;
                /** @description At or after this time. */
                from?: string;
                /**
                 * @description With this text somewhere in the event; ASCII letters match in either case, nothing is a wildcard. At most 1,024
                 *     bytes.
                 */
                q?: string;
                /** @description Of this `metadata.request_id`. */
                request_id?: string;
                /** @description Of this `metadata.session_id`. */
                session_id?: string;
                /** @description Before this time. */
                to?: string;
                /**
                 * @description The topics, with commas between them; `aibbar.events` by default.
                 * @example aibbar.events
                 */
                topic?: string;
                /**
                 * @description With these members: JSON Pointers, `=` and a JSON text, number, `true`, `false` or `null`, with commas between them.
                 * @example /event/event_type="ai.error"
                 */
                where?: string;
            };
            header: {
                /**
                 * @description As RFC 6455 says.
                 * @example Upgrade
                 */
                Connection: string;
                /**
                 * @description As RFC 6455 says: 16 random bytes in Base64.
                 * @example dGhlIHNhbXBsZSBub25jZQ==
                 */
                "Sec-WebSocket-Key": string;
                /**
                 * @description As RFC 6455 says.
                 * @example 13
                 */
                "Sec-WebSocket-Version": string;
                /**
                 * @description As RFC 6455 says.
                 * @example websocket
                 */
                Upgrade: string;
                /** @description The organisation that is meant, for a person who belongs to several. A key has one of its own. */
                "X-Org-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream begins. */
            101: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `bad_request`: this is no WebSocket's handshake. `invalid_parameter`: a parameter is unknown or wrong, or `where` does not parse. `invalid_cursor`: the cursor is none, or of another stream. */
            400: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "bad_request" | "invalid_cursor" | "invalid_parameter";
                        /** @constant */
                        status?: 400;
                    };
                };
            };
            401: components["responses"]["401.invalid_access_token.invalid_api_key.invalid_ticket.missing_api_key"];
            403: components["responses"]["403.address_not_allowed.missing_scope.no_organisation"];
            /** @description `not_found`: there is no topic of this name. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "not_found";
                        /** @constant */
                        status?: 404;
                    };
                };
            };
            /**
             * @description `too_many_streams`: the organisation has as many streams open as it may.
             *
             *     `rate_limited`: Too many requests in a minute.
             */
            429: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Seconds until another try is right. */
                    "Retry-After"?: number;
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "rate_limited" | "too_many_streams";
                        /** @constant */
                        status?: 429;
                    };
                };
            };
            500: components["responses"]["500.internal"];
            /**
             * @description `overloaded`: as many clients watch as may. `log_unavailable`: the log can't be read now.
             *
             *     `store_unavailable`: The store can't be asked now.
             */
            503: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Seconds until another try may work. */
                    "Retry-After"?: number;
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "log_unavailable" | "overloaded" | "store_unavailable";
                        /** @constant */
                        status?: 503;
                    };
                };
            };
        };
    };
}
