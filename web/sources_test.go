package web_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/web"
	"github.com/encours/encours/web/webtest"
)

// sourceRows are the cells of the table of sources, by the name of the source.
func sourceRows(t *testing.T, root *html.Node) map[string]string {
	t.Helper()
	rows := map[string]string{}
	for _, row := range elements(byClass(root, "sources"), "tr", "") {
		if heads := elements(row, "th", ""); len(heads) == 1 {
			rows[strings.Fields(text(heads[0]))[0]] = text(row)
		}
	}
	return rows
}

func TestSourcesSayWhatBecameOfThem(t *testing.T) {
	s := newSite(t, nil)
	rows := sourceRows(t, document(t, s.get(t, "/sources?lang=en")))
	for name, wants := range map[string][]string{
		"compta-alpha": {"fec · ALPHA", "15 Jan 2026 06:00 UTC schedule", "✓ done", "1.5 s", "12,345", "16 Jan 2026 06:00 UTC 0 6 * * 1-5", "expected every 26 hours"},
		"compta-beta":  {"by hand", "3 min 20 s", "6 Jan 2026", "silent", "expected every 2 days", "Nothing new: the same extract as before."},
		"crm":          {"✗ failed", `no file matches "crm/<script>alert(1)</script>"`},
		"rejets":       {"✗ loaded, too many lines rejected", "drop folder", "when a file is put into inbox/rejets"},
		"depot":        {"never ran", "inbox/beta"},
		"ponctuel":     {"not in encours.yaml", "running"},
	} {
		for _, want := range wants {
			if !strings.Contains(rows[name], want) {
				t.Errorf("%s: %q does not say %q", name, rows[name], want)
			}
		}
	}
	if strings.Contains(rows["compta-alpha"], "silent") {
		t.Error("a source that is well is called silent")
	}
	french := text(byClass(document(t, s.get(t, "/sources?lang=fr")), "sources"))
	for _, want := range []string{"Dernière exécution", "✓ réussie", "✗ échec", "muette", "attendue : 2 jours au plus", "12 345", "dossier de dépôt", "1,5 s"} {
		if !strings.Contains(french, want) {
			t.Errorf("%q does not say %q", french, want)
		}
	}
}

func TestAttentionIsSaidOnTheOverview(t *testing.T) {
	s := newSite(t, nil)
	for _, page := range []string{"/", "/sources"} {
		if got := text(byClass(document(t, s.get(t, page+"?lang=en")), "notice")); !strings.Contains(got, "3 loads or builds need attention") {
			t.Errorf("%s: notice %q", page, got)
		}
	}
	well := newSite(t, func(_ *web.Config, books *webtest.Reports) {
		books.Runs = &reports.Sources{LastBuild: &reports.SourceRun{State: reports.RunDone}}
	})
	for _, page := range []string{"/", "/sources"} {
		if got := byClass(document(t, well.get(t, page)), "notice"); got != nil {
			t.Errorf("%s: notice %q", page, text(got))
		}
	}
	build := newSite(t, func(_ *web.Config, books *webtest.Reports) {
		books.Runs = &reports.Sources{LastBuild: &reports.SourceRun{
			State: reports.RunFailed, IsBad: true, Error: "2 checks failed", Trigger: "load", Started: time.Unix(0, 0), Duration: time.Minute,
		}}
	})
	if body := bodyOf(t, build.get(t, "/sources?lang=en")); !strings.Contains(body, "1 load or build needs attention") || !strings.Contains(body, "2 checks failed") {
		t.Error("a failed build is not shown")
	}
}

// TestProjectFileOnThePageOfSources: a changed encours.yaml that cannot be used is said
// with its problem; one that is well is not spoken of.
func TestProjectFileOnThePageOfSources(t *testing.T) {
	bad := newSite(t, nil)
	for lang, want := range map[string]string{"en": "encours.yaml cannot be used", "fr": "encours.yaml est inutilisable"} {
		got := text(document(t, bad.get(t, "/sources?lang="+lang)))
		if !strings.Contains(got, want) || !strings.Contains(got, "encours.yaml:7:15: sources[0].schedule") {
			t.Errorf("%s: %q is not said", lang, want)
		}
	}
	for name, c := range map[string]struct {
		file *reports.SourceRun
		want string
	}{
		"no change":    {nil, ""},
		"read again":   {&reports.SourceRun{State: reports.RunDone, Trigger: "change"}, ""},
		"in part only": {&reports.SourceRun{State: reports.RunDone, Trigger: "change", Error: "start again: serve"}, "not all of it holds yet"},
	} {
		s := newSite(t, func(_ *web.Config, books *webtest.Reports) { books.Runs = &reports.Sources{File: c.file} })
		got := text(document(t, s.get(t, "/sources?lang=en")))
		if strings.Contains(got, "encours.yaml cannot") || strings.Contains(got, "read again") != (c.want != "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestSourcesBeforeTheFirstBuild(t *testing.T) {
	s := newSite(t, func(_ *web.Config, books *webtest.Reports) { books.OpenErr = reports.ErrNoGeneration })
	for lang, title := range map[string]string{"en": "How the sources are doing", "fr": "État des sources"} {
		response := s.get(t, "/sources?lang="+lang)
		root := document(t, response)
		if response.StatusCode != http.StatusOK || !strings.Contains(text(root), title) || !strings.Contains(text(root), "no file matches") {
			t.Errorf("%s: status %d: %q", lang, response.StatusCode, text(root))
		}
		if got := attr(elements(root, "a", "hreflang")[0], "href"); !strings.HasPrefix(got, "/sources") {
			t.Errorf("the language switch leads to %q", got)
		}
	}
}

func TestNoSourceAndNoAnswer(t *testing.T) {
	empty := newSite(t, func(_ *web.Config, books *webtest.Reports) { books.Runs = &reports.Sources{} })
	if body := bodyOf(t, empty.get(t, "/sources?lang=en")); !strings.Contains(body, "No source: name one") {
		t.Error("an empty list is not said")
	}
	broken := newSite(t, func(_ *web.Config, books *webtest.Reports) { books.RunsErr = errors.New("open /secret: broken") })
	response := broken.get(t, "/sources?lang=en")
	if body := bodyOf(t, response); response.StatusCode != http.StatusInternalServerError || strings.Contains(body, "/secret") {
		t.Errorf("status %d: %s", response.StatusCode, body)
	}
	if response := broken.get(t, "/"); response.StatusCode != http.StatusOK || !strings.Contains(broken.log.String(), "read sources") {
		t.Errorf("the overview: status %d\n%s", response.StatusCode, broken.log)
	}
}
