package web

import (
	"context"
	"database/sql"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/encours/encours/reports"
)

const (
	maxAskerRunes = 60
	decisionParam = "id" // of the decision that the page shows in full
)

// decisionParams narrow the list of decisions and choose one of them.
var decisionParams = []string{"customer", "decision", "before", "standing", decisionParam}

// decisionsPage asks for a credit decision and lists those that were made.
type decisionsPage struct {
	Layout
	Standing []standingCount // customers by what holds without a new order
	Holders  []standingRow   // those of one of these answers, where it was chosen
	Holding  string          // that answer
	Held     int64           // how many hold it
	Form     decisionForm
	Answer   *decisionRow // the one that was chosen or just made; nil: none
	Missing  bool         // one was chosen that there is not
	Rows     []decisionRow
	Older    string // link to the rest of the list; "": there is none
	Customer string // chosen
	Chosen   string // answer, chosen
	Codes    []string
	Exports  []exportGroup
}

// standingCount leads to its customers.
type standingCount struct {
	reports.DecisionCount
	URL string
}

type standingRow struct {
	reports.StandingRow
	URL, Words, ExposureText, LimitText string
}

// Kept are the parameters that the filter of the list carries on.
func (p decisionsPage) Kept() []string { return commonParams }

// Count is how many decisions the page lists.
func (p decisionsPage) Count() int64 { return int64(len(p.Rows)) }

// decisionForm is the form by which the reader asks about an order.
type decisionForm struct {
	CanAsk           bool
	Key              string
	Entity, Customer string // filled in beforehand
	AsOf             string // kept where the page is at a date that was asked for
	Lang             string
	Entities         []reports.Entity
}

// decisionRow is a decision in the words and figures of the reader.
type decisionRow struct {
	reports.Decision
	Made                                                   time.Time
	URL, CustomerURL                                       string
	RuleWords, TermsWords                                  string
	Order, ExposureText, LimitText, HeadroomText, ScoreTxt string
	OverdueText, LongText                                  string
	LongDays                                               int64
	HasLong                                                bool
	Date, Until                                            time.Time
	IsOver                                                 bool   // it does not hold any more
	Policy                                                 string // head of the hash of the rules
}

// readDecisionFilter reads the filters of the list.
func (q *query) readDecisionFilter() (filter reports.DecisionFilter, id int64, err error) {
	filter.Customer = strings.TrimSpace(q.values.Get("customer"))
	if !utf8.ValidString(filter.Customer) || utf8.RuneCountInString(filter.Customer) > maxSearchRunes || strings.ContainsFunc(filter.Customer, isControl) {
		return filter, 0, &badParam{Name: "customer", Value: filter.Customer, Allowed: "param.search", Args: []any{maxSearchRunes}}
	}
	if filter.Decision, err = q.oneOf("decision", reports.DecisionCodes()); err != nil {
		return filter, 0, err
	}
	before, err := q.number("before", 1, 1<<53)
	if err != nil {
		return filter, 0, err
	}
	if _, err := q.oneOf("standing", reports.DecisionCodes()); err != nil {
		return filter, 0, err
	}
	number, err := q.number(decisionParam, 1, 1<<53)
	if q.Selection.Entity != "" {
		filter.Entities = []string{q.Selection.Entity}
	}
	filter.Before, filter.Limit = int64(before), decisionPage
	return filter, int64(number), err
}

func (s *server) decisions(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r, decisionParams...)
	if err != nil {
		return err
	}
	filter, id, err := q.readDecisionFilter()
	if err != nil {
		return err
	}
	return s.show(w, r, "decisions", q, func(ctx context.Context, view View, l *locale, layout Layout) (any, error) {
		layout.Extra = []string{"standing"}
		page := decisionsPage{
			Layout: layout, Holding: q.Value("standing"), Customer: filter.Customer, Chosen: filter.Decision, Codes: reports.DecisionCodes(),
			Form: s.decisionFormOf(layout, layout.Meta.Selection.Entity, filter.Customer), Exports: exportGroups(layout, "credit-decisions"),
		}
		if err := page.stand(ctx, view, l); err != nil {
			return nil, err
		}
		if s.decider == nil {
			return page, nil
		}
		list, err := s.decider.Decisions(ctx, filter)
		if err != nil {
			return nil, err
		}
		for _, d := range list {
			page.Rows = append(page.Rows, s.decisionRow(l, layout, d))
		}
		if len(list) == decisionPage {
			page.Older = layout.decisionsLink("before", strconv.FormatInt(list[len(list)-1].ID, 10))
		}
		if id == 0 {
			return page, nil
		}
		chosen, err := s.decider.Decisions(ctx, reports.DecisionFilter{ID: id})
		if err != nil {
			return nil, err
		}
		if page.Missing = len(chosen) == 0; !page.Missing {
			row := s.decisionRow(l, layout, chosen[0])
			page.Answer = &row
		}
		return page, nil
	})
}

// stand fills in what holds without a new order.
func (p *decisionsPage) stand(ctx context.Context, view View, l *locale) error {
	counts, err := view.StandingCounts(ctx)
	if err != nil {
		return err
	}
	for _, count := range counts {
		p.Standing = append(p.Standing, standingCount{count, p.Filtered("/decisions", "standing", count.Decision) + "#h-holders"})
		if count.Decision == p.Holding {
			p.Held = count.Count
		}
	}
	if p.Holding == "" {
		return nil
	}
	list, err := view.StandingCustomers(ctx, p.Holding)
	if err != nil {
		return err
	}
	for _, row := range list {
		p.Holders = append(p.Holders, standingRow{
			StandingRow: row, URL: p.Counterparty(row.Entity, reports.Customer, row.ID), Words: row.Rule(l.Code),
			ExposureText: l.amountOrNone(row.Exposure), LimitText: l.amountOrNone(row.Limit),
		})
	}
	return nil
}

// amountOrNone writes an amount that may not be known.
func (l *locale) amountOrNone(amount sql.Null[reports.Amount]) string {
	if !amount.Valid {
		return noValue
	}
	return l.Amount(amount.V)
}

// decisionsLink leads to the list with its filters, then with pairs.
func (l Layout) decisionsLink(pairs ...string) string {
	return l.Link("/decisions", append([]string{"customer", l.Value("customer"), "decision", l.Value("decision")}, pairs...)...)
}

// decisionFormOf is the form with the entity and the customer filled in.
func (s *server) decisionFormOf(layout Layout, entity, customer string) decisionForm {
	form := decisionForm{
		CanAsk: s.decider != nil, Entity: entity, Customer: customer, AsOf: layout.Value("as_of"), Lang: layout.Value("lang"),
		Entities: layout.Meta.Entities,
	}
	if form.CanAsk {
		form.Key = newReference() + newReference()
	}
	return form
}

// decisionRow puts a decision into the words of the reader.
func (s *server) decisionRow(l *locale, layout Layout, d reports.Decision) decisionRow {
	in := d.Inputs
	row := decisionRow{
		Decision: d, RuleWords: d.RuleText(l.Code), TermsWords: d.TermsText(l.Code),
		URL:         layout.decisionsLink(decisionParam, strconv.FormatInt(d.ID, 10)) + "#h-answer",
		CustomerURL: layout.Counterparty(d.Entity, reports.Customer, d.Customer),
		Order:       l.amountOf(&d.Amount, d.Currency), ExposureText: l.amountOf(in.Exposure, d.Currency),
		LimitText: l.amountOf(in.Limit, d.Currency), HeadroomText: l.amountOf(in.Headroom, d.Currency), ScoreTxt: noValue,
		OverdueText: l.amountOf(&in.Overdue, d.Currency), LongText: l.amountOf(&in.LongOverdue, d.Currency),
	}
	row.Policy = d.Versions.Policy[:min(len(d.Versions.Policy), 12)]
	if in.Score != nil {
		if score, ok := signedAmount(*in.Score); ok {
			row.ScoreTxt = l.Points(reports.Days{Hundredths: int64(score), Valid: true})
		}
	}
	if in.LongOverdueDays != nil {
		row.LongDays, row.HasLong = *in.LongOverdueDays, true
	}
	// what the store holds was written by this program: a date that cannot be read stays empty
	row.Made, _ = time.Parse(time.RFC3339, d.MadeAt)
	row.Date, _ = time.Parse(isoDate, d.AsOf)
	row.Until, _ = time.Parse(isoDate, d.ValidUntil)
	row.IsOver = s.clock().Format(isoDate) > d.ValidUntil
	return row
}

// amountOf writes a decimal text with its currency; a dash where it is not known.
func (l *locale) amountOf(text *string, currency string) string {
	if text == nil {
		return noValue
	}
	amount, ok := signedAmount(*text)
	if !ok {
		return *text
	}
	return l.With(int64(amount), currency)
}

func signedAmount(text string) (reports.Amount, bool) {
	digits, isNegative := strings.CutPrefix(text, "-")
	amount, ok := reports.ParseAmount(digits)
	if isNegative {
		amount = -amount
	}
	return amount, ok
}

// decide takes the form. The session of the page is the right to it, and a form of
// another site is refused before it comes here.
func (s *server) decide(w http.ResponseWriter, r *http.Request) error {
	if s.decider == nil {
		return errNoPage
	}
	form, ok := postedForm(w, r, maxDecisionBytes)
	if !ok {
		return nil
	}
	ask, err := readDecisionForm(form)
	if err != nil {
		return err
	}
	decision, _, err := s.decider.Decide(r.Context(), ask)
	if err != nil {
		return err
	}
	values := url.Values{"entity": {decision.Entity}, decisionParam: {strconv.FormatInt(decision.ID, 10)}}
	if !ask.AsOf.IsZero() {
		values.Set("as_of", ask.AsOf.Format(isoDate))
	}
	if lang := form.Get("lang"); lang == "fr" || lang == "en" {
		values.Set("lang", lang)
	}
	http.Redirect(w, r, "/decisions?"+values.Encode()+"#h-answer", http.StatusSeeOther)
	return nil
}

// readDecisionForm checks every value of the form.
func readDecisionForm(form url.Values) (ask reports.DecisionRequest, err error) {
	ask = reports.DecisionRequest{
		Entity: form.Get("entity"), Customer: strings.TrimSpace(form.Get("customer")), By: strings.TrimSpace(form.Get("by")),
		Origin: "page", Key: form.Get("key"),
	}
	bad := func(why badParam) (reports.DecisionRequest, error) {
		why.Value = form.Get(why.Name)
		return reports.DecisionRequest{}, &why
	}
	isText := func(text string) bool { return utf8.ValidString(text) && !strings.ContainsFunc(text, isControl) }
	switch {
	case !entityPattern.MatchString(ask.Entity):
		return bad(badParam{Name: "entity", Allowed: "param.entity"})
	case ask.Customer == "" || len(ask.Customer) > maxIdentifierBytes || !isText(ask.Customer):
		return bad(badParam{Name: "customer", Allowed: "param.customer", Args: []any{maxIdentifierBytes}})
	case ask.By == "" || utf8.RuneCountInString(ask.By) > maxAskerRunes || !isText(ask.By):
		return bad(badParam{Name: "by", Allowed: "param.name", Args: []any{maxAskerRunes}})
	case len(ask.Key) < 8 || len(ask.Key) > maxKeyBytes || strings.ContainsFunc(ask.Key, isNotPrintable):
		return bad(badParam{Name: "key", Allowed: "param.form"})
	}
	var ok bool
	if ask.Amount, ok = readAmount(form.Get("amount")); !ok {
		return bad(badParam{Name: "amount", Allowed: "param.order"})
	}
	ask.AsOf, err = (&query{values: form}).day("as_of")
	return ask, err
}

// standingCard is the decision that holds for a customer without a new order.
type standingCard struct {
	*reports.DecisionAnswer
	RuleWords, TermsWords         string
	LimitText, HeadroomText, Long string
	URL                           string // the decisions about the customer, with the form
	LongDays                      int64
	HasLong                       bool
}

// standingCardOf returns nil where there is no decision.
func (s *server) standingCardOf(ctx context.Context, view View, l *locale, layout Layout, entity, id string) (*standingCard, error) {
	answer, err := view.StandingDecision(ctx, entity, id)
	if err != nil || answer == nil {
		return nil, err
	}
	in := answer.Inputs
	card := &standingCard{
		DecisionAnswer: answer, RuleWords: answer.RuleText(l.Code), TermsWords: answer.TermsText(l.Code),
		LimitText: l.amountOf(in.Limit, answer.Currency), HeadroomText: l.amountOf(in.Headroom, answer.Currency),
		Long: l.amountOf(&in.LongOverdue, answer.Currency), URL: layout.Link("/decisions", "entity", entity, "customer", id),
	}
	if in.LongOverdueDays != nil {
		card.LongDays, card.HasLong = *in.LongOverdueDays, true
	}
	return card, nil
}
