package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/session"
)

func (a *app) decideCommand() *cobra.Command {
	var amount, asOf, format, language string
	ask := reports.DecisionRequest{Origin: byCommand}
	cmd := &cobra.Command{
		Use:   "decide --customer CODE --amount N",
		Short: "Answer an order on account by the rules of the project, and keep the answer",
		Long: `Compares an order with what is known of the customer: class, legal events, what is
overdue, exposure and limit. The first rule of ref/decision_policy.csv that fits
decides. The answer is kept with its inputs and versions and is never changed;
encours decisions lists the answers.`,
		Example: `  encours decide --customer C00007 --amount 12500 --entity ALPHA
  encours decide --customer C00007 --amount 980.50 --entity ALPHA --by Anne --lang fr
  encours decide --customer C00007 --amount 5000 --entity ALPHA --as-of 2025-06-30 --format json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			p, err := a.load()
			if err != nil {
				return err
			}
			if err := a.completeRequest(cmd, p, &ask, amount, asOf); err != nil {
				return err
			}
			if format != "text" && format != "json" {
				return usagef(cmd, "--format %q is not known; the formats are: text, json", format)
			}
			if !slices.Contains(reports.Languages(), language) {
				return usagef(cmd, "--lang %q is not known; the languages are: %s", language, strings.Join(reports.Languages(), ", "))
			}
			pool := session.NewPool(a.store(p), exportLimits(p))
			defer func() { err = errors.Join(err, pool.Close()) }()
			desk := a.creditDesk(p, a.service(p, pool))
			defer func() { err = errors.Join(err, desk.close()) }()
			decision, _, err := desk.Decide(cmd.Context(), ask)
			if errors.Is(err, reports.ErrNotFound) {
				return fmt.Errorf("no customer %q is known of %s: `encours report credit-decisions` lists those that are", ask.Customer, ask.Entity)
			}
			if err != nil {
				return err
			}
			if format == "json" {
				return a.writeJSON(decision)
			}
			return a.printDecision(decision, language)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&ask.Customer, "customer", "", "code of the customer")
	flags.StringVar(&amount, "amount", "", "amount of the order, in the currency of the entity, such as 12500 or 980.50")
	flags.StringVar(&ask.Entity, "entity", "", "entity that would sell (default: the only one)")
	flags.StringVar(&asOf, "as-of", "", "business date of the figures, YYYY-MM-DD (default: that of the generation)")
	flags.StringVar(&ask.By, "by", "", "who asks, kept with the answer (default: the name of the account, of the environment variable USER)")
	flags.StringVar(&format, "format", "text", "text or json")
	flags.StringVar(&language, "lang", reports.Languages()[0], "language of the text: "+strings.Join(reports.Languages(), " or "))
	return cmd
}

// completeRequest fills in the defaults and refuses what cannot be asked.
func (a *app) completeRequest(cmd *cobra.Command, p *project.Project, ask *reports.DecisionRequest, amount, asOf string) (err error) {
	if ask.Customer == "" {
		return usagef(cmd, "which customer? Give --customer with its code")
	}
	var ok bool
	if ask.Amount, ok = reports.ParseAmount(amount); !ok || ask.Amount == 0 {
		return usagef(cmd, "--amount %q is not an amount: write digits, a point and at most two decimals, above 0, such as 980.50", amount)
	}
	if ask.Entity, err = onlyEntity(cmd, p, ask.Entity); err != nil {
		return err
	}
	if ask.AsOf, err = day(cmd, "as-of", asOf); err != nil {
		return err
	}
	if ask.By == "" {
		ask.By = a.Getenv("USER")
	}
	if ask.By == "" {
		ask.By = byCommand
	}
	if len(ask.By) > maxNameBytes {
		return usagef(cmd, "--by is too long: at most %d bytes", maxNameBytes)
	}
	return nil
}

// maxNameBytes bounds the name that is kept with a decision.
const maxNameBytes = 100

// onlyEntity is the entity that was named, or the only one.
func onlyEntity(cmd *cobra.Command, p *project.Project, id string) (string, error) {
	var ids []string
	for _, e := range p.Entities {
		ids = append(ids, e.ID)
	}
	switch {
	case id == "" && len(ids) == 1:
		return ids[0], nil
	case id == "":
		return "", usagef(cmd, "of which entity? Give --entity with one of: %s", strings.Join(ids, ", "))
	case !slices.Contains(ids, id):
		return "", usagef(cmd, "--entity %q is not in encours.yaml; the entities are: %s", id, strings.Join(ids, ", "))
	}
	return id, nil
}

func (a *app) writeJSON(content any) error {
	encoder := json.NewEncoder(a.Out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(content)
}

// decisionWords are the words of the answer of the command; those of the pages are in
// the texts of the server.
var decisionWords = map[string]map[string]string{
	"en": {
		"refuse": "REFUSE", "prepay": "PREPAY", "hold": "HOLD", "review": "REVIEW", "approve": "APPROVE",
		"granted": "granted", "recommended": "recommended", "decision": "decision", "customer": "customer", "order": "order",
		"rule": "rule", "terms": "recommended terms", "class": "class", "score": "score", "none": "not known", "policy": "rules of class",
		"exposure": "exposure", "limit": "limit", "headroom": "headroom before the order", "overdue": "overdue",
		"long": "of it by more than %s days", "severity": "legal severity", "ceased": "activity ceased", "no": "no", "yes": "yes",
		"as_of": "figures of", "valid": "valid until", "kept": "kept as", "generation": "generation", "policy_hash": "policy", "models": "models",
	},
	"fr": {
		"refuse": "REFUS", "prepay": "PAIEMENT D'AVANCE", "hold": "BLOCAGE", "review": "EXAMEN", "approve": "ACCORD",
		"granted": "accordée", "recommended": "recommandée", "decision": "décision", "customer": "client", "order": "commande",
		"rule": "règle", "terms": "conditions recommandées", "class": "classe", "score": "note", "none": "inconnu", "policy": "règles de la classe",
		"exposure": "encours", "limit": "limite", "headroom": "marge avant la commande", "overdue": "échu",
		"long": "dont depuis plus de %s jours", "severity": "gravité juridique", "ceased": "activité cessée", "no": "non", "yes": "oui",
		"as_of": "chiffres au", "valid": "valable jusqu'au", "kept": "conservée sous", "generation": "génération", "policy_hash": "règles", "models": "modèles",
	},
}

// printDecision prints an answer for a person, inputs below it.
func (a *app) printDecision(d reports.Decision, language string) error {
	words, in := decisionWords[language], d.Inputs
	w := tabwriter.NewWriter(a.Out, 0, 4, 2, ' ', 0)
	line := func(key, format string, args ...any) {
		fmt.Fprintf(w, "%s\t"+format+"\n", append([]any{words[key]}, args...)...)
	}
	known := func(text *string, unit string) string {
		if text == nil {
			return words["none"]
		}
		return *text + unit
	}
	unit := " " + d.Currency
	line("decision", "%s", words[d.Decision])
	line("customer", "%s, %s, %s", d.Entity, d.Customer, oneLine(d.CustomerName))
	line("order", "%s%s", d.Amount, unit)
	line("rule", "%d %s: %s", d.RuleNo, d.Rule, oneLine(d.RuleText(language)))
	line("terms", "%s", oneLine(d.TermsText(language)))
	line("score", "%s", known(in.Score, ""))
	line("class", "%s", in.RiskClass)
	if in.PolicyClass != in.RiskClass {
		line("policy", "%s", in.PolicyClass)
	}
	line("exposure", "%s", known(in.Exposure, unit))
	source := ""
	if in.LimitSource != nil {
		source = " (" + words[*in.LimitSource] + ")"
	}
	line("limit", "%s%s", known(in.Limit, unit), source)
	line("headroom", "%s", known(in.Headroom, unit))
	line("overdue", "%s%s", in.Overdue, unit)
	if in.LongOverdueDays != nil {
		fmt.Fprintf(w, words["long"]+"\t%s%s\n", fmt.Sprint(*in.LongOverdueDays), in.LongOverdue, unit)
	}
	severity := "-"
	if in.LegalSeverity != nil {
		severity = fmt.Sprint(*in.LegalSeverity)
	}
	line("severity", "%s", severity)
	line("ceased", "%s", words[map[bool]string{true: "yes", false: "no"}[in.IsCeased]])
	line("as_of", "%s", d.AsOf)
	line("valid", "%s", d.ValidUntil)
	line("kept", "%d, %s, %s", d.ID, oneLine(d.MadeBy), d.MadeAt)
	line("generation", "%s (%s)", d.Versions.Generation, d.Versions.Fingerprint)
	line("policy_hash", "%s, %s", short(d.Versions.Policy), short(d.Versions.Terms))
	line("models", "%s", short(d.Versions.Models))
	return w.Flush()
}

// oneLine keeps a name from breaking the lines of a table.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// short is the head of a hash, for people; the whole stands in JSON.
func short(hash string) string { return hash[:min(len(hash), 12)] }

// dayOf reads a day that this program wrote.
func dayOf(text string) (time.Time, error) { return time.Parse(time.DateOnly, text) }
