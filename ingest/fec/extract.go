package fec

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/encours/encours/ingest"
)

// Extract is one ledger as it lies on disk: a file, an archive, or the parts of
// which a split ledger consists. Its fields are not to be changed.
type Extract struct {
	Path     string  // of the file; for several, one pattern that names them all
	Parts    []*File // in their order
	Size     int64   // on disk, in bytes
	Content  int64   // in bytes, once decompressed: what progress counts up to
	SHA256   string  // of the bytes on disk, lower-case hexadecimal; for several files, of their digests
	Extra    []string
	Warnings []ingest.Warning
}

// InspectExtract reads the files of one ledger, in their order, and finds out how
// they are to be read. An archive of several files is a split ledger, its parts
// in the order of their names. A ledger that is not one FEC gives a
// *ingest.RefusedError; Options.Part is not used.
func InspectExtract(ctx context.Context, paths []string, o Options) (*Extract, error) {
	x := &Extract{Path: groupName(paths)}
	var digests []string
	for _, path := range paths {
		info, err := regularFile(path)
		if err != nil {
			return nil, err
		}
		found, warnings, err := members(path)
		if err != nil {
			return nil, wrapRead(path, err)
		}
		x.Size += info.Size()
		x.Warnings = append(x.Warnings, warnings...)
		for _, m := range found {
			o.Part = len(x.Parts) + 1
			f, err := inspectMember(ctx, m, info, o)
			if err != nil {
				return nil, err
			}
			x.Parts = append(x.Parts, f)
			x.Content += f.Size
		}
		digest := x.Parts[len(x.Parts)-1].SHA256
		if !x.Parts[len(x.Parts)-1].member.plain() {
			if digest, err = digestFile(path); err != nil {
				return nil, err
			}
		}
		digests = append(digests, digest)
	}
	x.SHA256 = digests[0]
	if len(digests) > 1 {
		sum := sha256.New()
		for _, d := range digests {
			io.WriteString(sum, d+"\n") // a hash never fails
		}
		x.SHA256 = hex.EncodeToString(sum.Sum(nil))
	}
	return x, x.join()
}

func digestFile(path string) (string, error) {
	in, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("inspect FEC: %w", err)
	}
	defer in.Close() // nothing was written to it
	sum := sha256.New()
	if _, err := io.Copy(sum, in); err != nil {
		return "", fmt.Errorf("inspect FEC %q: %w", path, err)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// join checks that the parts are those of one ledger, and gives them one list of
// extra columns.
func (x *Extract) join() error {
	if len(x.Parts) > MaxParts {
		return &ingest.RefusedError{
			Path: x.Path, Reason: RefusedParts, Problem: fmt.Sprintf("it has %d parts; at most %d are taken", len(x.Parts), MaxParts),
			Advice: "Join some of them into larger files, each with its header",
		}
	}
	if err := x.oneLedger(); err != nil {
		return err
	}
	first := map[string]*File{}
	at := map[string]int{}
	for _, f := range x.Parts {
		if other := first[string(f.firstLine)]; other != nil && len(f.firstLine) > 0 {
			return &ingest.RefusedError{
				Path: x.Path, Reason: RefusedParts,
				Problem: fmt.Sprintf("%s and %s start with the same line, so they are two extracts of one ledger rather than parts of it", other.Label, f.Label),
				Advice:  "Give the later one only",
			}
		}
		first[string(f.firstLine)] = f
		for _, name := range f.Extra {
			if _, ok := at[foldName(name)]; !ok {
				at[foldName(name)] = len(x.Extra)
				x.Extra = append(x.Extra, name)
			}
		}
	}
	for _, f := range x.Parts {
		f.stream = slices.Repeat([]int{-1}, len(x.Extra))
		for i, name := range f.Extra {
			f.stream[at[foldName(name)]] = f.layout.extra[i]
		}
	}
	return nil
}

// oneLedger refuses parts whose names say that they are of several years or
// companies.
func (x *Extract) oneLedger() error {
	var year time.Time
	var company string
	for _, f := range x.Parts {
		siren, end, ok := NameFacts(f.Name)
		switch {
		case !ok:
			continue
		case !year.IsZero() && !end.Equal(year):
			return x.severalLedgers(year.Format(time.DateOnly), end.Format(time.DateOnly))
		case company != "" && siren != "" && siren != company:
			return x.severalLedgers(company, siren)
		}
		year = end
		if siren != "" {
			company = siren
		}
	}
	return nil
}

func (x *Extract) severalLedgers(one, other string) error {
	return &ingest.RefusedError{
		Path: x.Path, Reason: RefusedParts,
		Problem: fmt.Sprintf("the names of its parts say that they are of several ledgers (%s and %s)", one, other),
		Advice:  "Load them one by one: unzip an archive first, and leave out --parts or parts: true",
	}
}

// Convert is File.Convert for each part in turn. Reject.File names the part where
// there are several.
func (x *Extract) Convert(ctx context.Context, w io.Writer, reject func(ingest.Reject) error, progress func(bytesDone int64)) (Stats, error) {
	var all Stats
	var done int64
	for _, f := range x.Parts {
		keep, seen := reject, progress
		if len(x.Parts) > 1 {
			name := f.Name
			keep = func(r ingest.Reject) error {
				r.File = name
				return reject(r)
			}
		}
		if progress != nil {
			before := done
			seen = func(n int64) { progress(before + n) }
		}
		stats, err := f.Convert(ctx, w, keep, seen)
		if err != nil {
			return all, err
		}
		if len(x.Parts) > 1 && stats.lastLine > MaxPartLines {
			return all, &ingest.RefusedError{
				Path: f.Path, Reason: RefusedParts, Problem: fmt.Sprintf("a part of a split ledger has more than %d lines", MaxPartLines),
				Advice: "Split the ledger into smaller parts, or join them into one file with one header",
			}
		}
		all.add(stats, f, len(x.Parts) > 1)
		done += f.Size
	}
	all.Warnings = append(slices.Clone(x.Warnings), all.Warnings...)
	return all, nil
}

// add joins the counts of one more part.
func (s *Stats) add(p Stats, f *File, several bool) {
	if s.Charset == "" {
		s.Charset, s.Separator, s.LineEnd = p.Charset, p.Separator, p.LineEnd
	}
	s.Lines += p.Lines
	s.Rows += p.Rows
	s.Rejects += p.Rejects
	s.Blank += p.Blank
	s.ReplacedControls += p.ReplacedControls
	s.Unquoted += p.Unquoted
	if s.FirstDate.IsZero() || !p.FirstDate.IsZero() && p.FirstDate.Before(s.FirstDate) {
		s.FirstDate = p.FirstDate
	}
	if p.LastDate.After(s.LastDate) {
		s.LastDate = p.LastDate
	}
	for _, w := range p.Warnings {
		switch {
		case slices.Contains(s.Warnings, w):
		case several && w != CashBasisWarning():
			w.Part = f.Name
			s.Warnings = append(s.Warnings, w)
		default:
			s.Warnings = append(s.Warnings, w)
		}
	}
}

// CashBasis tells whether a part is a cash-basis book; see File.CashBasis.
func (x *Extract) CashBasis() bool {
	return slices.ContainsFunc(x.Parts, func(f *File) bool { return f.CashBasis })
}

// YearEnd is the DateCloture of an XML file, zero elsewhere.
func (x *Extract) YearEnd() time.Time { return x.Parts[0].YearEnd }

// NameFacts is the function of that name for the first file whose name tells
// something: the file on disk, or the one in the archive.
func (x *Extract) NameFacts() (siren string, yearEnd time.Time, ok bool) {
	for _, f := range x.Parts {
		for _, name := range []string{filepath.Base(f.Path), f.Name} {
			if siren, yearEnd, ok = NameFacts(name); ok {
				return siren, yearEnd, ok
			}
		}
	}
	return "", time.Time{}, false
}

// Files names the files and, in archives, the files in them.
func (x *Extract) Files() []string {
	var out []string
	for _, f := range x.Parts {
		out = append(out, f.Name)
	}
	return out
}
