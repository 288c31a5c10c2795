package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/encours/encours/reports"
)

const (
	accountsPath   = "/api/v1/accounts"
	accountTimeout = 30 * time.Second
	maxAccounts    = 1000 // of one answer
	accountPage    = 200  // where no limit is asked for
)

// AccountDesk tells a CRM what is known of its accounts.
type AccountDesk interface {
	// Account returns an account of the generation that serves. Its errors are those of
	// reports.Service.CRMAccount.
	Account(ctx context.Context, ask reports.AccountRequest) (*reports.CRMAccount, error)
	// AccountChanges returns what changed. Its errors are those of
	// reports.Service.AccountChanges.
	AccountChanges(ctx context.Context, ask reports.ChangesRequest) (*reports.AccountChanges, error)
}

// AccountGate admits programs to the accounts of a CRM.
type AccountGate interface {
	// AdmitAccounts returns who sends a token, or a *PushError.
	AdmitAccounts(ctx context.Context, token string) (Caller, error)
}

// accountAPI answers programs that ask about accounts of a CRM.
type accountAPI struct {
	programDoor
	desk AccountDesk
	gate AccountGate
}

// withAccounts sends what programs ask about accounts to the API and everything else on.
// Without a desk and a gate there is no such address.
func withAccounts(config Config, site http.Handler) http.Handler {
	if config.AccountDesk == nil || config.AccountGate == nil {
		return site
	}
	api := &accountAPI{programDoor: newProgramDoor(config), desk: config.AccountDesk, gate: config.AccountGate}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == accountsPath || strings.HasPrefix(r.URL.Path, accountsPath+"/") {
			api.ServeHTTP(w, r)
			return
		}
		site.ServeHTTP(w, r)
	})
}

// ServeHTTP answers GET /api/v1/accounts, what changed, and GET /api/v1/accounts/{crm_id},
// one account.
func (a *accountAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), accountTimeout)
	defer cancel()
	defer func() {
		if cause := recover(); cause != nil {
			a.fail(w, r, fmt.Errorf("panic: %v", cause))
		}
	}()
	content, err := a.handle(ctx, w, r)
	if err != nil {
		a.fail(w, r, refusedAccount(err))
		return
	}
	a.write(w, http.StatusOK, content)
}

func (a *accountAPI) handle(ctx context.Context, w http.ResponseWriter, r *http.Request) (any, error) {
	if err := a.guard(w, r, accountTimeout, http.MethodGet); err != nil {
		return nil, err
	}
	token, err := bearer(w, r)
	if err != nil {
		return nil, err
	}
	caller, err := a.gate.AdmitAccounts(ctx, token)
	if err != nil {
		return nil, err
	}
	if id, ok := strings.CutPrefix(r.URL.EscapedPath(), accountsPath+"/"); ok {
		ask, err := readAccountRequest(id, r.URL.RawQuery)
		if err != nil {
			return nil, err
		}
		ask.Entities = caller.Entities
		return a.desk.Account(ctx, ask)
	}
	ask, err := readChangesRequest(r.URL.RawQuery)
	if err != nil {
		return nil, err
	}
	ask.Entities = caller.Entities
	return a.desk.AccountChanges(ctx, ask)
}

// readAccountRequest reads an identifier as the address has it, and the parameters.
func readAccountRequest(escaped, rawQuery string) (ask reports.AccountRequest, err error) {
	id, err := url.PathUnescape(escaped)
	if err != nil || !isIdentifier(id) {
		return ask, badPush("crm_id", "the address must end with the identifier of an account, at most %d bytes", maxIdentifierBytes)
	}
	values, err := readParameters(rawQuery, "source")
	if err != nil {
		return ask, err
	}
	ask = reports.AccountRequest{IDs: []string{id}, Source: values.Get("source")}
	if values.Has("source") && !isIdentifier(ask.Source) {
		return ask, badPush("source", "source must be the name of a source of encours.yaml or of a token, at most %d bytes", maxIdentifierBytes)
	}
	return ask, nil
}

func isIdentifier(text string) bool {
	return strings.TrimSpace(text) != "" && len(text) <= maxIdentifierBytes && !strings.ContainsFunc(text, isControl)
}

func readChangesRequest(rawQuery string) (ask reports.ChangesRequest, err error) {
	values, err := readParameters(rawQuery, "cursor", "limit")
	if err != nil {
		return ask, err
	}
	ask = reports.ChangesRequest{Cursor: values.Get("cursor"), Limit: accountPage}
	if values.Has("cursor") && ask.Cursor == "" {
		return ask, badPush("cursor", "the cursor is empty: leave it out to begin anew")
	}
	if !values.Has("limit") {
		return ask, nil
	}
	numbers := &query{values: values}
	if ask.Limit, err = numbers.number("limit", 1, maxAccounts); err != nil || ask.Limit == 0 {
		return ask, badPush("parameter", "limit must be 1 to %d", maxAccounts)
	}
	return ask, nil
}

// accountRefusals maps what a caller can act on: one row each.
var accountRefusals = []known{
	{reports.ErrNotFound, http.StatusNotFound, "account.unknown", ""},
	{reports.ErrOtherEntities, http.StatusForbidden, "right.entity", ""},
	{reports.ErrBadCursor, http.StatusBadRequest, "cursor", ""},
	{reports.ErrNoGeneration, http.StatusServiceUnavailable, "no_generation", "30"},
	{reports.ErrNoAccounts, http.StatusServiceUnavailable, "no_accounts", "30"},
	{reports.ErrKnownAt, http.StatusServiceUnavailable, "known_at", "30"},
	{reports.ErrMovedOn, http.StatusServiceUnavailable, "moved_on", "5"},
}

// refusedAccount turns an error of the figures into a refusal with its own text.
func refusedAccount(err error) error {
	if refusal := refused(accountRefusals, err); refusal != nil {
		return refusal
	}
	if many, ok := errors.AsType[*reports.ManySourcesError](err); ok {
		return badPush("source", "%s", many.Error())
	}
	return err
}
