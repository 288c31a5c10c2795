package project

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const unattendedFile = `version: 1
timezone: Europe/Paris
after_load: nothing
entities: [{id: A}]
sources:
  - name: nightly
    kind: fec
    entity: A
    paths: ["in/*.txt"]
    schedule: "0  6 * * 1-5"
    expect_every: 26h
  - name: drop
    kind: fec
    entity: A
    watch: { folder: inbox, pattern: "*.txt", settle: 45s, done: archive }
`

func TestUnattendedKeys(t *testing.T) {
	p, err := parse("/group/encours.yaml", []byte(unattendedFile))
	if err != nil {
		t.Fatal(err)
	}
	nightly, drop := p.Sources[0], p.Sources[1]
	if p.Zone().String() != "Europe/Paris" || p.AfterLoad != AfterLoadNothing || !p.IsUnattended() {
		t.Errorf("zone %s, after load %s", p.Zone(), p.AfterLoad)
	}
	if nightly.Schedule.Text != "0 6 * * 1-5" || nightly.ExpectEvery != 26*time.Hour || nightly.Watch.IsSet() {
		t.Errorf("%+v", nightly)
	}
	want := Watch{Folder: "/group/inbox", Pattern: "*.txt", Settle: 45 * time.Second, Done: "/group/archive", Failed: "/group/inbox/failed"}
	if drop.Watch != want || drop.Schedule.IsSet() {
		t.Errorf("%+v", drop.Watch)
	}
	plain, err := parse("/group/encours.yaml", []byte("version: 1\nentities: [{id: A}]\n"))
	if err != nil || plain.IsUnattended() || plain.AfterLoad != AfterLoadBuild || plain.Zone() != time.Local {
		t.Errorf("defaults: %+v, %v", plain, err)
	}
}

func TestUnattendedProblems(t *testing.T) {
	const second = "  - { name: x, kind: fec, entity: A, watch: { folder: inbox"
	for name, c := range map[string]struct{ old, new, want string }{
		"time zone":           {"Europe/Paris", "Europe/Pari", `e.yaml:2:11: timezone: "Europe/Pari" is not a time zone`},
		"after load":          {"after_load: nothing", "after_load: check", `after_load: "check" is not one of build, nothing`},
		"four fields":         {"0  6 * * 1-5", "6 * * 1-5", `e.yaml:10:15: sources[0].schedule: "6 * * 1-5" is not a cron expression of five fields`},
		"six fields":          {"0  6 * * 1-5", "0 0 6 * * 1-5", "of five fields"},
		"descriptor":          {"0  6 * * 1-5", "@daily", "of five fields"},
		"bad hour":            {"0  6 * * 1-5", "0 25 * * *", "is not a cron expression: "},
		"zone in schedule":    {"0  6 * * 1-5", "TZ=UTC 6 * * 1", "of five fields"},
		"day that never is":   {"0  6 * * 1-5", "0 6 30 2 *", "names a day that never comes"},
		"duration":            {"26h", "26 hours", `sources[0].expect_every: "26 hours" is not a duration`},
		"duration too long":   {"26h", "999999w", "the duration is too long"},
		"duration too short":  {"26h", "1s", "is too short or too long: from 1m to 366d"},
		"watch, no folder":    {"folder: inbox, ", "", `sources[1].watch: the key "folder" is missing`},
		"watch, unknown key":  {"done: archive", "ok: archive", "sources[1].watch.ok: unknown key"},
		"watch, bad pattern":  {`"*.txt", settle`, `"[.txt", settle`, "sources[1].watch.pattern: "},
		"watch, path pattern": {`"*.txt", settle`, `"a/*.txt", settle`, "the pattern is that of file names"},
		"watch, one folder":   {"done: archive", "done: inbox", "must be three folders"},
		"watched twice": {"sources:\n", "sources:\n" + second + `, pattern: "*.txt" } }` + "\n",
			`source "x" watches the same folder for the same names`},
		"done is watched": {"sources:\n", "sources:\n" + second + "/../archive } }\n", `source "x" watches a folder into which files are moved`},
		"nothing to load": {`    paths: ["in/*.txt"]` + "\n", "", `sources[0]: the key "paths" is missing`},
		"idle schedule":   {"    watch: { folder", "    schedule: \"0 6 * * *\"\n    watch: { folder", "schedule has nothing to load"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(unattendedFile, c.old, c.new, 1)
			if text == unattendedFile {
				t.Fatal("the case changes nothing")
			}
			if _, err := parse("/group/e.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want in it %q", err, c.want)
			}
		})
	}
}

func TestScheduleKeepsToTheWallClock(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	s, err := ParseSchedule("30 6 * * 1-5")
	if err != nil {
		t.Fatal(err)
	}
	for after, want := range map[string]string{
		"2026-01-02T05:29:59Z": "2026-01-02T05:30:00Z", // Friday, winter: 6:30 is 5:30 UTC
		"2026-01-02T05:30:00Z": "2026-01-05T05:30:00Z", // then Monday
		"2026-03-27T12:00:00Z": "2026-03-30T04:30:00Z", // across the change to summer time
	} {
		at, err := time.Parse(time.RFC3339, after)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Next(at, zone).UTC().Format(time.RFC3339); got != want {
			t.Errorf("after %s: %s, want %s", after, got, want)
		}
	}
	if !(Schedule{}).Next(time.Now(), zone).IsZero() {
		t.Error("no schedule has a next time")
	}
}

func TestDurationsAreWrittenAsTheyAreRead(t *testing.T) {
	for text, want := range map[string]time.Duration{"26h": 26 * time.Hour, "2d": 48 * time.Hour, "1w": 168 * time.Hour, "90m": 90 * time.Minute, "45s": 45 * time.Second} {
		d, err := ParseDuration(text)
		if err != nil || d != want || DurationText(d) != text {
			t.Errorf("%s: %v %v, written %s", text, d, err, DurationText(d))
		}
	}
}

func FuzzParseSchedule(f *testing.F) {
	for _, text := range []string{"0 6 * * 1-5", "*/5 * * * *", "TZ=UTC 1 2 3 4", "0 0 30 2 *", "@every 1h", "1-0 * * * *"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseSchedule(text)
		if err != nil {
			return
		}
		now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		if next := s.Next(now, time.UTC); !next.After(now) {
			t.Errorf("%q: next is %s", text, next)
		}
		if again, err := ParseSchedule(s.Text); err != nil || again.Text != s.Text {
			t.Errorf("%q is not read again: %v", s.Text, err)
		}
	})
}

// TestReload: what a process cannot change under itself stays and is named.
func TestReload(t *testing.T) {
	path := filepath.Join(t.TempDir(), FileName)
	load := func(text string) {
		if err := os.WriteFile(path, []byte("version: 1\nentities: [{id: A}]\n"+text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name, text string
		kept       string
		check      func(before, next *Project) bool
	}{
		{"nothing", "", "", func(a, b *Project) bool { return a.DataDir() == b.DataDir() }},
		{"what may change", "after_load: nothing\npush: {build_after: 5m}\n", "", func(_, b *Project) bool {
			return b.AfterLoad == AfterLoadNothing && b.Push.BuildAfter == 5*time.Minute && b.WorksAlone() && !b.IsUnattended()
		}},
		{"data", "data: other\n", "data", func(a, b *Project) bool { return a.DataDir() == b.DataDir() }},
		{"the rest", "resources: {threads: 3}\nserve: {addr: \"0.0.0.0:1\"}\npush: {max_rows: 3, build_after: 1h}\n", "resources serve push",
			func(a, b *Project) bool {
				return b.Resources == a.Resources && b.Serve == a.Serve && b.Push.MaxRows == a.Push.MaxRows && b.Push.BuildAfter == time.Hour
			}},
	} {
		t.Run(c.name, func(t *testing.T) {
			load("")
			before, err := Load(path)
			if err != nil {
				t.Fatal(err)
			}
			load(c.text)
			next, kept, err := before.Reload()
			if err != nil || strings.Join(kept, " ") != c.kept || !c.check(before, next) {
				t.Errorf("kept %q, %v: %+v", kept, err, next)
			}
		})
	}
	load("push: {build_after: 5}\n")
	p := &Project{Path: path}
	if _, _, err := p.Reload(); err == nil || !strings.Contains(err.Error(), `push.build_after: "5" is not a duration`) {
		t.Errorf("a file that is not valid: %v", err)
	}
}
