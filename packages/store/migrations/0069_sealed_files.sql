-- Files that are kept for who asked for them hold codes and names: each is sealed by a key of its own, which lies sealed in its row
-- (docs/personal-data.md). What is here in clear is sealed by the next start of the server.
alter table data_export add column sealed_key bytea;
alter table report_run
  add column sealed_key bytea,
  add constraint report_run_file_sealed check ((file is null) = (sealed_key is null)) not valid,
  alter column file set storage external;
drop trigger audit_added on data_export;
drop trigger audit_changed on data_export;
drop trigger audit_removed on data_export;
select audit.watch('data_export', '{data_export_id}',
  ignored => '{job_id,requested_at,made_at,points,value_rows,file_bytes,sealed_key}');
