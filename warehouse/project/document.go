package project

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Problem is one thing that is wrong in a project file. Line and Column are
// 1-based; Key is the path of the key, such as entities[0].siren, and empty for
// the file as a whole.
type Problem struct {
	Line, Column int
	Key          string
	Message      string
}

// InvalidError lists what is wrong in a project file, in the order of the file.
type InvalidError struct {
	File     string
	Problems []Problem
}

func (e *InvalidError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		key := ""
		if p.Key != "" {
			key = p.Key + ": "
		}
		lines[i] = fmt.Sprintf("%s:%d:%d: %s%s", e.File, p.Line, p.Column, key, p.Message)
	}
	return strings.Join(lines, "\n")
}

// document collects the problems of one file.
type document struct {
	file     string
	problems []Problem
}

func (d *document) err() error {
	if len(d.problems) == 0 {
		return nil
	}
	slices.SortStableFunc(d.problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return &InvalidError{File: d.file, Problems: d.problems}
}

// parse returns the root of the document. Keys that stand twice are left to
// record, so that they are reported beside the other problems.
func (d *document) parse(text []byte) (node, bool) {
	root := node{doc: d, line: 1, column: 1}
	file, err := parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		root.problem("the file is not YAML: %v", err)
		var located yaml.Error
		if errors.As(err, &located) && located.GetToken() != nil {
			at := located.GetToken().Position
			d.problems[0] = Problem{at.Line, at.Column, "", "the file is not YAML: " + located.GetMessage()}
		}
		return root, false
	}
	if len(file.Docs) > 1 {
		root.problem("the file holds %d documents: keep one, without a line ---", len(file.Docs))
		return root, false
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil || file.Docs[0].Body.Type() == ast.CommentType {
		root.problem("the file is empty: make one with: encours init --entity ID")
		return root, false
	}
	root.value = file.Docs[0].Body
	return root, true
}

// node is one value of the document, with the path of its key and its place.
type node struct {
	doc          *document
	path         string
	line, column int
	value        ast.Node
}

func (n node) problem(format string, args ...any) {
	n.doc.problems = append(n.doc.problems, Problem{n.line, n.column, n.path, fmt.Sprintf(format, args...)})
}

// at is a value inside n, at its own place.
func (n node) at(path string, value ast.Node) node {
	child := node{doc: n.doc, path: path, value: value, line: n.line, column: n.column}
	if entries, ok := entriesOf(value); ok && len(entries) > 0 {
		value = entries[0].Key
	}
	if token := value.GetToken(); token != nil && token.Position != nil {
		child.line, child.column = token.Position.Line, token.Position.Column
	}
	return child
}

func entriesOf(value ast.Node) ([]*ast.MappingValueNode, bool) {
	switch v := value.(type) {
	case *ast.MappingNode:
		return v.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{v}, true
	}
	return nil, false
}

// entries calls each with every key of a mapping and its value.
func (n node) entries(each func(key string, at, value node)) bool {
	entries, ok := entriesOf(n.value)
	if !ok {
		n.problem("expected keys with values, found %s", n.describe())
		return false
	}
	seen := map[string]bool{}
	for _, entry := range entries {
		key, ok := scalar(entry.Key)
		at := n.at(strings.TrimPrefix(n.path+"."+key, "."), entry.Key)
		switch {
		case !ok:
			at.problem("a key must be a plain word")
		case seen[key]:
			at.problem("the key stands twice: keep one")
		default:
			seen[key] = true
			each(key, at, at.at(at.path, entry.Value))
		}
	}
	return true
}

// record reads a mapping whose keys are known. A key that is not is a problem, as
// is one that is required and missing.
func (n node) record(fields map[string]func(node), required ...string) {
	seen := map[string]bool{}
	ok := n.entries(func(key string, at, value node) {
		read, known := fields[key]
		if !known {
			names := make([]string, 0, len(fields))
			for name := range fields {
				names = append(names, name)
			}
			slices.Sort(names)
			if isSecretKey(key) {
				at.problem(secretAdvice)
				return
			}
			at.problem("unknown key %q: the keys here are %s", key, strings.Join(names, ", "))
			return
		}
		seen[key] = true
		if value.value.Type() == ast.NullType {
			at.problem("no value is given: write one, or remove the key")
			return
		}
		read(value)
	})
	for _, key := range required {
		if ok && !seen[key] {
			n.problem("the key %q is missing", key)
		}
	}
}

// list calls each with every item of a list, which must not be empty.
func (n node) list(each func(item node)) {
	sequence, ok := n.value.(*ast.SequenceNode)
	if !ok {
		n.problem("expected a list, found %s", n.describe())
		return
	}
	if len(sequence.Values) == 0 {
		n.problem("the list is empty: add an item, or remove the key")
	}
	for i, value := range sequence.Values {
		each(n.at(n.path+"["+strconv.Itoa(i)+"]", value))
	}
}

// text reads a single value as it is written.
func (n node) text() (string, bool) {
	s, ok := scalar(n.value)
	if !ok {
		n.problem("expected one value, found %s", n.describe())
		return "", false
	}
	if s = strings.TrimSpace(s); s == "" {
		n.problem("the value is empty")
		return "", false
	}
	return s, true
}

// matching reads a text of a form; what says the form in words.
func (n node) matching(form *regexp.Regexp, what string, into *string) {
	s, ok := n.text()
	if ok && !form.MatchString(s) {
		n.problem("%q is not %s", s, what)
		return
	}
	*into = s
}

// oneOf reads one of a few words.
func (n node) oneOf(into *string, words ...string) {
	s, ok := n.text()
	if ok && !slices.Contains(words, s) {
		n.problem("%q is not one of %s", s, strings.Join(words, ", "))
		return
	}
	*into = s
}

// integer reads a whole number from low to high.
func (n node) integer(low, high int64) int64 {
	s, ok := n.text()
	v, err := strconv.ParseInt(s, 10, 64)
	if ok && (err != nil || v < low || v > high) {
		n.problem("%q is not a whole number from %d to %d", s, low, high)
	}
	return v
}

// date reads YYYY-MM-DD.
func (n node) date() Date {
	s, ok := n.text()
	t, err := time.Parse(time.DateOnly, s)
	if ok && err != nil {
		n.problem("%q is not a date: write YYYY-MM-DD", s)
	}
	return Date{t}
}

// scalar is the text of a single value as it is written, so that a SIREN without
// quotes keeps its leading zeros.
func scalar(value ast.Node) (string, bool) {
	switch v := value.(type) {
	case *ast.StringNode:
		return v.Value, true
	case *ast.LiteralNode:
		return v.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return v.GetToken().Value, true
	}
	return "", false
}

// describe names the shape of a value for a message.
func (n node) describe() string {
	switch n.value.Type() {
	case ast.MappingType, ast.MappingValueType:
		return "keys with values"
	case ast.SequenceType:
		return "a list"
	case ast.NullType:
		return "nothing"
	case ast.AnchorType, ast.AliasType, ast.TagType, ast.MergeKeyType:
		return "an anchor, an alias or a tag, which this file cannot use"
	}
	return "a single value"
}
