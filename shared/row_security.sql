-- What the application may have done to its read models by their owner. Run by the owner; {schema} is where it runs.
-- Each table must be one that was handed over: no other can be dropped or renamed by them.
-- A table that whoever asks has just made becomes the owner's, who lends it, and holds its rows to the tenant of a connection.
create or replace function keep_read_models(p_names text[]) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    made text;
    held oid;
    condition text;
begin
    foreach made in array p_names loop
        held := (select c.relowner from pg_class c
                  where c.oid = format('{schema}.%I', made)::regclass and c.relkind = 'r');
        if held is null or not pg_has_role(session_user, held, 'usage') then
            raise '% is not yours to hand over', made;
        end if;
        -- Rules act, and functions of indexes are called, with the rights of a table's owner.
        if exists (select from pg_class c where c.oid = format('{schema}.%I', made)::regclass
                      and (c.relhasrules or c.relhastriggers or c.relrowsecurity))
           or exists (select from pg_index i where i.indrelid = format('{schema}.%I', made)::regclass
                      and (i.indexprs is not null or i.indpred is not null))
           or exists (select from pg_statistic_ext s where s.stxrelid = format('{schema}.%I', made)::regclass) then
            raise '% has more than columns, keys and plain indexes', made;
        end if;
        execute format('alter table {schema}.%I owner to %I', made, current_user);
        execute format('revoke all on {schema}.%I from {app}', made);
        execute format('grant select, insert, update, delete on {schema}.%I to {app}', made);
        condition := case when exists (select from pg_attribute
                                         where attrelid = format('{schema}.%I', made)::regclass and attname = 'tenant')
                          then $own$tenant = {own}$own$ else 'true' end;
        execute format('create policy {policy} on {schema}.%I using (%s)', made, condition);
        execute format('alter table {schema}.%I enable row level security', made);
    end loop;
end $$
-- next
create or replace function drop_read_models(p_names text[]) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    gone text;
begin
    foreach gone in array p_names loop
        if to_regclass(format('{schema}.%I', gone)) is not null then
            if not exists (select from pg_policy where polrelid = format('{schema}.%I', gone)::regclass and polname = '{policy}') then
                raise '% is no read model', gone;
            end if;
            execute format('drop table {schema}.%I', gone);
        end if;
    end loop;
end $$
-- next
create or replace function rename_read_models(p_from text[], p_to text[]) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    for n in 1 .. cardinality(p_from) loop
        if not exists (select from pg_policy where polrelid = format('{schema}.%I', p_from[n])::regclass and polname = '{policy}') then
            raise '% is no read model', p_from[n];
        end if;
        execute format('alter table {schema}.%I rename to %I', p_from[n], p_to[n]);
    end loop;
end $$
-- next
revoke all on function keep_read_models(text[]), drop_read_models(text[]), rename_read_models(text[], text[]) from public
-- next
grant execute on function keep_read_models(text[]), drop_read_models(text[]), rename_read_models(text[], text[]) to {app}
