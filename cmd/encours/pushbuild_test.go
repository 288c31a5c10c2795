package main

import (
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/runs"
	"github.com/encours/encours/web"
)

// send lands one payment as the server does.
func (r *robot) send(id string) {
	r.t.Helper()
	receiver := r.app.receiver(r.current())
	receiver.tell(r.pushed)
	body := strings.Replace(onePay, "P1", id, 1)
	answer, err := receiver.Land(r.t.Context(), web.PushTarget{
		Dataset: "payments", EntityID: "ACME", Source: "erp", Sender: "erp", Mode: string(landing.Delta), ContentType: ndjson,
	}, []byte(body))
	if err != nil || answer.Status != web.PushLanded {
		r.t.Fatalf("%+v: %v", answer, err)
	}
	if err := receiver.close(); err != nil {
		r.t.Fatal(err)
	}
}

// items counts the payments in the current generation.
func (r *robot) items() string {
	r.t.Helper()
	return query(r.t, r.dir, "", "select count(*) from fct_items where item_type = 'payment'")[0][0]
}

func TestPushedBatchesAreBuilt(t *testing.T) {
	dir := newProject(t, "push: { build_after: 5m }\n")
	r := newRobot(t, dir, monday)
	r.look(r.clock())
	r.send("P1")
	r.look(r.after(2 * time.Minute))
	r.send("P2")
	r.look(r.after(2 * time.Minute))
	r.workOff()
	if got := r.last(runs.Build); got.Source != "" {
		t.Fatalf("it was built before its time: %+v", got)
	}
	r.look(r.after(time.Minute)) // five minutes after the first, three after the second
	r.workOff()
	first := r.last(runs.Build)
	if first.State != runs.Done || first.Trigger != runs.AfterPush || r.items() != "2" {
		t.Fatalf("%+v, %s payments\n%s", first, r.items(), r.log)
	}
	r.look(r.after(time.Hour))
	r.workOff()
	if got := r.last(runs.Build); got.Started != first.Started {
		t.Error("it was built again though nothing came")
	}
	r.look(r.clock())
	r.send("P3")
	r.look(r.after(5 * time.Minute))
	r.send("P4") // in the moment between the decision and the build: this build may see it or not
	r.workOff()
	r.look(r.after(5 * time.Minute))
	r.workOff()
	if got := r.items(); got != "4" {
		t.Errorf("%s payments of 4", got)
	}
}

func TestPushedBatchesWaitWithoutTheKey(t *testing.T) {
	r := newRobot(t, newProject(t, ""), monday)
	r.send("P1")
	r.look(r.after(24 * time.Hour))
	r.workOff()
	if got := r.last(runs.Build); got.Source != "" {
		t.Errorf("it was built unasked: %+v", got)
	}
}

// TestPushedBatchesOutlastAStop: what was sent before a stop is built after it, its
// wait included; what a build has seen, or failed on, is not built again.
func TestPushedBatchesOutlastAStop(t *testing.T) {
	dir := newProject(t, "push: { build_after: 5m }\n")
	newRobot(t, dir, monday).send("P1")
	r := newRobot(t, dir, monday.Add(4*time.Minute))
	r.look(r.clock())
	r.workOff()
	if got := r.last(runs.Build); got.Source != "" {
		t.Fatalf("it was built before its time: %+v", got)
	}
	r.look(r.after(time.Minute + time.Second))
	r.workOff()
	built := r.last(runs.Build)
	if built.State != runs.Done {
		t.Fatalf("%+v\n%s", built, r.log)
	}
	again := newRobot(t, dir, monday.Add(time.Hour))
	again.look(again.after(time.Hour))
	again.workOff()
	if got := again.last(runs.Build); got.Started != built.Started || !again.waiting.IsZero() {
		t.Errorf("it was built again: %+v", got)
	}
}

// TestPushedBatchesBuiltByOthers: a build by hand in the meantime is enough, and while
// another process holds the project it is tried again.
func TestPushedBatchesBuiltByOthers(t *testing.T) {
	dir := newProject(t, "push: { build_after: 5m }\n")
	r := newRobot(t, dir, monday)
	r.send("P1")
	if err := r.app.build(t.Context(), r.current(), time.Time{}, time.Time{}); err != nil {
		t.Fatal(err)
	}
	r.look(r.after(5 * time.Minute))
	r.workOff()
	if got := r.last(runs.Build); got.Trigger != runs.ByHand {
		t.Errorf("it was built again: %+v", got)
	}
	r.send("P2")
	lock, err := landing.Acquire(r.current().DataDir(), "somebody else", monday)
	if err != nil {
		t.Fatal(err)
	}
	r.patience = 0
	r.look(r.after(5 * time.Minute))
	r.workOff()
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	r.look(r.after(5 * time.Minute))
	r.workOff()
	if got := r.last(runs.Build); got.Trigger != runs.AfterPush || r.items() != "2" {
		t.Errorf("%+v, %s payments\n%s", got, r.items(), r.log)
	}
}

// TestServeBuildsWhatIsPushed: the program itself.
func TestServeBuildsWhatIsPushed(t *testing.T) {
	dir := newProject(t, "push: { build_after: 1s }\n")
	token := newToken(t, dir, "--name", "erp", "--datasets", "payments", "--entity", "ACME")
	address := serveProcess(t, dir)
	if got, err := send(address+landAPI+"payments", token, ndjson, onePay); err != nil || got.status != 201 {
		t.Fatalf("%+v: %v", got, err)
	}
	waitFor(t, "the figures", func() bool {
		body, err := get(address + "/healthz")
		return err == nil && strings.Contains(body, "ok")
	})
	if body, err := get(address + "/sources?lang=en"); err != nil || !strings.Contains(body, "data that was sent") {
		t.Errorf("the page does not say what set the build off: %v", err)
	}
}
