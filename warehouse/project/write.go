package project

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"text/template"
)

var newFile = template.Must(template.New(FileName).Funcs(template.FuncMap{"quote": quote}).Parse(
	`# The project file of Encours. Every key is checked: an unknown one is an error.
version: 1
# name: Groupe Démonstration    # of the group; by default the name of this folder
currency: EUR                   # of the group, ISO code
data: data                      # where Encours keeps its data, relative to this file

entities:
{{- range .}}
  - id: {{quote .ID}}
    name: {{quote .Name}}
    {{- if .SIREN}}
    siren: {{quote .SIREN}}
    {{- else}}
    # siren: "552081317"
    {{- end}}
    # currency: EUR
    # fiscal_year_start: "01-01"      # the first day of every fiscal year, MM-DD
    # fiscal_years: [2022-04-01]      # or the first days themselves, where they vary
    # matching: fifo                  # only where the ledger carries no lettering: figures are estimated
    # payment_terms:
    #   customer: { default: "30 jours fin de mois", counterparties: { C0001: "NET 60" } }
    #   supplier: { default: "NET 45" }
{{- end}}

# Counterparties that belong to the group; entity and side are optional.
# intercompany:
#   - { side: customer, counterparties: ["IC*"] }

# Where the extracts are: "encours ingest" reads them all.
# sources:
{{- range .}}
#   - name: compta-{{.ID}}
#     kind: fec
#     entity: {{quote .ID}}
#     paths: ["extracts/{{.ID}}/*.txt"]
{{- end}}

rejects: { max_lines: 0 }             # more rejected lines than this: exit code 3
build: { keep_generations: 3, history_months: 36 }
resources: { memory: 4GB, threads: 0, temp: 50GB }    # threads 0: every core
serve: { addr: "127.0.0.1:8080" }
`))

// Write makes a commented project file in dir, which is created if needed, and
// returns its path. ID, Name and SIREN of the entities are used; a Name may be
// empty. It never overwrites a file, and writes none that Load would refuse.
func Write(dir string, entities ...Entity) (string, error) { return WriteWith(dir, "", entities...) }

// WriteWith is Write with more text at the end of the file, which Load must accept.
func WriteWith(dir, more string, entities ...Entity) (string, error) {
	entities = slices.Clone(entities)
	for i := range entities {
		if entities[i].Name == "" {
			entities[i].Name = entities[i].ID
		}
	}
	path := filepath.Join(dir, FileName)
	var text bytes.Buffer
	if err := newFile.Execute(&text, entities); err != nil {
		return "", fmt.Errorf("write project file %q: %w", path, err)
	}
	text.WriteString(more)
	if _, err := parse(path, text.Bytes()); err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("write project file: %w", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, os.ErrExist) {
		return "", fmt.Errorf("write project file %q: it is there already; edit it, or choose another folder", path)
	}
	if err != nil {
		return "", fmt.Errorf("write project file: %w", err)
	}
	_, err = f.Write(text.Bytes())
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", fmt.Errorf("write project file %q: %w", path, err)
	}
	return path, nil
}

// quote writes a text as YAML: JSON's quoted form is YAML too.
func quote(s string) (string, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(s); err != nil {
		return "", err
	}
	return string(bytes.TrimSpace(out.Bytes())), nil
}
