-- Files of text are packed (zstd) before they are stored: what took longest was that the server packed 56 MB of it once more and worse.
alter table data_export_part
  add column is_packed boolean not null default false,
  alter column bytes set storage external;
alter table data_export_part alter column is_packed drop default;
