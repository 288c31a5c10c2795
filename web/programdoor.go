package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// programDoor is what every address for programs has before and behind it: they know
// neither cookies nor pages, and get one JSON object as their answer.
type programDoor struct {
	log     *slog.Logger
	hosts   func(*http.Request) bool
	origins *http.CrossOriginProtection
}

// Caller is a program that may ask.
type Caller struct {
	Name     string
	Entities []string // about which it may
}

func newProgramDoor(config Config) programDoor {
	return programDoor{log: config.Logger, hosts: allowedHosts(config.Addr), origins: http.NewCrossOriginProtection()}
}

// guard refuses what no program sends, and gives the request until the timeout.
func (d programDoor) guard(w http.ResponseWriter, r *http.Request, timeout time.Duration, methods ...string) error {
	// the deadlines of the server are those of pages
	controller := http.NewResponseController(w)
	deadline := time.Now().Add(timeout + 10*time.Second)
	if err := errors.Join(controller.SetReadDeadline(deadline), controller.SetWriteDeadline(deadline)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return fmt.Errorf("set deadline: %w", err)
	}
	switch {
	case !d.hosts(r):
		return &PushError{Status: http.StatusMisdirectedRequest, Code: "host", Message: "this server answers to localhost only"}
	case d.origins.Check(r) != nil:
		return &PushError{Status: http.StatusForbidden, Code: "origin", Message: "pages of other sites cannot send data here"}
	case len(r.URL.RawQuery) > maxQueryBytes || len(r.URL.Path) > maxPathBytes:
		return &PushError{Status: http.StatusRequestURITooLong, Code: "address", Message: "the address is too long"}
	case !slices.Contains(methods, r.Method):
		w.Header().Set("Allow", strings.Join(methods, ", "))
		return &PushError{Status: http.StatusMethodNotAllowed, Code: "method", Message: "send the data by " + strings.Join(methods, " or ")}
	}
	return nil
}

// bearer returns the token that a request carries.
func bearer(w http.ResponseWriter, r *http.Request) (string, error) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if token = strings.TrimSpace(token); strings.EqualFold(scheme, "Bearer") && token != "" {
		return token, nil
	}
	w.Header().Set("WWW-Authenticate", `Bearer realm="Encours"`)
	return "", &PushError{
		Status: http.StatusUnauthorized, Code: "token.missing",
		Message: "send a token in the header Authorization: Bearer …; `encours token add` makes one",
	}
}

// fail answers with a refusal. An error that is none is told to the log alone.
func (d programDoor) fail(w http.ResponseWriter, r *http.Request, err error) {
	refusal, ok := errors.AsType[*PushError](err)
	switch {
	case ok:
	case r.Context().Err() != nil:
		return // nobody is there to read it
	case errors.Is(err, context.DeadlineExceeded):
		refusal = &PushError{
			Status: http.StatusServiceUnavailable, Code: "too_slow", RetryAfter: "10",
			Message: "the message was not taken in time: send it again, in smaller parts",
		}
	default:
		reference := newReference()
		d.log.ErrorContext(r.Context(), "take message", slog.String("reference", reference), slog.String("path", r.URL.Path), slog.Any("error", err))
		refusal = &PushError{
			Status: http.StatusInternalServerError, Code: "internal",
			Message: "the message was not taken, for a reason that the log of the server tells under " + reference + ": send it again later",
		}
	}
	if refusal.RetryAfter != "" {
		w.Header().Set("Retry-After", refusal.RetryAfter)
	}
	d.write(w, refusal.Status, refusal)
}

// readParameters reads the parameters of an address: those that are known, each once.
func readParameters(rawQuery string, known ...string) (url.Values, error) {
	values, err := url.ParseQuery(rawQuery)
	if err != nil {
		return nil, badPush("parameter", "the query of the address cannot be read")
	}
	for name, given := range values {
		if !slices.Contains(known, name) || len(given) > 1 {
			return nil, badPush("parameter", "the parameter %q is not known or given twice: the parameters are %s", shorten(name), strings.Join(known, ", "))
		}
	}
	return values, nil
}

func (d programDoor) write(w http.ResponseWriter, status int, content any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(content); err != nil {
		d.log.Debug("write answer", slog.Any("error", err))
	}
}

// known is an error that a caller can act on, with its answer.
type known struct {
	err    error
	status int
	code   string
	retry  string // seconds after which it may ask again; "": never
}

// refused turns an error into the refusal that a list has for it, with its own text; nil
// where the list has none.
func refused(list []known, err error) error {
	for _, k := range list {
		if errors.Is(err, k.err) {
			return &PushError{Status: k.status, Code: k.code, Message: k.err.Error(), RetryAfter: k.retry}
		}
	}
	return nil
}
