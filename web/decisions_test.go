package web_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/reports/money"
	"github.com/encours/encours/web"
	"github.com/encours/encours/web/webtest"
)

// desk keeps the decisions that it is asked for.
type desk struct {
	asked []reports.DecisionRequest
	kept  []reports.Decision
	err   error
	found bool
}

func (d *desk) Decide(_ context.Context, ask reports.DecisionRequest) (reports.Decision, bool, error) {
	if d.err != nil {
		return reports.Decision{}, false, d.err
	}
	d.asked = append(d.asked, ask)
	made := reports.Decision{
		ID: int64(len(d.kept) + 1), MadeAt: "2026-01-15T08:30:00Z", MadeBy: ask.By, Origin: ask.Origin, ValidUntil: "2026-02-14",
		DecisionAnswer: webtest.InventedAnswer(ask.Entity, ask.Customer, money.Plain(int64(ask.Amount))),
	}
	d.kept = append([]reports.Decision{made}, d.kept...)
	return made, d.found, nil
}

func (d *desk) Decisions(_ context.Context, filter reports.DecisionFilter) (list []reports.Decision, err error) {
	for _, k := range d.kept {
		fits := (filter.Entities == nil || slices.Contains(filter.Entities, k.Entity)) && (filter.Customer == "" || filter.Customer == k.Customer) &&
			(filter.Decision == "" || filter.Decision == k.Decision) && (filter.ID == 0 || filter.ID == k.ID) && (filter.Before == 0 || k.ID < filter.Before)
		if fits && (filter.Limit == 0 || len(list) < filter.Limit) {
			list = append(list, k)
		}
	}
	return list, d.err
}

func (d *desk) AdmitDecisions(_ context.Context, token string) (web.Caller, error) {
	if token != "x" {
		return web.Caller{}, &web.PushError{Status: 401, Code: "token.invalid", Message: "no"}
	}
	return web.Caller{Name: "shop", Entities: []string{"ALPHA"}}, nil
}

func deskSite(t *testing.T) (site, *desk) {
	t.Helper()
	d := &desk{}
	return newSite(t, func(config *web.Config, _ *webtest.Reports) {
		config.Decider, config.DecisionGate = d, d
		config.Clock = func() time.Time { return time.Date(2026, 1, 20, 0, 0, 0, 0, time.UTC) }
	}), d
}

func orderForm(pairs ...string) url.Values {
	values := url.Values{"entity": {"ALPHA"}, "customer": {"C0100"}, "amount": {"1 250,50"}, "by": {"Anne"}, "key": {"0123456789"}}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return values
}

func TestDecisionsPage(t *testing.T) {
	s, d := deskSite(t)
	body := bodyOf(t, s.get(t, "/decisions?lang=en&customer=C0100&entity=ALPHA"))
	key := regexp.MustCompile(`name="key" value="([^"]+)"`).FindStringSubmatch(body)
	if key == nil || len(key[1]) < 8 || !strings.Contains(body, "No decision was made yet") || !strings.Contains(body, `required maxlength="300" value="C0100"`) {
		t.Fatalf("the form or the empty list is missing:\n%s", body)
	}
	response := s.post(t, "/decisions", orderForm("key", key[1], "lang", "en"))
	if at := response.Header.Get("Location"); response.StatusCode != http.StatusSeeOther || at != "/decisions?entity=ALPHA&id=1&lang=en#h-answer" {
		t.Fatalf("status %d, to %q", response.StatusCode, at)
	}
	if ask := d.asked[0]; ask.Amount != 125_050 || ask.By != "Anne" || ask.Origin != "page" || ask.Key != key[1] || !ask.AsOf.IsZero() {
		t.Errorf("asked %+v", ask)
	}
	for page, wants := range map[string][]string{
		"/decisions?id=1&lang=en": {"Decision 1", "Hold", "Rule 3", "more than 1000 is overdue by more than 60 days", "15 days, or against a guarantee",
			"€1,250.50", "€1,970.00", "−€470.00|€−470.00", "€1,100.50", "41.25", "000001-3f9c21d07ab4", "0a1b2c3d4e5f", "granted", "Anne", "/counterparties/ALPHA/customer/C0100"},
		"/decisions?id=1&lang=fr":            {"Décision 1", "Blocage", "plus de 1000 sont échus", "accordée", "ligne de commande|page"},
		"/decisions?id=9&lang=en":            {"There is no decision of this number"},
		"/decisions?decision=hold&lang=en":   {"1 decision", "Atelier Test", "1,002", "/export/credit-decisions.xlsx"},
		"/decisions?decision=refuse&lang=en": {"none fits the filter"},
		"/decisions?standing=hold&lang=en":   {"1 of 1,002 shown", "Client hold", "long overdue", "1,234.56", "654.32"},
		"/decisions?standing=hold&lang=fr":   {"Client hold", "échu ancien"},
		customerPage + "?lang=en":            {"Without a new order", "Hold", "/decisions?customer=C0100&amp;entity=ALPHA"},
		customerPage + "?lang=fr":            {"Sans nouvelle commande", "Blocage"},
	} {
		response := s.get(t, page)
		body := bodyOf(t, response)
		for _, want := range wants {
			if !regexp.MustCompile(strings.ReplaceAll(regexp.QuoteMeta(want), `\|`, "|")).MatchString(body) {
				t.Errorf("%s: no %q", page, want)
			}
		}
		if page == "/decisions?id=1&lang=en" && strings.Contains(body, "This decision held until") {
			t.Error("a decision that holds is said to be over")
		}
	}
	if body := bodyOf(t, s.get(t, "/?lang=en")); !strings.Contains(body, `href="/decisions`) {
		t.Error("the navigation does not lead to the decisions")
	}
	for _, page := range []string{"/decisions?decision=perhaps", "/decisions?before=x", "/decisions?standing=perhaps", "/decisions?id=0", "/decisions?customer=a%00"} {
		if response := s.get(t, page); response.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: status %d", page, response.StatusCode)
		}
	}
}

func TestDecisionsPageHasOlderOnes(t *testing.T) {
	s, d := deskSite(t)
	for range 51 {
		s.post(t, "/decisions", orderForm())
	}
	d.kept[50].ValidUntil = "2026-01-19"
	older := regexp.MustCompile(`href="([^"]*before=2[^"]*)"`).FindStringSubmatch(bodyOf(t, s.get(t, "/decisions?customer=C0100&lang=en")))
	if older == nil || !strings.Contains(older[1], "customer=C0100") {
		t.Fatalf("no link to the rest of the list: %q", older)
	}
	if body := bodyOf(t, s.get(t, strings.ReplaceAll(older[1], "&amp;", "&"))); !strings.Contains(body, "1 decision<") {
		t.Errorf("the rest of the list:\n%s", body)
	}
	if body := bodyOf(t, s.get(t, "/decisions?id=1&lang=en")); !strings.Contains(body, "This decision held until") {
		t.Error("a decision that is over is not said to be")
	}
}

func TestAskingOnThePage(t *testing.T) {
	s, d := deskSite(t)
	for name, bad := range map[string][]string{
		"amount": {"amount", "-1"}, "zero": {"amount", "0"}, "decimals": {"amount", "1.005"}, "no amount": {"amount", ""}, "entity": {"entity", "../x"},
		"customer": {"customer", " "}, "nobody": {"by", ""}, "control": {"by", "a\x00b"}, "key": {"key", ""}, "date": {"as_of", "yesterday"},
	} {
		if response := s.post(t, "/decisions", orderForm(bad...)); response.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: status %d", name, response.StatusCode)
		}
	}
	if response := s.post(t, "/decisions", orderForm(), "Sec-Fetch-Site", "cross-site"); response.StatusCode != http.StatusForbidden {
		t.Errorf("a form of another site: status %d", response.StatusCode)
	}
	for _, c := range []struct {
		err    error
		status int
	}{
		{fmt.Errorf("find: %w", reports.ErrNotFound), 404}, {reports.ErrUnknownEntity, 404}, {reports.ErrOtherRequest, 409},
		{reports.ErrNoDecisions, 503}, {errors.New("secret path"), 500},
	} {
		d.err = c.err
		response := s.post(t, "/decisions", orderForm())
		if body := bodyOf(t, response); response.StatusCode != c.status || strings.Contains(body, "secret") {
			t.Errorf("%v: status %d, want %d", c.err, response.StatusCode, c.status)
		}
	}
	if len(d.asked) != 0 {
		t.Errorf("asked %+v", d.asked)
	}
	d.err = nil
	s.post(t, "/decisions", orderForm("as_of", "2025-06-30"))
	if day := d.asked[0].AsOf.Format(time.DateOnly); day != "2025-06-30" {
		t.Errorf("as of %s", day)
	}
	plain := newSite(t, nil)
	if response := plain.post(t, "/decisions", orderForm()); response.StatusCode != http.StatusNotFound {
		t.Errorf("without a desk: status %d", response.StatusCode)
	}
	if body := bodyOf(t, plain.get(t, "/decisions?lang=en")); strings.Contains(body, `method="post" action="/decisions"`) {
		t.Error("without a desk there is a form")
	}
	protected, _ := protectedSite(t)
	if response := protected.post(t, "/decisions", orderForm()); response.StatusCode != http.StatusUnauthorized {
		t.Errorf("without signing in: status %d", response.StatusCode)
	}
}

const decisionsAt = "/api/v1/credit-decisions"

func TestDecisionAPI(t *testing.T) {
	const good = `{"entity":"ALPHA","customer":"C0100","amount":"1250.50"}`
	for _, c := range []struct {
		name, method, target, body string
		headers                    []string
		err                        error
		status                     int
		code                       string
	}{
		{"made", "POST", decisionsAt, good, nil, nil, 201, ""},
		{"a number", "POST", decisionsAt, `{"entity":"ALPHA","customer":"C0100","amount":1250.5,"as_of":"2025-06-30"}`, nil, nil, 201, ""},
		{"an exponent", "POST", decisionsAt, `{"entity":"ALPHA","customer":"C0100","amount":1e3}`, nil, nil, 400, "amount"},
		{"three decimals", "POST", decisionsAt, `{"entity":"ALPHA","customer":"C0100","amount":1.005}`, nil, nil, 400, "amount"},
		{"below zero", "POST", decisionsAt, `{"entity":"ALPHA","customer":"C0100","amount":"-5"}`, nil, nil, 400, "amount"},
		{"nothing", "POST", decisionsAt, `{"entity":"ALPHA","customer":"C0100","amount":"0.00"}`, nil, nil, 400, "amount"},
		{"too much", "POST", decisionsAt, `{"entity":"ALPHA","customer":"C0100","amount":"1000000000000"}`, nil, nil, 400, "amount"},
		{"no amount", "POST", decisionsAt, `{"entity":"ALPHA","customer":"C0100"}`, nil, nil, 400, "amount"},
		{"a list for an amount", "POST", decisionsAt, `{"entity":"ALPHA","customer":"C0100","amount":[1]}`, nil, nil, 400, "amount"},
		{"no customer", "POST", decisionsAt, `{"entity":"ALPHA","amount":1}`, nil, nil, 400, "customer"},
		{"an unknown field", "POST", decisionsAt, `{"entity":"ALPHA","customer":"C0100","amount":1,"currency":"USD"}`, nil, nil, 400, "body"},
		{"two objects", "POST", decisionsAt, good + good, nil, nil, 400, "body"},
		{"no JSON", "POST", decisionsAt, `amount=1`, nil, nil, 400, "body"},
		{"too large", "POST", decisionsAt, good + strings.Repeat(" ", 5000), nil, nil, 413, "too_large"},
		{"another type", "POST", decisionsAt, good, []string{"Content-Type", "text/plain"}, nil, 415, "content_type"},
		{"a date", "POST", decisionsAt, `{"entity":"ALPHA","customer":"C0100","amount":1,"as_of":"30/06/2025"}`, nil, nil, 400, "as_of"},
		{"another entity", "POST", decisionsAt, `{"entity":"BETA","customer":"C0100","amount":1}`, nil, nil, 403, "right.entity"},
		{"a parameter", "POST", decisionsAt + "?amount=1", good, nil, nil, 400, "parameter"},
		{"a key", "POST", decisionsAt, good, []string{"Idempotency-Key", strings.Repeat("x", 201)}, nil, 400, "idempotency_key"},
		{"no token", "POST", decisionsAt, good, []string{"Authorization", ""}, nil, 401, "token.missing"},
		{"another token", "POST", decisionsAt, good, []string{"Authorization", "Bearer y"}, nil, 401, "token.invalid"},
		{"another site", "POST", decisionsAt, good, []string{"Origin", "https://elsewhere.example"}, nil, 403, "origin"},
		{"another method", "PUT", decisionsAt, good, nil, nil, 405, "method"},
		{"unknown customer", "POST", decisionsAt, good, nil, fmt.Errorf("find: %w", reports.ErrNotFound), 404, "customer.unknown"},
		{"other request", "POST", decisionsAt, good, nil, reports.ErrOtherRequest, 409, "idempotency_key.reused"},
		{"nothing built", "POST", decisionsAt, good, nil, reports.ErrNoGeneration, 503, "no_generation"},
		{"an internal error", "POST", decisionsAt, good, nil, errors.New("open /secret/path"), 500, "internal"},
		{"list", "GET", decisionsAt + "?limit=10", "", nil, nil, 200, ""},
		{"list of another entity", "GET", decisionsAt + "?entity=BETA", "", nil, nil, 403, "right.entity"},
		{"a parameter of the list", "GET", decisionsAt + "?sort=x", "", nil, nil, 400, "parameter"},
		{"too long a list", "GET", decisionsAt + "?limit=1000", "", nil, nil, 400, "parameter"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, d := deskSite(t)
			d.err = c.err
			status, answer := s.push(t, c.method, c.target, c.body, append([]string{"Content-Type", "application/json"}, c.headers...)...)
			code, _ := answer["code"].(string)
			message, _ := answer["message"].(string)
			if status != c.status || code != c.code || (code != "" && message == "") || strings.Contains(message, "secret") {
				t.Errorf("%d %v, want %d %s", status, answer, c.status, c.code)
			}
			if status != http.StatusCreated {
				return
			}
			if answer["decision"] != "hold" || answer["amount"] != "1250.50" || answer["made_by"] != "shop" || answer["origin"] != "api" || answer["valid_until"] == "" {
				t.Errorf("answer %v", answer)
			}
			if inputs, _ := answer["inputs"].(map[string]any); inputs["headroom_amount"] != "-470.00" || inputs["score"] != "41.25" {
				t.Errorf("inputs %v", inputs)
			}
		})
	}
	s, d := deskSite(t)
	d.found = true
	if status, _ := s.push(t, "POST", decisionsAt, good, "Content-Type", "application/json", "Idempotency-Key", "k-1"); status != http.StatusOK || d.asked[0].Key != "k-1" {
		t.Errorf("the same key again: status %d, asked %+v", status, d.asked)
	}
	if response := newSite(t, nil).do(t, httptest.NewRequest("POST", "http://localhost:8080"+decisionsAt, strings.NewReader(good))); response.StatusCode != http.StatusNotFound {
		t.Errorf("without a desk: status %d", response.StatusCode)
	}
}

func TestDecisionAPILists(t *testing.T) {
	s, d := deskSite(t)
	for i := range 5 {
		entity := []string{"ALPHA", "BETA"}[i%2]
		d.kept = append([]reports.Decision{{ID: int64(i + 1), DecisionAnswer: webtest.InventedAnswer(entity, fmt.Sprint("C", i), "1.00")}}, d.kept...)
	}
	var seen []string
	for before := 0; ; {
		target := decisionsAt + "?limit=2"
		if before > 0 {
			target += fmt.Sprintf("&before=%d", before)
		}
		_, answer := s.push(t, "GET", target, "")
		list, _ := answer["decisions"].([]any)
		for _, one := range list {
			made := one.(map[string]any)
			seen = append(seen, fmt.Sprint(made["entity"], made["id"]))
		}
		next, _ := answer["next_before"].(float64)
		if before = int(next); before == 0 {
			break
		}
	}
	if got := strings.Join(seen, " "); got != "ALPHA5 ALPHA3 ALPHA1" {
		t.Errorf("listed %s", got)
	}
}
