package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/encours/encours/"

// allowed lists, for each top-level folder, the folders that its packages may
// import directly. What they reach through those is the business of those.
var allowed = map[string][]string{
	"cmd":       {"web", "reports", "warehouse", "ingest", "sql", "cmd"},
	"web":       {"web", "reports"},
	"reports":   {"reports", "warehouse"},
	"warehouse": {"warehouse", "sql"},
	"ingest":    {"ingest"},
	"sql":       {},
}

// never lists what a folder must not reach, not even through others.
var never = map[string][]string{
	"web":       {"ingest", "cmd"},
	"reports":   {"ingest", "web", "cmd"},
	"warehouse": {"ingest", "reports", "web", "cmd"},
	"ingest":    {"warehouse", "reports", "web", "sql", "cmd"},
	"sql":       {"ingest", "warehouse", "reports", "web", "cmd"},
}

type goPackage struct {
	ImportPath                 string
	Imports, Deps, TestImports []string
}

// TestImports is the import rule of the architecture.
func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-tags", "duckdb_arrow", "-json", "-deps", module+"...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(out))
	seen := map[string]bool{}
	for {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		own, ok := folder(p.ImportPath)
		if !ok {
			continue
		}
		seen[own] = true
		if p.ImportPath == module+"cmd/encours" && slices.Contains(p.Deps, "testing") {
			t.Error("the program holds the package testing: something for tests alone is in it")
		}
		check := func(kind string, imports []string, fine func(string) bool) {
			for _, path := range imports {
				if other, ok := folder(path); ok && !fine(other) {
					t.Errorf("%s %s %s: %s does not import %s", p.ImportPath, kind, path, own, other)
				}
			}
		}
		check("imports", p.Imports, func(f string) bool { return slices.Contains(allowed[own], f) })
		check("reaches", p.Deps, func(f string) bool { return !slices.Contains(never[own], f) })
	}
	for name := range allowed {
		if !seen[name] {
			t.Errorf("no package under %s/", name)
		}
	}
}

func folder(path string) (string, bool) {
	rest, ok := strings.CutPrefix(path, module)
	top, _, _ := strings.Cut(rest, "/")
	return top, ok
}
