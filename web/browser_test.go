package web_test

import (
	"net/http/httptest"
	"testing"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/web"
	"github.com/encours/encours/web/browsertest"
	"github.com/encours/encours/web/webtest"
)

func TestInBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("browser tests are left out of short runs")
	}
	kept := &desk{}
	server := httptest.NewServer(newSite(t, func(config *web.Config, _ *webtest.Reports) {
		config.Decider, config.Alerts, config.Reviewer = kept, &marker{}, &reviewer{}
	}))
	t.Cleanup(server.Close)
	browsertest.Run(t, server.URL)
}

func TestSignInInBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("browser tests are left out of short runs")
	}
	server := httptest.NewServer(newSite(t, func(config *web.Config, _ *webtest.Reports) { config.Token = token }))
	t.Cleanup(server.Close)
	browsertest.RunSignIn(t, server.URL, token)
}

func TestEmptyPagesInBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("browser tests are left out of short runs")
	}
	server := httptest.NewServer(newSite(t, func(_ *web.Config, books *webtest.Reports) {
		books.Empty, books.Runs = true, &reports.Sources{}
	}))
	t.Cleanup(server.Close)
	browsertest.RunEmpty(t, server.URL, true)
}
