package bodacc

import (
	"fmt"
	"strings"
	"time"
)

// notice is one announcement as it is landed.
type notice struct {
	id, kind, corrects, bulletin, issue, number string
	published, event, closing                   time.Time // zero: not told
	family, nature, details, court              string
	deposit, price, url                         string
	isDeposit, isConfidential                   bool
	companies                                   []company
	onlyUnregistered                            bool     // it names nobody who has a number
	remarks                                     []string // codes of remarks
}

// problem is why a record is no notice.
type problem struct {
	column, value, reason, message string
}

// The codes of remarks, with their sentences.
var remarkTexts = map[string]string{
	"date":         "the date of the event is none that can be meant (such as the year 5025): it is left empty",
	"number":       "one of the numbers named is no SIREN, as its key does not hold: the others count",
	"text":         "the SIREN stands in the text only",
	"corrects":     "it corrects or cancels an earlier notice without saying which",
	"unregistered": "it names only persons who are in no register: it gives no row",
	"nested":       "a part of the record is broken JSON: what it tells is left out",
	"replaced":     "characters were not UTF-8: each is shown as �",
}

// read makes a notice of a record, or says why it is none.
func read(record tree) (notice, *problem) {
	n := notice{
		bulletin: strings.ToUpper(text(record, "publicationavis")), issue: text(record, "parution"),
		number: strings.TrimLeft(text(record, "numeroannonce"), "0"), family: text(record, "familleavis"),
		court: text(record, "tribunal"),
	}
	n.id = text(record, "id")
	if n.id == "" && n.bulletin != "" && n.issue != "" && n.number != "" {
		n.id = n.bulletin + n.issue + n.number
	}
	if n.id == "" {
		return n, &problem{"id", "", "notice.unnamed", "the record has no id, nor bulletin, issue and number to make it of: export the field id"}
	}
	written := text(record, "dateparution")
	published, ok := date(written)
	if !ok || published.Year() < 1900 || published.Year() > 2200 {
		return n, &problem{"dateparution", written, "date.invalid", "the day of publication is needed, as 2024-01-31: without it nothing tells from when the notice counts"}
	}
	n.published = published
	if p := n.readKind(record); p != nil {
		return n, p
	}
	n.readContent(record)
	if n.url = text(record, "url_complete"); n.url == "" {
		n.url = "https://www.bodacc.fr/pages/annonces-commerciales-detail/?q.id=id:" + n.id
	}
	for _, name := range []string{"jugement", "acte", "depot", "listepersonnes", "radiationaurcs", "modificationsgenerales", "parutionavisprecedent", "listeprecedentproprietaire", "listeprecedentexploitant", "listeetablissements", "divers"} {
		if looksNested(text(record, name)) {
			n.remark("nested")
		}
	}
	p := n.readCompanies(record)
	if strings.ContainsRune(n.nature+n.details+n.court, '\uFFFD') {
		n.remark("replaced")
	}
	return n, p
}

func (n *notice) remark(code string) { n.remarks = addOnce(n.remarks, code) }

// readKind tells what the notice does to an earlier one, and to which.
func (n *notice) readKind(record tree) *problem {
	written := text(record, "typeavis")
	switch fold(written) {
	case "", "annonce", "creation", "avis initial", "initial":
		n.kind = "notice"
		return nil
	case "rectificatif", "avis rectificatif":
		n.kind = "correction"
	case "annulation", "avis d'annulation":
		n.kind = "cancellation"
	default:
		return &problem{"typeavis", written, "notice.kind", "this is none of annonce, rectificatif and annulation"}
	}
	before := part(record, "parutionavisprecedent")
	bulletin := strings.ToUpper(strings.TrimSpace(text(before, "nompublication")))
	if bulletin == "" {
		bulletin = n.bulletin
	} else {
		bulletin = bulletin[len(bulletin)-1:]
	}
	issue := firstText(before, []string{"numeroparution"}, []string{"numeropublication"}, []string{"parution"})
	number := strings.TrimLeft(text(before, "numeroannonce"), "0")
	if bulletin == "" || issue == "" || number == "" {
		n.remark("corrects")
		return nil
	}
	n.corrects = bulletin + onlyDigits(issue) + number
	return nil
}

// readContent takes what the notice tells from the part that its family fills.
func (n *notice) readContent(record tree) {
	var day string
	switch {
	case part(record, "jugement") != nil || part(record, "jugementannule") != nil:
		judgment := part(record, "jugement")
		if judgment == nil {
			judgment = part(record, "jugementannule")
		}
		n.nature, day = text(judgment, "nature"), text(judgment, "date")
		family := text(judgment, "famille")
		if n.nature == "" {
			n.nature, family = family, ""
		}
		if family != "" && !strings.Contains(fold(n.nature), fold(family)) {
			n.details = family
		}
		n.details = sentences(n.details, text(judgment, "complementjugement"))
	case part(record, "depot") != nil:
		day = n.readDeposit(part(record, "depot"))
	case part(record, "acte") != nil:
		day = n.readAct(record)
	case part(record, "radiationaurcs") != nil:
		struck := part(record, "radiationaurcs")
		n.nature = text(record, "familleavis_lib")
		for _, at := range find(struck, "datecessationactivitepp") {
			day = text(at)
		}
		n.details = sentences(firstText(struck, []string{"commentaire"}, []string{"radiationpm", "commentaire"}))
	case part(record, "modificationsgenerales") != nil:
		change := part(record, "modificationsgenerales")
		n.nature, n.details, day = text(change, "descriptif"), text(change, "commentaire"), text(change, "dateeffet")
		if plain, ok := change.(string); ok {
			n.nature = plain
		}
	case part(record, "divers") != nil:
		other := part(record, "divers")
		n.nature = firstText(other, []string{"titre"}, []string{"typeannonce"})
		n.details = firstText(other, []string{"contenuannonce"}, []string{"contenu"}, []string{"texte"}, []string{})
	}
	if n.nature == "" {
		n.nature = text(record, "familleavis_lib")
	}
	n.nature, n.details = sentences(n.nature), sentences(n.details)
	n.event = n.day(day)
	n.isDeposit = n.isDeposit || n.family == "dpc"
}

func (n *notice) readDeposit(deposit tree) (day string) {
	n.isDeposit = true
	n.deposit = text(deposit, "typedepot")
	n.nature = n.deposit
	n.details = text(deposit, "descriptif")
	n.closing = n.day(text(deposit, "datecloture"))
	n.isConfidential = strings.Contains(fold(n.details+" "+n.deposit), "confidentialite")
	return text(deposit, "datedepot")
}

// readAct reads the sale, the registration or the creation of a business.
func (n *notice) readAct(record tree) (day string) {
	act := part(record, "acte")
	category := ""
	for _, kind := range []string{"vente", "immatriculation", "creation"} {
		if category = text(act, kind, "categorie"+kind); category != "" {
			break
		}
	}
	n.nature = firstText(act, []string{"vente", "categorievente"}, []string{"immatriculation", "categorieimmatriculation"}, []string{"creation", "categoriecreation"}, []string{"categorie"})
	if n.nature == "" {
		n.nature = category
	}
	for _, name := range []string{"dateeffet", "datecommencementactivite", "dateimmatriculation"} {
		if found := find(act, name); len(found) > 0 && day == "" {
			day = text(found[0])
		}
	}
	var parts []string
	for _, at := range find(act, "descriptif") {
		parts = append(parts, text(at))
	}
	for _, place := range []string{"listeetablissements", "etablissement", "listeetablissement"} {
		for _, at := range find(part(record, place), "originefonds") {
			parts = append(parts, text(at))
		}
	}
	for _, name := range []string{"opposition", "declarationcreance"} {
		for _, at := range find(act, name) {
			parts = append(parts, text(at))
		}
	}
	n.details = sentences(parts...)
	if n.isSale(record) {
		n.price = price(n.details)
	}
	return day
}

func (n *notice) isSale(record tree) bool {
	return n.family == "vente" || part(record, "acte", "vente") != nil
}

// day reads a date of the content; one that cannot be meant is a remark.
func (n *notice) day(written string) time.Time {
	if written == "" {
		return time.Time{}
	}
	day, ok := date(written)
	if !ok || !possible(day, n.published) {
		n.remark("date")
		return time.Time{}
	}
	return day
}

// sentences joins texts into one line.
func sentences(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p = strings.Join(strings.Fields(p), " "); p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, " · ")
}

// readCompanies finds who is meant, each with its role.
func (n *notice) readCompanies(record tree) *problem {
	principal := "subject"
	if n.isSale(record) {
		principal = "buyer"
		if strings.Contains(strings.ReplaceAll(fold(n.nature+" "+n.details), "-", " "), "location gerance") {
			principal = "lessee"
		}
	}
	main := append(persons(part(record, "listepersonnes")), persons(part(record, "personnes"))...)
	owners := persons(part(record, "listeprecedentproprietaire"))
	operators := persons(part(record, "listeprecedentexploitant"))
	former := "seller"
	if len(owners) > 0 {
		former = "lessee"
	}
	var broken []string
	broken = append(broken, n.add(principal, main)...)
	broken = append(broken, n.add("seller", owners)...)
	broken = append(broken, n.add(former, operators)...)
	valid, bad := sirens(text(record, "registre"))
	broken = append(broken, bad...)
	for _, siren := range valid {
		if !n.names(siren) {
			n.companies = append(n.companies, n.unnamed(siren, principal, record, len(valid)))
		}
	}
	everybody := append(append(main, owners...), operators...)
	if len(n.companies) == 0 {
		for _, siren := range sirensInText(n.details + " " + n.nature) {
			n.remark("text")
			n.companies = append(n.companies, n.unnamed(siren, principal, record, 1))
		}
	}
	if len(n.companies) > 0 {
		if len(broken) > 0 {
			n.remark("number")
		}
		if n.companies[0].postalCode == "" && n.companies[0].city == "" {
			n.companies[0].postalCode, n.companies[0].city = text(record, "cp"), text(record, "ville")
		}
		return nil
	}
	if len(broken) > 0 {
		return &problem{
			"registre", strings.Join(broken, ", "), "siren.invalid",
			"no number in the notice is a SIREN: nine digits whose last is the key of the others (Luhn). The gazette misprints some; look the company up and correct the extract",
		}
	}
	if nobodyRegistered(everybody) {
		n.onlyUnregistered = true
		n.remark("unregistered")
		return nil
	}
	return &problem{"registre", "", "siren.missing", fmt.Sprintf("the notice names %s without any SIREN, in registre, in the list of persons or in its text", nameOf(everybody, record))}
}

// nobodyRegistered holds where persons are named, and each is a natural person or
// said to be in no register.
func nobodyRegistered(everybody []person) bool {
	for _, p := range everybody {
		if !p.isPerson && !p.isUnregistered {
			return false
		}
	}
	return len(everybody) > 0
}

func nameOf(everybody []person, record tree) string {
	for _, p := range everybody {
		if p.name != "" {
			return fmt.Sprintf("%q", p.name)
		}
	}
	if name := text(record, "commercant"); name != "" {
		return fmt.Sprintf("%q", name)
	}
	return "nobody"
}

// add takes persons of one role over, once each; it returns numbers that are none.
func (n *notice) add(role string, all []person) (broken []string) {
	for _, p := range all {
		valid, bad := sirens(p.numbers)
		broken = append(broken, bad...)
		for _, siren := range valid {
			if !n.has(siren, role) {
				n.companies = append(n.companies, company{siren, role, p.name, p.postalCode, p.city, p.isPerson})
			}
		}
	}
	return broken
}

func (n *notice) has(siren, role string) bool {
	for _, c := range n.companies {
		if c.siren == siren && c.role == role {
			return true
		}
	}
	return false
}

func (n *notice) names(siren string) bool {
	for _, c := range n.companies {
		if c.siren == siren {
			return true
		}
	}
	return false
}

// unnamed is a company of whom a notice gives the number apart from the name.
func (n *notice) unnamed(siren, role string, record tree, count int) company {
	c := company{siren: siren, role: role}
	if count == 1 {
		c.name = text(record, "commercant")
	}
	return c
}
