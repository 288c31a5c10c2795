// Package push reads messages that other programs send: NDJSON, JSON, CSV, Parquet
// and Arrow, whose fields are named as the dataset names them.
//
// Invariant: a message is refused as a whole, or each of its records becomes one
// canonical row or one reject. A name that the dataset does not have, a name given
// twice in a header and anything that is not of the declared format refuse the
// whole message: then the sender is at fault, and rows that it did land would hide
// it. A value that does not fit rejects its record. Nothing is unpacked beyond the
// limits, whatever a message says of its own size.
package push

import (
	"fmt"
	"mime"
	"slices"
	"strings"
)

// Format is how a message is written.
type Format string

// The formats.
const (
	NDJSON  Format = "ndjson"  // one JSON object per line
	JSON    Format = "json"    // an array of objects, or an object with rows
	CSV     Format = "csv"     // UTF-8, commas, the names of the fields in the first record
	Parquet Format = "parquet" // flat columns
	Arrow   Format = "arrow"   // IPC, stream or file
)

// contentTypes are the formats by media type.
func contentTypes() map[string]Format {
	return map[string]Format{
		"application/x-ndjson": NDJSON, "application/ndjson": NDJSON, "application/jsonl": NDJSON,
		"application/json": JSON, "text/csv": CSV,
		"application/vnd.apache.parquet":      Parquet,
		"application/vnd.apache.arrow.stream": Arrow, "application/vnd.apache.arrow.file": Arrow,
	}
}

// Limits bound one message.
type Limits struct {
	MaxRows  int64 // records, those that are rejected included
	MaxBytes int64 // of what a Parquet or Arrow message unpacks to
}

// Refusal says why a message is refused as a whole. Its text is for the sender.
type Refusal struct {
	Code    string // stable, such as "fields.unknown"
	Message string // what is wrong, where, and what to do
}

func (r *Refusal) Error() string { return r.Message }

func refuse(code, format string, args ...any) error {
	return &Refusal{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Codes of refusals that are not about the content.
const (
	CodeContentType = "content_type" // no such format, or one that this program was built without
	CodeTooLarge    = "too_large"    // beyond the limits
)

// ParseContentType reads a Content-Type header. What is unknown is a *Refusal.
func ParseContentType(header string) (Format, error) {
	known := contentTypes()
	media, params, err := mime.ParseMediaType(header)
	format, ok := known[media]
	if err != nil || !ok {
		var names []string
		for name := range known {
			names = append(names, name)
		}
		slices.Sort(names)
		return "", refuse(CodeContentType, "the Content-Type %q is not known: send one of %s", header, strings.Join(names, ", "))
	}
	if charset := params["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") && !strings.EqualFold(charset, "us-ascii") {
		return "", refuse(CodeContentType, "the charset %q is not read here: send UTF-8", charset)
	}
	if format == Arrow && !arrowBuilt {
		return "", refuse(CodeContentType, "this program was built without Arrow: build it with -tags duckdb_arrow, or send Parquet")
	}
	return format, nil
}
