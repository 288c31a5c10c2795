package sample

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/encours/encours/ingest/identifier"
)

// company is what the State knows of a customer, a supplier or a prospect.
type company struct {
	siren     string
	name      string // as its customers and suppliers write it
	surname   string // distinctive word of the name
	form      string // code of the legal form
	naf       string
	firstName string // of a natural person
	isPartial bool   // a person who asked not to be published
	headcount string
	created   string // day, YYYY-MM-DD
	address   address
}

// formCodes are the codes of INSEE by the form that ends a name.
var formCodes = []struct{ ending, code string }{
	{" SARL", "5499"}, {" SAS", "5710"}, {" SA", "5599"}, {" EURL", "5498"}, {" SCOP", "5458"},
	{" & Fils", "5499"}, {" SASU", "5720"}, {" et Cie", "5202"},
}

const (
	naturalPerson = "1000"
	plainForm     = "5710" // of a name that tells none
)

// activities are the codes of the trades, in their order.
var activities = []string{
	"43.32A", "49.41A", "25.62B", "18.12Z", "10.71C", "45.20A", "43.22A", "43.21A", "43.99C", "24.51Z", "46.49Z",
	"47.61Z", "47.73Z", "11.05Z", "10.39A", "25.11Z", "43.34Z", "43.91A", "47.76Z", "47.52A", "55.10Z", "52.29B",
	"25.62B", "25.29Z", "46.90Z", "46.90Z", "47.25Z", "10.51C", "43.33Z", "43.99A", "81.21Z", "80.10Z", "71.12B",
	"71.12B", "86.10Z", "87.30A", "01.24Z", "01.21Z", "16.10A", "45.20B", "68.20B", "26.52Z",
}

var firstNames = []string{
	"Marie", "Jean", "Camille", "Nicolas", "Sophie", "Karim", "Hélène", "Thomas", "Léa", "Mathieu", "Inès", "Paul",
}

var headcounts = []string{"NN", "01", "02", "03", "11", "11", "12", "12", "21", "22", "31", "41"}

// The blocks of nine-digit keys: each entity has ten, its customers the first five.
const (
	customerBlock = 996
	supplierBlock = 991
	homonymBlock  = 989
	prospectBlock = 988
	strangerBlock = 987
	zeroBlock     = 69 // keys that begin with a zero
)

func blockOf(base int, e *entity) int { return base - 10*e.index }

// newCompany makes up the company of a name. The same stream gives the same company.
func newCompany(rng *rand.Rand, name, siren string) company {
	c := company{name: name, siren: siren, form: plainForm, address: newAddress(rng)}
	base := name
	for _, f := range formCodes {
		if before, ok := strings.CutSuffix(name, f.ending); ok {
			base, c.form = before, f.code
		}
	}
	c.surname = base[strings.LastIndexByte(base, ' ')+1:]
	for i, trade := range trades {
		if strings.HasPrefix(name, trade+" ") {
			c.naf = activities[i]
		}
	}
	c.headcount = headcounts[rng.IntN(len(headcounts))]
	c.created = fmt.Sprintf("%d-%02d-%02d", 1975+rng.IntN(40), 1+rng.IntN(12), 1+rng.IntN(28))
	c.firstName = firstNames[rng.IntN(len(firstNames))]
	if sole := rng.IntN(4); base == name && sole < 2 {
		c.form, c.headcount, c.isPartial = naturalPerson, "NN", sole == 0
	}
	return c
}

func (c *company) isPerson() bool { return c.form == naturalPerson }

// title is the name as the accounting writes it: of a sole trader with the person.
func (c *company) title() string {
	if c.isPerson() {
		return fmt.Sprintf("%s (%s %s)", c.name, c.firstName, c.surname)
	}
	return c.name
}

// siret is the number of the establishment of a rank, from 1 on; its last digit is the
// key of the others.
func (c *company) siret(rank int) string {
	for key := range 10 {
		number := fmt.Sprintf("%s%04d%d", c.siren, rank, key)
		if identifier.Luhn(number)%10 == 0 {
			return number
		}
	}
	return ""
}

// vatNumber is the French VAT number of the company.
func (c *company) vatNumber() string {
	rest := 0
	for _, digit := range c.siren {
		rest = (rest*10 + int(digit-'0')) % 97
	}
	return fmt.Sprintf("FR%02d%s", (12+3*rest)%97, c.siren)
}
