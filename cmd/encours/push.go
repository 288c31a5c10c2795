package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/push"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/state"
	"github.com/encours/encours/web"

	sqlfiles "github.com/encours/encours/sql"
)

// shownRejects is how many rejects an answer shows; all of them are kept.
const shownRejects = 20

// pushReceiver joins the server with the tokens, the readers of messages and the
// landing zone. It opens what it needs with the first message: a server to which
// nothing is sent writes nothing.
type pushReceiver struct {
	app     *app
	project *project.Project
	zone    *landing.Zone

	mu      sync.Mutex
	tokens  *state.Store
	landing *landing.Receiver
}

func (a *app) receiver(p *project.Project) *pushReceiver {
	return &pushReceiver{app: a, project: p, zone: landing.Open(p.DataDir())}
}

func (r *pushReceiver) close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var errs []error
	if r.tokens != nil {
		errs = append(errs, r.tokens.Close())
	}
	if r.landing != nil {
		errs = append(errs, r.landing.Close())
	}
	return errors.Join(errs...)
}

// openTokens opens the state of the project, once it has one.
func (r *pushReceiver) openTokens(ctx context.Context) (*state.Store, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.tokens != nil {
		return r.tokens, nil
	}
	tokens, err := state.OpenExisting(ctx, r.project.DataDir())
	if err == nil {
		r.tokens = tokens
	}
	return tokens, err
}

// openLanding makes this process the receiver of the project.
func (r *pushReceiver) openLanding(ctx context.Context) (*landing.Receiver, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.landing != nil {
		return r.landing, nil
	}
	receiver, err := landing.Receive(ctx, r.zone, r.app.Clock())
	if _, ok := errors.AsType[*landing.LockedError](err); ok {
		return nil, &web.PushError{
			Status: http.StatusServiceUnavailable, Code: "other_server", RetryAfter: "30",
			Message: "another server receives the data of this project: send it there, or stop that one",
		}
	}
	if err == nil {
		r.landing = receiver
	}
	return receiver, err
}

// Admit implements web.Receiver.
func (r *pushReceiver) Admit(ctx context.Context, text string, to web.PushTarget) (web.PushTarget, error) {
	unknown := refusal(http.StatusUnauthorized, "token.invalid", "the token is not known, has expired or was revoked: `encours token list` shows those that hold")
	tokens, err := r.openTokens(ctx)
	if errors.Is(err, state.ErrNone) {
		return to, unknown
	}
	if err != nil {
		return to, err
	}
	token, err := tokens.CheckToken(ctx, text, r.app.Clock())
	switch {
	case errors.Is(err, state.ErrUnknownToken), errors.Is(err, state.ErrExpiredToken), errors.Is(err, state.ErrRevokedToken):
		return to, unknown
	case err != nil:
		return to, err
	}
	to.Sender = token.Name
	contract, err := pushContract(to.Dataset)
	if err != nil {
		return to, err
	}
	if !slices.Contains(token.Datasets, to.Dataset) {
		return to, refusal(http.StatusForbidden, "right.dataset", "the token %s may not send %s: it may send %s", token.Name, to.Dataset, strings.Join(token.Datasets, ", "))
	}
	if to.EntityID, err = r.entity(token, contract, to.EntityID); err != nil {
		return to, err
	}
	if to.Source == "" {
		to.Source = token.Sources[0]
	}
	if !slices.Contains(token.Sources, to.Source) {
		return to, refusal(http.StatusForbidden, "right.source", "the token %s may not send as source %q: it may as %s", token.Name, to.Source, strings.Join(token.Sources, ", "))
	}
	_, err = push.ParseContentType(to.ContentType)
	return to, pushError(err)
}

// pushContract is the dataset of that name, if it can be sent.
func pushContract(dataset string) (sqlfiles.Table, error) {
	names, err := pushDatasets()
	if err != nil {
		return sqlfiles.Table{}, err
	}
	if dataset == landing.LedgerDataset {
		return sqlfiles.Table{}, refusal(http.StatusForbidden, "dataset.ledger",
			"a ledger is loaded as the file of a whole fiscal year, which takes the place of the one before: use `encours ingest`")
	}
	if !slices.Contains(names, dataset) {
		return sqlfiles.Table{}, refusal(http.StatusNotFound, "dataset.unknown", "there is no such dataset: those that can be sent are %s", strings.Join(names, ", "))
	}
	return sqlfiles.Schema(dataset)
}

// pushDatasets names the datasets that can be sent.
func pushDatasets() ([]string, error) {
	names, err := sqlfiles.Datasets()
	return slices.DeleteFunc(names, func(name string) bool { return name == landing.LedgerDataset }), err
}

// entity is the one to which a message belongs: rates belong to the whole group.
func (r *pushReceiver) entity(token state.Token, contract sqlfiles.Table, asked string) (string, error) {
	if _, ok := contract.Column("entity_id"); !ok {
		if asked != "" && asked != project.Group {
			return "", refusal(http.StatusBadRequest, "entity", "%s belong to the whole group: leave the entity out", contract.Name)
		}
		return project.Group, nil
	}
	if asked == "" && len(token.Entities) == 1 {
		asked = token.Entities[0]
	}
	if asked == "" {
		return "", refusal(http.StatusBadRequest, "entity", "whose data is it? Add ?entity= with one of %s", strings.Join(token.Entities, ", "))
	}
	if !slices.Contains(token.Entities, asked) {
		return "", refusal(http.StatusForbidden, "right.entity", "the token %s may not send for entity %q: it may for %s", token.Name, asked, strings.Join(token.Entities, ", "))
	}
	if _, ok := r.project.Entity(asked); !ok {
		return "", refusal(http.StatusForbidden, "right.entity", "encours.yaml has no entity %q any more", asked)
	}
	return asked, nil
}

// Land implements web.Receiver.
func (r *pushReceiver) Land(ctx context.Context, to web.PushTarget, body []byte) (web.PushAnswer, error) {
	receiver, err := r.openLanding(ctx)
	if err != nil {
		return web.PushAnswer{}, err
	}
	sum := sha256.Sum256(body)
	digest, key := hex.EncodeToString(sum[:]), to.Key
	if key == "" {
		key = contentKey(to, digest)
	}
	batch, found, err := receiver.Once(ctx, to.Sender, key, func() (landing.Batch, error) {
		return r.land(ctx, receiver, to, body, digest, key)
	})
	if err != nil {
		return web.PushAnswer{}, pushError(err)
	}
	if found && !sameMessage(batch, to, digest) {
		return web.PushAnswer{}, refusal(http.StatusConflict, "idempotency_key.reused",
			"another message has landed under this Idempotency-Key (batch %s): take a new key for each message, and the same one only to send the same message again", batch.ID)
	}
	answer := web.PushAnswer{
		Status: web.PushLanded, BatchID: batch.ID, Dataset: batch.Dataset, EntityID: batch.EntityID, Source: batch.Source,
		Mode: string(batch.Mode), Rows: batch.Rows, Rejects: batch.Rejects, Warnings: batch.Warnings,
	}
	if found {
		answer.Status = web.PushAlreadyLanded
	}
	answer.Rejected, err = r.firstRejects(batch.ID)
	return answer, err
}

// contentKey stands for a message that has no key: the same content for the same
// place is the same message.
func contentKey(to web.PushTarget, digest string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{
		to.Dataset, to.EntityID, to.Source, to.Mode, to.ExtractDate.Format(time.DateOnly), digest,
	}, "\n")))
	return "content:" + hex.EncodeToString(sum[:])
}

func sameMessage(b landing.Batch, to web.PushTarget, digest string) bool {
	var declared time.Time
	if b.ExtractDate != nil {
		declared = b.ExtractDate.Time
	}
	return b.SHA256 == digest && b.Dataset == to.Dataset && b.EntityID == to.EntityID && b.Source == to.Source &&
		string(b.Mode) == to.Mode && declared.Equal(to.ExtractDate)
}

// land decodes a message into a batch and commits it.
func (r *pushReceiver) land(ctx context.Context, receiver *landing.Receiver, to web.PushTarget, body []byte, digest, key string) (batch landing.Batch, err error) {
	format, err := push.ParseContentType(to.ContentType)
	if err != nil {
		return batch, err
	}
	columns, err := fields(to.Dataset)
	if err != nil {
		return batch, err
	}
	var stats push.Stats
	var first []web.PushReject
	staged, err := receiver.Stage(landing.Table{
		Dataset: to.Dataset, EntityID: to.EntityID, Source: to.Source, SourcePath: to.Sender + "." + string(format),
		SHA256: digest, Size: int64(len(body)), LoadedAt: r.app.Clock(),
	}, func(w io.Writer, reject func(landing.Reject) error) (err error) {
		limits := push.Limits{MaxRows: r.project.Push.MaxRows, MaxBytes: r.project.Push.MaxBodyBytes}
		stats, err = push.Decode(ctx, body, format, columns, limits, w, func(bad ingest.Reject) error {
			if len(first) < shownRejects {
				first = append(first, web.PushReject{Record: bad.Line, Column: bad.Column, Value: bad.Value, Reason: bad.Reason, Message: bad.Message})
			}
			return toReject(reject)(bad)
		})
		return err
	})
	if err != nil {
		return batch, err
	}
	defer func() {
		if discardErr := staged.Discard(); err == nil {
			err = discardErr
		}
	}()
	if stats.Rows == 0 {
		return batch, noRows(stats, first)
	}
	return staged.Commit(landing.Facts{
		Mode: landing.Mode(to.Mode), ExtractDate: datePointer(to.ExtractDate),
		Notes:    map[string]string{landing.NoteSender: to.Sender, landing.NoteKey: key, "format": string(format)},
		Warnings: stats.Warnings, ToolVersion: version,
	})
}

// noRows refuses a message of which nothing could be taken.
func noRows(stats push.Stats, first []web.PushReject) error {
	if stats.Rejects == 0 {
		return refusal(http.StatusUnprocessableEntity, "records.none", "the message has no record: nothing was loaded")
	}
	return &web.PushError{
		Status: http.StatusUnprocessableEntity, Code: "records.all_rejected", Rejected: first,
		Message: fmt.Sprintf("none of the %d records can be read: nothing was loaded", stats.Rejects),
	}
}

func (r *pushReceiver) firstRejects(id string) (out []web.PushReject, err error) {
	for bad, err := range r.zone.Rejects(id) {
		if err != nil {
			return nil, err
		}
		out = append(out, web.PushReject{Record: bad.Line, Column: bad.Column, Value: bad.Value, Reason: bad.Reason, Message: bad.Message})
		if len(out) == shownRejects {
			break
		}
	}
	return out, nil
}

func refusal(status int, code, format string, args ...any) error {
	return &web.PushError{Status: status, Code: code, Message: fmt.Sprintf(format, args...)}
}

// pushError turns the refusal of a reader into that of the server.
func pushError(err error) error {
	refused, ok := errors.AsType[*push.Refusal](err)
	if !ok {
		return err
	}
	status := http.StatusUnprocessableEntity
	switch refused.Code {
	case push.CodeTooLarge:
		status = http.StatusRequestEntityTooLarge
	case push.CodeContentType:
		status = http.StatusUnsupportedMediaType
	}
	return refusal(status, refused.Code, "%s", refused.Message)
}
