-- The activity log (docs/audit.md): every change of what is configured, every act and every look at personal data, in one chain of
-- hashes. Written only by the functions of this schema; what is written can be neither changed nor taken out here.
create schema audit;

-- Where the chain begins: at its start, or at the last entry of a month that was taken out.
create table audit.root (
  seq bigint primary key,
  hash bytea not null,
  at timestamptz not null default clock_timestamp(),
  cause text not null check (cause in ('start', 'retention'))
);
insert into audit.root (seq, hash, cause)
values (0, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 'start');

-- The newest entry. Its row is the lock under which entries get their numbers.
create table audit.head (
  only_row boolean primary key default true check (only_row),
  seq bigint not null,
  hash bytea not null,
  at timestamptz not null
);
insert into audit.head (seq, hash, at) select seq, hash, at from audit.root;

create table audit.log (
  seq bigint not null,
  at timestamptz not null,
  kind text not null check (kind in ('application', 'parametrisation')),
  severity text not null check (severity in ('normal', 'security', 'alarm')),
  actor text not null, -- account, `process:headend`, or `unknown/sql`
  role text not null, -- the database role that was signed in: what the actor says cannot change it
  session text,
  address text,
  page text,
  operation text, -- operationId of the API, or the command
  action text not null, -- add, change, remove, view, export, sign-in …
  object_type text,
  object_id text,
  records int not null check (records >= 0),
  before jsonb, -- of a change only the fields that changed
  after jsonb,
  reason text,
  prev bytea not null,
  hash bytea not null, -- sha256(prev || canonical)
  primary key (seq, at)
) partition by range (at);
create index log_at on audit.log (at desc, seq desc);
create index log_actor on audit.log (actor, seq desc);
create index log_object on audit.log (object_type, object_id, seq desc);
create index log_alarm on audit.log (seq desc) where severity <> 'normal';
create index log_many on audit.log (object_type, seq desc) where object_id is null and records > 1;

-- Entries of transactions that have not ended: nothing in it outlives its transaction, so it needs no WAL.
create unlogged table audit.pending (
  xid xid8 not null default pg_current_xact_id(),
  nth bigint generated always as identity,
  entry jsonb not null,
  primary key (xid, nth)
);
create unlogged table audit.turn (xid xid8 primary key default pg_current_xact_id());

-- ── nothing is taken back ────────────────────────────────────────────────────────────────────────────────────────────
create function audit.refuse() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception 'the activity log is append-only: % of % is refused', lower(tg_op), tg_table_name
    using errcode = 'insufficient_privilege';
end $$;

create trigger kept before update or delete on audit.log for each row execute function audit.refuse();
create trigger kept_whole before truncate on audit.log for each statement execute function audit.refuse();
create trigger kept before update or delete on audit.root for each row execute function audit.refuse();
create trigger kept_whole before truncate on audit.root for each statement execute function audit.refuse();

-- The month's partition, made when it is missing. A truncate names a partition, so each has its own refusal.
create function audit.need_month(at timestamptz) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  month timestamp := date_trunc('month', at at time zone 'UTC');
  name text := 'log_' || to_char(month, 'YYYY_MM');
begin
  if to_regclass('audit.' || name) is null then
    execute format('create table audit.%I partition of audit.log for values from (%L) to (%L)', name,
      month::text || '+00', (month + interval '1 month')::text || '+00');
    execute format('create trigger kept_whole before truncate on audit.%I for each statement execute function audit.refuse()',
      name);
  end if;
end $$;

-- ── who acts ─────────────────────────────────────────────────────────────────────────────────────────────────────────
-- `app.actor` is JSON: actor, session, address, page, operation, reason. Each process sets it for its connections, the server
-- for each call. Whoever comes without it came past us.
create function audit.acting() returns jsonb language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(nullif(current_setting('app.actor', true), '')::jsonb,
    jsonb_build_object('actor', 'unknown/sql', 'address', coalesce(host(inet_client_addr()), 'local'),
      'operation', left(current_setting('application_name'), 63)))
$$;

-- A value that nobody may read here, but that can be compared: 16 hex digits of a hash under the key of this installation.
create function audit.keyed_hash(value text) returns text language sql stable set search_path = pg_catalog, pg_temp as $$
  select case when coalesce(current_setting('app.audit_key', true), '') = '' then '***'
    else '#' || left(encode(sha256(decode(current_setting('app.audit_key'), 'hex')
      || sha256(decode(current_setting('app.audit_key'), 'hex') || convert_to(value, 'UTF8'))), 'hex'), 16) end
$$;

-- A row as the log may show it: secrets as ***, personal data as keyed hash, what is not configuration left out.
create function audit.shown(whole jsonb, secret text[], personal text[], ignored text[]) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(jsonb_object_agg(key, case
      when value = 'null' then value
      when key = any(secret) then to_jsonb('***'::text)
      when key = any(personal) then to_jsonb(audit.keyed_hash(value #>> '{}'))
      else value end), '{}')
  from jsonb_each(whole) where key <> all(ignored)
$$;

-- ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────
-- Entries wait for the end of their transaction: numbers are given then, under the lock of the head, so that a long transaction
-- holds nobody up. With the transaction they come or go.
create function audit.append(entries jsonb) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  acting jsonb := audit.acting();
begin
  insert into audit.pending (entry)
  select acting || entry || jsonb_build_object('role', session_user,
    'severity', case when acting ->> 'actor' = 'unknown/sql' then 'alarm' else coalesce(entry ->> 'severity', 'normal') end)
  from jsonb_array_elements(entries) as entry;
  insert into audit.turn default values on conflict do nothing;
end $$;

-- What is hashed: one JSON object in this order, instants in UTC with microseconds, before and after as jsonb prints them.
create function audit.canonical(entry audit.log) returns text language sql stable as $$
  select json_build_object(
    'seq', entry.seq, 'at', to_char(entry.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'kind', entry.kind,
    'severity', entry.severity, 'actor', entry.actor, 'role', entry.role, 'session', entry.session, 'address', entry.address,
    'page', entry.page, 'operation', entry.operation, 'action', entry.action, 'objectType', entry.object_type,
    'objectId', entry.object_id, 'records', entry.records, 'before', entry.before, 'after', entry.after,
    'reason', entry.reason)::text
$$;

create function audit.seal() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  taken jsonb[];
  entry jsonb;
  newest audit.head;
  sealed audit.log;
begin
  with mine as (delete from audit.pending where xid = new.xid returning nth, pending.entry)
  select array_agg(mine.entry order by nth) into taken from mine;
  delete from audit.turn where xid = new.xid;
  select * into newest from audit.head for update;
  newest.at := clock_timestamp();
  perform audit.need_month(newest.at);
  foreach entry in array coalesce(taken, '{}') loop
    sealed := jsonb_populate_record(null::audit.log, entry);
    sealed.seq := newest.seq + 1;
    sealed.at := newest.at;
    sealed.records := coalesce(sealed.records, 1);
    sealed.prev := newest.hash;
    sealed.hash := sha256(sealed.prev || convert_to(audit.canonical(sealed), 'UTF8'));
    insert into audit.log select sealed.*;
    newest.seq := sealed.seq;
    newest.hash := sealed.hash;
  end loop;
  update audit.head set seq = newest.seq, hash = newest.hash, at = newest.at;
  return null;
end $$;
create constraint trigger sealed after insert on audit.turn
  deferrable initially deferred for each row execute function audit.seal();

-- ── before and after of configuration ────────────────────────────────────────────────────────────────────────────────
-- Arguments of the triggers: key columns, secret, personal, ignored. New rows of one statement beyond this many are one entry: the
-- rows themselves say what came, and their first change says what it was before.
create function audit.added() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  many constant int := 100;
  keys text[] := tg_argv[0];
  total int;
begin
  select count(*) into total from added_row;
  if total > many then
    perform audit.append((
      select jsonb_build_array(jsonb_build_object('kind', 'parametrisation', 'action', 'add', 'object_type', tg_table_name,
        'records', total, 'after', jsonb_strip_nulls(jsonb_build_object('first', min(id), 'last', max(id)))))
      from (select case when jsonb_typeof(whole -> keys[1]) = 'number' then (whole ->> keys[1])::bigint end as id
        from (select to_jsonb(added_row) as whole from added_row) as wholes) as ids));
  elsif total > 0 then
    perform audit.append((
      select jsonb_agg(jsonb_build_object('kind', 'parametrisation', 'action', 'add', 'object_type', tg_table_name,
        'object_id', audit.key_of(whole, keys),
        'after', audit.shown(whole, tg_argv[1]::text[], tg_argv[2]::text[], tg_argv[3]::text[])))
      from (select to_jsonb(added_row) as whole from added_row) as wholes));
  end if;
  return null;
end $$;

create function audit.key_of(whole jsonb, keys text[]) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select string_agg(whole ->> key, '/' order by nth) from unnest(keys) with ordinality as named (key, nth)
$$;

create function audit.changed() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  old_whole jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
  new_whole jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
  same text[] := '{}';
begin
  if tg_op = 'UPDATE' then
    same := array(select key from jsonb_each(old_whole) where value = new_whole -> key);
  end if;
  perform audit.append(jsonb_build_array(jsonb_build_object('kind', 'parametrisation',
    'action', case tg_op when 'UPDATE' then 'change' else 'remove' end,
    'object_type', tg_table_name, 'object_id', audit.key_of(old_whole, tg_argv[0]::text[]),
    'before', audit.shown(old_whole, tg_argv[1]::text[], tg_argv[2]::text[], tg_argv[3]::text[] || same),
    'after', audit.shown(new_whole, tg_argv[1]::text[], tg_argv[2]::text[], tg_argv[3]::text[] || same))));
  return null;
end $$;

-- Puts a table under the log. `ignored` are columns that are no configuration (derived, or the state of a device): a statement
-- that sets only those costs nothing. `unless` is a condition on `new` of changes that are not written (a heartbeat in a row).
create function audit.watch(watched regclass, keys text[], secret text[] default '{}', personal text[] default '{}',
  ignored text[] default '{}', unless text default 'false') returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  arguments text := format('%L, %L, %L, %L', keys, secret, personal, ignored);
  columns text[] := array(select attname::text from pg_attribute
    where attrelid = watched and attnum > 0 and not attisdropped and attgenerated = '' and attname <> all(ignored)
    order by attnum);
  list text := (select string_agg(quote_ident(name), ', ') from unnest(columns) as name);
begin
  execute format('create trigger audit_added after insert on %s referencing new table as added_row
    for each statement execute function audit.added(%s)', watched, arguments);
  execute format('create trigger audit_changed after update of %s on %s for each row
    when (row(%s) is distinct from row(%s) and not (%s)) execute function audit.changed(%s)', list, watched,
    (select string_agg('old.' || quote_ident(name), ', ') from unnest(columns) as name),
    (select string_agg('new.' || quote_ident(name), ', ') from unnest(columns) as name), unless, arguments);
  execute format('create trigger audit_removed after delete on %s for each row execute function audit.changed(%s)',
    watched, arguments);
end $$;

select audit.watch('branch', '{branch_id}');
select audit.watch('location', '{location_id}', personal => '{address,latitude,longitude}');
select audit.watch('point', '{point_id}', personal => '{name}', ignored => '{search_text,created_at}');
select audit.watch('meter', '{meter_id}');
select audit.watch('installation', '{installation_id}');
select audit.watch('device', '{device_id}', secret => '{secret}',
  ignored => '{last_contact_at,last_success_at,last_error_code,clock_offset_ms,quiet_seconds,created_at}');
select audit.watch('reading_plan', '{reading_plan_id}');
select audit.watch('device_plan', '{device_id,reading_plan_id}', ignored => '{next_at,failures}');
-- The launcher says every ten seconds that it is there.
select audit.watch('setting', '{name}', ignored => '{changed_at}', unless => $$new.name = 'launcher'$$);
select audit.watch('account', '{account_id}', secret => '{password_hash}', personal => '{display_name}',
  ignored => '{created_at}');

-- ── taking out what is too old ───────────────────────────────────────────────────────────────────────────────────────
-- Drops whole months before `day`; the last hash stays as the root of what is left. For the owner of the tables alone.
create function audit.forget_before(day date) returns int
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  month record;
  dropped int := 0;
begin
  perform 1 from audit.head for update;
  for month in
    select child.oid::regclass as name, right(child.relname, 7) as part
    from pg_inherits join pg_class as child on child.oid = inhrelid
    where inhparent = 'audit.log'::regclass
      and to_date(right(child.relname, 7), 'YYYY_MM') + interval '1 month' <= day
    order by child.relname
  loop
    execute format('insert into audit.root (seq, hash, cause)
      select seq, hash, ''retention'' from %s order by seq desc limit 1 on conflict do nothing', month.name);
    execute format('drop table %s', month.name);
    dropped := dropped + 1;
  end loop;
  return dropped;
end $$;

-- A function of this schema serves whoever is granted it (database roles), nobody by default.
revoke all on all functions in schema audit from public;
