package table

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/archive"
)

// maxSpool is the largest workbook or Parquet file that is unpacked from an archive:
// these formats are not read from one end to the other.
const maxSpool = 4 << 30

// archives says how archives of tables are read.
func archives() archive.Use {
	return archive.Use{
		One: "table", Content: "table", Sheet: "Save the sheet as .xlsx or CSV", Workbooks: true,
		Refuse: func(r archive.Refusal) error {
			return &ingest.RefusedError{Path: r.Path, Problem: r.Problem, Advice: r.Advice}
		},
	}
}

// chooseMember finds the table in an archive: it must be the only one. A workbook,
// whose file is an archive itself, is read as it stands.
func (f *File) chooseMember() error {
	f.member = archive.Plain(f.Path)
	switch strings.ToLower(filepath.Ext(f.Path)) {
	case ".xlsx", ".xlsm":
		return nil
	}
	found, passed, err := archives().Members(f.Path)
	var refused *ingest.RefusedError
	switch {
	case errors.As(err, &refused):
		return err
	case err != nil:
		return fmt.Errorf("inspect table %q: %w", f.Path, err)
	case len(found) > 1:
		names := make([]string, len(found))
		for i, m := range found {
			names[i] = m.Name
		}
		return &ingest.RefusedError{
			Path: f.Path, Problem: fmt.Sprintf("the archive holds %d files, and which of them is the table cannot be told: %s", len(found), ingest.QuoteNames(names)),
			Advice: "Unzip it and name the files, or put one table in each archive",
		}
	}
	f.member = found[0]
	if f.member.Archived {
		f.Member = f.member.Name
	}
	for _, name := range passed {
		f.Warnings = append(f.Warnings, name+" in the archive is a document and no table: it was passed over")
	}
	return nil
}

// unpacked is a file on disk that holds what is read: the file itself, or a temporary
// one for a member of an archive, which dropUnpacked removes.
func (f *File) unpacked() (string, error) {
	if !f.member.Archived {
		return f.Path, nil
	}
	return archives().Spool(f.member, maxSpool)
}

func (f *File) dropUnpacked(path string) error {
	if path == f.Path {
		return nil
	}
	return os.Remove(path)
}

// dropping closes a reader of an unpacked file and removes the file.
func (f *File) dropping(path string, r rows) rows {
	if path == f.Path {
		return r
	}
	return unpackedRows{r, func() error { return f.dropUnpacked(path) }}
}

type unpackedRows struct {
	rows
	drop func() error
}

func (r unpackedRows) close() error { return errors.Join(r.rows.close(), r.drop()) }
