package modeltest

import (
	"encoding/csv"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write what the models give into the cases")

// TestModels runs every case of sql/testdata: <model>/<case>.txtar holds params,
// input tables as CSV and want.csv, whose header names the columns to compare; a
// condition in the file "where" keeps the rows that the case is about.
func TestModels(t *testing.T) {
	files, err := filepath.Glob("../../sql/testdata/*/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		model := filepath.Base(filepath.Dir(file))
		t.Run(model+"/"+strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			runCase(t, file, model)
		})
	}
}

func runCase(t *testing.T, file, model string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	c := Case{Params: map[string]string{}, Tables: map[string]string{}}
	var want, where string
	for _, f := range archive.Files {
		switch name := strings.TrimSuffix(f.Name, ".csv"); name {
		case "params":
			for line := range strings.Lines(string(f.Data)) {
				key, value, _ := strings.Cut(strings.TrimSpace(line), "=")
				c.Params[strings.TrimSpace(key)] = strings.TrimSpace(value)
			}
		case "want":
			want = string(f.Data)
		case "where":
			where = " where " + string(f.Data)
		default:
			c.Tables[name] = string(f.Data)
		}
	}
	w := Open(t, c, model)
	header, _, _ := strings.Cut(strings.TrimSpace(want), "\n")
	got := w.Text(t, "select "+header+" from "+model+where)
	if *update {
		for i, f := range archive.Files {
			if f.Name == "want.csv" {
				archive.Files[i].Data = []byte(got)
			}
		}
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if normal := normalise(t, want); got != normal {
		t.Errorf("%s gives\n%s\nwant\n%s", model, got, normal)
	}
}

// normalise trims the values, so that a case may line them up.
func normalise(t *testing.T, text string) string {
	reader := csv.NewReader(strings.NewReader(strings.TrimSpace(text) + "\n"))
	reader.TrimLeadingSpace = true
	records, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	writer := csv.NewWriter(&out)
	for _, record := range records {
		for i := range record {
			record[i] = strings.TrimSpace(record[i])
		}
		if err := writer.Write(record); err != nil {
			t.Fatal(err)
		}
	}
	writer.Flush()
	return out.String()
}
