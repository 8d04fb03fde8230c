-- The workbench of validation (docs/validation.md): who looks after a finding, what was decided about it, what a person refused.

-- Whoever looks after it; null: nobody in particular.
alter table finding add column assigned_to text;

-- accept: the measured value stands. accept-estimate: the estimate does. A decision can be taken back.
alter table finding_decision drop constraint finding_decision_decision_check;
alter table finding_decision add constraint finding_decision_decision_check
  check (decision in ('accept', 'accept-estimate', 'undo', 'assign'));

-- values: a person gave them. estimate: a person chose the method. refusal: `v` are the measured values that no longer count.
alter table value_edit
  add column kind text not null default 'values' check (kind in ('values', 'estimate', 'refusal')),
  add column method text check (method ~ '^E[0-9](\+S)?$'),
  add column decision_note text not null default '' check (length(decision_note) <= 500),
  add constraint value_edit_method check ((kind = 'estimate') = (method is not null));

-- The triggers name their columns: made anew, they see the new ones.
drop trigger audit_added on value_edit;
drop trigger audit_changed on value_edit;
drop trigger audit_removed on value_edit;
select audit.watch('value_edit', '{value_edit_id}', ignored => '{v,q,slots,requested_at,decided_at,undone_at}');

-- Two decisions about one finding may fall into one millisecond.
alter table finding_decision drop constraint finding_decision_pkey;
alter table finding_decision add column finding_decision_id bigint generated always as identity primary key;
create index finding_decision_finding on finding_decision (finding_id);
drop trigger audit_added on finding_decision;
drop trigger audit_changed on finding_decision;
drop trigger audit_removed on finding_decision;
select audit.watch('finding_decision', '{finding_decision_id}', ignored => '{decided_at}');
