-- Files of points that were brought are full of names, and of use only as long as somebody may take the import back: months, not years.
alter table retention_rule drop constraint retention_rule_class_check;
alter table retention_rule add constraint retention_rule_class_check check (class in ('intervals', 'registers', 'events', 'imports'));
alter table retention_rule drop constraint retention_rule_months_check;
alter table retention_rule add constraint retention_rule_months_check
  check (months between case class when 'imports' then 1 else 13 end and 1200);
