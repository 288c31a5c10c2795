package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/encours/encours/cmd/encours/bench"
	"github.com/encours/encours/reports"
)

// warmEvery is how often the server looks for a new generation.
const warmEvery = 2 * time.Second

// keepWarm computes the first pages of every new generation before readers ask for
// them. The function that it returns stops that and waits for its end.
func keepWarm(ctx context.Context, service *reports.Service, logger *slog.Logger) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(warmEvery)
		defer ticker.Stop()
		var last string
		for {
			generation, err := service.Warm(ctx, last)
			switch {
			case err != nil && ctx.Err() == nil:
				// readers will meet the same error and see it on their page
				logger.Warn("warm up the pages", "generation", generation, "error", err)
			case err == nil && generation != last:
				logger.Info(bench.FirstPages, "generation", generation)
			}
			if generation != last {
				if err := service.RecordAlerts(ctx); err != nil && ctx.Err() == nil {
					logger.Warn("record the alerts", "generation", generation, "error", err)
				}
				if err := service.RecordAccounts(ctx); err != nil && ctx.Err() == nil {
					logger.Warn("record the accounts of the CRM", "generation", generation, "error", err)
				}
			}
			last = generation
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
		}
	}()
	return func() {
		cancel()
		<-done
	}
}
