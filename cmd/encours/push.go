package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/encours/encours/ingest/push"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/state"
	"github.com/encours/encours/web"

	sqlfiles "github.com/encours/encours/sql"
)

// pushReceiver joins the server with the tokens, the readers of messages and the
// landing zone. It opens what it needs with the first message: a server to which
// nothing is sent writes nothing.
type pushReceiver struct {
	app  *app
	file *state.File // tokens
	push project.Push
	zone *landing.Zone

	mu      sync.Mutex
	project *project.Project
	landed  func(time.Time) // told of each batch that has landed
	landing *landing.Receiver
}

func (a *app) receiver(p *project.Project) *pushReceiver {
	return &pushReceiver{
		app: a, file: state.In(p.DataDir()), push: p.Push, zone: landing.Open(p.DataDir()), project: p, landed: func(time.Time) {},
	}
}

// use makes another project the one whose entities may be sent.
func (r *pushReceiver) use(p *project.Project) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.project = p
}

// tell has landed called with the moment of each batch.
func (r *pushReceiver) tell(landed func(time.Time)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.landed = landed
}

func (r *pushReceiver) now() (*project.Project, func(time.Time)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.project, r.landed
}

func (r *pushReceiver) close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	errs := []error{r.file.Close()}
	if r.landing != nil {
		errs = append(errs, r.landing.Close())
	}
	return errors.Join(errs...)
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
	tokens, err := r.file.Existing(ctx)
	token, err := r.app.tokenOf(ctx, tokens, err, text)
	if err != nil {
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
	if p, _ := r.now(); !hasEntity(p, asked) {
		return "", refusal(http.StatusForbidden, "right.entity", "encours.yaml has no entity %q any more", asked)
	}
	return asked, nil
}

func hasEntity(p *project.Project, id string) bool {
	_, ok := p.Entity(id)
	return ok
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
