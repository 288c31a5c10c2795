package main

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
)

// version is set by the Makefile.
var version = "dev"

// app is what the commands share.
type app struct {
	Main
	dir string // --project
}

func (m Main) root() *cobra.Command {
	a := &app{Main: m}
	root := &cobra.Command{
		Use:   "encours",
		Short: "Receivables, proved to the ledger to the cent",
		Long: `Encours loads accounting extracts into a warehouse of its own, matches what is
owed with what was paid, proves every figure to the ledger to the cent, and
serves dashboards, reports and Parquet files.

A project is a folder with an encours.yaml. Start with:

  encours demo                 a sample project, from extracts to dashboards
  encours init --entity ID     a project of your own`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	project := m.Getenv("ENCOURS_PROJECT")
	if project == "" {
		project = "."
	}
	root.PersistentFlags().StringVar(&a.dir, "project", project, "folder of the project (environment: ENCOURS_PROJECT)")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return usage(cmd, err) })
	root.AddCommand(
		a.initCommand(), a.demoCommand(), a.auditCommand(), a.ingestCommand(), a.buildCommand(), a.runCommand(),
		a.checkCommand(), a.statusCommand(), a.batchesCommand(), a.rejectsCommand(),
		a.reportCommand(), a.dunningCommand(), a.alertsCommand(), a.matchesCommand(), a.overrideCommand(), a.verifyCommand(), a.docsCommand(), a.queryCommand(), a.scoreCommand(), a.lookupCommand(), a.decideCommand(), a.decisionsCommand(), a.serveCommand(), a.tokenCommand(), a.eraseCommand(), a.generateCommand(), a.benchCommand(), a.versionCommand(),
	)
	root.AddCommand(a.topics()...)
	for _, cmd := range root.Commands() {
		wrapArgs(cmd)
	}
	wrapArgs(root)
	return root
}

// wrapArgs makes a wrong number of arguments a usage error.
func wrapArgs(cmd *cobra.Command) {
	check := cmd.Args
	if check == nil {
		return
	}
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usage(cmd, err)
		}
		return nil
	}
}

// usage makes an error of the way in which a command was called.
func usage(cmd *cobra.Command, err error) error {
	name := strings.TrimSpace(strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()))
	if name != "" {
		name += " "
	}
	return &usageError{command: name, err: err}
}

func usagef(cmd *cobra.Command, format string, args ...any) error {
	return usage(cmd, fmt.Errorf(format, args...))
}

// load reads the encours.yaml of the project folder, or of the nearest one above.
func (a *app) load() (*project.Project, error) {
	path, err := project.Find(a.dir)
	if err != nil {
		return nil, err
	}
	return project.Load(path)
}

// limits are those of one DuckDB instance of this process; share is the part of
// the budget that it gets.
func limits(p *project.Project, share int64) duck.Limits {
	return duck.Limits{
		MemoryBytes: p.Resources.MemoryBytes / share,
		Threads:     p.Resources.Threads,
		TempDir:     filepath.Join(p.DataDir(), "tmp"),
		TempBytes:   p.Resources.TempBytes / share,
	}
}

// ingestLimits have one thread more than cores are used: at any moment one waits for
// the extract.
func ingestLimits(p *project.Project) duck.Limits {
	l := limits(p, 1)
	if l.Threads == 0 {
		l.Threads = runtime.GOMAXPROCS(0)
	}
	l.Threads++
	return l
}

// exportMemory is what DuckDB may use for a report: a sort of more rows goes on in
// the temporary folder, so that the memory of an export does not grow with its rows.
const exportMemory = 1024 << 20

func exportLimits(p *project.Project) duck.Limits {
	l := limits(p, 1)
	l.MemoryBytes = min(l.MemoryBytes, exportMemory)
	return l
}

// buildLimits leave a quarter of the budget for what DuckDB does not count: large
// sorts and writes go past its own limit.
func buildLimits(p *project.Project) duck.Limits {
	l := limits(p, 1)
	l.MemoryBytes = l.MemoryBytes / 4 * 3
	return l
}

// write runs work under the writer's lock of the project, after sweeping what
// interrupted work left in the landing zone.
func (a *app) write(ctx context.Context, p *project.Project, command string, work func(*landing.Zone) error) (err error) {
	lock, err := landing.Acquire(p.DataDir(), "encours "+command, a.Clock())
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := lock.Release(); err == nil {
			err = closeErr
		}
	}()
	zone := landing.Open(p.DataDir())
	if _, err := zone.Sweep(lock); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return work(zone)
}

func (a *app) store(p *project.Project) *generation.Store { return generation.NewStore(p.DataDir()) }

// say writes a message for the person at the terminal.
func (a *app) say(format string, args ...any) { fmt.Fprintf(a.Err, format+"\n", args...) }

// day reads a date flag; empty is the zero time.
func day(cmd *cobra.Command, flag, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return t, usagef(cmd, "--%s %q is not a date: write YYYY-MM-DD, such as 2025-12-31", flag, text)
	}
	return t, nil
}
