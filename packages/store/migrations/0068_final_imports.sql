-- Who brings a file of load curves may declare its values final: where they replace others, nobody need look (V05).
alter table reading_import add column is_final boolean not null default false;
alter table reading_import add constraint reading_import_final_curves check (not is_final or kind = 'load-curves');
