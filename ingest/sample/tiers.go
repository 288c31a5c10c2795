package sample

import (
	"context"
	"fmt"
	"strings"
)

// tiersColumns are the columns of the file of counterparties, as a French accounting
// program names them.
var tiersColumns = []string{
	"Type", "Code", "Raison sociale", "SIREN", "SIRET", "N° TVA", "Adresse", "Code postal", "Ville", "Pays",
	"E-mail", "Téléphone", "Conditions de paiement", "Plafond", "Ouvert le",
}

// tiersMapping is what encours.yaml says of them.
const tiersMapping = `    dates: DD/MM/YYYY
    decimal: ","
    columns:
      side: { column: Type, values: { Client: customer, Fournisseur: supplier } }
      counterparty_id: Code
      name: Raison sociale
      siren: SIREN
      siret: SIRET
      vat_number: N° TVA
      street: Adresse
      postal_code: Code postal
      city: Ville
      country: Pays
      email: E-mail
      phone: Téléphone
      payment_terms: Conditions de paiement
      credit_limit: Plafond
      opened_on: Ouvert le
`

func tiersPath(e *entity) string { return e.folder() + "/tiers.csv" }

// counterparties writes the file of customers and suppliers of each entity, in the
// charset and with the line ends of its ledger.
func (x *extracts) counterparties(ctx context.Context) error {
	for _, s := range x.ledgers {
		f := format{comma: ';', crlf: s.shape.lineEnd == "\r\n", encode: s.shape.encode}
		open := s.openBalances()
		err := x.table(tiersPath(&s.entity), f, tiersColumns, func(t *table) error {
			write := func(q *party) error { return t.row(tiersRow(q, open)...) }
			if err := s.eachCustomer(ctx, write); err != nil {
				return err
			}
			return s.eachSupplier(ctx, write)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// openBalances are the open amounts of the customers on account 411 at the end, in cents.
func (s *simulation) openBalances() []int64 {
	sums := make([]int64, len(s.customers))
	for i := range s.open {
		if line := &s.open[i]; line.control == customers {
			sums[line.partner] += line.amount
		}
	}
	return sums
}

func tiersRow(q *party, open []int64) []string {
	c := q.owner()
	side, limit := "Client", ""
	if q.isSupplier {
		side = "Fournisseur"
	} else {
		limit = creditLimit(q, open[q.index])
	}
	where := c.address
	country, phone := "FR", fmt.Sprintf("0%d %02d %02d %02d %02d", 1+q.index%5, q.index%90+10, q.index/90%100, 10, 20)
	siren, siret, vat := numbersOf(q, &c)
	postal, city, street := where.place().postal, where.place().name, where.line()
	switch {
	case q.record == vatOnly:
		street = ""
	case q.record == withTwin:
		street = "" // the name and the town alone
	case q.record == otherTown:
		place := where.neighbour().place()
		postal, city, street = place.postal, place.name, "BP "+fmt.Sprint(100+q.index)
	case q.record == foreigner:
		postal, city, street, country, phone = "77694", "Kehl", "Hauptstraße 12", "DE", ""
	case q.index%13 == 5:
		city = capitals(city) + " CEDEX"
	}
	if q.index%9 == 2 && q.record != foreigner {
		postal = strings.TrimPrefix(postal, "0") // as a spreadsheet leaves it
	}
	mail := ""
	if q.index%3 > 0 && !q.company.isPerson() {
		mail = "compta@" + strings.ToLower(capitals(c.surname)) + ".example"
	}
	opened := c.created[8:] + "/" + c.created[5:7] + "/" + fmt.Sprint(2016+q.index%7)
	return []string{
		side, q.code, q.title(), siren, siret, vat, street, postal, city, country, mail, phone, q.term.text, limit, opened,
	}
}

// numbersOf are the numbers that the file gives of a company.
func numbersOf(q *party, c *company) (siren, siret, vat string) {
	switch q.record {
	case allNumbers:
		return c.siren, c.siret(1), c.vatNumber()
	case sirenOnly:
		return c.siren[:3] + " " + c.siren[3:6] + " " + c.siren[6:], "", ""
	case vatOnly:
		return "", "", c.vatNumber()
	case lostZero:
		return strings.TrimPrefix(c.siren, "0"), "", ""
	case wrongKey:
		return c.siren[:8] + string(rune('0'+(c.siren[8]-'0'+1)%10)), "", ""
	case foreigner:
		return "", "", fmt.Sprintf("DE%09d", 811_000_000+q.index)
	}
	return "", "", ""
}

// creditLimit is about one and a half times what is open, in whole thousands; one in
// twelve customers is above it, and one in seven has none.
func creditLimit(q *party, open int64) string {
	if q.group || q.index%7 == 6 {
		return ""
	}
	limit := max(open*3/2, q.size*4)
	if q.index%12 == 4 {
		limit = max(open*3/4, q.size)
	}
	return fmt.Sprintf("%d,00", (limit/100_000+1)*1000)
}
