-- A rule of peaks looks at the days and hours that it says; a peak much greater than the one that was acknowledged is asked for again.
alter table peak_rule
  add column day_kind text not null default 'all' check (day_kind in ('all', 'workdays', 'restdays')),
  -- Minutes of the local clock, [from, to), over midnight where the end is not after the begin; null for the whole day.
  add column from_minute smallint check (from_minute between 0 and 1425 and from_minute % 15 = 0),
  add column to_minute smallint check (to_minute between 0 and 1425 and to_minute % 15 = 0),
  add check ((from_minute is null) = (to_minute is null)),
  add check (from_minute <> to_minute);
alter table peak_rule alter column day_kind drop default;

-- What was seen: rows are added, never changed. No log of filling the new column: nobody did anything.
drop trigger audit_added on peak_acknowledgement;
drop trigger audit_changed on peak_acknowledgement;
drop trigger audit_removed on peak_acknowledgement;
alter table peak_acknowledgement add column demand_kw numeric;
update peak_acknowledgement as k set demand_kw = a.demand_kw from peak_alarm as a where a.peak_alarm_id = k.peak_alarm_id;
alter table peak_acknowledgement alter column demand_kw set not null;
alter table peak_acknowledgement drop constraint peak_acknowledgement_pkey;
alter table peak_acknowledgement add primary key (peak_alarm_id, demand_kw);

select audit.watch('peak_acknowledgement', '{peak_alarm_id}');

-- Watched anew for the new columns.
drop trigger audit_added on peak_rule;
drop trigger audit_changed on peak_rule;
drop trigger audit_removed on peak_rule;
select audit.watch('peak_rule', '{peak_rule_id}', ignored => '{created_at,changed_at}');
