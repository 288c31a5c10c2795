package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/session"
)

// recordServing keeps which alerts and which accounts of a CRM the generation has that
// serves. Where that fails the generation serves all the same: it is said, and tried again
// by the next build and by the server.
func (a *app) recordServing(ctx context.Context, p *project.Project) {
	if err := a.tryRecordServing(ctx, p); err != nil && ctx.Err() == nil {
		a.say("warning: %v; it is tried again with the next build", err)
	}
}

func (a *app) tryRecordServing(ctx context.Context, p *project.Project) (err error) {
	store := a.store(p)
	id, err := store.CurrentID()
	if errors.Is(err, generation.ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	manifest, err := store.Manifest(id)
	if err != nil || manifest.KnownAt != nil {
		return err
	}
	options := a.serviceOptions(p)
	options.Alerts = reports.NewAlertBook(p.DataDir(), a.Clock)
	defer func() { err = errors.Join(err, options.Alerts.Close()) }()
	options.Accounts = reports.NewAccountBook(p.DataDir(), a.Clock)
	defer func() { err = errors.Join(err, options.Accounts.Close()) }()
	// opening the generation costs more than looking
	hasAlerts, err := options.Alerts.Has(ctx, id)
	if err != nil {
		return err
	}
	if hasAccounts, err := options.Accounts.Has(ctx, id); err != nil || hasAlerts && hasAccounts {
		return err
	}
	pool := session.NewPool(store, exportLimits(p))
	defer func() { err = errors.Join(err, pool.Close()) }()
	service := reports.NewService(pool, options)
	if err := service.RecordAlerts(ctx); err != nil {
		return fmt.Errorf("the alerts could not be recorded: %w", err)
	}
	if err := service.RecordAccounts(ctx); err != nil {
		return fmt.Errorf("the accounts of the CRM could not be recorded: %w", err)
	}
	return nil
}
