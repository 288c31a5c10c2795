package duck

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func testLimits(t *testing.T) Limits {
	t.Helper()
	return Limits{MemoryBytes: 256 << 20, Threads: 2, TempDir: filepath.Join(t.TempDir(), "tmp"), TempBytes: 1 << 30}
}

func openTest(t *testing.T, path string, readOnly bool) *sql.DB {
	t.Helper()
	db, err := Open(t.Context(), path, testLimits(t), readOnly)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func scalar[T any](t *testing.T, db interface {
	QueryRowContext(context.Context, string, ...any) *sql.Row
}, query string, args ...any) T {
	t.Helper()
	var v T
	if err := db.QueryRowContext(t.Context(), query, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}

func TestEveryConnectionHasTheOptions(t *testing.T) {
	path := filepath.Join(t.TempDir(), "warehouse.duckdb")
	for name, path := range map[string]string{"memory": "", "file": path} {
		t.Run(name, func(t *testing.T) {
			db := openTest(t, path, false)
			for range 3 { // kept open, so that each is a new connection
				conn, err := db.Conn(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				defer conn.Close()
				for setting, want := range map[string]string{
					"memory_limit":                 "256.0 MiB",
					"threads":                      "2",
					"max_temp_directory_size":      "1.0 GiB",
					"TimeZone":                     "UTC",
					"autoinstall_known_extensions": "false",
					"autoload_known_extensions":    "false",
				} {
					got := scalar[string](t, conn, "select current_setting(?)::varchar", setting)
					if got != want {
						t.Errorf("%s = %s, want %s", setting, got, want)
					}
				}
			}
		})
	}
}

func TestOpenRefusesMissingLimits(t *testing.T) {
	full := testLimits(t)
	for name, change := range map[string]func(*Limits){
		"memory":     func(l *Limits) { l.MemoryBytes = 0 },
		"threads":    func(l *Limits) { l.Threads = -1 },
		"folder":     func(l *Limits) { l.TempDir = "" },
		"temp space": func(l *Limits) { l.TempBytes = 0 },
	} {
		t.Run(name, func(t *testing.T) {
			limits := full
			change(&limits)
			if db, err := Open(t.Context(), "", limits, false); err == nil {
				t.Error("opened", db.Close())
			}
		})
	}
}

func TestOpenFile(t *testing.T) {
	for _, dir := range []string{"plain", "a#b", "100%", "l'été", "a:b"} {
		t.Run(dir, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), dir, "warehouse.duckdb")
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			db, err := Open(t.Context(), path, testLimits(t), false)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := db.ExecContext(t.Context(), "create table t as select 42 as n"); err != nil {
				t.Fatal(err)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			read := openTest(t, path, true)
			if got := scalar[int](t, read, "select n from warehouse.main.t"); got != 42 {
				t.Errorf("n = %d", got)
			}
			if _, err := read.ExecContext(t.Context(), "create table u (n integer)"); err == nil {
				t.Error("a database opened read-only was written")
			}
		})
	}
}

func TestOpenRefusesQuestionMark(t *testing.T) {
	if db, err := Open(t.Context(), "a?b/warehouse.duckdb", testLimits(t), false); err == nil {
		t.Error("opened", db.Close())
	}
}

func TestOpenReadOnlyMissingFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none.duckdb")
	if db, err := Open(t.Context(), path, testLimits(t), true); err == nil {
		t.Error("opened", db.Close())
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("stat: %v", err)
	}
}

func TestText(t *testing.T) {
	db := openTest(t, "", false)
	for _, s := range []string{"", "plain", "l'été", "''", `back\slash "x"`, "';drop table t;--", "line\nend", "日本"} {
		if got := scalar[string](t, db, "select "+Text(s)); got != s {
			t.Errorf("Text(%q) gives %q", s, got)
		}
	}
	if _, err := db.ExecContext(t.Context(), "select "+Text("a\x00b")); err == nil {
		t.Error("a NUL was accepted")
	}
}

func TestIdent(t *testing.T) {
	db := openTest(t, "", false)
	for _, s := range []string{"plain", "SELECT", `say "x"`, "l'été", `"`, "a.b", "N° Facture"} {
		rows, err := db.QueryContext(t.Context(), "select 1 as "+Ident(s))
		if err != nil {
			t.Fatal(err)
		}
		names, err := rows.Columns()
		if err := errors.Join(err, rows.Close(), rows.Err()); err != nil {
			t.Fatal(err)
		}
		if len(names) != 1 || names[0] != s {
			t.Errorf("Ident(%q) gives %q", s, names)
		}
	}
	for _, s := range []string{"", "a\x00b"} {
		if _, err := db.ExecContext(t.Context(), "select 1 as "+Ident(s)); err == nil {
			t.Errorf("Ident(%q) was accepted", s)
		}
	}
}

func TestOpenEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if db, err := Open(ctx, "", testLimits(t), false); !errors.Is(err, context.Canceled) {
		t.Error(err, db != nil && db.Close() != nil)
	}
}

// writeLines writes n lines.
func writeLines(w io.Writer, n int) error {
	_, err := io.WriteString(w, strings.Repeat("1\n", n))
	return err
}
