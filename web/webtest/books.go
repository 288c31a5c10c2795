// Package webtest holds invented books for the tests of package web: whole
// enough that every page has something to show, small enough to be computed on
// every call. Its invariant is that of the real figures: the buckets, the items
// and the ledger always sum to the same amount unless a test asks for a
// difference.
package webtest

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/encours/encours/reports"
)

// item is an invented document with what settled it.
type item struct {
	entity, side, party    string
	id                     int64
	kind, ref              string
	issued, due, settled   time.Time
	amount                 reports.Amount
	line                   int64
	estimated, intercompny bool
}

// party is an invented customer or supplier.
type party struct {
	entity, side, id, name, siren, terms string
	intercompany                         bool
	delay                                int // days late on average
	weight                               int
}

var names = []string{
	"Boulangerie du Marché", "Garage Lemoine & Fils", "Transports Vidal", "Menuiserie Carpentier", "Hôtel de la Gare",
	"Ateliers Roussel", "Imprimerie Nouvelle", "Pharmacie des Halles", "Coopérative agricole du Lauragais", "Électricité Moreau",
	"Cabinet Dubreuil Associés", "Maçonnerie Fernandez", "Clinique Saint-Aubin", "Librairie Le Passage", "Chauffage Ouest Services",
	"Société d’exploitation des carrières de Haute-Provence", "Brasserie L’Étoile", "Plastiques Bertin", "Mairie de Sainte-Foy", "Négoce Bois & Panneaux",
	"Agence Delmas", "Fonderie Klein", "Scierie du Val", "Laboratoire Novelis", "Charpentes Girard", "Logis Habitat", "Verrerie d’Art Colin",
	"Cartonnages Petit", "Domaine Lacaze", "Restauration Collective Sud", "Énergie Plus", "Nettoyage Clair & Net", "Optique Centrale", "Peinture Leroux",
}

// generate invents the books; the same seed gives the same books.
func generate(last time.Time) ([]party, []item) {
	random := rand.New(rand.NewPCG(7, 11))
	var parties []party
	var items []item
	entities := []string{"ALPHA", "BETA"}
	for i, name := range names {
		p := party{
			entity: entities[i%len(entities)], side: reports.Customer, id: fmt.Sprintf("C%04d", 100+i*7), name: name,
			siren: fmt.Sprintf("%09d", 552081317+i*1009), delay: []int{-5, 3, 8, 25, 55, 95}[i%6], weight: 1 + 60/(1+i),
		}
		if i%5 == 0 {
			p.terms = "30 jours fin de mois"
		}
		parties = append(parties, p)
	}
	parties = append(parties,
		party{entity: "ALPHA", side: reports.Customer, id: "IC/BETA 01", name: "Beta Services (intragroupe)", intercompany: true, delay: 10, weight: 6},
		party{entity: "ALPHA", side: reports.Customer, id: "C9<b>", name: `<script>alert("x")</script>`, delay: 40, weight: 3},
	)
	for i := range 8 {
		parties = append(parties, party{
			entity: entities[i%2], side: reports.Supplier, id: fmt.Sprintf("F%03d", i+1), name: "Fournitures " + names[i], delay: i * 6, weight: 9 - i,
		})
	}
	first := last.AddDate(-2, -6, 0)
	line := int64(2)
	for _, p := range parties {
		for date := first; date.Before(last); date = date.AddDate(0, 0, 9+random.IntN(24)) {
			line += int64(2 + random.IntN(9))
			made := item{
				entity: p.entity, side: p.side, party: p.id, id: int64(len(items) + 1), kind: "invoice",
				ref: fmt.Sprintf("FA%d-%05d", date.Year()%100, len(items)+1), issued: date, due: date.AddDate(0, 0, 45),
				amount: reports.Amount(p.weight * (20_000 + random.IntN(90_000))), line: line, intercompny: p.intercompany,
			}
			if random.IntN(40) == 0 {
				made.due = time.Time{}
				made.kind = "opening"
			}
			late := p.delay + random.IntN(30) - 8
			if random.IntN(14) == 0 {
				late += 160
			}
			if paid := date.AddDate(0, 0, 45+late); !paid.After(last) && random.IntN(60) != 0 {
				made.settled = paid
			}
			items = append(items, made)
			if random.IntN(12) == 0 {
				items = append(items, item{
					entity: p.entity, side: p.side, party: p.id, id: int64(len(items) + 1), kind: "credit_note",
					ref: "AV-" + made.ref, issued: date.AddDate(0, 0, 6), due: date.AddDate(0, 0, 6), amount: -made.amount / 5, line: line + 1,
					settled: made.settled, intercompny: p.intercompany,
				})
			}
		}
	}
	return parties, items
}

// open is the balance of an item at a date.
func (i item) open(at time.Time) reports.Amount {
	if i.issued.After(at) || (!i.settled.IsZero() && !i.settled.After(at)) {
		return 0
	}
	return i.amount
}

// late is the days overdue of an item at a date, by its due date.
func (i item) late(at time.Time) int64 {
	if i.due.IsZero() {
		return 0
	}
	return int64(at.Sub(i.due).Hours() / 24)
}

var bucketNames = []string{"not_due", "1-30", "31-60", "61-90", "91-180", "181+", "unknown"}

// bucket is the index of an item's bucket at a date.
func (i item) bucket(at time.Time) int {
	if i.due.IsZero() {
		return 6
	}
	late := i.late(at)
	for index, most := range []int64{0, 30, 60, 90, 180} {
		if late <= most {
			return index
		}
	}
	return 5
}

// buckets sums items by bucket at a date.
func buckets(items []item, at time.Time) []reports.Bucket {
	all := make([]reports.Bucket, len(bucketNames))
	for i, name := range bucketNames {
		all[i] = reports.Bucket{Order: i + 1, Name: name, IsOverdue: i > 0 && i < 6}
	}
	for _, it := range items {
		open := it.open(at)
		if open == 0 {
			continue
		}
		b := &all[it.bucket(at)]
		b.Items++
		b.Open += open
		if open > 0 {
			b.Debit += open
		} else {
			b.Credit += open
		}
	}
	return all
}

// totals are the open amount, the gross overdue amount, the credits and the
// oldest delay of some items.
func totals(items []item, at time.Time) (open, overdue, credits reports.Amount, oldest int64) {
	for _, it := range items {
		balance := it.open(at)
		open += balance
		if balance < 0 {
			credits += balance
		}
		if late := it.late(at); balance > 0 && late > 0 {
			overdue += balance
			oldest = max(oldest, late)
		}
	}
	return open, overdue, credits, oldest
}

func ratio(part, whole reports.Amount) reports.Ratio {
	if whole == 0 {
		return reports.Ratio{}
	}
	return reports.Ratio{BasisPoints: int64(part) * 10_000 / int64(whole), Valid: true}
}

func monthEnds(at time.Time, count int) []time.Time {
	var all []time.Time
	for back := count - 1; back > 0; back-- {
		all = append(all, time.Date(at.Year(), at.Month()-time.Month(back)+1, 0, 0, 0, 0, 0, time.UTC))
	}
	return append(all, at)
}
