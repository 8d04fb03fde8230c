-- The index of a month with a test of the meter holds what was counted under test: the sum of the intervals is billed.
alter table billing_value drop constraint billing_value_reason_check;
alter table billing_value add constraint billing_value_reason_check
  check (reason in ('no-meter', 'never-read', 'no-register', 'register-decreased', 'meter-test', 'gap', 'open-finding', 'edit-waiting'));
