package reports

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/encours/encours/reports/money"
)

// Languages lists the languages of documents; the first is the default.
func Languages() []string { return []string{"en", "fr"} }

const absent = "–"

// words writes the texts and figures of a document in one language.
type words struct {
	money.Format
	isFrench bool
	currency string
}

func wordsOf(lang, currency string) words {
	return words{money.For(language.Make(lang)), lang == "fr", currency}
}

// textOf returns a text in both languages.
func textOf(key string) (pair [2]string, ok bool) {
	if pair, ok = documentTexts()[key]; !ok {
		pair, ok = chaseTexts()[key]
	}
	return pair, ok
}

// t returns a text with {0}, {1} … replaced by the arguments. A key without a text
// shows in brackets; a test refuses such keys.
func (w words) t(key string, args ...any) string {
	pair, ok := textOf(key)
	if !ok {
		return "[" + key + "]"
	}
	text := pair[0]
	if w.isFrench {
		text = pair[1]
	}
	for i, arg := range args {
		text = strings.ReplaceAll(text, "{"+strconv.Itoa(i)+"}", fmt.Sprint(arg))
	}
	return text
}

// name returns the text of a code of the marts; a code without one stands as it is.
func (w words) name(family, code string) string {
	if _, ok := textOf(family + "." + code); ok {
		return w.t(family + "." + code)
	}
	return code
}

func (w words) date(t time.Time) string {
	switch {
	case t.IsZero():
		return absent
	case w.isFrench:
		return t.Format("02/01/2006")
	}
	return t.Format("2 Jan 2006")
}

func (w words) month(t time.Time) string {
	return w.t("month."+strconv.Itoa(int(t.Month()))) + " " + t.Format("06")
}

func (w words) amount(a Amount) string { return w.Text(int64(a)) }
func (w words) money(a Amount) string  { return w.With(int64(a), w.currency) }
func (w words) whole(a Amount) string  { return w.Whole(int64(a), w.currency) }

func (w words) days(d Days) string {
	if !d.Valid {
		return absent
	}
	return w.t("unit.days", w.Fixed(d.Hundredths, daysPlaces, 1))
}

func (w words) ratio(r Ratio) string {
	if !r.Valid {
		return absent
	}
	return w.t("unit.percent", w.Fixed(r.BasisPoints, 2, 1))
}

// signed puts the sign of a change before what it reads.
func signed(value int64, text string) string { return money.Signed(value, text) }
