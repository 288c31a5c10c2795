package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/reports/money"
	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/state"
	"github.com/encours/encours/web"
)

// decisionRight is what a token must name among its datasets to ask for credit
// decisions.
const decisionRight = "credit-decisions"

// The ways by which a decision is asked for.
const (
	byCommand = "command"
	byPage    = "page"
	byAPI     = "api"
)

// creditDesk joins the rules of the reports with the store of the decisions that were
// made by them. It is safe for concurrent use.
type creditDesk struct {
	latest  // by whose time zone days are told
	app     *app
	service *reports.Service
	file    *state.File
}

func (a *app) creditDesk(p *project.Project, service *reports.Service) *creditDesk {
	d := &creditDesk{app: a, service: service, file: state.In(p.DataDir())}
	d.use(p)
	return d
}

func (d *creditDesk) close() error { return d.file.Close() }

func (d *creditDesk) zone() *time.Location { return d.current().Zone() }

// Decide implements web.Decider.
func (d *creditDesk) Decide(ctx context.Context, ask reports.DecisionRequest) (_ reports.Decision, found bool, err error) {
	answer, err := d.answer(ctx, ask)
	if err != nil {
		return reports.Decision{}, false, err
	}
	store, err := d.file.Open(ctx)
	if err != nil {
		return reports.Decision{}, false, err
	}
	text, err := json.Marshal(answer)
	if err != nil {
		return reports.Decision{}, false, fmt.Errorf("write decision: %w", err)
	}
	asOf, err := time.Parse(time.DateOnly, answer.AsOf)
	if err != nil {
		return reports.Decision{}, false, fmt.Errorf("write decision: %w", err)
	}
	made := d.app.Clock()
	stored, found, err := store.AddDecision(ctx, state.Decision{
		Made: made, By: ask.By, Origin: ask.Origin, Key: ask.Key, Request: requestDigest(ask),
		Entity: answer.Entity, Customer: answer.Customer, Amount: answer.Amount, Currency: answer.Currency,
		Decision: answer.Decision, Rule: answer.Rule, AsOf: asOf,
		ValidUntil: made.In(d.zone()).AddDate(0, 0, int(answer.ValidDays)), Generation: answer.Versions.Generation, Answer: string(text),
	})
	if errors.Is(err, state.ErrOtherRequest) {
		return reports.Decision{}, false, reports.ErrOtherRequest
	}
	if err != nil {
		return reports.Decision{}, false, err
	}
	decision, err := readDecision(stored)
	return decision, found, err
}

// answer asks the generation that serves.
func (d *creditDesk) answer(ctx context.Context, ask reports.DecisionRequest) (_ *reports.DecisionAnswer, err error) {
	if ask.Entity == "" {
		return nil, reports.ErrUnknownEntity
	}
	view, err := d.service.Open(ctx, reports.Selection{Entity: ask.Entity, Side: reports.Customer, AsOf: ask.AsOf})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, view.Close()) }()
	return view.Decide(ctx, ask.Entity, ask.Customer, ask.Amount)
}

// requestDigest tells two requests apart.
func requestDigest(ask reports.DecisionRequest) string {
	asOf := ""
	if !ask.AsOf.IsZero() {
		asOf = ask.AsOf.Format(time.DateOnly)
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{ask.Entity, ask.Customer, money.Plain(int64(ask.Amount)), asOf}, "\n")))
	return hex.EncodeToString(sum[:])
}

func readDecision(stored state.Decision) (reports.Decision, error) {
	decision := reports.Decision{
		ID: stored.ID, MadeAt: stored.Made.UTC().Format(time.RFC3339), MadeBy: stored.By, Origin: stored.Origin,
		ValidUntil: stored.ValidUntil.Format(time.DateOnly),
	}
	if err := json.Unmarshal([]byte(stored.Answer), &decision.DecisionAnswer); err != nil {
		return decision, fmt.Errorf("read decision %d: %w", stored.ID, err)
	}
	return decision, nil
}

// Decisions implements web.Decider. It writes nothing: a project without a state file
// has made no decision.
func (d *creditDesk) Decisions(ctx context.Context, filter reports.DecisionFilter) ([]reports.Decision, error) {
	store, err := d.file.Existing(ctx)
	if errors.Is(err, state.ErrNone) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var list []state.Decision
	if filter.ID > 0 {
		one, err := store.Decision(ctx, filter.ID)
		if err != nil && !errors.Is(err, state.ErrUnknownDecision) {
			return nil, err
		}
		if err == nil && (filter.Entities == nil || slices.Contains(filter.Entities, one.Entity)) {
			list = append(list, one)
		}
	} else if list, err = store.Decisions(ctx, state.DecisionFilter{
		Entities: filter.Entities, Customer: filter.Customer, Decision: filter.Decision, Before: filter.Before, Limit: filter.Limit,
	}); err != nil {
		return nil, err
	}
	decisions := make([]reports.Decision, 0, len(list))
	for _, stored := range list {
		decision, err := readDecision(stored)
		if err != nil {
			return nil, err
		}
		decisions = append(decisions, decision)
	}
	return decisions, nil
}

// AdmitDecisions implements web.DecisionGate.
func (d *creditDesk) AdmitDecisions(ctx context.Context, text string) (caller web.Caller, err error) {
	store, err := d.file.Existing(ctx)
	token, err := d.app.tokenOf(ctx, store, err, text)
	switch {
	case err != nil:
		return caller, err
	case !slices.Contains(token.Datasets, decisionRight):
		return caller, refusal(http.StatusForbidden, "right.decisions", "the token %s may not ask for credit decisions: make one with --datasets %s", token.Name, decisionRight)
	}
	return web.Caller{Name: token.Name, Entities: token.Entities}, nil
}
