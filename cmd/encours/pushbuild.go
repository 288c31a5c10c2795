package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/runs"
)

// isPushed tells whether a batch was sent to the server.
func isPushed(b landing.Batch) bool { return b.Notes[landing.NoteSender] != "" }

// pushed notes that a batch was sent and has landed.
func (u *unattended) pushed(at time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.waiting.IsZero() || at.Before(u.waiting) {
		u.waiting = at
	}
}

// lookForPushed asks for a build where a batch that was sent has waited long enough.
func (u *unattended) lookForPushed(now time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	after := u.project.Push.BuildAfter
	if after == 0 || u.waiting.IsZero() || now.Sub(u.waiting) < after {
		return
	}
	u.waiting = time.Time{} // what is sent from now on may be too late for this build
	u.buildPushed = true
	u.rouse()
}

// takePushed tells, once, that a build for what was sent is due.
func (u *unattended) takePushed() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	due := u.buildPushed
	u.buildPushed = false
	return due
}

// workOffPushed builds, unless a build by other means has seen all that was sent.
func (u *unattended) workOffPushed(ctx, working context.Context) {
	p := u.current()
	last, err := runs.Open(p.DataDir()).Last()
	if err == nil {
		var left time.Time
		if left, err = u.app.unbuilt(working, p, last, isPushed); err == nil && left.IsZero() {
			return
		}
	}
	if err != nil {
		u.log.Error("look for what was sent and is not built", slog.Any("error", err))
	}
	if !u.build(ctx, working, runs.AfterPush) {
		u.pushed(u.app.Clock()) // it could not begin: once more, a while later
	}
}

// waitingFor is the moment of the first batch that was sent and no build has seen;
// zero where there is none, or nothing is built for it.
func (a *app) waitingFor(ctx context.Context, p *project.Project, last map[string]runs.Run) (time.Time, error) {
	if p.Push.BuildAfter == 0 {
		return time.Time{}, nil
	}
	return a.unbuilt(ctx, p, last, isPushed)
}
