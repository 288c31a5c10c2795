package project

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // time zones on machines that have none of their own

	"github.com/robfig/cron/v3"
)

// What follows a load that changed something.
const (
	AfterLoadBuild   = "build"
	AfterLoadNothing = "nothing"
)

// Schedule says when a source is to be loaded. The zero value is no schedule.
type Schedule struct {
	Text string // the cron expression as written
	spec cron.Schedule
}

// IsSet tells whether there is a schedule.
func (s Schedule) IsSet() bool { return s.spec != nil }

// Next returns the first moment of the schedule after a moment, by the wall
// clock of a time zone; the zero time where there is no schedule. A time of day
// that the zone leaves out on the day is left out with it.
func (s Schedule) Next(after time.Time, zone *time.Location) time.Time {
	if s.spec == nil {
		return time.Time{}
	}
	return s.spec.Next(after.In(zone))
}

var cronFields = cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow)

// ParseSchedule reads a cron expression of five fields: minute, hour, day of the
// month, month, day of the week. One that never comes, such as 30 February, is
// an error.
func ParseSchedule(text string) (Schedule, error) {
	const want = "write minute, hour, day of the month, month and day of the week, such as \"0 6 * * 1-5\""
	fields := strings.Fields(text)
	// the library takes a time zone in front, and panics where nothing follows it
	if len(fields) != 5 || strings.Contains(text, "=") {
		return Schedule{}, fmt.Errorf("%q is not a cron expression of five fields: %s", text, want)
	}
	spec, err := cronFields.Parse(strings.Join(fields, " "))
	if err != nil {
		return Schedule{}, fmt.Errorf("%q is not a cron expression: %w; %s", text, err, want)
	}
	s := Schedule{Text: strings.Join(fields, " "), spec: spec}
	if s.Next(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), time.UTC).IsZero() {
		return Schedule{}, fmt.Errorf("%q names a day that never comes", text)
	}
	return s, nil
}

// Watch is a drop folder: a file that appears in it and has stopped growing is
// loaded, then moved. The zero value is no drop folder. Paths are absolute.
type Watch struct {
	Folder  string
	Pattern string        // of the names of the files
	Settle  time.Duration // how long a file must not have changed
	Done    string        // where loaded files go
	Failed  string        // where the others go, with the reason beside them
}

// IsSet tells whether there is a drop folder.
func (w Watch) IsSet() bool { return w.Folder != "" }

// Literal returns the pattern that matches a path and nothing else.
func Literal(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// Zone is the time zone in which schedules are read.
func (p *Project) Zone() *time.Location {
	if p.Timezone == nil {
		return time.Local
	}
	return p.Timezone
}

// IsUnattended tells whether some source has a schedule or a drop folder.
func (p *Project) IsUnattended() bool {
	return slices.ContainsFunc(p.Sources, func(s Source) bool { return s.Schedule.IsSet() || s.Watch.IsSet() })
}

// WorksAlone tells whether `serve` loads or builds by itself.
func (p *Project) WorksAlone() bool { return p.IsUnattended() || p.Push.BuildAfter > 0 }

// Reload reads the project file again for a process that goes on: what cannot change
// under it (the data folder, the address, what the process may use, what one message
// may hold) stays as it is in p. kept names the keys of which the file says otherwise.
func (p *Project) Reload() (next *Project, kept []string, err error) {
	if next, err = Load(p.Path); err != nil {
		return nil, nil, err
	}
	if next.DataDir() != p.DataDir() {
		kept = append(kept, "data")
	}
	if next.Resources != p.Resources {
		kept = append(kept, "resources")
	}
	if next.Serve != p.Serve {
		kept = append(kept, "serve")
	}
	limits := p.Push
	limits.BuildAfter = next.Push.BuildAfter
	if next.Push != limits {
		kept = append(kept, "push")
	}
	next.Data, next.Resources, next.Serve, next.Push = p.Data, p.Resources, p.Serve, limits
	return next, kept, nil
}

func (p *Project) readTimezone(n node) {
	s, ok := n.text()
	if !ok {
		return
	}
	zone, err := time.LoadLocation(s)
	if err != nil {
		n.problem("%q is not a time zone: write its name, such as Europe/Paris", s)
		return
	}
	p.Timezone = zone
}

func readSchedule(n node, into *Schedule) {
	s, ok := n.text()
	if !ok {
		return
	}
	schedule, err := ParseSchedule(s)
	if err != nil {
		n.problem("%v", err)
	}
	*into = schedule
}

func (p *Project) readWatch(n node, into *Watch) {
	w := Watch{Pattern: "*", Settle: 30 * time.Second}
	folder := func(target *string) func(node) {
		return func(n node) {
			if s, ok := n.text(); ok {
				*target = p.resolve(s)
			}
		}
	}
	n.record(map[string]func(node){
		"folder": folder(&w.Folder),
		"pattern": func(n node) {
			if s, ok := n.text(); ok {
				checkPattern(n, s)
				if strings.ContainsRune(s, filepath.Separator) {
					n.problem("%q: the pattern is that of file names; the folder stands in folder", s)
				}
				w.Pattern = s
			}
		},
		"settle": func(n node) { w.Settle = n.duration(time.Second, 24*time.Hour) },
		"done":   folder(&w.Done),
		"failed": folder(&w.Failed),
	}, "folder")
	if w.Folder == "" {
		return
	}
	if w.Done == "" {
		w.Done = filepath.Join(w.Folder, "done")
	}
	if w.Failed == "" {
		w.Failed = filepath.Join(w.Folder, "failed")
	}
	if w.Done == w.Folder || w.Failed == w.Folder || w.Done == w.Failed {
		n.problem("folder, done and failed must be three folders")
	}
	for _, other := range p.Sources {
		if o := other.Watch; o.Folder == w.Folder && o.Pattern == w.Pattern {
			n.problem("source %q watches the same folder for the same names: give each its own folder or pattern", other.Name)
		} else if o.IsSet() && (o.Done == w.Folder || o.Failed == w.Folder || w.Done == o.Folder || w.Failed == o.Folder) {
			n.problem("source %q watches a folder into which files are moved: its files would be loaded again", other.Name)
		}
	}
	*into = w
}

// checkUnattended looks at the keys of a source together.
func (s Source) checkUnattended(item node, hasPaths, hasWatch bool) {
	switch {
	case hasPaths:
	case !hasWatch:
		item.problem(`the key "paths" is missing: say where the files are, or watch a drop folder`)
	case s.Schedule.IsSet():
		item.problem("schedule has nothing to load: this source has no paths, and its drop folder is watched all the time")
	}
}

var durationForm = regexp.MustCompile(`^([0-9]{1,6}) ?([smhdw])$`)

// ParseDuration reads a whole number with one of s, m, h, d and w, for seconds to
// weeks: 90m, 26h, 2d, 1w.
func ParseDuration(text string) (time.Duration, error) {
	units := map[string]time.Duration{
		"s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour,
	}
	m := durationForm.FindStringSubmatch(text)
	if m == nil {
		return 0, fmt.Errorf("%q is not a duration: write a whole number and s, m, h, d or w, such as 26h", text)
	}
	count, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil {
		return 0, err
	}
	if unit := units[m[2]]; count > math.MaxInt64/int64(unit) {
		return 0, errors.New("the duration is too long")
	}
	return time.Duration(count) * units[m[2]], nil
}

// duration reads a duration from low to high.
func (n node) duration(low, high time.Duration) time.Duration {
	s, ok := n.text()
	if !ok {
		return low
	}
	d, err := ParseDuration(s)
	switch {
	case err != nil:
		n.problem("%v", err)
	case d < low || d > high:
		n.problem("%q is too short or too long: from %s to %s", s, DurationText(low), DurationText(high))
	default:
		return d
	}
	return low
}

// DurationText writes a duration as ParseDuration reads it, in the largest unit
// that gives a whole number. Parts of a second are dropped.
func DurationText(d time.Duration) string {
	for _, unit := range []struct {
		length time.Duration
		letter string
	}{{7 * 24 * time.Hour, "w"}, {24 * time.Hour, "d"}, {time.Hour, "h"}, {time.Minute, "m"}} {
		if d >= unit.length && d%unit.length == 0 {
			return strconv.FormatInt(int64(d/unit.length), 10) + unit.letter
		}
	}
	return strconv.FormatInt(int64(d/time.Second), 10) + "s"
}
