package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/reports/money"
	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/session"
)

func (a *app) lookupCommand() *cobra.Command {
	var ask reports.LookupRequest
	var asOf, format string
	var loaded bool
	cmd := &cobra.Command{
		Use:   "lookup [NAME OR NUMBER]",
		Short: "Find out who somebody is before an account is opened",
		Long: `Looks for the company behind a name, a SIREN, a SIRET or a VAT number in the register
that is loaded and in the stock files of the project, by the models that identify
customers. It tells the probability and its reasons, one's own customers, suppliers and
CRM accounts that may be the same, the legal status, external scores, and what is open
with the company and its group. Nothing is stored.`,
		Example: `  encours lookup "Transports Morel" --postal-code 38000
  encours lookup 552032534
  encours lookup "Morel SARL" --number FR83404833048 --city Grenoble --format json
  encours lookup "Morel" --company 404833048 --loaded`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := a.load()
			if err != nil {
				return err
			}
			if len(args) == 1 {
				if ask.Number == "" && reports.LooksLikeNumber(args[0]) {
					ask.Number = args[0]
				} else {
					ask.Name = args[0]
				}
			}
			if !slices.Contains([]string{"text", "json"}, format) {
				return usagef(cmd, "--format %q is not known; the formats are: text, json", format)
			}
			if err := ask.Check(); err != nil {
				return usagef(cmd, "whom? Give a name, or --number with a SIREN, SIRET or VAT number, each of at most 200 characters; --company is a SIREN of nine digits")
			}
			sel := reports.Selection{}
			if asOf != "" {
				if sel.AsOf, err = time.Parse(time.DateOnly, asOf); err != nil {
					return usagef(cmd, "--as-of %q is not a date: write YYYY-MM-DD", asOf)
				}
			}
			return a.lookup(cmd.Context(), p, sel, ask, loaded, format)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&ask.Number, "number", "", "SIREN, SIRET or VAT number")
	flags.StringVar(&ask.Street, "street", "", "number and street")
	flags.StringVar(&ask.PostalCode, "postal-code", "", "postal code")
	flags.StringVar(&ask.City, "city", "", "city")
	flags.StringVar(&ask.Company, "company", "", "SIREN of the candidate to be shown in full (default: the likely one)")
	flags.BoolVar(&loaded, "loaded", false, "search only what is loaded, not the stock files of the register")
	flags.StringVar(&asOf, "as-of", "", "business date of the figures, YYYY-MM-DD (default: that of the generation)")
	flags.StringVar(&format, "format", "text", "text or json")
	return cmd
}

func (a *app) lookup(ctx context.Context, p *project.Project, sel reports.Selection, ask reports.LookupRequest, loaded bool, format string) (err error) {
	if search := newRegisterSearch(a, p); !loaded && search.HasFiles() {
		if ask.Register, err = search.Find(ctx, ask); err != nil {
			return err
		}
	}
	pool := session.NewPool(a.store(p), exportLimits(p))
	defer func() { err = errors.Join(err, pool.Close()) }()
	view, err := a.service(p, pool).Open(ctx, sel)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, view.Close()) }()
	found, err := view.Lookup(ctx, ask)
	if err != nil {
		return err
	}
	if format == "json" {
		return a.writeJSON(newLookupAnswer(view.Meta(), found))
	}
	a.say("as of %s, generation %s", view.Meta().AsOf.Format(time.DateOnly), view.Meta().Generation)
	return printLookup(a.Out, newLookupAnswer(view.Meta(), found))
}

// lookupAnswer is a look-up as the command writes it.
type lookupAnswer struct {
	AsOf        string            `json:"as_of"`
	Generation  string            `json:"generation"`
	SIREN       string            `json:"siren"` // "": nobody is identified
	Method      string            `json:"match_method"`
	Probability string            `json:"match_probability"`
	IsKnown     bool              `json:"is_registered"`
	IsDoubtful  bool              `json:"is_name_doubtful"`
	Faults      []lookupFault     `json:"faults"`
	Candidates  []lookupCandidate `json:"candidates"`
	Company     *lookupCompany    `json:"company"`
	Parties     []lookupParty     `json:"own_counterparties"`
	PartyCount  int               `json:"own_counterparty_count"`
	Accounts    []lookupAccount   `json:"crm_accounts"`
	Exposures   []lookupSum       `json:"group_exposure"`
	HasRegister bool              `json:"has_register"`
}

type lookupFault struct {
	Kind  string `json:"number"`
	Fault string `json:"fault"`
}

type lookupCandidate struct {
	SIREN         string            `json:"siren"`
	SIRET         string            `json:"siret"`
	Name          string            `json:"name"`
	PostalCode    string            `json:"postal_code"`
	City          string            `json:"city"`
	LegalForm     string            `json:"legal_form"`
	State         string            `json:"state"`
	Probability   string            `json:"match_probability"`
	Verdict       string            `json:"verdict"`
	Bits          map[string]string `json:"bits"`
	LegalStatus   string            `json:"legal_status"`
	Severity      int64             `json:"legal_severity"`
	ExternalClass string            `json:"external_class"`
	Customers     int64             `json:"own_customers"`
	Suppliers     int64             `json:"own_suppliers"`
}

type lookupCompany struct {
	SIREN        string         `json:"siren"`
	Name         string         `json:"name"`
	LegalForm    string         `json:"legal_form"`
	Activity     string         `json:"activity"`
	Headcount    string         `json:"headcount"`
	State        string         `json:"state"`
	Created      string         `json:"created_on"`
	Street       string         `json:"street"`
	PostalCode   string         `json:"postal_code"`
	City         string         `json:"city"`
	LegalStatus  string         `json:"legal_status"`
	Severity     int64          `json:"legal_severity"`
	Procedure    string         `json:"procedure"`
	Opened       string         `json:"procedure_opened_on"`
	LastAccounts string         `json:"last_accounts_closed_on"`
	Notices      []lookupNotice `json:"notices"`
	Ratings      []lookupRating `json:"ratings"`
	Scores       []lookupScore  `json:"bankruptcy_scores"`
}

type lookupNotice struct {
	Published string `json:"published_on"`
	Event     string `json:"event"`
	Label     string `json:"label"`
	Severity  int64  `json:"severity"`
}

type lookupRating struct {
	Provider string `json:"provider"`
	Date     string `json:"rating_date"`
	Class    string `json:"external_class"`
	Score    string `json:"external_score"`
}

type lookupScore struct {
	Model   string `json:"model"`
	Closing string `json:"closing_date"`
	Value   string `json:"value"`
	Zone    string `json:"zone"`
	Missing string `json:"missing_inputs"`
}

type lookupParty struct {
	Entity   string `json:"entity_id"`
	Side     string `json:"side"`
	ID       string `json:"counterparty_id"`
	Name     string `json:"name"`
	City     string `json:"city"`
	SIREN    string `json:"siren"`
	Why      string `json:"why"`
	Value    string `json:"same_value"`
	Class    string `json:"risk_class"`
	Currency string `json:"currency"`
	Open     string `json:"open_amount"`
	Overdue  string `json:"overdue_amount"`
	Exposure string `json:"exposure_amount"` // "": not known
}

type lookupAccount struct {
	Source string `json:"source"`
	ID     string `json:"crm_id"`
	Name   string `json:"name"`
	City   string `json:"city"`
	Owner  string `json:"owner"`
	Type   string `json:"account_type"`
	Link   string `json:"link_status"`
	Why    string `json:"why"`
}

type lookupSum struct {
	Currency string `json:"currency"`
	Exposure string `json:"exposure_amount"`
}

func newLookupAnswer(meta reports.Meta, f *reports.Lookup) lookupAnswer {
	answer := lookupAnswer{
		AsOf: dayText(meta.AsOf), Generation: meta.Generation, SIREN: f.SIREN, Method: f.Method, IsKnown: f.IsKnown, IsDoubtful: f.IsDoubtful,
		Probability: ratioText(f.Probability), Faults: []lookupFault{}, Candidates: []lookupCandidate{}, Parties: []lookupParty{}, Accounts: []lookupAccount{},
		Exposures: []lookupSum{}, HasRegister: f.HasRegister, PartyCount: f.PartyCount,
	}
	for _, fault := range f.Faults {
		answer.Faults = append(answer.Faults, lookupFault(fault))
	}
	for _, c := range f.Candidates {
		bits := map[string]string{}
		for _, b := range c.Reasons {
			if b.Valid {
				bits[b.Name] = fmt.Sprintf("%.3f", float64(b.Thousandth)/1000)
			}
		}
		answer.Candidates = append(answer.Candidates, lookupCandidate{
			c.SIREN, c.SIRET, c.Name, c.PostalCode, c.City, c.LegalForm, c.State, fmt.Sprintf("%.6f", float64(c.Probability)/1e6), c.Verdict, bits,
			c.LegalStatus, c.Severity, c.ExternalClass, c.OwnCustomers, c.OwnSuppliers,
		})
	}
	if c := f.Company; c != nil {
		answer.Company = newLookupCompany(c)
	}
	for _, p := range f.Parties {
		exposure := ""
		if p.Exposure.Valid {
			exposure = money.Plain(int64(p.Exposure.V))
		}
		answer.Parties = append(answer.Parties, lookupParty{
			p.Entity, p.Side, p.ID, p.Name, p.City, p.SIREN, p.Why, p.Value, p.RiskClass, p.Currency,
			money.Plain(int64(p.Open)), money.Plain(int64(p.Overdue)), exposure,
		})
	}
	for _, account := range f.Accounts {
		answer.Accounts = append(answer.Accounts, lookupAccount(account))
	}
	for _, sum := range f.Exposures {
		answer.Exposures = append(answer.Exposures, lookupSum{sum.Currency, money.Plain(int64(sum.Amount))})
	}
	return answer
}

func newLookupCompany(c *reports.LookupCompany) *lookupCompany {
	out := &lookupCompany{
		SIREN: c.SIREN, Name: c.Name, LegalForm: c.LegalFormEN, Activity: c.Activity, Headcount: c.Headcount, State: c.State, Created: dayText(c.Created),
		Street: c.Street, PostalCode: c.PostalCode, City: c.City, Notices: []lookupNotice{}, Ratings: []lookupRating{}, Scores: []lookupScore{},
	}
	if legal := c.Legal; legal != nil {
		out.LegalStatus, out.Severity, out.Procedure, out.Opened, out.LastAccounts = legal.Status, legal.Severity, legal.Procedure, dayText(legal.Opened), dayText(legal.LastAccounts)
		for _, n := range legal.Events {
			out.Notices = append(out.Notices, lookupNotice{dayText(n.Published), n.Event, n.LabelEN, n.Severity})
		}
	}
	for _, r := range c.External.Ratings {
		out.Ratings = append(out.Ratings, lookupRating{r.Provider, dayText(r.Date), r.Class, orNothing(r.Score)})
	}
	for _, s := range c.External.Scores {
		out.Scores = append(out.Scores, lookupScore{s.Model, dayText(s.Closing), orNothing(s.Value), s.Zone, s.Missing})
	}
	return out
}

func dayText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

func ratioText(r reports.Ratio) string {
	if !r.Valid {
		return ""
	}
	return fmt.Sprintf("%.4f", float64(r.BasisPoints)/1e4)
}

// orNothing leaves a figure out that is not known.
func orNothing(d reports.Days) string {
	if !d.Valid {
		return ""
	}
	return hundredths(d)
}

// printLookup writes a look-up for a person.
func printLookup(out io.Writer, f lookupAnswer) error {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	for _, fault := range f.Faults {
		fmt.Fprintf(w, "The %s does not hold: %s.\n", strings.ToUpper(fault.Kind), fault.Fault)
	}
	switch {
	case f.SIREN != "" && f.IsDoubtful:
		fmt.Fprintf(w, "Number of SIREN %s, which the register knows under a name that is not alike.\n", f.SIREN)
	case f.SIREN != "":
		fmt.Fprintf(w, "Identified: SIREN %s (by %s, probability %s).\n", f.SIREN, f.Method, f.Probability)
	case len(f.Candidates) > 0 && f.Candidates[0].Verdict == "rejected":
		fmt.Fprintln(w, "Not identified: the register has no company that is likely; the postal code or the city makes it surer.")
	case len(f.Candidates) > 0:
		fmt.Fprintln(w, "Not identified: a person has to choose among the candidates.")
	case !f.HasRegister:
		fmt.Fprintln(w, "Not identified: no register of companies is loaded (encours docs legal-data).")
	default:
		fmt.Fprintln(w, "Not identified: the register has no company like this.")
	}
	if len(f.Candidates) > 0 {
		fmt.Fprintln(w, "\nCANDIDATE\tNAME\tPLACE\tPROBABILITY\tVERDICT\tLEGAL STATUS\tEXTERNAL CLASS\tOWN CUSTOMERS")
		for _, c := range f.Candidates {
			fmt.Fprintf(w, "%s\t%s\t%s %s\t%s\t%s\t%s\t%s\t%d\n", c.SIREN, oneLine(c.Name), c.PostalCode, oneLine(c.City), c.Probability, c.Verdict, c.LegalStatus, c.ExternalClass, c.Customers)
		}
	}
	if c := f.Company; c != nil {
		head := strings.Trim(oneLine(c.Name)+", "+oneLine(c.LegalForm), ", ")
		if head == "" {
			head = "(the register does not tell its name)"
		}
		fmt.Fprintf(w, "\n%s %s\n", c.SIREN, head)
		for _, line := range [][2]string{
			{"Address", strings.TrimSpace(c.Street + ", " + c.PostalCode + " " + c.City)}, {"Activity", c.Activity}, {"Headcount", c.Headcount}, {"Created", c.Created},
			{"Legal status", c.LegalStatus}, {"Procedure", c.Procedure}, {"Opened", c.Opened}, {"Last accounts filed", c.LastAccounts},
		} {
			if value := strings.Trim(line[1], ", "); value != "" {
				fmt.Fprintf(w, "  %s\t%s\n", line[0], oneLine(value))
			}
		}
		for _, n := range c.Notices {
			fmt.Fprintf(w, "  Notice of %s\t%s (severity %d)\n", n.Published, oneLine(n.Label), n.Severity)
		}
		for _, r := range c.Ratings {
			fmt.Fprintf(w, "  Rating of %s\t%s %s, %s\n", r.Provider, r.Class, r.Score, r.Date)
		}
		for _, s := range c.Scores {
			fmt.Fprintf(w, "  %s\t%s %s, %s\n", s.Model, s.Value, s.Zone, s.Closing)
		}
	}
	if len(f.Parties) > 0 {
		fmt.Fprintln(w, "\nOWN ACCOUNT\tNAME\tWHY\tCLASS\tOPEN\tOVERDUE\tEXPOSURE")
		for _, p := range f.Parties {
			fmt.Fprintf(w, "%s %s %s\t%s\t%s\t%s\t%s %s\t%s\t%s\n", p.Entity, p.Side, p.ID, oneLine(p.Name), p.Why, p.Class, p.Open, p.Currency, p.Overdue, p.Exposure)
		}
		if hidden := f.PartyCount - len(f.Parties); hidden > 0 {
			fmt.Fprintf(w, "and %d more\n", hidden)
		}
	}
	for _, sum := range f.Exposures {
		fmt.Fprintf(w, "\nKnown exposure to the company and its group: %s %s\n", sum.Exposure, sum.Currency)
	}
	if len(f.Accounts) > 0 {
		fmt.Fprintln(w, "\nCRM ACCOUNT\tNAME\tCITY\tOWNER\tTYPE\tWHY")
		for _, c := range f.Accounts {
			fmt.Fprintf(w, "%s %s\t%s\t%s\t%s\t%s\t%s\n", c.Source, c.ID, oneLine(c.Name), oneLine(c.City), oneLine(c.Owner), oneLine(c.Type), c.Why)
		}
	}
	return w.Flush()
}
