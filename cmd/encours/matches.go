package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/reports/money"
	"github.com/encours/encours/warehouse/durable"
	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/session"
)

func (a *app) matchesCommand() *cobra.Command {
	var sel reports.Selection
	var filter reports.MatchFilter
	var format string
	cmd := &cobra.Command{
		Use:   "matches",
		Short: "List who customers may be, and decide: accept, reject, undo, also by a CSV file",
		Long: `Lists the companies that a customer or supplier may be, with the probability, the
reasons in bits and what was decided. Decisions are kept with author and day, and
the next build counts them; nothing is merged before.`,
		Example: `  encours matches --undecided
  encours matches --verdict review --entity ALPHA --format csv
  encours matches accept C00007 552081317 --entity ALPHA --by "Anne Roy" --note "called them"
  encours matches undo C00007 552081317 --entity ALPHA --by "Anne Roy"
  encours matches export -o review.csv
  encours matches import review.csv --by "Anne Roy"`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkMatches(cmd, sel, filter, format); err != nil {
				return err
			}
			filter.Whole = true
			return a.withMatches(cmd.Context(), func(p *project.Project, service *reports.Service) error {
				found, err := readQueue(cmd.Context(), service, sel, filter)
				if err != nil {
					return err
				}
				return a.printMatches(found, format)
			})
		},
	}
	flags := cmd.Flags()
	matchFlags(cmd, &sel, &filter)
	flags.StringVar(&format, "format", "table", "table, csv or json")
	for _, c := range []struct{ name, decision, short string }{
		{"accept", reports.MatchAccept, "Say that a candidate is the customer"},
		{"reject", reports.MatchReject, "Say that a candidate is not the customer"},
		{"undo", reports.MatchUndo, "Take back what was decided about a candidate; the history stays"},
	} {
		cmd.AddCommand(a.matchDecisionCommand(c.name, c.decision, c.short))
	}
	cmd.AddCommand(a.matchesExportCommand(), a.matchesImportCommand())
	for _, sub := range cmd.Commands() {
		wrapArgs(sub)
	}
	return cmd
}

func matchFlags(cmd *cobra.Command, sel *reports.Selection, filter *reports.MatchFilter) {
	flags := cmd.Flags()
	flags.StringVar(&sel.Entity, "entity", "", "only those of an entity (default: all)")
	flags.StringVar(&sel.Side, "side", reports.Customer, "customer or supplier")
	flags.StringVar(&filter.Verdict, "verdict", "", "only what the rules say so of: "+strings.Join(reports.MatchVerdicts(), ", "))
	flags.BoolVar(&filter.Undecided, "undecided", false, "only those about which nobody has decided")
	flags.StringVar(&filter.Customer, "customer", "", "only those of one code")
}

func checkMatches(cmd *cobra.Command, sel reports.Selection, filter reports.MatchFilter, format string) error {
	switch {
	case !slices.Contains([]string{"table", "csv", "json"}, format):
		return usagef(cmd, "--format %q is not known; the formats are: table, csv, json", format)
	case sel.Side != reports.Customer && sel.Side != reports.Supplier:
		return usagef(cmd, "--side %q is not known; it is customer or supplier", sel.Side)
	case filter.Verdict != "" && !slices.Contains(reports.MatchVerdicts(), filter.Verdict):
		return usagef(cmd, "--verdict %q is not known; it is one of: %s", filter.Verdict, strings.Join(reports.MatchVerdicts(), ", "))
	}
	return nil
}

// withMatches runs use with a service that keeps decisions.
func (a *app) withMatches(_ context.Context, use func(*project.Project, *reports.Service) error) (err error) {
	p, err := a.load()
	if err != nil {
		return err
	}
	pool := session.NewPool(a.store(p), exportLimits(p))
	defer func() { err = errors.Join(err, pool.Close()) }()
	options := a.serviceOptions(p)
	options.Matches = a.matchBook(p)
	defer func() { err = errors.Join(err, options.Matches.Close()) }()
	return use(p, reports.NewService(pool, options))
}

func (a *app) matchBook(p *project.Project) *reports.MatchBook {
	return reports.NewMatchBook(p.DataDir(), a.Clock, attributeCheck(p))
}

func readQueue(ctx context.Context, service *reports.Service, sel reports.Selection, filter reports.MatchFilter) (found *reports.Matches, err error) {
	view, err := service.Open(ctx, sel)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, view.Close()) }()
	found, err = view.Matches(ctx, filter)
	if err == nil && !found.HasMatching {
		err = errors.New("what is loaded was built by a program that compared nothing: run `encours build`")
	}
	return found, err
}

func (a *app) printMatches(found *reports.Matches, format string) error {
	columns := reports.MatchColumns()
	columns = columns[:len(columns)-2] // those to be filled in
	switch format {
	case "json":
		list := []map[string]string{}
		for _, row := range found.Rows {
			line := map[string]string{}
			for i, value := range row.Record()[:len(columns)] {
				line[columns[i]] = value
			}
			list = append(list, line)
		}
		return a.writeJSON(list)
	case "csv":
		return reports.WriteMatches(a.Out, found.Rows)
	}
	a.say("%d of %d candidates; %d wait for a review, %d decisions wait for the next build", found.Count, found.All, found.Undecided, found.Unbuilt)
	if len(found.Rows) == 0 {
		return nil
	}
	w := tabwriter.NewWriter(a.Out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "ENTITY\tCODE\tNAME\tPLACE\tOPEN\tCANDIDATE\tCANDIDATE NAME\tPLACE\tSTATE\tPROBABILITY\tVERDICT\tDECISION\tBY")
	for _, r := range found.Rows {
		probability := ""
		if r.HasProbability {
			probability = fmt.Sprintf("%d.%04d", r.Probability/1_000_000, r.Probability%1_000_000/100)
		}
		decision := r.Decision
		if decision != "" && !r.IsBuilt {
			decision += " (next build)"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s %s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.Entity, oneLine(r.ID), oneLine(r.Own.Name), oneLine(r.Own.PostalCode+" "+r.Own.City),
			money.Plain(int64(r.Open)), r.Currency, r.CandidateID(), oneLine(r.Candidate.Name), oneLine(r.Candidate.PostalCode+" "+r.Candidate.City),
			r.State, probability, r.Verdict, decision, oneLine(r.By))
	}
	return w.Flush()
}

// author is who says something: the flag, or the name of the account.
func (a *app) author(cmd *cobra.Command, by, note string) (string, error) {
	if by == "" {
		by = a.Getenv("USER")
	}
	switch {
	case strings.TrimSpace(by) == "":
		return "", usagef(cmd, "who says so? Give a name with --by")
	case len(by) > maxNameBytes:
		return "", usagef(cmd, "--by is too long: at most %d bytes", maxNameBytes)
	case len(note) > 500 || strings.ContainsAny(note, "\r\n"):
		return "", usagef(cmd, "--note holds one line of at most 500 characters")
	}
	return strings.TrimSpace(by), nil
}

func (a *app) matchDecisionCommand(name, decision, short string) *cobra.Command {
	d := reports.MatchDecision{Decision: decision, Origin: byCommand}
	cmd := &cobra.Command{
		Use:     name + " CODE CANDIDATE",
		Short:   short,
		Long:    short + ".\nCODE is that of the customer or supplier, CANDIDATE the SIREN or SIRET of the list.",
		Example: "  encours matches " + name + ` C00007 552081317 --entity ALPHA --by "Anne Roy" --note "called them"`,
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if d.By, err = a.author(cmd, d.By, d.Note); err != nil {
				return err
			}
			d.ID, d.Candidate = args[0], args[1]
			return a.withMatches(cmd.Context(), func(p *project.Project, service *reports.Service) error {
				if d.Entity, err = onlyEntity(cmd, p, d.Entity); err != nil {
					return err
				}
				return a.decideMatch(cmd, service, d)
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&d.Entity, "entity", "", "entity of the customer (default: the only one)")
	flags.StringVar(&d.Side, "side", reports.Customer, "customer or supplier")
	flags.StringVar(&d.By, "by", "", "who says so (default: the name of the account, of the environment variable USER)")
	flags.StringVar(&d.Note, "note", "", "why")
	flags.Int64Var(&d.Seen, "seen", -1, "number of the last decision that the list showed (column seen): refuse where another came since (default: the last there is)")
	return cmd
}

func (a *app) decideMatch(cmd *cobra.Command, service *reports.Service, d reports.MatchDecision) error {
	if d.Seen < 0 {
		found, err := readQueue(cmd.Context(), service, reports.Selection{Entity: d.Entity, Side: d.Side}, reports.MatchFilter{Customer: d.ID, Whole: true})
		if err != nil {
			return err
		}
		d.Seen = 0
		for _, row := range found.Rows {
			d.Seen = row.Seen
		}
	}
	err := service.Review(cmd.Context(), d)
	if errors.Is(err, reports.ErrNotFound) {
		return fmt.Errorf("%s is no candidate of %s %s of %s: `encours matches --customer %s` lists them", d.Candidate, d.Side, d.ID, d.Entity, d.ID)
	}
	if err == nil {
		a.say("%s %s for %s of %s; the next build counts it", d.Decision, d.Candidate, d.ID, d.Entity)
	}
	return err
}

func (a *app) matchesExportCommand() *cobra.Command {
	var sel reports.Selection
	var filter reports.MatchFilter
	var output string
	cmd := &cobra.Command{
		Use:   "export -o FILE.csv",
		Short: "Write the review queue as a CSV file to be filled in",
		Long: `Writes the review queue as CSV. Write accept, reject or undo into the column
your_decision of a line, and why into note, leave the other columns as they are,
and read the file with encours matches import.`,
		Example: `  encours matches export --undecided -o review.csv`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if output == "" {
				return usagef(cmd, "into which file? Give it with -o")
			}
			if err := checkMatches(cmd, sel, filter, "csv"); err != nil {
				return err
			}
			filter.Whole = true
			return a.withMatches(cmd.Context(), func(_ *project.Project, service *reports.Service) error {
				found, err := readQueue(cmd.Context(), service, sel, filter)
				if err != nil {
					return err
				}
				err = durable.Write(output, func(w io.Writer) error { return reports.WriteMatches(w, found.Rows) })
				if err != nil {
					return err
				}
				a.say("%d candidates in %s", len(found.Rows), output)
				return nil
			})
		},
	}
	matchFlags(cmd, &sel, &filter)
	cmd.Flags().StringVarP(&output, "output", "o", "", "file to write")
	return cmd
}

// maxMatchFile bounds the file of decisions that is read.
const maxMatchFile = 256 << 20

func (a *app) matchesImportCommand() *cobra.Command {
	var by string
	cmd := &cobra.Command{
		Use:   "import FILE.csv",
		Short: "Take the decisions out of a CSV file that was filled in",
		Long: `Takes the lines whose column your_decision is filled in. A line that cannot be
taken is told with line, column and reason, and the others are taken all the
same, those of one customer together; what was taken before is not taken again.
Where somebody decided about a customer since the file was written, its lines
are refused: export the queue again.`,
		Example: `  encours matches import review.csv --by "Anne Roy"`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			by, err := a.author(cmd, by, "")
			if err != nil {
				return err
			}
			info, err := os.Stat(args[0])
			if err != nil {
				return fmt.Errorf("read decisions: %w", err)
			}
			if info.Size() > maxMatchFile {
				return fmt.Errorf("%s has %d bytes: at most %d are read", args[0], info.Size(), maxMatchFile)
			}
			text, err := os.ReadFile(args[0])
			if err != nil {
				return fmt.Errorf("read decisions: %w", err)
			}
			return a.withMatches(cmd.Context(), func(_ *project.Project, service *reports.Service) error {
				taken, err := service.ReadMatches(cmd.Context(), text, by, "csv")
				for _, problem := range taken.Problems {
					a.say("%s: %s", args[0], problem)
				}
				if err != nil {
					return fmt.Errorf("%s: %w", args[0], err)
				}
				a.say("%d decisions taken, %d stood already; the next build counts them", taken.Added, taken.Same)
				if len(taken.Problems) > 0 {
					return fmt.Errorf("%d lines of %s were not taken", len(taken.Problems), args[0])
				}
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&by, "by", "", "who decided (default: the name of the account, of the environment variable USER)")
	return cmd
}
