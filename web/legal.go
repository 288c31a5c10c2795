package web

import (
	"strings"

	"github.com/encours/encours/reports"
)

// legalCard is what the register and the gazette tell of a counterparty, on its page.
type legalCard struct {
	*reports.Legal
	Notices []legalNotice
	Changes []legalChange
	Exports []exportGroup

	IsCutNotices, IsCutChanges bool // there are more than the page lists
}

type legalNotice struct {
	reports.LegalNotice
	Label string // of the event, in the language of the page
	Link  string // page of the notice; "": none
}

type legalChange struct {
	reports.CompanyChange
	Link string
}

func newLegalCard(l *locale, layout Layout, legal *reports.Legal) *legalCard {
	if legal == nil {
		return nil
	}
	card := &legalCard{
		Legal: legal, Exports: exportGroups(layout, "legal-events", "company-changes"),
		IsCutNotices: legal.EventCount > int64(len(legal.Events)), IsCutChanges: legal.ChangeCount > int64(len(legal.Changes)),
	}
	for _, n := range legal.Events {
		label := n.LabelEN
		if l.Code == "fr" {
			label = n.LabelFR
		}
		card.Notices = append(card.Notices, legalNotice{n, label, publicLink(n.URL)})
	}
	for _, c := range legal.Changes {
		card.Changes = append(card.Changes, legalChange{c, publicLink(c.URL)})
	}
	return card
}

// publicLink is an address of an extract as far as it is one of the web.
func publicLink(address string) string {
	if strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://") {
		return address
	}
	return ""
}
