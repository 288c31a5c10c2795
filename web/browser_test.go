package web_test

import (
	"net/http/httptest"
	"testing"

	"github.com/encours/encours/web/browsertest"
)

func TestInBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("browser tests are left out of short runs")
	}
	server := httptest.NewServer(newSite(t, nil))
	t.Cleanup(server.Close)
	browsertest.Run(t, server.URL)
}
