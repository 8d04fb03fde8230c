-- How late sums are kept is asked before each report that adds up days, and they go by their month.
create index kept_month_month on kept_month (month);
create index kept_group_month_month on kept_group_month (month);
