package web

import (
	"database/sql"
	"strings"

	"github.com/encours/encours/reports"
)

// externalCard is what agencies, insurers and its own accounts tell of a counterparty,
// on its page.
type externalCard struct {
	*reports.External
	Ratings []ratingRow
	Covers  []coverRow
	Years   []accountsRow
	Scores  []scoreRow
	Exports []exportGroup
}

type ratingRow struct {
	reports.ExternalRating
	Limit, Link string // Link: page of the report; "": none
}

type coverRow struct {
	reports.Cover
	Requested string
}

type accountsRow struct {
	reports.CompanyAccounts
	Sales, EBITDA, NetIncome, Equity, Assets, Debt string
}

type scoreRow struct {
	reports.BankruptcyScore
	Missing string // names of the inputs, in the language of the page
}

// newExternalCard is nil where nobody tells anything.
func newExternalCard(l *locale, layout Layout, told *reports.External) *externalCard {
	if told == nil || told.IsEmpty() {
		return nil
	}
	card := &externalCard{External: told, Exports: exportGroups(layout, "ratings", "credit-insurance", "bankruptcy-scores")}
	known := func(amount sql.Null[reports.Amount]) string {
		if !amount.Valid {
			return noValue
		}
		return l.Amount(amount.V)
	}
	for _, r := range told.Ratings {
		limit := known(r.Limit)
		if r.Limit.Valid && r.Currency != "" {
			limit += " " + r.Currency
		}
		card.Ratings = append(card.Ratings, ratingRow{r, limit, publicLink(r.URL)})
	}
	for _, c := range told.Covers {
		card.Covers = append(card.Covers, coverRow{c, known(c.Requested)})
	}
	for _, y := range told.Years {
		card.Years = append(card.Years, accountsRow{
			y, known(y.Sales), known(y.EBITDA), known(y.NetIncome), known(y.Equity), known(y.Assets), known(y.Debt),
		})
	}
	for _, score := range told.Scores {
		var missing []string
		for _, input := range strings.Split(score.Missing, ", ") {
			if input != "" {
				missing = append(missing, l.Name("accounts_input", input))
			}
		}
		card.Scores = append(card.Scores, scoreRow{score, strings.Join(missing, ", ")})
	}
	return card
}
