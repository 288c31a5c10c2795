package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/warehouse/runs"
)

// rewrite gives a project other sources, as an editor does.
func (r *robot) rewrite(more string) {
	r.t.Helper()
	text := "version: 1\nname: Test\nentities:\n  - id: ACME\n    name: Acme SAS\n" + more
	if err := os.WriteFile(filepath.Join(r.dir, "encours.yaml"), []byte(text), 0o644); err != nil {
		r.t.Fatal(err)
	}
}

const hourly = `after_load: nothing
sources:
  - { name: hourly, kind: fec, entity: ACME, fiscal_year_start: 2024-01-01, paths: ["*.txt"], schedule: "0 * * * *" }
`

func TestChangedProjectIsTakenUp(t *testing.T) {
	dir := newProject(t, "after_load: nothing\n")
	r := newRobot(t, dir, monday)
	writeFile(t, dir, "fec.txt", header+invoice(1, "20240115", "C1", "F1", "100,00"))
	r.look(r.clock())
	r.rewrite(hourly)
	r.look(r.clock()) // it may still be being written
	if len(r.current().Sources) != 0 {
		t.Error("the file was read before it was the same at two looks")
	}
	r.look(r.clock())
	if len(r.current().Sources) != 1 {
		t.Fatalf("the new source is not known\n%s", r.log)
	}
	r.look(r.after(time.Minute))
	r.workOff()
	if got := r.last("hourly"); got.State != runs.Done || got.Rows != 2 {
		t.Errorf("the new source: %+v\n%s", got, r.log)
	}
	r.rewrite("after_load: nothing\n" + strings.Replace(dropSource, "2024-01-01", "2025-01-01", 1))
	r.look(r.clock())
	r.look(r.clock())
	writeFile(t, filepath.Join(dir, "inbox"), "next.txt", header+invoice(2, "20250116", "C1", "F2", "50,00"))
	r.settled()
	if got := r.last("drop"); got.State != runs.Done || got.Rows != 2 {
		t.Errorf("the drop folder: %+v\n%s", got, r.log)
	}
	started := r.last("hourly").Started
	r.look(r.after(2 * time.Hour))
	r.workOff()
	if got := r.last("hourly").Started; got != started {
		t.Error("a source that is not in the file any more ran")
	}
}

// TestScheduleOutlastsAChange: a run that is due is not lost by a change of something
// else, and a new schedule counts from the change.
func TestScheduleOutlastsAChange(t *testing.T) {
	dir := newProject(t, hourly)
	r := newRobot(t, dir, monday)
	due := r.next["hourly"]
	r.rewrite(hourly + "rejects: { max_lines: 7 }\n")
	r.look(r.clock())
	r.look(r.clock())
	if r.current().Rejects.MaxLines != 7 || !r.next["hourly"].Equal(due) {
		t.Errorf("max_lines %d, next run %s, want %s", r.current().Rejects.MaxLines, r.next["hourly"], due)
	}
	r.rewrite(strings.Replace(hourly, "0 * * * *", "30 * * * *", 1))
	r.look(r.clock())
	r.look(r.clock())
	if got := r.next["hourly"]; !got.Equal(due.Add(30 * time.Minute)) {
		t.Errorf("next run %s", got)
	}
}

func TestChangeThatCannotBeUsed(t *testing.T) {
	for _, c := range []struct{ name, more, want string }{
		{"not valid", strings.Replace(hourly, "0 * * * *", "61 * * * *", 1), "encours.yaml:8:"},
		{"no YAML", "sources: [", "encours.yaml:"},
		{"a drop folder that cannot be made", strings.Replace(dropSource, "inbox", "encours.yaml", 1), `source "drop"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := newProject(t, hourly)
			r := newRobot(t, dir, monday)
			r.rewrite(c.more)
			r.look(r.clock())
			r.look(r.clock())
			if len(r.current().Sources) != 1 || r.current().Sources[0].Name != "hourly" || len(r.next) != 1 {
				t.Errorf("what was read before does not go on: %+v", r.current().Sources)
			}
			if got := r.last(runs.ProjectFile); got.State != runs.Failed || !strings.Contains(got.Error, c.want) {
				t.Errorf("kept: %+v", got)
			}
			if got := strings.Count(r.log.String(), "cannot be used"); got != 1 {
				t.Errorf("said %d times\n%s", got, r.log)
			}
			status := run(t, "status", "--project", dir)
			if !strings.Contains(status.out+status.err, c.want) {
				t.Errorf("status says %q%q", status.out, status.err)
			}
			r.rewrite(hourly + "rejects: { max_lines: 7 }\n")
			r.look(r.clock())
			r.look(r.clock())
			if got := r.last(runs.ProjectFile); got.State != runs.Done || got.Error != "" || r.current().Rejects.MaxLines != 7 {
				t.Errorf("once it is mended: %+v", got)
			}
			if status := must(t, "status", "--project", dir); strings.Contains(status, "encours.yaml  ") {
				t.Errorf("status says %q", status)
			}
		})
	}
}

func TestStatusSaysThatAServerGoesOn(t *testing.T) {
	dir := newProject(t, "sources: [\n")
	refuse(t, exitFailed, "A server that runs goes on with encours.yaml as it was before", "status", "--project", dir)
}

// TestChangeThatNeedsARestart: what a process cannot change under itself stays, and is
// named.
func TestChangeThatNeedsARestart(t *testing.T) {
	dir := newProject(t, hourly)
	r := newRobot(t, dir, monday)
	r.rewrite(hourly + "data: elsewhere\nserve: { addr: 127.0.0.1:9999 }\nresources: { memory: 1GB }\npush: { max_rows: 5, build_after: 1m }\n")
	r.look(r.clock())
	r.look(r.clock())
	p := r.current()
	if p.DataDir() != filepath.Join(dir, "data") || p.Serve.Addr != "127.0.0.1:8080" || p.Push.MaxRows == 5 || p.Push.BuildAfter != time.Minute {
		t.Errorf("data %s, address %s, push %+v", p.DataDir(), p.Serve.Addr, p.Push)
	}
	const want = "started again: data, resources, serve, push"
	if got := r.last(runs.ProjectFile); got.State != runs.Done || !strings.Contains(got.Error, want) {
		t.Errorf("kept: %+v", got)
	}
	again := newRobot(t, dir, monday.Add(time.Hour)) // under the old data folder nothing is said of it again
	if again.current().DataDir() != filepath.Join(dir, "elsewhere") {
		t.Errorf("started again: %s", again.current().DataDir())
	}
}

// TestRestartSettlesTheProjectFile: a server that starts has read the file.
func TestRestartSettlesTheProjectFile(t *testing.T) {
	dir := newProject(t, hourly)
	r := newRobot(t, dir, monday)
	r.rewrite("sources: [")
	r.look(r.clock())
	r.look(r.clock())
	r.rewrite(hourly)
	again := newRobot(t, dir, monday.Add(time.Hour))
	if got := again.last(runs.ProjectFile); got.State != runs.Done || got.Error != "" {
		t.Errorf("kept: %+v", got)
	}
}

// TestServeTakesUpADropFolder: the program itself, started without any source.
func TestServeTakesUpADropFolder(t *testing.T) {
	dir := newProject(t, "")
	address := serveProcess(t, dir)
	r := &robot{t: t, dir: dir}
	r.rewrite(dropSource)
	inbox := filepath.Join(dir, "inbox")
	waitFor(t, "the drop folder", func() bool { _, err := os.Stat(inbox); return err == nil })
	writeFile(t, inbox, "fec.txt", header+invoice(1, "20240115", "C1", "F1", "100,00"))
	waitFor(t, "the first figures", func() bool {
		body, err := get(address + "/healthz")
		return err == nil && strings.Contains(body, "ok")
	})
	body, err := get(address + "/sources?lang=en")
	if err != nil || !strings.Contains(body, ">drop ") {
		t.Errorf("the page does not name the new source: %v", err)
	}
}

// waitFor waits until a process has done something.
func waitFor(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !done(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}
