package project

import (
	"fmt"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Target is what a measure of the monthly key figures should not pass, in an
// entity or in the group.
type Target struct {
	Entity    string // identifier, or Group
	Measure   string // column of mart_kpis_monthly
	Value     string // plain decimal: days, a ratio from 0 to 1, or times a year
	IsCeiling bool   // the measure should not be above it; else not below it
}

// Factored says which customers' receivables are sold to a factor or discounted:
// by customer, or by a file that lists the documents. An empty Entity stands for
// all of them; a zero date has no limit.
type Factored struct {
	Documents      string // CSV file, relative to the project file; the rest is empty
	Entity         string
	Counterparties []string // codes, with * and ?
	Since, Until   Date     // first and last day
}

// targetKind is how the target of a measure is read.
type targetKind struct {
	most      int64 // largest value
	isCeiling bool
}

// targetMeasures are the measures that can have a target.
var targetMeasures = map[string]targetKind{
	"dso_countback_days":       {3650, true},
	"dso_simple_days":          {3650, true},
	"best_possible_dso_days":   {3650, true},
	"average_days_delinquent":  {3650, true},
	"days_to_pay":              {3650, true},
	"days_late":                {3650, true},
	"turnover_days":            {3650, true},
	"overdue_ratio":            {1, true},
	"dispute_ratio":            {1, true},
	"top10_ratio":              {1, true},
	"cei_ratio":                {1, false},
	"lettering_coverage_ratio": {1, false},
	"turnover_ratio":           {1000, false},
}

var targetForm = regexp.MustCompile(`^[0-9]{1,4}(\.[0-9]{1,6})?$`)

func (p *Project) readTargets(item node) (check func()) {
	check = func() {}
	entity := Group
	var own []Target
	fields := map[string]func(node){
		"entity": func(n node) {
			entity, _ = n.text()
			if entity != Group {
				check = p.refers(n, entity)
			}
		},
	}
	for measure, kind := range targetMeasures {
		fields[measure] = func(n node) {
			if value, ok := n.target(kind); ok {
				own = append(own, Target{Measure: measure, Value: value, IsCeiling: kind.isCeiling})
			}
		}
	}
	sound := item.sound(func() { item.record(fields, "entity") })
	if sound && len(own) == 0 {
		item.problem("no measure has a target here; the measures are %s",
			strings.Join(slices.Sorted(maps.Keys(targetMeasures)), ", "))
	}
	if slices.ContainsFunc(p.Targets, func(t Target) bool { return t.Entity == entity }) {
		item.problem("the targets of %q stand twice: keep one", entity)
	}
	for i := range own {
		own[i].Entity = entity
	}
	p.Targets = append(p.Targets, own...)
	return check
}

// target reads a target: a decimal number, a ratio as 0.15 or 15 %.
func (n node) target(kind targetKind) (string, bool) {
	text, ok := n.text()
	if !ok {
		return "", false
	}
	number, isPercent := strings.CutSuffix(strings.TrimSpace(text), "%")
	number = strings.TrimSpace(number)
	value := new(big.Rat)
	if isPercent = isPercent && kind.most == 1; !targetForm.MatchString(number) || strings.HasSuffix(text, "%") && !isPercent {
		n.problem("%q is not a target: %s", text, kind.words())
		return "", false
	}
	value.SetString(number)
	if isPercent {
		value.Quo(value, big.NewRat(100, 1))
	}
	if value.Cmp(big.NewRat(kind.most, 1)) > 0 {
		n.problem("%s is too large: %s", text, kind.words())
		return "", false
	}
	return value.FloatString(6), true
}

func (k targetKind) words() string {
	if k.most == 1 {
		return "write a ratio from 0 to 1, such as 0.15, or per cent, such as 15 %"
	}
	return fmt.Sprintf("write a number from 0 to %s, such as 45 or 45.5", strconv.FormatInt(k.most, 10))
}

func (p *Project) readFactored(item node) (check func()) {
	var rule Factored
	check = func() {}
	sound := item.sound(func() { item.record(p.factoredFields(&rule, &check)) })
	switch {
	case !sound:
	case rule.Documents == "" && len(rule.Counterparties) == 0:
		item.problem(`the key "counterparties" is missing: give it, or "documents" with a CSV file`)
	case rule.Documents != "" && (len(rule.Counterparties) > 0 || rule.Entity != "" || !rule.Since.IsZero() || !rule.Until.IsZero()):
		item.problem(`"documents" stands alone: the file has entities, customers and dates; move the other keys to an entry of their own`)
	case !rule.Since.IsZero() && !rule.Until.IsZero() && rule.Until.Before(rule.Since.Time):
		item.problem("until %s is before since %s: exchange them", rule.Until, rule.Since)
	}
	p.Factored = append(p.Factored, rule)
	return check
}

func (p *Project) factoredFields(rule *Factored, check *func()) map[string]func(node) {
	return map[string]func(node){
		"documents": func(n node) { rule.Documents, _ = n.text() },
		"entity": func(n node) {
			rule.Entity, _ = n.text()
			*check = p.refers(n, rule.Entity)
		},
		"counterparties": func(n node) {
			n.list(func(item node) {
				if pattern, ok := item.text(); ok {
					rule.Counterparties = append(rule.Counterparties, pattern)
				}
			})
		},
		"since": func(n node) { rule.Since = n.date() },
		"until": func(n node) { rule.Until = n.date() },
	}
}
