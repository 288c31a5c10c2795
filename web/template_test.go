package web

import (
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template/parse"
)

// pageStructs is the data of each template.
var pageStructs = map[string]any{
	"overview": overviewPage{}, "ageing": ageingPage{}, "counterparty": counterpartyPage{}, "item": itemPage{},
	"proof": proofPage{}, "data": dataPage{}, "quality": qualityPage{},
	"payment-terms": paymentTermsPage{}, "payment-terms-invoices": termsInvoicesPage{}, "payment-terms-breaches": termsBreachesPage{},
	"disputes":       disputesPage{},
	"concentration":  concentrationPage{},
	"roll-rates":     rollRatesPage{},
	"credit-loss":    creditLossPage{},
	"late-statement": lateStatementPage{},
	"late-interest":  lateInterestPage{},
	"dictionary":     dictionaryPage{},
	"cash-forecast":  cashForecastPage{},
	"key-figures":    keyFiguresPage{},
	"exposure":       exposurePage{},
	"risk":           riskPage{},
	"segments":       segmentsPage{},
	"decisions":      decisionsPage{},
	"worklist":       worklistPage{},
	"dunning":        dunningPage{},
	"alerts":         alertsPage{},
	"matching":       matchingPage{},
	"lookup":         lookupPage{},
	"changes":        changesPage{},
	"currencies":     currenciesPage{},
	"sources":        sourcesPage{}, "problem": problemPage{}, "sign-in": signInForm{},
}

// keyPattern is a key that a template builds from literal and variable parts.
type keyPattern struct {
	text    string
	matches *regexp.Regexp
}

// TestTemplatesFitTheirStructs walks every branch of every template and checks
// that each field and method exists, as execution would only check the branches
// that it takes.
func TestTemplatesFitTheirStructs(t *testing.T) {
	s := newTestServer(t)
	if len(pageStructs) != len(pages) {
		t.Fatalf("%d structs for %d pages", len(pageStructs), len(pages))
	}
	for _, page := range pages {
		t.Run(page, func(t *testing.T) {
			w := newWalker(s.templates["en"][page])
			w.template("layout.html", reflect.TypeOf(pageStructs[page]))
			for _, problem := range w.problems {
				t.Error(problem)
			}
			if w.fields < 10 {
				t.Errorf("only %d fields were checked: the walk does not reach the page", w.fields)
			}
		})
	}
}

func TestWalkerFindsAMissingField(t *testing.T) {
	parsed := template.Must(template.New("x").Parse(`{{if .Version}}{{range .Months}}{{.Nothing}}{{end}}{{end}}`))
	w := newWalker(parsed)
	w.template("x", reflect.TypeOf(overviewPage{}))
	if len(w.problems) != 1 || !strings.Contains(w.problems[0], "Nothing") {
		t.Errorf("problems: %q", w.problems)
	}
}

func TestEveryKeyHasATextAndEveryTextAKey(t *testing.T) {
	s := newTestServer(t)
	var patterns []keyPattern
	for _, page := range pages {
		w := newWalker(s.templates["en"][page])
		w.template("layout.html", reflect.TypeOf(pageStructs[page]))
		patterns = append(patterns, w.keys...)
	}
	patterns = append(patterns, goKeys(t)...)
	english, french := s.locales["en"].texts, s.locales["fr"].texts
	for key := range english {
		if _, ok := french[key]; !ok {
			t.Errorf("%q has no French text", key)
		}
		if !slices.ContainsFunc(patterns, func(p keyPattern) bool { return p.matches.MatchString(key) }) {
			t.Errorf("%q is not used", key)
		}
	}
	for key := range french {
		if _, ok := english[key]; !ok {
			t.Errorf("%q has no English text", key)
		}
	}
	for _, pattern := range patterns {
		if !slices.ContainsFunc(slices.Collect(mapKeys(english)), pattern.matches.MatchString) {
			t.Errorf("no text for %q", pattern.text)
		}
	}
}

func TestTextsOfBothLanguagesTakeTheSameArguments(t *testing.T) {
	s := newTestServer(t)
	argument := regexp.MustCompile(`\{\d\}`)
	for key, english := range s.locales["en"].texts {
		french := s.locales["fr"].texts[key]
		a, b := argument.FindAllString(english, -1), argument.FindAllString(french, -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Errorf("%q takes %v in English and %v in French", key, a, b)
		}
		if strings.TrimSpace(english) == "" || strings.TrimSpace(french) == "" {
			t.Errorf("%q is empty", key)
		}
	}
}

func mapKeys(texts map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for key := range texts {
			if !yield(key) {
				return
			}
		}
	}
}

// goKeys finds the keys in the Go files: whole ones, and those that end in a dot
// because a part follows.
func goKeys(t *testing.T) []keyPattern {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	call := regexp.MustCompile(`\.(T|N|Name)\(([^)]*)|Allowed: "([a-z_.]+)"|"(sign_in\.[a-z_]+)"`)
	literal := regexp.MustCompile(`"([a-z_0-9.+-]*)"`)
	var patterns []keyPattern
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range call.FindAllStringSubmatch(string(source), -1) {
			argument, _, _ := strings.Cut(found[2], ",")
			var parts []string
			for _, part := range strings.Split(argument, "+") {
				if text := literal.FindStringSubmatch(part); text != nil {
					parts = append(parts, regexp.QuoteMeta(text[1]))
				} else {
					parts = append(parts, `[a-z_0-9+.-]+`)
				}
			}
			expression := strings.Join(parts, "")
			switch {
			case found[3] != "":
				expression = regexp.QuoteMeta(found[3])
			case found[4] != "":
				expression = regexp.QuoteMeta(found[4])
			case !strings.Contains(argument, `"`):
				continue
			case found[1] == "Name":
				expression += `\..+`
			}
			patterns = append(patterns, keyPattern{text: expression, matches: regexp.MustCompile("^" + expression + "$")})
		}
	}
	if len(patterns) < 15 {
		t.Fatalf("only %d keys found in the Go files", len(patterns))
	}
	return patterns
}

func newTestServer(t testing.TB) *server {
	t.Helper()
	s := &server{}
	var err error
	if s.locales, err = loadLocales(); err != nil {
		t.Fatal(err)
	}
	if s.assets, err = loadAssets(); err != nil {
		t.Fatal(err)
	}
	if s.templates, err = s.parseTemplates(); err != nil {
		t.Fatal(err)
	}
	return s
}

// walker follows the types through a template.
type walker struct {
	root     *template.Template
	funcs    map[string]reflect.Type
	seen     map[string]bool
	keys     []keyPattern
	problems []string
	fields   int
}

func newWalker(root *template.Template) *walker {
	w := &walker{root: root, seen: map[string]bool{}, funcs: map[string]reflect.Type{}}
	for name, function := range templateFuncs(&locale{}, &assets{}) {
		w.funcs[name] = reflect.TypeOf(function)
	}
	return w
}

func (w *walker) problem(format string, args ...any) {
	w.problems = append(w.problems, fmt.Sprintf(format, args...))
}

func (w *walker) template(name string, dot reflect.Type) {
	id := name + fmt.Sprint(dot)
	found := w.root.Lookup(name)
	if found == nil {
		w.problem("no template %q", name)
		return
	}
	if w.seen[id] || found.Tree == nil {
		return
	}
	w.seen[id] = true
	w.node(found.Tree.Root, dot, map[string]reflect.Type{"$": dot})
}

func (w *walker) node(node parse.Node, dot reflect.Type, vars map[string]reflect.Type) {
	switch n := node.(type) {
	case *parse.ListNode:
		if n != nil {
			for _, child := range n.Nodes {
				w.node(child, dot, vars)
			}
		}
	case *parse.ActionNode:
		w.pipe(n.Pipe, dot, vars)
	case *parse.IfNode:
		w.pipe(n.Pipe, dot, vars)
		w.node(n.List, dot, vars)
		w.node(n.ElseList, dot, vars)
	case *parse.WithNode:
		w.node(n.List, w.pipe(n.Pipe, dot, vars), vars)
		w.node(n.ElseList, dot, vars)
	case *parse.RangeNode:
		of := w.pipe(n.Pipe, dot, vars)
		if of != nil && (of.Kind() == reflect.Slice || of.Kind() == reflect.Map) {
			of = of.Elem()
		} else {
			w.problem("%s ranges over %v", n.Pipe, of)
		}
		if count := len(n.Pipe.Decl); count > 0 {
			vars[n.Pipe.Decl[count-1].Ident[0]] = of
		}
		w.node(n.List, of, vars)
		w.node(n.ElseList, dot, vars)
	case *parse.TemplateNode:
		var with reflect.Type
		if n.Pipe != nil {
			with = w.pipe(n.Pipe, dot, vars)
		}
		w.template(n.Name, with)
	}
}

func (w *walker) pipe(pipe *parse.PipeNode, dot reflect.Type, vars map[string]reflect.Type) reflect.Type {
	var result reflect.Type
	for _, command := range pipe.Cmds {
		result = w.command(command, dot, vars)
	}
	for _, declared := range pipe.Decl {
		vars[declared.Ident[0]] = result
	}
	return result
}

func (w *walker) command(command *parse.CommandNode, dot reflect.Type, vars map[string]reflect.Type) reflect.Type {
	var types []reflect.Type
	for _, argument := range command.Args {
		types = append(types, w.argument(argument, dot, vars))
	}
	function, ok := command.Args[0].(*parse.IdentifierNode)
	if !ok {
		return types[0]
	}
	if function.Ident == "t" || function.Ident == "n" || function.Ident == "name" {
		w.key(function.Ident, command.Args[1])
	}
	switch function.Ident {
	case "or", "and":
		return types[len(types)-1]
	case "index":
		return types[1].Elem()
	case "print":
		return reflect.TypeFor[string]()
	case "len":
		return reflect.TypeFor[int]()
	case "eq", "ne", "lt", "gt", "not":
		return reflect.TypeFor[bool]()
	}
	if signature, ok := w.funcs[function.Ident]; ok {
		return signature.Out(0)
	}
	w.problem("no function %q", function.Ident)
	return nil
}

func (w *walker) argument(node parse.Node, dot reflect.Type, vars map[string]reflect.Type) reflect.Type {
	switch n := node.(type) {
	case *parse.DotNode:
		return dot
	case *parse.FieldNode:
		return w.fieldsOf(dot, n.Ident, n)
	case *parse.VariableNode:
		return w.fieldsOf(vars[n.Ident[0]], n.Ident[1:], n)
	case *parse.PipeNode:
		return w.pipe(n, dot, vars)
	case *parse.ChainNode:
		return w.fieldsOf(w.argument(n.Node, dot, vars), n.Field, n)
	case *parse.StringNode:
		return reflect.TypeFor[string]()
	}
	return nil
}

func (w *walker) fieldsOf(of reflect.Type, names []string, at parse.Node) reflect.Type {
	for _, name := range names {
		if of == nil {
			w.problem("%s: nothing is known of what holds %q", at, name)
			return nil
		}
		w.fields++
		if method, ok := of.MethodByName(name); ok {
			of = method.Type.Out(0)
			continue
		}
		if of.Kind() == reflect.Pointer {
			of = of.Elem()
		}
		if of.Kind() != reflect.Struct {
			w.problem("%s: %v has no field %q", at, of, name)
			return nil
		}
		field, ok := of.FieldByName(name)
		if !ok {
			w.problem("%s: %v has no field %q", at, of, name)
			return nil
		}
		of = field.Type
	}
	return of
}

// key notes the key of a text, with its variable parts as wildcards.
func (w *walker) key(function string, node parse.Node) {
	expression := ""
	switch n := node.(type) {
	case *parse.StringNode:
		expression = regexp.QuoteMeta(n.Text)
	case *parse.PipeNode:
		for _, part := range n.Cmds[0].Args[1:] {
			if text, ok := part.(*parse.StringNode); ok {
				expression += regexp.QuoteMeta(text.Text)
			} else {
				expression += `[a-z_0-9+-]+`
			}
		}
	}
	switch function {
	case "n":
		expression += `\.(one|other)`
	case "name":
		expression += `\..+`
	}
	w.keys = append(w.keys, keyPattern{text: expression, matches: regexp.MustCompile("^" + expression + "$")})
}
