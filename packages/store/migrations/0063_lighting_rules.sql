-- Street lighting is a class of its own for rules: what is strange of others (one value the whole night) is its nature.
alter table validation_rule drop constraint validation_rule_class_check;
alter table validation_rule add constraint validation_rule_class_check
  check (class in ('household', 'business', 'industry', 'prosumer', 'producer', 'balance', 'lighting'));
