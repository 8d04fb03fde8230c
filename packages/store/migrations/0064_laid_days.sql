-- Days that validation itself wrote, estimates above all: what used them is looked at once more, they are not.
alter table validation_change add column laid boolean not null default false;
