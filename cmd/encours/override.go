package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/encours/encours/ingest/identifier"
	"github.com/encours/encours/reports"
	"github.com/encours/encours/reports/money"
	"github.com/encours/encours/reports/table"
	"github.com/encours/encours/warehouse/project"
)

var (
	countryForm = regexp.MustCompile(`^[A-Z]{2}$`)
	nafForm     = regexp.MustCompile(`^[0-9]{2}\.[0-9]{2}[A-Z]$`)
	postalForm  = regexp.MustCompile(`^[0-9A-Z][0-9A-Z -]{1,9}$`)
	emailForm   = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
	legalForm   = regexp.MustCompile(`^[0-9]{4}$`)
)

// attributeWants says in words what a value must be, by the name of the rule.
var attributeWants = map[string]string{
	"attribute":    "one of " + strings.Join(reports.OverrideAttributes(), ", "),
	"siren":        "a SIREN: 9 digits whose key holds",
	"siret":        "a SIRET: 14 digits whose key holds",
	"vat_number":   "a VAT number, such as FR40303265045",
	"country":      "a country of two letters, such as FR (ISO 3166)",
	"postal_code":  "a postal code, such as 75001",
	"naf_code":     "an activity of the NAF, such as 46.90Z",
	"legal_form":   "a legal form of four digits, such as 5499 (INSEE)",
	"email":        "an e-mail address",
	"credit_limit": "an amount with a point and at most two decimals, such as 12500 or 980.50",
	"terms":        "payment terms, such as 30 jours fin de mois or NET30",
	"text":         "1 to 200 characters on one line",
}

// attributeCheck puts values of attributes into their plain form.
func attributeCheck(p *project.Project) func(entity, attribute, value string) (string, error) {
	return func(entity, attribute, value string) (string, error) {
		value = strings.TrimSpace(value)
		bad := func(want string) (string, error) {
			return "", &reports.BadValueError{Attribute: attribute, Value: value, Want: want}
		}
		if value == "" || len([]rune(value)) > 200 {
			return bad("text")
		}
		plain := identifier.Plain(value)
		switch attribute {
		case "siren":
			if !identifier.IsSIREN(value) {
				return bad(attribute)
			}
			return strings.Repeat("0", 9-len(plain)) + plain, nil
		case "siret":
			if !identifier.IsSIRET(value) {
				return bad(attribute)
			}
			return strings.Repeat("0", 14-len(plain)) + plain, nil
		case "vat_number":
			if !identifier.IsVAT(value) {
				return bad(attribute)
			}
			return plain, nil
		case "credit_limit":
			amount, ok := reports.ParseAmount(value)
			if !ok {
				return bad(attribute)
			}
			return money.Plain(int64(amount)), nil
		case "payment_terms":
			var reading project.EndOfMonth
			if e, ok := p.Entity(entity); ok {
				reading = e.EndOfMonth
			}
			terms, err := project.ParseTerms(value, reading)
			if err != nil {
				return bad("terms")
			}
			return terms.Code, nil
		}
		for name, form := range map[string]*regexp.Regexp{
			"country": countryForm, "postal_code": postalForm, "naf_code": nafForm, "email": emailForm, "legal_form": legalForm,
		} {
			if name != attribute {
				continue
			}
			if name != "email" {
				value = strings.ToUpper(value)
			}
			if !form.MatchString(value) {
				return bad(name)
			}
		}
		return value, nil
	}
}

func (a *app) overrideCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "override",
		Short: "Set an attribute of a customer against what every source says, withdraw it, list",
		Long: `A value that a person sets goes before the file, the CRM and the register, with
author and day, until it is withdrawn. The next build counts it, and so do all
that follow.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.overrideSetCommand(), a.overrideWithdrawCommand(), a.overrideListCommand())
	for _, sub := range cmd.Commands() {
		wrapArgs(sub)
	}
	return cmd
}

// overrideFlags are those of set and withdraw.
func overrideFlags(cmd *cobra.Command, o *reports.Override) {
	flags := cmd.Flags()
	flags.StringVar(&o.Entity, "entity", "", "entity of the customer (default: the only one)")
	flags.StringVar(&o.Side, "side", reports.Customer, "customer or supplier")
	flags.StringVar(&o.By, "by", "", "who says so (default: the name of the account, of the environment variable USER)")
	flags.StringVar(&o.Note, "note", "", "why")
}

// completeOverride fills in what the flags leave open.
func (a *app) completeOverride(cmd *cobra.Command, p *project.Project, o *reports.Override) (err error) {
	if o.By, err = a.author(cmd, o.By, o.Note); err != nil {
		return err
	}
	if o.Side != reports.Customer && o.Side != reports.Supplier {
		return usagef(cmd, "--side %q is not known; it is customer or supplier", o.Side)
	}
	if !slices.Contains(reports.OverrideAttributes(), o.Attribute) {
		return usagef(cmd, "%q is no attribute: it is %s", o.Attribute, attributeWants["attribute"])
	}
	o.Origin = byCommand
	o.Entity, err = onlyEntity(cmd, p, o.Entity)
	return err
}

func (a *app) overrideSetCommand() *cobra.Command {
	var o reports.Override
	cmd := &cobra.Command{
		Use:   "set CODE ATTRIBUTE VALUE",
		Short: "Set an attribute of a customer or supplier",
		Long:  "Sets an attribute of a customer or supplier, from the next build on.\nATTRIBUTE is " + attributeWants["attribute"] + ".",
		Example: `  encours override set C00007 city Lyon --entity ALPHA --by "Anne Roy" --note "moved, their letter of 3 March"
  encours override set C00007 siren 552081317 --entity ALPHA --by "Anne Roy"`,
		Args: cobra.ExactArgs(3),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withMatches(cmd.Context(), func(p *project.Project, service *reports.Service) error {
				o.ID, o.Attribute, o.Value = args[0], args[1], args[2]
				if err := a.completeOverride(cmd, p, &o); err != nil {
					return err
				}
				changed, err := service.SetOverride(cmd.Context(), o)
				if bad, ok := errors.AsType[*reports.BadValueError](err); ok {
					return usagef(cmd, "%q is no value of %s: write %s", bad.Value, bad.Attribute, attributeWants[bad.Want])
				}
				if errors.Is(err, reports.ErrNotFound) {
					return fmt.Errorf("no %s %q is known of %s: `encours query 'select counterparty_id, counterparty_name from dim_counterparties'` lists them", o.Side, o.ID, o.Entity)
				}
				if err != nil {
					return err
				}
				if !changed {
					a.say("%s of %s has that value already", o.Attribute, o.ID)
					return nil
				}
				a.say("%s of %s of %s is set; the next build counts it", o.Attribute, o.ID, o.Entity)
				return nil
			})
		},
	}
	overrideFlags(cmd, &o)
	return cmd
}

func (a *app) overrideWithdrawCommand() *cobra.Command {
	var o reports.Override
	cmd := &cobra.Command{
		Use:     "withdraw CODE ATTRIBUTE",
		Short:   "Let the sources count again; the history stays",
		Example: `  encours override withdraw C00007 city --entity ALPHA --by "Anne Roy"`,
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withMatches(cmd.Context(), func(p *project.Project, service *reports.Service) error {
				o.ID, o.Attribute = args[0], args[1]
				if err := a.completeOverride(cmd, p, &o); err != nil {
					return err
				}
				err := service.WithdrawOverride(cmd.Context(), o)
				if errors.Is(err, reports.ErrNoOverride) {
					return fmt.Errorf("nobody has set %s of %s %s of %s: `encours override list` shows what is set", o.Attribute, o.Side, o.ID, o.Entity)
				}
				if err == nil {
					a.say("%s of %s of %s is withdrawn; the next build counts the sources again", o.Attribute, o.ID, o.Entity)
				}
				return err
			})
		},
	}
	overrideFlags(cmd, &o)
	return cmd
}

func (a *app) overrideListCommand() *cobra.Command {
	var entity, side, customer, format string
	var history bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List what persons have set",
		Example: `  encours override list --entity ALPHA
  encours override list --customer C00007 --history --format csv`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !slices.Contains([]string{"table", "csv", "json"}, format) {
				return usagef(cmd, "--format %q is not known; the formats are: table, csv, json", format)
			}
			return a.withMatches(cmd.Context(), func(_ *project.Project, service *reports.Service) error {
				list, err := service.Overrides(cmd.Context(), entity, side, customer, history)
				if err != nil {
					return err
				}
				return a.printOverrides(list, format)
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&entity, "entity", "", "only those of an entity")
	flags.StringVar(&side, "side", "", "only those of customer or supplier")
	flags.StringVar(&customer, "customer", "", "only those of one code")
	flags.BoolVar(&history, "history", false, "all that was ever set and withdrawn, the oldest first")
	flags.StringVar(&format, "format", "table", "table, csv or json")
	return cmd
}

// overrideLine is an override as the command writes it.
type overrideLine struct {
	Entity    string `json:"entity_id"`
	Side      string `json:"side"`
	ID        string `json:"counterparty_id"`
	Attribute string `json:"attribute"`
	Value     string `json:"value"` // "": withdrawn
	By        string `json:"author"`
	At        string `json:"set_at"`
	Note      string `json:"note"`
}

func (a *app) printOverrides(list []reports.Override, format string) error {
	lines := []overrideLine{}
	for _, o := range list {
		lines = append(lines, overrideLine{o.Entity, o.Side, o.ID, o.Attribute, o.Value, o.By, o.At.UTC().Format(time.RFC3339), o.Note})
	}
	if format == "json" {
		return a.writeJSON(lines)
	}
	if format == "csv" {
		records := [][]string{{"entity_id", "side", "counterparty_id", "attribute", "value", "author", "set_at", "note"}}
		for _, l := range lines {
			records = append(records, []string{l.Entity, l.Side, table.Neutral(l.ID), l.Attribute, table.Neutral(l.Value), table.Neutral(l.By), l.At, table.Neutral(l.Note)})
		}
		return csv.NewWriter(a.Out).WriteAll(records)
	}
	if len(lines) == 0 {
		a.say("nobody has set anything: `encours override set` does")
		return nil
	}
	w := tabwriter.NewWriter(a.Out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "ENTITY\tSIDE\tCODE\tATTRIBUTE\tVALUE\tBY\tAT\tNOTE")
	for _, l := range lines {
		value := l.Value
		if value == "" {
			value = "(withdrawn)"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", l.Entity, l.Side, oneLine(l.ID), l.Attribute, oneLine(value), oneLine(l.By), l.At, oneLine(l.Note))
	}
	return w.Flush()
}
