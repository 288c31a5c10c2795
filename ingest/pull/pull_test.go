package pull

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// clock is a time that only sleeping moves.
type clock struct {
	at    time.Time
	slept []time.Duration
}

func (c *clock) now() time.Time { return c.at }

func (c *clock) sleep(ctx context.Context, d time.Duration) error {
	c.slept = append(c.slept, d)
	c.at = c.at.Add(d)
	return ctx.Err()
}

func newClient(base string, perMinute int) (*Client, *clock) {
	c := &clock{at: time.Date(2026, 1, 10, 8, 0, 0, 0, time.UTC)}
	return &Client{Base: base, Header: SireneHeader, Key: "s3cret", PerMinute: perMinute, Sleep: c.sleep, Now: c.now}, c
}

func serve(t *testing.T, handle http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handle)
	t.Cleanup(server.Close)
	return server.URL
}

func TestPaceAndRetries(t *testing.T) {
	calls := 0
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(SireneHeader) != "s3cret" || strings.Contains(r.URL.String(), "s3cret") {
			t.Errorf("the key is not where it should be: %s %v", r.URL, r.Header)
		}
		calls++
		switch calls {
		case 2:
			w.Header().Set("Retry-After", "17")
			w.WriteHeader(http.StatusTooManyRequests)
		case 3:
			w.WriteHeader(http.StatusBadGateway)
		default:
			fmt.Fprint(w, "{}")
		}
	})
	c, clock := newClient(base, 30)
	for range 2 {
		if _, err := c.Get(t.Context(), "/siren", nil); err != nil {
			t.Fatal(err)
		}
	}
	// a request every two seconds; then what the service asks for, then a wait of its own
	if want := []time.Duration{2 * time.Second, 17 * time.Second, 2 * time.Second}; !slices.Equal(clock.slept, want) || calls != 4 {
		t.Errorf("%d calls, waits %v, want %v", calls, clock.slept, want)
	}
}

func TestErrorsSayWhatToDoAndNoSecret(t *testing.T) {
	for name, c := range map[string]struct {
		status  int
		header  [2]string
		message string
		calls   int
	}{
		"key":           {http.StatusForbidden, [2]string{}, "key_env", 1},
		"bad question":  {http.StatusBadRequest, [2]string{}, "400 Bad Request", 1},
		"busy for long": {http.StatusTooManyRequests, [2]string{"Retry-After", "86400"}, "run again later", 1},
		"always busy":   {http.StatusServiceUnavailable, [2]string{}, "after 7 attempts", 7},
		"other host":    {http.StatusFound, [2]string{"Location", "http://example.org/x"}, "another host", 1},
	} {
		t.Run(name, func(t *testing.T) {
			calls := 0
			base := serve(t, func(w http.ResponseWriter, r *http.Request) {
				calls++
				if c.header[0] != "" {
					w.Header().Set(c.header[0], c.header[1])
				}
				w.WriteHeader(c.status)
			})
			client, _ := newClient(base, 6000)
			_, err := client.Get(t.Context(), "/x", nil)
			if err == nil || !strings.Contains(err.Error(), c.message) || strings.Contains(err.Error(), "s3cret") || calls != c.calls {
				t.Errorf("%d calls, error %v", calls, err)
			}
		})
	}
}

// gazette is a server of notices: so many each day, as the explore API gives them.
type gazette struct {
	t      *testing.T
	perDay map[string]int
	asked  []string
	fail   int // the request that fails, counted from 1
}

func (g *gazette) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	g.asked = append(g.asked, q.Get("where")+" "+q.Get("offset"))
	if len(g.asked) == g.fail {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	limit, _ := strconv.Atoi(q.Get("limit"))
	offset, _ := strconv.Atoi(q.Get("offset"))
	if limit > 100 || offset+limit > 10_000 {
		g.t.Errorf("limit %d, offset %d: the API gives no more than 100 of 10,000", limit, offset)
	}
	var from, to string
	if _, err := fmt.Sscanf(q.Get("where"), "dateparution >= date'%10s' and dateparution <= date'%10s'", &from, &to); err != nil {
		g.t.Errorf("%q: %v", q.Get("where"), err)
	}
	var ids []string
	for day, _ := time.Parse(time.DateOnly, from); day.Format(time.DateOnly) <= to; day = day.AddDate(0, 0, 1) {
		name := day.Format(time.DateOnly)
		for i := range g.perDay[name] {
			ids = append(ids, name+"-"+strconv.Itoa(i))
		}
	}
	results := []map[string]any{}
	for i := offset; i < min(offset+limit, len(ids)); i++ {
		results = append(results, map[string]any{"id": ids[i]})
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"total_count": len(ids), "results": results})
}

func fetched(t *testing.T, s Spool) []string {
	t.Helper()
	text, err := os.ReadFile(s.Path())
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for line := range strings.Lines(string(text)) {
		var record struct{ ID string }
		if err := json.Unmarshal([]byte(line), &record); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, record.ID)
	}
	return ids
}

// TestBodaccSplitsByDays: more than 10,000 records are asked for in halves, and each
// comes once.
func TestBodaccSplitsByDays(t *testing.T) {
	g := &gazette{t: t, perDay: map[string]int{}}
	want := 0
	for day := 1; day <= 8; day++ {
		g.perDay[fmt.Sprintf("2026-01-%02d", day)] = 3000 + day
		want += 3000 + day
	}
	c, _ := newClient(serve(t, g.ServeHTTP), 6000)
	from, to := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 1, 8, 0, 0, 0, 0, time.UTC)
	spool := Spool{Dir: t.TempDir(), Name: "gazette"}
	items, err := spool.Fetch(t.Context(), nil, BodaccSteps(c, []string{"552081317"}, from, to))
	ids := fetched(t, spool)
	slices.Sort(ids)
	if err != nil || items != want || len(slices.Compact(ids)) != want {
		t.Errorf("%d records of %d, error %v", items, want, err)
	}
	g.perDay = map[string]int{"2026-01-01": 10_001}
	if _, err := spool.Fetch(t.Context(), nil, BodaccSteps(c, []string{"404833048"}, from, from)); err == nil || !strings.Contains(err.Error(), "fewer companies") {
		t.Errorf("a day too full: %v", err)
	}
}

// TestSpoolGoesOnBehindTheLastPage: after a failure nothing is asked or kept twice.
func TestSpoolGoesOnBehindTheLastPage(t *testing.T) {
	g := &gazette{t: t, perDay: map[string]int{"2026-01-01": 250}, fail: 3}
	c, _ := newClient(serve(t, g.ServeHTTP), 6000)
	day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	spool := Spool{Dir: t.TempDir(), Name: "gazette"}
	steps := BodaccSteps(c, []string{"552081317"}, day, day)
	if _, err := spool.Fetch(t.Context(), nil, steps); err == nil {
		t.Fatal("no error")
	}
	if _, _, ok, err := spool.Pending(); ok || err != nil {
		t.Errorf("half an answer is pending: %v", err)
	}
	file, err := os.OpenFile(spool.Path(), os.O_APPEND|os.O_WRONLY, 0o600) // a page that was being written
	if err != nil {
		t.Fatal(err)
	}
	_, _ = file.WriteString(`{"id":"cut`)
	_ = file.Close()
	items, err := spool.Fetch(t.Context(), map[string]string{"watermark": "x"}, steps)
	if ids := fetched(t, spool); err != nil || items != 250 || len(ids) != 250 || len(g.asked) != 4 || !strings.HasSuffix(g.asked[3], " 200") {
		t.Errorf("%d items, %d kept, asked %v, error %v", items, len(ids), g.asked, err)
	}
	if _, _, ok, err := spool.Pending(); !ok || err != nil {
		t.Errorf("the answers are not pending: %v", err)
	}
	if err := spool.Done(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(spool.Path()); !errors.Is(err, os.ErrNotExist) {
		t.Error("the answers are still there")
	}
}

// TestSireneAsksForTheDelta: of known companies what changed, of new ones all, by the
// cursor; and nothing found is no error.
func TestSireneAsksForTheDelta(t *testing.T) {
	var asked []string
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		q, cursor := r.URL.Query().Get("q"), r.URL.Query().Get("curseur")
		asked = append(asked, r.URL.Path+" "+q+" "+cursor)
		switch {
		case r.URL.Path == "/siret":
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, `{"header":{"statut":404,"message":"Aucun élément trouvé"}}`)
		case cursor == "*":
			fmt.Fprint(w, `{"header":{"curseur":"*","curseurSuivant":"A=="},"unitesLegales":[{"siren":"552081317"}]}`)
		case cursor == "A==":
			fmt.Fprint(w, `{"header":{"curseur":"A==","curseurSuivant":"A=="},"unitesLegales":[
				{"siren":"404833048"}]}`)
		}
	})
	c, _ := newClient(base, 6000)
	spool := Spool{Dir: t.TempDir(), Name: "register"}
	items, err := spool.Fetch(t.Context(), nil, SireneSteps(c, []string{"552081317", "404833048"}, []string{"732829320"}, time.Date(2026, 1, 9, 7, 6, 5, 0, time.UTC)))
	want := []string{
		"/siren siren:(552081317 OR 404833048) AND dateDernierTraitementUniteLegale:[2026-01-09T07:06:05 TO *] *",
		"/siren siren:(552081317 OR 404833048) AND dateDernierTraitementUniteLegale:[2026-01-09T07:06:05 TO *] A==",
		"/siret siren:(552081317 OR 404833048) AND dateDernierTraitementEtablissement:[2026-01-09T07:06:05 TO *] *",
		"/siren siren:(732829320) *",
		"/siren siren:(732829320) A==",
		"/siret siren:(732829320) AND etablissementSiege:true *",
	}
	if err != nil || items != 4 || !slices.Equal(asked, want) {
		t.Errorf("%d items, error %v, asked\n%s", items, err, strings.Join(asked, "\n"))
	}
}
