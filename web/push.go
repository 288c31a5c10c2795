package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

const (
	pushPath    = "/api/v1/landing/"
	pushTimeout = 2 * time.Minute // for the whole message, its body included
	pushWait    = 10 * time.Second
)

// Receiver takes what other programs send. What it refuses is a *PushError.
type Receiver interface {
	// Admit decides, before the body is read, whether the token may send this, and
	// returns what was asked for with its defaults filled in.
	Admit(ctx context.Context, token string, to PushTarget) (PushTarget, error)
	// Land makes a message part of the landing zone. When it returns without an
	// error the message is on disk to stay.
	Land(ctx context.Context, to PushTarget, body []byte) (PushAnswer, error)
}

// PushTarget says where a message belongs.
type PushTarget struct {
	Dataset     string
	EntityID    string
	Source      string
	Mode        string    // delta or full
	ExtractDate time.Time // zero: not declared
	Key         string    // the Idempotency-Key; empty: the content is the key
	ContentType string
	Sender      string // the name of the token; filled in by Admit
}

// PushAnswer is what the sender of a message is told.
type PushAnswer struct {
	Status   string       `json:"status"` // landed, or already_landed
	BatchID  string       `json:"batch_id"`
	Dataset  string       `json:"dataset"`
	EntityID string       `json:"entity"`
	Source   string       `json:"source"`
	Mode     string       `json:"mode"`
	Rows     int64        `json:"rows"`
	Rejects  int64        `json:"rejects"`
	Rejected []PushReject `json:"rejected,omitempty"` // the first ones
	Warnings []string     `json:"warnings,omitempty"`
}

// The two ways in which a message can have landed.
const (
	PushLanded        = "landed"
	PushAlreadyLanded = "already_landed"
)

// PushReject is one record that could not become a row.
type PushReject struct {
	Record  int64  `json:"record"` // line of NDJSON and CSV, else the number of the record
	Column  string `json:"column,omitempty"`
	Value   string `json:"value,omitempty"`
	Reason  string `json:"reason"`
	Message string `json:"message"`
}

// PushError is a refusal: a status, a stable code, and a sentence for the sender.
type PushError struct {
	Status     int          `json:"-"`
	Code       string       `json:"code"`
	Message    string       `json:"message"`
	Rejected   []PushReject `json:"rejected,omitempty"`
	RetryAfter string       `json:"-"` // seconds
}

func (e *PushError) Error() string { return e.Message }

// PushLimits bound what is taken at once.
type PushLimits struct {
	MaxBody    int64 // bytes of a body once it is unpacked
	Concurrent int   // messages at once
}

// pusher is the handler of messages. It has its own guards: programs know neither
// cookies nor pages.
type pusher struct {
	programDoor
	receiver Receiver
	limits   PushLimits
	slots    chan struct{}
}

func newPusher(config Config) *pusher {
	return &pusher{
		programDoor: newProgramDoor(config), receiver: config.Receiver, limits: config.Push,
		slots: make(chan struct{}, max(1, config.Push.Concurrent)),
	}
}

// withPush sends messages to the pusher and everything else on. Without a receiver
// there is no such address.
func withPush(config Config, site http.Handler) http.Handler {
	if config.Receiver == nil {
		return site
	}
	p := newPusher(config)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, pushPath) {
			p.ServeHTTP(w, r)
			return
		}
		site.ServeHTTP(w, r)
	})
}

// ServeHTTP answers POST /api/v1/landing/{dataset}.
func (p *pusher) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), pushTimeout)
	defer cancel()
	defer func() {
		if cause := recover(); cause != nil {
			p.answer(w, r, PushAnswer{}, fmt.Errorf("panic: %v", cause))
		}
	}()
	answer, err := p.push(ctx, w, r)
	p.answer(w, r, answer, err)
}

// push takes one message: who, where, how much, what.
func (p *pusher) push(ctx context.Context, w http.ResponseWriter, r *http.Request) (PushAnswer, error) {
	if err := p.guard(w, r, pushTimeout, http.MethodPost); err != nil {
		return PushAnswer{}, err
	}
	target, err := pushTarget(r)
	if err != nil {
		return PushAnswer{}, err
	}
	token, err := bearer(w, r)
	if err != nil {
		return PushAnswer{}, err
	}
	if target, err = p.receiver.Admit(ctx, token, target); err != nil {
		return PushAnswer{}, err
	}
	release, err := p.slot(ctx)
	if err != nil {
		return PushAnswer{}, err
	}
	defer release()
	body, err := p.body(w, r)
	if err != nil {
		return PushAnswer{}, err
	}
	return p.receiver.Land(ctx, target, body)
}

// slot waits for its turn.
func (p *pusher) slot(ctx context.Context) (release func(), err error) {
	timer := time.NewTimer(pushWait)
	defer timer.Stop()
	select {
	case p.slots <- struct{}{}:
		return func() { <-p.slots }, nil
	case <-timer.C:
		return nil, &PushError{
			Status: http.StatusTooManyRequests, Code: "busy", RetryAfter: "5",
			Message: fmt.Sprintf("%d messages are being taken at once, as many as push.concurrent of encours.yaml allows: send it again in a moment", p.limits.Concurrent),
		}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// answer writes the one JSON object that every request gets.
func (p *pusher) answer(w http.ResponseWriter, r *http.Request, answer PushAnswer, err error) {
	if err != nil {
		p.fail(w, r, err)
		return
	}
	status := http.StatusCreated
	if answer.Status == PushAlreadyLanded {
		status = http.StatusOK
	}
	p.write(w, status, answer)
}
