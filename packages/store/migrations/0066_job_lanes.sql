-- Jobs that must not run beside each other share a lane: two imports of the same points at once would each take them for new.
alter table job add column lane text;
create unique index job_lane on job (lane) where state = 'running';
