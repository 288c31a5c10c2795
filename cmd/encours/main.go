// Command encours is an embedded decision-support warehouse for receivables: it
// loads accounting extracts, proves every figure to the ledger, and serves
// dashboards and reports.
//
// Each command has a file of its own that does nothing but wire packages
// together. Data goes to standard output, messages and progress bars to standard
// error.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/encours/encours/warehouse/generation"
)

// Exit codes, a contract with scripts.
const (
	exitDone         = 0
	exitFailed       = 1
	exitUsage        = 2
	exitRejects      = 3 // loaded, with more rejected lines than the budget allows
	exitChecksFailed = 4 // checks failed: the generation before still serves
)

// Main is the program with everything it takes from its surroundings, so that
// tests run what the binary runs.
type Main struct {
	Out, Err io.Writer
	Getenv   func(string) string
	Clock    func() time.Time
	Terminal bool // progress bars
	// Sleep waits before something is tried again; nil: by the clock of the machine.
	Sleep func(context.Context, time.Duration) error
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	m := Main{Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv, Clock: time.Now, Terminal: isTerminal(os.Stderr)}
	code := m.Run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// Run runs one command and returns its exit code.
func (m Main) Run(ctx context.Context, args []string) int {
	root := m.root()
	root.SetArgs(args)
	root.SetOut(m.Out)
	root.SetErr(m.Err)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	var usage *usageError
	var rejects *rejectsError
	var checks *generation.ChecksFailedError
	switch {
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(m.Err, "encours: interrupted; nothing that was committed is lost")
		return exitFailed
	case errors.As(err, &usage):
		fmt.Fprintf(m.Err, "encours: %v\nRun `encours %s--help` for how to use it.\n", err, usage.command)
		return exitUsage
	case errors.As(err, &checks):
		fmt.Fprintf(m.Err, "encours: %v\n", err)
		return exitChecksFailed
	case errors.As(err, &rejects):
		fmt.Fprintf(m.Err, "encours: %v\n", err)
		return exitRejects
	}
	fmt.Fprintf(m.Err, "encours: %v\n", err)
	return exitFailed
}

// usageError says that a command was called wrongly.
type usageError struct {
	command string // with a space behind it, or empty
	err     error
}

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// rejectsError says that extracts were loaded with more rejected lines than the
// project allows.
type rejectsError struct {
	rejects, budget int64
}

func (e *rejectsError) Error() string {
	return fmt.Sprintf("loaded, but %d lines were rejected and rejects.max_lines allows %d: see `encours rejects`",
		e.rejects, e.budget)
}
