-- Days on which banks do not work, besides Saturdays and Sundays: French public holidays 2015 to 2035.
-- key: holiday_date
create table ref_holidays (
    holiday_date date not null,             -- the day
    holiday_name varchar not null           -- its name
);
