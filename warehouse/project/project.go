// Package project reads encours.yaml: the entities of a group, their sources and
// the settings of the warehouse.
//
// Invariant: a Project that Load returns is complete and valid. Every default is
// filled in, every name refers to something that exists, and no key of the file
// was ignored. What is wrong is reported with file, line, column and key, all of
// it at once where that is possible.
package project

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// FileName is the name of the project file.
const FileName = "encours.yaml"

// Project is the content of one encours.yaml.
type Project struct {
	Path string // of the file
	Dir  string // its folder: relative paths in the file start here

	Name         string
	Currency     string // ISO 4217 code of the group
	Translation  string // how entities of another currency become figures of the group; empty: not
	Data         string // the data folder as written
	Entities     []Entity
	Intercompany []Intercompany
	Targets      []Target
	Factored     []Factored
	LateInterest []LateInterest
	Insolvencies []Insolvency
	Sources      []Source
	Rejects      Rejects
	Build        Build
	Resources    Resources
	Serve        Serve
	Push         Push
	Timezone     *time.Location // nil: that of the machine
	AfterLoad    string         // AfterLoadBuild or AfterLoadNothing

	PaymentTermsReport PaymentTermsReport
	Privacy            Privacy

	hash string
}

// Entity is one company of the group.
type Entity struct {
	ID              string
	Name            string
	SIREN           string // empty where not given
	Currency        string
	FiscalYearStart MonthDay // zero where not given
	FiscalYears     []Date   // explicit first days, ascending; they win over FiscalYearStart
	Matching        string   // MatchLettering or MatchFIFO
	EndOfMonth      EndOfMonth
	Customer        SideTerms
	Supplier        SideTerms
}

// How the entries of an entity are matched.
const (
	MatchLettering = "lettering" // by the lettering codes of the ledger
	MatchFIFO      = "fifo"      // oldest first, where the ledger carries no lettering
)

// The sides of the model.
const (
	SideCustomer = "customer"
	SideSupplier = "supplier"
)

// SideTerms are the payment terms of an entity on one side.
type SideTerms struct {
	Default        *Terms // nil where not given
	Counterparties map[string]Terms
}

// Intercompany says which counterparties belong to the group. An empty Entity or
// Side stands for all of them.
type Intercompany struct {
	Entity         string
	Side           string
	Counterparties []string // codes, with * and ?
}

// Source is a family of extracts of one entity.
type Source struct {
	Name            string
	Kind            string // "fec", "table" or KindSQL
	EntityID        string
	Paths           []string // globs; may be empty where there is a drop folder
	Charset         string   // "auto" or the name of a charset
	FiscalYearStart Date     // zero where not given
	ExtractDate     Date     // zero where not given
	Table           *Table   // of kind table
	SQL             SQL      // of KindSQL
	Register        Register // of KindSirene
	API             API      // of PulledKinds
	Blocks          []string // groups of fields that come in, of BlockKinds; none: all
	Schedule        Schedule
	Watch           Watch
	ExpectEvery     time.Duration // 0: never called silent
	Parts           bool          // the files are the parts of one split ledger
}

// Rejects is the budget of rejected lines of one ingest.
type Rejects struct{ MaxLines int64 }

// Build holds the settings of builds.
type Build struct {
	KeepGenerations int
	HistoryMonths   int
	AsOf            Date // zero where not given
}

// DefaultResources are those of a project that names none.
func DefaultResources() Resources { return Resources{MemoryBytes: 4e9, TempBytes: 50e9} }

// Resources is what the process may use in all.
type Resources struct {
	MemoryBytes int64
	Threads     int // 0: every core
	TempBytes   int64
}

// Serve holds the settings of the server.
type Serve struct{ Addr string }

// Date is a calendar day at midnight UTC; the zero value stands for none.
type Date struct{ time.Time }

func (d Date) String() string { return d.Format(time.DateOnly) }

// ErrNotFound says that a folder, and those above it, hold no project.
var ErrNotFound = errors.New("no " + FileName + " here or in a folder above; make one with: encours init --entity ID")

// Find returns the path of the project file of dir: the one in it, or in the
// nearest folder above that has one.
func Find(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("find project in %q: %w", dir, err)
	}
	for at := abs; ; at = filepath.Dir(at) {
		path := filepath.Join(at, FileName)
		_, err := os.Stat(path)
		if err == nil {
			return path, nil
		}
		if !errors.Is(err, os.ErrNotExist) {
			return "", fmt.Errorf("find project in %q: %w", dir, err)
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("find project in %q: %w", dir, ErrNotFound)
		}
	}
}

// Load reads and validates a project file. What is wrong with its content is an
// *InvalidError.
func Load(path string) (*Project, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read project file: %w", err)
	}
	return parse(path, text)
}

func parse(path string, text []byte) (*Project, error) {
	sum := sha256.Sum256(text)
	p := &Project{Path: path, Dir: filepath.Dir(path), hash: hex.EncodeToString(sum[:])}
	p.setDefaults()
	doc := &document{file: path}
	if root, ok := doc.parse(text); ok {
		p.read(root)
	}
	if err := doc.err(); err != nil {
		return nil, err
	}
	return p, nil
}

// Hash is the SHA-256 digest of the file, in hexadecimal.
func (p *Project) Hash() string { return p.hash }

// DataDir is the data folder.
func (p *Project) DataDir() string { return p.resolve(p.Data) }

// Entity returns the entity of that identifier.
func (p *Project) Entity(id string) (Entity, bool) {
	i := slices.IndexFunc(p.Entities, func(e Entity) bool { return e.ID == id })
	if i < 0 {
		return Entity{}, false
	}
	return p.Entities[i], true
}

// Source returns the source of that name.
func (p *Project) Source(name string) (Source, bool) {
	i := slices.IndexFunc(p.Sources, func(s Source) bool { return s.Name == name })
	if i < 0 {
		return Source{}, false
	}
	return p.Sources[i], true
}

// Files lists the extracts of a source, sorted, each once. A pattern that matches
// nothing is an error: an extract that is missing must not pass in silence.
func (p *Project) Files(s Source) ([]string, error) {
	var files []string
	for _, pattern := range s.Paths {
		matches, err := filepath.Glob(p.resolve(pattern))
		if err != nil {
			return nil, fmt.Errorf("list files of source %q: pattern %q: %w", s.Name, pattern, err)
		}
		if len(matches) == 0 {
			return nil, fmt.Errorf("list files of source %q: no file matches %q in %q", s.Name, pattern, p.Dir)
		}
		files = append(files, matches...)
	}
	slices.Sort(files)
	return slices.Compact(files), nil
}

func (p *Project) resolve(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(p.Dir, path)
}
