// Package jsondocs reads files of JSON documents, such as the reports of an agency: one
// document, a list of them, or one after the other, plain or in an archive.
//
// Invariant: every document is handed on once, with its rank in the file; a file that
// is not JSON to its end is refused, with the rank behind which it breaks off.
package jsondocs

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/archive"
	"github.com/encours/encours/ingest/stream"
)

// longest bounds the memory that one document may take.
const longest = 64 << 20

var errShape = errors.New("an object or a list of objects is expected")

// File is a file of documents.
type File struct {
	Path    string
	What    string // what a document is, for messages: "report of D&B"
	SHA256  string // of the bytes on disk
	Size    int64
	members []archive.Member
}

// Open hashes a file and finds its members. What is no file of documents gives an
// *ingest.RefusedError, here or in Each.
func Open(ctx context.Context, path, what string) (*File, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, fmt.Errorf("open documents: %w", err)
	case !info.Mode().IsRegular():
		return nil, &ingest.RefusedError{Path: path, Problem: "it is not a regular file", Advice: "Name the file itself: it is read twice"}
	case info.Size() == 0:
		return nil, &ingest.RefusedError{Path: path, Problem: "it is empty", Advice: "Fetch it again; the download may have failed"}
	}
	f := &File{Path: path, What: what}
	use := archive.Use{One: "JSON file", Content: "documents", Sheet: "Load the JSON as it came", Refuse: func(r archive.Refusal) error {
		return &ingest.RefusedError{Path: r.Path, Problem: r.Problem, Advice: r.Advice, Reason: "archive"}
	}}
	if f.members, _, err = use.Members(path); err != nil {
		return nil, err
	}
	if f.SHA256, f.Size, err = stream.Digest(ctx, path, nil); err != nil {
		return nil, fmt.Errorf("read documents: %w", err)
	}
	return f, nil
}

// Each calls back for every document with its rank from 1. progress, which may be nil,
// is told the bytes read.
func (f *File) Each(ctx context.Context, progress func(int64), document func(record int64, o Object) error) error {
	var record, done int64
	for _, m := range f.members {
		in, err := m.Open()
		if err != nil {
			return err
		}
		var own error // of the callback: it says itself what it is about
		counting := &stream.Counting{In: stream.Until(ctx, in), Done: done, Progress: progress}
		err = Decode(counting, func(o Object) error {
			record++
			own = document(record, o)
			return own
		})
		done = counting.Done
		if closeErr := in.Close(); err == nil {
			err = closeErr
		}
		switch {
		case err == nil:
		case own != nil, ctx.Err() != nil:
			return err
		default:
			return &ingest.RefusedError{
				Path: m.Label, Reason: "json.invalid", Advice: "Fetch it again and save it as it comes",
				Problem: fmt.Sprintf("behind record %d it is not the JSON of a %s (%v)", record, f.What, err),
			}
		}
	}
	if record == 0 {
		return &ingest.RefusedError{Path: f.Path, Reason: "json.empty", Problem: "it holds no " + f.What, Advice: "Give the JSON as it came"}
	}
	return nil
}

// Decode calls back for each object of a text: it is one, a list of them, or one after
// the other. A byte order mark in front is passed over.
func Decode(in io.Reader, document func(Object) error) error {
	buffered := bufio.NewReaderSize(in, 1<<18)
	if mark, err := buffered.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = buffered.Discard(3)
	}
	bounded := &stream.Bounded{In: buffered, Limit: longest, Err: fmt.Errorf("a document is longer than %d bytes", longest)}
	decoder := json.NewDecoder(bounded)
	decoder.UseNumber()
	var raw json.RawMessage
	next := func() error {
		bounded.Reset()
		raw = nil
		if err := decoder.Decode(&raw); err != nil {
			return err
		}
		return objects(raw, document)
	}
	if first, err := firstByte(buffered); err != nil || first != '[' {
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		for {
			if err := next(); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
		}
	}
	if _, err := decoder.Token(); err != nil {
		return err
	}
	for decoder.More() {
		if err := next(); errors.Is(err, io.EOF) {
			return io.ErrUnexpectedEOF
		} else if err != nil {
			return err
		}
	}
	if _, err := decoder.Token(); errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	} else if err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more follows the list")
	}
	return nil
}

// objects hands on an object.
func objects(raw json.RawMessage, document func(Object) error) error {
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	decoder.UseNumber()
	var o Object
	if err := decoder.Decode(&o); err != nil || o == nil {
		return errShape
	}
	return document(o)
}

// firstByte is the first that is no white space, which is passed over.
func firstByte(in *bufio.Reader) (byte, error) {
	for {
		b, err := in.Peek(1)
		if err != nil {
			return 0, err
		}
		switch b[0] {
		case ' ', '\t', '\r', '\n':
			_, _ = in.Discard(1)
		default:
			return b[0], nil
		}
	}
}
