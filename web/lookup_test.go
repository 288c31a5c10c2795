package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/web"
	"github.com/encours/encours/web/webtest"
)

// searched is a register with one company.
type searched struct{ asked int }

func (s *searched) HasFiles() bool { return true }

func (s *searched) Find(context.Context, reports.LookupRequest) (*reports.RegisterFound, error) {
	s.asked++
	return &reports.RegisterFound{Units: []map[string]string{{"siren": "404833048"}}, Unread: []string{"x.csv"}}, nil
}

// TestLookupPage: candidates with their reasons, the company in full, own accounts that
// may be the same, in both languages; what is not asked for is not looked up.
func TestLookupPage(t *testing.T) {
	s := newSite(t, nil)
	for page, want := range map[string][]string{
		"/lookup?lang=en": {"Before an account is opened"},
		"/lookup?lang=en&name=Dupont&postal_code=38000": {
			"choose among the candidates", "91.2", "to review", "speaks strongly for it", "in an insolvency procedure", "1 customer", "2 suppliers", "shown below",
			"DUPONT <TRANSPORTS>", "12 RUE DE LYON, 38000 GRENOBLE", "SARL (limited)", "same company", "same name and city", "€1,600.00", "The first 2 of 52", "prospect", "similar name",
		},
		"/lookup?lang=fr&name=Dupont": {"choisissez parmi les candidats", "même nom et même ville", "encours sur la société et son groupe", "en procédure collective", "Les 2 premiers sur 52"},
		"/lookup?lang=en&number=FR83": {"SIREN 404833048, by its SIREN, probability 80", "The VAT number does not hold: its check digits are wrong", "a name that is not alike"},
		"/lookup?lang=en&name=Nobody": {"no company that is likely", "None of your customers"},
	} {
		response := s.get(t, page)
		body := plain(text(document(t, response)))
		for _, w := range want {
			if !strings.Contains(body, plain(w)) {
				t.Errorf("%s: %q is missing in %s", page, w, body)
			}
		}
	}
	if body := bodyOf(t, s.get(t, "/lookup?lang=en&name=Dupont&postal_code=38000")); !strings.Contains(body, `href="/lookup?company=552081317&amp;lang=en&amp;name=Dupont&amp;postal_code=38000#company"`) {
		t.Errorf("no link to the other candidate: %s", body)
	}
	for _, bad := range []string{"/lookup?postal_code=38000", "/lookup?name=x&company=12", "/lookup?name=" + strings.Repeat("x", 300), "/lookup?name=x&files=2", "/lookup?page=2"} {
		if response := s.get(t, bad); response.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: status %d", bad, response.StatusCode)
		}
	}
}

// TestLookupSearchesTheFilesWhenAsked: they are read for those who ask, as that takes its
// time.
func TestLookupSearchesTheFilesWhenAsked(t *testing.T) {
	register := &searched{}
	var fake *webtest.Reports
	s := newSite(t, func(c *web.Config, books *webtest.Reports) { c.Register, fake = register, books })
	if body := bodyOf(t, s.get(t, "/lookup?lang=en&name=Dupont")); !strings.Contains(body, "search the files of the register too") || register.asked != 0 {
		t.Errorf("asked %d times, %s", register.asked, body)
	}
	if body := bodyOf(t, s.get(t, "/lookup?lang=en&name=Dupont&files=1")); !strings.Contains(body, "The file x.csv is no stock file") {
		t.Errorf("the file that was not searched is not named: %s", body)
	}
	if register.asked != 1 || len(fake.LookedUp) != 2 || fake.LookedUp[1].Register == nil {
		t.Errorf("asked %d times, looked up %+v", register.asked, fake.LookedUp)
	}
	without := newSite(t, nil)
	if body := bodyOf(t, without.get(t, "/lookup?lang=en&name=Dupont&files=1")); strings.Contains(body, "search the files") {
		t.Error("files are offered where there are none")
	}
}
