-- What is lost of a receivable that nobody pays any more; a side without a row has no loss rates.
-- key: side
create table ref_loss_given_default (
    side varchar not null,                  -- customer or supplier
    lgd_ratio decimal(9, 6) not null        -- part that is lost, from 0 to 1
);
