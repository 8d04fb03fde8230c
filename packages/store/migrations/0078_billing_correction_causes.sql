-- A meter that was exchanged, or under test, in a month that was billed already: said who entered it.
alter table billing_correction drop constraint billing_correction_cause_check;
alter table billing_correction add constraint billing_correction_cause_check
  check (cause in ('edit', 'undo', 'ratio', 'exchange', 'meter-test', 'late-values'));
