package project

import (
	"regexp"
	"strings"
)

// The kinds of debtor that the law on late interest tells apart.
const (
	RegimeBusiness    = "business"
	RegimePublicBuyer = "public_buyer"
	RegimeConsumer    = "consumer"
)

// LateInterest is a rule on the late interest of counterparties. Of several rules
// that fit a counterparty the last one counts, for the rate and the regime apart.
// An empty Entity or Side stands for all of them.
type LateInterest struct {
	Entity         string
	Side           string
	Counterparties []string // codes, with * and ?; one * where none is given
	Rate           string   // contractual rate, percent per year; empty where not given
	Regime         string   // one of the regimes; empty where not given
}

// Insolvency says that a procedure was opened against counterparties.
type Insolvency struct {
	Entity         string
	Side           string
	Counterparties []string // codes, with * and ?
	OpenedOn       Date     // the judgment
	PublishedOn    Date     // its publication in the BODACC; zero: not told
}

var percentForm = regexp.MustCompile(`^[0-9]{1,3}(\.[0-9]{1,4})?$`)

func (p *Project) readLateInterest(item node) (check func()) {
	var rule LateInterest
	check = func() {}
	item.record(map[string]func(node){
		"entity": func(n node) {
			rule.Entity, _ = n.text()
			check = p.refers(n, rule.Entity)
		},
		"side":           func(n node) { n.oneOf(&rule.Side, SideCustomer, SideSupplier) },
		"counterparties": func(n node) { rule.Counterparties = n.patterns() },
		"rate": func(n node) {
			n.matching(percentForm, "a rate: write percent per year, such as 12.5", &rule.Rate)
		},
		"regime": func(n node) { n.oneOf(&rule.Regime, RegimeBusiness, RegimePublicBuyer, RegimeConsumer) },
	})
	if rule.Rate == "" && rule.Regime == "" {
		item.problem("the rule says nothing: give a rate or a regime")
	}
	if len(rule.Counterparties) == 0 {
		rule.Counterparties = []string{"*"}
	}
	p.LateInterest = append(p.LateInterest, rule)
	return check
}

func (p *Project) readInsolvency(item node) (check func()) {
	var rule Insolvency
	check = func() {}
	item.record(map[string]func(node){
		"entity": func(n node) {
			rule.Entity, _ = n.text()
			check = p.refers(n, rule.Entity)
		},
		"side":           func(n node) { n.oneOf(&rule.Side, SideCustomer, SideSupplier) },
		"counterparties": func(n node) { rule.Counterparties = n.patterns() },
		"opened_on":      func(n node) { rule.OpenedOn = n.date() },
		"published_on":   func(n node) { rule.PublishedOn = n.date() },
	}, "counterparties", "opened_on")
	if !rule.PublishedOn.IsZero() && rule.PublishedOn.Before(rule.OpenedOn.Time) {
		item.problem("published_on is before opened_on: a judgment is published after it is given")
	}
	p.Insolvencies = append(p.Insolvencies, rule)
	return check
}

// patterns reads a list of codes with * and ?.
func (n node) patterns() []string {
	var list []string
	n.list(func(item node) {
		if pattern, ok := item.text(); ok {
			list = append(list, strings.TrimSpace(pattern))
		}
	})
	return list
}
