package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/session"
	"github.com/encours/encours/web"
)

// tokenVariable holds the access token; a flag would show it to every process.
const tokenVariable = "ENCOURS_TOKEN"

// serveGCPercent is the GOGC of a server: its heap is some MB, beside what DuckDB
// holds. At the default a fifth of the work on a page goes into collecting it.
const serveGCPercent = 400

func (a *app) serveCommand() *cobra.Command {
	var addr, tokenFile string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the dashboards",
		Long: `Serves the dashboards of the generation that was built last, and moves to the
next one as soon as it is built. On an address that other machines can reach, an
access token is needed: in the environment variable ENCOURS_TOKEN, or in a file
that only its owner can read.

Meanwhile programs that hold a token of their own may send data (see encours
token), and sources of encours.yaml that have a schedule or a drop folder are
loaded by themselves (see encours help run-unattended).`,
		Example: `  encours serve
  encours serve --addr 127.0.0.1:9000
  ENCOURS_TOKEN=$(openssl rand -hex 24) encours serve --addr 0.0.0.0:8080`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.load()
			if err != nil {
				return err
			}
			return a.serve(cmd.Context(), p, addr, tokenFile)
		},
	}
	cmd.Flags().StringVar(&addr, "addr", "", "address to listen on (default: that of encours.yaml, 127.0.0.1:8080)")
	cmd.Flags().StringVar(&tokenFile, "token-file", "", "file that holds the access token (default: environment "+tokenVariable+")")
	return cmd
}

func (a *app) serve(ctx context.Context, p *project.Project, addr, tokenFile string) (err error) {
	if addr == "" {
		addr = p.Serve.Addr
	}
	token, err := a.token(tokenFile)
	if err != nil {
		return err
	}
	if err := web.CheckAddr(addr, token); err != nil {
		return err
	}
	defer debug.SetGCPercent(debug.SetGCPercent(serveGCPercent))
	// two instances while readers of an old generation finish
	pool := session.NewPool(a.store(p), limits(serving(p), 2))
	defer func() { err = errors.Join(err, pool.Close()) }()
	receiver := a.receiver(p)
	defer func() { err = errors.Join(err, receiver.close()) }()
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", addr, err)
	}
	messages := &lockedWriter{w: a.Err}
	quiet := *a
	quiet.Err, quiet.Terminal = messages, false
	known := newSides(&quiet, p)
	options := a.serviceOptions(p)
	options.Sides = known
	options.Alerts = reports.NewAlertBook(p.DataDir(), a.Clock)
	defer func() { err = errors.Join(err, options.Alerts.Close()) }()
	options.Accounts = reports.NewAccountBook(p.DataDir(), a.Clock)
	defer func() { err = errors.Join(err, options.Accounts.Close()) }()
	options.Matches = a.matchBook(p)
	defer func() { err = errors.Join(err, options.Matches.Close()) }()
	service := reports.NewService(pool, options)
	defer service.StopComparing()
	desk := a.creditDesk(p, service)
	defer func() { err = errors.Join(err, desk.close()) }()
	register := newRegisterSearch(&quiet, serving(p))
	accounts := a.accountDesk(p, service)
	defer func() { err = errors.Join(err, accounts.close()) }()
	logger := slog.New(slog.NewTextHandler(messages, nil))
	site, err := web.New(web.Config{
		Reports: web.Adapt(service),
		Token:   token, Addr: listener.Addr().String(), Version: version, Clock: a.Clock,
		Alerts: options.Alerts, Reviewer: service, Steward: service, Register: register, Recorder: receiver, Receiver: receiver, Push: web.PushLimits{MaxBody: p.Push.MaxBodyBytes, Concurrent: p.Push.Concurrent},
		Decider: desk, DecisionGate: desk, AccountDesk: accounts, AccountGate: accounts,
		Logger: logger,
	})
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	stopSources, err := a.startSources(ctx, p, messages, logger, receiver, func(next *project.Project) {
		pool.SetLimits(limits(serving(next), 2))
		service.UseProject(next)
		known.use(next)
		register.use(serving(next))
		receiver.use(next)
		desk.use(next)
	})
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer stopSources()
	fmt.Fprintf(a.Out, "http://%s/\n", listener.Addr())
	fmt.Fprintf(messages, "serving %s; stop with Ctrl+C\n", p.Name)
	defer keepWarm(ctx, service, logger)()
	return web.Serve(ctx, listener, site)
}

// serving is a project with the part of its resources that the pages get: three
// quarters, as comparisons have the rest, and of one half where this process also loads
// or builds.
func serving(p *project.Project) *project.Project {
	if p.WorksAlone() {
		p = half(p)
	}
	return part(p, 3, 4)
}

// half is a project with one half of its resources.
func half(p *project.Project) *project.Project { return part(p, 1, 2) }

func part(p *project.Project, of, whole int64) *project.Project {
	scaled := *p
	scaled.Resources.MemoryBytes = p.Resources.MemoryBytes / whole * of
	scaled.Resources.TempBytes = p.Resources.TempBytes / whole * of
	return &scaled
}

// startSources loads and builds by itself until the context ends; stop ends it before,
// and waits for the end. adopted is told of each encours.yaml that is read again.
func (a *app) startSources(ctx context.Context, p *project.Project, messages io.Writer, logger *slog.Logger, receiver *pushReceiver, adopted func(*project.Project)) (stop func(), err error) {
	quiet := *a
	quiet.Err, quiet.Terminal = messages, false
	u, err := quiet.newUnattended(ctx, p, logger)
	if err != nil {
		return nil, err
	}
	u.adopted = adopted
	receiver.tell(u.pushed)
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		u.run(ctx)
	}()
	return func() { cancel(); <-done }, nil
}

// service is the one place where reports meet the warehouse.
func (a *app) service(p *project.Project, pool *session.Pool) *reports.Service {
	return reports.NewService(pool, a.serviceOptions(p))
}

func (a *app) serviceOptions(p *project.Project) reports.Options {
	return reports.Options{
		Zone: landing.Open(p.DataDir()), TempDir: filepath.Join(p.DataDir(), "tmp"),
		Project: p, Clock: a.Clock,
	}
}

func (a *app) token(file string) (string, error) {
	if file == "" {
		return a.Getenv(tokenVariable), nil
	}
	info, err := os.Stat(file)
	if err != nil {
		return "", fmt.Errorf("read the access token: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return "", fmt.Errorf("the access token in %s can be read by others: chmod 600 %s", file, file)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("read the access token: %w", err)
	}
	return strings.TrimSpace(string(text)), nil
}
