package sample

import (
	"context"
	"encoding/json"
	"fmt"
)

// notice is a record of the open-data service of the BODACC; nested parts are JSON in
// texts, as the service gives them.
type notice struct {
	ID          string   `json:"id"`
	Bulletin    string   `json:"publicationavis"`
	Issue       string   `json:"parution"`
	Published   string   `json:"dateparution"`
	Number      int      `json:"numeroannonce"`
	Kind        string   `json:"typeavis"`
	Family      string   `json:"familleavis"`
	FamilyLabel string   `json:"familleavis_lib"`
	Court       string   `json:"tribunal"`
	Trader      string   `json:"commercant"`
	City        string   `json:"ville"`
	Postal      string   `json:"cp"`
	Registry    []string `json:"registre"`
	Persons     nested   `json:"listepersonnes,omitempty"`
	Owner       nested   `json:"listeprecedentproprietaire,omitempty"`
	Sites       nested   `json:"listeetablissements,omitempty"`
	Judgment    nested   `json:"jugement,omitempty"`
	Deed        nested   `json:"acte,omitempty"`
	Deposit     nested   `json:"depot,omitempty"`
	Change      nested   `json:"modificationsgenerales,omitempty"`
	Before      nested   `json:"parutionavisprecedent,omitempty"`
}

// parts are an object of JSON; its names are written in order.
type parts map[string]any

// nested is an object that stands as a text in another one.
type nested map[string]any

func (n nested) MarshalJSON() ([]byte, error) {
	raw, err := json.Marshal(parts(n))
	if err != nil {
		return nil, err
	}
	return json.Marshal(string(raw))
}

// bulletin writes notices, numbered in their order.
type bulletin struct {
	x     *extracts
	out   *output
	count int
}

// gazette writes notices about customers: judgments on those who stopped paying, one of
// them corrected, sales of businesses, moves and filed accounts.
func (x *extracts) gazette(ctx context.Context) error {
	o, err := x.create("extracts/bodacc/annonces.json")
	if err != nil {
		return err
	}
	b := &bulletin{x: x, out: o}
	_, err = o.buf.WriteString("[")
	if err == nil {
		err = x.customers(ctx, b.customer)
	}
	if err == nil {
		_, err = o.buf.WriteString("\n]\n")
	}
	return x.finish(o, err)
}

// publish numbers a notice about a company on a day, fills in who it is about and
// writes it.
func (b *bulletin) publish(n notice, c *company, day int32) (notice, error) {
	b.count++
	d := b.x.cal.at(day)
	n.Published, n.Number = b.x.day(day), 100+b.count
	n.Issue = fmt.Sprintf("%d%04d", d.year, d.month*20+d.day)
	n.ID = fmt.Sprintf("%s%s%d", n.Bulletin, n.Issue, n.Number)
	place := c.address.place()
	n.Court, n.City, n.Postal = "Greffe du tribunal de commerce de "+c.address.court(), place.name, place.postal
	if n.Kind == "" {
		n.Kind = "annonce"
	}
	if n.Persons == nil {
		n.Trader, n.Persons = c.name, nested{"personne": b.person(c)}
		n.Registry = []string{c.siren[:3] + " " + c.siren[3:6] + " " + c.siren[6:], c.siren}
	}
	raw, err := json.Marshal(n)
	if err != nil {
		return n, err
	}
	separator := ",\n"
	if b.out.rows == 0 {
		separator = "\n"
	}
	b.out.rows++
	_, err = b.out.buf.WriteString(separator + string(raw))
	return n, err
}

func (b *bulletin) person(c *company) parts {
	place := c.address.place()
	p := parts{
		"typePersonne": "pm", "denomination": c.name,
		"numeroImmatriculation": parts{
			"numeroIdentification": c.siren, "codeRCS": "RCS", "nomGreffeImmat": c.address.court(),
		},
		"adresseSiegeSocial": parts{"france": parts{"codePostal": place.postal, "ville": place.name}},
	}
	if c.isPerson() {
		delete(p, "denomination")
		p["typePersonne"], p["nom"], p["prenom"] = "pp", c.surname, c.firstName
	}
	return p
}

// customer publishes what becomes of a customer.
func (b *bulletin) customer(q *party) error {
	if err := b.procedure(q); err != nil {
		return err
	}
	if q.fate.sold != never {
		if err := b.sale(q, q.fate.sold); err != nil {
			return err
		}
	}
	if q.fate.moved != never {
		_, err := b.publish(notice{
			Bulletin: "B", Family: "modification", FamilyLabel: "Modifications diverses",
			Change: nested{"descriptif": "Transfert du siège social", "dateEffet": b.x.day(q.fate.moved - 20)},
		}, &q.company, q.fate.moved)
		if err != nil {
			return err
		}
	}
	return b.accounts(q)
}

// procedure publishes judgments; the opening of a procedure that goes on is corrected two
// weeks later.
func (b *bulletin) procedure(q *party) error {
	f := q.fate
	judgments := []struct {
		day            int32
		family, nature string
	}{
		{f.opened, "Jugement d'ouverture", "Jugement d'ouverture d'une procédure de redressement judiciaire"},
		{f.converted, "Jugement de conversion", "Jugement de conversion en liquidation judiciaire"},
		{f.closed, "Jugement de clôture", "Jugement de clôture pour insuffisance d'actif"},
	}
	for _, j := range judgments {
		if j.day == never {
			continue
		}
		made, err := b.publish(notice{
			Bulletin: "A", Family: "collective", FamilyLabel: "Procédures collectives",
			Judgment: nested{"type": "initial", "famille": j.family, "nature": j.nature, "date": b.x.day(j.day - 9)},
		}, &q.company, j.day)
		if err != nil {
			return err
		}
		if j.day != f.opened || f.converted == never {
			continue
		}
		made.Kind = "rectificatif"
		made.Before = nested{"nomPublication": "BODACC A", "numeroParution": made.Issue, "numeroAnnonce": fmt.Sprint(made.Number)}
		if _, err := b.publish(made, &q.company, j.day+14); err != nil {
			return err
		}
	}
	return nil
}

// sale publishes that a stranger bought the business of a customer.
func (b *bulletin) sale(q *party, day int32) error {
	s := q.simulation
	siren := inventedSiren(blockOf(homonymBlock, &s.entity), 80_000+q.index/40)
	buyer := s.companyOf(strangerList, 900_000+q.index, "Reprise "+q.company.surname+" SAS", siren)
	price := q.size / 100 * 60
	n := notice{
		Bulletin: "A", Family: "vente", FamilyLabel: "Ventes et cessions",
		Owner: nested{"personne": b.person(&q.company)},
		Sites: nested{"etablissement": parts{"origineFonds": fmt.Sprintf("Fonds acquis par achat au prix stipulé de %d Euros", price)}},
		Deed: nested{
			"vente":      parts{"categorieVente": "Achat d'un fonds par une personne morale"},
			"descriptif": "Vente", "dateEffet": b.x.day(day - 25),
		},
	}
	_, err := b.publish(n, &buyer, day)
	return err
}

// accounts publishes that accounts were filed; one in nine has not filed the last ones.
func (b *bulletin) accounts(q *party) error {
	list := q.closings()
	if q.index%9 == 4 && len(list) > 1 {
		list = list[:1]
	}
	for _, c := range list {
		kind := "Comptes annuels et rapports"
		deposit := nested{"dateCloture": b.x.day(c.end), "typeDepot": kind}
		if q.index%6 == 5 {
			deposit["descriptif"] = "Les comptes annuels sont accompagnés d'une déclaration de confidentialité"
		}
		n := notice{Bulletin: "C", Family: "dpc", FamilyLabel: "Dépôts des comptes", Deposit: deposit}
		if _, err := b.publish(n, &q.company, c.published); err != nil {
			return err
		}
	}
	return nil
}
