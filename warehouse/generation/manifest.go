package generation

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Manifest says what a generation stands on. It is written last: a folder
// without one is garbage.
type Manifest struct {
	ID          string    `json:"id"`
	Fingerprint string    `json:"fingerprint"` // of the inputs: the same inputs give the same figures
	BuiltAt     time.Time `json:"built_at"`
	Duration    float64   `json:"duration_seconds"`
	Version     string    `json:"version"` // of the program
	Project     string    `json:"project"`

	AsOf     Day    `json:"as_of"`
	KnownAt  *Day   `json:"known_at,omitempty"` // nil: every batch that had landed
	KnownOn  Day    `json:"known_on"`           // latest known-on date of the batches that count
	Currency string `json:"currency"`

	ModelsHash  string            `json:"models_sha256"`
	ProjectHash string            `json:"project_sha256"`
	AuditHash   string            `json:"audit_sha256"`
	RefHashes   map[string]string `json:"reference_sha256"`       // by table; those of the project where it overrides
	ListHashes  []string          `json:"lists_sha256,omitempty"` // of the files that encours.yaml names, in its order
	Batches     []string          `json:"batches"`                // live batches, by identifier

	DecisionsHash string `json:"decisions_sha256,omitempty"` // of what persons decided on identities and attributes; "": nothing

	Relations []RelationFacts `json:"relations"`
	Steps     []StepFacts     `json:"steps"`
	Checks    []CheckResult   `json:"checks"`
}

// Relation returns the facts of a model; ok is false where the generation has none of
// that name, as one of an earlier program may.
func (m Manifest) Relation(name string) (facts RelationFacts, ok bool) {
	for _, r := range m.Relations {
		if r.Name == name {
			return r, true
		}
	}
	return facts, false
}

// RelationFacts are the rows and the time of one model.
type RelationFacts struct {
	Name    string  `json:"name"`
	Rows    int64   `json:"rows"` // -1 for a view
	Seconds float64 `json:"seconds"`
}

// StepFacts is the time of one step of the build.
type StepFacts struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"`
}

// CheckResult is what a check found.
type CheckResult struct {
	Name     string           `json:"name"`
	Severity string           `json:"severity"`
	Sentence string           `json:"sentence"`
	Rows     int64            `json:"rows"`
	Sample   []map[string]any `json:"sample,omitempty"` // the first rows, as text
}

// Day is a date: midnight UTC in JSON, without a time as text.
type Day struct{ time.Time }

// MarshalText implements encoding.TextMarshaler.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.Format(time.DateOnly)), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Day) UnmarshalText(text []byte) error {
	t, err := time.Parse(time.DateOnly, string(text))
	d.Time = t
	return err
}

// Manifest reads the manifest of a generation.
func (s *Store) Manifest(id string) (Manifest, error) {
	var m Manifest
	path := filepath.Join(s.folder(id), manifestFile)
	text, err := os.ReadFile(path)
	if err != nil {
		return m, fmt.Errorf("read manifest of generation %q: %w", id, err)
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("read manifest %q: %w", path, err)
	}
	return m, nil
}

func (m Manifest) write(folder string) error {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("write manifest: %w", err)
	}
	if err := os.WriteFile(filepath.Join(folder, manifestFile), append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("write manifest: %w", err)
	}
	return nil
}

// Failed returns the checks of severity fail that found rows.
func Failed(results []CheckResult) []CheckResult { return found(results, "fail") }

// Warned returns the checks of severity warn that found rows.
func Warned(results []CheckResult) []CheckResult { return found(results, "warn") }

func found(results []CheckResult, severity string) []CheckResult {
	var out []CheckResult
	for _, r := range results {
		if r.Severity == severity && r.Rows > 0 {
			out = append(out, r)
		}
	}
	return out
}
