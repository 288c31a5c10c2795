package web

import (
	"context"
	"io"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/reports/dictionary"
)

// Reports is what the pages need of the warehouse.
type Reports interface {
	// Open pins one generation for a selection; the caller closes the view.
	Open(ctx context.Context, sel reports.Selection) (View, error)
	// Ready returns nil when a generation can be read.
	Ready(ctx context.Context) error
	// Sources tells how the sources are doing; it needs no generation.
	Sources(ctx context.Context) (*reports.Sources, error)
}

// View is one selection of one generation. A request opens one view, so that
// all figures of an answer come from one generation. It need not be safe for
// concurrent use.
type View interface {
	Meta() reports.Meta
	Overview(ctx context.Context) (*reports.Overview, error)
	Ageing(ctx context.Context, filter reports.AgeingFilter) (*reports.Ageing, error)
	Counterparty(ctx context.Context, entity, side, id string) (*reports.Counterparty, error)
	Item(ctx context.Context, entity string, id int64) (*reports.Item, error)
	Reconciliation(ctx context.Context) ([]reports.ReconciliationLine, error)
	Batches(ctx context.Context) ([]reports.BatchRow, error)
	Quality(ctx context.Context) ([]reports.QualityRow, error)
	PaymentTerms(ctx context.Context, tax string) ([]reports.PaymentTerms, error)
	PaymentTermsInvoices(ctx context.Context, filter reports.TermsFilter) (*reports.TermsInvoices, error)
	PaymentTermsBreaches(ctx context.Context) ([]reports.TermsBreaches, error)
	Disputes(ctx context.Context) (*reports.Disputes, error)
	Exposures(ctx context.Context) (*reports.Exposures, error)
	Risks(ctx context.Context, filter reports.RiskFilter) (*reports.Risks, error)
	Segments(ctx context.Context, filter reports.RiskFilter) (*reports.Segments, error)
	// Score returns nil where the counterparty has no item at the date.
	Score(ctx context.Context, entity, side, id string) (*reports.Score, error)
	// Legal returns nil where the company is not known and no procedure is listed.
	Legal(ctx context.Context, entity, side, id string) (*reports.Legal, error)
	External(ctx context.Context, entity, side, id string) (*reports.External, error)
	// StandingDecision returns nil where none is known.
	StandingDecision(ctx context.Context, entity, customer string) (*reports.DecisionAnswer, error)
	StandingCounts(ctx context.Context) ([]reports.DecisionCount, error)
	StandingCustomers(ctx context.Context, decision string) ([]reports.StandingRow, error)
	Currencies(ctx context.Context) (*reports.Currencies, error)
	Exposure(ctx context.Context, entity, id string) (*reports.ExposureRow, error)
	Identity(ctx context.Context, entity, side, id string) (*reports.Identity, error)
	Worklist(ctx context.Context, filter reports.AgeingFilter) (*reports.Worklist, error)
	Dunning(ctx context.Context, filter reports.AgeingFilter) (*reports.Dunning, error)
	LegalCases(ctx context.Context) ([]reports.LegalCase, error)
	Chase(ctx context.Context, entity, id string) (*reports.Chase, error)
	Alerts(ctx context.Context, filter reports.AlertFilter) (*reports.Alerts, error)
	Lookup(ctx context.Context, request reports.LookupRequest) (*reports.Lookup, error)
	Matches(ctx context.Context, filter reports.MatchFilter) (*reports.Matches, error)
	KeyFigures(ctx context.Context) (*reports.KeyFigures, error)
	CashForecast(ctx context.Context) (*reports.CashForecast, error)
	CashItems(ctx context.Context, period int) ([]reports.CashItem, error)
	Dictionary(ctx context.Context) (*dictionary.Dictionary, error)
	LateInterest(ctx context.Context) (*reports.LateInterest, error)
	LateStatement(ctx context.Context, entity, side, id string) (*reports.LateStatement, error)
	CreditLoss(ctx context.Context) (*reports.CreditLoss, error)
	RollRates(ctx context.Context) (*reports.RollRates, error)
	BillingCohorts(ctx context.Context) ([]reports.CohortCell, error)
	Concentration(ctx context.Context) (*reports.Concentration, error)
	// KnownDays lists the days that Changes compares, the latest first.
	KnownDays(ctx context.Context) ([]reports.KnownDay, error)
	// Changes tells how far the comparison of two days has come; it never waits for it.
	Changes(ctx context.Context, span reports.KnownSpan) (*reports.Comparison, error)
	// Export writes a whole report or returns an error; what it wrote before an
	// error is not a report.
	Export(ctx context.Context, name, format string, filter reports.AgeingFilter, w io.Writer) error
	Close() error
}

// service is a source of reports that returns a view type of its own.
type service[V View] interface {
	Open(ctx context.Context, sel reports.Selection) (V, error)
	Ready(ctx context.Context) error
	Sources(ctx context.Context) (*reports.Sources, error)
}

type adapter[V View] struct{ service[V] }

func (a adapter[V]) Open(ctx context.Context, sel reports.Selection) (View, error) {
	view, err := a.service.Open(ctx, sel)
	if err != nil {
		return nil, err // not the typed nil that view may be
	}
	return view, nil
}

// Adapt makes Reports of a service whose Open returns its own view type, such
// as *reports.Service with *reports.View.
func Adapt[V View](s service[V]) Reports { return adapter[V]{s} }
