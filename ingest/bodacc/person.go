package bodacc

import (
	"maps"
	"slices"
	"strings"
)

// company is one that a notice names.
type company struct {
	siren, role, name, postalCode, city string
	isPerson                            bool
}

// person is one of a list of a notice, before its number is looked at.
type person struct {
	name, numbers, postalCode, city string
	isPerson, isUnregistered        bool
}

func sorted(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }

// persons are those of a list: the open-data service wraps them in "personne", one or
// several; the files of DILA name them by their kind.
func persons(t tree) []person {
	var found []person
	for _, entry := range list(t) {
		if inner := part(entry, "personne"); inner != nil {
			found = append(found, persons(inner)...)
			continue
		}
		if fields, ok := entry.(map[string]any); ok && len(fields) > 0 {
			found = append(found, readPerson(fields))
		}
	}
	return found
}

func readPerson(fields map[string]any) person {
	kind := fold(text(fields, "typepersonne"))
	for _, name := range []string{"personnemorale", "personnephysique"} {
		if inner, ok := fields[name].(map[string]any); ok {
			merged := maps.Clone(fields)
			delete(merged, name)
			maps.Copy(merged, inner)
			fields, kind = merged, map[string]string{"personnemorale": "pm", "personnephysique": "pp"}[name]
		}
	}
	p := person{
		name:       firstText(fields, []string{"denomination"}, []string{"raisonsociale"}),
		postalCode: addressText(fields, "codepostal"), city: addressText(fields, "ville"),
	}
	p.isPerson = kind == "pp" || kind == "" && p.name == "" && text(fields, "nom") != ""
	if p.name == "" {
		p.name = strings.TrimSpace(text(fields, "nom") + " " + strings.ReplaceAll(text(fields, "prenom"), ",", ""))
	}
	p.numbers = numbersOf(fields)
	_, p.isUnregistered = fields["noninscrit"]
	return p
}

// numbersOf are the numbers of a person, parted by commas.
func numbersOf(fields map[string]any) string {
	var all []string
	for _, name := range []string{"numeroidentification", "numeroidentificationrcs"} {
		for _, at := range find(fields["numeroimmatriculation"], name) {
			all = append(all, text(at))
		}
	}
	if direct := text(fields, "numeroimmatriculation"); direct != "" {
		all = append(all, direct)
	}
	for _, at := range find(fields["inscriptionrm"], "numeroidentificationrm") {
		all = append(all, text(at))
	}
	return strings.Join(all, ",")
}

// addressText looks through the places where an address stands; it may be nested
// under "france" or "etranger".
func addressText(fields map[string]any, name string) string {
	for _, place := range []string{"adressesiegesocial", "siegesocial", "adressepp", "adresse", "etablissementprincipal"} {
		for _, at := range find(fields[place], name) {
			if s := text(at); s != "" {
				return s
			}
		}
	}
	return text(fields, name)
}
