package web

import (
	"regexp"

	"github.com/encours/encours/reports"
)

// identityCard is who a counterparty is, from where, and under which other codes.
type identityCard struct {
	*reports.Identity
	Attributes []attributeRow
	Duplicates []duplicateRow
}

type attributeRow struct {
	reports.Attribute
	Label, From, Otherwise string
}

type duplicateRow struct {
	reports.Duplicate
	URL, Why string
}

// sourceWord finds the names of sources in what others say.
var sourceWord = regexp.MustCompile(`(^| \| )(person|identity|erp|ledger|crm|sirene): `)

func newIdentityCard(l *locale, layout Layout, side string, identity *reports.Identity) identityCard {
	card := identityCard{Identity: identity}
	for _, a := range identity.Attributes {
		card.Attributes = append(card.Attributes, attributeRow{
			Attribute: a, Label: l.Name("attribute", a.Name), From: l.Name("attribute_source", a.Source),
			Otherwise: sourceWord.ReplaceAllStringFunc(a.Others, func(found string) string {
				parts := sourceWord.FindStringSubmatch(found)
				return parts[1] + l.Name("attribute_source", parts[2]) + l.T("identity.says")
			}),
		})
	}
	for _, d := range identity.Duplicates {
		card.Duplicates = append(card.Duplicates, duplicateRow{d, layout.Counterparty(d.Entity, side, d.ID), d.Rule(l.Code)})
	}
	return card
}
