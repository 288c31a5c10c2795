package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
)

const (
	lockPatience = 30 * time.Minute // for a writer in another process
	longestPause = 30 * time.Second // between two tries for the lock
)

// patiently tries again while another process holds the lock of the project, at
// growing intervals, and gives up after a while.
func (u *unattended) patiently(ctx context.Context, log *slog.Logger, try func() error) error {
	wait, waited := time.Second, time.Duration(0)
	for {
		err := try()
		var locked *landing.LockedError
		if !errors.As(err, &locked) {
			return err
		}
		if waited >= u.patience {
			return fmt.Errorf("gave up after waiting for %s: %w", project.DurationText(waited), err)
		}
		if waited == 0 {
			log.Warn("waiting for another process to finish", slog.String("reason", locked.Error()))
		}
		if err := u.pause(ctx, wait); err != nil {
			return err
		}
		waited += wait
		wait = min(2*wait, longestPause)
	}
}
