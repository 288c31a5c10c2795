package web

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/encours/encours/reports"
)

// lookupParams tell about whom the page asks.
var lookupParams = []string{"name", "number", "street", "postal_code", "city", "company", "files"}

// RegisterSearch looks companies up of which the warehouse does not know.
type RegisterSearch interface {
	// HasFiles says whether there is anything to be searched.
	HasFiles() bool
	// Find may take as long as reading the files does; it ends with its context.
	Find(ctx context.Context, ask reports.LookupRequest) (*reports.RegisterFound, error)
}

// lookupPage tells who somebody is before an account is opened.
type lookupPage struct {
	Layout
	HasFiles           bool            // the files of the register can be searched too
	Unread             []string        // files of the register that could not be searched
	Found              *reports.Lookup // nil: nobody was asked for
	Unknown            string          // why nobody is identified
	Candidates         []lookupCandidate
	Parties            []lookupParty
	Legal              *legalCard
	External           *externalCard
	LegalForm, Address string // of the company that is shown
}

// Kept are the parameters that the form carries on.
func (p lookupPage) Kept() []string { return []string{"as_of", "lang"} }

type lookupCandidate struct {
	reports.LookupMatch
	NamePieces, PlacePieces []piece
	Chance, URL             string
	Bars                    []matchBar
	IsChosen                bool
}

type lookupParty struct {
	reports.LookupParty
	URL, Reason string
	IsExposed   bool // a customer whose exposure is known
}

func (s *server) lookup(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r, lookupParams...)
	if err != nil {
		return err
	}
	ask := reports.LookupRequest{
		Name: q.Value("name"), Number: q.Value("number"), Street: q.Value("street"), PostalCode: q.Value("postal_code"), City: q.Value("city"), Company: q.Value("company"),
	}
	isAsked := slices.ContainsFunc(lookupParams, func(name string) bool { return q.Value(name) != "" })
	if err := checkLookup(ask); err != nil && isAsked {
		return err
	}
	files, err := q.oneOf("files", []string{"1"})
	if err != nil {
		return err
	}
	hasFiles := s.register != nil && s.register.HasFiles()
	if isAsked && files != "" && hasFiles {
		if ask.Register, err = s.register.Find(r.Context(), ask); err != nil {
			return err
		}
	}
	return s.show(w, r, "lookup", q, func(ctx context.Context, view View, l *locale, layout Layout) (any, error) {
		layout.PinsEntity, layout.Extra = true, lookupParams
		page := lookupPage{Layout: layout, HasFiles: hasFiles}
		if !isAsked {
			return page, nil
		}
		found, err := view.Lookup(ctx, ask)
		if err != nil {
			return nil, err
		}
		page.show(l, found, ask)
		if ask.Register != nil {
			page.Unread = ask.Register.Unread
		}
		return page, nil
	})
}

// checkLookup refuses what cannot be looked up, by the parameter that is to be changed.
func checkLookup(ask reports.LookupRequest) error {
	for name, value := range map[string]string{"name": ask.Name, "number": ask.Number, "street": ask.Street, "postal_code": ask.PostalCode, "city": ask.City} {
		if !utf8.ValidString(value) || utf8.RuneCountInString(value) > maxSearchRunes || strings.ContainsFunc(value, isControl) {
			return &badParam{Name: name, Value: value, Allowed: "param.search", Args: []any{maxSearchRunes}}
		}
	}
	if strings.TrimSpace(ask.Name+ask.Number) == "" {
		return &badParam{Name: "name", Value: "", Allowed: "param.lookup"}
	}
	if ask.Check() != nil {
		return &badParam{Name: "company", Value: ask.Company, Allowed: "param.siren"}
	}
	return nil
}

// show puts what was found into the words of the reader.
func (p *lookupPage) show(l *locale, found *reports.Lookup, ask reports.LookupRequest) {
	p.Found = found
	switch {
	case !found.HasRegister:
		p.Unknown = "no_register"
	case len(found.Candidates) > 0 && found.Candidates[0].Verdict != "rejected":
		p.Unknown = "choose"
	case len(found.Candidates) > 0 && strings.TrimSpace(ask.PostalCode+ask.City) == "":
		p.Unknown = "where"
	default:
		p.Unknown = "nobody"
	}
	shown := ""
	if c := found.Company; c != nil {
		shown = c.SIREN
		p.LegalForm = c.LegalFormEN
		if l.Code == "fr" {
			p.LegalForm = c.LegalFormFR
		}
		p.Address = strings.Trim(c.Street+", "+strings.TrimSpace(c.PostalCode+" "+c.City), ", ")
		p.Legal, p.External = newLegalCard(l, p.Layout, c.Legal), newExternalCard(l, p.Layout, c.External)
	}
	for _, m := range found.Candidates {
		pairs := []string{"company", m.SIREN}
		for _, name := range lookupParams {
			if name != "company" {
				pairs = append(pairs, name, p.Value(name))
			}
		}
		place := m.PostalCode + " " + m.City
		p.Candidates = append(p.Candidates, lookupCandidate{
			LookupMatch: m, NamePieces: marked(m.Name, ask.Name), PlacePieces: marked(place, ask.PostalCode+" "+ask.City),
			Chance: l.chance(m.Probability, true), URL: p.Link("/lookup", pairs...) + "#company", Bars: l.matchBars(m.Reasons), IsChosen: m.SIREN == shown,
		})
	}
	for _, party := range found.Parties {
		reason := reports.Reason{EN: party.WhyEN, FR: party.WhyFR}.In(l.Code)
		if reason == "" {
			reason = l.Name("lookup_why", party.Why)
		}
		p.Parties = append(p.Parties, lookupParty{
			party, p.Counterparty(party.Entity, party.Side, party.ID), reason, party.Exposure.Valid && party.Side == reports.Customer,
		})
	}
}
