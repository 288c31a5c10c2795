package reports

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"
)

// SegmentCell is a class and a band of sizes, with the segment that they make.
type SegmentCell struct {
	Class, Band     string
	Segment, Action Reason
	Count           int64
	Size            Amount // exposure of customers, purchases of twelve months from suppliers
	Overdue         Amount
}

// SegmentRow is one customer or supplier in its segment.
type SegmentRow struct {
	Entity, Side, ID, Name string
	Class, PreviousClass   string
	Change                 int64 // classes lost since the month before, negative: gained
	Score                  Days
	Band                   string
	Segment, Action        Reason
	IsStrategic            bool
	NextReview             time.Time // zero: none
	Size, Overdue          Amount
	Limit                  Amount
	HasLimit               bool
	LimitSource            string // granted or recommended
	Utilisation            Ratio
}

// TransitionCell tells how many counterparties went from a class to another.
type TransitionCell struct {
	From, To      string // To may be TransitionGone
	Count         int64  // 0 for the product of the months
	Open          Amount // what they owed at the beginning
	Share         Ratio  // of the counterparties of From
	AmountShare   Ratio  // of what the counterparties of From owed
	IsOfTheMonths bool   // without a number of its own: the product of the months
}

// TransitionGone is where those go who have no open or paid item any more.
const TransitionGone = "gone"

// Spans of transitions.
const (
	SpanMonth        = "month"
	SpanYear         = "year"
	SpanYearByMonths = "year_by_months"
)

// Segments are the segments of a selection.
type Segments struct {
	Bands       []string // largest first
	Cells       []SegmentCell
	Whole       SegmentCell
	Rows        []SegmentRow // of the filter, the largest first; at most riskLimit
	Count       int64        // of the filter
	Transitions map[string][]TransitionCell
}

// Segments returns the matrix of the selection, the rows of the filter and the
// transitions between classes. It returns ErrBadSelection for a class, a change or a
// band that there is not.
func (v *View) Segments(ctx context.Context, filter RiskFilter) (*Segments, error) {
	if err := filter.check(); err != nil {
		return nil, err
	}
	detail := fmt.Sprintf("%q", []string{filter.Class, filter.Change, filter.Band})
	return figure(ctx, v, "segments", detail, func() (*Segments, error) {
		s := &Segments{Transitions: map[string][]TransitionCell{}}
		if err := v.readSegmentCells(ctx, s); err != nil {
			return nil, err
		}
		if filter.Band != "" && !slices.Contains(s.Bands, filter.Band) {
			return nil, fmt.Errorf("exposure band %q: %w", filter.Band, ErrBadSelection)
		}
		if err := v.readSegmentRows(ctx, s, filter); err != nil {
			return nil, err
		}
		return s, v.readTransitions(ctx, s)
	})
}

// segmentScope is riskScope with the band.
func (v *View) segmentScope(filter RiskFilter) (string, []any) {
	condition, args := v.riskScope(filter)
	if filter.Band != "" {
		condition, args = condition+" and exposure_band = $band", append(args, sql.Named("band", filter.Band))
	}
	return condition, args
}

// readSegmentCells fills in every class and band, those without a counterparty too.
func (v *View) readSegmentCells(ctx context.Context, s *Segments) error {
	condition, args := v.riskScope(RiskFilter{})
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		var c SegmentCell
		err := rows.Scan(&c.Class, &c.Band, &c.Segment.EN, &c.Segment.FR, &c.Action.EN, &c.Action.FR, &c.Count, &c.Size, &c.Overdue)
		if !slices.Contains(s.Bands, c.Band) {
			s.Bands = append(s.Bands, c.Band)
		}
		s.Cells = append(s.Cells, c)
		s.Whole.Count += c.Count
		s.Whole.Size += c.Size
		s.Whole.Overdue += c.Overdue
		return err
	}, `
with
counted as (
    select
        risk_class,
        exposure_band,
        count(*) as counterparty_count,
        sum(size_amount) as size_amount,
        sum(overdue_amount) as overdue_amount,
    from mart_risk_segments
    where `+condition+`
    group by risk_class, exposure_band
)
select
    segments.risk_class,
    segments.exposure_band,
    segments.segment_en,
    segments.segment_fr,
    segments.action_en,
    segments.action_fr,
    coalesce(counted.counterparty_count, 0),
    cast(coalesce(counted.size_amount, 0) as decimal(18, 2)),
    cast(coalesce(counted.overdue_amount, 0) as decimal(18, 2)),
from ref_segments as segments
inner join ref_exposure_bands as bands on bands.exposure_band = segments.exposure_band
left join counted
    on counted.risk_class = segments.risk_class
    and counted.exposure_band = segments.exposure_band
order by segments.risk_class, bands.to_percent nulls last, segments.exposure_band`, args...)
}

func (v *View) readSegmentRows(ctx context.Context, s *Segments, filter RiskFilter) error {
	condition, args := v.segmentScope(filter)
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		var r SegmentRow
		err := rows.Scan(&r.Entity, &r.Side, &r.ID, &r.Name, &r.Class, text(&r.PreviousClass), &r.Change, &r.Score, &r.Band,
			text(&r.Segment.EN), text(&r.Segment.FR), text(&r.Action.EN), text(&r.Action.FR), &r.IsStrategic, date(&r.NextReview),
			&r.Size, &r.Overdue, &r.HasLimit, &r.Limit, text(&r.LimitSource), &r.Utilisation, &s.Count)
		s.Rows = append(s.Rows, r)
		return err
	}, fmt.Sprintf(`
select
    entity_id, side, counterparty_id, counterparty_name, risk_class, previous_class, coalesce(class_change, 0),
    score, exposure_band, segment_en, segment_fr, action_en, action_fr, is_strategic, next_review_date,
    size_amount, overdue_amount, limit_amount is not null, coalesce(limit_amount, 0), limit_source,
    utilisation_ratio, count(*) over ()
from mart_risk_segments
where %s
order by size_amount desc, entity_id, counterparty_id
limit %d`, condition, riskLimit), args...)
}

func (v *View) readTransitions(ctx context.Context, s *Segments) error {
	mart, condition, args := v.from("mart_risk_transitions", "mart_group_risk_transitions", true)
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		var span string
		var c TransitionCell
		err := rows.Scan(&span, &c.From, &c.To, &c.Count, &c.Open, &c.Share, &c.AmountShare)
		c.IsOfTheMonths = span == SpanYearByMonths
		s.Transitions[span] = append(s.Transitions[span], c)
		return err
	}, fmt.Sprintf(`
select
    span, from_class, to_class, coalesce(counterparty_count, 0), coalesce(open_amount, 0),
    cast(count_ratio as decimal(9, 4)), cast(amount_ratio as decimal(9, 4)),
from %s
where %s
order by span, from_class, to_class`, mart, condition), args...)
}
