// Package companies reads answers about companies, as JSON: of the company search
// (recherche-entreprises.api.gouv.fr) and of the Sirene API of INSEE, version 3.11. A
// file holds one answer, a list of them, or one after the other.
//
// Invariant: every company and every establishment of an answer becomes a row or a
// reject that names the record; what is not published ([ND]) is no value.
package companies

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/archive"
	"github.com/encours/encours/ingest/canonical"
	"github.com/encours/encours/ingest/sirene"
	"github.com/encours/encours/ingest/stream"
)

// longestAnswer bounds the memory that one answer may take.
const longestAnswer = 64 << 20

// File is a file of answers.
type File struct {
	path     string
	members  []archive.Member
	digest   string
	size     int64
	datasets []string
	found    map[string]bool
	direct   map[string]bool // SIRENs whose legal unit is answered, and not only told beside an establishment
}

// Open reads a file of answers once, to see what is in it. One that is no JSON, or
// holds no answer, is an *ingest.RefusedError.
func Open(ctx context.Context, path string) (*File, error) {
	f := &File{path: path, direct: map[string]bool{}, found: map[string]bool{}}
	var err error
	if f.digest, f.size, err = stream.Digest(ctx, path, nil); err != nil {
		return nil, fmt.Errorf("read answers: %w", err)
	}
	use := archive.Use{One: "JSON file of answers", Content: "companies", Sheet: "Load the JSON of the API", Refuse: func(r archive.Refusal) error {
		return &ingest.RefusedError{Path: r.Path, Problem: r.Problem, Advice: r.Advice, Reason: "archive"}
	}}
	if f.members, _, err = use.Members(path); err != nil {
		return nil, err
	}
	some, err := f.survey(ctx)
	if err != nil {
		return nil, err
	}
	if !some {
		return nil, &ingest.RefusedError{Path: path, Reason: "answer.none", Problem: "it holds no answer about a company", Advice: "Give the JSON of the company search or of the Sirene API as it came"}
	}
	if len(f.datasets) == 0 {
		f.datasets = []string{sirene.LegalUnits}
	}
	return f, nil
}

// Bytes reads answers that are in memory, such as those of an API. name stands for the
// file in messages.
func Bytes(ctx context.Context, name string, text []byte) (*File, error) {
	sum := sha256.Sum256(text)
	f := &File{path: name, digest: hex.EncodeToString(sum[:]), size: int64(len(text)), direct: map[string]bool{}, found: map[string]bool{}}
	f.members = []archive.Member{{Path: name, Label: name, Name: name, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(string(text))), nil
	}}}
	_, err := f.survey(ctx)
	return f, err
}

// survey reads the answers to see of which datasets they have rows; some says whether
// they hold anything.
func (f *File) survey(ctx context.Context) (some bool, err error) {
	err = f.each(ctx, nil, func(e entry) error {
		some = true
		f.found[e.dataset] = true
		if e.dataset == sirene.LegalUnits && !e.beside && e.wrong == nil {
			f.direct[fmt.Sprint(e.values["siren"])] = true
		}
		return nil
	})
	for _, dataset := range []string{sirene.LegalUnits, sirene.Establishments, sirene.Periods} {
		if f.found[dataset] {
			f.datasets = append(f.datasets, dataset)
		}
	}
	return some, err
}

// Datasets implements ingest.Shaped.
func (f *File) Datasets() []string { return f.datasets }

// Digest implements ingest.Shaped.
func (f *File) Digest() (string, int64) { return f.digest, f.size }

// Notes implements ingest.Shaped.
func (f *File) Notes() map[string]string { return map[string]string{"format": "json"} }

// Convert implements ingest.Shaped.
func (f *File) Convert(ctx context.Context, dataset string, fields []ingest.Field, w io.Writer, reject func(ingest.Reject) error, progress func(int64)) (ingest.ShapedStats, error) {
	var stats ingest.ShapedStats
	out, err := canonical.NewWriter(w, fields, reject)
	if err != nil {
		return stats, err
	}
	err = f.each(ctx, progress, func(e entry) error {
		at := ingest.Reject{Line: e.record, Raw: ingest.Cut(e.raw, 64<<10)}
		own := e.dataset == dataset || e.dataset == "" && len(f.datasets) > 0 && dataset == f.datasets[0]
		switch {
		case !own, e.beside && e.wrong == nil && f.direct[fmt.Sprint(e.values["siren"])]:
			return nil
		case e.wrong != nil:
			return out.Reject(at, e.wrong.Column, e.wrong.Value, e.wrong.Reason, e.wrong.Message)
		}
		before := out.Rows
		if err := out.Write(at, e.values); err != nil || out.Rows == before {
			return err
		}
		if day, err := time.Parse(time.DateOnly, firstDay(e.values["updated_on"])); err == nil {
			if stats.First.IsZero() || day.Before(stats.First) {
				stats.First = day
			}
			if day.After(stats.Last) {
				stats.Last = day
			}
		}
		return nil
	})
	if err != nil {
		return stats, err
	}
	stats.Rows, stats.Rejects = out.Rows, out.Rejects
	return stats, out.Flush()
}

func firstDay(value any) string {
	text, _ := value.(string)
	return text[:min(len(text), len(time.DateOnly))]
}

// each calls back for every row of every answer of the file.
func (f *File) each(ctx context.Context, progress func(int64), row func(entry) error) error {
	var record int64
	for _, m := range f.members {
		in, err := m.Open()
		if err != nil {
			return err
		}
		err = decode(ctx, in, progress, func(answer object) error { return entries(answer, &record, row) })
		if closeErr := in.Close(); err == nil {
			err = closeErr
		}
		var syntax *json.SyntaxError
		switch {
		case errors.As(err, &syntax), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, errShape):
			return &ingest.RefusedError{
				Path: m.Label, Reason: "json.invalid", Problem: fmt.Sprintf("behind record %d it is not the JSON of answers (%v)", record, err), Advice: "Fetch it again and save it as it comes",
			}
		case err != nil:
			return err
		}
	}
	return nil
}

var errShape = errors.New("an object or a list of objects is expected")

// decode calls back for each answer: the file is one, a list of them, or one after the
// other.
func decode(ctx context.Context, in io.Reader, progress func(int64), answer func(object) error) error {
	buffered := bufio.NewReaderSize(in, 1<<18)
	if mark, err := buffered.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = buffered.Discard(3)
	}
	bounded := &stream.Bounded{In: buffered, Limit: longestAnswer, Err: fmt.Errorf("%w: one answer is longer than %d MB", errShape, longestAnswer>>20)}
	decoder := json.NewDecoder(bounded)
	decoder.UseNumber()
	first, err := decoder.Token()
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		return err
	}
	one := func() error {
		if err := ctx.Err(); err != nil {
			return err
		}
		var o object
		if err := decoder.Decode(&o); err != nil {
			var kind *json.UnmarshalTypeError
			if errors.As(err, &kind) {
				return errShape
			}
			return err
		}
		bounded.Reset()
		if progress != nil {
			progress(decoder.InputOffset())
		}
		return answer(o)
	}
	switch first {
	case json.Delim('['):
		for decoder.More() {
			if err := one(); err != nil {
				return err
			}
		}
		_, err := decoder.Token()
		return unexpected(err)
	case json.Delim('{'):
		o, err := restOf(decoder)
		if err != nil {
			return unexpected(err)
		}
		bounded.Reset()
		if err := answer(o); err != nil {
			return err
		}
		for {
			if err := one(); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
		}
	}
	return errShape
}

func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// restOf reads an object whose opening brace has been read.
func restOf(decoder *json.Decoder) (object, error) {
	o := object{}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		key, ok := token.(string)
		if !ok {
			return nil, errShape
		}
		var value any
		if err := decoder.Decode(&value); err != nil {
			return nil, err
		}
		o[key] = value
	}
	_, err := decoder.Token()
	return o, err
}
