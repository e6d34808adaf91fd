-- The log's tables, its one way in, and what the application role may do. Run by the owner; {schema} is where it runs.
-- Names compare byte by byte: an index under a language's rules is slower, and its order would hang on the server.
create table log (name text collate "C" primary key, incarnation text not null)
-- next
create table event (
    log text collate "C" not null,
    position bigint not null,
    stream text collate "C" not null,
    version integer not null,
    event_id uuid not null,
    type text collate "C" not null,
    schema_version smallint not null,
    data bytea not null,
    metadata bytea not null,
    occurred_at bigint not null,
    recorded_at bigint not null,
    prev_hash bytea not null,
    hash bytea not null,
    primary key (log, position),
    unique (log, stream, version)
) partition by list (log)
-- next
create table stream_head (
    log text collate "C" not null,
    stream text collate "C" not null,
    version integer not null,
    hash bytea not null,
    primary key (log, stream)
) with (fillfactor = 70)
-- next
create table command (
    log text collate "C" not null,
    command_id text collate "C" not null,
    fingerprint bytea not null,
    first bigint not null,
    last bigint not null,
    recorded_at bigint not null,
    primary key (log, command_id)
)
-- next
create table tree_root (
    log text collate "C" not null,
    size bigint not null,
    root bytea not null,
    frontier bytea not null,
    primary key (log, size)
)
-- next
-- Make a log's partition and give it its incarnation; the one it has already is left as it is.
create function open_log(p_log text, p_incarnation text) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform pg_advisory_xact_lock(hashtextextended(p_log, 7));
    if not exists (select from {schema}.log where name = p_log) then
        execute format('create table {schema}.%I partition of {schema}.event for values in (%L) '
                       'with (autovacuum_vacuum_insert_scale_factor = 0.05)', 'event_' || md5(p_log), p_log);
        insert into {schema}.log values (p_log, p_incarnation);
    end if;
    return (select incarnation from {schema}.log where name = p_log);
end $$
-- next
-- What `append_events` is given. One array of rows is taken in faster than an array for each of their columns.
-- `events`: how many of the events are the command's.
create type new_command as (id text, fingerprint bytea, events integer)
-- next
-- A stream that the `command`th command writes (`head`: its hash afterwards, at version `after`) or guards (null).
create type stream_check as (command integer, stream text, version integer, hash bytea, after integer, head bytea)
-- next
create type new_event as (
    stream text, version integer, event_id uuid, type text, schema_version smallint, data bytea, metadata bytea, occurred bigint,
    prev_hash bytea, hash bytea
)
-- next
-- Append the events of several commands, each wholly or not at all, at the next positions of one log.
--
-- The lock is taken in a statement of its own: at READ COMMITTED the statements after it see everything appended before.
-- Lock and max(position) in one statement, or one snapshot for the whole transaction, would give positions twice.
-- No two commands of one call touch the same stream; the caller sees to it. Events stand in the order of their commands.
--
-- Where every command went in, one row answers for all: outcome 'all', the first position, the recorded time. Otherwise
-- one row a command: 'appended', 'replayed' (as it went in the first time) or 'conflict' (the stream and where it stands).
create or replace function append_events(
    p_log text, p_now bigint,
    p_commands {schema}.new_command[], p_checks {schema}.stream_check[], p_events {schema}.new_event[]
) returns table (n integer, outcome text, first bigint, last bigint, recorded bigint, fingerprint bytea, stream text, actual integer)
language plpgsql security definer set search_path = pg_catalog, pg_temp
-- A connection keeps its plans, and makes them while the tables may be empty: row by row, and always by the index. That is
-- also why what is looked up stands in lateral subqueries.
set enable_seqscan = off as $$
#variable_conflict use_column
declare
    base bigint;
    stamp bigint;
    failed integer[];
    owner_of_event integer[];
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise 'append_events needs read committed';
    end if;
    -- It runs as the owner, whom no row security holds: whoever is not the owner appends to the log of his tenant alone.
    if session_user <> current_user and current_setting('doithoai.tenant', true) is distinct from split_part(p_log, '/', 2) then
        raise '% is the log of another tenant', p_log using errcode = 'insufficient_privilege';
    end if;
    perform pg_advisory_xact_lock(hashtextextended(p_log, 42));

    select position, greatest(p_now, recorded_at) into base, stamp
      from {schema}.event where log = p_log order by position desc limit 1;
    base := coalesce(base, 0);
    stamp := coalesce(stamp, p_now);

    select array_agg(f.n) into failed from (
        select c.n::integer
          from unnest(p_commands) with ordinality c(id, fingerprint, events, n)
          join lateral (select from {schema}.command k where k.log = p_log and k.command_id = c.id limit 1) k on true
        union
        select c.n
          from unnest(p_checks) c(n, stream, version, hash, after, head)
          left join lateral (select * from {schema}.stream_head h where h.log = p_log and h.stream = c.stream limit 1) h on true
         where coalesce(h.version, 0) <> c.version or (c.version > 0 and h.hash <> c.hash)
    ) f(n);

    if failed is null then
        insert into {schema}.event (log, position, stream, version, event_id, type, schema_version, data, metadata,
                                    occurred_at, recorded_at, prev_hash, hash)
        select p_log, base + e.n, e.stream, e.version, e.event_id, e.type, e.schema_version, e.data, e.metadata,
               e.occurred, stamp, e.prev_hash, e.hash
          from unnest(p_events) with ordinality
               e(stream, version, event_id, type, schema_version, data, metadata, occurred, prev_hash, hash, n);
        with heads as (
            insert into {schema}.stream_head
            select p_log, c.stream, c.after, c.head
              from unnest(p_checks) c(n, stream, version, hash, after, head)
             where c.head is not null
            on conflict (log, stream) do update set version = excluded.version, hash = excluded.hash
        )
        insert into {schema}.command (log, command_id, fingerprint, first, last, recorded_at)
        select p_log, c.id, c.fingerprint, base + c.upto - c.events + 1, base + c.upto, stamp
          from (select *, sum(u.events) over (order by u.n rows unbounded preceding)
                  from unnest(p_commands) with ordinality u(id, fingerprint, events, n)
               ) c(id, fingerprint, events, n, upto);
        return query select 0, 'all', base + 1, base + cardinality(p_events), stamp, null::bytea, null::text, null::integer;
        return;
    end if;

    return query
        select c.n::integer, 'replayed', k.first, k.last, k.recorded_at, k.fingerprint, null::text, null::integer
          from unnest(p_commands) with ordinality c(id, fingerprint, events, n)
          join lateral (select * from {schema}.command k where k.log = p_log and k.command_id = c.id limit 1) k on true;
    return query
        select distinct on (c.n) c.n, 'conflict', null::bigint, null::bigint, null::bigint, null::bytea,
               c.stream, coalesce(h.version, 0)
          from unnest(p_checks) c(n, stream, version, hash, after, head)
          left join lateral (select * from {schema}.stream_head h where h.log = p_log and h.stream = c.stream limit 1) h on true
         where (coalesce(h.version, 0) <> c.version or (c.version > 0 and h.hash <> c.hash))
           and not exists (select from {schema}.command k where k.log = p_log and k.command_id = (p_commands[c.n]).id);

    select array_agg(u.n order by u.n) into owner_of_event
      from unnest(p_commands) with ordinality u(id, fingerprint, events, n), generate_series(1, u.events);
    insert into {schema}.event (log, position, stream, version, event_id, type, schema_version, data, metadata,
                                occurred_at, recorded_at, prev_hash, hash)
    select p_log, base + row_number() over (order by e.n), e.stream, e.version, e.event_id, e.type, e.schema_version, e.data,
           e.metadata, e.occurred, stamp, e.prev_hash, e.hash
      from rows from (unnest(owner_of_event), unnest(p_events)) with ordinality
           e(command, stream, version, event_id, type, schema_version, data, metadata, occurred, prev_hash, hash, n)
     where e.command <> all (failed);
    insert into {schema}.stream_head
    select p_log, c.stream, c.after, c.head
      from unnest(p_checks) c(n, stream, version, hash, after, head)
     where c.head is not null and c.n <> all (failed)
    on conflict (log, stream) do update set version = excluded.version, hash = excluded.hash;
    return query
        with kept as (
            insert into {schema}.command (log, command_id, fingerprint, first, last, recorded_at)
            select p_log, c.id, c.fingerprint, base + c.upto - c.events + 1, base + c.upto, stamp
              from (select *, sum(u.events) over (order by u.n rows unbounded preceding)
                      from unnest(p_commands) with ordinality u(id, fingerprint, events, n)
                     where u.n <> all (failed)
                   ) c(id, fingerprint, events, n, upto)
            returning command_id, first, last
        )
        select c.n::integer, 'appended', k.first, k.last, stamp, null::bytea, null::text, null::integer
          from unnest(p_commands) with ordinality c(id, fingerprint, events, n) join kept k on k.command_id = c.id;
end $$
-- next
revoke all on function open_log, append_events from public
-- next
grant execute on function append_events to doithoai_app
-- next
grant select on log, event, stream_head, command, tree_root to doithoai_app
-- next
grant insert on tree_root to doithoai_app
