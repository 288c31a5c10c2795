package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/encours/encours/reports"
)

const (
	decisionsPath    = "/api/v1/credit-decisions"
	decisionTimeout  = 30 * time.Second
	maxDecisionBytes = 4 << 10
	maxDecisions     = 200 // of one list
	decisionPage     = 50  // where no limit is asked for
)

// Decider makes credit decisions and keeps them.
type Decider interface {
	// Decide answers an order and stores the answer. Where its key was used before, it
	// returns the decision of that time and true. Its errors are those of
	// reports.View.Decide and Service.Open, and reports.ErrOtherRequest.
	Decide(ctx context.Context, ask reports.DecisionRequest) (decision reports.Decision, found bool, err error)
	// Decisions lists what was stored, the newest first.
	Decisions(ctx context.Context, filter reports.DecisionFilter) ([]reports.Decision, error)
}

// DecisionGate admits programs to credit decisions.
type DecisionGate interface {
	// AdmitDecisions returns who sends a token, or a *PushError.
	AdmitDecisions(ctx context.Context, token string) (Caller, error)
}

// decisionAPI answers programs that ask for decisions.
type decisionAPI struct {
	programDoor
	decider Decider
	gate    DecisionGate
}

// withDecisions sends what programs ask about orders to the API and everything else
// on. Without a decider and a gate there is no such address.
func withDecisions(config Config, site http.Handler) http.Handler {
	if config.Decider == nil || config.DecisionGate == nil {
		return site
	}
	api := &decisionAPI{programDoor: newProgramDoor(config), decider: config.Decider, gate: config.DecisionGate}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == decisionsPath {
			api.ServeHTTP(w, r)
			return
		}
		site.ServeHTTP(w, r)
	})
}

// ServeHTTP answers POST, which asks for a decision, and GET, which lists those that
// were made.
func (a *decisionAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), decisionTimeout)
	defer cancel()
	defer func() {
		if cause := recover(); cause != nil {
			a.fail(w, r, fmt.Errorf("panic: %v", cause))
		}
	}()
	status, content, err := a.handle(ctx, w, r)
	if err != nil {
		a.fail(w, r, refusedDecision(err))
		return
	}
	a.write(w, status, content)
}

func (a *decisionAPI) handle(ctx context.Context, w http.ResponseWriter, r *http.Request) (int, any, error) {
	if err := a.guard(w, r, decisionTimeout, http.MethodGet, http.MethodPost); err != nil {
		return 0, nil, err
	}
	token, err := bearer(w, r)
	if err != nil {
		return 0, nil, err
	}
	caller, err := a.gate.AdmitDecisions(ctx, token)
	if err != nil {
		return 0, nil, err
	}
	if r.Method == http.MethodGet {
		return a.list(ctx, r, caller)
	}
	ask, err := readDecisionRequest(w, r)
	if err != nil {
		return 0, nil, err
	}
	if !slices.Contains(caller.Entities, ask.Entity) {
		return 0, nil, &PushError{Status: http.StatusForbidden, Code: "right.entity", Message: fmt.Sprintf(
			"the token %s may not ask about entity %q: it may about %s", caller.Name, shorten(ask.Entity), strings.Join(caller.Entities, ", "))}
	}
	ask.By, ask.Origin = caller.Name, "api"
	decision, found, err := a.decider.Decide(ctx, ask)
	if err != nil {
		return 0, nil, err
	}
	if found {
		return http.StatusOK, decision, nil
	}
	return http.StatusCreated, decision, nil
}

// decisionMessage is the body of a request. An amount is a number or a text, read digit
// by digit: neither goes through a float.
type decisionMessage struct {
	Entity   string          `json:"entity"`
	Customer string          `json:"customer"`
	Amount   json.RawMessage `json:"amount"`
	AsOf     string          `json:"as_of"`
}

func readDecisionRequest(w http.ResponseWriter, r *http.Request) (ask reports.DecisionRequest, err error) {
	if kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); !strings.EqualFold(strings.TrimSpace(kind), "application/json") {
		return ask, &PushError{Status: http.StatusUnsupportedMediaType, Code: "content_type", Message: "send the request as application/json"}
	}
	if len(r.URL.RawQuery) > 0 {
		return ask, badPush("parameter", "the address takes no parameters: everything stands in the body")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxDecisionBytes))
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return ask, &PushError{Status: http.StatusRequestEntityTooLarge, Code: "too_large", Message: fmt.Sprintf("the request has more than %d bytes", maxDecisionBytes)}
	}
	if err != nil {
		return ask, badPush("body", "the body could not be read to its end: send it again")
	}
	var message decisionMessage
	reader := json.NewDecoder(bytes.NewReader(body))
	reader.DisallowUnknownFields()
	if err := reader.Decode(&message); err != nil {
		return ask, badPush("body", "the body is not one JSON object with the fields entity, customer, amount and, where wanted, as_of")
	}
	if _, err := reader.Token(); !errors.Is(err, io.EOF) || !utf8.Valid(body) {
		return ask, badPush("body", "the body must be one JSON object in UTF-8 and nothing after it")
	}
	ask = reports.DecisionRequest{Entity: message.Entity, Customer: message.Customer, Key: r.Header.Get("Idempotency-Key")}
	return ask, completeDecisionRequest(&ask, message)
}

// completeDecisionRequest checks each field.
func completeDecisionRequest(ask *reports.DecisionRequest, message decisionMessage) error {
	amount := string(message.Amount)
	if text, err := strconv.Unquote(amount); err == nil && strings.HasPrefix(amount, `"`) {
		amount = text
	}
	var ok bool
	ask.Amount, ok = reports.ParseAmount(amount)
	switch {
	case !entityPattern.MatchString(ask.Entity):
		return badPush("entity", "entity must be the identifier of an entity of encours.yaml")
	case ask.Customer == "" || len(ask.Customer) > maxIdentifierBytes || strings.ContainsFunc(ask.Customer, isControl):
		return badPush("customer", "customer must be the code of a customer, at most %d bytes", maxIdentifierBytes)
	case !ok || ask.Amount == 0:
		return badPush("amount", `amount must be above 0, with a point and at most two decimals, such as 980.50 or "980.50"`)
	case len(ask.Key) > maxKeyBytes || strings.ContainsFunc(ask.Key, isNotPrintable):
		return badPush("idempotency_key", "the Idempotency-Key must have at most %d printable ASCII characters", maxKeyBytes)
	}
	if message.AsOf == "" {
		return nil
	}
	var err error
	if ask.AsOf, err = time.Parse(isoDate, message.AsOf); err != nil || ask.AsOf.Year() < 1990 || ask.AsOf.Year() > 2100 {
		return badPush("as_of", "as_of %q is not a date: write YYYY-MM-DD", shorten(message.AsOf))
	}
	return nil
}

func isNotPrintable(c rune) bool { return c < ' ' || c > '~' }

// decisionList is the answer to GET. Next is the value of before that gives the rest;
// 0: there is none.
type decisionList struct {
	Decisions []reports.Decision `json:"decisions"`
	Next      int64              `json:"next_before,omitempty"`
}

func (a *decisionAPI) list(ctx context.Context, r *http.Request, caller Caller) (int, any, error) {
	values, err := readParameters(r.URL.RawQuery, "before", "customer", "decision", "entity", "limit")
	if err != nil {
		return 0, nil, err
	}
	filter := reports.DecisionFilter{Entities: caller.Entities, Customer: values.Get("customer"), Decision: values.Get("decision")}
	if filter.Decision != "" && !slices.Contains(reports.DecisionCodes(), filter.Decision) {
		return 0, nil, badPush("parameter", "decision must be one of %s", strings.Join(reports.DecisionCodes(), ", "))
	}
	if entity := values.Get("entity"); entity != "" {
		if !slices.Contains(caller.Entities, entity) {
			return 0, nil, &PushError{Status: http.StatusForbidden, Code: "right.entity", Message: fmt.Sprintf("the token %s may not ask about entity %q", caller.Name, shorten(entity))}
		}
		filter.Entities = []string{entity}
	}
	numbers := &query{values: values}
	limit, err := numbers.number("limit", 1, maxDecisions)
	if err != nil {
		return 0, nil, badPush("parameter", "limit must be 1 to %d", maxDecisions)
	}
	before, err := numbers.number("before", 1, 1<<53)
	if err != nil {
		return 0, nil, badPush("parameter", "before must be the number of a decision")
	}
	if limit == 0 {
		limit = decisionPage
	}
	filter.Before, filter.Limit = int64(before), limit
	list, err := a.decider.Decisions(ctx, filter)
	if err != nil {
		return 0, nil, err
	}
	answer := decisionList{Decisions: append([]reports.Decision{}, list...)}
	if len(list) == limit {
		answer.Next = list[len(list)-1].ID
	}
	return http.StatusOK, answer, nil
}

// decisionRefusals maps what a caller can act on: one row each.
var decisionRefusals = []known{
	{reports.ErrNotFound, http.StatusNotFound, "customer.unknown", ""},
	{reports.ErrUnknownEntity, http.StatusNotFound, "entity.unknown", ""},
	{reports.ErrNothingKnownAt, http.StatusNotFound, "nothing_known", ""},
	{reports.ErrBadSelection, http.StatusBadRequest, "parameter", ""},
	{reports.ErrOtherRequest, http.StatusConflict, "idempotency_key.reused", ""},
	{reports.ErrNoGeneration, http.StatusServiceUnavailable, "no_generation", "30"},
	{reports.ErrNoDecisions, http.StatusServiceUnavailable, "no_decisions", "30"},
}

// refusedDecision turns an error of the figures into a refusal with its own text.
func refusedDecision(err error) error {
	if refusal := refused(decisionRefusals, err); refusal != nil {
		return refusal
	}
	if missing, ok := errors.AsType[*reports.MissingRateError](err); ok {
		return &PushError{Status: http.StatusNotFound, Code: "no_rate", Message: fmt.Sprintf(
			"no exchange rate of %s is known on %s or the 7 days before", missing.Currency, missing.Date.Format(isoDate))}
	}
	return err
}
