// Package browsertest drives the site in a real Chromium, for the tests of
// package web and for the end-to-end tests of the binary. Its invariant: a step
// passes only if the page wrote nothing to the console, broke no content policy
// and asked no other host for anything.
package browsertest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

const stepTimeout = 90 * time.Second

// chromium returns the path of a browser. Where there is none the test is
// skipped, or fails where CI is true.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	const missing = "no Chromium on this machine: install the package chromium to run the browser tests"
	if os.Getenv("CI") == "true" {
		t.Fatal(missing)
	}
	t.Skip(missing)
	return ""
}

// start runs a browser until the test ends.
func start(t *testing.T) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium(t)), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("no-first-run", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.WindowSize(1280, 900))
	allocator, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	browser, quit := chromedp.NewContext(allocator)
	t.Cleanup(quit)
	if err := chromedp.Do(browser); err != nil {
		t.Fatalf("start browser: %v", err)
	}
	return browser
}

// tab is a page of the browser that notes what must not happen.
type tab struct {
	t       *testing.T
	ctx     context.Context
	base    string
	host    string
	lenient bool // the step provokes an error of its own

	mu       sync.Mutex
	breaches []string
	requests int
}

// open opens a tab of 1280 pixels on an empty page.
func open(t *testing.T, browser context.Context, base string) *tab {
	t.Helper()
	target, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	ctx, closeTab := chromedp.NewContext(browser)
	ctx, cancel := context.WithTimeout(ctx, stepTimeout)
	p := &tab{t: t, ctx: ctx, base: strings.TrimSuffix(base, "/"), host: target.Host}
	t.Cleanup(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, breach := range p.breaches {
			t.Error(breach)
		}
		if p.requests == 0 {
			t.Error("no request was seen: the step watches nothing")
		}
		cancel()
		closeTab()
	})
	p.must(chromedp.Do(ctx))
	p.must(chromedp.Listen(ctx, p.watch))
	_, err = chromedp.Call(ctx, network.Enable, network.EnableParams{})
	p.must(err)
	_, err = chromedp.Call(ctx, log.Enable, cdp.Empty{})
	p.must(err)
	p.size(1280)
	return p
}

func (p *tab) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// watch notes what must not happen.
func (p *tab) watch(event any) {
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		p.seen(e.Request.URL)
	case *runtime.EventConsoleAPICalled:
		for _, argument := range e.Args {
			p.breach("console %s: %s%s", e.Type, argument.Value, argument.Description)
		}
	case *runtime.EventExceptionThrown:
		p.breach("exception: %s", e.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		p.breach("browser log (%s): %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL)
	}
}

func (p *tab) seen(address string) {
	p.mu.Lock()
	p.requests++
	p.mu.Unlock()
	target, err := url.Parse(address)
	if err != nil || (target.Host != p.host && target.Scheme != "data" && address != "about:blank") {
		p.breach("a request left the server: %s", address)
	}
}

func (p *tab) breach(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.lenient {
		p.breaches = append(p.breaches, fmt.Sprintf(format, args...))
	}
}

// size sets the width of the page.
func (p *tab) size(width int64) {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, emulation.SetDeviceMetricsOverride,
		emulation.SetDeviceMetricsOverrideParams{Width: width, Height: 900, DeviceScaleFactor: 1})
	p.must(err)
}

// scheme sets what the reader prefers: light or dark, and no motion, so that a
// chart stands still once it is drawn.
func (p *tab) scheme(name string) {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: name}, {Name: "prefers-reduced-motion", Value: "reduce"},
		},
	})
	p.must(err)
}

// visit opens a path of the site.
func (p *tab) visit(path string) {
	p.t.Helper()
	p.do(chromedp.Navigate(p.base + path))
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	p.must(chromedp.Do(p.ctx, steps...))
}

// follow clicks what a selector finds and waits for the page that it leads to.
func (p *tab) follow(selector string) {
	p.t.Helper()
	p.leave(chromedp.Click(chromedp.CSS(selector)))
}

// leave acts and waits until another document is complete.
func (p *tab) leave(act chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	p.eval("(window.leaving = true, 1)")
	p.do(act)
	p.wait(`!window.leaving && document.readyState === "complete"`)
}

// eval returns the value of a JavaScript expression that gives a number.
func (p *tab) eval(expression string) float64 {
	p.t.Helper()
	value, err := chromedp.Run(p.ctx, chromedp.Evaluate[float64](expression))
	p.must(err)
	return value
}

// text returns the value of a JavaScript expression that gives a string.
func (p *tab) text(expression string) string {
	p.t.Helper()
	value, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](expression))
	p.must(err)
	return value
}

// holds says whether a JavaScript condition is true.
func (p *tab) holds(condition string) bool {
	p.t.Helper()
	return p.eval("("+condition+") ? 1 : 0") == 1
}

// wait waits until a JavaScript condition is true.
func (p *tab) wait(condition string) {
	p.t.Helper()
	for {
		// While a page is being left there is nothing to ask.
		held, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool]("Boolean("+condition+")"))
		if err == nil && held {
			return
		}
		select {
		case <-p.ctx.Done():
			p.t.Fatalf("waited in vain for %s on %s", condition, p.base)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// settle waits until the page has drawn what was asked of it.
func (p *tab) settle() {
	p.t.Helper()
	_, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool](
		"new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))", chromedp.EvalAwaitPromise))
	p.must(err)
}

// check fails the step where a JavaScript condition is not true.
func (p *tab) check(condition, otherwise string) {
	p.t.Helper()
	if !p.holds(condition) {
		p.t.Errorf("%s: %s", p.text("location.pathname + location.search"), otherwise)
	}
}
