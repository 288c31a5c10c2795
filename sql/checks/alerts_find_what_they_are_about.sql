-- severity: fail
-- sentence: These alerts are about a counterparty that is not known, have no line in
--   ref/alert_rules.csv, or give another exposure than mart_exposure.
select
    alerts.entity_id,
    alerts.side,
    alerts.counterparty_id,
    alerts.rule,
    alerts.measure,
    alerts.subject,
from mart_alerts as alerts
left join dim_counterparties as counterparties
    on counterparties.entity_id = alerts.entity_id
    and counterparties.side = alerts.side
    and counterparties.counterparty_id = alerts.counterparty_id
left join ref_alert_rules as rules
    on rules.rule = alerts.rule
    and rules.measure = alerts.measure
    and rules.is_enabled
left join mart_exposure as exposures
    on exposures.entity_id = alerts.entity_id
    and exposures.counterparty_id = alerts.counterparty_id
where
    rules.rule is null
    or (
        alerts.counterparty_id <> ''
        and alerts.measure <> 'utilisation_ratio'
        and counterparties.counterparty_id is null
    )
    or (
        alerts.measure = 'utilisation_ratio'
        and alerts.new_value is distinct from exposures.exposure_amount
    )
