package sample_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/encours/encours/ingest/sample"
)

type terms struct {
	Default        string            `yaml:"default"`
	Counterparties map[string]string `yaml:"counterparties"`
}

// projectFile is encours.yaml as far as a sample fills it in.
type projectFile struct {
	Version  int    `yaml:"version"`
	Name     string `yaml:"name"`
	Currency string `yaml:"currency"`
	Data     string `yaml:"data"`
	Entities []struct {
		ID              string `yaml:"id"`
		Name            string `yaml:"name"`
		Siren           string `yaml:"siren"`
		Currency        string `yaml:"currency"`
		FiscalYearStart string `yaml:"fiscal_year_start"`
		Matching        string `yaml:"matching"`
		PaymentTerms    struct {
			Customer terms `yaml:"customer"`
			Supplier terms `yaml:"supplier"`
		} `yaml:"payment_terms"`
	} `yaml:"entities"`
	Intercompany []struct {
		Entity         string   `yaml:"entity"`
		Side           string   `yaml:"side"`
		Counterparties []string `yaml:"counterparties"`
	} `yaml:"intercompany"`
	Sources []struct {
		Name    string         `yaml:"name"`
		Kind    string         `yaml:"kind"`
		Entity  string         `yaml:"entity"`
		Paths   []string       `yaml:"paths"`
		Charset string         `yaml:"charset"`
		Dataset string         `yaml:"dataset"`
		Preset  string         `yaml:"preset"`
		Mode    string         `yaml:"mode"`
		Dates   string         `yaml:"dates"`
		Decimal string         `yaml:"decimal"`
		Columns map[string]any `yaml:"columns"`
	} `yaml:"sources"`
	Rejects struct {
		MaxLines int `yaml:"max_lines"`
	} `yaml:"rejects"`
	Build map[string]int    `yaml:"build"`
	Serve map[string]string `yaml:"serve"`
}

func TestProjectFile(t *testing.T) {
	opt := sample.Demo()
	dir, summary, extracts := generate(t, opt)
	raw, err := os.ReadFile(summary.Project)
	if err != nil {
		t.Fatal(err)
	}
	var project projectFile
	if err := yaml.UnmarshalWithOptions(raw, &project, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	if project.Name != "Groupe Démonstration" || project.Rejects.MaxLines != 20 || len(project.Entities) != 3 {
		t.Errorf("project reads %+v", project)
	}
	parties := map[string]bool{}
	for _, e := range extracts {
		for _, r := range e.rows {
			parties[e.Entity+" "+r.party()] = true
		}
	}
	for i, e := range project.Entities {
		if !luhn(e.Siren) || e.FiscalYearStart != "01-01" {
			t.Errorf("entity %s: siren %q, fiscal year from %q", e.ID, e.Siren, e.FiscalYearStart)
		}
		found := 0
		for code := range e.PaymentTerms.Customer.Counterparties {
			if parties[e.ID+" "+code] {
				found++
			}
		}
		if found < 3 {
			t.Errorf("entity %s: %d customers with terms of their own stand in the ledger", e.ID, found)
		}
		files, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(project.Sources[i].Paths[0])))
		if err != nil || len(files) != 3 || project.Sources[i].Entity != e.ID {
			t.Errorf("source %+v finds %v (%v)", project.Sources[i], files, err)
		}
	}
	listed := map[string]bool{}
	for _, source := range project.Sources {
		files, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(source.Paths[0])))
		if err != nil || len(files) == 0 || source.Kind == "" {
			t.Errorf("source %+v finds %v (%v)", source, files, err)
		}
		for _, file := range files {
			listed[file] = true
		}
	}
	for _, e := range summary.Extracts {
		if !listed[filepath.Join(dir, filepath.FromSlash(e.Path))] {
			t.Errorf("no source reads %s", e.Path)
		}
	}
	for _, rule := range project.Intercompany {
		if rule.Side == "customer" && !parties[rule.Entity+" "+rule.Counterparties[0]] {
			t.Errorf("no ledger line for the intercompany rule %+v", rule)
		}
	}
}
