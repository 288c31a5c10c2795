package bodacc

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// deepest bounds how deep a record may nest.
const deepest = 24

// tree is a record or a part of it: map[string]any with names in lower case, []any,
// or string.
type tree = any

// plain makes a decoded JSON value a tree: numbers and booleans as their text, null as
// nothing, and a string that holds an object or a list as what it holds.
func plain(value any, depth int) tree {
	if depth > deepest {
		return nil
	}
	switch v := value.(type) {
	case map[string]any:
		made := make(map[string]any, len(v))
		for name, inner := range v {
			if part := plain(inner, depth+1); part != nil {
				made[strings.ToLower(name)] = part
			}
		}
		return made
	case []any:
		made := make([]any, 0, len(v))
		for _, inner := range v {
			if part := plain(inner, depth+1); part != nil {
				made = append(made, part)
			}
		}
		return made
	case string:
		return nested(v, depth)
	case nil:
		return nil
	default:
		return fmt.Sprint(v)
	}
}

// nested opens a string that is JSON itself.
func nested(text string, depth int) tree {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil
	}
	if looksNested(text) {
		// a line end in a text of it was not escaped
		clean := strings.Map(func(c rune) rune {
			if c < ' ' {
				return ' '
			}
			return c
		}, text)
		decoder := json.NewDecoder(strings.NewReader(clean))
		decoder.UseNumber()
		var value any
		if decoder.Decode(&value) == nil && !decoder.More() {
			return plain(value, depth+1)
		}
	}
	return repair(strings.ToValidUTF8(text, "\uFFFD"))
}

func looksNested(text string) bool { return text != "" && (text[0] == '{' || text[0] == '[') }

// part is what stands at a path of names; of a list, in its first element that has it.
func part(t tree, path ...string) tree {
	if len(path) == 0 {
		return t
	}
	switch v := t.(type) {
	case map[string]any:
		return part(v[path[0]], path[1:]...)
	case []any:
		for _, inner := range v {
			if found := part(inner, path...); found != nil {
				return found
			}
		}
	}
	return nil
}

// text is the text at a path, "" where there is none; a list of texts is joined.
func text(t tree, path ...string) string {
	switch v := part(t, path...).(type) {
	case string:
		return strings.TrimSpace(v)
	case []any:
		var all []string
		for _, inner := range v {
			if s, ok := inner.(string); ok {
				all = append(all, s)
			}
		}
		return strings.Join(all, ", ")
	}
	return ""
}

// firstText is the first of several paths that has a text.
func firstText(t tree, paths ...[]string) string {
	for _, path := range paths {
		if s := text(t, path...); s != "" {
			return s
		}
	}
	return ""
}

// list is what stands there as a list: one thing is a list of one.
func list(t tree) []any {
	switch v := t.(type) {
	case nil:
		return nil
	case []any:
		return v
	default:
		return []any{v}
	}
}

// find looks for a name anywhere below, in the order of the names.
func find(t tree, name string) []tree {
	var found []tree
	switch v := t.(type) {
	case map[string]any:
		if at, ok := v[name]; ok {
			found = append(found, at)
		}
		for _, inner := range sorted(v) {
			if inner != name {
				found = append(found, find(v[inner], name)...)
			}
		}
	case []any:
		for _, inner := range v {
			found = append(found, find(inner, name)...)
		}
	}
	return found
}

// raw writes a tree for a reject.
func raw(t tree) string {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(t) != nil {
		return ""
	}
	const most = 64 << 10
	s := strings.TrimSpace(out.String())
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + " … (cut at 64 KiB)"
	}
	return s
}
