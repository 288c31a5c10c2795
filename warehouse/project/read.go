package project

import (
	"maps"
	"math"
	"net"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Group is reserved: it names the whole group wherever an entity can stand.
const Group = "group"

var (
	idForm       = regexp.MustCompile(`^[A-Za-z0-9_-]{1,32}$`)
	nameForm     = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)
	currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)
)

const (
	idWords       = "an identifier: letters without accents, digits, _ and -, at most 32"
	nameWords     = "a source name: letters without accents, digits, _, - and ., at most 64"
	currencyWords = "a currency: write its three-letter ISO code, such as EUR"
)

func (p *Project) setDefaults() {
	p.Name = filepath.Base(p.Dir)
	p.Currency = "EUR"
	p.Data = "data"
	p.Build = Build{KeepGenerations: 3, HistoryMonths: 36}
	p.Resources = DefaultResources()
	p.Serve = Serve{Addr: "127.0.0.1:8080"}
	p.Push = defaultPush()
	p.AfterLoad = AfterLoadBuild
	p.PaymentTermsReport.Tax = TaxIncluded
}

// read fills the project. Names that refer to entities are checked last, when
// every entity is known.
func (p *Project) read(root node) {
	var references []func()
	root.record(map[string]func(node){
		"version": func(n node) {
			if s, ok := n.text(); ok && s != "1" {
				n.problem("version %s is not known: this program reads version 1", s)
			}
		},
		"name":     func(n node) { p.Name, _ = n.text() },
		"currency": p.readCurrency,
		"data":     func(n node) { p.Data, _ = n.text() },
		"entities": func(n node) { n.list(p.readEntity) },
		"intercompany": func(n node) {
			n.list(func(item node) { references = append(references, p.readIntercompany(item)) })
		},
		"targets":  func(n node) { n.list(func(item node) { references = append(references, p.readTargets(item)) }) },
		"factored": func(n node) { n.list(func(item node) { references = append(references, p.readFactored(item)) }) },
		"late_interest": func(n node) {
			n.list(func(item node) { references = append(references, p.readLateInterest(item)) })
		},
		"insolvency": func(n node) {
			n.list(func(item node) { references = append(references, p.readInsolvency(item)) })
		},
		"sources":              func(n node) { n.list(func(item node) { references = append(references, p.readSource(item)) }) },
		"rejects":              p.readRejects,
		"build":                p.readBuild,
		"resources":            p.readResources,
		"serve":                p.readServe,
		"push":                 p.readPush,
		"privacy":              p.readPrivacy,
		"timezone":             p.readTimezone,
		"payment_terms_report": p.readPaymentTermsReport,
		"after_load": func(n node) {
			n.oneOf(&p.AfterLoad, AfterLoadBuild, AfterLoadNothing)
		},
	}, "version", "entities")
	for _, check := range references {
		check()
	}
	for i := range p.Entities {
		if p.Entities[i].Currency == "" {
			p.Entities[i].Currency = p.Currency
		}
	}
}

func (p *Project) readEntity(item node) {
	e := Entity{Matching: MatchLettering, EndOfMonth: DaysFirst}
	item.record(map[string]func(node){
		"id": func(n node) {
			n.matching(idForm, idWords, &e.ID)
			if strings.EqualFold(e.ID, Group) {
				n.problem("%q is reserved for the whole group: choose another identifier", e.ID)
			}
			if slices.ContainsFunc(p.Entities, func(o Entity) bool { return strings.EqualFold(o.ID, e.ID) }) {
				n.problem("entity %q stands twice", e.ID)
			}
		},
		"name": func(n node) { e.Name, _ = n.text() },
		"siren": func(n node) {
			s, ok := n.text()
			if e.SIREN = strings.ReplaceAll(s, " ", ""); ok && !ValidSIREN(e.SIREN) {
				n.problem("%q is not a SIREN: it must be 9 digits, the last of which is a check digit", s)
			}
		},
		"currency": func(n node) { n.matching(currencyForm, currencyWords, &e.Currency) },
		"fiscal_year_start": func(n node) {
			s, ok := n.text()
			day, err := parseMonthDay(s)
			if ok && err != nil {
				n.problem("%v", err)
			}
			e.FiscalYearStart = day
		},
		"fiscal_years": func(n node) {
			n.list(func(item node) {
				start := item.date()
				if len(e.FiscalYears) > 0 && !start.After(e.FiscalYears[len(e.FiscalYears)-1].Time) {
					item.problem("fiscal years must be listed in order, each once")
				}
				e.FiscalYears = append(e.FiscalYears, start)
			})
		},
		"matching":      func(n node) { n.oneOf(&e.Matching, MatchLettering, MatchFIFO) },
		"payment_terms": func(n node) { e.readPaymentTerms(n) },
	}, "id")
	if e.Name == "" {
		e.Name = e.ID
	}
	p.Entities = append(p.Entities, e)
}

// refers returns a check that an entity exists, to be run at the end.
func (p *Project) refers(n node, id string) func() {
	return func() {
		if _, ok := p.Entity(id); !ok && id != "" {
			ids := make([]string, len(p.Entities))
			for i, e := range p.Entities {
				ids[i] = e.ID
			}
			n.problem("no entity is called %q: the entities are %s", id, strings.Join(ids, ", "))
		}
	}
}

func (p *Project) readIntercompany(item node) (check func()) {
	var rule Intercompany
	check = func() {}
	item.record(map[string]func(node){
		"entity": func(n node) {
			rule.Entity, _ = n.text()
			check = p.refers(n, rule.Entity)
		},
		"side": func(n node) { n.oneOf(&rule.Side, SideCustomer, SideSupplier) },
		"counterparties": func(n node) {
			n.list(func(item node) {
				if pattern, ok := item.text(); ok {
					rule.Counterparties = append(rule.Counterparties, pattern)
				}
			})
		},
	}, "counterparties")
	p.Intercompany = append(p.Intercompany, rule)
	return check
}

func (p *Project) readSource(item node) (check func()) {
	s := Source{Charset: "auto"}
	check = func() {}
	var table Table
	var tableNodes []node
	hasPaths, hasWatch := false, false
	keys := map[string]func(node){
		"name": func(n node) {
			n.matching(nameForm, nameWords, &s.Name)
			if _, ok := p.Source(s.Name); ok {
				n.problem("source %q stands twice", s.Name)
			}
		},
		"kind": func(n node) {
			n.oneOf(&s.Kind, slices.Concat([]string{"fec", "table", KindSQL}, ShapedKinds(), PulledKinds())...)
		},
		"entity": func(n node) {
			s.EntityID, _ = n.text()
			check = p.refers(n, s.EntityID)
		},
		"paths": func(n node) {
			hasPaths = true
			n.list(func(item node) {
				if pattern, ok := item.text(); ok {
					checkPattern(item, pattern)
					s.Paths = append(s.Paths, pattern)
				}
			})
		},
		"charset":           func(n node) { n.oneOf(&s.Charset, tableCharsets...) },
		"fiscal_year_start": func(n node) { s.FiscalYearStart = n.date() },
		"extract_date":      func(n node) { s.ExtractDate = n.date() },
		"schedule":          func(n node) { readSchedule(n, &s.Schedule) },
		"watch": func(n node) {
			hasWatch = true
			p.readWatch(n, &s.Watch)
		},
		"expect_every": func(n node) { s.ExpectEvery = n.duration(time.Minute, 366*24*time.Hour) },
		"parts": func(n node) {
			word := "false"
			n.oneOf(&word, "true", "false")
			s.Parts = word == "true"
		},
	}
	maps.Copy(keys, table.tableKeys(&tableNodes))
	maps.Copy(keys, s.SQL.keys())
	maps.Copy(keys, s.Register.keys())
	maps.Copy(keys, s.API.keys())
	keys["blocks"] = s.readBlocks
	sound := item.sound(func() { item.record(keys, append([]string{"name", "kind"}, requiredOf(item)...)...) })
	if s.EntityID == "" {
		s.EntityID = Group
	}
	table.checkFields(tableNodes)
	s.finishTable(item, table, tableNodes)
	s.Register.check(item, s.Kind)
	s.API.check(item, s.Kind, hasPaths, hasWatch)
	s.checkBlocks(item)
	if IsPulled(s.Kind) {
		s.SQL.checkUnused(item)
	} else if s.Kind == KindSQL {
		if sound {
			p.checkSQL(item, s)
		}
		if hasWatch {
			item.problem("a database has no drop folder: give it a schedule")
		}
	} else {
		s.SQL.checkUnused(item)
		s.checkUnattended(item, hasPaths, hasWatch)
	}
	p.Sources = append(p.Sources, s)
	return check
}

func checkPattern(n node, pattern string) {
	if _, err := filepath.Match(pattern, ""); err != nil {
		n.problem("%q is not a file pattern: a bracket is not closed", pattern)
	}
	if strings.Contains(pattern, "**") {
		n.problem("%q: ** is not supported; write one pattern per folder level", pattern)
	}
}

func (p *Project) readRejects(n node) {
	n.record(map[string]func(node){
		"max_lines": func(n node) { p.Rejects.MaxLines = n.integer(0, math.MaxInt32) },
	})
}

func (p *Project) readBuild(n node) {
	n.record(map[string]func(node){
		"keep_generations": func(n node) { p.Build.KeepGenerations = int(n.integer(1, 1000)) },
		"history_months":   func(n node) { p.Build.HistoryMonths = int(n.integer(1, 240)) },
		"as_of":            func(n node) { p.Build.AsOf = n.date() },
	})
}

func (p *Project) readResources(n node) {
	n.record(map[string]func(node){
		"memory":  func(n node) { p.Resources.MemoryBytes = n.size(256e6) },
		"threads": func(n node) { p.Resources.Threads = int(n.integer(0, 1024)) },
		"temp":    func(n node) { p.Resources.TempBytes = n.size(256e6) },
	})
}

func (p *Project) readServe(n node) {
	n.record(map[string]func(node){
		"addr": func(n node) {
			s, ok := n.text()
			_, port, err := net.SplitHostPort(s)
			if _, portErr := strconv.ParseUint(port, 10, 16); ok && (err != nil || portErr != nil) {
				n.problem("%q is not an address: write host:port, such as 127.0.0.1:8080", s)
			}
			p.Serve.Addr = s
		},
	})
}

var sizeForm = regexp.MustCompile(`^([0-9]{1,6}(?:\.[0-9]{1,3})?) ?([KMGT]i?B)$`)

// size reads an amount of memory or disk, of at least low bytes.
func (n node) size(low float64) int64 {
	units := map[string]float64{
		"KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12,
		"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
	}
	s, ok := n.text()
	m := sizeForm.FindStringSubmatch(s)
	if ok && m == nil {
		n.problem("%q is not a size: write a number and one of %s, such as 4GB", s, strings.Join(slices.Sorted(maps.Keys(units)), ", "))
	}
	if m == nil {
		return 0
	}
	value, err := strconv.ParseFloat(m[1], 64)
	if bytes := value * units[m[2]]; err == nil && bytes >= low && bytes < math.MaxInt64/2 {
		return int64(bytes)
	}
	n.problem("%q is too small or too large: at least %.0f MB is needed", s, low/1e6)
	return 0
}
