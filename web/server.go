// Package web serves the figures of package reports as pages, charts and files.
//
// Its invariants: a request reads one generation, through one View; every page
// shows the proof of its figures; no page makes the browser speak to another
// host; an export is complete or its connection breaks; and no internal text
// reaches a reader. It reads the warehouse only through package reports.
package web

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/gorilla/mux"
	"golang.org/x/text/language"
)

const (
	pageTimeout     = 60 * time.Second
	exportStall     = 60 * time.Second // a client that reads nothing for so long is gone
	shutdownGrace   = 15 * time.Second
	exportWait      = 60 * time.Second
	maxExports      = 4
	maxQueryBytes   = 2048
	maxPathBytes    = 1024
	maxHeaderBytes  = 32 << 10
	maxSignInBytes  = 4 << 10
	defaultPageSize = 50
)

// Config is what the server is made of.
type Config struct {
	Reports Reports
	Token   string           // access token; empty: no sign-in, loopback only
	Addr    string           // listen address, for the check of the Host header; empty: loopback
	Version string           // shown at the foot of every page
	Logger  *slog.Logger     // nil: slog.Default
	Clock   func() time.Time // nil: time.Now; for the lifetime of sign-ins

	// ExportWait is how long an export waits for its turn while as many as may run
	// are running; 0 is a minute.
	ExportWait time.Duration

	Alerts   AlertMarker // of what is done about alerts; nil: no form for it
	Reviewer Reviewer    // of identities; nil: no form for it
	Steward  Steward     // of attributes that readers set; nil: no form for it

	Register RegisterSearch // of companies that the warehouse does not know; nil: none is searched

	Recorder Recorder   // of what was done to collect; nil: no form for it
	Receiver Receiver   // of what other programs send; nil: nothing is taken
	Push     PushLimits // of messages

	Decider      Decider      // of credit decisions; nil: none is made or listed
	DecisionGate DecisionGate // of programs that ask for them; nil: there is no address for them

	AccountDesk AccountDesk // of what goes back to a CRM; nil: there is no address for it
	AccountGate AccountGate // of programs that ask for it; nil: there is no address for it
}

type server struct {
	recorder  Recorder       // nil: nothing is recorded
	decider   Decider        // nil: nothing is decided
	marker    AlertMarker    // nil: alerts are only shown
	reviewer  Reviewer       // nil: the review queue is only shown
	steward   Steward        // nil: no attribute can be set
	register  RegisterSearch // nil: no files are searched
	clock     func() time.Time
	reports   Reports
	version   string
	log       *slog.Logger
	locales   map[string]*locale
	matcher   language.Matcher
	templates map[string]map[string]*template.Template // language, page
	assets    *assets
	gate      *gate // nil: no sign-in
	exports   chan struct{}
	wait      time.Duration // of an export for its turn
}

// New makes the handler of the whole site. It does no I/O beyond the embedded
// files; errors are those of the assets, the texts and the templates, and a
// token shorter than MinTokenLength.
func New(config Config) (http.Handler, error) {
	if config.Logger == nil {
		config.Logger = slog.Default()
	}
	if config.Clock == nil {
		config.Clock = time.Now
	}
	if config.ExportWait <= 0 {
		config.ExportWait = exportWait
	}
	s := &server{
		recorder: config.Recorder, decider: config.Decider, clock: config.Clock, marker: config.Alerts, reviewer: config.Reviewer, steward: config.Steward, register: config.Register,
		reports: config.Reports, version: config.Version, log: config.Logger,
		exports: make(chan struct{}, maxExports), wait: config.ExportWait,
	}
	var err error
	if s.locales, err = loadLocales(); err != nil {
		return nil, err
	}
	tags := make([]language.Tag, len(languages))
	for i, code := range languages {
		tags[i] = language.Make(code)
	}
	s.matcher = language.NewMatcher(tags)
	if s.assets, err = loadAssets(); err != nil {
		return nil, err
	}
	if s.templates, err = s.parseTemplates(); err != nil {
		return nil, err
	}
	if config.Token != "" {
		if s.gate, err = newGate(config.Token, config.Clock); err != nil {
			return nil, err
		}
	}
	var site http.Handler = s.routes()
	site = s.requireSignIn(site)
	site = http.NewCrossOriginProtection().Handler(site)
	site = checkHost(config.Addr, site)
	site = s.limits(site)
	site = withPush(config, withDecisions(config, withAccounts(config, site)))
	return s.recovered(secureHeaders(site)), nil
}

// handler answers a request, or returns an error having written nothing.
type handler func(w http.ResponseWriter, r *http.Request) error

// route is one line of the site's map.
type route struct {
	method, path string
	handle       handler
}

// routes is the one list of addresses.
func (s *server) routes() *mux.Router {
	list := []route{
		{http.MethodGet, "/", s.overview},
		{http.MethodGet, "/key-figures", s.keyFigures},
		{http.MethodGet, "/ageing", s.ageing},
		{http.MethodGet, "/counterparties/{entity}/{side}/{id}", s.counterparty},
		{http.MethodGet, "/items/{entity}/{id}", s.item},
		{http.MethodGet, "/disputes", s.disputes},
		{http.MethodGet, "/exposure", s.exposure},
		{http.MethodGet, "/risk", s.risk},
		{http.MethodGet, "/segments", s.segments},
		{http.MethodGet, "/decisions", s.decisions},
		{http.MethodPost, "/decisions", s.decide},
		{http.MethodGet, "/worklist", s.worklist},
		{http.MethodGet, "/dunning", s.dunning},
		{http.MethodPost, "/actions", s.record},
		{http.MethodGet, "/alerts", s.alerts},
		{http.MethodPost, "/alerts/mark", s.markAlert},
		{http.MethodGet, "/matching", s.matching},
		{http.MethodPost, "/matching", s.reviewMatch},
		{http.MethodGet, "/matching.csv", s.matchingFile},
		{http.MethodGet, "/lookup", s.lookup},
		{http.MethodPost, "/overrides", s.override},
		{http.MethodGet, "/currencies", s.currencies},
		{http.MethodGet, "/charts/currencies.json", s.currencyCharts},
		{http.MethodGet, "/roll-rates", s.rollRates},
		{http.MethodGet, "/concentration", s.concentration},
		{http.MethodGet, "/charts/concentration.json", s.concentrationCharts},
		{http.MethodGet, "/proof", s.proof},
		{http.MethodGet, "/data", s.data},
		{http.MethodGet, "/changes", s.changes},
		{http.MethodGet, "/charts/changes.json", s.changeCharts},
		{http.MethodGet, "/dictionary", s.dictionary},
		{http.MethodGet, "/quality", s.quality},
		{http.MethodGet, "/payment-terms", s.paymentTerms},
		{http.MethodGet, "/payment-terms/invoices", s.paymentTermsInvoices},
		{http.MethodGet, "/payment-terms/breaches", s.paymentTermsBreaches},
		{http.MethodGet, "/sources", s.sources},
		{http.MethodGet, "/cash-forecast", s.cashForecast},
		{http.MethodGet, "/charts/cash-forecast.json", s.cashForecastCharts},
		{http.MethodGet, "/late-interest", s.lateInterest},
		{http.MethodGet, "/late-interest/{entity}/{side}/{id}", s.lateStatement},
		{http.MethodGet, "/credit-loss", s.creditLoss},
		{http.MethodGet, "/charts/overview.json", s.overviewCharts},
		{http.MethodGet, "/charts/disputes.json", s.disputeCharts},
		{http.MethodGet, "/charts/key-figures.json", s.keyFigureCharts},
		{http.MethodGet, "/charts/counterparties/{entity}/{side}/{id}.json", s.counterpartyCharts},
		{http.MethodGet, "/export/{report:[a-z-]+}.{format:[a-z]+}", s.export},
		{http.MethodGet, "/static/{name:.+}", s.static},
		{http.MethodGet, "/healthz", s.health},
		{http.MethodGet, "/sign-in", s.signInPage},
		{http.MethodPost, "/sign-in", s.signIn},
		{http.MethodPost, "/sign-out", s.signOut},
	}
	router := mux.NewRouter().UseEncodedPath() // an identifier may hold a slash
	for _, route := range list {
		methods := []string{route.method}
		if route.method == http.MethodGet {
			methods = append(methods, http.MethodHead)
		}
		router.Handle(route.path, s.errors(route.handle)).Methods(methods...)
	}
	router.NotFoundHandler = s.errors(func(http.ResponseWriter, *http.Request) error { return errNoPage })
	router.MethodNotAllowedHandler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", "GET, HEAD")
		if r.URL.Path == "/sign-out" || r.URL.Path == "/actions" || r.URL.Path == "/alerts/mark" || r.URL.Path == "/overrides" {
			w.Header().Set("Allow", "POST")
		}
		if r.URL.Path == "/decisions" || r.URL.Path == "/matching" {
			w.Header().Set("Allow", "GET, HEAD, POST")
		}
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
	})
	return router
}

// errors turns a handler that returns an error into one that answers it.
func (s *server) errors(handle handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := handle(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}

// recovered answers a panic as an internal error, save for the one by which an
// export breaks its connection.
func (s *server) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			cause := recover()
			if cause == nil {
				return
			}
			if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(http.ErrAbortHandler)
			}
			s.fail(w, r, fmt.Errorf("panic: %v", cause))
		}()
		next.ServeHTTP(w, r)
	})
}

func (s *server) health(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if err := s.reports.Ready(r.Context()); err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, err := w.Write([]byte("not ready\n"))
		s.logWrite(err)
		return nil
	}
	_, err := w.Write([]byte("ok\n"))
	s.logWrite(err)
	return nil
}

// logWrite notes that an answer could not be delivered; there is nobody to tell.
func (s *server) logWrite(err error) {
	if err != nil {
		s.log.Debug("write answer", slog.Any("error", err))
	}
}

// Serve answers on the listener until the context ends, then lets running
// requests finish for a while. It returns nil after such an end; it closes the
// listener.
func Serve(ctx context.Context, listener net.Listener, site http.Handler) error {
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	httpServer := &http.Server{
		Handler:           site,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      pageTimeout + 10*time.Second, // exports move their own deadline on
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    maxHeaderBytes,
		BaseContext:       func(net.Listener) context.Context { return running },
	}
	served := make(chan error, 1)
	go func() { served <- httpServer.Serve(listener) }()
	select {
	case err := <-served:
		return fmt.Errorf("serve on %q: %w", listener.Addr(), err)
	case <-ctx.Done():
	}
	grace, stop := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
	defer stop()
	err := httpServer.Shutdown(grace)
	if errors.Is(err, context.DeadlineExceeded) {
		cancel() // requests that did not finish in time are told to stop
		err = httpServer.Close()
	}
	if err != nil {
		return fmt.Errorf("stop serving on %q: %w", listener.Addr(), err)
	}
	return nil
}
