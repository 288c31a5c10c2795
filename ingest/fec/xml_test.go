package fec

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/ingest"
)

// xmlEntry is one entry by the schema VII-1 with two lines; %s stands for more.
const xmlEntry = `<?xml version="1.0" encoding="UTF-8"?>
<comptabilite>
 <exercice>
  <DateCloture>2024-12-31</DateCloture>
  <journal>
   <JournalCode>VE</JournalCode><JournalLib>Ventes</JournalLib>
   <ecriture>
    <EcritureNum>V1</EcritureNum><EcritureDate>2024-01-31</EcritureDate><EcritureLib>Facture</EcritureLib>
    <PieceRef>FA1</PieceRef><PieceDate>2024-01-30T00:00:00</PieceDate><EcritureLet>AA</EcritureLet><DateLet>2024-02-29Z</DateLet>
    <ValidDate>2024-02-01+01:00</ValidDate>
    <ligne><CompteNum>411000</CompteNum><CompteLib>Clients</CompteLib><CompteAuxNum>C1</CompteAuxNum><CompAuxLib>Dupont</CompAuxLib>
     <Montantdevise>100.00</Montantdevise><Idevise>USD</Idevise><Debit>1.205E2</Debit></ligne>
    <ligne><CompteNum>707000</CompteNum><CompteLib>Ventes</CompteLib><Montant>120.5</Montant><Sens>-1</Sens></ligne>
   </ecriture>
  </journal>
 </exercice>
</comptabilite>
`

func TestXML(t *testing.T) {
	l := read(t, xmlEntry, Options{})
	want := []string{
		strings.Replace(legalRow, "2|1|", "11|1|", 1),
		"13|1|VE|Ventes|V1|2024-01-31|707000|Ventes|||FA1|2024-01-30|Facture|0.00|120.50|AA|2024-02-29|2024-02-01|||",
	}
	if strings.Join(l.rows, "\n") != strings.Join(want, "\n") || len(l.rejects) != 0 {
		t.Errorf("rows\n%s\nwant\n%s\nrejects %+v", strings.Join(l.rows, "\n"), strings.Join(want, "\n"), l.rejects)
	}
	if got := l.file.YearEnd.Format(time.DateOnly); got != "2024-12-31" || l.stats.FirstDate.Format(time.DateOnly) != "2024-01-31" {
		t.Errorf("year end %s, first date %s", got, l.stats.FirstDate)
	}
	if len(ingest.English(l.stats.Warnings)) != 0 || l.file.Regime != "VII-1" {
		t.Errorf("regime %s, warnings %q", l.file.Regime, ingest.English(l.stats.Warnings))
	}
}

// change replaces parts of xmlEntry, each of which must be there.
func change(t *testing.T, pairs ...string) string {
	t.Helper()
	text := xmlEntry
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("no %q to change", pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return text
}

func TestXMLValues(t *testing.T) {
	for _, c := range []struct{ name, from, to, column, want string }{
		{"lines inside a text", "Facture<", "\n  Facture\n réglée  <", "label", "Facture  réglée"},
		{"entities", "Facture<", "A &amp; B &#233;<", "label", "A & B é"},
		{"CDATA and comments", "Facture<", "<![CDATA[<b>]]><!-- no -->!<", "label", "<b>!"},
		{"negative", "1.205E2", "-120.50", "debit", "-120.50"},
		{"whole", "1.205E2", "7", "debit", "7.00"},
		{"padded with zeros", "1.205E2", "0120.5000", "debit", "120.50"},
		{"small exponent", "1.205E2", "1205e-1", "debit", "120.50"},
		{"both amounts", "<Debit>1.205E2</Debit>", "<Debit>5</Debit><Credit>1</Credit>", "credit", "1.00"},
		{"another name of the schema", "CompAuxLib>Dupont</CompAuxLib", "CompteAuxLib>Dupont</CompteAuxLib", "aux_label", "Dupont"},
		{"a namespace", "<comptabilite>", `<comptabilite xmlns="urn:x" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="a.xsd">`, "label", "Facture"},
		{"lettering of the line", "<Idevise>", "<EcritureLet>AA</EcritureLet><Idevise>", "matching_code", "AA"},
		{"extra element", "</Debit>", "</Debit><DateEcheance>2024-03-01</DateEcheance>", "due_date", "2024-03-01"},
		{"extra kept", "</Debit>", "</Debit><Note>x</Note>", "Note", "x"},
		{"extra twice", "</Debit>", "</Debit><Note>x</Note><Note>y</Note>", "Note", "x; y"},
		{"extra inside an extra", "</Debit>", "</Debit><Axe code='A1'><Site>Lyon</Site></Axe>", "Axe/Site", "Lyon"},
		{"attribute of an extra", "</Debit>", "</Debit><Axe code='A1'>z</Axe>", "Axe@code", "A1"},
		{"extra of the entry", "<PieceRef>", "<Auteur>moi</Auteur><PieceRef>", "Auteur", "moi"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := read(t, change(t, c.from, c.to), Options{})
			if got := value(t, l, 0, c.column); got != c.want || len(l.rows) != 2 {
				t.Errorf("%s is %q, want %q; rejects %+v", c.column, got, c.want, l.rejects)
			}
		})
	}
}

// TestXMLScopes: what an entry holds counts for each of its lines, what a line
// holds for that line only.
func TestXMLScopes(t *testing.T) {
	l := read(t, change(t, "<PieceRef>", "<Note>e</Note><PieceRef>", "</Debit>", "</Debit><Note>x</Note>", "</Sens>", "</Sens><Note>y</Note>"), Options{})
	if a, b := value(t, l, 0, "Note"), value(t, l, 1, "Note"); a != "e; x" || b != "e; y" {
		t.Errorf("notes %q and %q", a, b)
	}
	if b := value(t, l, 1, "aux_account") + value(t, l, 1, "currency"); b != "" {
		t.Errorf("the second line has %q of the first", b)
	}
}

func TestXMLRejects(t *testing.T) {
	for _, c := range []struct{ name, from, to, column, value, reason string }{
		{"not exact to the cent", "1.205E2", "120.505", "Debit", "120.505", "amount.precision"},
		{"infinite", "1.205E2", "INF", "Debit", "INF", "amount.invalid"},
		{"bad date", "2024-02-29Z", "2024-02-30", "DateLet", "2024-02-30", "date.invalid"},
		{"no account", "<CompteNum>411000</CompteNum>", "", "CompteNum", "", "value.missing"},
		{"two accounts", "<CompteNum>411000</CompteNum>", "<CompteNum>411000</CompteNum><CompteNum>4</CompteNum>", "CompteNum", "411000", "element.repeated"},
		{"amount twice", "<Debit>1.205E2</Debit>", "<Debit>1</Debit><Montant>2</Montant><Sens>D</Sens>", "Montant", "2", "amount.twice"},
		{"bad side", "<Debit>1.205E2</Debit>", "<Montant>2</Montant><Sens>X</Sens>", "Sens", "X", "sense.invalid"},
		{"no side", "<Debit>1.205E2</Debit>", "<Montant>2</Montant>", "Sens", "", "value.missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := read(t, change(t, c.from, c.to), Options{})
			if len(l.rejects) == 0 {
				t.Fatalf("no reject; rows %q", l.rows)
			}
			r := l.rejects[0]
			if r.Column != c.column || r.Value != c.value || r.Reason != c.reason || r.Line != 11 || !strings.Contains(r.Raw, "<EcritureNum>V1</EcritureNum>") {
				t.Errorf("reject is %+v", r)
			}
		})
	}
	l := read(t, change(t, "<EcritureNum>V1</EcritureNum>", "<EcritureNum>V1</EcritureNum><EcritureNum>V2</EcritureNum>"), Options{})
	if len(l.rejects) != 2 || l.rejects[1].Reason != "element.repeated" || l.rejects[1].Column != "EcritureNum" {
		t.Errorf("an entry with two numbers: rows %q, rejects %+v", l.rows, l.rejects)
	}
}

func TestXMLRefused(t *testing.T) {
	for _, c := range []struct{ name, from, to, says string }{
		{"not well formed", "</journal>", "</journaux>", "line 15"},
		{"cut", "</exercice>\n</comptabilite>\n", "", "not well-formed"},
		{"unknown entity", "Facture", "&eacute;", "entity"},
		{"document type", "<comptabilite>", "<!DOCTYPE comptabilite SYSTEM \"a.dtd\"><comptabilite>", "document type"},
		{"other root", "<comptabilite>", "<x><comptabilite>", "<x> and not <comptabilite>"},
		{"level left out", "<journal>", "", "<ecriture> stands inside <exercice>"},
		{"text between elements", "<ecriture>", "<ecriture>hello", "hello"},
		{"lettering behind the lines", "   </ecriture>", "<EcritureLet>Z</EcritureLet></ecriture>", "behind a <ligne>"},
		{"two years", "</exercice>", "</exercice><exercice><DateCloture>2025-12-31</DateCloture></exercice>", "second <exercice>"},
		{"unknown charset", "UTF-8", "KOI8-R", "KOI8-R"},
		{"not its charset", "Facture", "caf\xe9", "UTF-8"},
		{"long name", "</Debit>", "</Debit><" + strings.Repeat("n", 300) + "/>", "longer than 200"},
		{"deep", "</Debit>", "</Debit>" + strings.Repeat("<a>", 20) + strings.Repeat("</a>", 20), "deep"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := change(t, c.from, c.to)
			if c.name == "level left out" {
				text = strings.NewReplacer("</journal>", "", "<JournalCode>VE</JournalCode><JournalLib>Ventes</JournalLib>", "").Replace(text)
			}
			_, err := tryRead(t, text, Options{})
			var refused *ingest.RefusedError
			if !errors.As(err, &refused) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %v, want a refusal with %q", err, c.says)
			}
		})
	}
}

// TestXMLRegimes: the cash-basis schemas have their own elements on the entry, and
// may leave out journals and accounts.
func TestXMLRegimes(t *testing.T) {
	five := change(t, "<JournalCode>VE</JournalCode><JournalLib>Ventes</JournalLib>", "",
		"<ValidDate>2024-02-01+01:00</ValidDate>", "<ValidDate>2024-02-01</ValidDate><DateRglt>2024-01-31</DateRglt><ModeRglt>CB</ModeRglt><NatOp>soins</NatOp>",
		"<CompteNum>411000</CompteNum>", "")
	l := read(t, five, Options{})
	if len(l.rows) != 2 || l.file.Regime != "VIII-5" || !l.file.CashBasis ||
		value(t, l, 0, "account") != "" || value(t, l, 0, "ModeRglt") != "CB" || value(t, l, 1, "DateRglt") != "2024-01-31" {
		t.Errorf("regime %s, rows %q, rejects %+v", l.file.Regime, l.rows, l.rejects)
	}
	l = read(t, strings.Replace(five, "</NatOp>", "</NatOp><IdClient>P7</IdClient>", 1), Options{})
	if l.file.Regime != "VIII-7" || value(t, l, 0, "IdClient") != "P7" {
		t.Errorf("regime %s, rows %q", l.file.Regime, l.rows)
	}
	three := change(t, "<CompteNum>411000</CompteNum>", "", "<CompteNum>707000</CompteNum>", "")
	l = read(t, three, Options{})
	if len(l.rows) != 2 || l.file.CashBasis || !strings.Contains(strings.Join(ingest.English(l.stats.Warnings), "\n"), "have no account") {
		t.Errorf("a book without accounts: rows %q, rejects %+v, warnings %q", l.rows, l.rejects, ingest.English(l.stats.Warnings))
	}
}

// TestTextRegimes: the same in the text form.
func TestTextRegimes(t *testing.T) {
	names := legalHeader + "\tDateRglt\tModeRglt\tNatOp"
	line := with("CompteNum", "", "JournalCode", "", "JournalLib", "") + "\t20240131\tCB\t"
	l := read(t, names+"\n"+line+"\n", Options{})
	if len(l.rows) != 1 || l.file.Regime != "VIII-5" || !l.file.CashBasis || value(t, l, 0, "DateRglt") != "20240131" || value(t, l, 0, "account") != "" {
		t.Errorf("regime %s, rows %q, rejects %+v", l.file.Regime, l.rows, l.rejects)
	}
	if all := strings.Join(ingest.English(l.stats.Warnings), "\n"); !strings.Contains(all, "cannot tell what customers owe") {
		t.Errorf("warnings %q", ingest.English(l.stats.Warnings))
	}
	l = read(t, names+"\tIdClient\n"+line+"\tP7\n"+with()+"\t20240131\tCB\t\t\n", Options{})
	if len(l.rows) != 2 || l.file.Regime != "VIII-7" || value(t, l, 0, "IdClient") != "P7" {
		t.Errorf("regime %s, rows %q, rejects %+v", l.file.Regime, l.rows, l.rejects)
	}
	l = read(t, legalHeader+"\n"+with("CompteNum", "")+"\n"+with("CompteNum", "  ")+"\n", Options{})
	if len(l.rows) != 2 || l.file.CashBasis {
		t.Errorf("a book without accounts (VIII-3): rows %q, rejects %+v", l.rows, l.rejects)
	}
}

// FuzzXML reads any bytes as XML. Whatever they are, each line is either one row
// of the right number of fields or one reject.
func FuzzXML(f *testing.F) {
	f.Add([]byte(xmlEntry))
	f.Add([]byte(strings.ReplaceAll(xmlEntry, "\n", "")))
	f.Add([]byte("\xef\xbb\xbf<comptabilite><exercice><journal><ecriture><ligne><Sens>d</Sens><A b='c'>d<E/></A></ligne></ecriture></journal></exercice></comptabilite>"))
	f.Add([]byte(`<?xml version="1.0" encoding="ISO-8859-15"?><!DOCTYPE a [<!ENTITY b "c">]><comptabilite/>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m := member{path: "fuzz", label: "fuzz", name: "fuzz", open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
		file, err := inspectStream(context.Background(), m, Options{MaxLine: 4096})
		if err != nil {
			var refused *ingest.RefusedError
			if !errors.As(err, &refused) || refused.Problem == "" || refused.Advice == "" {
				t.Fatalf("not a refusal: %v", err)
			}
			return
		}
		if file.xml == nil {
			return
		}
		checkRows(t, file, func(w io.Writer, reject func(ingest.Reject) error) (Stats, error) {
			return file.convertXML(context.Background(), bytes.NewReader(data), w, reject, nil)
		})
	})
}
