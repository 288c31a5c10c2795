package runs

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/encours/encours/warehouse/durable"
	"github.com/encours/encours/warehouse/landing"
)

// kept is how many runs of a source stay.
const kept = 100

const (
	idForm        = "20060102T150405.000000Z"
	keyLength     = 16
	skippedSuffix = "-skipped"
)

// Log is the runs of one project. Reading needs no lock; Begin and End are for
// the holder of the project's lock, so that at most one run is going on.
type Log struct{ dataDir string }

// Open names the runs of a data folder. It touches no file.
func Open(dataDir string) *Log { return &Log{dataDir: filepath.Clean(dataDir)} }

func (l *Log) dir() string { return filepath.Join(l.dataDir, "runs") }

// key stands for a source in file names, whatever its name holds.
func key(source string) string {
	sum := sha256.Sum256([]byte(source))
	return hex.EncodeToString(sum[:])[:keyLength]
}

// Begin notes that a run starts.
func (l *Log) Begin(source string, trigger Trigger, now time.Time) (Run, error) {
	r := Run{Source: source, Trigger: trigger, State: Running, Started: landing.NewInstant(now), PID: os.Getpid()}
	for {
		r.id = r.Started.Format(idForm) + "-" + key(source)
		if _, err := os.Lstat(l.path(r.id)); errors.Is(err, fs.ErrNotExist) {
			return r, l.write(r)
		} else if err != nil {
			return r, fmt.Errorf("note run of %q: %w", source, err)
		}
		r.Started = landing.NewInstant(r.Started.Add(time.Microsecond)) // two runs at one moment of the clock
	}
}

// End notes what became of a run, and drops the oldest runs of its source.
func (l *Log) End(r Run, outcome Outcome, now time.Time) (Run, error) {
	ended := landing.NewInstant(now)
	r.State, r.Ended = outcome.State, &ended
	r.Extracts, r.Unchanged, r.Rows, r.Rejects = outcome.Extracts, outcome.Unchanged, outcome.Rows, outcome.Rejects
	r.Batches, r.Error = outcome.Batches, outcome.Error
	r.Audit = outcome.Audit.Seconds()
	if err := l.write(r); err != nil {
		return r, err
	}
	return r, l.prune(r.Source)
}

// Skip notes that a run was refused, and why. It needs no lock.
func (l *Log) Skip(source string, trigger Trigger, why string, now time.Time) error {
	at := landing.NewInstant(now)
	return l.write(Run{
		Source: source, Trigger: trigger, State: Skipped, Started: at, Ended: &at, Error: why, PID: os.Getpid(),
		id: at.Format(idForm) + "-" + key(source) + skippedSuffix,
	})
}

// Note keeps what was over at once, such as a look at the project file. It needs no
// lock.
func (l *Log) Note(source string, trigger Trigger, state State, message string, now time.Time) error {
	at := landing.NewInstant(now)
	err := l.write(Run{
		Source: source, Trigger: trigger, State: state, Started: at, Ended: &at, Error: message, PID: os.Getpid(),
		id: at.Format(idForm) + "-" + key(source),
	})
	if err != nil {
		return err
	}
	return l.prune(source)
}

// Last returns the last run of every source, of builds under the name Build and of
// readings of a changed project file under ProjectFile; refused ones are left out. A run that is not going on any more and has no end
// was interrupted.
func (l *Log) Last() (map[string]Run, error) {
	ids, err := l.ids()
	if err != nil {
		return nil, err
	}
	last := map[string]Run{}
	seen := map[string]bool{}
	for _, id := range slices.Backward(ids) {
		if strings.HasSuffix(id, skippedSuffix) || seen[keyOf(id)] {
			continue
		}
		r, err := l.read(id)
		if errors.Is(err, fs.ErrNotExist) {
			continue // dropped meanwhile
		}
		if err != nil {
			return nil, err
		}
		seen[keyOf(id)] = true
		if r, err = l.settled(r); err != nil {
			return nil, err
		}
		last[r.Source] = r
	}
	return last, nil
}

// settled tells a run that is going on from one that was cut off: whoever runs
// holds the lock of the project.
func (l *Log) settled(r Run) (Run, error) {
	if r.State != Running {
		return r, nil
	}
	holder, err := landing.CurrentHolder(l.dataDir)
	if err != nil || holder != nil && isOf(r, *holder) {
		return r, err
	}
	again, err := l.read(r.id) // it may have ended meanwhile
	if err == nil && again.State == Running {
		again.State, again.Error = Interrupted, "the program was stopped in the middle; nothing that was committed is lost, and the next run goes on"
	}
	return again, err
}

// isOf tells whether a writer may be the one of a run. In a container every
// program has the same process number, so the moment counts too.
func isOf(r Run, holder landing.Holder) bool {
	return holder.PID == 0 || holder.PID == r.PID && !r.Started.Before(holder.Since.Time)
}

func (l *Log) path(id string) string { return filepath.Join(l.dir(), id+".json") }

// keyOf is the key of a source in an identifier, also of a refused run.
func keyOf(id string) string { return strings.TrimSuffix(id, skippedSuffix)[len(idForm)+1:] }

// ids lists the runs, the oldest first.
func (l *Log) ids() ([]string, error) {
	entries, err := durable.Entries(l.dir())
	if err != nil {
		return nil, fmt.Errorf("list runs: %w", err)
	}
	var ids []string
	for _, entry := range entries {
		id, ok := strings.CutSuffix(entry.Name(), ".json")
		if ok && len(strings.TrimSuffix(id, skippedSuffix)) == len(idForm)+1+keyLength {
			ids = append(ids, id)
		}
	}
	return ids, nil // ReadDir sorts, and names begin with the moment
}

func (l *Log) read(id string) (Run, error) {
	text, err := os.ReadFile(l.path(id))
	if err != nil {
		return Run{}, fmt.Errorf("read run: %w", err)
	}
	r := Run{id: id}
	if err = json.Unmarshal(text, &r); err == nil {
		err = r.validate()
	}
	if err != nil {
		return Run{}, fmt.Errorf("read run %q: it is damaged: %w; remove the file: no figure depends on it", l.path(id), err)
	}
	return r, nil
}

// write puts a run in place whole.
func (l *Log) write(r Run) error {
	fail := func(err error) error { return fmt.Errorf("note run of %q: %w", r.Source, err) }
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fail(err)
	}
	if err := os.MkdirAll(l.dir(), 0o755); err != nil {
		return fail(err)
	}
	err = durable.Write(l.path(r.id), func(w io.Writer) error {
		_, err := w.Write(append(text, '\n'))
		return err
	})
	if err != nil {
		return fail(err)
	}
	return nil
}

// prune drops the oldest runs of a source.
func (l *Log) prune(source string) error {
	ids, err := l.ids()
	if err != nil {
		return err
	}
	ids = slices.DeleteFunc(ids, func(id string) bool { return keyOf(id) != key(source) })
	for _, id := range ids[:max(0, len(ids)-kept)] {
		if err := os.Remove(l.path(id)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("drop old run: %w", err)
		}
	}
	return nil
}
