package generation

import (
	"bytes"
	"encoding/csv"
	"fmt"

	sqlfiles "github.com/encours/encours/sql"
)

// Reference is a reference table as a project has it.
type Reference struct {
	Table        sqlfiles.Table // name, comment and columns
	File         string         // the file that it is read from
	IsOverridden bool           // by the file of the project
	SHA256       string         // of the file, as the manifest of a generation has it
	Records      [][]string     // header and rows
}

// References reads the reference tables of a project folder: its own file where it
// has one, else the one that is shipped.
func References(projectDir string) ([]Reference, error) {
	refs, err := references(projectDir)
	if err != nil {
		return nil, err
	}
	var list []Reference
	for _, r := range refs {
		table, err := sqlfiles.Schema(r.table)
		if err != nil {
			return nil, err
		}
		records, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(r.text, []byte("\ufeff")))).ReadAll()
		if err != nil {
			return nil, fmt.Errorf("read reference table %q: %w", r.file, err)
		}
		shipped, err := sqlfiles.Files.ReadFile("ref/" + table.Name[len("ref_"):] + ".csv")
		if err != nil {
			return nil, fmt.Errorf("read reference table %q: %w", r.table, err)
		}
		list = append(list, Reference{
			Table: table, File: r.file, SHA256: r.hash(), Records: records,
			IsOverridden: r.file != "sql/ref/"+table.Name[len("ref_"):]+".csv" && !bytes.Equal(shipped, r.text),
		})
	}
	return list, nil
}
