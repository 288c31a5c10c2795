package main

import (
	"fmt"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// bar is a progress bar on standard error; it shows nothing where that is not a
// terminal.
type bar struct {
	bar *progressbar.ProgressBar
}

func (a *app) newBar(total int64, bytes bool, label string) *bar {
	if !a.Terminal {
		return &bar{}
	}
	return &bar{progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(a.Err),
		progressbar.OptionSetDescription(fmt.Sprintf("%-32.32s", label)),
		progressbar.OptionShowBytes(bytes),
		progressbar.OptionSetWidth(28),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionSetPredictTime(true),
	)}
}

// set moves the bar. A bar that cannot be drawn is no reason to stop work.
func (b *bar) set(done int64) {
	if b.bar != nil {
		_ = b.bar.Set64(done)
	}
}

func (b *bar) describe(label string) {
	if b.bar != nil {
		b.bar.Describe(fmt.Sprintf("%-32.32s", label))
	}
}

func (b *bar) finish() {
	if b.bar != nil {
		_ = b.bar.Finish()
	}
}
