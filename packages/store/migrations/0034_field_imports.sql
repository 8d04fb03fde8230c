-- Files from the field can be taken back: what each changed is kept beside it. Days hold the values before and after, so that an undo puts
-- back exactly the intervals that still are as the file made them; readings are those that the file added.
alter table reading_import drop constraint reading_import_kind_check;
alter table reading_import drop constraint reading_import_sha256_key;
alter table reading_import
  add constraint reading_import_kind_check check (kind in ('concentrator-dump', 'hand-held')),
  add column meters int not null default 0 check (meters >= 0),
  add column finished_at timestamptz, -- null: it broke off; an undo takes back what came
  add column undone_by text,
  add column undone_at timestamptz,
  add column undo_reason text not null default '',
  add column undone_intervals int not null default 0,
  add column undone_registers int not null default 0,
  add column undo_kept int not null default 0, -- what others changed since, and stays
  add check ((undone_by is null) = (undone_at is null));
update reading_import set finished_at = imported_at;
create unique index reading_import_once on reading_import (sha256) where undone_at is null;
create index reading_import_at on reading_import (imported_at desc);

create table reading_import_day (
  reading_import_id int not null references reading_import on delete cascade,
  channel_id int not null,
  day date not null,
  slots smallint not null,
  ver_before int not null, -- 0: there was none
  v_before bytea,
  q_before bytea,
  v_after bytea,
  q_after bytea,
  primary key (reading_import_id, channel_id, day)
);
create table reading_import_register (
  reading_import_id int not null references reading_import on delete cascade,
  meter_id int not null,
  obis text not null,
  measured_at timestamptz not null,
  version smallint not null,
  value numeric not null,
  unit text not null,
  primary key (reading_import_id, meter_id, obis, measured_at)
);
drop trigger audit_added on reading_import;
drop trigger audit_changed on reading_import;
drop trigger audit_removed on reading_import;
select audit.watch('reading_import', '{reading_import_id}',
  ignored => '{meters,intervals,registers,events,refused,imported_at,finished_at,undone_at,undone_intervals,undone_registers,undo_kept}');
