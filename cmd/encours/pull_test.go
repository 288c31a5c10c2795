package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// sireneServer answers as the Sirene API does, and keeps what it was asked.
type sireneServer struct {
	asked   []string
	changed map[string]string // state by SIREN, of units that changed
	fail    bool
}

func (s *sireneServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query().Get("q")
	s.asked = append(s.asked, r.URL.Path+" "+q)
	if s.fail || r.Header.Get("X-INSEE-Api-Key-Integration") != "s3cret" {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	var units []string
	for siren, state := range s.changed {
		if r.URL.Path == "/siren" && strings.Contains(q, siren) {
			units = append(units, fmt.Sprintf(`{"siren":%q,"dateDernierTraitementUniteLegale":"2026-01-09T08:00:00","periodesUniteLegale":[{"dateDebut":"2026-01-08","dateFin":null,"etatAdministratifUniteLegale":%q,"denominationUniteLegale":"X","categorieJuridiqueUniteLegale":"5499"}]}`, siren, state))
		}
	}
	if len(units) == 0 {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	slices.Sort(units)
	fmt.Fprintf(w, `{"header":{"curseur":"*","curseurSuivant":"*"},"unitesLegales":[%s]}`, strings.Join(units, ","))
}

// runKeyed runs a command with the key of the API in the environment, at a moment.
func runKeyed(t *testing.T, at time.Time, args ...string) result {
	t.Helper()
	var out, err bytes.Buffer
	m := Main{Out: &out, Err: &err, Clock: func() time.Time { return at }, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
		Getenv: func(name string) string {
			if name == "INSEE_KEY" {
				return "s3cret"
			}
			return ""
		}}
	code := m.Run(t.Context(), args)
	return result{out.String(), err.String(), code}
}

// TestSireneAPIAsksForWhatChanged: everything of a company at first, then what changed
// since, and of a new customer everything again; nothing new is no batch.
func TestSireneAPIAsksForWhatChanged(t *testing.T) {
	s := &sireneServer{changed: map[string]string{"552081317": "A", "404833048": "A", "732829320": "A"}}
	server := httptest.NewServer(s)
	defer server.Close()
	dir := registerProject(t, "code,name,siren,vat,postal\nC1,EDF,552081317,,75008\nC2,Dupont,,FR83404833048,\n", nil)
	yaml := strings.Replace(registerSources, "kind: sirene\n    paths: [stock/*]", "kind: sirene-api\n    url: "+server.URL+"\n    key_env: INSEE_KEY", 1)
	writeFile(t, dir, "encours.yaml", "version: 1\nname: Test\nentities:\n  - id: ACME\n    name: Acme SAS\n"+yaml)
	day := time.Date(2026, 1, 9, 9, 0, 0, 0, time.UTC)
	step := func(at time.Time, want ...string) string {
		t.Helper()
		s.asked = nil
		r := runKeyed(t, at, "ingest", "--project", dir)
		if r.code != exitDone || strings.Contains(r.err+r.out, "s3cret") || !slices.Equal(s.asked, want) {
			t.Errorf("exit %d, asked\n%s\nwant\n%s\n%s", r.code, strings.Join(s.asked, "\n"), strings.Join(want, "\n"), r.err)
		}
		return r.err
	}
	step(day, "/siren siren:(404833048 OR 552081317)", "/siret siren:(404833048 OR 552081317) AND etablissementSiege:true")
	s.changed = map[string]string{"404833048": "C", "732829320": "A"}
	step(day.AddDate(0, 0, 1),
		"/siren siren:(404833048 OR 552081317) AND dateDernierTraitementUniteLegale:[2026-01-08T09:00:00 TO *]",
		"/siret siren:(404833048 OR 552081317) AND dateDernierTraitementEtablissement:[2026-01-08T09:00:00 TO *]")
	if got := landedRows(t, dir, "legal_units", "siren, legal_state", "siren, legal_state"); !slices.Equal(got, []string{"404833048|A", "404833048|C", "552081317|A"}) {
		t.Errorf("landed %v", got)
	}
	writeFile(t, dir, "customers.csv", "code,name,siren,vat,postal\nC1,EDF,552081317,,75008\nC2,Dupont,,FR83404833048,\nC3,Neuf,732829320,,\n")
	s.changed = map[string]string{"732829320": "A"}
	step(day.AddDate(0, 0, 2),
		"/siren siren:(404833048 OR 552081317) AND dateDernierTraitementUniteLegale:[2026-01-09T09:00:00 TO *]",
		"/siret siren:(404833048 OR 552081317) AND dateDernierTraitementEtablissement:[2026-01-09T09:00:00 TO *]",
		"/siren siren:(732829320)", "/siret siren:(732829320) AND etablissementSiege:true")
	s.changed = nil
	if said := step(day.AddDate(0, 0, 3),
		"/siren siren:(404833048 OR 552081317 OR 732829320) AND dateDernierTraitementUniteLegale:[2026-01-10T09:00:00 TO *]",
		"/siret siren:(404833048 OR 552081317 OR 732829320) AND dateDernierTraitementEtablissement:[2026-01-10T09:00:00 TO *]"); !strings.Contains(said, deltaNothingAdded) {
		t.Errorf("said %s", said)
	}
	s.fail = true
	if r := runKeyed(t, day.AddDate(0, 0, 4), "ingest", "--project", dir); r.code != exitFailed || !strings.Contains(r.err, "key_env") || strings.Contains(r.err, "s3cret") {
		t.Errorf("exit %d: %s", r.code, r.err)
	}
	if r := run(t, "ingest", "--project", dir, "register"); !strings.Contains(r.err, "INSEE_KEY is empty") {
		t.Errorf("without a key: %s", r.err)
	}
}

// TestAPISourcesInTheProjectFile: no key, user or open line in it.
func TestAPISourcesInTheProjectFile(t *testing.T) {
	for name, c := range map[string]struct{ yaml, message string }{
		"no url":      {"kind: sirene-api", `the key "url" is missing`},
		"open line":   {"kind: sirene-api\n    url: http://api.insee.fr/x", "must begin with https://"},
		"user":        {"kind: bodacc-api\n    url: https://me:secret@host/x", "an address has no user"},
		"key itself":  {"kind: sirene-api\n    url: https://api.insee.fr/x\n    key_env: 1a2b-3c", "put it into an environment variable"},
		"paths":       {"kind: sirene-api\n    url: https://api.insee.fr/x\n    paths: [x]", "an API has an url and a schedule"},
		"url of file": {"kind: sirene\n    url: https://api.insee.fr/x\n    paths: [x]", "url goes with kind: sirene-api and bodacc-api"},
		"rows":        {"kind: companies\n    rows: all\n    paths: [x]", "rows goes with kind: sirene"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := newProject(t, "sources:\n  - name: register\n    "+c.yaml+"\n")
			r := run(t, "ingest", "--project", dir)
			if !strings.Contains(r.err, c.message) || strings.Contains(r.err, "me:secret") || strings.Contains(r.err, "1a2b") {
				t.Errorf("exit %d: %s", r.code, r.err)
			}
		})
	}
}
