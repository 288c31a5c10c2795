package archive

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

type refusal struct{ Refusal }

func (r refusal) Error() string { return r.Problem }

func use() Use {
	return Use{One: "table", Content: "table", Sheet: "Save it as text", Refuse: func(r Refusal) error { return refusal{r} }}
}

func written(t testing.TB, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.csv.GZ")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// packed is a ZIP archive, or for one name alone what gzip makes of its content.
func packed(t testing.TB, pairs ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	var err error
	if len(pairs) == 1 {
		w := gzip.NewWriter(&out)
		_, err = io.WriteString(w, pairs[0])
		err = errors.Join(err, w.Close())
	} else {
		z := zip.NewWriter(&out)
		for i := 0; i < len(pairs); i += 2 {
			w, createErr := z.Create(pairs[i])
			if createErr != nil {
				t.Fatal(createErr)
			}
			_, writeErr := io.WriteString(w, pairs[i+1])
			err = errors.Join(err, writeErr)
		}
		err = errors.Join(err, z.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func content(m Member) (string, error) {
	in, err := m.Open()
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(in)
	return string(text), errors.Join(err, in.Close())
}

func TestMembers(t *testing.T) {
	for name, c := range map[string]struct {
		content []byte
		want    string // name=content of each, then what was passed over
	}{
		"plain":     {[]byte("x"), "a.csv.GZ=x"},
		"empty":     {nil, "a.csv.GZ="},
		"gzip":      {packed(t, "x"), "a.csv=x"},
		"zip":       {packed(t, "d/b.csv", "1", "a.csv", "2", "n.PDF", "3"), "b.csv=1 a.csv=2 !n.PDF"},
		"same name": {packed(t, "a.csv", "1", "a.csv", "2"), "a.csv=1 a.csv=2"},
	} {
		t.Run(name, func(t *testing.T) {
			found, passed, err := use().Members(written(t, c.content))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, m := range found {
				for range 2 { // any number of times
					text, err := content(m)
					if err != nil {
						t.Fatal(err)
					}
					if one := m.Name + "=" + text; len(got) == 0 || got[len(got)-1] != one {
						got = append(got, one)
					}
				}
			}
			for _, name := range passed {
				got = append(got, "!"+name)
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestWorkbooks(t *testing.T) {
	path := written(t, packed(t, contentTypes, "x", "xl/workbook.xml", "x"))
	_, _, err := use().Members(path)
	var refused refusal
	if !errors.As(err, &refused) || refused.Kind != Damaged || refused.Advice != "Save it as text" {
		t.Errorf("%+v", err)
	}
	books := use()
	books.Workbooks = true
	if found, _, err := books.Members(path); err != nil || len(found) != 1 || found[0].Archived {
		t.Errorf("%+v, %v", found, err)
	}
}

func TestBounds(t *testing.T) {
	for name, data := range map[string][]byte{
		"gzip": packed(t, strings.Repeat("x", bombFloor+1)), "zip": packed(t, "a", strings.Repeat("x", bombFloor+1), "b.pdf", ""),
	} {
		found, _, err := use().Members(written(t, data))
		if err == nil {
			_, err = content(found[0])
		}
		var refused refusal
		if !errors.As(err, &refused) || refused.Kind != Bounds {
			t.Errorf("%s: %v", name, err)
		}
	}
	found, _, err := use().Members(written(t, packed(t, strings.Repeat("x", bombFloor))))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := content(found[0]); err != nil || len(text) != bombFloor {
		t.Errorf("%d bytes, %v", len(text), err)
	}
}

func TestSpool(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	found, _, err := use().Members(written(t, packed(t, "hello")))
	if err != nil {
		t.Fatal(err)
	}
	path, err := use().Spool(found[0], 5)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "hello" {
		t.Errorf("%q, %v", text, err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	var refused refusal
	if _, err := use().Spool(found[0], 4); !errors.As(err, &refused) || refused.Kind != Bounds {
		t.Errorf("beyond the limit: %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind %v, %v", left, err)
	}
}

// FuzzMembers: whatever a file holds, its streams stay within their bounds.
func FuzzMembers(f *testing.F) {
	f.Add(packed(f, "x"))
	f.Add(packed(f, "a.csv", "1", "b.pdf", "2"))
	f.Fuzz(func(t *testing.T, data []byte) {
		found, _, err := use().Members(written(t, data))
		if err != nil {
			return
		}
		for _, m := range found {
			if text, err := content(m); err == nil && int64(len(text)) > contentLimit(int64(len(data))) {
				t.Fatalf("%d bytes of %d", len(text), len(data))
			}
		}
	})
}
