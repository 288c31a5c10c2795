package web

import (
	"context"
	"net/http"

	"github.com/encours/encours/reports"
)

// riskParams narrow the list of scores and its exports.
var riskParams = []string{"class", "change"}

// riskPage lists the scores of a selection, the worst first.
type riskPage struct {
	Layout
	Figures *reports.Risks
	Classes []riskClass
	Changes []riskClass
	All     riskClass // without a filter
	Rows    []riskRow
	Exports []exportGroup
}

// riskClass is a class or a change of class that the list can be narrowed to.
type riskClass struct {
	reports.RiskCount
	Key       string
	Number    int64
	URL       string
	IsCurrent bool

	WorsenedURL, ImprovedURL, AgeingURL string // of a class: who is behind the figures
}

// riskRow is a counterparty with its page and its reasons in the reader's language.
type riskRow struct {
	reports.RiskRow
	URL   string
	Words []string
}

// scoreCard is the score of one counterparty, factor by factor.
type scoreCard struct {
	*reports.Score
	Factors []factorRow
	Words   []string
	Lost    reports.Days // 100 less the score
}

// factorRow is a factor in the words of the reader, with a bar of what it costs.
type factorRow struct {
	reports.ScoreFactor
	Name, Text, Range, Why string
	Width                  string // lost points of the weight, per cent
}

// readRisk reads the parameters of the list of scores.
func (q *query) readRisk() (risk reports.RiskFilter, err error) {
	if risk.Class, err = q.oneOf("class", reports.RiskClasses()); err != nil {
		return risk, err
	}
	if risk.Change, err = q.oneOf("change", reports.RiskChanges()); err != nil {
		return risk, err
	}
	// which bands there are is the project's affair: the figures know
	if risk.Band = q.values.Get("band"); risk.Band != "" && !bucketPattern.MatchString(risk.Band) {
		return risk, &badParam{Name: "band", Value: risk.Band, Allowed: "param.bucket"}
	}
	return risk, nil
}

func (s *server) risk(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r, riskParams...)
	if err != nil {
		return err
	}
	return s.show(w, r, "risk", q, func(ctx context.Context, view View, l *locale, layout Layout) (any, error) {
		figures, err := view.Risks(ctx, q.Filter.Risk)
		if err != nil {
			return nil, err
		}
		layout.Extra = riskParams
		page := riskPage{Layout: layout, Figures: figures, Exports: exportGroups(layout, "risk-scores", "score-points", "payment-behaviour")}
		risk := q.Filter.Risk
		for _, class := range figures.Classes {
			page.Classes = append(page.Classes, riskClass{
				RiskCount: class, URL: layout.Filtered("/risk", "class", class.Class, "change", ""), IsCurrent: class.Class == risk.Class,
				WorsenedURL: layout.Filtered("/risk", "class", class.Class, "change", reports.RiskWorsened) + "#h-scores",
				ImprovedURL: layout.Filtered("/risk", "class", class.Class, "change", reports.RiskImproved) + "#h-scores",
				AgeingURL:   layout.Filtered("/ageing", "class", "", "change", "", "within", "risk_class", "value", class.Class),
			})
		}
		for key, number := range map[string]int64{reports.RiskWorsened: figures.Whole.Worsened, reports.RiskImproved: figures.Whole.Improved} {
			page.Changes = append(page.Changes, riskClass{
				Key: key, Number: number, URL: layout.Filtered("/risk", "class", "", "change", key), IsCurrent: key == risk.Change,
			})
		}
		if page.Changes[0].Key != reports.RiskWorsened {
			page.Changes[0], page.Changes[1] = page.Changes[1], page.Changes[0]
		}
		page.All = riskClass{RiskCount: figures.Whole, URL: layout.Filtered("/risk", "class", "", "change", ""), IsCurrent: risk == (reports.RiskFilter{})}
		for _, row := range figures.Rows {
			page.Rows = append(page.Rows, riskRow{row, layout.Counterparty(row.Entity, row.Side, row.ID), words(l, row.Reasons)})
		}
		return page, nil
	})
}

func words(l *locale, reasons []reports.Reason) (all []string) {
	for _, reason := range reasons {
		all = append(all, reason.In(l.Code))
	}
	return all
}

// newScoreCard puts a score into the words of the reader; nil where there is none.
func newScoreCard(l *locale, score *reports.Score) *scoreCard {
	if score == nil {
		return nil
	}
	card := &scoreCard{Score: score, Words: words(l, score.Reasons)}
	for _, factor := range score.Factors {
		card.Lost = reports.Days{Hundredths: card.Lost.Hundredths + factor.Lost.Hundredths, Valid: true}
		card.Factors = append(card.Factors, factorRow{
			ScoreFactor: factor, Name: factor.Label(l.Code), Text: l.factorValue(factor.Unit, factor.Value),
			Range: l.factorRange(factor), Why: factor.Reason.In(l.Code),
			Width: width(reports.Amount(factor.Lost.Hundredths), reports.Amount(factor.Weight*100)),
		})
	}
	return card
}

// factorValue writes what a factor measures: days, per cent, a class or a number; a
// dash where it is not known.
func (l *locale) factorValue(unit string, value reports.Days) string {
	whole := value.Hundredths / 100
	switch {
	case !value.Valid:
		return noValue
	case unit == "days":
		return l.Days(value)
	case unit == "ratio":
		return l.T("unit.percent", l.Fixed(value.Hundredths, 2, 1))
	case unit == "class" && whole >= 1 && whole <= 5:
		return reports.RiskClasses()[whole-1]
	}
	return l.Fixed(value.Hundredths, 2, 0)
}

// factorRange writes the range that the value of a factor falls into.
func (l *locale) factorRange(f reports.ScoreFactor) string {
	from, to := l.factorValue(f.Unit, f.From), l.factorValue(f.Unit, f.To)
	switch {
	case f.From.Valid && f.To.Valid:
		return l.T("risk.between", from, to)
	case f.From.Valid:
		return l.T("risk.above", from)
	case f.To.Valid:
		return l.T("risk.up_to", to)
	}
	return l.T("risk.not_known")
}

// Points writes a score or points with the decimals that it has.
func (l *locale) Points(d reports.Days) string {
	switch {
	case !d.Valid:
		return noValue
	case d.Hundredths%100 == 0:
		return l.Fixed(d.Hundredths, 2, 0)
	}
	return l.Fixed(d.Hundredths, 2, 2)
}
