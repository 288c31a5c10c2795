// Package duck opens DuckDB instances, quotes text for them and joins them to
// Go streams. It is the one place where DuckDB options are set.
//
// Invariant: no instance is ever used without its memory, thread and
// temporary-space limits, none may install or load an extension by itself, and
// every instance works in UTC. DuckDB's own defaults (80 % of the memory, a
// temporary folder beside the working directory, 90 % of the disk) never apply,
// because instances do not know of each other: the sum of their limits is the
// budget of the process.
package duck

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"

	"github.com/duckdb/duckdb-go/v2"
)

// Limits are the resources that one instance may use. MemoryBytes, TempDir and
// TempBytes are required; Threads 0 means every core the process may use.
type Limits struct {
	MemoryBytes int64  // memory_limit
	Threads     int    // threads
	TempDir     string // temp_directory: DuckDB creates it when it spills
	TempBytes   int64  // max_temp_directory_size
}

// Open opens an instance. An empty path gives an in-memory database; any other
// path is the default database of every connection, named after the file
// without its extension ("warehouse" for warehouse.duckdb). It is created if it
// does not exist, unless readOnly is set. Every call makes an instance of its
// own, with limits of its own. The caller closes the result.
func Open(ctx context.Context, path string, limits Limits, readOnly bool) (*sql.DB, error) {
	if err := limits.validate(); err != nil {
		return nil, err
	}
	if strings.Contains(path, "?") {
		return nil, fmt.Errorf("open DuckDB database %q: DuckDB cannot use a path with a question mark", path)
	}
	start := newStart(path, readOnly)
	connector, err := duckdb.NewConnector("?"+limits.options().Encode(), start.connection)
	if err != nil {
		return nil, fmt.Errorf("open DuckDB instance: %w", err)
	}
	db := sql.OpenDB(connector)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open DuckDB database %q: %w", path, err), db.Close())
	}
	return db, nil
}

func (l Limits) validate() error {
	switch {
	case l.MemoryBytes <= 0:
		return errors.New("open DuckDB instance: no memory limit is set")
	case l.Threads < 0:
		return fmt.Errorf("open DuckDB instance: %d threads", l.Threads)
	case l.TempDir == "":
		return errors.New("open DuckDB instance: no temporary folder is set")
	case l.TempBytes <= 0:
		return errors.New("open DuckDB instance: no limit of temporary space is set")
	}
	return nil
}

// options are those that DuckDB takes before the instance exists.
func (l Limits) options() url.Values {
	threads := l.Threads
	if threads == 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	return url.Values{
		"memory_limit":                 {strconv.FormatInt(l.MemoryBytes, 10) + "B"},
		"threads":                      {strconv.Itoa(threads)},
		"temp_directory":               {l.TempDir},
		"max_temp_directory_size":      {strconv.FormatInt(l.TempBytes, 10) + "B"},
		"autoinstall_known_extensions": {"false"},
		"autoload_known_extensions":    {"false"},
	}
}

// start prepares an instance and its connections. The database file is attached
// rather than opened by name because the driver parses a name as a URL: it would
// lose every option behind a "#" and refuse a "%" in a folder name.
type start struct {
	attach string // empty for an in-memory database
	use    string

	mu   sync.Mutex
	done bool
}

func newStart(path string, readOnly bool) *start {
	if path == "" {
		return &start{}
	}
	base := filepath.Base(path)
	name := Ident(strings.TrimSuffix(base, filepath.Ext(base)))
	mode := "read_write"
	if readOnly {
		mode = "read_only"
	}
	return &start{
		attach: "attach " + Text(path) + " as " + name + " (" + mode + ")",
		use:    "use " + name,
	}
}

// connection prepares one new connection; the first one also prepares the
// instance.
func (s *start) connection(conn driver.ExecerContext) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	ctx := context.Background()
	if !s.done {
		if _, err := conn.ExecContext(ctx, "set global TimeZone = 'UTC'", nil); err != nil {
			return err
		}
		if s.attach != "" {
			if _, err := conn.ExecContext(ctx, s.attach, nil); err != nil {
				return err
			}
		}
		s.done = true
	}
	if s.use == "" {
		return nil
	}
	_, err := conn.ExecContext(ctx, s.use, nil)
	return err
}
