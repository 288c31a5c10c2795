package web_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/web"
	"github.com/encours/encours/web/webtest"
)

// accounts tell of what a test lets them tell.
type accounts struct {
	one  []reports.AccountRequest
	many []reports.ChangesRequest
	err  error
}

func (a *accounts) Account(_ context.Context, ask reports.AccountRequest) (*reports.CRMAccount, error) {
	a.one = append(a.one, ask)
	if a.err != nil {
		return nil, a.err
	}
	class, exposure := "B", "1250.50"
	return &reports.CRMAccount{
		AccountKey:     reports.AccountKey{Source: "salesforce", ID: ask.IDs[0]},
		AccountFigures: reports.AccountFigures{Name: "Dupont", Currency: "EUR", RiskClass: &class, Exposure: &exposure},
		AccountBasis:   reports.AccountBasis{AsOf: "2025-06-30", KnownOn: "2025-07-01", Versions: reports.AccountVersions{Generation: "000001-a"}},
	}, nil
}

func (a *accounts) AccountChanges(_ context.Context, ask reports.ChangesRequest) (*reports.AccountChanges, error) {
	a.many = append(a.many, ask)
	if a.err != nil {
		return nil, a.err
	}
	return &reports.AccountChanges{
		AccountBasis: reports.AccountBasis{AsOf: "2025-06-30"}, Next: "n1", HasMore: true,
		Accounts: []reports.AccountChange{
			{AccountKey: reports.AccountKey{Source: "salesforce", ID: "1"}, AccountFigures: &reports.AccountFigures{Name: "Dupont"}},
			{AccountKey: reports.AccountKey{Source: "salesforce", ID: "2"}, IsRemoved: true},
		},
	}, nil
}

func (a *accounts) AdmitAccounts(_ context.Context, token string) (web.Caller, error) {
	if token != "x" {
		return web.Caller{}, &web.PushError{Status: 401, Code: "token.invalid", Message: "no"}
	}
	return web.Caller{Name: "crm", Entities: []string{"ALPHA", "BETA"}}, nil
}

func accountSite(t *testing.T, err error) (site, *accounts) {
	t.Helper()
	a := &accounts{err: err}
	return newSite(t, func(config *web.Config, _ *webtest.Reports) {
		config.Token, config.AccountDesk, config.AccountGate = token, a, a
	}), a
}

const accountsAt = "/api/v1/accounts"

func TestAccountAPI(t *testing.T) {
	for _, c := range []struct {
		name, method, target string
		headers              []string
		err                  error
		status               int
		code                 string
	}{
		{"one", "GET", accountsAt + "/001x0000002xLCV", nil, nil, 200, ""},
		{"one of a source", "GET", accountsAt + "/1?source=hubspot", nil, nil, 200, ""},
		{"an identifier with a slash", "GET", accountsAt + "/a%2Fb%20c", nil, nil, 200, ""},
		{"everything", "GET", accountsAt, nil, nil, 200, ""},
		{"from a cursor", "GET", accountsAt + "?cursor=n1&limit=1000", nil, nil, 200, ""},
		{"no identifier", "GET", accountsAt + "/", nil, nil, 400, "crm_id"},
		{"a blank", "GET", accountsAt + "/%20", nil, nil, 400, "crm_id"},
		{"a control character", "GET", accountsAt + "/a%00", nil, nil, 400, "crm_id"},
		{"a long identifier", "GET", accountsAt + "/" + strings.Repeat("x", 301), nil, nil, 400, "crm_id"},
		{"an empty source", "GET", accountsAt + "/1?source=", nil, nil, 400, "source"},
		{"a parameter of one", "GET", accountsAt + "/1?as_of=2025-01-01", nil, nil, 400, "parameter"},
		{"a parameter of all", "GET", accountsAt + "?since=x", nil, nil, 400, "parameter"},
		{"twice", "GET", accountsAt + "?limit=1&limit=2", nil, nil, 400, "parameter"},
		{"a query that cannot be read", "GET", accountsAt + "?limit=%zz", nil, nil, 400, "parameter"},
		{"an empty cursor", "GET", accountsAt + "?cursor=", nil, nil, 400, "cursor"},
		{"nothing", "GET", accountsAt + "?limit=0", nil, nil, 400, "parameter"},
		{"below zero", "GET", accountsAt + "?limit=-1", nil, nil, 400, "parameter"},
		{"too many", "GET", accountsAt + "?limit=1001", nil, nil, 400, "parameter"},
		{"no number", "GET", accountsAt + "?limit=all", nil, nil, 400, "parameter"},
		{"an empty limit", "GET", accountsAt + "?limit=", nil, nil, 400, "parameter"},
		{"no token", "GET", accountsAt, []string{"Authorization", ""}, nil, 401, "token.missing"},
		{"another token", "GET", accountsAt + "/1", []string{"Authorization", "Bearer y"}, nil, 401, "token.invalid"},
		{"another site", "POST", accountsAt, []string{"Origin", "https://elsewhere.example"}, nil, 403, "origin"},
		{"written", "POST", accountsAt, nil, nil, 405, "method"},
		{"removed", "DELETE", accountsAt + "/1", nil, nil, 405, "method"},
		{"unknown", "GET", accountsAt + "/9", nil, fmt.Errorf("find: %w", reports.ErrNotFound), 404, "account.unknown"},
		{"of several sources", "GET", accountsAt + "/1", nil, &reports.ManySourcesError{Sources: []string{"a", "b"}}, 400, "source"},
		{"not every entity", "GET", accountsAt, nil, fmt.Errorf("read: %w", reports.ErrOtherEntities), 403, "right.entity"},
		{"a foreign cursor", "GET", accountsAt + "?cursor=x", nil, fmt.Errorf("read: %w", reports.ErrBadCursor), 400, "cursor"},
		{"nothing built", "GET", accountsAt, nil, reports.ErrNoGeneration, 503, "no_generation"},
		{"built without", "GET", accountsAt, nil, reports.ErrNoAccounts, 503, "no_accounts"},
		{"known on a day", "GET", accountsAt, nil, reports.ErrKnownAt, 503, "known_at"},
		{"moved on", "GET", accountsAt, nil, reports.ErrMovedOn, 503, "moved_on"},
		{"an internal error", "GET", accountsAt, nil, errors.New("open /secret/path"), 500, "internal"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, a := accountSite(t, c.err)
			status, answer := s.push(t, c.method, c.target, "", c.headers...)
			code, _ := answer["code"].(string)
			message, _ := answer["message"].(string)
			if status != c.status || code != c.code || (code != "" && message == "") || strings.Contains(message, "secret") {
				t.Errorf("%d %v, want %d %s", status, answer, c.status, c.code)
			}
			if asked := len(a.one) + len(a.many); (c.status == http.StatusOK || c.err != nil) != (asked == 1) {
				t.Errorf("asked %d times", asked)
			}
		})
	}
}

// TestAccountAPIAnswers: what the desk is asked, and the form of its answers.
func TestAccountAPIAnswers(t *testing.T) {
	s, a := accountSite(t, nil)
	_, one := s.push(t, "GET", accountsAt+"/a%2Fb%20c?source=hubspot", "")
	if ask := a.one[0]; ask.IDs[0] != "a/b c" || ask.Source != "hubspot" || strings.Join(ask.Entities, " ") != "ALPHA BETA" {
		t.Errorf("asked %+v", ask)
	}
	versions, _ := one["versions"].(map[string]any)
	if score, ok := one["score"]; one["crm_id"] != "a/b c" || one["exposure_amount"] != "1250.50" || one["risk_class"] != "B" || !ok || score != nil || one["as_of"] != "2025-06-30" || versions["generation"] != "000001-a" {
		t.Errorf("%v", one)
	}
	if at, ok := one["known_at"]; !ok || at != nil {
		t.Errorf("known at %v, %v", at, ok)
	}
	_, many := s.push(t, "GET", accountsAt, "")
	s.push(t, "GET", accountsAt+"?cursor=n1&limit=7", "")
	if first, second := a.many[0], a.many[1]; first.Cursor != "" || first.Limit != 200 || second.Cursor != "n1" || second.Limit != 7 {
		t.Errorf("asked %+v", a.many)
	}
	list, _ := many["accounts"].([]any)
	if len(list) != 2 || many["next_cursor"] != "n1" || many["has_more"] != true || many["reset"] != false {
		t.Fatalf("%v", many)
	}
	if there := list[0].(map[string]any); there["crm_name"] != "Dupont" || there["removed"] != false || len(there) != 24 {
		t.Errorf("%d fields: %v", len(there), there)
	}
	if gone := list[1].(map[string]any); fmt.Sprint(gone) != "map[crm_id:2 removed:true source:salesforce]" {
		t.Errorf("%v", gone)
	}
	if response := newSite(t, nil).do(t, httptest.NewRequest("GET", "http://localhost:8080"+accountsAt, nil)); response.StatusCode != http.StatusNotFound {
		t.Errorf("without a desk: status %d", response.StatusCode)
	}
}
