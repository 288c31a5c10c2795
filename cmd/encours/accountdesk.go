package main

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/encours/encours/ingest/table"
	"github.com/encours/encours/reports"
	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/state"
	"github.com/encours/encours/web"
)

// accountRight is what a token must name among its datasets to read the figures of the
// accounts of a CRM.
const accountRight = "crm-accounts"

// accountDesk tells a CRM what is known of its accounts. It is safe for concurrent use.
type accountDesk struct {
	app     *app
	service *reports.Service
	file    *state.File // tokens
}

func (a *app) accountDesk(p *project.Project, service *reports.Service) *accountDesk {
	return &accountDesk{app: a, service: service, file: state.In(p.DataDir())}
}

func (d *accountDesk) close() error { return d.file.Close() }

// Account implements web.AccountDesk. An identifier of Salesforce is known in both of its
// forms, whichever was loaded.
func (d *accountDesk) Account(ctx context.Context, ask reports.AccountRequest) (*reports.CRMAccount, error) {
	ask.IDs = accountForms(ask.IDs[0])
	return d.service.CRMAccount(ctx, ask)
}

// accountForms are the forms in which an identifier may have been loaded, its own first.
func accountForms(id string) []string {
	id = strings.TrimSpace(id)
	forms := []string{id}
	long, err := table.SalesforceID(id)
	if err != nil || len(long) != 18 {
		return forms
	}
	short := long[:15]
	if again, err := table.SalesforceID(short); err != nil || again != long {
		return forms
	}
	for _, form := range []string{long, short} {
		if form != id {
			forms = append(forms, form)
		}
	}
	return forms
}

// AccountChanges implements web.AccountDesk.
func (d *accountDesk) AccountChanges(ctx context.Context, ask reports.ChangesRequest) (*reports.AccountChanges, error) {
	return d.service.AccountChanges(ctx, ask)
}

// AdmitAccounts implements web.AccountGate.
func (d *accountDesk) AdmitAccounts(ctx context.Context, text string) (caller web.Caller, err error) {
	store, err := d.file.Existing(ctx)
	token, err := d.app.tokenOf(ctx, store, err, text)
	switch {
	case err != nil:
		return caller, err
	case !slices.Contains(token.Datasets, accountRight):
		return caller, refusal(http.StatusForbidden, "right.accounts", "the token %s may not read accounts of the CRM: make one with --datasets %s", token.Name, accountRight)
	}
	return web.Caller{Name: token.Name, Entities: token.Entities}, nil
}
