package duck

import (
	"context"
	"errors"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// openDescriptors counts the open descriptors of the process.
func openDescriptors(t *testing.T) int {
	t.Helper()
	names, err := os.ReadDir("/dev/fd")
	if err != nil {
		t.Skip("no /dev/fd to count descriptors in")
	}
	return len(names)
}

// leakCheck fails the test if it ends with more goroutines or descriptors than
// it began with.
func leakCheck(t *testing.T) {
	t.Helper()
	fds, routines := openDescriptors(t), runtime.NumGoroutine()
	t.Cleanup(func() {
		var gotFDs, gotRoutines int
		for range 200 { // a goroutine that has returned is counted for a moment more
			gotFDs, gotRoutines = openDescriptors(t), runtime.NumGoroutine()
			if gotFDs <= fds && gotRoutines <= routines {
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
		t.Errorf("descriptors %d → %d, goroutines %d → %d", fds, gotFDs, routines, gotRoutines)
	})
}

const countLines = "select count(n) from read_csv(%, delim = '|', quote = '', escape = '', header = false, auto_detect = false, columns = {'n': 'integer'})"

func TestPipeTo(t *testing.T) {
	db := openTest(t, "", false)
	leakCheck(t)
	for name, n := range map[string]int{"nothing": 0, "small": 3, "large": 5_000_000} {
		t.Run(name, func(t *testing.T) {
			var got int
			err := PipeTo(t.Context(), func(w io.Writer) error { return writeLines(w, n) }, func(path string) error {
				return db.QueryRowContext(t.Context(), strings.ReplaceAll(countLines, "%", Text(path))).Scan(&got)
			})
			if err != nil || got != n {
				t.Errorf("got %d rows, want %d, error %v", got, n, err)
			}
		})
	}
}

func TestPipeToErrors(t *testing.T) {
	db := openTest(t, "", false)
	leakCheck(t)
	errFill, errUse := errors.New("fill"), errors.New("use")
	count := func(path string) error {
		var n int
		return db.QueryRowContext(t.Context(), strings.ReplaceAll(countLines, "%", Text(path))).Scan(&n)
	}
	endless := func(w io.Writer) error {
		for {
			if err := writeLines(w, 100_000); err != nil {
				return err
			}
		}
	}
	for name, c := range map[string]struct {
		fill func(io.Writer) error
		use  func(string) error
		want error
	}{
		"fill fails at once": {func(io.Writer) error { return errFill }, count, errFill},
		"fill fails midway": {func(w io.Writer) error {
			return errors.Join(writeLines(w, 1_000_000), errFill)
		}, count, errFill},
		"use fails at once": {endless, func(string) error { return errUse }, errUse},
		"use fails, fill hides it": {func(w io.Writer) error {
			_ = endless(w)
			return errFill
		}, func(string) error { return errUse }, errUse},
		"use leaves input unread":             {endless, func(string) error { return nil }, errAbandoned},
		"use leaves input unread, fill hides": {func(w io.Writer) error { _ = endless(w); return nil }, func(string) error { return nil }, errAbandoned},
	} {
		t.Run(name, func(t *testing.T) {
			if err := PipeTo(t.Context(), c.fill, c.use); !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
		})
	}
	t.Run("the statement fails", func(t *testing.T) {
		err := PipeTo(t.Context(), func(w io.Writer) error {
			if _, err := io.WriteString(w, "not a number\n"); err != nil {
				return err
			}
			return endless(w)
		}, count)
		if err == nil || !strings.Contains(err.Error(), "not a number") {
			t.Errorf("error %v", err)
		}
	})
	t.Run("the context ends", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		err := PipeTo(ctx, func(w io.Writer) error {
			if err := writeLines(w, 1000); err != nil {
				return err
			}
			cancel()
			return endless(w)
		}, func(path string) error {
			_, err := db.ExecContext(ctx, strings.ReplaceAll(countLines, "%", Text(path)))
			return err
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	})
}

func TestPipeFrom(t *testing.T) {
	db := openTest(t, "", false)
	leakCheck(t)
	run := func(query string) func(string) error {
		return func(path string) error {
			_, err := db.ExecContext(t.Context(), "copy ("+query+") to "+Text(path)+" (format csv, header false)", 1)
			return err
		}
	}
	t.Run("whole", func(t *testing.T) {
		var got int64
		err := PipeFrom(t.Context(), run("select i + ? from range(1000000) t(i)"), func(r io.Reader) (err error) {
			got, err = io.Copy(io.Discard, r)
			return err
		})
		if err != nil || got != 6888896 { // the digits of 1…1,000,000 and a line end each
			t.Errorf("read %d bytes, error %v", got, err)
		}
	})
	t.Run("the statement fails midway", func(t *testing.T) {
		var seen error
		err := PipeFrom(t.Context(), run("select case when i = 900000 then error('broken') else ? end from range(1000000) t(i)"), func(r io.Reader) error {
			_, seen = io.Copy(io.Discard, r)
			return seen
		})
		if err == nil || seen == nil || !strings.Contains(err.Error(), "broken") {
			t.Errorf("the reader saw %v, PipeFrom returned %v", seen, err)
		}
	})
	t.Run("the statement fails and the reader hides it", func(t *testing.T) {
		err := PipeFrom(t.Context(), run("select error('broken') where ? = 1"), func(r io.Reader) error {
			_, _ = io.Copy(io.Discard, r)
			return nil
		})
		if err == nil || !strings.Contains(err.Error(), "broken") {
			t.Errorf("error %v", err)
		}
	})
	t.Run("the reader stops", func(t *testing.T) {
		stop := errors.New("stop")
		err := PipeFrom(t.Context(), run("select i + ? from range(5000000) t(i)"), func(r io.Reader) error {
			if _, err := io.ReadFull(r, make([]byte, 10)); err != nil {
				return err
			}
			return stop
		})
		if !errors.Is(err, stop) {
			t.Errorf("error %v", err)
		}
	})
	t.Run("the reader stops and says nothing", func(t *testing.T) {
		err := PipeFrom(t.Context(), run("select i + ? from range(5000000) t(i)"), func(io.Reader) error { return nil })
		if err == nil {
			t.Error("an output that nobody read passed for complete")
		}
	})
	t.Run("the context ends", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		err := PipeFrom(ctx, func(path string) error {
			_, err := db.ExecContext(ctx, "copy (select i from range(1000000000) t(i)) to "+Text(path)+" (format csv)")
			return err
		}, func(r io.Reader) error {
			cancel()
			_, err := io.Copy(io.Discard, r)
			return err
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	})
}
