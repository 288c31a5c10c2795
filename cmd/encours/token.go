package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/state"
)

// senderForm is that of the name of a token and of its sources.
var senderForm = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)

func (a *app) tokenCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "token",
		Short: "Let other programs send data, or ask for credit decisions and accounts",
		Long: `A token lets another program send data to the server, for the datasets, the
entities and the sources that it names, and nothing else. With credit-decisions
among the datasets it may ask for credit decisions about the customers of these
entities; with crm-accounts, and every entity, for the figures of the accounts of
the CRM. It is shown once, when it is made, and cannot be had again. A server that
is running knows of every change at once.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.tokenAddCommand(), a.tokenListCommand(), a.tokenRevokeCommand())
	for _, sub := range cmd.Commands() {
		wrapArgs(sub)
	}
	return cmd
}

func (a *app) tokenAddCommand() *cobra.Command {
	var name, expires string
	var datasets, entities, sources []string
	cmd := &cobra.Command{
		Use:   "add --name NAME --datasets DATASET,…",
		Short: "Make a token, and print it once",
		Example: `  encours token add --name erp --datasets invoices,payments --entity ALPHA
  encours token add --name crm --datasets disputes,promises --entity ALPHA,BETA --expires 2027-01-01
  encours token add --name shop --datasets credit-decisions --entity ALPHA
  encours token add --name salesforce --datasets crm-accounts --entity ALPHA,BETA`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.load()
			if err != nil {
				return err
			}
			token := state.Token{Name: name, Datasets: datasets, Entities: entities, Sources: sources, Created: a.Clock()}
			if token.Expires, err = day(cmd, "expires", expires); err != nil {
				return err
			}
			if err := completeToken(cmd, p, &token); err != nil {
				return err
			}
			return a.addToken(cmd.Context(), p, token)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&name, "name", "", "name of the program that sends, for lists and messages")
	flags.StringSliceVar(&datasets, "datasets", nil, "datasets that it may send")
	flags.StringSliceVar(&entities, "entity", nil, "entities of encours.yaml for which it may (default: the only one)")
	flags.StringSliceVar(&sources, "source", nil, "names of sources under which it may; the first is the default (default: the name)")
	flags.StringVar(&expires, "expires", "", "day from which it does not hold any more, YYYY-MM-DD (default: never)")
	return cmd
}

// completeToken fills in the defaults and checks every name.
func completeToken(cmd *cobra.Command, p *project.Project, t *state.Token) error {
	if len(t.Entities) == 0 && len(p.Entities) == 1 {
		t.Entities = []string{p.Entities[0].ID}
	}
	if len(t.Sources) == 0 {
		t.Sources = []string{t.Name}
	}
	for _, name := range append([]string{t.Name}, t.Sources...) {
		if !senderForm.MatchString(name) {
			return usagef(cmd, "%q cannot be a name: write letters without accents, digits, _, - and ., at most 64", name)
		}
	}
	known, err := pushDatasets()
	if err != nil {
		return err
	}
	known = append(known, decisionRight, accountRight)
	if len(t.Datasets) == 0 {
		return usagef(cmd, "which datasets may it send? Give --datasets with some of: %s", strings.Join(known, ", "))
	}
	for _, dataset := range t.Datasets {
		if !slices.Contains(known, dataset) {
			return usagef(cmd, "--datasets %q cannot be sent; the datasets are: %s", dataset, strings.Join(known, ", "))
		}
	}
	var ids []string
	for _, e := range p.Entities {
		ids = append(ids, e.ID)
	}
	if len(t.Entities) == 0 {
		return usagef(cmd, "for which entities? Give --entity with some of: %s", strings.Join(ids, ", "))
	}
	for _, id := range t.Entities {
		if !slices.Contains(ids, id) {
			return usagef(cmd, "--entity %q is not in encours.yaml; the entities are: %s", id, strings.Join(ids, ", "))
		}
	}
	if !t.Expires.IsZero() && !t.Expires.After(t.Created) {
		return usagef(cmd, "--expires %s is over: give a day to come", t.Expires.Format(time.DateOnly))
	}
	return nil
}

func (a *app) addToken(ctx context.Context, p *project.Project, token state.Token) (err error) {
	store, err := state.Open(ctx, p.DataDir())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	text, err := store.AddToken(ctx, token)
	if errors.Is(err, state.ErrTokenExists) {
		return fmt.Errorf("a token %q is in force: choose another name, or end that one with `encours token revoke %s`", token.Name, token.Name)
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(a.Out, text)
	a.say("the token is shown this once: keep it where %s can read it and nobody else", token.Name)
	return nil
}

func (a *app) tokenListCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the tokens, with their rights and their last use",
		Example: `  encours token list`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			p, err := a.load()
			if err != nil {
				return err
			}
			store, err := state.OpenExisting(cmd.Context(), p.DataDir())
			if errors.Is(err, state.ErrNone) {
				a.say("there is no token: make one with `encours token add`")
				return nil
			}
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, store.Close()) }()
			tokens, err := store.Tokens(cmd.Context())
			if err != nil {
				return err
			}
			return a.printTokens(tokens)
		},
	}
}

func (a *app) printTokens(tokens []state.Token) error {
	w := tabwriter.NewWriter(a.Out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "NAME\tHOLDS\tDATASETS\tENTITIES\tSOURCES\tMADE\tEXPIRES\tLAST USED")
	on := func(t time.Time, form string) string {
		if t.IsZero() {
			return "-"
		}
		return t.UTC().Format(form)
	}
	for _, t := range tokens {
		holds := "yes"
		switch {
		case !t.Revoked.IsZero():
			holds = "no, revoked on " + on(t.Revoked, time.DateOnly)
		case !t.Expires.IsZero() && !a.Clock().Before(t.Expires):
			holds = "no, expired"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", t.Name, holds, strings.Join(t.Datasets, ","), strings.Join(t.Entities, ","),
			strings.Join(t.Sources, ","), on(t.Created, time.DateOnly), on(t.Expires, time.DateOnly), on(t.LastUsed, "2006-01-02 15:04 UTC"))
	}
	return w.Flush()
}

func (a *app) tokenRevokeCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "revoke NAME",
		Short:   "End a token at once",
		Example: `  encours token revoke erp`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			p, err := a.load()
			if err != nil {
				return err
			}
			store, err := state.OpenExisting(cmd.Context(), p.DataDir())
			if err == nil {
				defer func() { err = errors.Join(err, store.Close()) }()
				err = store.RevokeToken(cmd.Context(), args[0], a.Clock())
			}
			if errors.Is(err, state.ErrUnknownToken) || errors.Is(err, state.ErrNone) {
				return fmt.Errorf("no token %q is in force: `encours token list` shows them", args[0])
			}
			if err == nil {
				a.say("the token %s does not hold any more", args[0])
			}
			return err
		},
	}
}

// tokenOf returns the token of a program that shows its text. opened is the error of
// opening the store. A text that is none is refused.
func (a *app) tokenOf(ctx context.Context, store *state.Store, opened error, text string) (state.Token, error) {
	token, err := state.Token{}, opened
	if err == nil {
		token, err = store.CheckToken(ctx, text, a.Clock())
	}
	for _, unknown := range []error{state.ErrNone, state.ErrUnknownToken, state.ErrExpiredToken, state.ErrRevokedToken} {
		if errors.Is(err, unknown) {
			return token, refusal(http.StatusUnauthorized, "token.invalid",
				"the token is not known, has expired or was revoked: `encours token list` shows those that hold")
		}
	}
	return token, err
}
