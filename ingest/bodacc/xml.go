package bodacc

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/htmlindex"
)

// largestNotice bounds the text of one notice of a file.
const largestNotice = 4 << 20

// xmlFamilies are the roots of the files of DILA: bulletin, and family where the root
// tells it.
var xmlFamilies = map[string][2]string{
	"rcs-a_immat": {"A", ""}, "rcs_a_immat": {"A", ""}, "rcs-b_rediff": {"B", ""}, "rcs_b_rediff": {"B", ""},
	"pcl_rediff": {"A", "collective"}, "divers_xml_rediff": {"A", "divers"}, "bilan_xml_rediff": {"C", "dpc"},
}

var familyLabels = map[string]string{
	"collective": "Procédures collectives", "divers": "Annonces diverses", "dpc": "Dépôts des comptes",
	"vente": "Ventes et cessions", "immatriculation": "Immatriculations", "creation": "Créations",
	"radiation": "Radiations", "modification": "Modifications diverses",
}

// xmlReader reads the notices of a file of DILA one by one.
type xmlReader struct {
	decoder               *xml.Decoder
	bulletin, family      string
	parution, publication string
	path                  []string
	count                 int64
	started               bool
}

func newXML(in io.Reader) *xmlReader {
	decoder := xml.NewDecoder(in)
	decoder.Strict = true
	decoder.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		encoding, err := htmlindex.Get(label)
		if err != nil {
			return nil, fmt.Errorf("the charset %q is not known", label)
		}
		return encoding.NewDecoder().Reader(in), nil
	}
	return &xmlReader{decoder: decoder}
}

// next is the next notice as a record of the open-data service, and its number.
func (r *xmlReader) next() (tree, int64, error) {
	for {
		token, err := r.decoder.Token()
		if err != nil {
			if errors.Is(err, io.EOF) && !r.started {
				return nil, 0, errors.New("it holds no notices")
			}
			return nil, 0, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			name := strings.ToLower(t.Name.Local)
			if err := r.enter(name); err != nil {
				return nil, 0, err
			}
			switch {
			case len(r.path) == 2 && (name == "avis" || name == "annonce"):
				at := r.decoder.InputOffset()
				avis, err := r.element(at, 0)
				if err != nil {
					return nil, 0, err
				}
				r.count++
				fields, ok := avis.(map[string]any)
				if !ok {
					fields = map[string]any{}
				}
				return r.record(fields), r.count, nil
			case len(r.path) == 1 && (name == "parution" || name == "dateparution"):
				value, err := r.element(r.decoder.InputOffset(), 0)
				if err != nil {
					return nil, 0, err
				}
				if name == "parution" {
					r.parution = text(value)
				} else {
					r.publication = text(value)
				}
			default:
				r.path = append(r.path, name)
			}
		case xml.EndElement:
			r.path = r.path[:len(r.path)-1]
		}
	}
}

// enter looks at the root.
func (r *xmlReader) enter(name string) error {
	if r.started {
		return nil
	}
	kind, ok := xmlFamilies[name]
	if !ok {
		return fmt.Errorf("its root <%s> is none of the files of the BODACC: RCS-A_IMMAT, RCS-B_REDIFF, PCL_REDIFF, Bilan_XML_Rediff, Divers_XML_Rediff", name)
	}
	r.started, r.bulletin, r.family = true, kind[0], kind[1]
	return nil
}

// element reads an element up to its end: its text, or its parts by their names, a
// list where a name repeats. An empty one is an empty text: that it is there may be
// all that it says.
func (r *xmlReader) element(from int64, depth int) (tree, error) {
	if depth > deepest {
		return nil, errors.New("its elements nest too deeply")
	}
	var parts map[string]any
	var words strings.Builder
	for {
		token, err := r.decoder.Token()
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
		if r.decoder.InputOffset()-from > largestNotice {
			return nil, errors.New("one of its notices is larger than 4 MiB")
		}
		switch t := token.(type) {
		case xml.CharData:
			words.Write(t)
		case xml.StartElement:
			inner, err := r.element(from, depth+1)
			if err != nil {
				return nil, err
			}
			if parts == nil {
				parts = map[string]any{}
			}
			name := strings.ToLower(t.Name.Local)
			switch have := parts[name].(type) {
			case nil:
				parts[name] = inner
			case []any:
				parts[name] = append(have, inner)
			default:
				parts[name] = []any{have, inner}
			}
		case xml.EndElement:
			if parts != nil {
				return parts, nil
			}
			return repair(strings.Join(strings.Fields(words.String()), " ")), nil
		}
	}
}

// record gives a notice of a file the names that the open-data service has for it.
func (r *xmlReader) record(avis map[string]any) tree {
	out := map[string]any{
		"publicationavis": r.bulletin, "parution": r.parution, "dateparution": r.publication,
		"numeroannonce": text(avis, "numeroannonce"), "tribunal": text(avis, "tribunal"),
	}
	for kind := range mapOf(avis["typeannonce"]) {
		out["typeavis"] = kind
	}
	for _, name := range []string{"jugement", "jugementannule", "acte", "depot", "parutionavisprecedent", "etablissement", "divers"} {
		if inner, ok := avis[name]; ok {
			out[name] = inner
		}
	}
	for _, name := range []string{"modificationgenerale", "modificationsgenerales"} {
		if inner, ok := avis[name]; ok {
			out["modificationsgenerales"] = inner
		}
	}
	if inner, ok := avis["radiationaurcs"]; ok {
		out["radiationaurcs"] = inner
	}
	family := r.family
	switch {
	case family != "":
	case out["radiationaurcs"] != nil:
		family = "radiation"
	case out["modificationsgenerales"] != nil:
		family = "modification"
	default:
		for _, kind := range []string{"vente", "immatriculation", "creation"} {
			if _, ok := mapOf(avis["acte"])[kind]; ok {
				family = kind
			}
		}
	}
	if family != "" {
		out["familleavis"], out["familleavis_lib"] = family, familyLabels[family]
	}
	if r.family == "divers" {
		out["divers"] = avis
	}
	out["listepersonnes"] = xmlPersons(avis)
	out["listeprecedentproprietaire"] = kinds(avis, "precedentproprietairepm", "precedentproprietairepp")
	out["listeprecedentexploitant"] = kinds(avis, "precedentexploitantpm", "precedentexploitantpp")
	return out
}

func mapOf(t tree) map[string]any {
	m, _ := t.(map[string]any)
	return m
}

// kinds are the companies and persons of a notice as one list of persons.
func kinds(avis map[string]any, companies, natural string) []any {
	var out []any
	for _, entry := range list(avis[companies]) {
		out = append(out, kindOf(entry, "pm"))
	}
	for _, entry := range list(avis[natural]) {
		out = append(out, kindOf(entry, "pp"))
	}
	return out
}

func kindOf(entry tree, kind string) map[string]any {
	made := map[string]any{"typepersonne": kind}
	for name, inner := range mapOf(entry) {
		made[name] = inner
	}
	return made
}

// xmlPersons are those whom the notice is about. In the files of procedures the
// numbers and addresses stand beside the persons, in the same order.
func xmlPersons(avis map[string]any) []any {
	if within := part(avis, "personnes"); within != nil {
		return list(part(within, "personne"))
	}
	out := kinds(avis, "personnemorale", "personnephysique")
	if len(out) == 0 && avis["denomination"] != nil {
		out = append(out, kindOf(avis, "pm"))
		return out
	}
	beside := map[string][]any{
		"numeroimmatriculation": list(avis["numeroimmatriculation"]), "inscriptionrm": list(avis["inscriptionrm"]),
		"adresse": list(avis["adresse"]), "noninscrit": list(avis["noninscrit"]),
	}
	for name, entries := range beside {
		for i, entry := range entries {
			switch {
			case i < len(out) && (len(entries) == len(out) || len(out) == 1):
				mapOf(out[i])[name] = entry
			case name == "numeroimmatriculation" || name == "inscriptionrm":
				out = append(out, map[string]any{"typepersonne": "pm", name: entry})
			}
		}
	}
	return out
}
