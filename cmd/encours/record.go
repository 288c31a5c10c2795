package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/encours/encours/reports/money"
	"github.com/encours/encours/web"
)

// pageSource is the source under which actions of the pages land.
const pageSource = "page"

// Record implements web.Recorder: what a reader says was done takes the same way as a
// message of a program, as one record under the key of its form.
func (r *pushReceiver) Record(ctx context.Context, done web.Done) error {
	if p, _ := r.now(); !hasEntity(p, done.Entity) {
		return refusal(http.StatusNotFound, "entity", "encours.yaml has no entity %q", done.Entity)
	}
	dataset, record := recordOf(done)
	body, err := json.Marshal(record)
	if err != nil {
		return fmt.Errorf("write action %q: %w", done.Key, err)
	}
	_, err = r.Land(ctx, web.PushTarget{
		Dataset: dataset, EntityID: done.Entity, Source: pageSource, Mode: "delta",
		Key: done.Key, ContentType: "application/x-ndjson", Sender: pageSource,
	}, append(body, '\n'))
	return err
}

// recordOf is the row of an action, or of a promise.
func recordOf(done web.Done) (dataset string, record map[string]any) {
	record = map[string]any{"counterparty_id": done.Counterparty}
	if done.Kind == web.KindPromise {
		record["promise_id"] = pageSource + "-" + done.Key
		record["amount"] = money.Plain(int64(done.Amount))
		record["promised_date"] = done.Promised.Format(time.DateOnly)
		record["made_on"] = done.On.Format(time.DateOnly)
		return "promises", record
	}
	record["action_id"] = pageSource + "-" + done.Key
	record["action_date"] = done.On.Format(time.DateOnly)
	record["kind"] = done.Kind
	if done.Level > 0 {
		record["level"] = done.Level
	}
	if !done.Next.IsZero() {
		record["next_action_date"] = done.Next.Format(time.DateOnly)
	}
	if done.Author != "" {
		record["author"] = done.Author
	}
	if done.Comment != "" {
		record["comment"] = done.Comment
	}
	return "collection_actions", record
}
