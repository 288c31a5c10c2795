package auditfile

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/encours/encours/reports/money"
	"github.com/encours/encours/warehouse/audit"
)

// Languages lists the languages of the texts.
func Languages() []string { return []string{"en", "fr"} }

// words writes the texts and figures of one language.
type words struct {
	money.Format
	lang string
}

func wordsOf(lang string) words { return words{money.For(language.Make(lang)), lang} }

// t returns a text with {0}, {1} … replaced by the arguments.
func (w words) t(key string, args ...any) string {
	pair, ok := texts()[key]
	if !ok {
		return "[" + key + "]"
	}
	text := pair[0]
	if w.lang == "fr" {
		text = pair[1]
	}
	for i, arg := range args {
		text = strings.ReplaceAll(text, "{"+strconv.Itoa(i)+"}", fmt.Sprint(arg))
	}
	return text
}

func (w words) sentence(c audit.Check) string {
	if w.lang == "fr" {
		return c.SentenceFR
	}
	return c.Sentence
}

func (w words) advice(c audit.Check) string {
	if w.lang == "fr" {
		return c.AdviceFR
	}
	return c.Advice
}

func (w words) note(n Note) string {
	if w.lang == "fr" {
		return n.FR
	}
	return n.EN
}

func (w words) notes(all []Note) []string {
	out := []string{}
	for _, n := range all {
		out = append(out, w.note(n))
	}
	return out
}

func (w words) date(t time.Time) string {
	switch {
	case t.IsZero():
		return "–"
	case w.lang == "fr":
		return t.Format("02/01/2006")
	}
	return t.Format(time.DateOnly)
}

func (w words) percent(tenThousandths int64) string {
	return w.t("percent", w.Fixed(tenThousandths/10, 1, 1))
}

// verdict is the sentence of a verdict, such as "Ageing by due date: reliable for
// 82.0% of the open amount".
func (w words) verdict(v Verdict) string {
	name := w.t("verdict." + v.ID)
	if v.Side != "" {
		name += w.t("of." + v.Side)
	}
	name += w.t("colon")
	switch {
	case v.Whole <= 0:
		return name + w.t("verdict.nothing")
	case v.ID == "dso":
		return name + w.t("verdict.dso.base", v.Part, v.Whole)
	}
	return name + w.t("verdict.share", w.percent(v.Share), w.t("base."+v.ID), w.Text(v.Part), w.Text(v.Whole))
}

// shape says what a file is.
func (w words) shape(f File) string {
	amounts := "Debit, Credit"
	if f.IsSigned {
		amounts = "Montant, Sens"
	}
	return w.t("shape", f.Regime, len(f.Columns), amounts)
}

// texts are English and French.
func texts() map[string][2]string {
	return map[string][2]string{
		"found":                   {"{0} found", "{0} relevé(s)"},
		"title":                   {"Audit of extracts", "Audit des extractions"},
		"file":                    {"File", "Fichier"},
		"entity":                  {"Entity", "Société"},
		"what":                    {"What it is", "Nature"},
		"shape":                   {"FEC {0}, {1} columns, {2}", "FEC {0}, {1} colonnes, {2}"},
		"parts":                   {"Parts", "Parties"},
		"encoding":                {"Encoding", "Encodage"},
		"separator":               {"separator {0}, line ends {1}", "séparateur {0}, fins de ligne {1}"},
		"size":                    {"Size", "Taille"},
		"bytes":                   {"{0} bytes", "{0} octets"},
		"rows":                    {"Rows", "Lignes"},
		"rows.detail":             {"{0} lines, {1} readable, {2} rejected, {3} blank; {4} entries", "{0} lignes, {1} lisibles, {2} rejetées, {3} vides ; {4} écritures"},
		"period":                  {"Period", "Période"},
		"period.detail":           {"{0} to {1}, fiscal year from {2}", "du {0} au {1}, exercice commençant le {2}"},
		"balance":                 {"Balance", "Équilibre"},
		"balance.detail":          {"debit {0}, credit {1}, difference {2}", "débit {0}, crédit {1}, écart {2}"},
		"due":                     {"Due dates", "Échéances"},
		"due.column":              {"column {0}", "colonne {0}"},
		"due.none":                {"no column: they will come from payment terms", "aucune colonne : elles viendront des conditions de paiement"},
		"third":                   {"Counterparties", "Tiers"},
		"third.detail":            {"customers: {0}, suppliers: {1}", "clients : {0}, fournisseurs : {1}"},
		"warnings":                {"Notes of the reader", "Remarques de lecture"},
		"findings":                {"Findings", "Constats"},
		"findings.none":           {"No finding.", "Aucun constat."},
		"findings.shown":          {"The first {0} places of each finding; the workbook holds all.", "Les {0} premiers emplacements de chaque constat ; le classeur les contient tous."},
		"finding":                 {"Finding", "Constat"},
		"check":                   {"Check", "Contrôle"},
		"severity":                {"Severity", "Gravité"},
		"severity.error":          {"error", "erreur"},
		"severity.warn":           {"warning", "alerte"},
		"severity.info":           {"info", "info"},
		"count":                   {"Findings", "Constats"},
		"lines":                   {"Lines", "Lignes"},
		"line":                    {"line {0}", "ligne {0}"},
		"line.head":               {"Line", "Ligne"},
		"whole_file":              {"file", "fichier"},
		"column":                  {"Column", "Colonne"},
		"value":                   {"Value", "Valeur"},
		"amount":                  {"Amount", "Montant"},
		"stake":                   {"At stake", "Enjeu"},
		"stake.detail":            {"{0} at stake", "enjeu {0}"},
		"advice":                  {"What to do", "Que faire"},
		"more":                    {"… and {0} more: see xlsx", "… et {0} de plus : voir xlsx"},
		"verdicts":                {"Verdicts", "Verdicts"},
		"verdict":                 {"Verdict", "Verdict"},
		"grade":                   {"Grade", "Appréciation"},
		"grade.reliable":          {"reliable", "fiable"},
		"grade.partly":            {"partly", "partiel"},
		"grade.weak":              {"weak", "faible"},
		"grade.none":              {"none", "aucun"},
		"verdict.ageing_due":      {"Ageing by due date", "Balance âgée par échéance"},
		"verdict.ageing_document": {"Ageing by document date and terms", "Balance âgée par date de pièce et conditions"},
		"verdict.dso":             {"DSO", "DSO"},
		"verdict.lettering":       {"Payment delays by lettering", "Délais de paiement par lettrage"},
		"verdict.behaviour":       {"Payment behaviour", "Comportement de paiement"},
		"verdict.d441":            {"Payment terms table (D.441-6)", "Tableau des délais (D.441-6)"},
		"verdict.reconciliation":  {"Reconciliation with the ledger", "Rapprochement avec la comptabilité"},
		"verdict.share":           {"reliable for {0} of {1} ({2} of {3})", "fiable pour {0} {1} ({2} sur {3})"},
		"verdict.dso.base":        {"{0} of the {1} months that it needs", "{0} des {1} mois nécessaires"},
		"verdict.nothing":         {"nothing in the file to judge by", "rien dans le fichier pour en juger"},
		"base.ageing_due":         {"the open amount", "du montant ouvert"},
		"base.ageing_document":    {"the open amount", "du montant ouvert"},
		"base.lettering":          {"the payments", "des règlements"},
		"base.behaviour":          {"the documents", "des pièces"},
		"base.d441":               {"the documents", "des pièces"},
		"base.reconciliation":     {"the amounts booked", "des montants comptabilisés"},
		"of.customer":             {", customers", ", clients"},
		"of.supplier":             {", suppliers", ", fournisseurs"},
		"side":                    {"Side", "Côté"},
		"side.customer":           {"customers", "clients"},
		"side.supplier":           {"suppliers", "fournisseurs"},
		"colon":                   {": ", " : "},
		"percent":                 {"{0}%", "{0} %"},
		"controls":                {"Control accounts", "Comptes collectifs"},
		"account":                 {"Account", "Compte"},
		"solde":                   {"Balance", "Solde"},
		"lettered":                {"Lettered", "Lettré"},
		"receivables":             {"Receivables (411, 413, 416, 418, 419)", "Créances clients (411, 413, 416, 418, 419)"},
		"journals":                {"Journals", "Journaux"},
		"journal":                 {"Journal", "Journal"},
		"entries":                 {"Entries", "Écritures"},
		"debit":                   {"Debit", "Débit"},
		"credit":                  {"Credit", "Crédit"},
		"difference":              {"Difference", "Écart"},
		"classes":                 {"Account classes", "Classes de comptes"},
		"class":                   {"Class", "Classe"},
		"months":                  {"Debit per month", "Débit par mois"},
		"month":                   {"Month", "Mois"},
		"shares":                  {"What the later reports can rely on", "Ce sur quoi les rapports pourront s'appuyer"},
		"refused":                 {"The file cannot be read", "Le fichier ne peut pas être lu"},
		"missing":                 {"Missing columns", "Colonnes manquantes"},
		"clean":                   {"Nothing stands against loading this file.", "Rien ne s'oppose au chargement de ce fichier."},
		"summary":                 {"errors: {0}, warnings: {1}, observations: {2}", "erreurs : {0}, alertes : {1}, observations : {2}"},
	}
}
