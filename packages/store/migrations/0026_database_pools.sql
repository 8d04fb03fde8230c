-- Connections and time-outs of a program that were set otherwise than it brings them (packages/store/src/pools.ts). What was set before
-- stays beside it, so that a change can be taken back; null: what the program brings.
create table database_pool (
  program text primary key,
  connections_max int not null check (connections_max between 1 and 1000),
  statement_timeout_ms int not null check (statement_timeout_ms between 1000 and 86400000),
  connections_max_before int,
  statement_timeout_ms_before int,
  changed_by text not null,
  changed_at timestamptz not null default now(),
  check ((connections_max_before is null) = (statement_timeout_ms_before is null))
);
select audit.watch('database_pool', '{program}',
  ignored => '{connections_max_before,statement_timeout_ms_before,changed_by,changed_at}');
