-- A schedule reads with its owner's rights, so it runs what its owner has seen: not what somebody else saved since.
alter table report_schedule add column version int;
update report_schedule as s set version = coalesce(
  (select max(v.version) from report_version as v join account on account.name = v.saved_by
    where v.report_id = s.report_id and account.account_id = s.owner_id),
  (select version from report where report.report_id = s.report_id));
alter table report_schedule alter column version set not null,
  add foreign key (report_id, version) references report_version (report_id, version);
