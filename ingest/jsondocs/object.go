package jsondocs

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/encours/encours/ingest/identifier"
)

// Object is a document or a part of one. What is not there reads as nothing: agencies
// leave out, or give empty, the blocks that they have no data for.
type Object map[string]any

// At is the part at a path of keys set apart by dots; nil where there is none.
func (o Object) At(path string) Object {
	for key := range strings.SplitSeq(path, ".") {
		part, ok := o[key].(map[string]any)
		if !ok {
			return nil
		}
		o = part
	}
	return o
}

// Text is the single value at the first of the paths that has one, without spaces at
// its ends; empty where none has.
func (o Object) Text(paths ...string) string {
	for _, path := range paths {
		part, key := o, path
		if i := strings.LastIndexByte(path, '.'); i >= 0 {
			part, key = o.At(path[:i]), path[i+1:]
		}
		text := ""
		switch v := part[key].(type) {
		case string:
			text = strings.TrimSpace(v)
		case json.Number:
			text = v.String()
		case bool:
			text = strconv.FormatBool(v)
		}
		if text != "" {
			return text
		}
	}
	return ""
}

// True says whether the value at one of the paths is yes.
func (o Object) True(paths ...string) bool {
	for _, path := range paths {
		if strings.EqualFold(o.Text(path), "true") {
			return true
		}
	}
	return false
}

// List are the objects of the list at a path, or the one object that stands there.
func (o Object) List(path string) []Object {
	part, key := o, path
	if i := strings.LastIndexByte(path, '.'); i >= 0 {
		part, key = o.At(path[:i]), path[i+1:]
	}
	var out []Object
	switch v := part[key].(type) {
	case map[string]any:
		out = append(out, v)
	case []any:
		for _, item := range v {
			if one, ok := item.(map[string]any); ok {
				out = append(out, one)
			}
		}
	}
	return out
}

// Raw writes the object for a person.
func (o Object) Raw() string {
	text, err := json.Marshal(o) // it came from JSON
	if err != nil {
		return ""
	}
	return string(text)
}

// Day is the day of a text that begins with YYYY-MM-DD, or is YYYYMMDD; a text that is
// neither stays as it is, to be refused by its field.
func Day(text string) string {
	if len(text) == 8 && strings.Trim(text, "0123456789") == "" {
		return text[:4] + "-" + text[4:6] + "-" + text[6:]
	}
	if len(text) > 10 && text[4] == '-' && text[7] == '-' {
		return text[:10]
	}
	return text
}

// SIREN is the SIREN that a registration number holds: it is one, or the SIRET or the
// French VAT number of one, with the right check digits. Empty otherwise.
func SIREN(number string) string {
	number = identifier.Plain(number)
	switch {
	case len(number) == 8 && identifier.IsSIREN(number):
		return "0" + number
	case len(number) == 9 && identifier.IsSIREN(number):
		return number
	case len(number) == 14 && identifier.IsSIRET(number) && identifier.IsSIREN(number[:9]):
		return number[:9]
	case len(number) == 13 && strings.HasPrefix(number, "FR") && identifier.IsVAT(number) && identifier.IsSIREN(number[4:]):
		return number[4:]
	}
	return ""
}
