package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/push"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/web"
)

// shownRejects is how many rejects an answer shows; all of them are kept.
const shownRejects = 20

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
	if !found {
		_, landed := r.now()
		landed(batch.LoadedAt.Time)
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
		limits := push.Limits{MaxRows: r.push.MaxRows, MaxBytes: r.push.MaxBodyBytes}
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
