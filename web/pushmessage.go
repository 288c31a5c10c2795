package web

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// maxKeyBytes bounds an Idempotency-Key.
const maxKeyBytes = 200

// pushTarget reads the address and the headers.
func pushTarget(r *http.Request) (PushTarget, error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return PushTarget{}, badPush("parameter", "the query of the address cannot be read")
	}
	known := []string{"entity", "extract_date", "mode", "source"}
	for name, values := range query {
		if !slices.Contains(known, name) {
			return PushTarget{}, badPush("parameter", "the parameter %q is not known: the parameters are %s", shorten(name), strings.Join(known, ", "))
		}
		if len(values) > 1 {
			return PushTarget{}, badPush("parameter", "the parameter %s is given twice", name)
		}
	}
	to := PushTarget{
		Dataset: strings.TrimPrefix(r.URL.Path, pushPath), EntityID: query.Get("entity"), Source: query.Get("source"),
		Mode: query.Get("mode"), Key: r.Header.Get("Idempotency-Key"), ContentType: r.Header.Get("Content-Type"),
	}
	if to.Mode == "" {
		to.Mode = "delta"
	}
	if to.Mode != "delta" && to.Mode != "full" {
		return PushTarget{}, badPush("parameter", "the mode %q is not known: write delta (rows are added or updated by their key) or full (they replace all of this source and entity)", shorten(to.Mode))
	}
	if text := query.Get("extract_date"); text != "" {
		if to.ExtractDate, err = time.Parse(time.DateOnly, text); err != nil {
			return PushTarget{}, badPush("parameter", "extract_date %q is not a date: write YYYY-MM-DD", shorten(text))
		}
	}
	printable := func(c rune) bool { return c < ' ' || c > '~' }
	if len(to.Key) > maxKeyBytes || strings.ContainsFunc(to.Key, printable) {
		return PushTarget{}, badPush("idempotency_key", "the Idempotency-Key must have at most %d printable ASCII characters", maxKeyBytes)
	}
	return to, nil
}

// body reads the message, unpacked, up to the limit.
func (p *pusher) body(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	most := p.limits.MaxBody
	if r.ContentLength > most {
		return nil, p.tooLarge()
	}
	var reader io.Reader = http.MaxBytesReader(w, r.Body, most)
	switch encoding := strings.ToLower(r.Header.Get("Content-Encoding")); encoding {
	case "", "identity":
	case "gzip":
		unpacked, err := gzip.NewReader(reader)
		if err != nil {
			return nil, p.bodyError(err)
		}
		reader = unpacked
	default:
		return nil, &PushError{
			Status: http.StatusUnsupportedMediaType, Code: "content_encoding",
			Message: fmt.Sprintf("the Content-Encoding %q is not known: use gzip or none", shorten(encoding)),
		}
	}
	body, err := io.ReadAll(io.LimitReader(reader, most+1))
	if err != nil {
		return nil, p.bodyError(err)
	}
	if int64(len(body)) > most {
		return nil, p.tooLarge()
	}
	return body, nil
}

// bodyError says why a body could not be read to its end.
func (p *pusher) bodyError(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return p.tooLarge()
	}
	return badPush("body", "the body could not be read to its end, or is not what its Content-Encoding says: send it again")
}

func (p *pusher) tooLarge() error {
	return &PushError{
		Status: http.StatusRequestEntityTooLarge, Code: "too_large",
		Message: fmt.Sprintf("the message has more than %d bytes, unpacked: send it in parts, or raise push.max_body in encours.yaml", p.limits.MaxBody),
	}
}

func badPush(code, format string, args ...any) error {
	return &PushError{Status: http.StatusBadRequest, Code: code, Message: fmt.Sprintf(format, args...)}
}
