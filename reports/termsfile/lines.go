package termsfile

import (
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/encours/encours/reports/money"
)

// words are those of the printed model; the articles are those of today.
var words = [2]struct {
	title, received, issued string
	count, amount           string
	ofReceived, ofIssued    string
}{
	{
		title:    "Factures reçues et émises non réglées à la date de clôture de l'exercice dont le terme est échu",
		received: "Article D. 441-6 I.-1° : Factures reçues non réglées à la date de clôture de l'exercice dont le terme est échu",
		issued:   "Article D. 441-6 I.-2° : Factures émises non réglées à la date de clôture de l'exercice dont le terme est échu",
		count:    "Nombre de factures concernées", amount: "Montant total des factures concernées (%s)",
		ofReceived: "Pourcentage du montant total des achats de l'exercice (%s)",
		ofIssued:   "Pourcentage du chiffre d'affaires de l'exercice (%s)",
	},
	{
		title:    "Factures reçues et émises ayant connu un retard de paiement au cours de l'exercice",
		received: "Article D. 441-6 II. : Factures reçues ayant connu un retard de paiement au cours de l'exercice",
		issued:   "Article D. 441-6 II. : Factures émises ayant connu un retard de paiement au cours de l'exercice",
		count:    "Nombre cumulé de factures concernées", amount: "Montant cumulé des factures concernées (%s)",
		ofReceived: "Pourcentage du montant total des factures reçues dans l'année (%s)",
		ofIssued:   "Pourcentage du montant total des factures émises dans l'année (%s)",
	},
}

const (
	partATitle       = "(A) Tranches de retard de paiement"
	partBTitle       = "(B) Factures exclues du (A) relatives à des dettes et créances litigieuses ou non comptabilisées"
	partCTitle       = "(C) Délais de paiement de référence utilisés (contractuel ou délai légal – articles L. 441-10 et suivants du code de commerce)"
	excludedCount    = "Nombre des factures exclues"
	excludedAmount   = "Montant total des factures exclues (%s)"
	reference        = "Délais de paiement utilisés pour le calcul des retards de paiement"
	contractualTerms = "Délais contractuels : échéances des factures et conditions convenues (%d)"
	legalTerms       = "Délais légaux : 30 jours (%d)"
)

var heads = [columns]string{
	"0 jour\n(indicatif)", "1 à 30 jours", "31 à 60 jours", "61 à 90 jours", "91 jours\net plus", "Total (1 jour\net plus)",
}

func (s Sheet) tax() string {
	if s.IsTaxExcluded {
		return "HT"
	}
	return "TTC"
}

func day(t time.Time) string { return t.Format("02/01/2006") }

func (d *drawing) title() error {
	if err := d.next(20); err != nil {
		return err
	}
	if err := d.text(1, issued+columns-1, "title", d.of.Name+" – Informations sur les délais de paiement des fournisseurs et des clients"); err != nil {
		return err
	}
	if err := d.next(16); err != nil {
		return err
	}
	return d.text(1, issued+columns-1, "note", d.of.subtitle())
}

func (s Sheet) subtitle() string {
	return fmt.Sprintf(
		"Article D. 441-6 du code de commerce – exercice ouvert le %s, situation au %s – montants %s en %s",
		day(s.From), day(s.To), s.tax(), s.Currency)
}

// heads writes the title of the table, those of its halves and of their columns.
func (d *drawing) heads() error {
	w := words[d.of.No-1]
	if err := d.next(22); err != nil {
		return err
	}
	if err := d.text(1, issued+columns-1, "head", w.title); err != nil {
		return err
	}
	if err := d.next(32); err != nil {
		return err
	}
	if err := d.text(1, 1, "head", ""); err != nil {
		return err
	}
	for i, title := range []string{w.received, w.issued} {
		first := received + i*columns
		if err := d.text(first, first+columns-1, "head", title); err != nil {
			return err
		}
	}
	if err := d.next(32); err != nil {
		return err
	}
	if err := d.text(1, 1, "head", ""); err != nil {
		return err
	}
	for i, head := range heads {
		for _, first := range []int{received, issued} {
			if err := d.text(first+i, first+i, "head", head); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *drawing) part(title string) error {
	if err := d.next(18); err != nil {
		return err
	}
	return d.text(1, issued+columns-1, "part", title)
}

func (d *drawing) label(height float64, text string) error {
	if err := d.next(height); err != nil {
		return err
	}
	return d.text(1, 1, "label", text)
}

// partA writes the lines by lateness; the columns that the model leaves grey stay so.
func (d *drawing) partA() error {
	w := words[d.of.No-1]
	if err := d.part(partATitle); err != nil {
		return err
	}
	if err := d.label(20, w.count); err != nil {
		return err
	}
	err := d.each(func(at, half, column int, c Cell) error {
		if column > 0 && column < columns-1 {
			return d.span(at, at, "grey")
		}
		return d.figure(at, at, "count", fmt.Sprint(c.Count))
	})
	if err != nil {
		return err
	}
	if err := d.label(30, fmt.Sprintf(w.amount, d.of.tax())); err != nil {
		return err
	}
	if err := d.each(func(at, _, _ int, c Cell) error { return d.figure(at, at, "amount", money.Plain(c.Amount)) }); err != nil {
		return err
	}
	for line, label := range []string{w.ofReceived, w.ofIssued} {
		if err := d.label(30, fmt.Sprintf(label, d.of.tax())); err != nil {
			return err
		}
		err := d.each(func(at, half, _ int, c Cell) error {
			switch {
			case half != line:
				return d.span(at, at, "grey")
			case !c.HasRatio:
				return d.text(at, at, "percent", "n. c.")
			}
			return d.figure(at, at, "percent", fraction(c.BasisPoints))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// each calls write for every column of line A with its place.
func (d *drawing) each(write func(at, half, column int, c Cell) error) error {
	for half, first := range []int{received, issued} {
		for column, c := range d.of.Halves[half].Cells {
			if err := write(first+column, half, column, c); err != nil {
				return err
			}
		}
	}
	return nil
}

// fraction writes ten-thousandths as a decimal number.
func fraction(basisPoints int64) string {
	sign := ""
	if basisPoints < 0 {
		sign, basisPoints = "-", -basisPoints
	}
	return fmt.Sprintf("%s%d.%04d", sign, basisPoints/10_000, basisPoints%10_000)
}

func (d *drawing) partB() error {
	if err := d.part(partBTitle); err != nil {
		return err
	}
	if err := d.label(20, excludedCount); err != nil {
		return err
	}
	for i, first := range []int{received, issued} {
		if err := d.figure(first, first+columns-1, "count centred", fmt.Sprint(d.of.Halves[i].Excluded.Count)); err != nil {
			return err
		}
	}
	if err := d.label(30, fmt.Sprintf(excludedAmount, d.of.tax())); err != nil {
		return err
	}
	for i, first := range []int{received, issued} {
		if err := d.figure(first, first+columns-1, "amount centred", money.Plain(d.of.Halves[i].Excluded.Amount)); err != nil {
			return err
		}
	}
	return nil
}

func (d *drawing) partC() error {
	if err := d.part(partCTitle); err != nil {
		return err
	}
	if err := d.label(48, reference); err != nil {
		return err
	}
	for i, first := range []int{received, issued} {
		half := d.of.Halves[i]
		err := d.text(first, first+columns-1, "label", fmt.Sprintf(
			"%s "+contractualTerms+"\n%s "+legalTerms,
			box(half.Contractual), half.Contractual.Count, box(half.Legal), half.Legal.Count))
		if err != nil {
			return err
		}
	}
	return nil
}

func box(s Sum) string {
	if s.Count > 0 {
		return "☒"
	}
	return "☐"
}

// notes says under the table what its figures stand on.
func (d *drawing) notes() error {
	if err := d.next(6); err != nil {
		return err
	}
	for _, text := range d.noteTexts("voir la feuille About") {
		if err := d.next(14); err != nil {
			return err
		}
		if err := d.text(1, issued+columns-1, "note", text); err != nil {
			return err
		}
	}
	return nil
}

// noteTexts are the notes; where says where the proof stands.
func (d *drawing) noteTexts(where string) []string {
	texts := []string{
		d.both("Factures exclues (B) : litigieuses", func(h Half) Sum { return h.Disputed }) +
			" ; " + d.both("non comptabilisées", func(h Half) Sum { return h.Unbooked }) + ".",
		fmt.Sprintf("Base des pourcentages : reçues %s ; émises %s.", d.money(d.of.Halves[0].Base), d.money(d.of.Halves[1].Base)),
		"Les avoirs sont en déduction : un montant peut être négatif. La colonne « 0 jour » n'entre pas dans le total.",
	}
	if d.of.No == 1 {
		texts = append(texts, d.both("Non repris, n'étant pas des factures : règlements et acomptes non affectés", func(h Half) Sum { return h.LeftOut })+
			" ; "+d.both("sans échéance connue", func(h Half) Sum { return h.Undated })+".")
	}
	if d.of.IsTaxExcluded {
		texts = append(texts, d.both("Montants HT estimés par le ratio de la société, l'écriture ne portant pas la TVA", func(h Half) Sum { return h.TaxEstimated })+".")
	}
	proof := "Les postes sont égaux à la comptabilité au centime."
	if !d.of.IsProved {
		proof = "Attention : les postes ne sont pas prouvés par la comptabilité ; " + where + "."
	}
	return append(texts, proof)
}

// both writes a sum of each half.
func (d *drawing) both(label string, sum func(Half) Sum) string {
	var parts []string
	for i, name := range []string{"reçues", "émises"} {
		s := sum(d.of.Halves[i])
		parts = append(parts, fmt.Sprintf("%s %d, %s", name, s.Count, d.money(s.Amount)))
	}
	return label + " – " + strings.Join(parts, " – ")
}

func (d *drawing) money(hundredths int64) string {
	return money.For(language.French).With(hundredths, d.of.Currency)
}
