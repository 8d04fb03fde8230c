-- Files of groups that somebody took in: which groups they made and which changes they were, so that the whole can be taken back.
create table groups_import (
  groups_import_id int generated always as identity primary key,
  file_name text not null check (length(file_name) <= 200),
  reason text not null check (length(reason) between 1 and 500),
  made int[] not null default '{}',
  changes bigint[] not null default '{}', -- in the order in which they were made
  imported_by text not null,
  imported_at timestamptz not null default now(),
  finished_at timestamptz, -- null: it broke off; what it did until then stands above
  undone_by text,
  undone_at timestamptz,
  undo_reason text,
  kept int not null default 0, -- changes and groups that others build on: they stayed
  check ((undone_by is null) = (undone_at is null))
);
select audit.watch('groups_import', '{groups_import_id}', ignored => '{made,changes,imported_at,finished_at,undone_at,kept}');
