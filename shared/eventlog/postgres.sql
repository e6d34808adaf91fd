-- The log's tables, its one way in, and what the application role may do. Run by the owner.
create table log (name text primary key, incarnation text not null)
-- next
create table event (
    log text not null,
    position bigint not null,
    stream text not null,
    version integer not null,
    event_id uuid not null,
    type text not null,
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
    log text not null,
    stream text not null,
    version integer not null,
    hash bytea not null,
    primary key (log, stream)
) with (fillfactor = 70)
-- next
create table command (
    log text not null,
    command_id text not null,
    fingerprint bytea not null,
    first bigint not null,
    last bigint not null,
    recorded_at bigint not null,
    primary key (log, command_id)
)
-- next
create table tree_root (
    log text not null,
    size bigint not null,
    root bytea not null,
    frontier bytea not null,
    primary key (log, size)
)
-- next
-- Make a log's partition and give it its incarnation; the one it has already is left as it is.
create function open_log(p_log text, p_incarnation text) returns text
language plpgsql security definer set search_path from current as $$
begin
    perform pg_advisory_xact_lock(hashtextextended(p_log, 7));
    if not exists (select from log where name = p_log) then
        execute format('create table %I partition of event for values in (%L) with (autovacuum_vacuum_insert_scale_factor = 0.05)',
                       'event_' || md5(p_log), p_log);
        insert into log values (p_log, p_incarnation);
    end if;
    return (select incarnation from log where name = p_log);
end $$
-- next
-- Append the events of several commands, each wholly or not at all, at the next positions of one log.
--
-- The lock is taken in a statement of its own: the statements after it see everything appended before. Lock and
-- max(position) in one statement would read a snapshot older than the lock and give positions twice.
-- No two commands of one call touch the same stream; the caller sees to it.
--
-- Answers one row a command: outcome 'appended', 'replayed' (first, last, recorded_at and fingerprint of the first
-- time) or 'conflict' (the stream, and the version it stands at).
create function append_events(
    p_log text, p_now bigint,
    p_commands text[], p_fingerprints bytea[],
    p_check_command integer[], p_check_stream text[], p_check_version integer[], p_check_hash bytea[],
    p_command integer[], p_stream text[], p_version integer[], p_event_id uuid[], p_type text[], p_schema_version smallint[],
    p_data bytea[], p_metadata bytea[], p_occurred bigint[], p_prev_hash bytea[], p_hash bytea[]
) returns table (n integer, outcome text, first bigint, last bigint, recorded bigint, fingerprint bytea, stream text, actual integer)
language plpgsql security definer set search_path from current as $$
#variable_conflict use_column
declare
    base bigint;
    stamp bigint;
    failed integer[];
    replayed integer[];
begin
    perform pg_advisory_xact_lock(hashtextextended(p_log, 42));

    select coalesce(e.position, 0), greatest(p_now, coalesce(e.recorded_at, 0)) into base, stamp
      from (select 1) one
      left join lateral (select position, recorded_at from event where log = p_log order by position desc limit 1) e on true;

    return query
        select c.n::integer, 'replayed'::text, k.first, k.last, k.recorded_at, k.fingerprint, null::text, null::integer
          from unnest(p_commands) with ordinality c(id, n)
          join command k on k.log = p_log and k.command_id = c.id;
    if found then
        select array_agg(c.n::integer) into replayed
          from unnest(p_commands) with ordinality c(id, n)
          join command k on k.log = p_log and k.command_id = c.id;
    end if;

    select array_agg(distinct c.command) into failed
      from unnest(p_check_command, p_check_stream, p_check_version, p_check_hash) c(command, stream, version, hash)
      left join stream_head h on h.log = p_log and h.stream = c.stream
     where coalesce(h.version, 0) <> c.version or (c.hash is not null and h.hash is distinct from c.hash and c.version > 0);
    if failed is not null then
        return query
            select distinct on (c.command) c.command, 'conflict'::text, null::bigint, null::bigint, null::bigint, null::bytea,
                   c.stream, coalesce(h.version, 0)
              from unnest(p_check_command, p_check_stream, p_check_version, p_check_hash) c(command, stream, version, hash)
              left join stream_head h on h.log = p_log and h.stream = c.stream
             where c.command <> all (coalesce(replayed, '{}'))
               and (coalesce(h.version, 0) <> c.version or (c.hash is not null and h.hash is distinct from c.hash and c.version > 0));
    end if;
    failed := failed || replayed;

    if failed is null then
        insert into event (log, position, stream, version, event_id, type, schema_version, data, metadata, occurred_at, recorded_at,
                           prev_hash, hash)
        select p_log, base + e.n, e.stream, e.version, e.event_id, e.type, e.schema_version, e.data, e.metadata, e.occurred, stamp,
               e.prev_hash, e.hash
          from unnest(p_stream, p_version, p_event_id, p_type, p_schema_version, p_data, p_metadata, p_occurred,
                      p_prev_hash, p_hash) with ordinality
               e(stream, version, event_id, type, schema_version, data, metadata, occurred, prev_hash, hash, n);
    else
        insert into event (log, position, stream, version, event_id, type, schema_version, data, metadata, occurred_at, recorded_at,
                           prev_hash, hash)
        select p_log, base + row_number() over (order by e.n), e.stream, e.version, e.event_id, e.type, e.schema_version, e.data,
               e.metadata, e.occurred, stamp, e.prev_hash, e.hash
          from unnest(p_command, p_stream, p_version, p_event_id, p_type, p_schema_version, p_data, p_metadata, p_occurred,
                      p_prev_hash, p_hash) with ordinality
               e(command, stream, version, event_id, type, schema_version, data, metadata, occurred, prev_hash, hash, n)
         where e.command <> all (failed);
    end if;

    insert into stream_head as h
    select p_log, e.stream, max(e.version), (array_agg(e.hash order by e.version desc))[1]
      from unnest(p_command, p_stream, p_version, p_hash) e(command, stream, version, hash)
     where failed is null or e.command <> all (failed)
     group by e.stream
    on conflict (log, stream) do update set version = excluded.version, hash = excluded.hash;

    return query
        with counted as (
            select e.command, count(*) as events
              from unnest(p_command) e(command)
             where failed is null or e.command <> all (failed)
             group by e.command
        ), placed as (
            select c.command, c.events, sum(c.events) over (order by c.command) as upto from counted c
        ), kept as (
            insert into command (log, command_id, fingerprint, first, last, recorded_at)
            select p_log, p_commands[p.command], p_fingerprints[p.command], base + p.upto - p.events + 1, base + p.upto, stamp
              from placed p
        )
        select p.command, 'appended'::text, base + p.upto::bigint - p.events + 1, base + p.upto::bigint, stamp, null::bytea, null::text, null::integer
          from placed p;
end $$
-- next
revoke all on function open_log, append_events from public
-- next
grant execute on function append_events to doithoai_app
-- next
grant select on log, event, stream_head, command, tree_root to doithoai_app
-- next
grant insert on tree_root to doithoai_app
