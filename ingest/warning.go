package ingest

import (
	"fmt"
	"maps"
	"slices"
)

// Warning is something that a reader accepted and says of an extract as a whole: a
// sentence without a full stop, in English and French.
type Warning struct {
	Code   string
	Part   string // the file of a split extract that it is about; empty where it is about all
	EN, FR string
}

// Warn writes a warning of the catalogue with its arguments. A code that is not in the
// catalogue shows as itself.
func Warn(code string, args ...any) Warning {
	pair, ok := warnings()[code]
	if !ok {
		return Warning{Code: code, EN: code, FR: code}
	}
	return Warning{Code: code, EN: fmt.Sprintf(pair[0], args...), FR: fmt.Sprintf(pair[1], args...)}
}

// Text is the sentence in English or, for "fr", in French, behind the name of the part.
func (w Warning) Text(lang string) string {
	text, colon := w.EN, ": "
	if lang == "fr" {
		text, colon = w.FR, " : "
	}
	if w.Part != "" {
		return w.Part + colon + text
	}
	return text
}

// English are the sentences of warnings in English.
func English(all []Warning) []string {
	var out []string
	for _, w := range all {
		out = append(out, w.Text("en"))
	}
	return out
}

// WarningCodes lists the catalogue, sorted.
func WarningCodes() []string { return slices.Sorted(maps.Keys(warnings())) }

// warnings is the catalogue: English and French, with the same arguments.
func warnings() map[string][2]string {
	return map[string][2]string{
		"archive.document": {
			"%s in the archive is a document and no ledger: it was passed over",
			"%s dans l'archive est un document et non une comptabilité : il a été ignoré",
		},
		"charset.broken": {
			"the text is UTF-8 but %d byte sequences in it are not; the lines that hold them are rejected",
			"le texte est en UTF-8 mais %d suites d'octets ne le sont pas ; les lignes qui les contiennent sont rejetées",
		},
		"charset.uncertain": {
			"the charset is not certain (%s chosen); check the accents, and name the charset of the source if they are wrong",
			"le jeu de caractères n'est pas certain (%s retenu) ; vérifiez les accents et indiquez le jeu de caractères de la source s'ils sont faux",
		},
		"charset.mixed": {
			"%d characters of the text look like UTF-8 although the file is not: it may mix two charsets; check the accents",
			"%d caractères du texte ressemblent à de l'UTF-8 alors que le fichier n'en est pas : il mêle peut-être deux jeux de caractères ; vérifiez les accents",
		},
		"charset.unlawful": {
			"the file is in %s; the law asks for ASCII, ISO 8859-15 or UTF-8",
			"le fichier est en %s ; la loi demande ASCII, ISO 8859-15 ou UTF-8",
		},
		"separator.semicolon": {
			"the separator is a semicolon; the law asks for a tab or |",
			"le séparateur est un point-virgule ; la loi demande une tabulation ou |",
		},
		"header.missing": {
			"the header lacks %s: these values are taken as empty",
			"il manque à l'en-tête %s : ces valeurs sont prises comme vides",
		},
		"header.missing_and_unknown": {
			"the header lacks %s: these values are taken as empty; columns not recognised: %s",
			"il manque à l'en-tête %s : ces valeurs sont prises comme vides ; colonnes non reconnues : %s",
		},
		"header.alias": {
			"%q and %q are names of one column: the first counts, the second is kept as an extra column",
			"%q et %q désignent la même colonne : la première compte, la seconde est gardée comme colonne supplémentaire",
		},
		"quotes": {
			"its values are in quotation marks, which the law does not provide for: they were taken off",
			"ses valeurs sont entre guillemets, que la loi ne prévoit pas : ils ont été retirés",
		},
		"quotes.lines": {
			"%d lines have the right number of fields only with the quotation marks around some of them taken off: they were read so",
			"%d lignes n'ont le bon nombre de champs qu'une fois retirés les guillemets autour de certains d'entre eux : elles ont été lues ainsi",
		},
		"due_date.two": {
			"the due date is read from %q; %q is kept as an extra column only",
			"l'échéance est lue dans %q ; %q est seulement gardée comme colonne supplémentaire",
		},
		"due_date.none": {
			"%q does not hold dates: it is kept as an extra column and not read as the due date",
			"%q ne contient pas de dates : elle est gardée comme colonne supplémentaire et non lue comme échéance",
		},
		"book.cash_basis": {
			"it is a cash-basis book (columns DateRglt and ModeRglt, LPF art. A.47 A-1 VIII): it records what was received and paid, " +
				"when it was. An invoice that is not paid yet is not in it, so it cannot tell what customers owe, since when, nor a DSO; " +
				"load an extract of the invoices for that",
			"c'est une comptabilité de trésorerie (colonnes DateRglt et ModeRglt, LPF art. A.47 A-1 VIII) : elle enregistre ce qui a été encaissé et " +
				"décaissé, à sa date. Une facture qui n'est pas encore payée n'y figure pas ; elle ne dit donc ni ce que doivent les clients, ni depuis quand, " +
				"ni un DSO ; chargez pour cela une extraction des factures",
		},
		"book.no_accounts": {
			"its lines have no account (CompteNum), as the law allows for small books (VIII): " +
				"no line can be told to be of a customer, so the file gives no receivables",
			"ses lignes n'ont pas de compte (CompteNum), comme la loi le permet aux petites comptabilités (VIII) : " +
				"aucune ligne ne peut être rattachée à un client, le fichier ne donne donc pas de créances",
		},
		"xml.one_line": {
			"several <ligne> stand on one line of the file: the lines are numbered in their order",
			"plusieurs <ligne> se trouvent sur une même ligne du fichier : les lignes sont numérotées dans leur ordre",
		},
		"xml.closing_date": {
			"DateCloture %q is not a date: it was passed over",
			"DateCloture %q n'est pas une date : elle a été ignorée",
		},
		"controls": {
			"%d control characters inside the text were replaced by spaces",
			"%d caractères de contrôle dans le texte ont été remplacés par des espaces",
		},
		"blank.separators": {
			"%d lines hold nothing but separators and were passed over",
			"%d lignes ne contiennent que des séparateurs et ont été ignorées",
		},
		"amount.three_decimals": {
			"%d amounts are written with three decimals and were read as such (12,500 is 12.50): check that the mark does not stand for thousands",
			"%d montants sont écrits avec trois décimales et ont été lus ainsi (12,500 vaut 12,50) : vérifiez que la virgule ne sépare pas les milliers",
		},
		"name.siren": {
			"the file name says SIREN %s, entity %s has %s: check that it is the right file",
			"le nom du fichier indique le SIREN %s, la société %s a le %s : vérifiez que c'est le bon fichier",
		},
		"name.year": {
			"the file name says that the fiscal year ends on %s, its entries run from %s to %s: the entries count",
			"le nom du fichier indique une clôture au %s, ses écritures vont du %s au %s : les écritures font foi",
		},
	}
}
