package project

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// The kinds of sources that ask an open-data API.
const (
	KindSireneAPI = "sirene-api" // the register, by the Sirene API of INSEE
	KindBodaccAPI = "bodacc-api" // notices of the gazette, by its open-data API
)

var pulledKinds = []string{KindSireneAPI, KindBodaccAPI}

// PulledKinds lists them.
func PulledKinds() []string { return slices.Clone(pulledKinds) }

// IsPulled says whether a kind is one of them.
func IsPulled(kind string) bool { return slices.Contains(pulledKinds, kind) }

// API says how an API is asked. No secret is part of it.
type API struct {
	URL       string
	KeyEnv    string // name of an environment variable that holds the key; may be empty
	PerMinute int    // most requests; 0: what the API allows
	From      Date   // first day that is asked for; zero: the reader chooses
}

// keys read the keys that only such a source has.
func (a *API) keys() map[string]func(node) {
	return map[string]func(node){
		"url": a.readURL,
		"key_env": func(n node) {
			if text, ok := n.text(); ok && !environmentForm.MatchString(text) { // the value may be the key itself
				n.problem("this is not the name of an environment variable (letters, digits and _); a key does not belong in encours.yaml, which others can read: put it into an environment variable and name that")
				return
			}
			a.KeyEnv, _ = n.text()
		},
		"per_minute": func(n node) { a.PerMinute = int(n.integer(1, 6000)) },
		"from":       func(n node) { a.From = n.date() },
	}
}

func (a *API) readURL(n node) {
	text, ok := n.text()
	if !ok {
		return
	}
	at, err := url.Parse(text)
	switch {
	case err != nil || at.Host == "" || at.Scheme != "https" && at.Scheme != "http":
		n.problem("this is not the address of an API: write it as https://host/path")
	case at.User != nil || at.RawQuery != "" || at.Fragment != "":
		n.problem("an address has no user, no password and nothing behind a ?: a key is named by key_env")
	case at.Scheme == "http" && !isLoopback(at.Hostname()):
		n.problem("the address must begin with https://, as others could read or change what comes")
	default:
		a.URL = strings.TrimRight(text, "/")
	}
}

func isLoopback(host string) bool {
	return host == "localhost" || host == "127.0.0.1" || host == "::1"
}

// check checks that the keys stand where they mean something.
func (a *API) check(item node, kind string, hasPaths, hasWatch bool) {
	switch pulled := IsPulled(kind); {
	case pulled && (hasPaths || hasWatch):
		item.problem("paths and watch are of files; an API has an url and a schedule")
	case !pulled && a.URL != "":
		item.problem("url goes with kind: %s; %s", strings.Join(PulledKinds(), " and "), secretAdvice)
	case !pulled && (a.KeyEnv != "" || a.PerMinute > 0 || !a.From.IsZero()):
		item.problem("key_env, per_minute and from go with kind: %s", strings.Join(PulledKinds(), " and "))
	}
}

// APIKey is the key of an API, empty where the source names none. getenv reads the
// environment.
func (s Source) APIKey(getenv func(string) string) (string, error) {
	if s.API.KeyEnv == "" {
		return "", nil
	}
	key := strings.TrimSpace(getenv(s.API.KeyEnv))
	if key == "" {
		return "", fmt.Errorf("source %q: the environment variable %s is empty: put the key of the API there", s.Name, s.API.KeyEnv)
	}
	return key, nil
}
