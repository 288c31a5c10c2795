package sample

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// town is a place with its postal code and the code of its commune.
type town struct{ name, postal, commune string }

// departments are towns by department, two or three in each.
var departments = [][]town{
	{{"Lyon", "69003", "69383"}, {"Villeurbanne", "69100", "69266"}, {"Vénissieux", "69200", "69259"}},
	{{"Nantes", "44000", "44109"}, {"Saint-Nazaire", "44600", "44184"}, {"Saint-Herblain", "44800", "44162"}},
	{{"Lille", "59000", "59350"}, {"Roubaix", "59100", "59512"}, {"Tourcoing", "59200", "59599"}},
	{{"Toulouse", "31000", "31555"}, {"Blagnac", "31700", "31069"}},
	{{"Bordeaux", "33000", "33063"}, {"Mérignac", "33700", "33281"}},
	{{"Strasbourg", "67000", "67482"}, {"Schiltigheim", "67300", "67447"}},
	{{"Rennes", "35000", "35238"}, {"Saint-Malo", "35400", "35288"}},
	{{"Nice", "06000", "06088"}, {"Cannes", "06400", "06029"}},
	{{"Bourg-en-Bresse", "01000", "01053"}, {"Oyonnax", "01100", "01283"}},
	{{"Grenoble", "38000", "38185"}, {"Bourgoin-Jallieu", "38300", "38053"}},
	{{"Marseille", "13002", "13202"}, {"Aix-en-Provence", "13100", "13001"}},
	{{"Rouen", "76000", "76540"}, {"Le Havre", "76600", "76351"}},
	{{"Nancy", "54000", "54395"}, {"Lunéville", "54300", "54329"}},
	{{"Dijon", "21000", "21231"}, {"Beaune", "21200", "21054"}},
}

// streets have the short form of their type that the register writes.
var streets = []struct{ code, kind, name string }{
	{"RUE", "rue", "des Acacias"}, {"RUE", "rue", "du Moulin"}, {"RUE", "rue", "Jean Jaurès"},
	{"RUE", "rue", "de la Gare"}, {"RUE", "rue", "Victor Hugo"}, {"RUE", "rue", "des Frères Lumière"},
	{"AV", "avenue", "de la République"}, {"AV", "avenue", "des Tilleuls"}, {"RTE", "route", "de Paris"},
	{"IMP", "impasse", "des Lilas"}, {"QUAI", "quai", "du Port"}, {"PL", "place", "du Marché"},
	{"CHE", "chemin", "des Vignes"}, {"BD", "boulevard", "Gambetta"},
}

// address is where a company is.
type address struct {
	department, town, street, number int
}

func newAddress(rng *rand.Rand) address {
	a := address{department: rng.IntN(len(departments)), street: rng.IntN(len(streets)), number: 1 + rng.IntN(140)}
	a.town = rng.IntN(len(departments[a.department]))
	return a
}

func (a address) place() town { return departments[a.department][a.town] }

// court is the town of the commercial court.
func (a address) court() string { return departments[a.department][0].name }

// line is the street as people write it.
func (a address) line() string {
	s := streets[a.street]
	return fmt.Sprintf("%d %s %s", a.number, s.kind, s.name)
}

// neighbour is the same street in another town of the department.
func (a address) neighbour() address {
	a.town = (a.town + 1) % len(departments[a.department])
	return a
}

// back is the town of which it is the neighbour.
func (a address) back() address {
	towns := len(departments[a.department])
	a.town = (a.town + towns - 1) % towns
	return a
}

// faraway is the same street in another department.
func (a address) faraway() address {
	a.department = (a.department + 5) % len(departments)
	a.town = 0
	return a
}

var plainLetters = strings.NewReplacer(
	"é", "e", "è", "e", "ê", "e", "ë", "e", "à", "a", "â", "a", "ç", "c", "î", "i", "ï", "i", "ô", "o", "ö", "o",
	"ù", "u", "û", "u", "ü", "u", "œ", "oe", "É", "E", "È", "E", "Ê", "E", "À", "A", "Ç", "C", "Î", "I", "Ô", "O",
)

// capitals writes a text as the register does: in capital letters without accents.
func capitals(text string) string { return strings.ToUpper(plainLetters.Replace(text)) }
